//! From one run to the next: which rules must be run again, and which rows decided again.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use super::{NotDecided, Requests, Run, Seen, project};
use crate::WithHistory;
use crate::batch::{
    BATCH, BatchScript, Bits, DecisionInputs, NONE, PreviousDecisions, RuleColumn, RuleColumns, decide, decide_again, or,
    run_scripts,
};
use crate::decisions::{Decisions, Kinds};
use crate::identity::inputs;
use countersign_core::engine::Engine;
use countersign_core::model::{Rule, RuleIndex, RuleSet, StageIndex, Status};
use countersign_core::progress::Progress;

/// A rule of a rule set, with its place.
type Placed<'a> = (RuleIndex, StageIndex, &'a Rule);

impl Run {
    /// The next run on that many threads; see [`Run::changed`].
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn changed_on(&self, threads: NonZeroUsize, engine: &Engine, progress: &Progress) -> Result<Self, NotDecided> {
        let inner = &self.inner;
        let change = EngineChange { old: &inner.engine, new: engine };
        if !change.is_near() {
            let Seen { requests: WithHistory { table: seen, figures }, findings } =
                project(engine, &inner.requests.table, progress)?;
            let requests = Requests { seen, findings, history: figures.into(), ..inner.requests.clone() };
            return Ok(Self::of(threads, engine, requests, progress)?);
        }
        let seen = &inner.requests.seen;
        progress.set_total(2 * seen.len() as u64);
        let known = change.known();
        let (mut columns, mut scripts): (RuleColumns, Vec<BatchScript>) = (Vec::new(), Vec::new());
        for (rule, _, now) in engine.definition().rule_set.rules() {
            let before = known.get(now.id.as_str()).filter(|before| change.same_rule(before, (rule, now)));
            let kept = before.and_then(|(before, ..)| inner.columns.get(before.at())?.clone());
            if kept.is_none() && now.status != Status::Off {
                scripts.push(BatchScript::Rule(rule));
            }
            columns.push(kept.filter(|_| now.status != Status::Off));
        }
        let mut conditions: Vec<Option<Arc<RuleColumn>>> = Vec::new();
        for at in 0..engine.definition().rule_set.invariants.len() {
            let kept = change.same_condition(at).and_then(|before| inner.conditions.get(before).cloned());
            if kept.is_none() {
                scripts.push(BatchScript::Condition(at));
            }
            conditions.push(kept);
        }
        let made = if scripts.is_empty() { Vec::new() } else { run_scripts(engine, seen, &scripts, threads, progress)? };
        for (script, column) in scripts.into_iter().zip(made) {
            let place = match script {
                BatchScript::Rule(rule) => columns.get_mut(rule.at()),
                BatchScript::Condition(at) => conditions.get_mut(at),
            };
            if let Some(place) = place {
                *place = Some(Arc::new(column));
            }
        }
        let only = change.reaches(&known, &inner.columns, &columns, seen.len());
        let combining =
            DecisionInputs { combiner: engine.combiner(), columns: &columns, table: seen, given: &inner.requests.table };
        let decisions = match &only {
            None => decide(&combining, threads, progress)?,
            Some(only) => {
                let before = PreviousDecisions { decisions: &inner.decisions, kinds: change.kinds(&inner.decisions), only };
                decide_again(&combining, before, threads, progress)?
            }
        };
        let conditions = conditions.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Self::put_together(engine, inner.requests.clone(), columns, conditions, decisions))
    }
}

/// From one rule set to another.
struct EngineChange<'a> {
    old: &'a Engine,
    new: &'a Engine,
}

impl<'a> EngineChange<'a> {
    fn rule_sets(&self) -> (&'a RuleSet, &'a RuleSet) {
        (&self.old.definition().rule_set, &self.new.definition().rule_set)
    }

    /// Whether results of the old rule set can be taken over at all: the fields, reasons and interfaces are the same in the same order.
    fn is_near(&self) -> bool {
        let (old, new) = self.rule_sets();
        self.old.definition().schema == self.new.definition().schema
            && old.reasons.keys().eq(new.reasons.keys())
            && old.interfaces.keys().eq(new.interfaces.keys())
            && self.old.plan().usable() == self.new.plan().usable()
    }

    /// The old rules by id.
    fn known(&self) -> HashMap<&'a str, Placed<'a>> {
        self.rule_sets().0.rules().map(|placed| (placed.2.id.as_str(), placed)).collect()
    }

