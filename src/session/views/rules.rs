//! The rules list: stages and rules in order, each with what it did and what is wrong with it.

use std::collections::BTreeMap;

use crate::Session;
use crate::jobs::check::CheckedDraft;
use crate::view::RulesFilter;
use countersign_core::model::{RuleId, RuleSet, StageId, Status, Verdict};
use countersign_core::script::tree::{ExprKind, OutcomeCall, walk};
use countersign_core::text::{Language, LocalText, SourceId};
use countersign_run::Run;
use countersign_run::decisions::{ByLabel, Ratio};

#[derive(Clone, Debug, PartialEq)]
pub enum RulesRow {
    Stage(StageRow),
    Rule(RuleRow),
}

#[derive(Clone, Debug, PartialEq)]
pub struct StageRow {
    pub id: StageId,
    pub title: LocalText,
    /// What it is for: `screen`, `limit`, `route`.
    pub kind: LocalText,
    /// How many of its rules are listed.
    pub listed: usize,
    pub rules: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    pub id: RuleId,
    pub stage: StageId,
    pub at: usize,
    pub title: LocalText,
    pub status: Status,
    /// Requests it hits, as active or shadow; none where no dry run is there.
    pub hits: Option<u64>,
    /// That as a share of all requests, 0 to 1.
    pub hit_share: Option<f64>,
    /// Of the requests it hits whose outcome is known, those that are fraud; none where that of no request is known, and for a rule that
    /// catches nothing.
    pub precision: Option<Ratio>,
    /// What it may return, most severe first.
    pub outcomes: Vec<OutcomeCall>,
    /// For a shadow, how many requests would get which verdict instead of another, were it active; most severe first.
    pub if_active: Vec<(Verdict, u64)>,
    /// How many more it hits than in the baseline; none where that does not have the rule.
    pub hits_change: Option<i64>,
    pub errors: usize,
    /// Warnings and notes found in it.
    pub warnings: usize,
    /// Whether it is new or differs from what is on the disk.
    pub is_changed: bool,
    pub is_selected: bool,
}

/// The list as the filter leaves it. Figures are those of the last good dry run.
pub fn rows(session: &Session) -> Vec<RulesRow> {
    let rules = session.document().rule_set();
    let filter = &session.view().rules_filter;
    let facts = ScriptFacts::new(session);
    let mut rows = Vec::new();
    for stage in &rules.stages {
        let listed: Vec<RuleRow> = stage
            .rules
            .iter()
            .enumerate()
            .map(|(at, rule)| facts.row(session, &stage.id, at, rule))
            .filter(|row| facts.is_listed(rules, filter, row))
            .collect();
        if listed.is_empty() && *filter != RulesFilter::default() {
            continue;
        }
        rows.push(RulesRow::Stage(StageRow {
            id: stage.id.clone(),
            title: stage.title.clone(),
            kind: kind(&stage.kind),
            listed: listed.len(),
            rules: stage.rules.len(),
        }));
        rows.extend(listed.into_iter().map(RulesRow::Rule));
    }
    rows
}

fn kind(kind: &countersign_core::model::StageKind) -> LocalText {
    use countersign_core::model::StageKind as K;
    match kind {
        K::Screen { .. } => LocalText::new("screen", "筛查"),
        K::Limit => LocalText::new("limit", "限额"),
        K::Route { .. } => LocalText::new("route", "路由"),
    }
}

/// What several rows need, gathered once.
struct ScriptFacts<'a> {
    hits: BTreeMap<&'a str, ByLabel>,
    old_hits: Option<BTreeMap<&'a str, ByLabel>>,
    if_active: Option<&'a BTreeMap<RuleId, Vec<(Verdict, u64)>>>,
    is_labelled: bool,
    requests: u64,
    findings: BTreeMap<SourceId, (usize, usize)>,
    checked: Option<&'a CheckedDraft>,
}

impl<'a> ScriptFacts<'a> {
    fn new(session: &'a Session) -> Self {
        let impact = session.impact().value;
        let new_hits = impact.map(|impact| hits(&impact.new));
        let checked = session.check().value.map(AsRef::as_ref);
        let mut findings: BTreeMap<SourceId, (usize, usize)> = BTreeMap::new();
        for finding in checked.iter().flat_map(|checked| &checked.findings) {
            let Some(span) = finding.span else { continue };
            let counts = findings.entry(span.source).or_default();
            if finding.severity == countersign_core::diagnostic::Severity::Error { counts.0 += 1 } else { counts.1 += 1 }
        }
        Self {
            hits: new_hits.unwrap_or_default(),
            if_active: session.details().value.map(|details| &details.if_active),
            is_labelled: impact.is_some_and(|impact| impact.new.totals().all.fraud.requests > 0),
            old_hits: impact.and_then(|impact| impact.old.as_ref()).map(hits),
            requests: impact.map_or(0, |impact| impact.new.table().len() as u64),
            findings,
            checked,
        }
    }

