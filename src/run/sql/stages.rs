//! How the rules' outcomes become a decision: stages in order, as `core::engine` combines them.
//!
//! Each rule that is not off has the columns `arm ID`, which of its arms it takes (0 where it does not apply or lies outside its window,
//! -1 where it fails), and `took ID`, the same where its stage is reached and nothing before it settled that. Verdicts are numbers here, from
//! 0 for none to 4 for decline.

use std::fmt::Write;

use super::nodes::{Nodes, Said};
use super::words::{SqlType, Words};
use countersign_core::model::{
    HitPolicy, InterfaceIndex, Limit, ReasonIndex, Rule, RuleSet, Stage, StageKind, Status, Verdict, Window,
};
use countersign_core::plan::{LoweredRule, OutcomeNode, PlanStep, ReasonNode};

/// A rule that the statement decides by.
pub(super) struct SaidRule<'a> {
    pub(super) rule: &'a Rule,
    pub(super) lowered: &'a LoweredRule,
}

pub(super) struct SaidStage<'a> {
    pub(super) stage: &'a Stage,
    pub(super) rules: Vec<SaidRule<'a>>,
}

pub(super) struct Stages<'a> {
    pub(super) words: &'static dyn Words,
    pub(super) rule_set: &'a RuleSet,
    pub(super) nodes: &'a Nodes<'a>,
    pub(super) all: Vec<SaidStage<'a>>,
    /// The column of the request's time.
    pub(super) time: String,
}

/// Columns of one query over the one before: name and expression.
pub(super) type Columns = Vec<(String, String)>;

/// Where a reason may be given: when, by which verdict, and the code.
struct ReasonSite {
    when: String,
    verdict: String,
    code: String,
}

/// The number of a verdict; that of none is 0.
pub(super) fn number(verdict: Verdict) -> u8 {
    1 + verdict as u8
}

impl SaidRule<'_> {
    fn arms(&self) -> impl Iterator<Item = (usize, &[OutcomeNode])> {
        let arms = self.lowered.steps.iter().filter_map(|step| match step {
            PlanStep::Arm { outcomes, .. } => Some(outcomes.as_ref()),
            PlanStep::Check { .. } => None,
        });
        arms.enumerate().map(|(at, outcomes)| (at + 1, outcomes))
    }

    fn outcomes(&self) -> impl Iterator<Item = (usize, &OutcomeNode)> {
        self.arms().flat_map(|(arm, outcomes)| outcomes.iter().map(move |outcome| (arm, outcome)))
    }

    fn is_active(&self) -> bool {
        self.rule.status == Status::Active
    }
}

