//! Rules, stages and hit policies as formulas: what `docs/decision-semantics.md` says, for every request at once.

use std::collections::HashMap;

use batsat::Lit;

use super::encode::term::{Cases, Term, Val};
use super::encode::{Encoder, INTS, Part};
use super::linear::Linear;
use countersign_core::model::{Definition, HitPolicy, RuleIndex, Stage, StageIndex, StageKind, Status, Verdict, Window};
use countersign_core::plan::{LoweredRule, OutcomeNode, PlanStep};
use countersign_core::text::LocalText;

/// The most different sums of a stage's scores that are told apart one by one.
const MOST_SUMS: usize = 400;

pub(super) struct RuleFacts {
    pub(super) rule: RuleIndex,
    /// Its window holds the request's time, and its script gives something, whatever stands before it.
    pub(super) matches: Lit,
    /// Its window holds the request's time, and a rule after it in a stage with one answer is not asked.
    pub(super) settles: Lit,
    /// It is evaluated, and gives something.
    pub(super) fires: Lit,
    /// It is evaluated, and fails.
    pub(super) fails: Lit,
}

pub(super) struct StageFacts {
    pub(super) stage: StageIndex,
    pub(super) reached: Lit,
    pub(super) rules: Vec<RuleFacts>,
    /// For each band, that the sum falls into it.
    pub(super) bands: Vec<Lit>,
    /// No rule of it routes, and there is no default.
    pub(super) unrouted: Lit,
}

/// A whole rule set for every request.
pub(super) struct Flow {
    pub(super) stages: Vec<StageFacts>,
    /// The verdict is at least this severe, by severity; the first always holds.
    at_least: [Lit; 4],
}

/// What a script gives, whether or not it is evaluated.
struct EncodedScript {
    fails: Lit,
    any: Lit,
    verdicts: [Lit; 4],
    points: Cases<Linear>,
    routes: Lit,
}

/// What has happened before a stage.
struct Before {
    ended: Lit,
    accepted: Lit,
    routed: Lit,
    has_default: bool,
}

impl Flow {
    pub(super) fn at_least(&self, verdict: Verdict) -> Lit {
        let [accept, step_up, refer, decline] = self.at_least;
        match verdict {
            Verdict::Accept => accept,
            Verdict::StepUp => step_up,
            Verdict::Refer => refer,
            Verdict::Decline => decline,
        }
    }

    pub(super) fn rule(&self, rule: RuleIndex) -> Option<(&StageFacts, &RuleFacts)> {
        self.stages.iter().find_map(|stage| Some((stage, stage.rules.iter().find(|held| held.rule == rule)?)))
    }
}

/// The verdict that a stage's parts come to, as it grows.
type Severities = [Vec<Lit>; 4];

fn place<T>(places: &mut [T; 4], verdict: Verdict) -> &mut T {
    let [accept, step_up, refer, decline] = places;
    match verdict {
        Verdict::Accept => accept,
        Verdict::StepUp => step_up,
        Verdict::Refer => refer,
        Verdict::Decline => decline,
    }
}

impl Encoder {
    /// A rule set's stages in order.
    pub(super) fn flow(&mut self, part: &Part<'_>, definition: &Definition) -> Flow {
        let no = self.formula.no();
        let mut before = Before { ended: no, accepted: no, routed: no, has_default: false };
        let mut severities: Severities = Default::default();
        let mut stages = Vec::new();
        let mut first = 0;
        for (position, stage) in definition.rule_set.stages.iter().enumerate() {
            let Some(index) = StageIndex::from_position(position) else { break };
            stages.push(self.stage(part, definition, (index, stage, first), &mut before, &mut severities));
            first += stage.rules.len();
        }
        let [_, step_up, refer, decline] = severities;
        let decline = self.formula.any(decline);
        let refer = self.formula.any(refer.into_iter().chain([decline]));
        let step_up = self.formula.any(step_up.into_iter().chain([refer]));
        Flow { stages, at_least: [self.formula.yes(), step_up, refer, decline] }
    }

