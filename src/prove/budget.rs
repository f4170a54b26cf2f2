//! What a proof may cost, and the answer when that is not enough.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// What one run of questions may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Decisions of the search and steps of its arithmetic, for each question.
    pub steps: u64,
    /// Variables and clauses of the formula: what its memory grows with.
    pub size: usize,
    /// How often a question is asked again after the decision did not confirm a request.
    pub attempts: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: 400_000, size: 12_000_000, attempts: 12 }
    }
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UnknownReason {
    /// The steps of the budget are used up, or numbers went beyond 128 bits.
    Steps,
    /// The formula would be larger than the budget allows.
    Size,
    Cancelled,
    /// No request was found that the decision confirms; what stands for more than it means, such as "the month of a time".
    NotEncoded(LocalText),
}

impl UnknownReason {
    /// In words.
    pub fn text(&self) -> LocalText {
        match self {
            Self::Steps => LocalText::new("the search took more steps than its budget allows", "搜索步数超出预算"),
            Self::Size => LocalText::new("the rules need a larger formula than the budget allows", "规则对应的公式规模超出预算"),
            Self::Cancelled => LocalText::new("the run was cancelled", "运行已取消"),
            Self::NotEncoded(what) => {
                LocalText::new(format!("not translated exactly: {}", what.en), format!("未能精确转换：{}", what.zh))
            }
        }
    }
}

/// Counts the steps of a question; shared with the search.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    left: Arc<AtomicU64>,
    progress: Arc<Progress>,
}

impl Meter {
    pub(super) fn new(progress: Arc<Progress>) -> Self {
        Self { left: Arc::new(AtomicU64::new(0)), progress }
    }

    pub(super) fn refill(&self, steps: u64) {
        self.left.store(steps, Ordering::Relaxed);
    }

    pub(super) fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }

    /// Takes steps off; whether the search must stop.
    pub(super) fn spend(&self, steps: u64) -> bool {
        let left = self.left().saturating_sub(steps);
        self.left.store(left, Ordering::Relaxed);
        left == 0 || self.progress.is_cancelled()
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.progress.is_cancelled()
    }

    pub(super) fn why(&self) -> UnknownReason {
        if self.is_cancelled() { UnknownReason::Cancelled } else { UnknownReason::Steps }
    }
}
