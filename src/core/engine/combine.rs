//! The decision of all rules together: stages in order, hit policies, bands, errors. How a rule is evaluated is the caller's business, so
//! that the interpreter and every faster path share this one meaning. `docs/decision-semantics.md` is that meaning as a table.

use std::cell::Cell;

use crate::model::{
    Band, Decision, DecisionError, HitPolicy, InterfaceIndex, Outcome, ReasonGiven, ReasonIndex, RuleIndex, RuleSet, StageIndex,
    StageKind, Status, Timestamp, Verdict, Window,
};

/// What evaluating one rule gave: its outcomes, or why it failed.
pub type Evaluated = Result<Vec<Outcome>, String>;

/// What happened while a decision was made; a trace collects these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecisionStep {
    /// A stage was not reached: after a decline, a Screen stage after an accept, a Route stage after a rule routed.
    Skipped(StageIndex),
    /// A rule of a reached stage.
    Rule(RuleIndex, RuleStep),
    /// A stage is done.
    Done(StageIndex, StageResult),
}

/// What happened to one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleStep {
    /// Its status is Off.
    Off,
    /// The request's time lies outside its window.
    OutsideWindow,
    /// A rule before it settled the stage.
    NotEvaluated,
    /// It was evaluated, as a shadow or not.
    Evaluated {
        /// Whether it has no effect.
        shadow: bool,
        /// What it gave.
        outcome: Evaluated,
    },
}

/// The result of a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageResult {
    /// The verdict of the stage, if it gave one.
    pub verdict: Option<Verdict>,
    /// The sum of its scores.
    pub score: i64,
    /// The verdict of the band the sum fell into.
    pub band: Option<Verdict>,
}

/// What one stage alone adds to a decision. A decision is its stages' effects one after the other: see [`join`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StageEffect {
    verdict: Option<Verdict>,
    given: Vec<(Verdict, ReasonGiven)>,
    /// A decision of this stage only; without reasons.
    part: Decision,
}

/// Which stages are still reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageFlow {
    /// An explicit accept: Screen stages are skipped.
    pub accepted: bool,
    /// A rule routed: Route stages are skipped.
    pub routed: bool,
    /// A decline: everything is skipped.
    pub ended: bool,
}

/// The parts of a rule set that combining needs, looked up once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combiner {
    stages: Vec<StagePlan>,
    on_error: (Verdict, Option<ReasonIndex>),
}

/// A stage as combining sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagePlan {
    kind: PlanKind,
    /// Its rules in order.
    pub rules: Vec<(RuleIndex, Status, Window)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PlanKind {
    Screen(HitPolicy, Vec<Band>),
    Limit,
    /// With the default, and whether a request must have an interface after it: no Route stage up to it has a default.
    Route(Option<InterfaceIndex>, bool),
}

impl Combiner {
    /// Looks up what combining needs.
    #[must_use]
    pub fn new(rule_set: &RuleSet) -> Self {
        let mut has_default = false;
        let mut stages: Vec<StagePlan> = rule_set
            .stages
            .iter()
            .map(|stage| {
                let kind = match &stage.kind {
                    StageKind::Screen { policy, bands } => PlanKind::Screen(*policy, bands.clone()),
                    StageKind::Limit => PlanKind::Limit,
                    StageKind::Route { default } => {
                        let position = default.as_ref().and_then(|id| rule_set.interfaces.get_index_of(id));
                        let default = position.and_then(InterfaceIndex::from_position);
                        has_default |= default.is_some();
                        PlanKind::Route(default, !has_default)
                    }
                };
                StagePlan { kind, rules: Vec::new() }
            })
            .collect();
        for (index, stage, rule) in rule_set.rules() {
            if let Some(stage) = stages.get_mut(stage.at()) {
                stage.rules.push((index, rule.status, rule.window));
            }
        }
        Self { stages, on_error: (rule_set.on_error.verdict, rule_set.error_reason()) }
    }

