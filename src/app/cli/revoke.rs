//! `countersign release revoke`.

use std::path::Path;

use super::approve;
use super::args::Revoke;
use super::exit::{Exit, Failure};
use super::screen::Screen;
use countersign_core::diagnostic::Finding;
use countersign_core::model::Zone;
use countersign_core::release::{Digest, Lineage, Revocations, VerifierClock, is_fingerprint};
use countersign_core::text::{LocalText, counted};
use countersign_workspace::Files;
use countersign_workspace::kinds::WRONG_KEY;
use countersign_workspace::lifecycle::{self, REVOCATIONS_FILE, RevocationRequest, StepDetails, WrittenRevocations};

/// Runs `revoke`.
///
/// # Errors
/// A release cannot be read, the list that is there does not hold, or the key may not revoke.
pub fn revoke(args: &Revoke, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let at = super::moment(args.at.as_deref(), Zone::default())?;
    let releases = args.releases.iter().map(|named| digest(named, files)).collect::<Result<_, _>>()?;
    if let Some(wrong) = args.key_revoked.iter().find(|key| !is_fingerprint(key)) {
        return Err(not_a_fingerprint(wrong));
    }
    let root = args.releases.iter().find_map(|path| lifecycle::home(files, path)).map(|(root, _)| root);
    let path = args.out.clone().or_else(|| Some(root.as_ref()?.join(REVOCATIONS_FILE))).ok_or_else(no_list)?;
    // Without a release that lies in a workspace, the list's own folder is one.
    let root = root.or_else(|| lifecycle::home_of_list(files, &path));
    if let Some(root) = &root {
        within_reach(args.minimum, root, files)?;
    }
    let trusted = lifecycle::trusted(files, root.as_deref(), args.trust.policy.as_deref(), args.trust.allowed_signers.as_deref())?;
    let requirements = trusted.by(VerifierClock::at(super::present()));
    let trust = requirements.trust.clone().ok_or_else(lifecycle::no_signers)?;
    let (mut signer, who) = approve::signer((args.key.as_deref(), args.agent), args.principal.clone(), &trust, files, screen)?;
    let doing = StepDetails::new(&who, at, &args.comment)?;
    let what = RevocationRequest { releases, keys: args.key_revoked.clone(), minimum: args.minimum };
    screen.may_write()?;
    let WrittenRevocations { list, open } = lifecycle::revoke(files, &path, &what, &mut signer, &doing, &requirements)?;
    screen.print(screen.say(&summary(&list, &path, &who)))?;
    for finding in open {
        screen.note(&LocalText::new(format!("still open: {}", finding.message.en), format!("尚缺：{}", finding.message.zh)));
    }
    if let Some(root) = root {
        lifecycle::after_revoking(files, &root, &list)?.iter().for_each(|note| screen.note(note));
    }
    Ok(Exit::Clean)
}

/// Refuses a least number that the next release of the workspace would not have: a list takes nothing back, so no release could be loaded.
fn within_reach(minimum: Option<u64>, root: &Path, files: &dyn Files) -> Result<(), Failure> {
    let live = lifecycle::live(files, root)?.map(|(_, live)| live);
    let next = Lineage::after(live.as_ref()).sequence;
    let Some(minimum) = minimum.filter(|minimum| *minimum > next) else { return Ok(()) };
    let message = LocalText::new(
        format!("with `--minimum {minimum}` no release could be loaded: the next one has the number {next}"),
        format!("若设 `--minimum {minimum}`，则没有发布可以加载：下一个发布的序号为 {next}"),
    );
    let help = LocalText::new(
        format!("give at most `--minimum {next}`, which revokes every release so far"),
        format!("请最多指定 `--minimum {next}`，即撤销迄今为止的全部发布"),
    );
    Err(Finding::new(WRONG_KEY, None, message).with_help(help).into())
}

/// A release named by its digest, or by its file.
fn digest(named: &Path, files: &dyn Files) -> Result<Digest, Failure> {
    match named.to_str().and_then(Digest::parse) {
        Some(digest) => Ok(digest),
        None => Ok(lifecycle::read_release(files, named)?.digest()),
    }
}

fn summary(list: &Revocations, path: &Path, who: &str) -> LocalText {
    let (number, path) = (list.sequence(), path.display());
    let (releases, keys) = (list.releases().len(), list.keys().len());
    let least = list.minimum().map(|least| least.sequence);
    let (least_en, least_zh) =
        least.map(|least| (format!(", none below {least}"), format!("，序号不低于 {least}"))).unwrap_or_default();
    LocalText::new(
        format!(
            "list {number} signed by {who}: {}, {}{least_en}\nwritten: {path}\n",
            counted(releases, "release", "releases"),
            counted(keys, "key", "keys")
        ),
        format!("{who} 已签署撤销清单 {number}：{releases} 个发布、{keys} 把密钥{least_zh}\n已写出：{path}\n"),
    )
}

fn not_a_fingerprint(text: &str) -> Failure {
    let message =
        LocalText::new(format!("`{text}` is not a fingerprint such as `SHA256:…`"), format!("`{text}` 不是形如 `SHA256:…` 的指纹"));
    let help = LocalText::new("`ssh-keygen -l -f KEY.pub` shows a key's", "可用 `ssh-keygen -l -f KEY.pub` 查看密钥的指纹");
    Finding::new(WRONG_KEY, None, message).with_help(help).into()
}

fn no_list() -> Failure {
    let message = LocalText::new("nothing says where the list of revocations is", "未指定撤销清单的位置");
    let help = LocalText::new("name it with `--out revocations.ron`", "请用 `--out revocations.ron` 指定");
    Finding::new(WRONG_KEY, None, message).with_help(help).into()
}

/// The statement that somebody's signature under a list is over.
///
/// # Errors
/// Nobody of that name signed the list.
pub fn statement(list: &Revocations, principal: &str, screen: &Screen) -> Result<Exit, Failure> {
    let signatures = list.signatures();
    let names: Vec<&str> = signatures.iter().map(|one| one.principal.as_str()).collect();
    let Some(one) = signatures.iter().find(|one| one.principal == principal) else {
        return Err(super::release::not_signed(principal, &names));
    };
    screen.print(&list.statement(principal, one.time))?;
    Ok(Exit::Clean)
}
