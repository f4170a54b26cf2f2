//! What a gateway holds new releases and lists of revocations against, and keeps of those that it takes.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::state::{GatewayState, StateStore};
use super::{Refused, Serving};
use crate::model::Timestamp;
use crate::release::refusal::{self, refuse};
use crate::release::{self, Digest, Release, Requirements, Revocations, VerifierClock};
use crate::text::{LocalText, Sources};

/// What a gateway requires and remembers.
pub(super) struct GatewayMemory {
    pub(super) state: GatewayState,
    requirements: Requirements,
    keep: Option<Box<dyn StateStore>>,
}

impl GatewayMemory {
    /// Nothing was taken yet.
    pub(super) fn new(requirements: Requirements, keep: Option<Box<dyn StateStore>>) -> Self {
        Self { state: GatewayState::default(), requirements, keep }
    }

    /// The present: the clock's that the requirements have, or else the machine's.
    fn now(&self) -> Timestamp {
        self.requirements.clock.as_ref().map_or_else(present, |clock| clock.now)
    }

    /// What is required of a release, which may have been seen before.
    fn requirements(&self, release: Digest) -> Requirements {
        self.requirements.clone().by(VerifierClock { now: self.now(), seen: self.state.seen(release) })
    }

    pub(super) fn require(&mut self, requirements: Requirements) {
        let revocations = self.requirements.revocations.take();
        self.requirements = Requirements { revocations, ..requirements };
    }

    /// Verifies a release that shall take the place of `live`, and keeps it.
    pub(super) fn take(&mut self, release: Release, live: Option<&Release>) -> Result<Serving, Refused> {
        let requirements = self.requirements(release.digest());
        let serving = Serving::of(release, &requirements, live)?;
        let next = self.state.after(&serving.release, self.now());
        if next != self.state {
            self.write(&next, &serving.release)?;
            self.state = next;
        }
        Ok(serving)
    }

    /// Keeps the state as it is, and the release taken last.
    pub(super) fn keep(&self, release: &Release) -> Result<(), Refused> {
        self.write(&self.state, release)
    }

    fn write(&self, state: &GatewayState, release: &Release) -> Result<(), Refused> {
        let Some(keep) = &self.keep else { return Ok(()) };
        keep.keep(&state.text(), release::write(release).as_bytes()).map_err(|error| {
            let message = LocalText::new(
                format!("release {} could not be kept in the gateway's folder: {error}", release.sequence()),
                format!("无法将发布（序号 {}）保存到网关的目录：{error}", release.sequence()),
            );
            let help = LocalText::new(
                "give the folder space and the right to write, and offer the file again",
                "请为该目录提供空间和写入权限，然后重新提供该文件",
            );
            Refused { sources: Sources::default(), findings: vec![refuse(refusal::KEEP, None, message, help)] }
        })
    }

    /// Why a release must not decide.
    pub(super) fn revoked(&self, release: &Release) -> Option<Refused> {
        let finding = release::revoked(release, &self.requirements)?;
        Some(Refused { sources: release.definition().sources.clone(), findings: vec![finding] })
    }

    /// Puts a list of revocations in force; whether it is another than the one known.
    pub(super) fn know(&mut self, list: Revocations) -> Result<bool, Refused> {
        let (number, digest) = (list.sequence(), list.digest());
        let known = self.state.revocations();
        let is_known = known.is_some_and(|known| known.digest == digest && known.sequence == number);
        if let Some(known) = known.filter(|known| !is_known && known.sequence >= number) {
            let message = LocalText::new(
                format!("this is list {number}, and the gateway knows list {} already", known.sequence),
                format!("该清单序号为 {number}，而网关已获知清单 {}", known.sequence),
            );
            let help = LocalText::new("give the newest list", "请提供最新的清单");
            return Err(list.refused(message, help));
        }
        if !is_known {
            // What was judged when it was known first is not judged again: a key of its signers may have run out since.
            list.verify(&self.requirements.clone().by(VerifierClock::at(self.now())))?;
        }
        self.state = self.state.knowing(&list);
        self.requirements.revocations = Some(Arc::new(list));
        Ok(!is_known)
    }
}

/// The machine's clock, in whole seconds.
fn present() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let micros = i64::try_from(since).unwrap_or(0).saturating_mul(1_000_000);
    Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX)
}
