//! `countersign release submit` and `approve`: a signature under a release, by a key file or the running ssh-agent.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::args::{Approve, Sign, Trust as TrustArgs};
use super::exit::{Exit, Failure};
use super::screen::Screen;
use crate::diagnostic::Finding;
use crate::release::key::{Agent, Held, KeyError, SecretKey};
use crate::release::{self, Approval, Identity, MAKER, Policy, Release, Requirements, Trust};
use crate::text::LocalText;
use crate::workspace::lifecycle::{self, POLICY_FILE, SIGNERS_FILE};
use crate::workspace::{AgentStream, Files, agent};

/// The role of an approval where no policy names any.
const CHECKER: &str = "checker";
/// The largest key file that is read, in bytes.
const LARGEST_KEY: u64 = 1 << 20;

/// What can sign: a key that was read, or one that the agent holds.
enum Signer {
    File(Box<SecretKey>),
    Agent(Box<Agent<Box<dyn AgentStream>>>, Held),
}

impl Signer {
    fn sign(&mut self, text: &str) -> Result<String, Failure> {
        match self {
            Self::File(key) => key.sign(text).map_err(|error| key_finding(error).into()),
            Self::Agent(agent, held) => {
                agent.sign(held, text).map_err(|error| Finding::error("wrong-key", None, error.message()).into())
            }
        }
    }
}

/// Runs `submit`.
///
/// # Errors
/// The key is not the maker's, or it is not the release's turn.
pub fn submit(args: &Sign, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let release = lifecycle::read_release(files, &args.release)?;
    let maker = release.provenance().maker.clone();
    let principal = args.principal.clone().unwrap_or(maker);
    put(args, &release, Some(principal), |_, _| Ok(MAKER.to_owned()), files, screen)
}

/// Runs `approve`.
///
/// # Errors
/// The key is not trusted, the role not held, or it is not the release's turn.
pub fn approve(args: &Approve, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let release = lifecycle::read_release(files, &args.sign.release)?;
    let role = |policy: &Policy, who: &str| role(policy, who, args.role.as_deref());
    put(&args.sign, &release, args.sign.principal.clone(), role, files, screen)
}

fn put(
    args: &Sign,
    release: &Release,
    principal: Option<String>,
    role: impl Fn(&Policy, &str) -> Result<String, Failure>,
    files: &dyn Files,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let requirements = requirements(&args.trust, &args.release, files)?;
    let trust = requirements.trust.clone().ok_or_else(no_signers)?;
    let (mut signer, principal) = signer(args, principal, &trust, files, screen)?;
    let role = role(&requirements.policy, &principal)?;
    let time = super::moment(args.at.as_deref(), release.definition().schema.zone)?;
    let signature = signer.sign(&release.canonical())?;
    let approval = Approval { principal, role, time, signature };
    let done = lifecycle::sign(files, &args.release, release, approval.clone(), &args.comment, &requirements)?;
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
    let root = lifecycle::home(files, &args.release).map(|(root, _)| root);
    let live = root.map(|root| lifecycle::live(files, &root)).transpose()?.flatten().map(|(_, live)| live);
    for finding in release::verify_approvals(release, requirements, live.as_ref()) {
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
    let beside = |given: &Option<PathBuf>, name: &str| {
        given.clone().or_else(|| root.as_ref().map(|root| root.join(name)).filter(|path| files.exists(path)))
    };
    let policy = beside(&args.policy, POLICY_FILE).map(|path| lifecycle::read_policy(files, &path)).transpose()?;
    let trust = beside(&args.allowed_signers, SIGNERS_FILE).map(|path| lifecycle::read_trust(files, &path)).transpose()?;
    Ok(Requirements { policy: policy.unwrap_or_default(), trust })
}

/// The finding that nobody said whose signatures count.
#[must_use]
pub fn no_signers() -> Finding {
    let message = LocalText::new("nobody said whose signatures count", "未指定信任哪些签名");
    let help = LocalText::new(
        "give `--allowed-signers FILE`, or keep an `allowed_signers` file in the workspace",
        "请用 `--allowed-signers 文件` 指定，或在工作区中放置 `allowed_signers` 文件",
    );
    Finding::error("wrong-key", None, message).with_help(help)
}

fn signer(
    args: &Sign,
    principal: Option<String>,
    trust: &Trust,
    files: &dyn Files,
    screen: &Screen,
) -> Result<(Signer, String), Failure> {
    if let Some(path) = &args.key {
        let key = read_key(path, files, screen)?;
        let identity = key.identity(trust);
        return Ok((Signer::File(Box::new(key)), one_of(principal, &[&identity])?));
    }
    let socket = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).ok_or_else(no_agent)?;
    let stream = agent(Path::new(&socket)).map_err(|_| no_agent())?;
    let mut agent = Agent::new(stream);
    let held = agent.keys().map_err(|error| Finding::error("wrong-key", None, error.message()))?;
    let known: Vec<(Held, Identity)> = held.into_iter().map(|held| (held.clone(), held.identity(trust))).collect();
    let identities: Vec<&Identity> = known.iter().map(|(_, identity)| identity).collect();
    let principal = one_of(principal, &identities)?;
    let mine = known.iter().find(|(_, identity)| identity.principals.contains(&principal)).or(known.first());
    let (held, _) = mine.ok_or_else(no_agent)?.clone();
    Ok((Signer::Agent(Box::new(agent), held), principal))
}