    /// The stages in order.
    #[must_use]
    pub fn stages(&self) -> &[StagePlan] {
        &self.stages
    }

    /// Whether two rule sets combine alike, whatever their rules, rules being identified by their place in the stages.
    #[must_use]
    pub fn settings(&self) -> impl PartialEq + '_ {
        (self.stages.iter().map(|stage| &stage.kind).collect::<Vec<_>>(), self.on_error)
    }

    /// What a stage alone makes of its rules' results, all taken to be inside their windows. A result comes with its rule's position in the
    /// stage, in order; a rule that is left out gives nothing.
    pub fn stage_alone(&self, index: StageIndex, results: impl IntoIterator<Item = (usize, Evaluated)>) -> StageEffect {
        let Some(stage) = self.stages.get(index.at()) else { return StageEffect::default() };
        let result = Cell::new(Ok(Vec::new()));
        let run = |_| result.replace(Ok(Vec::new()));
        let mut making = Making { combiner: self, time: None, given: Vec::new(), decision: Decision::default(), run, see: |_| {} };
        let mut so_far = StageState::default();
        for (position, given) in results {
            let Some((rule, status, window)) = stage.rules.get(position) else { continue };
            result.set(given);
            making.rule(index, stage, *rule, (*status, *window), &mut so_far);
        }
        let verdict = making.end(index, stage, &so_far);
        StageEffect { verdict, given: making.given, part: making.decision }
    }

    /// Decides: `run` evaluates one rule, `see` receives every step. A request without a time fails as a whole.
    pub fn combine(
        &self,
        time: Option<Timestamp>,
        run: impl FnMut(RuleIndex) -> Evaluated,
        see: impl FnMut(DecisionStep),
    ) -> Decision {
        let mut making = Making { combiner: self, time, given: Vec::new(), decision: Decision::default(), run, see };
        if time.is_none() {
            making.fail(StageIndex(0), None, "the request has no time".to_owned());
        } else {
            making.all_stages();
        }
        making.finish()
    }
}

/// One decision in the making.
struct Making<'a, Run, See> {
    combiner: &'a Combiner,
    /// None where every rule is taken to be inside its window.
    time: Option<Timestamp>,
    /// Every verdict given so far with its reason; the final verdict's are kept.
    given: Vec<(Verdict, ReasonGiven)>,
    decision: Decision,
    run: Run,
    see: See,
}

/// The outcomes of a stage's active rules so far.
#[derive(Default)]
struct StageState {
    verdict: Option<Verdict>,
    score: i64,
    scorers: Vec<ReasonGiven>,
    routed: bool,
    settled: bool,
}

