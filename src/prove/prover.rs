//! Asks the questions.

use std::sync::Arc;

use batsat::Lit;

use super::budget::{Budget, UnknownReason};
use super::decided::{Decide, Decided};
use super::encode::term::{Term, Val};
use super::encode::{Encoder, Part, Vague, open_text};
use super::flow::Flow;
use super::formula::{Formula, Model, Outcome};
use super::linear::{Linear, LinearVariable};
use super::question::{ProofAnswer, Question, Relation, Silence};
use super::witness::{Witness, plain, usual_request};
use countersign_core::model::{Definition, ParameterIndex, Request, RuleIndex, StageIndex, StageKind, Value, Verdict};
use countersign_core::plan::{Plan, PlanStep};
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub definition: &'a Definition,
    pub plan: &'a Plan,
    pub decide: &'a dyn Decide,
}

#[derive(Clone, Debug, Default)]
pub struct ProofOptions {
    /// What a question may cost.
    pub budget: Budget,
    /// Whether parameters may have any value of their ranges, and not only the one that is set.
    pub free_parameters: bool,
    /// Values that a request has where nothing asks for another; made up where there is none.
    pub usual: Option<Request>,
}

struct ProverSide<'a> {
    subject: Subject<'a>,
    part: Part<'a>,
    flow: Flow,
}

/// One rule set, or two over the same requests, ready to be asked about.
pub struct Prover<'a> {
    encoder: Encoder,
    sides: Vec<ProverSide<'a>>,
    /// When each invariant of the first rule set is broken; none where its condition has no plan.
    broken: Vec<Option<Lit>>,
    usual: Request,
    /// That every text of the request has an example, once there are examples.
    examples: Option<Lit>,
}

impl<'a> Prover<'a> {
    /// Translates a rule set.
    ///
    /// # Errors
    /// When it needs more than the budget, or the run was cancelled.
    pub fn new(subject: Subject<'a>, options: &ProofOptions, progress: &Arc<Progress>) -> Result<Self, UnknownReason> {
        Self::with(&[subject], options, progress)
    }

    /// Translates two rule sets over the same schema, to compare them.
    ///
    /// # Errors
    /// When they need more than the budget, their schemas differ, or the run was cancelled.
    pub fn pair(
        first: Subject<'a>,
        second: Subject<'a>,
        options: &ProofOptions,
        progress: &Arc<Progress>,
    ) -> Result<Self, UnknownReason> {
        if first.definition.schema != second.definition.schema {
            return Err(UnknownReason::NotEncoded(LocalText::new("two rule sets over different schemas", "两个规则集的模式不同")));
        }
        Self::with(&[first, second], options, progress)
    }

