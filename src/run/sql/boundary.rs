//! Requests at the boundaries of a rule set, one for each way it decides: what a translation proves itself on.

use std::collections::HashSet;
use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::model::{Decision, FieldIndex, FieldType, ListEntries, Request, Schema, Value};
use countersign_core::plan::{Constant, NodeId, Op, Set, semantics};

/// How many requests are tried at most to find those that are kept, and how many without a new way to decide one.
const TRIED: usize = 40_000;
const TRIED_IN_VAIN: usize = 4_000;

/// At most so many requests with their decisions, each decided in another way as long as there are such; the same for the same rule set.
pub(super) fn requests(engine: &Engine, most: usize) -> Vec<(Request, Decision)> {
    let schema = &engine.definition().schema;
    let pools = pools(engine);
    let mut random = Draw(0x9e37_79b9_7f4a_7c15);
    let (mut kept, mut seen, mut spare, mut in_vain) = (Vec::new(), HashSet::new(), Vec::new(), 0);
    for at in 0..TRIED {
        if kept.len() >= most || in_vain >= TRIED_IN_VAIN {
            break;
        }
        let mut request = match random.below(kept.len() + 1) {
            0 => drawn(schema, &pools, &mut random),
            near => kept.get(near - 1).map_or_else(|| Request::empty(schema), |(request, _): &(Request, Decision)| request.clone()),
        };
        for _ in 0..=random.below(4) {
            let field = random.below(pools.len());
            if let (Some(pool), Ok(index)) = (pools.get(field), u16::try_from(field)) {
                request.set(FieldIndex(index), pool.get(random.below(pool.len())).cloned().unwrap_or(Value::Missing));
            }
        }
        name(schema, &mut request, at);
        if request.check(schema).is_err() {
            continue;
        }
        let decision = engine.decide(&request);
        let failed: Vec<_> = decision.errors.iter().map(|error| (error.stage, error.rule)).collect();
        let way =
            (decision.verdict, decision.hits.clone(), decision.shadow_hits.clone(), failed, decision.interface, decision.limits);
        in_vain += 1;
        if seen.insert(format!("{way:?}")) {
            in_vain = 0;
            kept.push((request, decision));
        } else if spare.len() < most {
            spare.push((request, decision));
        }
    }
    let missing = most.saturating_sub(kept.len());
    kept.extend(spare.into_iter().take(missing));
    kept
}

/// Gives a request a key of its own.
fn name(schema: &Schema, request: &mut Request, at: usize) {
    let Some((index, field)) = schema.find(schema.roles.key.as_str()) else { return };
    let number = i64::try_from(at).unwrap_or(0);
    match field.kind {
        FieldType::Text => request.set(index, Value::Text(format!("check-{at}").into())),
        FieldType::Int => request.set(index, Value::Int(number)),
        _ => {}
    }
}

/// A request of everyday values: the first of each pool that is there.
fn drawn(schema: &Schema, pools: &[Vec<Value>], random: &mut Draw) -> Request {
    let mut request = Request::empty(schema);
    for ((index, _, field), pool) in schema.fields().zip(pools) {
        let there: Vec<&Value> = pool.iter().filter(|value| !matches!(value, Value::Missing)).collect();
        let is_missing = field.optional && random.below(4) == 0;
        if let Some(value) = there.get(random.below(there.len())).filter(|_| !is_missing) {
            request.set(index, (*value).clone());
        }
    }
    request
}

/// What each field may be: the edges of its type, and the values around those that the rules compare it with.
fn pools(engine: &Engine) -> Vec<Vec<Value>> {
    let (schema, plan) = (&engine.definition().schema, engine.plan());
    let graph = plan.graph();
    let mut pools: Vec<Vec<Value>> = schema.fields().map(|(.., field)| edges(&field.kind, field.optional)).collect();
    let field_of = |id: NodeId| match graph.node(id).op {
        Op::Field(field) => Some(field),
        Op::Present(inner) => {
            if let Op::Field(field) = graph.node(inner).op {
                Some(field)
            } else {
                None
            }
        }
        _ => None,
    };
    let mut add = |field: FieldIndex, whole: Option<i64>, text: Option<&Arc<str>>| {
        let (Some(kind), Some(pool)) = (schema.field(field).map(|field| &field.kind), pools.get_mut(field.at())) else { return };
        let around = whole.into_iter().flat_map(|whole| [-1, 0, 1].map(|step| whole.saturating_add(step)));
        pool.extend(around.filter_map(|whole| kind.value_of_whole(whole)));
        pool.extend(text.filter(|text| is_taken(text)).map(|text| Value::Text(Arc::clone(text))));
    };
    for node in graph.nodes() {
        match &node.op {
            Op::Compare(_, one, other) => {
                for (field, with) in [(one, other), (other, one)] {
                    let Some(field) = field_of(*field) else { continue };
                    match &graph.node(*with).op {
                        Op::Constant(Constant::Int(whole)) => add(field, Some(*whole), None),
                        Op::Constant(Constant::Text(text)) => add(field, None, Some(text)),
                        Op::Parameter(parameter) => match plan.parameter(*parameter) {
                            Value::Text(text) => add(field, None, Some(text)),
                            value => add(field, value.whole(), None),
                        },
                        _ => {}
                    }
                }
            }
            Op::InSet(set, item) => {
                let Some(field) = field_of(*item) else { continue };
                match set {
                    Set::Ints(numbers) => numbers.iter().for_each(|number| add(field, Some(*number), None)),
                    Set::Texts(texts) => texts.iter().for_each(|text| add(field, None, Some(text))),
                }
            }
            Op::InList(list, item) => match (field_of(*item), plan.list(*list)) {
                (Some(field), Some(ListEntries::Text(texts))) => texts.iter().take(3).for_each(|text| add(field, None, Some(text))),
                (Some(field), Some(ListEntries::Int(numbers))) => {
                    numbers.iter().take(3).for_each(|number| add(field, Some(*number), None));
                }
                _ => {}
            },
            _ => {}
        }
    }
    pools
}

fn edges(kind: &FieldType, optional: bool) -> Vec<Value> {
    let is_text_taken = |value: &Value| !matches!(value, Value::Text(text) if !is_taken(text));
    let values = kind.edge_values().into_iter().filter(is_text_taken);
    values.chain(optional.then_some(Value::Missing)).collect()
}

/// Whether a statement reads a text without asking: short and in normal form for certain.
fn is_taken(text: &str) -> bool {
    let is_plain = |c: char| matches!(c, '!'..='~' | '\u{4e00}'..='\u{9fff}');
    !text.is_empty() && text.len() <= semantics::TEXT_BYTES && text.chars().all(is_plain) && !text.starts_with(['\'', '='])
}

/// Numbers that look random and are the same each time.
struct Draw(u64);

impl Draw {
    /// A number below that one; 0 where there is none.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0).checked_rem(end).unwrap_or(0)
    }
}
