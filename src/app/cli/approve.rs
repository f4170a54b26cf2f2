//! `countersign release submit` and `approve`: a signature under a release, by a key file or the running ssh-agent.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::args::{Acting, Approve, Key, Sign, TrustArgs};
use super::exit::{Exit, Failure};
use super::screen::Screen;
use countersign_core::release::{self, Approval, KeyIdentity, Release, Requirements, SigningChecklist, Trust};
use countersign_core::text::LocalText;
use countersign_workspace::Files;
use countersign_workspace::key::KeyError;
use countersign_workspace::lifecycle::{self, AgentKeyChoice, As, SigningKey, StepDetails};

/// Runs `submit`.
///
/// # Errors
/// The key is not the maker's, or it is not the release's turn.
pub fn submit(args: &Sign, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    put(args, As::Maker, files, screen)
}

/// Runs `approve`.
///
/// # Errors
/// The key is not trusted, the role not held, or it is not the release's turn.
pub fn approve(args: &Approve, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    put(&args.sign, As::Checker(args.role.as_deref()), files, screen)
}

fn put(args: &Sign, part: As<'_>, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let (release, at) = super::begin(&args.step, files)?;
    let maker = || matches!(part, As::Maker).then(|| release.provenance().maker.clone());
    let principal = args.principal.clone().or_else(maker);
    let requirements = requirements(&args.trust, &args.step.release, files)?;
    let trust = requirements.trust.clone().ok_or_else(lifecycle::no_signers)?;
    let key = (args.key.as_deref(), args.agent);
    let (mut signer, who) = signer(key, principal, &trust, files, screen)?;
    let doing = StepDetails { who, at, comment: args.comment.clone() };
    let (done, approval) = lifecycle::sign_with(files, &args.step.release, &release, (&mut signer, part), &doing, &requirements)?;
    say(&done, &approval, &requirements, files, args, screen)
}

/// Says what was done and what is still lacking.
fn say(
    release: &Release,
    approval: &Approval,
    requirements: &Requirements,
    files: &dyn Files,
    args: &Sign,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Approval { principal, role, .. } = approval;
    let done = if approval.is_submission() {
        LocalText::new(format!("submitted by {principal}\n"), format!("{principal} 已提交\n"))
    } else {
        LocalText::new(format!("approved by {principal} as {role}\n"), format!("{principal} 已以角色 {role} 审批\n"))
    };
    screen.print(screen.say(&done))?;
    let root = lifecycle::home(files, &args.step.release).map(|(root, _)| root);
    let live = root.map(|root| lifecycle::live(files, &root)).transpose()?.flatten().map(|(_, live)| live);
    let checklist = SigningChecklist::of(release, requirements, live.as_ref());
    if checklist.lines.iter().any(|line| !line.is_met()) {
        let text = super::release_text::checklist(&checklist, screen.language);
        screen.note(&LocalText::new(text.trim_end(), text.trim_end()));
    }
    for finding in release::verify_approvals(release, requirements, live.as_ref()) {
        if checklist.covers(&finding) {
            continue;
        }
        let open = LocalText::new(format!("still open: {}", finding.message.en), format!("尚缺：{}", finding.message.zh));
        screen.note(&open);
    }
    Ok(Exit::Clean)
}

/// Who must approve and whose signatures count: the files given, or else those of the release's workspace.
///
/// # Errors
/// A file that is there cannot be read.
pub fn requirements(args: &TrustArgs, release: &Path, files: &dyn Files) -> Result<Requirements, Failure> {
    let root = lifecycle::home(files, release).map(|(root, _)| root);
    let (policy, signers) = (args.policy.as_deref(), args.allowed_signers.as_deref());
    Ok(lifecycle::requirements(files, root.as_deref(), policy, signers)?)
}

/// Who acts by the command line: whom their key is listed for, or only a name; and the key.
///
/// # Errors
/// The key cannot be read, or is listed for nobody or several.
pub fn actor(
    (key, asked): (&Key, Option<&str>),
    requirements: &Requirements,
    files: &dyn Files,
    screen: &Screen,
) -> Result<(Option<SigningKey>, String), Failure> {
    if key.key.is_none() && !key.agent {
        return Ok((None, asked.unwrap_or_default().to_owned()));
    }
    let trust = requirements.trust.clone().ok_or_else(lifecycle::no_signers)?;
    let (signer, who) = signer((key.key.as_deref(), key.agent), asked.map(str::to_owned), &trust, files, screen)?;
    Ok((Some(signer), who))
}

/// The same of a step on a release's way.
///
/// # Errors
/// As [`actor`].
pub fn acting(
    args: &Acting,
    requirements: &Requirements,
    files: &dyn Files,
    screen: &Screen,
) -> Result<(Option<SigningKey>, String), Failure> {
    actor((&args.key, args.by.as_deref()), requirements, files, screen)
}

/// What signs, and who: by a key file, or else by the running ssh-agent.
///
/// # Errors
/// The key cannot be read, no agent answers, or the key is listed for nobody or several.
pub fn signer(
    (key, agent): (Option<&Path>, bool),
    asked: Option<String>,
    trust: &Trust,
    files: &dyn Files,
    screen: &Screen,
) -> Result<(SigningKey, String), Failure> {
    if let Some(path) = key.filter(|_| !agent) {
        let signer = SigningKey::read(files, path, || passphrase(path, screen))?;
        let identity = signer.identity(trust);
        return Ok((signer, lifecycle::principal(asked, &[&identity])?));
    }
    let socket = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).map(PathBuf::from);
    let keys = lifecycle::agent_keys(socket.as_deref(), trust)?;
    let identities: Vec<&KeyIdentity> = keys.iter().map(|key| &key.identity).collect();
    let who = lifecycle::principal(asked, &identities)?;
    let (signer, _) = SigningKey::of_agent(socket.as_deref(), trust, AgentKeyChoice::Principal(&who))?;
    Ok((signer, who))
}

fn passphrase(path: &Path, screen: &Screen) -> Result<Zeroizing<String>, KeyError> {
    let prompt = LocalText::new(format!("passphrase of {}: ", path.display()), format!("{} 的口令：", path.display()));
    rpassword::prompt_password(screen.say(&prompt)).map(Zeroizing::new).map_err(|_| KeyError::Encrypted)
}
