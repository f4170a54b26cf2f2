//! From the plan's graph to the formula: each expression as a [`term::Term`].
//!
//! What has no exact translation becomes a value that nothing is known about, and is remembered as [`Vague`]: the formula then allows
//! more than can happen, so that "there is no such request" still holds, and a request that it gives is decided before it is shown.

mod calls;
mod conditions;
mod fractions;
mod numbers;
mod shared;
pub(super) mod term;
mod texts;
mod times;

use std::collections::HashMap;
use std::sync::Arc;

use batsat::Lit;

use super::budget::UnknownReason;
use super::formula::Formula;
use super::linear::{Linear, LinearVariable};
use super::texts::{Text, TextVariable, Texts};
use countersign_core::model::{FieldType, ParameterIndex, Range, RuleSet, Schema, Timestamp, Value};
use countersign_core::plan::{Constant, Graph, NodeId, Op, Plan, ValueKind};
use countersign_core::text::LocalText;
use term::{Floating, Term, Val, choose_cases, place_of};

/// Something that the formula says less about than it means.
pub(super) struct Vague {
    pub(super) what: LocalText,
    pub(super) literals: Vec<Lit>,
    pub(super) numbers: Vec<LinearVariable>,
}

/// The fields of a request in the formula, and whatever is shared between rule sets.
pub(super) struct Encoder {
    pub(super) formula: Formula,
    pub(super) texts: Texts,
    pub(super) fields: Vec<Term>,
    pub(super) vague: Vec<Vague>,
    /// What keeps values where they are translated exactly.
    pub(super) exact: Vec<Lit>,
    divisions: HashMap<(Linear, i128), (LinearVariable, LinearVariable)>,
    /// Expressions met so far, by shape.
    shapes: HashMap<shared::Shape, (NodeId, Term)>,
}

/// One rule set in the formula.
pub(super) struct Part<'a> {
    pub(super) plan: &'a Plan,
    pub(super) parameters: Vec<Term>,
    /// For each parameter that is free, that it has the value that is set.
    pub(super) as_set: Vec<Lit>,
    /// The value of each node of the graph.
    pub(super) terms: Vec<Term>,
    /// For each parameter, whether it has the value that is set and no other.
    set: Vec<bool>,
    /// The number of each node over all rule sets; none for one that depends on its own rule set.
    shared: Vec<Option<NodeId>>,
}

pub(super) const INTS: (i128, i128) = (i64::MIN as i128, i64::MAX as i128);

/// The range of times, in microseconds.
fn times() -> (i128, i128) {
    (Timestamp::MIN.micros().into(), Timestamp::MAX.micros().into())
}

impl Encoder {
    pub(super) fn new(mut formula: Formula, schema: &Schema) -> Self {
        let mut texts = Texts::default();
        let mut fields = Vec::new();
        for (_, _, field) in schema.fields() {
            let missing = if field.optional { formula.free() } else { formula.no() };
            let value = open_value(&mut formula, &mut texts, &field.kind, None);
            fields.push(Term { fails: formula.no(), missing, value });
        }
        Self { formula, texts, fields, vague: Vec::new(), exact: Vec::new(), divisions: HashMap::new(), shapes: HashMap::new() }
    }