    fn with(subjects: &[Subject<'a>], options: &ProofOptions, progress: &Arc<Progress>) -> Result<Self, UnknownReason> {
        let Some(first) = subjects.first() else { return Err(UnknownReason::Size) };
        let definition = first.definition;
        let mut encoder = Encoder::new(Formula::new(options.budget, Arc::clone(progress)), &definition.schema);
        let usual = options.usual.clone().unwrap_or_else(|| usual_request(definition));
        encoder.prefer(&usual);
        let mut sides = Vec::new();
        for subject in subjects {
            let part = encoder.part(subject.plan, &subject.definition.rule_set, options.free_parameters)?;
            let flow = encoder.flow(&part, subject.definition);
            sides.push(ProverSide { subject: *subject, part, flow });
        }
        let mut prover = Self { encoder, sides, broken: Vec::new(), usual, examples: None };
        prover.broken = (0..definition.rule_set.invariants.len()).map(|at| prover.when_broken(at)).collect();
        if let Some(reason) = prover.encoder.formula.exceeded() {
            return Err(reason);
        }
        Ok(prover)
    }

    /// When an invariant is broken: its condition holds, and the verdict is none of its own.
    fn when_broken(&mut self, at: usize) -> Option<Lit> {
        let side = self.sides.first()?;
        let invariant = side.subject.definition.rule_set.invariants.get(at)?;
        let condition = side.subject.plan.condition(at)?;
        let guards =
            condition.steps.iter().filter_map(|step| if let PlanStep::Arm { guard, .. } = step { Some(*guard) } else { None });
        let guards: Vec<Lit> = guards.map(|guard| side.part.term(guard).holds(&mut self.encoder.formula)).collect();
        let holds = self.encoder.formula.any(guards);
        let mut other = Vec::new();
        for verdict in Verdict::ALL.into_iter().filter(|verdict| !invariant.verdicts.contains(verdict)) {
            other.push(self.verdict(0, verdict));
        }
        let other = self.encoder.formula.any(other);
        Some(self.encoder.formula.all([holds, other]))
    }

    /// Whether the verdict of a rule set is this one.
    fn verdict(&mut self, side: usize, verdict: Verdict) -> Lit {
        let Some(side) = self.sides.get(side) else { return self.encoder.formula.no() };
        let next = Verdict::ALL.into_iter().find(|next| *next > verdict);
        let more = next.map_or(self.encoder.formula.no(), |next| side.flow.at_least(next));
        self.encoder.formula.all([side.flow.at_least(verdict), !more])
    }

    /// Every question that can be asked of one rule set: each rule, stage, band and invariant.
    pub fn questions(&self) -> Vec<Question> {
        let Some(side) = self.sides.first() else { return Vec::new() };
        let no = self.encoder.formula.no();
        let mut asked = Vec::new();
        for stage in &side.flow.stages {
            asked.extend(stage.rules.iter().map(|rule| Question::Fires(rule.rule)));
            asked.extend(stage.rules.iter().filter(|rule| rule.fails != no).map(|rule| Question::Fails(rule.rule)));
            asked.extend((0..stage.bands.len()).map(|at| Question::InBand(stage.stage, at)));
            let is_route = side.subject.definition.rule_set.stages.get(stage.stage.at());
            if is_route.is_some_and(|held| matches!(held.kind, StageKind::Route { .. })) {
                asked.push(Question::Unrouted(stage.stage));
            }
        }
        asked.extend((0..self.broken.len()).map(Question::Breaks));
        asked
    }

    /// The literal that a question asks for; none where it speaks of nothing that is evaluated.
    fn wanted(&mut self, question: Question) -> Option<Lit> {
        let flow = &self.sides.first()?.flow;
        let stage = |stage: StageIndex| flow.stages.iter().find(|held| held.stage == stage);
        match question {
            Question::Fires(rule) => flow.rule(rule).map(|(_, facts)| facts.fires),
            Question::Fails(rule) => flow.rule(rule).map(|(_, facts)| facts.fails),
            Question::Unrouted(at) => stage(at).map(|held| held.unrouted),
            Question::InBand(at, band) => stage(at)?.bands.get(band).copied(),
            Question::Breaks(invariant) => self.broken.get(invariant).copied().flatten(),
            Question::Milder => self.order(0, 1),
            Question::Stricter => self.order(1, 0),
        }
    }

    /// Whether one rule set's verdict is milder than another's.
    fn order(&mut self, mild: usize, severe: usize) -> Option<Lit> {
        let (mild, severe) = (&self.sides.get(mild)?.flow, &self.sides.get(severe)?.flow);
        let pairs: Vec<[Lit; 2]> =
            Verdict::ALL.into_iter().skip(1).map(|verdict| [severe.at_least(verdict), !mild.at_least(verdict)]).collect();
        let parts: Vec<Lit> = pairs.into_iter().map(|pair| self.encoder.formula.all(pair)).collect();
        Some(self.encoder.formula.any(parts))
    }

    pub fn ask(&mut self, question: Question) -> ProofAnswer {
        let unlowered = LocalText::new("a condition that only the interpreter runs", "仅由解释器执行的条件");
        let Some(wanted) = self.wanted(question) else { return ProofAnswer::Unknown(UnknownReason::NotEncoded(unlowered)) };
        if wanted == self.encoder.formula.no() {
            return ProofAnswer::Never;
        }
        self.encoder.formula.refill();
        let mut only: Option<Lit> = None;
        let mut what = None;
        for attempt in 0..self.encoder.formula.budget().attempts.max(1) {
            // A request with texts that have an example is exact in all its texts.
            let examples = if attempt % 2 == 1 { self.with_examples() } else { self.encoder.formula.yes() };
            let assumed: Vec<Lit> = [Some(wanted), only, Some(examples)].into_iter().flatten().collect();
            let model = match self.near(&assumed) {
                Outcome::None(_) if attempt == 0 => return ProofAnswer::Never,
                Outcome::None(core) if !core.contains(&examples) || attempt % 2 == 0 => break,
                Outcome::None(_) => continue,
                Outcome::Unknown(reason) => return ProofAnswer::Unknown(reason),
                Outcome::Model(model) => model,
            };
            if let Some(witness) = self.confirmed(question, &model) {
                return ProofAnswer::Request(Box::new(witness));
            }
            if attempt > 0 {
                let only = *only.get_or_insert_with(|| self.encoder.formula.free());
                what = Some(self.exclude(&model, only));
            }
        }
        let unsure = LocalText::new("the decision confirms no request that was found", "决策未确认找到的任何请求");
        ProofAnswer::Unknown(UnknownReason::NotEncoded(what.unwrap_or(unsure)))
    }

    /// Whether every text that rules ask more of than equality is one that has an example.
    fn with_examples(&mut self) -> Lit {
        if let Some(held) = self.examples {
            return held;
        }
        let mut known = self.encoder.exact.clone();
        for (term, usual) in self.encoder.fields.clone().iter().zip(self.usual.values()) {
            let usual = if let Value::Text(text) = usual { Some(text.as_ref()) } else { None };
            let Some(open) = open_text(term) else { continue };
            if let Some(is_known) = self.encoder.texts.exemplify(&mut self.encoder.formula, open, usual) {
                known.push(self.encoder.formula.any([is_known, term.missing]));
            }
        }
        let held = self.encoder.formula.all(known);
        *self.examples.insert(held)
    }

    /// Searches with as many parameters as possible as they are set.
    fn near(&mut self, assumed: &[Lit]) -> Outcome {
        let mut as_set: Vec<Lit> = self.sides.iter().flat_map(|side| side.part.as_set.iter().copied()).collect();
        loop {
            let all: Vec<Lit> = assumed.iter().chain(&as_set).copied().collect();
            match self.encoder.formula.solve(&all) {
                Outcome::None(core) if core.iter().any(|literal| as_set.contains(literal)) => {
                    as_set.retain(|literal| !core.contains(literal));
                }
                other => return other,
            }
        }
    }

    /// Keeps the same values of what is not translated exactly from being found again while `only` holds; says what that is.
    fn exclude(&mut self, model: &Model, only: Lit) -> LocalText {
        let (mut clause, mut what) = (vec![!only], None);
        let vague: Vec<(Vec<Lit>, Vec<LinearVariable>)> =
            self.encoder.vague.iter().map(|Vague { literals, numbers, .. }| (literals.clone(), numbers.clone())).collect();
        for (at, (literals, numbers)) in vague.into_iter().enumerate() {
            clause.extend(literals.iter().map(|literal| if model.holds(*literal) { !*literal } else { *literal }));
            for number in numbers {
                let held = Linear::constant(model.number(number));
                let same = self.encoder.formula.equal(&Linear::variable(number), &held);
                clause.extend(same.map(|same| !same));
            }
            what = what.or_else(|| self.encoder.vague.get(at).map(|vague| vague.what.clone()));
        }
        if clause.len() == 1 {
            // Everything is exact but texts without an example: another choice among the fields.
            let fields: Vec<Term> = self.encoder.fields.clone();
            for term in fields {
                let literals = [Some(term.missing), if let Val::Bool(truth) = term.value { Some(truth) } else { None }];
                clause.extend(literals.into_iter().flatten().map(|literal| if model.holds(literal) { !literal } else { literal }));
            }
        }
        self.encoder.formula.clause(&clause);
        what.unwrap_or_else(|| LocalText::new("a text for which no example was found", "未找到示例的文本"))
    }

    /// The request of a model, where the decision shows what the question asks for.
    fn confirmed(&self, question: Question, model: &Model) -> Option<Witness> {
        let first = self.sides.first()?;
        let definition = first.subject.definition;
        let request = self.encoder.request(model, &definition.schema, &self.usual)?;
        request.check(&definition.schema).ok()?;
        let parameters: Vec<Vec<(ParameterIndex, Value)>> = self
            .sides
            .iter()
            .map(|side| self.encoder.other_parameters(model, &side.part, &side.subject.definition.rule_set))
            .collect::<Option<_>>()?;
        let decided_with = |parameters: &[Vec<(ParameterIndex, Value)>]| self.deciders(parameters);
        let mut deciders = decided_with(&parameters)?;
        if !self.shows(question, &request, &deciders, true) {
            return None;
        }
        let mut parameters = parameters;
        for side in 0..parameters.len() {
            for at in (0..parameters.get(side).map_or(0, Vec::len)).rev() {
                let mut fewer = parameters.clone();
                if let Some(held) = fewer.get_mut(side) {
                    held.remove(at);
                }
                let others = decided_with(&fewer)?;
                if self.shows(question, &request, &others, true) {
                    (parameters, deciders) = (fewer, others);
                }
            }
        }
        // Only the steps of a decision say which band a sum falls into.
        let by_steps = matches!(question, Question::InBand(..));
        let (made, matters) =
            plain(request.clone(), &self.usual, &definition.schema, |request| self.shows(question, request, &deciders, by_steps));
        let is_shown = by_steps || self.shows(question, &made, &deciders, true);
        let every = || definition.schema.fields().map(|(index, ..)| index).collect();
        let (request, matters) = if is_shown { (made, matters) } else { (request, every()) };
        Some(Witness { request, parameters: parameters.into_iter().next().unwrap_or_default(), matters })
    }

    /// What decides for each rule set with these parameters; none in place of the rule set's own.
    fn deciders(&self, parameters: &[Vec<(ParameterIndex, Value)>]) -> Option<Vec<Option<Box<dyn Decide>>>> {
        let sides = self.sides.iter().zip(parameters);
        sides
            .map(
                |(side, parameters)| {
                    if parameters.is_empty() { Some(None) } else { side.subject.decide.with(parameters).map(Some) }
                },
            )
            .collect()
    }

    fn shows(&self, question: Question, request: &Request, deciders: &[Option<Box<dyn Decide>>], by_steps: bool) -> bool {
        let Some(definition) = self.sides.first().map(|side| side.subject.definition) else { return false };
        let sides = self.sides.iter().zip(deciders);
        let decided: Vec<Decided> = sides
            .map(|(side, other)| {
                let decide = other.as_deref().unwrap_or(side.subject.decide);
                if by_steps { decide.decide(request) } else { decide.try_out(request) }
            })
            .collect();
        let bands = |stage: StageIndex| match definition.rule_set.stages.get(stage.at()).map(|stage| &stage.kind) {
            Some(StageKind::Screen { bands, .. }) => bands.iter().map(|band| band.at_least).collect(),
            _ => Vec::new(),
        };
        question.is_shown(&decided, bands)
    }

    /// Why a rule that never fires does not.
    pub fn silence(&mut self, rule: RuleIndex) -> Silence {
        let Some((stage, facts)) = self.sides.first().and_then(|side| side.flow.rule(rule)) else { return Silence::Alone };
        let (own, reached) = (facts.matches, stage.reached);
        let before: Vec<(RuleIndex, Lit)> = stage
            .rules
            .iter()
            .take_while(|held| held.rule != rule)
            .filter(|held| held.settles != self.encoder.formula.no())
            .map(|held| (held.rule, !held.settles))
            .collect();
        let formula = &mut self.encoder.formula;
        formula.refill();
        for (assumed, silence) in [(vec![own], Silence::Alone), (vec![own, reached], Silence::NotReached)] {
            match formula.solve(&assumed) {
                Outcome::None(_) => return silence,
                Outcome::Unknown(reason) => return Silence::Unknown(reason),
                Outcome::Model(_) => {}
            }
        }
        let mut needed: Vec<(RuleIndex, Lit)> = before;
        let mut at = needed.len();
        // Leaves out one rule after the other as long as the others still shadow; the last before it first.
        while at > 0 {
            at -= 1;
            let mut assumed: Vec<Lit> = needed.iter().map(|(_, literal)| *literal).collect();
            if at < assumed.len() {
                assumed.remove(at);
            }
            assumed.extend([own, reached]);
            match formula.solve(&assumed) {
                Outcome::None(core) => {
                    needed.retain(|(_, literal)| core.contains(literal));
                    at = at.min(needed.len());
                }
                Outcome::Unknown(reason) => return Silence::Unknown(reason),
                Outcome::Model(_) => {}
            }
        }
        Silence::Shadowed(needed.into_iter().map(|(rule, _)| rule).collect())
    }

    /// How the first rule set's verdicts relate to the second's.
    pub fn relation(&mut self) -> Relation {
        Relation { milder: self.ask(Question::Milder), stricter: self.ask(Question::Stricter) }
    }

    /// A question as another solver reads it, with the answer of this one before anything is decided again.
    #[cfg(test)]
    pub(super) fn search(&mut self, question: Question) -> Option<(String, &'static str)> {
        let wanted = self.wanted(question)?;
        self.encoder.formula.refill();
        let text = self.encoder.formula.smt(&[wanted]);
        let answer = match self.encoder.formula.solve(&[wanted]) {
            Outcome::Model(_) => "sat",
            Outcome::None(_) => "unsat",
            Outcome::Unknown(_) => "unknown",
        };
        Some((text, answer))
    }

    /// Whether the formula allows this request to do what a question asks for; none where the budget does not suffice.
    #[cfg(test)]
    pub(super) fn allows(&mut self, request: &Request, question: Question) -> Option<bool> {
        let mut assumed = vec![self.wanted(question)?];
        for (term, value) in self.encoder.fields.clone().iter().zip(request.values()) {
            let there = if *value == Value::Missing { term.missing } else { !term.missing };
            assumed.push(there);
            if *value != Value::Missing {
                assumed.push(self.encoder.is_value(&term.value, value));
            }
        }
        self.encoder.formula.refill();
        match self.encoder.formula.solve(&assumed) {
            Outcome::Model(_) => Some(true),
            Outcome::None(_) => Some(false),
            Outcome::Unknown(_) => None,
        }
    }
}