impl<Run: FnMut(RuleIndex) -> Evaluated, See: FnMut(DecisionStep)> Making<'_, Run, See> {
    fn all_stages(&mut self) {
        let mut flow = StageFlow::default();
        for (position, stage) in self.combiner.stages.iter().enumerate() {
            let Some(index) = StageIndex::from_position(position) else { break };
            if flow.skips(stage) {
                (self.see)(DecisionStep::Skipped(index));
                continue;
            }
            let verdict = self.stage(index, stage);
            self.decision.verdict = self.decision.verdict.max(verdict.unwrap_or_default());
            flow.pass(stage, verdict, self.decision.routed_by.is_some());
        }
    }

    /// Runs one stage and returns the verdict of its rules or errors.
    fn stage(&mut self, index: StageIndex, stage: &StagePlan) -> Option<Verdict> {
        let mut so_far = StageState::default();
        for (rule, status, window) in &stage.rules {
            let step = self.rule(index, stage, *rule, (*status, *window), &mut so_far);
            (self.see)(DecisionStep::Rule(*rule, step));
        }
        self.end(index, stage, &so_far)
    }

    /// Ends a stage after its last rule.
    fn end(&mut self, index: StageIndex, stage: &StagePlan, so_far: &StageState) -> Option<Verdict> {
        let mut result = StageResult { verdict: so_far.verdict, score: so_far.score, band: None };
        match &stage.kind {
            PlanKind::Screen(_, bands) => {
                result.band = bands.iter().rev().find(|band| so_far.score >= band.at_least).map(|band| band.verdict);
                if let Some(band) = result.band {
                    self.given.extend(so_far.scorers.iter().map(|reason| (band, *reason)));
                }
            }
            PlanKind::Route(Some(default), _) if !so_far.settled => {
                self.decision.interface.get_or_insert(*default);
            }
            PlanKind::Route(None, true) if !so_far.settled => {
                self.fail(index, None, "no rule routes this request and the stage has no default".to_owned());
                result.verdict = Some(self.combiner.on_error.0);
            }
            PlanKind::Limit | PlanKind::Route(..) => {}
        }
        self.decision.score = self.decision.score.saturating_add(so_far.score);
        // A band's Accept is no explicit accept: it must not skip the stages that follow.
        let band = result.band.filter(|band| *band != Verdict::Accept);
        result.verdict = result.verdict.max(band);
        (self.see)(DecisionStep::Done(index, result));
        result.verdict
    }

    fn rule(
        &mut self,
        index: StageIndex,
        stage: &StagePlan,
        rule: RuleIndex,
        (status, window): (Status, Window),
        so_far: &mut StageState,
    ) -> RuleStep {
        if status == Status::Off {
            return RuleStep::Off;
        }
        if self.time.is_some_and(|time| !window.contains(time)) {
            return RuleStep::OutsideWindow;
        }
        let shadow = status == Status::Shadow;
        if so_far.settled && !shadow {
            return RuleStep::NotEvaluated;
        }
        let outcome = (self.run)(rule).and_then(|outcomes| fitting(&stage.kind, outcomes));
        match &outcome {
            Ok(outcomes) if outcomes.is_empty() => {}
            Ok(_) if shadow => self.decision.shadow_hits.push(rule),
            Ok(outcomes) => {
                self.decision.hits.push(rule);
                for outcome in outcomes {
                    self.apply(rule, outcome, so_far);
                }
            }
            Err(message) if shadow => {
                let error = DecisionError { stage: index, rule: Some(rule), shadow, message: message.clone() };
                self.decision.errors.push(error);
            }
            Err(message) => {
                self.fail(index, Some(rule), message.clone());
                so_far.verdict = so_far.verdict.max(Some(self.combiner.on_error.0));
                so_far.settled |= matches!(stage.kind, PlanKind::Route(..));
            }
        }
        if !shadow {
            let first = matches!(stage.kind, PlanKind::Screen(HitPolicy::First, _)) && so_far.verdict.is_some();
            so_far.settled |= first || so_far.routed;
        }
        RuleStep::Evaluated { shadow, outcome }
    }

    fn apply(&mut self, rule: RuleIndex, outcome: &Outcome, so_far: &mut StageState) {
        let given = |reason| ReasonGiven { reason, rule: Some(rule) };
        match outcome {
            Outcome::Verdict(verdict, reason) => {
                so_far.verdict = so_far.verdict.max(Some(*verdict));
                self.given.push((*verdict, given(*reason)));
            }
            Outcome::Score(points, reason) => {
                so_far.score = so_far.score.saturating_add(*points);
                if *points > 0 {
                    so_far.scorers.push(given(*reason));
                }
            }
            Outcome::Limit(limits) => self.decision.limits.tighten(limits),
            Outcome::Route(interface) => {
                if !so_far.routed {
                    self.decision.interface = Some(*interface);
                    self.decision.routed_by = Some(rule);
                }
                so_far.routed = true;
            }
        }
    }

    fn fail(&mut self, stage: StageIndex, rule: Option<RuleIndex>, message: String) {
        let (verdict, reason) = self.combiner.on_error;
        self.decision.errors.push(DecisionError { stage, rule, shadow: false, message });
        self.decision.verdict = self.decision.verdict.max(verdict);
        if let Some(reason) = reason {
            self.given.push((verdict, ReasonGiven { reason, rule }));
        }
    }

    fn finish(self) -> Decision {
        finish(self.decision, &self.given)
    }
}

