//! What a payment gateway uses: load a release or refuse it with reasons, decide requests, replace the release while others decide.
//!
//! ```no_run
//! use countersign::gateway::{Gateway, Policy, Requirements, Scalar, Trust};
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

mod answer;
#[cfg(feature = "files")]
pub mod files;
mod log;
mod request;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

pub use crate::model::{Decision, MASK, Request, Scalar};
pub use crate::release::{Digest, Policy, Refused, Requirements, Trust};
pub use answer::{Answer, AnswerError, AnswerReason, AnswerRelease};
pub use log::{LogEnd, LogLine, LogNote, Noted};
pub use request::{FieldError, FieldErrors, RequestBuilder};

use crate::diagnostic::Severity;
use crate::engine::Engine;
use crate::model::{Timestamp, Zone};
use crate::release::{self, Release};

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
    /// Reads and verifies a release: its form, its digest, who approved it, and that its rules pass the check.
    fn load(name: &str, bytes: &[u8], requirements: &Requirements, live: Option<&Release>) -> Result<Self, Refused> {
        Self::of(release::read(name, bytes)?, requirements, live)
    }

    fn of(release: Release, requirements: &Requirements, live: Option<&Release>) -> Result<Self, Refused> {
        verify(&release, requirements, live)?;
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

    /// Decides a request that [`Serving::request`] of the same release built.
    #[must_use]
    pub fn decide(&self, request: &Request) -> Decision {
        self.engine.decide(request)
    }

    /// A decision of this release with its names and codes; no personal value of the request is in it.
    #[must_use]
    pub fn answer(&self, decision: &Decision) -> Answer {
        Answer::new(&self.release, decision)
    }
}

/// That a release is approved as required, and may take the place of the live one.
fn verify(release: &Release, requirements: &Requirements, live: Option<&Release>) -> Result<(), Refused> {
    let findings = release::verify_approvals(release, requirements, live);
    if findings.is_empty() { Ok(()) } else { Err(Refused { sources: release.definition().sources.clone(), findings }) }
}

/// A moment in universal time as log lines write it, from microseconds since 1970.
#[must_use]
pub fn utc(micros: i64) -> String {
    let time = Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX);
    Zone::default().format(time)
}

/// The release that decides now. Share it between threads by reference or [`Arc`].
#[derive(Debug)]
pub struct Gateway {
    requirements: Requirements,
    now: RwLock<Arc<Serving>>,
}

impl Gateway {
    /// Loads a release from the bytes of its file; `name` is what reasons call the file. What is required of it, and of every release
    /// that takes its place, is this gateway's own: no release says how many approvals it needs.
    ///
    /// # Errors
    /// Every reason not to run it.
    pub fn load(name: &str, bytes: &[u8], requirements: Requirements) -> Result<Self, Refused> {
        let first = Arc::new(Serving::load(name, bytes, &requirements, None)?);
        Ok(Self { requirements, now: RwLock::new(first) })
    }

    /// Loads a release that replaced another one, as a gateway does that starts again: `base` is the name and the file of the release that
    /// it names as its base. Its approvals are judged by what changed since then. The base's digest is in the statement of every approval,
    /// so another file in its place is refused.
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
        // A release is no base of its own: nothing would have changed, and no role would be needed.
        let base = Some(&base).filter(|base| base.digest() != release.digest());
        let first = Arc::new(Serving::of(release, &requirements, base)?);
        Ok(Self { requirements, now: RwLock::new(first) })
    }

    /// The release that decides now. Keep it for one request, not for ever: it goes on deciding as it is when it is replaced.
    #[must_use]
    pub fn serving(&self) -> Arc<Serving> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another release in its place. Requests being decided are decided to their end by the old one; nobody waits.
    ///
    /// # Errors
    /// Every reason not to run the new one, among them that it was made before the one that runs; then the old one goes on.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<Digest, Refused> {
        let live = self.serving();
        let next = Serving::load(name, bytes, &self.requirements, Some(&live.release))?;
        self.put(next, live)
    }

    /// Puts a release in the place of the one it was verified against. Where another replacement came first, it is verified against that
    /// one again: an older release never takes the place of a newer one.
    fn put(&self, next: Serving, mut against: Arc<Serving>) -> Result<Digest, Refused> {
        let digest = next.release.digest();
        let next = Arc::new(next);
        loop {
            let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
            if Arc::ptr_eq(&now, &against) {
                let old = std::mem::replace(&mut *now, next);
                drop(now);
                // Freed outside the lock: a large list takes its time.
                drop((old, against));
                return Ok(digest);
            }
            against = Arc::clone(&now);
            drop(now);
            verify(&next.release, &self.requirements, Some(&against.release))?;
        }
    }

    /// The digest of the release that decides now.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.serving().release.digest()
    }

    /// Decides one request given by its fields, wholly by one release.
    ///
    /// # Errors
    /// Every field that is unknown, missing or does not fit its type.
    pub fn decide<'a>(&self, fields: impl IntoIterator<Item = (&'a str, Scalar)>) -> Result<Answer, FieldErrors> {
        let serving = self.serving();
        let mut request = serving.request();
        for (name, value) in fields {
            request.set(name, value);
        }
        let request = request.finish()?;
        Ok(serving.answer(&serving.decide(&request)))
    }
}
