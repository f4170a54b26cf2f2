//! `countersign release reject`, `withdraw` and `publish`.

use super::approve::requirements;
use super::args::{Mark, Publish};
use super::exit::{Exit, Failure};
use super::screen::Screen;
use crate::release::Clock;
use crate::text::LocalText;
use crate::workspace::Files;
use crate::workspace::journal::Action;
use crate::workspace::lifecycle::{self, Doing};

/// Runs `reject` or `withdraw`.
///
/// # Errors
/// The release lies in no workspace, or it is past that.
pub fn mark(args: &Mark, action: Action, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let (_, at) = super::begin(&args.step, files)?;
    let doing = Doing::new(&args.by, at, &args.comment)?;
    let release = lifecycle::mark(files, &args.step.release, action, &doing)?;
    said(screen, release.digest(), action, &args.by)
}

/// Runs `publish`.
///
/// # Errors
/// The release is not approved as required, is older than the live one, or is past that.
pub fn publish(args: &Publish, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let (_, at) = super::begin(&args.step, files)?;
    let doing = Doing::new(&args.by, at, &args.comment)?;
    let requirements = requirements(&args.trust, &args.step.release, files)?.by(Clock::at(super::present()));
    let release = lifecycle::publish(files, &args.step.release, args.to.as_deref(), &doing, &requirements)?;
    said(screen, release.digest(), Action::Published, &args.by)
}

fn said(screen: &Screen, digest: crate::release::Digest, action: Action, who: &str) -> Result<Exit, Failure> {
    let word = action.text();
    let text = LocalText::new(format!("{} by {who}: {digest}\n", word.en), format!("{who} {}：{digest}\n", word.zh));
    screen.print(screen.say(&text))?;
    Ok(Exit::Clean)
}