    fn stage(
        &mut self,
        part: &Part<'_>,
        definition: &Definition,
        (index, stage, first): (StageIndex, &Stage, usize),
        before: &mut Before,
        severities: &mut Severities,
    ) -> StageFacts {
        let no = self.formula.no();
        let (is_screen, is_route) = (matches!(stage.kind, StageKind::Screen { .. }), matches!(stage.kind, StageKind::Route { .. }));
        let skipped = self.formula.any([
            before.ended,
            if is_screen { before.accepted } else { no },
            if is_route { before.routed } else { no },
        ]);
        let reached = !skipped;
        let one_answer = is_route || matches!(stage.kind, StageKind::Screen { policy: HitPolicy::First, .. });
        let on_error = definition.rule_set.on_error.verdict;
        let (mut settled, mut ways, mut rules, mut points) = (no, Vec::new(), Vec::new(), Vec::new());
        let mut given: Severities = Default::default();
        for (at, rule) in stage.rules.iter().enumerate() {
            let Some(rule_index) = RuleIndex::from_position(first + at) else { break };
            if rule.status == Status::Off {
                continue;
            }
            let script = self.script(part, rule_index, &stage.kind);
            let inside = self.window(definition, rule.window);
            let shadow = rule.status == Status::Shadow;
            let asked = self.formula.all([reached, inside, if shadow { self.formula.yes() } else { !settled }]);
            let (fires, fails) = (self.formula.all([asked, script.any]), self.formula.all([asked, script.fails]));
            let any_verdict = self.formula.any(script.verdicts);
            let answers = if is_route { script.routes } else { any_verdict };
            let settling = self.formula.any([answers, script.fails]);
            let settles = if one_answer && !shadow { self.formula.all([inside, settling]) } else { no };
            let matches = self.formula.all([inside, script.any]);
            rules.push(RuleFacts { rule: rule_index, matches, settles, fires, fails });
            if shadow {
                continue;
            }
            for (verdict, literal) in Verdict::ALL.into_iter().zip(script.verdicts) {
                let so = self.formula.all([asked, literal]);
                place(&mut given, verdict).push(so);
            }
            place(&mut given, on_error).push(fails);
            ways.push(self.formula.all([asked, script.routes]));
            let mut added = Vec::new();
            for (guard, number) in script.points {
                added.push((self.formula.all([asked, guard]), number));
            }
            points.push(added);
            let ends = self.formula.all([asked, settles]);
            settled = self.formula.any([settled, ends]);
        }
        let routes = self.formula.any(ways);
        let mut facts = StageFacts { stage: index, reached, rules, bands: Vec::new(), unrouted: no };
        match &stage.kind {
            StageKind::Screen { bands, .. } => {
                facts.bands = self.bands(reached, &bands.iter().map(|band| band.at_least).collect::<Vec<_>>(), points);
                for (band, literal) in bands.iter().zip(&facts.bands) {
                    if band.verdict != Verdict::Accept {
                        place(&mut given, band.verdict).push(*literal);
                    }
                }
            }
            StageKind::Route { default } => {
                before.has_default |= default.as_ref().is_some_and(|id| definition.rule_set.interfaces.contains_key(id));
                if !before.has_default {
                    facts.unrouted = self.formula.all([reached, !settled]);
                    place(&mut given, on_error).push(facts.unrouted);
                }
            }
            StageKind::Limit => {}
        }
        self.after(&given, is_screen, routes, before);
        for (all, mut one) in severities.iter_mut().zip(given) {
            all.append(&mut one);
        }
        facts
    }

    /// What a stage's verdict and routes mean for the stages after it.
    fn after(&mut self, given: &Severities, is_screen: bool, routes: Lit, before: &mut Before) {
        let [accepts, step_ups, refers, declines] = given.each_ref().map(|literals| self.formula.any(literals.iter().copied()));
        before.ended = self.formula.any([before.ended, declines]);
        if is_screen {
            let accepted = self.formula.all([accepts, !step_ups, !refers, !declines]);
            before.accepted = self.formula.any([before.accepted, accepted]);
        }
        before.routed = self.formula.any([before.routed, routes]);
    }

    /// Whether the request's time lies in a window.
    fn window(&mut self, definition: &Definition, window: Window) -> Lit {
        let time = definition.schema.find(definition.schema.roles.time.as_str());
        let time = time.and_then(|(index, _)| self.fields.get(index.at())).cloned();
        let Some(Term { value: Val::Int(cases), .. }) = time else { return self.formula.yes() };
        let Some((_, time)) = cases.first() else { return self.formula.yes() };
        let moment = |micros: i64| Linear::constant(micros.into());
        let after = window.from.and_then(|from| self.formula.at_most(&moment(from.at.micros()), time));
        let until = window.until.and_then(|until| self.formula.at_most(&moment(until.at.micros()), time));
        let parts = after.into_iter().chain(until.map(|until| !until));
        self.formula.all(parts)
    }