/// Keeps the reasons of the final verdict, each once, in order.
fn finish(mut decision: Decision, given: &[(Verdict, ReasonGiven)]) -> Decision {
    for (verdict, reason) in given {
        if *verdict == decision.verdict && !decision.reasons.contains(reason) {
            decision.reasons.push(*reason);
        }
    }
    decision
}

impl StageFlow {
    /// Whether a stage is not reached.
    #[must_use]
    pub fn skips(self, stage: &StagePlan) -> bool {
        self.ended || (self.accepted && stage.is_screen()) || (self.routed && stage.is_route())
    }

    /// After two parts of the stages, one after the other.
    #[must_use]
    pub fn and_then(self, next: Self) -> Self {
        Self { accepted: self.accepted || next.accepted, routed: self.routed || next.routed, ended: self.ended || next.ended }
    }

    /// A stage is done and gave that verdict; a rule of it or of a stage before has routed or not.
    pub(crate) fn pass(&mut self, stage: &StagePlan, verdict: Option<Verdict>, routed: bool) {
        self.ended = verdict == Some(Verdict::Decline);
        self.accepted |= stage.is_screen() && verdict == Some(Verdict::Accept);
        self.routed |= routed;
    }
}

impl StagePlan {
    /// Whether it gives verdicts and scores.
    #[must_use]
    pub fn is_screen(&self) -> bool {
        matches!(self.kind, PlanKind::Screen(..))
    }

    /// Whether it gives interfaces.
    #[must_use]
    pub fn is_route(&self) -> bool {
        matches!(self.kind, PlanKind::Route(..))
    }
}

impl StageEffect {
    /// What stages follow on a stage with this effect.
    #[must_use]
    pub fn flow(&self, stage: &StagePlan) -> StageFlow {
        let mut flow = StageFlow::default();
        flow.pass(stage, self.verdict, self.part.routed_by.is_some());
        flow
    }
}

/// A decision put together from the effects of the stages that were reached, in order.
pub fn join<'a>(effects: impl Iterator<Item = &'a StageEffect>) -> Decision {
    let (mut decision, mut given) = (Decision::default(), Vec::new());
    for effect in effects {
        let part = &effect.part;
        decision.verdict = decision.verdict.max(effect.verdict.unwrap_or_default()).max(part.verdict);
        decision.score = decision.score.saturating_add(part.score);
        decision.limits.tighten(&part.limits);
        // A rule's route replaces a default of a stage before; a default replaces nothing.
        if part.routed_by.is_some() || decision.interface.is_none() {
            (decision.interface, decision.routed_by) = (part.interface, part.routed_by);
        }
        decision.hits.extend(&part.hits);
        decision.shadow_hits.extend(&part.shadow_hits);
        decision.errors.extend(part.errors.iter().cloned());
        given.extend(&effect.given);
    }
    finish(decision, &given)
}

/// Refuses an outcome that does not belong in the stage.
fn fitting(kind: &PlanKind, outcomes: Vec<Outcome>) -> Evaluated {
    let (wanted, stage) = match kind {
        PlanKind::Screen(..) => ("a verdict or a score", "screen"),
        PlanKind::Limit => ("a limit", "limit"),
        PlanKind::Route(..) => ("a route", "route"),
    };
    let fits = |outcome: &Outcome| match outcome {
        Outcome::Verdict(..) | Outcome::Score(..) => matches!(kind, PlanKind::Screen(..)),
        Outcome::Limit(_) => matches!(kind, PlanKind::Limit),
        Outcome::Route(_) => matches!(kind, PlanKind::Route(..)),
    };
    if outcomes.iter().all(fits) { Ok(outcomes) } else { Err(format!("a rule in a {stage} stage must return {wanted}")) }
}
