//! Why the requests that a report shows as examples are decided as they are.

use serde::Serialize;

use crate::Comparison;
use crate::Run;
use countersign_core::engine::explain::because;
use countersign_core::model::RuleId;
use countersign_core::reading::RuleReader;
use countersign_core::text::LocalText;

/// How many of the first flips are explained.
const FLIPS: usize = 20;
/// How many of an invariant's examples are explained.
const BROKEN: usize = 5;

/// Why examples are decided as they are; what is personal is masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Of the first flips, in their order.
    pub flips: Vec<WhyFlip>,
    /// Of every invariant's first examples, in their order.
    pub invariants: Vec<Vec<LocalText>>,
    /// Every rule in plain language, in their order.
    pub rules: Vec<LocalText>,
}

/// Why each rule set decides a request as it does: by the rules that cause the flip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhyFlip {
    pub old: LocalText,
    pub new: LocalText,
}

impl Explained {
    /// Explains what the next table has of the first examples.
    pub fn add(&mut self, run: &Run, comparison: Option<&Comparison>) {
        let why = |run: &Run, row: usize, causes: &[RuleId]| because(run.engine(), &run.request(row), causes);
        if self.rules.is_empty() {
            let (definition, plan) = (run.engine().definition(), run.engine().plan());
            let reader = RuleReader::new(definition, plan);
            self.rules = definition.rule_set.rules().map(|(rule, ..)| reader.sentence(rule)).collect();
        }
        self.invariants.resize(run.invariants().len(), Vec::new());
        for (whys, broken) in self.invariants.iter_mut().zip(run.invariants()) {
            let more = broken.examples.iter().take(BROKEN - whys.len());
            whys.extend(more.map(|(row, _)| why(run, *row, &[])));
        }
        let Some(comparison) = comparison else { return };
        for flip in comparison.flips().iter().take(FLIPS - self.flips.len()) {
            let causes: Vec<RuleId> = comparison.cause_ids(flip).into_iter().cloned().collect();
            let [old, new] = [comparison.old_run(), run].map(|run| why(run, flip.row, &causes));
            self.flips.push(WhyFlip { old, new });
        }
    }
}