    /// Whether a rule gives the same for every request.
    fn same_rule(&self, (before, _, was): &Placed<'_>, (rule, now): (RuleIndex, &Rule)) -> bool {
        let (old, new) = (self.old.program(), self.new.program());
        was.script.text == now.script.text
            && was.script.file == now.script.file
            && old.is_ready(*before) == new.is_ready(rule)
            && inputs(self.old, old.tree(*before)) == inputs(self.new, new.tree(rule))
    }

    /// The old invariant whose condition gives the same for every request.
    fn same_condition(&self, at: usize) -> Option<usize> {
        let (old, new) = self.rule_sets();
        let now = new.invariants.get(at)?;
        let before = old.invariants.iter().position(|was| was.id == now.id)?;
        let was = &old.invariants.get(before)?.when;
        let (old, new) = (self.old.program(), self.new.program());
        let same = was.text == now.when.text
            && was.file == now.when.file
            && old.condition(before).is_some()
            && new.condition(at).is_some()
            && inputs(self.old, old.condition(before)) == inputs(self.new, new.condition(at));
        same.then_some(before)
    }

    /// The old kinds of decision with the new rules' numbers.
    fn kinds(&self, decisions: &Decisions) -> Kinds {
        let (old, new) = self.rule_sets();
        let ids = |rule_set: &'a RuleSet| rule_set.rules().map(|(_, _, rule)| &rule.id);
        if ids(old).eq(ids(new)) {
            return decisions.all_kinds().clone();
        }
        decisions.all_kinds().renumbered(|rule| self.renumber(rule))
    }

    /// An old rule's number in the new rule set.
    fn renumber(&self, rule: RuleIndex) -> Option<RuleIndex> {
        let (old, new) = self.rule_sets();
        Some(new.find_rule(old.rule(rule)?.id.as_str())?.0)
    }

    /// The rows of every batch that the change may reach; none where it may reach all.
    fn reaches(
        &self,
        known: &HashMap<&str, Placed<'_>>,
        before: &RuleColumns,
        after: &RuleColumns,
        rows: usize,
    ) -> Option<Vec<Bits>> {
        if self.old.combiner().settings() != self.new.combiner().settings() || self.is_reordered() {
            return None;
        }
        let mut reached = vec![NONE; rows.div_ceil(BATCH)];
        let mut add = |column: Option<&Arc<RuleColumn>>| {
            let chunks = column.iter().flat_map(|column| &column.chunks);
            reached.iter_mut().zip(chunks).for_each(|(reached, chunk)| *reached = or(reached, chunk.rows()));
        };
        let column = |columns: &'_ RuleColumns, rule: RuleIndex| columns.get(rule.at()).cloned().flatten();
        let mut differing: Vec<(Arc<RuleColumn>, Arc<RuleColumn>)> = Vec::new();
        for (rule, stage, now) in self.rule_sets().1.rules() {
            let Some((was, from, old)) = known.get(now.id.as_str()) else {
                add(column(after, rule).as_ref());
                continue;
            };
            let (one, other) = (column(before, *was), column(after, rule));
            let placed_alike = *from == stage && old.status == now.status && old.window == now.window;
            match (one, other) {
                (Some(one), Some(other)) if placed_alike => {
                    if !Arc::ptr_eq(&one, &other) {
                        differing.push((one, other));
                    }
                }
                (one, other) => {
                    add(one.as_ref());
                    add(other.as_ref());
                }
            }
        }
        let (old, new) = self.rule_sets();
        for (rule, ..) in old.rules().filter(|(_, _, rule)| new.find_rule(rule.id.as_str()).is_none()) {
            add(column(before, rule).as_ref());
        }
        for (one, other) in differing {
            let same = other.same_arms(&one);
            for (batch, reached) in reached.iter_mut().enumerate() {
                *reached = or(reached, &other.differs(&one, &same, batch));
            }
        }
        Some(reached)
    }

    /// Whether rules that stay in their stage stand in another order.
    fn is_reordered(&self) -> bool {
        let (old, new) = self.rule_sets();
        old.stages.iter().zip(&new.stages).any(|(old, new)| {
            let stays = |rule: &&Rule, other: &[Rule]| other.iter().any(|known| known.id == rule.id);
            let before = old.rules.iter().filter(|rule| stays(rule, &new.rules)).map(|rule| &rule.id);
            let after = new.rules.iter().filter(|rule| stays(rule, &old.rules)).map(|rule| &rule.id);
            !before.eq(after)
        })
    }
}
