//! `countersign release reject`, `withdraw` and `publish`.

use super::approve::{acting, requirements};
use super::args::{Mark, Publish};
use super::exit::{Exit, Failure};
use super::screen::Screen;
use countersign_core::release::VerifierClock;
use countersign_core::text::LocalText;
use countersign_workspace::Files;
use countersign_workspace::journal::JournalAction;
use countersign_workspace::lifecycle::{self, Actor, StepDetails};

/// Runs `reject` or `withdraw`.
///
/// # Errors
/// The release lies in no workspace, or it is past that, or the key is not one that is trusted.
pub fn mark(args: &Mark, action: JournalAction, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let (_, at) = super::begin(&args.step, files)?;
    let root = lifecycle::home(files, &args.step.release).map(|(root, _)| root);
    let requirements = lifecycle::requirements(files, root.as_deref(), None, None)?;
    let (mut signer, who) = acting(&args.acting, &requirements, files, screen)?;
    let doing = StepDetails::new(&who, at, &args.comment)?;
    let actor = Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements };
    let release = lifecycle::mark(files, &args.step.release, action, actor)?;
    said(screen, release.digest(), action, &who)
}

/// Runs `publish`.
///
/// # Errors
/// The release is not approved as required, is older than the live one, or is past that.
pub fn publish(args: &Publish, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let (_, at) = super::begin(&args.step, files)?;
    let requirements = requirements(&args.trust, &args.step.release, files)?.by(VerifierClock::at(super::present()));
    let (mut signer, who) = acting(&args.acting, &requirements, files, screen)?;
    let doing = StepDetails::new(&who, at, &args.comment)?;
    let actor = Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements };
    let release = lifecycle::publish(files, &args.step.release, args.to.as_deref(), actor)?;
    said(screen, release.digest(), JournalAction::Published, &who)
}

fn said(screen: &Screen, digest: countersign_core::release::Digest, action: JournalAction, who: &str) -> Result<Exit, Failure> {
    let word = action.text();
    let text = LocalText::new(format!("{} by {who}: {digest}\n", word.en), format!("{who} {}：{digest}\n", word.zh));
    screen.print(screen.say(&text))?;
    Ok(Exit::Clean)
}