impl Stages<'_> {
    fn name(&self, kind: &str, id: &str) -> String {
        self.words.identifier(&format!("{kind} {id}"))
    }

    fn took(&self, rule: &SaidRule<'_>) -> String {
        self.name("took", rule.rule.id.as_str())
    }

    fn whole(&self, number: i64) -> String {
        format!("CAST({number} AS {})", self.words.type_name(SqlType::Whole))
    }

    /// Which arm each rule takes, whatever the other rules do.
    pub(super) fn arms(&self) -> Result<Columns, countersign_core::text::LocalText> {
        let rules = self.all.iter().flat_map(|stage| stage.rules.iter().map(move |rule| (stage, rule)));
        rules.map(|(stage, rule)| Ok((format!("arm {}", rule.rule.id.as_str()), self.arm(stage, rule)?))).collect()
    }

    fn arm(&self, stage: &SaidStage<'_>, rule: &SaidRule<'_>) -> Said {
        let (mut cases, mut arm) = (String::new(), 0);
        if let Some(outside) = self.outside(rule.rule.window) {
            let _ = write!(cases, " WHEN {outside} THEN 0");
        }
        for step in &rule.lowered.steps {
            match step {
                PlanStep::Check { guard, node } => {
                    let (fails, guard, failed) = (self.nodes.failed(*guard)?, self.nodes.value(*guard)?, self.nodes.failed(*node)?);
                    let _ = write!(cases, " WHEN {fails} THEN -1 WHEN {guard} AND {failed} THEN -1");
                }
                PlanStep::Arm { guard, outcomes } => {
                    arm += 1;
                    let (fails, guard) = (self.nodes.failed(*guard)?, self.nodes.value(*guard)?);
                    let fits = outcomes.iter().all(|outcome| is_fitting(&stage.stage.kind, outcome));
                    let parts: Vec<String> = outcomes
                        .iter()
                        .flat_map(OutcomeNode::parts)
                        .map(|part| self.nodes.failed(part))
                        .collect::<Result<_, _>>()?;
                    let failed: Vec<String> = parts.into_iter().filter(|part| part != "FALSE").collect();
                    let given = match (outcomes.is_empty(), fits) {
                        (true, _) => "0".to_owned(),
                        (false, false) => "-1".to_owned(),
                        (false, true) if failed.is_empty() => arm.to_string(),
                        (false, true) => format!("CASE WHEN {} THEN -1 ELSE {arm} END", failed.join(" OR ")),
                    };
                    let fails = if fails == "FALSE" { String::new() } else { format!(" WHEN {fails} THEN -1") };
                    let _ = write!(cases, "{fails} WHEN {guard} THEN {given}");
                }
            }
        }
        Ok(if cases.is_empty() { "0".to_owned() } else { format!("CASE{cases} ELSE 0 END") })
    }

    fn outside(&self, window: Window) -> Option<String> {
        let before = window.from.map(|from| format!("{} < {}", self.time, from.at.micros()));
        let after = window.until.map(|until| format!("{} >= {}", self.time, until.at.micros()));
        let outside: Vec<String> = before.into_iter().chain(after).collect();
        (!outside.is_empty()).then(|| format!("({})", outside.join(" OR ")))
    }

    /// The queries of a stage, one after the other.
    pub(super) fn stage(&self, at: usize) -> Result<Vec<Columns>, countersign_core::text::LocalText> {
        let Some(stage) = self.all.get(at) else { return Ok(Vec::new()) };
        let id = stage.stage.id.as_str();
        let reached = self.name("reached", id);
        let first = vec![(format!("reached {id}"), self.reached(at)), (format!("settles {id}"), self.settled_by(stage))];
        let mut second = Columns::new();
        for (place, rule) in stage.rules.iter().enumerate() {
            let arm = self.name("arm", rule.rule.id.as_str());
            let unsettled = if rule.is_active() { format!(" AND {} >= {place}", self.name("settles", id)) } else { String::new() };
            second
                .push((format!("took {}", rule.rule.id.as_str()), format!("CASE WHEN {reached}{unsettled} THEN {arm} ELSE 0 END")));
        }
        let mut third = vec![(format!("verdict {id}"), self.given_verdict(stage)), (format!("score {id}"), self.score(stage)?)];
        if let StageKind::Route { default } = &stage.stage.kind {
            let text = self.words.type_name(SqlType::Text);
            let routes = self.routes(stage, |rule, outcome| self.interface(rule, outcome))?;
            let by = self.routes(stage, |rule, _| Ok(self.words.text(rule.rule.id.as_str())))?;
            third.push((format!("route {id}"), format!("CAST({routes} AS {text})")));
            third.push((format!("routed by {id}"), format!("CAST({by} AS {text})")));
            let unsettled = format!("{reached} AND {} = {}", self.name("settles", id), stage.rules.len());
            let default = default.as_ref().filter(|id| self.rule_set.interfaces.contains_key(*id));
            let given =
                default.map_or("NULL".to_owned(), |id| format!("CASE WHEN {unsettled} THEN {} END", self.words.text(id.as_str())));
            third.push((format!("default {id}"), format!("CAST({given} AS {text})")));
            let no_route = if self.needs_route(at) { format!("({unsettled})") } else { "FALSE".to_owned() };
            third.push((format!("no route {id}"), no_route));
        }
        let fourth = vec![(format!("band {id}"), self.band(stage))];
        let band = format!("CASE WHEN {0} = 1 THEN 0 ELSE {0} END", self.name("band", id));
        let on_error = number(self.rule_set.on_error.verdict);
        let no_route = match stage.stage.kind {
            StageKind::Route { .. } => format!(", CASE WHEN {} THEN {on_error} ELSE 0 END", self.name("no route", id)),
            _ => String::new(),
        };
        let fifth = vec![(format!("result {id}"), format!("GREATEST({}, {band}{no_route})", self.name("verdict", id)))];
        Ok(vec![first, second, third, fourth, fifth])
    }

    fn reached(&self, at: usize) -> String {
        let Some(stage) = self.all.get(at) else { return "FALSE".to_owned() };
        let mut conditions = vec![format!("{} IS NOT NULL", self.time)];
        for before in self.all.iter().take(at) {
            let id = before.stage.id.as_str();
            conditions.push(format!("{} <> {}", self.name("result", id), number(Verdict::Decline)));
            match (&before.stage.kind, &stage.stage.kind) {
                (StageKind::Screen { .. }, StageKind::Screen { .. }) => {
                    conditions.push(format!("{} <> {}", self.name("result", id), number(Verdict::Accept)));
                }
                (StageKind::Route { .. }, StageKind::Route { .. }) => {
                    conditions.push(format!("{} IS NULL", self.name("routed by", id)));
                }
                _ => {}
            }
        }
        conditions.join(" AND ")
    }

    /// The place of the first active rule that settles the stage; their number where none does.
    fn settled_by(&self, stage: &SaidStage<'_>) -> String {
        let none = stage.rules.len();
        let settles = |outcome: &OutcomeNode| {
            matches!(
                (&stage.stage.kind, outcome),
                (StageKind::Screen { policy: HitPolicy::First, .. }, OutcomeNode::Verdict(..))
                    | (StageKind::Route { .. }, OutcomeNode::Route(_) | OutcomeNode::RouteTo(_))
            )
        };
        let ends = !matches!(stage.stage.kind, StageKind::Screen { policy: HitPolicy::MostSevere, .. } | StageKind::Limit);
        let mut cases = String::new();
        for (place, rule) in stage.rules.iter().enumerate().filter(|(_, rule)| ends && rule.is_active()) {
            let mut arms = vec!["-1".to_owned()];
            arms.extend(rule.arms().filter(|(_, outcomes)| outcomes.iter().any(settles)).map(|(arm, _)| arm.to_string()));
            let arm = self.name("arm", rule.rule.id.as_str());
            let _ = write!(cases, " WHEN {arm} IN ({}) THEN {place}", arms.join(", "));
        }
        if cases.is_empty() { none.to_string() } else { format!("CASE{cases} ELSE {none} END") }
    }

    /// The most severe verdict of the rules, a failed one's among them.
    fn given_verdict(&self, stage: &SaidStage<'_>) -> String {
        let mut all = vec!["0".to_owned()];
        for rule in stage.rules.iter().filter(|rule| rule.is_active()) {
            let mut cases = format!(" WHEN -1 THEN {}", number(self.rule_set.on_error.verdict));
            for (arm, outcomes) in rule.arms() {
                let verdicts = outcomes.iter().filter_map(|outcome| match outcome {
                    OutcomeNode::Verdict(verdict, _) => Some(number(*verdict)),
                    _ => None,
                });
                if let Some(most) = verdicts.max() {
                    let _ = write!(cases, " WHEN {arm} THEN {most}");
                }
            }
            all.push(format!("CASE {}{cases} ELSE 0 END", self.took(rule)));
        }
        format!("GREATEST({})", if all.len() == 1 { "0, 0".to_owned() } else { all.join(", ") })
    }

    /// The sum of the scores, which stays within 64 bits at each step.
    fn score(&self, stage: &SaidStage<'_>) -> Said {
        let mut sum = self.whole(0);
        for rule in stage.rules.iter().filter(|rule| rule.is_active()) {
            for (arm, outcome) in rule.outcomes() {
                if let OutcomeNode::Score(points, _) = outcome {
                    let points = self.nodes.value(*points)?;
                    sum = saturated(&format!("({sum} + CASE WHEN {} = {arm} THEN {points} ELSE 0 END)", self.took(rule)));
                }
            }
        }
        Ok(sum)
    }

    fn band(&self, stage: &SaidStage<'_>) -> String {
        let StageKind::Screen { bands, .. } = &stage.stage.kind else { return "0".to_owned() };
        let id = stage.stage.id.as_str();
        let (score, reached) = (self.name("score", id), self.name("reached", id));
        let cases: Vec<String> = bands
            .iter()
            .rev()
            .map(|band| format!(" WHEN {reached} AND {score} >= {} THEN {}", band.at_least, number(band.verdict)))
            .collect();
        if cases.is_empty() { "0".to_owned() } else { format!("CASE{} ELSE 0 END", cases.concat()) }
    }

    /// Something of the rule that routes; of the first outcome of its arm that does.
    fn routes(&self, stage: &SaidStage<'_>, of: impl Fn(&SaidRule<'_>, &OutcomeNode) -> Said) -> Said {
        let mut cases = String::new();
        for rule in stage.rules.iter().filter(|rule| rule.is_active()) {
            for (arm, outcomes) in rule.arms() {
                if let Some(outcome) = outcomes.iter().find(|outcome| is_fitting(&stage.stage.kind, outcome)) {
                    let _ = write!(cases, " WHEN {} = {arm} THEN {}", self.took(rule), of(rule, outcome)?);
                }
            }
        }
        Ok(if cases.is_empty() { "NULL".to_owned() } else { format!("CASE{cases} END") })
    }

    fn interface(&self, _: &SaidRule<'_>, outcome: &OutcomeNode) -> Said {
        let id = |at: InterfaceIndex| self.rule_set.interfaces.get_index(at.at()).map_or("", |(id, _)| id.as_str());
        match outcome {
            OutcomeNode::Route(at) => Ok(self.words.text(id(*at))),
            OutcomeNode::RouteTo(node) => {
                let ids = self.rule_set.interfaces.keys().enumerate();
                let cases: Vec<String> = ids.map(|(at, id)| format!(" WHEN {at} THEN {}", self.words.text(id.as_str()))).collect();
                Ok(format!("CASE {}{} END", self.nodes.value(*node)?, cases.concat()))
            }
            _ => Ok("NULL".to_owned()),
        }
    }

    /// Whether a request must have an interface after a stage: no Route stage up to it has a default.
    fn needs_route(&self, at: usize) -> bool {
        self.all.iter().take(at + 1).all(|stage| match &stage.stage.kind {
            StageKind::Route { default } => !default.as_ref().is_some_and(|id| self.rule_set.interfaces.contains_key(id)),
            _ => true,
        })
    }

    /// The decision's columns, and the lists that become texts.
    pub(super) fn decision(&self) -> Result<[Columns; 2], countersign_core::text::LocalText> {
        let on_error = number(self.rule_set.on_error.verdict);
        let no_time = format!("{} IS NULL", self.time);
        let results = self.all.iter().map(|stage| self.name("result", stage.stage.id.as_str()));
        let results: Vec<String> =
            ["1".to_owned(), format!("CASE WHEN {no_time} THEN {on_error} ELSE 1 END")].into_iter().chain(results).collect();
        let mut sum = self.whole(0);
        for stage in &self.all {
            sum = saturated(&format!("({sum} + {})", self.name("score", stage.stage.id.as_str())));
        }
        let mut first =
            vec![("decision final".to_owned(), format!("GREATEST({})", results.join(", "))), ("decision score".to_owned(), sum)];
        let routes: Vec<&str> = self
            .all
            .iter()
            .filter(|stage| matches!(stage.stage.kind, StageKind::Route { .. }))
            .map(|s| s.stage.id.as_str())
            .collect();
        let named = |kind: &str| routes.iter().map(|id| self.name(kind, id)).collect::<Vec<String>>();
        let coalesced = |all: Vec<String>| {
            let null = format!("CAST(NULL AS {})", self.words.type_name(SqlType::Text));
            format!("COALESCE({})", all.into_iter().chain([null.clone(), null]).collect::<Vec<_>>().join(", "))
        };
        first.push(("decision interface".to_owned(), coalesced(named("route").into_iter().chain(named("default")).collect())));
        first.push(("decision routed_by".to_owned(), coalesced(named("routed by"))));
        for (at, limit) in Limit::ALL.into_iter().enumerate() {
            first.push((format!("decision limit_{}", limit.word()), self.limit(at)?));
        }
        let asked: Vec<String> = self.rules().map(|rule| format!("{} = -1", self.took(rule))).collect();
        first.push((
            "decision fails".to_owned(),
            if asked.is_empty() { "FALSE".to_owned() } else { format!("({})", asked.join(" OR ")) },
        ));
        let second = vec![
            ("reason list".to_owned(), self.words.list(&self.reasons(&no_time)?)),
            ("hit list".to_owned(), self.words.list(&self.hits(true))),
            ("shadow hit list".to_owned(), self.words.list(&self.hits(false))),
            ("error list".to_owned(), self.words.list(&self.errors(&no_time))),
        ];
        Ok([first, second])
    }

    fn rules(&self) -> impl Iterator<Item = &SaidRule<'_>> {
        self.all.iter().flat_map(|stage| &stage.rules)
    }

    fn limit(&self, at: usize) -> Said {
        let unlimited = format!("CAST({UNLIMITED} AS {})", self.words.type_name(SqlType::Whole));
        // Two, so that there are two to compare where no rule sets the limit.
        let mut all = vec![unlimited.clone(), unlimited.clone()];
        for rule in self.rules().filter(|rule| rule.is_active()) {
            for (arm, outcome) in rule.outcomes() {
                if let OutcomeNode::Limit(amounts) = outcome
                    && let Some(amount) = amounts.get(at).copied().flatten()
                {
                    let amount = self.nodes.value(amount)?;
                    all.push(format!("CASE WHEN {} = {arm} THEN {amount} ELSE {unlimited} END", self.took(rule)));
                }
            }
        }
        Ok(format!("NULLIF(LEAST({}), {unlimited})", all.join(", ")))
    }

    /// The codes in the order in which they are given, NULL for those that are not the decision's.
    fn reasons(&self, no_time: &str) -> Result<Vec<String>, countersign_core::text::LocalText> {
        let on_error = number(self.rule_set.on_error.verdict).to_string();
        let error = self.rule_set.error_reason().map(|reason| self.words.text(self.code(reason)));
        let failed = |when: String| error.clone().map(|code| ReasonSite { when, verdict: on_error.clone(), code });
        let mut sites: Vec<ReasonSite> = failed(no_time.to_owned()).into_iter().collect();
        for stage in &self.all {
            let id = stage.stage.id.as_str();
            let mut scorers = Vec::new();
            for rule in stage.rules.iter().filter(|rule| rule.is_active()) {
                let took = self.took(rule);
                for (arm, outcome) in rule.outcomes() {
                    match outcome {
                        OutcomeNode::Verdict(verdict, reason) => sites.push(ReasonSite {
                            when: format!("{took} = {arm}"),
                            verdict: number(*verdict).to_string(),
                            code: self.reason(*reason)?,
                        }),
                        OutcomeNode::Score(points, reason) => scorers.push(ReasonSite {
                            when: format!("{took} = {arm} AND {} > 0", self.nodes.value(*points)?),
                            verdict: self.name("band", id),
                            code: self.reason(*reason)?,
                        }),
                        OutcomeNode::Limit(_) | OutcomeNode::Route(_) | OutcomeNode::RouteTo(_) => {}
                    }
                }
                sites.extend(failed(format!("{took} = -1")));
            }
            sites.extend(scorers);
            if matches!(stage.stage.kind, StageKind::Route { .. }) {
                sites.extend(failed(self.name("no route", id)));
            }
        }
        let last = self.words.identifier("decision final");
        Ok(sites
            .iter()
            .map(|site| format!("CASE WHEN {} AND {} = {last} THEN {} END", site.when, site.verdict, site.code))
            .collect())
    }

    fn code(&self, reason: ReasonIndex) -> &str {
        self.rule_set.reasons.get_index(reason.at()).map_or("", |(id, _)| id.as_str())
    }

    fn reason(&self, reason: ReasonNode) -> Said {
        match reason {
            ReasonNode::Fixed(reason) => Ok(self.words.text(self.code(reason))),
            ReasonNode::Of(node) => {
                let ids = self.rule_set.reasons.keys().enumerate();
                let cases: Vec<String> = ids.map(|(at, id)| format!(" WHEN {at} THEN {}", self.words.text(id.as_str()))).collect();
                Ok(format!("CASE {}{} END", self.nodes.value(node)?, cases.concat()))
            }
        }
    }

    fn hits(&self, active: bool) -> Vec<String> {
        let rules = self.rules().filter(|rule| rule.is_active() == active);
        rules.map(|rule| format!("CASE WHEN {} > 0 THEN {} END", self.took(rule), self.words.text(rule.rule.id.as_str()))).collect()
    }

    fn errors(&self, no_time: &str) -> Vec<String> {
        let stage_id = |stage: &SaidStage<'_>| self.words.text(&format!("stage:{}", stage.stage.id.as_str()));
        let mut all: Vec<String> =
            self.all.first().map(|stage| format!("CASE WHEN {no_time} THEN {} END", stage_id(stage))).into_iter().collect();
        for stage in &self.all {
            for rule in stage.rules.iter().filter(|rule| rule.is_active()) {
                all.push(format!("CASE WHEN {} = -1 THEN {} END", self.took(rule), self.words.text(rule.rule.id.as_str())));
            }
            if matches!(stage.stage.kind, StageKind::Route { .. }) {
                all.push(format!("CASE WHEN {} THEN {} END", self.name("no route", stage.stage.id.as_str()), stage_id(stage)));
            }
        }
        all
    }
}

/// More than any limit: none is set.
const UNLIMITED: &str = "9223372036854775808";

fn saturated(whole: &str) -> String {
    format!("GREATEST({}, LEAST({}, {whole}))", i64::MIN, i64::MAX)
}

/// Whether an outcome belongs in a stage.
fn is_fitting(kind: &StageKind, outcome: &OutcomeNode) -> bool {
    match outcome {
        OutcomeNode::Verdict(..) | OutcomeNode::Score(..) => matches!(kind, StageKind::Screen { .. }),
        OutcomeNode::Limit(_) => matches!(kind, StageKind::Limit),
        OutcomeNode::Route(_) | OutcomeNode::RouteTo(_) => matches!(kind, StageKind::Route { .. }),
    }
}
