//! What a gateway remembers: the releases it took, and the list of revocations it knows, as a text that it keeps beside a copy of the
//! release it took last.
//!
//! Each entry holds a digest of itself and the entry before it, and the whole ends with a digest of everything, so that a changed, moved or
//! missing line is found. Nothing in it is secret or signed: it guards against accidents, and against whoever may replace the file of the
//! release but not the gateway's own folder.

use std::io;

use serde::{Deserialize, Serialize};

use super::{Digest, Refused};
use crate::model::{Moment, Timestamp, Zone};
use crate::release::ron_file::{RonFaults, read_written, written};
use crate::release::{Release, Revocations, digest_text, refusal};
use crate::text::LocalText;

/// The first line of every state.
const FIRST_LINE: &str = "// The state of a gateway of Countersign. Every line is covered by digests: never edit it.";
/// What a state of this program begins with.
const FORMAT: u32 = 1;
/// How many releases are kept; of earlier ones only the chain's digest.
const KEPT: usize = 64;

/// Where a gateway keeps its state and the release it took last.
///
/// Neither may get lost without the other: write the copy of the release under a name of its own, then the state, each to a temporary
/// file that is synchronised and renamed, and only then remove older copies. [`super::StartFiles::kept`] takes all copies that are there.
pub trait StateStore: Send + Sync {
    /// Keeps both; called before a release decides its first request.
    ///
    /// # Errors
    /// They could not be written: then the release is not taken.
    fn keep(&self, state: &str, release: &[u8]) -> io::Result<()>;
}

/// A release that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenRelease {
    /// Its number in the line of releases; 0 for a release of format 1.
    pub sequence: u64,
    /// Its digest.
    pub release: Digest,
    /// When the gateway saw it first, by its own clock.
    pub seen: Moment,
    /// When it took it.
    pub taken: Moment,
    /// The digest of this entry and the chain before it.
    chain: Digest,
}

/// The list of revocations that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownList {
    /// Its number.
    pub sequence: u64,
    /// The digest of what it says.
    pub digest: Digest,
}

/// What a gateway remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayState {
    format: u32,
    #[serde(default)]
    revocations: Option<KnownList>,
    /// How many releases were taken before the first that is kept.
    dropped: u64,
    /// The chain up to that one.
    before: Digest,
    taken: Vec<TakenRelease>,
    /// The digest of everything else.
    end: Digest,
}

/// What an entry's digest is of.
#[derive(Serialize)]
struct StateLink {
    before: Digest,
    release: Digest,
    seen: Moment,
    sequence: u64,
    taken: Moment,
}

/// What the digest at the end is of.
#[derive(Serialize)]
struct StateContent {
    before: Digest,
    chain: Digest,
    dropped: u64,
    revocations: Option<KnownList>,
}

impl Default for GatewayState {
    /// Nothing was taken.
    fn default() -> Self {
        let before = Digest::of(FIRST_LINE.as_bytes());
        Self { format: FORMAT, revocations: None, dropped: 0, before, taken: Vec::new(), end: before }.ended()
    }
}

impl TakenRelease {
    fn after(before: Digest, release: (u64, Digest), seen: Moment, taken: Moment) -> Self {
        let (sequence, release) = release;
        let chain = Digest::of(digest_text(&StateLink { before, release, seen, sequence, taken }).as_bytes());
        Self { sequence, release, seen, taken, chain }
    }
}