    fn script(&mut self, part: &Part<'_>, rule: RuleIndex, kind: &StageKind) -> EncodedScript {
        match part.plan.rule(rule) {
            Ok(lowered) if part.plan.usable() => self.lowered(part, lowered, kind),
            Ok(_) => self.unknown_script(&LocalText::new("a parameter that is a very long text", "取值为超长文本的参数")),
            Err(not) => self.unknown_script(&LocalText::new(
                format!("{}, which only the interpreter runs", not.why.en),
                format!("{}，仅由解释器执行", not.why.zh),
            )),
        }
    }

    /// A script of which nothing is known.
    fn unknown_script(&mut self, what: &LocalText) -> EncodedScript {
        let mut literals: Vec<Lit> = Vec::new();
        let mut free = || {
            let literal = self.formula.free();
            literals.push(literal);
            literal
        };
        let (any, verdicts, routes) = (free(), [free(), free(), free(), free()], free());
        let points = self.formula.variable(i64::MIN.into(), i64::MAX.into());
        let fails = self.formula.free();
        literals.push(fails);
        self.vague.push(super::encode::Vague { what: what.clone(), literals, numbers: vec![points] });
        EncodedScript { fails, any, verdicts, points: vec![(any, Linear::variable(points))], routes }
    }

    fn lowered(&mut self, part: &Part<'_>, lowered: &LoweredRule, kind: &StageKind) -> EncodedScript {
        let no = self.formula.no();
        let mut alive = self.formula.yes();
        let (mut fails, mut any, mut routes, mut points) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut verdicts: Severities = Default::default();
        for step in &lowered.steps {
            let guard = match step {
                PlanStep::Check { guard, .. } | PlanStep::Arm { guard, .. } => part.term(*guard),
            };
            let (bad, holds) = (guard.is_bad(&mut self.formula), guard.holds(&mut self.formula));
            fails.push(self.formula.all([alive, bad]));
            let here = self.formula.all([alive, holds]);
            match step {
                PlanStep::Check { node, .. } => {
                    let failing = self.formula.all([here, part.term(*node).fails]);
                    fails.push(failing);
                    alive = self.formula.all([alive, !bad, !failing]);
                }
                PlanStep::Arm { outcomes, .. } => {
                    let parts: Vec<Lit> = {
                        let nodes: Vec<_> = outcomes.iter().flat_map(OutcomeNode::parts).collect();
                        nodes.into_iter().map(|node| part.term(node).is_bad(&mut self.formula)).collect()
                    };
                    let misfit = !outcomes.iter().all(|outcome| belongs(outcome, kind));
                    let failing = self.formula.any(parts.into_iter().chain(misfit.then_some(!no)));
                    fails.push(self.formula.all([here, failing]));
                    let taken = self.formula.all([here, !failing]);
                    if taken != no && !outcomes.is_empty() {
                        any.push(taken);
                        self.arm(part, taken, outcomes, &mut verdicts, &mut routes, &mut points);
                    }
                    alive = self.formula.all([alive, !bad, !holds]);
                }
            }
        }
        EncodedScript {
            fails: self.formula.any(fails),
            any: self.formula.any(any),
            verdicts: verdicts.map(|literals| self.formula.any(literals)),
            points,
            routes: self.formula.any(routes),
        }
    }

    fn arm(
        &mut self,
        part: &Part<'_>,
        taken: Lit,
        outcomes: &[OutcomeNode],
        verdicts: &mut Severities,
        routes: &mut Vec<Lit>,
        points: &mut Cases<Linear>,
    ) {
        let mut sums: Cases<Linear> = vec![(taken, Linear::default())];
        for outcome in outcomes {
            match outcome {
                OutcomeNode::Verdict(verdict, _) => place(verdicts, *verdict).push(taken),
                OutcomeNode::Route(_) | OutcomeNode::RouteTo(_) => routes.push(taken),
                OutcomeNode::Limit(_) => {}
                OutcomeNode::Score(node, _) => {
                    let Val::Int(cases) = part.term(*node).value.clone() else { continue };
                    let mut next = Vec::new();
                    for (guard, sum) in &sums {
                        for (inner, number) in &cases {
                            let Some(sum) = sum.plus(number) else { continue };
                            next.push((self.formula.all([*guard, *inner]), sum));
                        }
                    }
                    sums = next;
                }
            }
        }
        points.extend(sums.into_iter().filter(|(_, sum)| *sum != Linear::default()));
    }