    /// Every expression of a rule set. With `free`, its parameters may have any value of their ranges.
    pub(super) fn part<'a>(&mut self, plan: &'a Plan, rule_set: &RuleSet, free: bool) -> Result<Part<'a>, UnknownReason> {
        let (mut parameters, mut as_set, mut set) = (Vec::new(), Vec::new(), Vec::new());
        for (position, parameter) in rule_set.parameters.values().enumerate() {
            let index = ParameterIndex::from_position(position).ok_or(UnknownReason::Size)?;
            let open = free && (parameter.range.is_some() || matches!(parameter.kind, FieldType::Bool | FieldType::Enum(_)));
            set.push(!open);
            let value = if open {
                let value = open_value(&mut self.formula, &mut self.texts, &parameter.kind, parameter.range.as_ref());
                as_set.push(self.is_value(&value, &parameter.value));
                value
            } else {
                self.known_value(plan.parameter(index))
            };
            let no = self.formula.no();
            parameters.push(Term { fails: no, missing: no, value });
        }
        let mut part = Part { plan, parameters, as_set, terms: Vec::new(), set, shared: Vec::new() };
        let graph = plan.graph();
        for at in 0..graph.nodes().len() {
            let id = NodeId(u32::try_from(at).map_err(|_| UnknownReason::Size)?);
            let shape = shared::shape(&part, graph.node(id));
            let held = shape.as_ref().and_then(|shape| self.shapes.get(shape)).cloned();
            let number = NodeId(u32::try_from(self.shapes.len()).map_err(|_| UnknownReason::Size)?);
            let (number, term) = match held {
                Some((number, term)) => (Some(number), term),
                None => (shape.is_some().then_some(number), self.node(&part, graph, id)),
            };
            if let (Some(shape), Some(number)) = (shape, number) {
                self.shapes.entry(shape).or_insert_with(|| (number, term.clone()));
            }
            part.terms.push(term);
            part.shared.push(number);
            if let Some(reason) = self.formula.exceeded() {
                return Err(reason);
            }
        }
        Ok(part)
    }

    pub(super) fn is_value(&mut self, open: &Val, value: &Value) -> Lit {
        match (open, value) {
            (Val::Bool(truth), Value::Bool(value)) => {
                if *value {
                    *truth
                } else {
                    !*truth
                }
            }
            (Val::Text(cases), Value::Text(text)) => {
                self.any_case(cases, |this, open| this.texts.same(&mut this.formula, open, &Text::Known(Arc::clone(text))))
            }
            (Val::Int(cases), value) => match whole(value) {
                Some(number) => self.any_case(cases, |this, open| this.equal(open, &Linear::constant(number))),
                None => self.formula.no(),
            },
            (Val::Float(cases), value) => match (cases.first(), whole(value)) {
                (Some((_, Floating::Place(place))), Some(number)) => {
                    let place = place.clone();
                    self.equal(&place, &Linear::constant(number))
                }
                _ => self.formula.no(),
            },
            _ => self.formula.no(),
        }
    }

    /// A value that is the same for every request.
    fn known_value(&mut self, value: &Value) -> Val {
        let yes = self.formula.yes();
        match value {
            Value::Bool(value) => Val::Bool(self.formula.truth(*value)),
            Value::Int(_) | Value::Money(_) | Value::Time(_) => {
                Val::Int(vec![(yes, Linear::constant(value.whole().unwrap_or(0).into()))])
            }
            Value::Float(number) => Val::Float(vec![(yes, Floating::Known(*number))]),
            Value::Text(text) => Val::Text(vec![(yes, Text::Known(Arc::clone(text)))]),
            Value::Missing => Val::Bool(self.formula.no()),
        }
    }

    fn node(&mut self, part: &Part<'_>, graph: &Graph, id: NodeId) -> Term {
        let node = graph.node(id);
        let no = self.formula.no();
        let mut term = match &node.op {
            Op::Constant(constant) => self.constant(constant, node.kind),
            Op::Field(field) => self.fields.get(field.at()).cloned().unwrap_or_else(|| self.anything(node.kind)),
            Op::Parameter(parameter) => part.parameters.get(parameter.at()).cloned().unwrap_or_else(|| self.anything(node.kind)),
            Op::Present(one) => {
                let one = part.term(*one);
                Term { fails: one.is_bad(&mut self.formula), missing: no, value: one.value.clone() }
            }
            Op::IsMissing(one) => {
                let one = part.term(*one);
                Term { fails: one.fails, missing: no, value: Val::Bool(one.missing) }
            }
            Op::Unary(how, one) => self.unary(part, *how, *one, node.kind),
            Op::Binary(how, one, other) => self.binary(part, *how, (*one, *other), node.kind),
            Op::Call(function, args) => self.call(part, graph, *function, args, node.kind),
            Op::Compare(how, one, other) => self.compare(part, graph, *how, *one, *other),
            Op::All(parts) => self.chain(part, parts, true),
            Op::Any(parts) => self.chain(part, parts, false),
            Op::Coalesce(one, other) => {
                let (one, other) = (part.term(*one), part.term(*other));
                let later = self.formula.all([!one.fails, one.missing, other.fails]);
                let fails = self.formula.any([one.fails, later]);
                let missing = self.formula.all([one.missing, other.missing]);
                Term { fails, missing, value: self.choose(one.missing, &other.value, &one.value) }
            }
            Op::Select(condition, one, other) => self.select(part, *condition, *one, *other),
            Op::Interface(one) => self.named(part, *one, |plan, text| plan.interface(text).map(|index| index.0)),
            Op::Reason(one) => self.named(part, *one, |plan, text| plan.reason(text).map(|index| index.0)),
            Op::InList(list, item) => self.in_list(part, graph, *list, *item),
            Op::InSet(set, item) => self.in_set(part, graph, set, *item),
        };
        if !node.fallible {
            term.fails = no;
        }
        term
    }

    fn constant(&mut self, constant: &Constant, kind: ValueKind) -> Term {
        let (yes, no) = (self.formula.yes(), self.formula.no());
        let value = match constant {
            Constant::Missing => {
                let value = match kind {
                    ValueKind::Bool => Val::Bool(no),
                    ValueKind::I64 => Val::Int(Vec::new()),
                    ValueKind::F64 => Val::Float(Vec::new()),
                    ValueKind::Text => Val::Text(Vec::new()),
                };
                return Term { fails: no, missing: yes, value };
            }
            Constant::Bool(value) => Val::Bool(self.formula.truth(*value)),
            Constant::Int(number) => Val::Int(vec![(yes, Linear::constant((*number).into()))]),
            Constant::Float(bits) => Val::Float(vec![(yes, Floating::Known(f64::from_bits(*bits)))]),
            Constant::Text(text) => Val::Text(vec![(yes, Text::Known(Arc::clone(text)))]),
        };
        Term { fails: no, missing: no, value }
    }

    fn select(&mut self, part: &Part<'_>, condition: NodeId, one: NodeId, other: NodeId) -> Term {
        let (condition, one, other) = (part.term(condition), part.term(one), part.term(other));
        let bad = condition.is_bad(&mut self.formula);
        let Val::Bool(truth) = condition.value else { return self.anything(ValueKind::Bool) };
        let failing = self.formula.choose(truth, one.fails, other.fails);
        let failing = self.formula.all([!bad, failing]);
        let fails = self.formula.any([bad, failing]);
        let missing = self.formula.choose(truth, one.missing, other.missing);
        Term { fails, missing, value: self.choose(truth, &one.value, &other.value) }
    }

    /// The first value where the condition holds, else the second.
    fn choose(&mut self, condition: Lit, one: &Val, other: &Val) -> Val {
        match (one, other) {
            (Val::Bool(one), Val::Bool(other)) => Val::Bool(self.formula.choose(condition, *one, *other)),
            (Val::Int(one), Val::Int(other)) => {
                let cases = choose_cases(&mut self.formula, condition, one, other);
                Val::Int(self.fewer_numbers(cases, term::MOST_CASES))
            }
            (Val::Float(one), Val::Float(other)) => Val::Float(choose_cases(&mut self.formula, condition, one, other)),
            (Val::Text(one), Val::Text(other)) => Val::Text(choose_cases(&mut self.formula, condition, one, other)),
            _ => one.clone(),
        }
    }

    /// Conditions in order: the first that settles the answer ends it, and one that fails before that fails the whole.
    fn chain(&mut self, part: &Part<'_>, parts: &[NodeId], and: bool) -> Term {
        let (mut reached, mut failing, mut truths) = (self.formula.yes(), Vec::new(), Vec::new());
        let no = self.formula.no();
        for id in parts {
            let term = part.term(*id);
            let bad = term.is_bad(&mut self.formula);
            if bad != no {
                failing.push(self.formula.all([reached, bad]));
            }
            let holds = term.holds(&mut self.formula);
            truths.push(holds);
            let goes_on = if and { holds } else { self.formula.all([!bad, !holds]) };
            reached = self.formula.all([reached, goes_on]);
        }
        let value = if and { self.formula.all(truths) } else { self.formula.any(truths) };
        Term { fails: self.formula.any(failing), missing: no, value: Val::Bool(value) }
    }

    /// A value of which nothing is known, and that may fail.
    pub(super) fn anything(&mut self, kind: ValueKind) -> Term {
        self.vague_term(kind, INTS, &LocalText::new("an expression of unknown value", "取值未知的表达式"))
    }

    /// A value of a kind within bounds; it may fail, unless the graph says otherwise.
    fn vague_term(&mut self, kind: ValueKind, bounds: (i128, i128), what: &LocalText) -> Term {
        let fails = self.formula.free();
        let yes = self.formula.yes();
        let mut record = Vague { what: what.clone(), literals: vec![fails], numbers: Vec::new() };
        let value = match kind {
            ValueKind::Bool => {
                let truth = self.formula.free();
                record.literals.push(truth);
                Val::Bool(truth)
            }
            ValueKind::I64 => {
                let variable = self.formula.variable(bounds.0, bounds.1);
                record.numbers.push(variable);
                Val::Int(vec![(yes, Linear::variable(variable))])
            }
            ValueKind::F64 => {
                let variable = self.formula.variable(place_of(f64::MIN), place_of(f64::MAX));
                record.numbers.push(variable);
                Val::Float(vec![(yes, Floating::Place(Linear::variable(variable)))])
            }
            ValueKind::Text => {
                let made = self.texts.made(&mut self.formula);
                Val::Text(vec![(yes, Text::Open(made))])
            }
        };
        self.vague.push(record);
        Term { fails, missing: self.formula.no(), value }
    }

    /// A truth value of which nothing is known.
    pub(super) fn vague_truth(&mut self, en: &str, zh: &str) -> Lit {
        let literal = self.formula.free();
        self.vague.push(Vague { what: LocalText::new(en, zh), literals: vec![literal], numbers: Vec::new() });
        literal
    }

    /// `one <= other`; nothing is known of it where numbers are too large.
    pub(super) fn at_most(&mut self, one: &Linear, other: &Linear) -> Lit {
        match self.formula.at_most(one, other) {
            Some(literal) => literal,
            None => self.vague_truth("numbers beyond 128 bits", "超出 128 位的数"),
        }
    }

    fn equal(&mut self, one: &Linear, other: &Linear) -> Lit {
        match self.formula.equal(one, other) {
            Some(literal) => literal,
            None => self.vague_truth("numbers beyond 128 bits", "超出 128 位的数"),
        }
    }
}