    fn row(&self, session: &Session, stage: &StageId, at: usize, rule: &countersign_core::model::Rule) -> RuleRow {
        let known = self.hits.get(rule.id.as_str());
        let hits = known.map(|hits| hits.all().requests);
        let old = self.old_hits.as_ref().and_then(|old| old.get(rule.id.as_str()));
        let change = hits.zip(old).map(|(new, old)| new.cast_signed() - old.all().requests.cast_signed());
        let precision = |hits: &ByLabel| Ratio::new(hits.fraud.requests, hits.fraud.requests + hits.genuine.requests);
        let outcomes = self.outcomes(rule.id.as_str());
        // A rule that accepts, limits or routes catches nothing.
        let catches = |call: &OutcomeCall| match call {
            OutcomeCall::Verdict(verdict) => *verdict != Verdict::Accept,
            OutcomeCall::Score => true,
            OutcomeCall::Limit | OutcomeCall::Route => false,
        };
        let is_judged = self.is_labelled && outcomes.iter().any(catches);
        let is_shadow = rule.status == Status::Shadow;
        let if_active = self.if_active.filter(|_| is_shadow).and_then(|known| known.get(&rule.id));
        let (errors, warnings) = self.findings.get(&rule.script.source).copied().unwrap_or_default();
        let errors = errors + usize::from(session.document().draft().unread.why(&rule.script.file).is_some());
        let saved = session.document().saved().rule_set().find_rule(rule.id.as_str());
        let is_same = |(.., saved): (_, _, &countersign_core::model::Rule)| {
            let script = &saved.script;
            countersign_core::model::Rule { script: rule.script.clone(), ..saved.clone() } == *rule
                && script.text == rule.script.text
                && script.file == rule.script.file
        };
        #[expect(clippy::cast_precision_loss, reason = "a share for a bar")]
        let share = |hits: u64| hits as f64 / self.requests.max(1) as f64;
        RuleRow {
            id: rule.id.clone(),
            stage: stage.clone(),
            at,
            title: rule.title.clone(),
            status: rule.status,
            hits,
            hit_share: hits.map(share),
            precision: known.filter(|_| is_judged).map(precision).filter(|ratio| ratio.whole > 0),
            outcomes,
            if_active: if_active.cloned().unwrap_or_default(),
            hits_change: change,
            errors,
            warnings,
            is_changed: !saved.is_some_and(is_same),
            is_selected: session.view().selection.rules.contains(&rule.id),
        }
    }

    fn is_listed(&self, rules: &RuleSet, filter: &RulesFilter, row: &RuleRow) -> bool {
        let Some((index, _, rule)) = rules.find_rule(row.id.as_str()) else { return false };
        let words = filter.text.to_lowercase();
        let both = |text: &LocalText| format!("{} {}", text.en, text.zh);
        let holds = || {
            let all = [rule.id.as_str(), &both(&rule.title), &rule.owner, &both(&rule.basis), &rule.script.text]
                .join("\n")
                .to_lowercase();
            words.split_whitespace().all(|word| all.contains(word))
        };
        let basis = filter.basis.to_lowercase();
        (filter.statuses.is_empty() || filter.statuses.contains(&row.status))
            && (filter.stages.is_empty() || filter.stages.contains(&row.stage))
            && (!filter.with_findings || row.errors + row.warnings > 0)
            && (basis.is_empty() || both(&rule.basis).to_lowercase().contains(&basis))
            && (words.is_empty() || holds())
            && filter.field.as_ref().is_none_or(|field| self.reads(index, field.as_str()))
    }

    /// What a rule may return, by the last check; most severe first.
    fn outcomes(&self, rule: &str) -> Vec<OutcomeCall> {
        let mut found = Vec::new();
        let checked = self.checked.and_then(|checked| {
            let (index, ..) = checked.definition.rule_set.find_rule(rule)?;
            checked.program.tree(index)
        });
        if let Some(tree) = checked {
            walk(tree, &mut |expr| match expr.kind {
                ExprKind::Outcome { call, .. } if !found.contains(&call) => found.push(call),
                _ => {}
            });
        }
        let rank = |call: &OutcomeCall| match call {
            OutcomeCall::Verdict(verdict) => Verdict::Decline as u8 - *verdict as u8,
            OutcomeCall::Score => 4,
            OutcomeCall::Limit => 5,
            OutcomeCall::Route => 6,
        };
        found.sort_by_key(rank);
        found
    }

    /// Whether a rule reads a field, by the last check.
    fn reads(&self, rule: countersign_core::model::RuleIndex, field: &str) -> bool {
        let Some(checked) = self.checked else { return false };
        let Some((wanted, _)) = checked.definition.schema.find(field) else { return false };
        let mut found = false;
        if let Some(tree) = checked.program.tree(rule) {
            walk(tree, &mut |expr| found |= matches!(expr.kind, ExprKind::Field(index) if index == wanted));
        }
        found
    }
}

/// The requests that each rule hits, as active or shadow.
fn hits(run: &Run) -> BTreeMap<&str, ByLabel> {
    let rules = run.engine().definition().rule_set.rules();
    rules.zip(&run.totals().rules).map(|((.., rule), totals)| (rule.id.as_str(), totals.hits)).collect()
}

/// A rule's title, or its id where it has none.
pub fn name(row: &RuleRow, language: Language) -> &str {
    let title = row.title.get(language);
    if title.is_empty() { row.id.as_str() } else { title }
}