    /// For each band, that the stage is reached and its sum falls into it.
    fn bands(&mut self, reached: Lit, from: &[i64], points: Vec<Cases<Linear>>) -> Vec<Lit> {
        if from.is_empty() {
            return Vec::new();
        }
        let sums = self.sums(points);
        let mut literals: Vec<Lit> = from
            .iter()
            .map(|least| {
                let mut held = Vec::new();
                for (guard, sum) in &sums {
                    let at_least = self.formula.at_most(&Linear::constant((*least).into()), sum);
                    let at_least = at_least.unwrap_or_else(|| self.formula.free());
                    held.push(self.formula.all([*guard, at_least]));
                }
                self.formula.any(held)
            })
            .collect();
        // The last band in order whose start is not above the sum.
        let mut later = self.formula.no();
        for literal in literals.iter_mut().rev() {
            let own = self.formula.all([reached, *literal, !later]);
            later = self.formula.any([later, *literal]);
            *literal = own;
        }
        literals
    }

    /// The sum of what rules add, one after the other; it stops at the largest and smallest number of scripts.
    fn sums(&mut self, points: Vec<Cases<Linear>>) -> Cases<Linear> {
        let mut sums: Cases<Linear> = vec![(self.formula.yes(), Linear::default())];
        for cases in points {
            let none: Vec<Lit> = cases.iter().map(|(guard, _)| !*guard).collect();
            let none = self.formula.all(none);
            let mut next: HashMap<Linear, Vec<Lit>> = HashMap::new();
            for (guard, sum) in &sums {
                for (inner, number) in cases.iter().cloned().chain([(none, Linear::default())]) {
                    let guard = self.formula.all([*guard, inner]);
                    // No sum of two numbers of scripts is too large for 128 bits.
                    let Some(sum) = sum.plus(&number).filter(|_| guard != self.formula.no()) else { continue };
                    for (guard, sum) in self.stopped(guard, sum) {
                        next.entry(sum).or_default().push(guard);
                    }
                }
            }
            let mut next: Vec<(Linear, Vec<Lit>)> = next.into_iter().collect();
            next.sort_by(|one, other| (&one.0.terms, one.0.constant).cmp(&(&other.0.terms, other.0.constant)));
            sums = next.into_iter().map(|(sum, guards)| (self.formula.any(guards), sum)).collect();
            sums = self.fewer_numbers(sums, MOST_SUMS);
        }
        sums
    }

    /// A sum, or the largest or smallest number in its place.
    fn stopped(&mut self, guard: Lit, sum: Linear) -> Cases<Linear> {
        if self.formula.range(&sum).is_some_and(|(low, high)| low >= INTS.0 && high <= INTS.1) {
            return vec![(guard, sum)];
        }
        let (smallest, largest) = (Linear::constant(INTS.0), Linear::constant(INTS.1));
        let (below, above) = (self.at_most(&sum, &smallest), self.at_most(&largest, &sum));
        let ways = [([below, guard], smallest), ([above, guard], largest)];
        let mut cases: Cases<Linear> = ways.into_iter().map(|(parts, number)| (self.formula.all(parts), number)).collect();
        cases.push((self.formula.all([guard, !below, !above]), sum));
        cases
    }
}

/// Whether an outcome may be given in a stage.
fn belongs(outcome: &OutcomeNode, kind: &StageKind) -> bool {
    match outcome {
        OutcomeNode::Verdict(..) | OutcomeNode::Score(..) => matches!(kind, StageKind::Screen { .. }),
        OutcomeNode::Limit(_) => matches!(kind, StageKind::Limit),
        OutcomeNode::Route(_) | OutcomeNode::RouteTo(_) => matches!(kind, StageKind::Route { .. }),
    }
}
