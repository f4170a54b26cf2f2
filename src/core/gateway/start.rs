//! How a gateway starts: from what it kept, from the files it is offered, or from both; never lower than what it took before.

use super::memory::GatewayMemory;
use super::state::{GatewayState, StateStore, TakenRelease};
use super::{Gateway, Refused, Requirements, Revocations, Serving};
use crate::release::refusal::{self, refuse};
use crate::release::{self, Release};
use crate::text::{LocalText, Sources};

/// A file that was read: the name that reasons call it, and its bytes.
pub type NamedFile<'a> = (&'a str, &'a [u8]);

/// The files a gateway starts from; each is left out where it is not there.
#[derive(Clone, Copy, Debug, Default)]
pub struct StartFiles<'a> {
    /// The release that lies where releases are published.
    pub offered: Option<NamedFile<'a>>,
    /// The release that the offered one names as its base: for a first start, and for one that lost its state.
    pub base: Option<NamedFile<'a>>,
    /// The state that the gateway kept.
    pub state: Option<NamedFile<'a>>,
    /// The copies of releases that it kept.
    pub kept: &'a [NamedFile<'a>],
    /// The list of revocations.
    pub revocations: Option<NamedFile<'a>>,
}

/// A gateway that started.
#[derive(Debug)]
pub struct StartedGateway {
    /// The gateway.
    pub gateway: Gateway,
    /// Why it serves the release that it took last, and not the one offered; or that what it serves could not be kept.
    pub refused: Option<Refused>,
}

impl Gateway {
    /// Starts a gateway that remembers what it took.
    ///
    /// - The offered release is the one taken last: it is loaded without judging its approvals again, since their time has passed.
    /// - Another one is offered: it is judged as a replacement of the one taken last. When it is refused, the one taken last is served.
    /// - There is no state: the offered release is judged against its base, whose file must be given. So begins the first start, and
    ///   the one after a gateway's folder was lost.
    ///
    /// # Errors
    /// Every reason why nothing can be served: the state was changed, or the release that it names is missing, damaged or revoked, and
    /// no newer one may take its place; or the list of revocations is missing or older than the one known.
    pub fn start(files: StartFiles<'_>, requirements: Requirements, keep: Box<dyn StateStore>) -> Result<StartedGateway, Refused> {
        let mut memory = GatewayMemory::new(requirements, Some(keep));
        if let Some((name, bytes)) = files.state {
            memory.state = GatewayState::read(name, bytes)?;
        }
        let is_new_list = match files.revocations {
            Some((name, bytes)) => memory.know(Revocations::read(name, bytes)?)?,
            None => lost_list(&memory.state, files.state)?,
        };
        match memory.state.last().copied() {
            Some(last) => again(files, memory, last, is_new_list),
            None => first(files, memory).map(|gateway| StartedGateway { gateway, refused: None }),
        }
    }
}

/// A start without a state.
fn first(files: StartFiles<'_>, memory: GatewayMemory) -> Result<Gateway, Refused> {
    let Some((name, bytes)) = files.offered else {
        let message =
            LocalText::new("there is neither a release nor a state to start from", "既没有发布文件，也没有可供启动的状态");
        return Err(alone(message, LocalText::new("publish a release", "请发布一个版本")));
    };
    let release = release::read(name, bytes)?;
    let base = match files.base {
        Some((name, bytes)) => Some(release::read(name, bytes)?),
        None => release.lineage().and_then(|lineage| lineage.base).and_then(|base| copy(files.kept, base.digest).ok()),
    };
    Gateway::first(release, base.as_ref(), memory)
}