impl Part<'_> {
    /// Whether a parameter has the value that is set, and no other.
    fn is_set(&self, parameter: ParameterIndex) -> bool {
        self.set.get(parameter.at()).copied().unwrap_or_default()
    }

    pub(super) fn term(&self, id: NodeId) -> &Term {
        // The parts of a node always precede it.
        static NONE: std::sync::LazyLock<Term> =
            std::sync::LazyLock::new(|| Term { fails: Lit::UNDEF, missing: Lit::UNDEF, value: Val::Int(Vec::new()) });
        self.terms.get(id.at()).unwrap_or(&NONE)
    }
}

/// A value of a type that requests, or a range, leave open.
fn open_value(formula: &mut Formula, texts: &mut Texts, kind: &FieldType, range: Option<&Range>) -> Val {
    let yes = formula.yes();
    let ends = |range: &Range| Some((whole(&range.min)?, whole(&range.max)?));
    let mut number = |(low, high): (i128, i128)| {
        let (low, high) = range.and_then(ends).unwrap_or((low, high));
        Linear::variable(formula.variable(low.min(high), high.max(low)))
    };
    match kind {
        FieldType::Bool => Val::Bool(formula.free()),
        FieldType::Int | FieldType::Money => Val::Int(vec![(yes, number(INTS))]),
        FieldType::Time => Val::Int(vec![(yes, number(times()))]),
        FieldType::Float => Val::Float(vec![(yes, Floating::Place(number((place_of(f64::MIN), place_of(f64::MAX)))))]),
        FieldType::Enum(values) => {
            let among: Vec<Arc<str>> = values.names().map(Arc::from).collect();
            Val::Text(vec![(yes, Text::Open(texts.given(formula, Some(among))))])
        }
        FieldType::Text => Val::Text(vec![(yes, Text::Open(texts.given(formula, None)))]),
    }
}

/// A value as a whole number: as itself, or its place among numbers with a fraction.
pub(super) fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Float(number) => Some(place_of(*number)),
        other => other.whole().map(i128::from),
    }
}

/// The open text that a field or parameter is.
pub(super) fn open_text(term: &Term) -> Option<TextVariable> {
    match &term.value {
        Val::Text(cases) => match cases.as_slice() {
            [(_, Text::Open(open))] => Some(*open),
            _ => None,
        },
        _ => None,
    }
}