impl GatewayState {
    /// Reads a state; `name` is what findings call its file.
    ///
    /// # Errors
    /// The file is not exactly what a gateway wrote: edited, cut, or put together of others. Each with its place.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Refused> {
        let (state, mut wrong) = read_written::<Self>(FIRST_LINE, name, bytes, refusal::STATE)?;
        state.check(&mut wrong);
        wrong.end()?;
        Ok(state)
    }

    /// The text to keep.
    #[must_use]
    pub fn text(&self) -> String {
        written(FIRST_LINE, self)
    }

    /// The release taken last.
    #[must_use]
    pub fn last(&self) -> Option<&TakenRelease> {
        self.taken.last()
    }

    /// The last releases taken, oldest first; at most 64.
    #[must_use]
    pub fn taken(&self) -> &[TakenRelease] {
        &self.taken
    }

    /// When a release was seen first, where that is known.
    #[must_use]
    pub fn seen(&self, release: Digest) -> Option<Timestamp> {
        self.taken.iter().find(|taken| taken.release == release).map(|taken| taken.seen.at)
    }

    /// The list of revocations that is known.
    #[must_use]
    pub fn revocations(&self) -> Option<KnownList> {
        self.revocations
    }

    /// The state after taking a release; the same where it was the last.
    #[must_use]
    pub(super) fn after(&self, release: &Release, now: Timestamp) -> Self {
        let mut next = self.clone();
        if next.last().is_some_and(|last| last.release == release.digest()) {
            return next;
        }
        let moment = |at| Moment { at, zone: Zone::default() };
        let seen = self.seen(release.digest()).unwrap_or(now);
        next.taken.push(TakenRelease::after(self.chain(), (release.sequence(), release.digest()), moment(seen), moment(now)));
        if next.taken.len() > KEPT {
            next.before = next.taken.remove(0).chain;
            next.dropped = next.dropped.saturating_add(1);
        }
        next.ended()
    }

    /// The state that knows a list of revocations.
    #[must_use]
    pub(super) fn knowing(&self, list: &Revocations) -> Self {
        Self { revocations: Some(KnownList { sequence: list.sequence(), digest: list.digest() }), ..self.clone() }.ended()
    }

    fn chain(&self) -> Digest {
        self.last().map_or(self.before, |last| last.chain)
    }

    fn ended(self) -> Self {
        let Self { before, dropped, revocations, .. } = self;
        let whole = StateContent { before, chain: self.chain(), dropped, revocations };
        Self { end: Digest::of(digest_text(&whole).as_bytes()), ..self }
    }

    fn check(&self, wrong: &mut RonFaults) {
        let help = || {
            LocalText::new(
                "restore the gateway's folder from its backup; without one, start without the state, with the live release and its base",
                "请从备份恢复网关的目录；若无备份，请不带状态文件，以生效版本及其基准版本启动",
            )
        };
        let mut note = |path: &str, en: String, zh: String| wrong.part(path, LocalText::new(en, zh), help());
        if self.format != FORMAT {
            let format = self.format;
            note(
                "format",
                format!("format {format} of a state is not known here, only format {FORMAT}"),
                format!("不支持格式 {format} 的状态文件，本程序只支持格式 {FORMAT}"),
            );
        }
        let (mut before, mut sequence) = (self.before, 0);
        for (at, one) in self.taken.iter().enumerate() {
            let TakenRelease { release, seen, taken, chain, .. } = *one;
            if TakenRelease::after(before, (one.sequence, release), seen, taken).chain != chain {
                note(
                    &format!("taken.{at}"),
                    format!("this entry, or one before it, was changed, moved or removed: release {}", one.sequence),
                    format!("该条目或其之前的条目被改动、移动或删除：发布序号 {}", one.sequence),
                );
                return;
            }
            if one.sequence < sequence {
                note(
                    &format!("taken.{at}.sequence"),
                    format!("release {} follows release {sequence}", one.sequence),
                    format!("发布序号 {} 排在 {sequence} 之后", one.sequence),
                );
            }
            (before, sequence) = (chain, one.sequence);
        }
        if self.taken.len() > KEPT || self.clone().ended().end != self.end {
            note(
                "end",
                "entries at the end, or the known revocations, were changed or removed".to_owned(),
                "末尾的条目或已知的撤销清单被改动或删除".to_owned(),
            );
        }
    }
}
