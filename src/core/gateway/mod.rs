//! What a payment gateway uses: load a release or refuse it with reasons, decide requests, replace the release while others decide.
//!
//! ```no_run
//! use countersign_core::gateway::{Gateway, Policy, Requirements, Scalar, Trust};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::read("approvals.ron", &std::fs::read("approvals.ron")?)?;
//! let trust = Trust::read("allowed_signers", &std::fs::read("allowed_signers")?)?;
//! let gateway = Gateway::load("live.ron", &std::fs::read("live.ron")?, Requirements::new(policy, trust))?;
//! let fields = [("request.id", Scalar::from("2014032400000001")), ("customer.age", Scalar::from(30))];
//! let answer = gateway.decide(fields)?;
//! println!("{} by {}", answer.verdict, answer.release);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Serving`] is one release, compiled. Whoever holds one builds requests for it, decides them by it and reads the decisions with its
//! names, so that nothing of two releases is ever mixed; a replacement is for those who ask afterwards. Nothing is locked while a
//! request is decided, and this room starts no thread and opens no file; the feature `files` adds a module that does.
//!
//! A gateway that serves customers starts with [`Gateway::start`]: it remembers which releases it took ([`GatewayState`]), so that a restart loads
//! what it took last and never an older one.

mod answer;
#[cfg(feature = "files")]
pub mod files;
mod history;
#[cfg(feature = "files")]
mod json;
mod log;
mod memory;
mod request;
mod start;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use crate::engine::HistoryError;
pub use crate::model::{Decision, MASK, Request, Scalar};
pub use crate::release::{Digest, Policy, Refused, Requirements, Revocations, Trust, VerifierClock};
pub use answer::{AnswerError, AnswerReason, AnswerRelease, DecisionResponse};
pub use history::{HistoryStore, MemoryHistory, NotRestored};
#[cfg(feature = "files")]
pub use json::NotRead;
pub use log::{LogEnd, LogLine, LogNote, LogNoteKind};
pub use request::{FieldError, FieldErrors, RequestBuilder};
pub use start::{NamedFile, StartFiles, StartedGateway};
pub use state::{GatewayState, KnownList, StateStore, TakenRelease};

use crate::diagnostic::Severity;
use crate::engine::Engine;
use crate::model::{Timestamp, Zone};
use crate::release::{self, Release};
use memory::GatewayMemory;

/// One release, compiled and ready.
pub struct Serving {
    release: Release,
    engine: Engine,
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving")
            .field("version", &self.release.version())
            .field("digest", &self.release.digest())
            .finish_non_exhaustive()
    }
}

impl Serving {
    /// Verifies a release: who approved it, and that its rules pass the check.
    fn of(release: Release, requirements: &Requirements, live: Option<&Release>) -> Result<Self, Refused> {
        let findings = release::verify_approvals(&release, requirements, live);
        if !findings.is_empty() {
            return Err(Refused { sources: release.definition().sources.clone(), findings });
        }
        Self::compiled(release)
    }

    /// Checks a release's rules, not its approvals.
    fn compiled(release: Release) -> Result<Self, Refused> {
        let (program, findings) = release::verify_rules(&release);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(Refused { sources: release.definition().sources.clone(), findings });
        }
        let engine = Engine::new(Arc::clone(release.definition()), program);
        Ok(Self { release, engine })
    }

    /// The release.
    #[must_use]
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// Begins a request of this release's schema.
    #[must_use]
    pub fn request(&self) -> RequestBuilder<'_> {
        RequestBuilder::new(&self.release.definition().schema)
    }

    /// The names of the derived fields: a request brings their values, or gets them from a [`HistoryStore`].
    #[must_use]
    pub fn derived_fields(&self) -> Vec<String> {
        self.release.definition().schema.derived().map(|(_, name, ..)| name).collect()
    }

    /// Decides a request that [`Serving::request`] of the same release built.
    #[must_use]
    pub fn decide(&self, request: &Request) -> Decision {
        self.engine.decide(request)
    }

    /// A decision of this release with its names and codes; no personal value of the request is in it.
    #[must_use]
    pub fn answer(&self, decision: &Decision) -> DecisionResponse {
        DecisionResponse::new(&self.release, decision)
    }
}

/// A moment in universal time as log lines write it, from microseconds since 1970.
#[must_use]
pub fn utc(micros: i64) -> String {
    let time = Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX);
    Zone::default().format(time)
}

/// Why a request was not decided.
#[derive(Clone, Debug)]
pub enum NotDecided {
    /// Its fields do not fit the schema.
    Fields(FieldErrors),
    /// The release was revoked, and no newer one has taken its place.
    Revoked(Refused),
}

impl fmt::Display for NotDecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(errors) => errors.fmt(f),
            Self::Revoked(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for NotDecided {}

/// The release that decides now. Share it between threads by reference or [`Arc`].
pub struct Gateway {
    now: RwLock<CurrentRelease>,
    /// Held by whoever replaces the release, so that one is done after the other; never by who decides.
    memory: Mutex<GatewayMemory>,
}

/// What decides now.
struct CurrentRelease {
    serving: Arc<Serving>,
    /// Why it decides no more.
    revoked: Option<Refused>,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("serving", &self.last()).finish_non_exhaustive()
    }
}