/// A start after others: `last` is the release that was taken last.
fn again(
    files: StartFiles<'_>,
    mut memory: GatewayMemory,
    last: TakenRelease,
    is_new_list: bool,
) -> Result<StartedGateway, Refused> {
    let offered = files.offered.map(|(name, bytes)| release::read(name, bytes)).transpose();
    let kept = copy(files.kept, last.release);
    if let Ok(Some(offered)) = &offered
        && offered.digest() == last.release
    {
        let serving = served(offered.clone(), &memory)?;
        // Its copy was lost or damaged, and is there again; or a list of revocations must not be forgotten.
        let refused = (kept.is_err() || is_new_list).then(|| memory.keep(offered).err()).flatten();
        return Ok(StartedGateway { gateway: Gateway::serving_now(serving, memory), refused });
    }
    let base = files.base.as_slice();
    let live = kept.or_else(|why| copy(base, last.release).map_err(|_| lost_copy(&last, &why)))?;
    let refused = match offered {
        Ok(Some(offered)) => match memory.take(offered, Some(&live)) {
            Ok(serving) => return Ok(StartedGateway { gateway: Gateway::serving_now(serving, memory), refused: None }),
            Err(refused) => Some(refused),
        },
        Ok(None) => None,
        Err(refused) => Some(refused),
    };
    let unkept = is_new_list.then(|| memory.keep(&live).err()).flatten();
    match served(live, &memory) {
        Ok(serving) => Ok(StartedGateway { gateway: Gateway::serving_now(serving, memory), refused: refused.or(unkept) }),
        // Why no other takes its place comes first: that is what can be changed.
        Err(revoked) => Err(match refused {
            Some(mut refused) => {
                refused.findings.extend(revoked.findings.into_iter().map(|one| crate::diagnostic::Finding { span: None, ..one }));
                refused
            }
            None => revoked,
        }),
    }
}

/// A release that was taken before: its approvals are not judged again.
fn served(release: Release, memory: &GatewayMemory) -> Result<Serving, Refused> {
    memory.revoked(&release).map_or_else(|| Serving::compiled(release), Err)
}

/// The release with that digest among copies; or what the copies are.
fn copy(copies: &[NamedFile<'_>], wanted: release::Digest) -> Result<Release, Vec<LocalText>> {
    let mut others = Vec::new();
    for (name, bytes) in copies {
        match release::read(name, bytes) {
            Ok(release) if release.digest() == wanted => return Ok(release),
            Ok(other) => others.push(LocalText::new(
                format!("`{name}` is release {}, {}", other.sequence(), other.digest()),
                format!("`{name}` 是发布序号 {}，{}", other.sequence(), other.digest()),
            )),
            Err(refused) => {
                let message = refused.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
                others.push(LocalText::new(format!("`{name}`: {}", message.en), format!("`{name}`：{}", message.zh)));
            }
        }
    }
    Err(others)
}

fn alone(message: LocalText, help: LocalText) -> Refused {
    Refused { sources: Sources::default(), findings: vec![refuse(refusal::STATE, None, message, help)] }
}

fn lost_copy(last: &TakenRelease, others: &[LocalText]) -> Refused {
    let TakenRelease { sequence, release, .. } = last;
    let message = LocalText::new(
        format!("the copy of release {sequence} that was taken last is missing or damaged: {release}"),
        format!("最近加载的发布（序号 {sequence}）的副本缺失或损坏：{release}"),
    );
    let help = LocalText::new(
        "offer the file of that release, or give it as the base of the newer one: the workspace has it in `released/`",
        "请提供该发布的文件，或将其作为新发布的基准版本给出：工作区的 `released/` 中有该文件",
    );
    let mut refused = alone(message, help);
    if let Some(finding) = refused.findings.pop() {
        let told = others.iter().fold(finding, |finding, line| finding.with_note(None, line.clone()));
        refused.findings.push(told);
    }
    refused
}

/// That a list of revocations was known and is not there any more.
fn lost_list(state: &GatewayState, file: Option<NamedFile<'_>>) -> Result<bool, Refused> {
    let Some(known) = state.revocations() else { return Ok(false) };
    let (number, name) = (known.sequence, file.map_or("", |(name, _)| name));
    let message = LocalText::new(
        format!("the gateway knows list {number} of revocations (`{name}`), and no list is given"),
        format!("网关已获知撤销清单 {number}（`{name}`），但未提供清单"),
    );
    Err(alone(message, LocalText::new("give that list, or a later one", "请提供该清单或更新的清单")))
}
