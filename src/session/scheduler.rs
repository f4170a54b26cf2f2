//! What runs when: results of ended jobs are applied, and jobs are started when what they are made from has changed.

use std::time::Duration;

use super::document::OpenState;
use super::jobs::check::{CheckDraft, CheckTexts};
use super::{Action, Session};
use countersign_core::text::LocalText;

/// How long nothing must be typed before the draft is checked and run.
const PAUSE: Duration = Duration::from_millis(150);
/// How long after the last edit unsaved text is kept for the next start.
const KEEP_DELAY: Duration = Duration::from_secs(1);

/// What is due when, as spans since the start.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    now: Duration,
    check_at: Option<Duration>,
    keep_at: Option<Duration>,
}

impl Schedule {
    pub(super) fn now(&self) -> Duration {
        self.now
    }

    pub(super) fn advance(&mut self, now: Duration) {
        self.now = self.now.max(now);
    }

    /// The draft is checked when nothing more is typed.
    fn check_after_pause(&mut self) {
        self.check_at = Some(self.now + PAUSE);
    }

    pub(super) fn check_now(&mut self) {
        self.check_at = Some(self.now);
    }

    pub(super) fn check_never(&mut self) {
        self.check_at = None;
    }

    /// Unsaved text is kept once typing stops.
    fn keep_after_pause(&mut self) {
        self.keep_at = Some(self.now + KEEP_DELAY);
    }

    pub(super) fn keep_now(&mut self) {
        self.keep_at = Some(self.now);
    }

    pub(super) fn keep_never(&mut self) {
        self.keep_at = None;
    }
}

/// Whether a time has come; then it is taken away.
fn is_due(at: &mut Option<Duration>, now: Duration) -> bool {
    at.take_if(|at| *at <= now).is_some()
}

impl Session {
    /// Applies what jobs gave and starts what is due; `now` is the span since the start. How long until it wants to be called again;
    /// `None` for when something happens.
    pub fn tick(&mut self, now: Duration) -> Option<Duration> {
        self.schedule.advance(now);
        // Inline jobs are done as soon as they are started, and one result may call for the next job.
        for _ in 0..16 {
            let mut moved = false;
            while let Some(ended) = self.jobs.next() {
                self.take(ended);
                moved = true;
            }
            moved |= self.start_what_is_due();
            if !moved {
                break;
            }
        }
        let next = [self.schedule.check_at, self.schedule.keep_at, self.releases.refresh_at()].into_iter().flatten().min();
        next.map(|at| at.saturating_sub(self.schedule.now))
    }

    /// Plays a recorded list of actions.
    pub fn replay(&mut self, recorded: &[(Duration, Action)]) {
        for (at, action) in recorded {
            self.tick(*at);
            self.apply(action.clone());
        }
    }

    /// Why results of decisions are not of the draft as it is.
    pub(super) fn why_stale(&self) -> LocalText {
        let has_errors = self.fresh::<CheckDraft>().is_some_and(|checked| checked.engine.is_none());
        if has_errors {
            return LocalText::new("the draft has errors; this is the last good result", "草稿存在错误，显示的是上一次有效结果");
        }
        LocalText::new("being decided again", "正在重新试运行")
    }

    /// The draft changed: it is checked, and kept, when nothing more is typed.
    pub(super) fn draft_edited(&mut self) {
        self.stamp += 1;
        self.schedule.check_after_pause();
        if self.settings_folder().is_some() {
            self.schedule.keep_after_pause();
        } else {
            self.schedule.keep_never();
        }
    }

    /// Checks and runs without waiting, also what has been done already.
    pub(super) fn run_now(&mut self) {
        self.document.revise();
        self.schedule.check_now();
    }

    /// Starts what is due; whether anything was started.
    fn start_what_is_due(&mut self) -> bool {
        let now = self.schedule.now;
        if is_due(&mut self.schedule.check_at, now) {
            self.check_texts();
            return true;
        }
        if is_due(&mut self.schedule.keep_at, now) {
            self.keep_unsaved();
            return true;
        }
        if self.releases.refresh_at().is_some_and(|at| at <= now) {
            self.refresh_releases();
            return true;
        }
        self.document.is_editable() && (self.start_requests() | self.start_derived(self.schedule.check_at.is_none()))
    }

    /// Checks the texts of a workspace that cannot be understood.
    fn check_texts(&mut self) {
        let OpenState::Unreadable(broken) = self.document.opened() else { return };
        let (read, edited) = (broken.read.clone(), self.document.edited_texts().clone());
        self.start(CheckTexts { files: self.files(), root: self.document.root().to_owned(), read, edited });
    }
}