/// The principal asked for, or the only one that the keys are listed for.
fn one_of(asked: Option<String>, identities: &[&Identity]) -> Result<String, Failure> {
    let mut names: Vec<&String> = identities.iter().flat_map(|identity| &identity.principals).collect();
    names.sort();
    names.dedup();
    match (asked, names.as_slice()) {
        (Some(asked), _) => Ok(asked),
        (None, [one]) => Ok((*one).clone()),
        (None, []) => {
            let prints: Vec<&str> = identities.iter().map(|identity| identity.fingerprint.as_str()).collect();
            let prints = prints.join("`, `");
            let message = LocalText::new(
                format!("no principal is listed for the key `{prints}`"),
                format!("密钥 `{prints}` 未登记在任何人名下"),
            );
            let help = LocalText::new("list it in `allowed_signers`", "请将其登记到 `allowed_signers`");
            Err(Finding::error("wrong-key", None, message).with_help(help).into())
        }
        (None, several) => {
            let names = several.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("`, `");
            let message = LocalText::new(format!("who signs: `{names}`?"), format!("由谁签名：`{names}`？"));
            let help = LocalText::new("say it with `--principal`", "请用 `--principal` 指定");
            Err(Finding::error("wrong-key", None, message).with_help(help).into())
        }
    }
}

fn read_key(path: &Path, files: &dyn Files, screen: &Screen) -> Result<SecretKey, Failure> {
    let bytes = Zeroizing::new(files.read(path, LARGEST_KEY).map_err(|error| error.to_finding())?);
    let passphrase = if SecretKey::is_encrypted(&bytes).map_err(key_finding)? {
        let prompt = LocalText::new(format!("passphrase of {}: ", path.display()), format!("{} 的口令：", path.display()));
        let typed = rpassword::prompt_password(screen.say(&prompt)).map_err(|_| key_finding(KeyError::Encrypted))?;
        Some(Zeroizing::new(typed))
    } else {
        None
    };
    SecretKey::read(&bytes, passphrase.as_ref()).map_err(|error| key_finding(error).into())
}

fn key_finding(error: KeyError) -> Finding {
    Finding::error("wrong-key", None, error.message()).with_help(error.help())
}

fn no_agent() -> Finding {
    let message = LocalText::new("no ssh-agent answers, or it holds no key", "没有可用的 ssh-agent，或其中没有密钥");
    let help = LocalText::new("start one, and load a key with `ssh-add`", "请启动 ssh-agent 并用 `ssh-add` 载入密钥");
    Finding::error("wrong-key", None, message).with_help(help)
}

/// The role asked for, or the only one that the policy gives a principal.
fn role(policy: &Policy, who: &str, asked: Option<&str>) -> Result<String, Failure> {
    let open: Vec<&str> = policy.roles_of(who).map(|role| role.id.as_str()).collect();
    match (asked, open.as_slice()) {
        (Some(asked), _) => Ok(asked.to_owned()),
        (None, _) if policy.roles.is_empty() => Ok(CHECKER.to_owned()),
        (None, [one]) => Ok((*one).to_owned()),
        (None, several) => {
            let names = several.join("`, `");
            let message = if several.is_empty() {
                LocalText::new(format!("the policy gives `{who}` no role"), format!("审批策略未授予 `{who}` 任何角色"))
            } else {
                LocalText::new(
                    format!("as which of `{names}` does `{who}` approve?"),
                    format!("`{who}` 以哪个角色审批：`{names}`？"),
                )
            };
            let help = LocalText::new("say it with `--role`", "请用 `--role` 指定");
            Err(Finding::error("wrong-key", None, message).with_help(help).into())
        }
    }
}