impl Gateway {
    /// Loads a release from the bytes of its file; `name` is what reasons call the file. What is required of it, and of every release
    /// that takes its place, is this gateway's own: no release says how many approvals it needs. Times are held against the machine's
    /// clock, unless the requirements have one. Nothing is kept: a gateway that serves customers starts with [`Gateway::start`].
    ///
    /// # Errors
    /// Every reason not to run it.
    pub fn load(name: &str, bytes: &[u8], requirements: Requirements) -> Result<Self, Refused> {
        Self::first(release::read(name, bytes)?, None, GatewayMemory::new(requirements, None))
    }

    /// The same of a release that replaced another one: `base` is the name and the file of the release that it names as its base. Its
    /// approvals are judged by what changed since then. The base's digest is in the statement of every approval, so another file in its
    /// place is refused.
    ///
    /// # Errors
    /// Every reason not to run it, or the base's file is no release or another one.
    pub fn load_after(
        name: &str,
        bytes: &[u8],
        (base_name, base): (&str, &[u8]),
        requirements: Requirements,
    ) -> Result<Self, Refused> {
        let (release, base) = (release::read(name, bytes)?, release::read(base_name, base)?);
        Self::first(release, Some(&base), GatewayMemory::new(requirements, None))
    }

    fn first(release: Release, base: Option<&Release>, mut memory: GatewayMemory) -> Result<Self, Refused> {
        // A release is no base of its own: nothing would have changed, and no role would be needed.
        let base = base.filter(|base| base.digest() != release.digest());
        let serving = memory.take(release, base)?;
        Ok(Self::serving_now(serving, memory))
    }

    fn serving_now(serving: Serving, memory: GatewayMemory) -> Self {
        let now = CurrentRelease { serving: Arc::new(serving), revoked: None };
        Self { now: RwLock::new(now), memory: Mutex::new(memory) }
    }

    /// The release that decides now. Keep it for one request, not for ever: it goes on deciding as it is when it is replaced.
    ///
    /// # Errors
    /// It was revoked, and nothing may be decided until a newer one takes its place.
    pub fn serving(&self) -> Result<Arc<Serving>, Refused> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        now.revoked.as_ref().map_or_else(|| Ok(Arc::clone(&now.serving)), |refused| Err(refused.clone()))
    }

    /// The release that was taken last, whether or not it may decide.
    #[must_use]
    pub fn last(&self) -> Arc<Serving> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).serving)
    }

    /// The digest of the release that was taken last.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.last().release.digest()
    }

    /// What the gateway remembers.
    #[must_use]
    pub fn state(&self) -> GatewayState {
        self.memory().state.clone()
    }

    fn memory(&self) -> MutexGuard<'_, GatewayMemory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts another release in its place. Requests being decided are decided to their end by the old one; nobody waits. It is kept before
    /// it decides. One replacement is done after the other, so an older release never takes the place of a newer one.
    ///
    /// # Errors
    /// Every reason not to run the new one, among them that it is older than the one that runs, or could not be kept; then the old one
    /// goes on.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<Digest, Refused> {
        let release = release::read(name, bytes)?;
        let mut memory = self.memory();
        let live = self.last();
        let next = Arc::new(memory.take(release, Some(&live.release))?);
        let digest = next.release.digest();
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *now, CurrentRelease { serving: next, revoked: None });
        // Freed outside the locks: a large list takes its time.
        drop((now, memory));
        drop((old, live));
        Ok(digest)
    }

    /// Asks something else of releases from now on, as when the policy or the signers were read again. The release that runs is not
    /// judged again, and what was revoked stays revoked.
    pub fn require(&self, requirements: Requirements) {
        self.memory().require(requirements);
    }

    /// Takes a list of revocations: signed as the policy asks, and newer than the one known. When it names the release that runs, nothing
    /// is decided any more until a newer release takes its place: another release than the one approved must never decide silently.
    ///
    /// # Errors
    /// The list does not hold, and the one known before stays in force; or the new one is in force, but could not be kept.
    pub fn revoke(&self, name: &str, bytes: &[u8]) -> Result<(), Refused> {
        let list = Revocations::read(name, bytes)?;
        let mut memory = self.memory();
        if !memory.know(list)? {
            return Ok(());
        }
        let live = self.last();
        let revoked = memory.revoked(&live.release);
        self.now.write().unwrap_or_else(PoisonError::into_inner).revoked = revoked;
        memory.keep(&live.release)
    }

    /// Decides one request given by its fields, wholly by one release.
    ///
    /// # Errors
    /// Every field that is unknown, missing or does not fit its type; or the release was revoked.
    pub fn decide<'a>(&self, fields: impl IntoIterator<Item = (&'a str, Scalar)>) -> Result<DecisionResponse, NotDecided> {
        let serving = self.serving().map_err(NotDecided::Revoked)?;
        let mut request = serving.request();
        for (name, value) in fields {
            request.set(name, value);
        }
        let request = request.finish().map_err(NotDecided::Fields)?;
        Ok(serving.answer(&serving.decide(&request)))
    }
}
