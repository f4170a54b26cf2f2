//! The plan's expressions in SQL.
//!
//! An expression that has a value in every request unless it fails is NULL where it fails. One that may also be missing is NULL in both
//! cases, and [`Nodes::failed`] tells them apart. So nothing in a statement stops it: each failure becomes NULL and stays with its row.
//!
//! An expression that is written more than once is a column of its own. Columns are in layers, each a query over the one before.

use std::collections::{BTreeMap, BTreeSet};

use super::functions::{Argument, call, in_range, inexact};
use super::words::{SqlType, Words};
use countersign_core::model::{Definition, FieldIndex, InterfaceId, ListEntries, ListIndex, ParameterIndex, ReasonId};
use countersign_core::plan::{Binary, CompareOp, Constant, Graph, NodeId, Op, Plan, Set, Unary, ValueKind, semantics};
use countersign_core::text::LocalText;

/// The SQL of a node, or why it has none.
pub(super) type Said = Result<String, LocalText>;

pub(super) struct Nodes<'a> {
    pub(super) words: &'static dyn Words,
    definition: &'a Definition,
    plan: &'a Plan,
    graph: &'a Graph,
    /// Nodes that are columns, with their layer, from 1.
    columns: BTreeMap<NodeId, usize>,
}

/// The columns of a layer, and the lists joined for them.
#[derive(Default)]
pub(super) struct Layer {
    pub(super) columns: Vec<(String, String)>,
    /// The table's name, the list, and the expression of the item that is looked up in it.
    pub(super) joins: Vec<(String, ListIndex, String)>,
}

pub(super) fn sql_type(kind: ValueKind) -> SqlType {
    match kind {
        ValueKind::Bool => SqlType::Flag,
        ValueKind::I64 => SqlType::Whole,
        ValueKind::F64 => SqlType::Fraction,
        ValueKind::Text => SqlType::Text,
    }
}

impl<'a> Nodes<'a> {
    /// Those that `roots` need; a root is written as often as it is listed.
    pub(super) fn new(words: &'static dyn Words, definition: &'a Definition, plan: &'a Plan, roots: &[NodeId]) -> Self {
        let graph = plan.graph();
        let mut uses: BTreeMap<NodeId, usize> = BTreeMap::new();
        for root in roots {
            *uses.entry(*root).or_default() += 1;
        }
        // A node comes after its parts, so that all of its uses are known before those of its parts are counted.
        for at in (0..graph.nodes().len()).rev() {
            let Some(id) = u32::try_from(at).ok().map(NodeId).filter(|id| uses.contains_key(id)) else { continue };
            let often = if is_written_once(graph, &graph.node(id).op) { 1 } else { 2 };
            for part in graph.node(id).op.parts() {
                *uses.entry(part).or_default() += often;
            }
        }
        let mut nodes = Self { words, definition, plan, graph, columns: BTreeMap::new() };
        for (id, count) in uses {
            let node = graph.node(id);
            let is_leaf = matches!(node.op, Op::Constant(_) | Op::Field(_) | Op::Parameter(_));
            if !is_leaf && (count > 1 || matches!(node.op, Op::InList(..))) {
                let layer = 1 + nodes.layer_of_parts(id);
                nodes.columns.insert(id, layer);
            }
        }
        nodes
    }

    fn layer_of_parts(&self, id: NodeId) -> usize {
        let layer = |part| self.columns.get(&part).copied().unwrap_or_else(|| self.layer_of_parts(part));
        self.graph.node(id).op.parts().map(layer).max().unwrap_or(0)
    }

    /// The columns in layers, each with the nodes before it.
    pub(super) fn layers(&self) -> Result<Vec<Layer>, LocalText> {
        let mut layers: Vec<Layer> = Vec::new();
        for (id, layer) in &self.columns {
            layers.resize_with(layers.len().max(*layer), Layer::default);
            let Some(layer) = layers.get_mut(layer - 1) else { continue };
            if let Op::InList(list, item) = &self.graph.node(*id).op {
                layer.joins.push((format!("entry {}", id.0), *list, self.value(*item)?));
            }
            layer.columns.push((column(*id), self.written(*id)?));
            if self.needs_flag(*id) {
                layer.columns.push((failed_column(*id), self.failure(*id)?));
            }
        }
        Ok(layers)
    }

    fn needs_flag(&self, id: NodeId) -> bool {
        let node = self.graph.node(id);
        node.nullable && node.fallible
    }

    /// The value of a node.
    pub(super) fn value(&self, id: NodeId) -> Said {
        if self.columns.contains_key(&id) { Ok(self.words.identifier(&column(id))) } else { self.written(id) }
    }

    /// Whether evaluating a node fails; never NULL.
    pub(super) fn failed(&self, id: NodeId) -> Said {
        let node = self.graph.node(id);
        match (node.fallible, node.nullable, self.columns.contains_key(&id)) {
            (false, ..) => Ok("FALSE".to_owned()),
            (true, false, _) => Ok(format!("({} IS NULL)", self.value(id)?)),
            (true, true, true) => Ok(self.words.identifier(&failed_column(id))),
            (true, true, false) => self.failure(id),
        }
    }

    /// Whether a node that may be missing fails.
    fn failure(&self, id: NodeId) -> Said {
        Ok(match &self.graph.node(id).op {
            Op::Coalesce(one, other) => {
                let (failed, value, otherwise) = (self.failed(*one)?, self.value(*one)?, self.failed(*other)?);
                format!("({failed} OR ({value} IS NULL AND {otherwise}))")
            }
            Op::Select(condition, one, other) => {
                let (condition, one, other) = (self.value(*condition)?, self.failed(*one)?, self.failed(*other)?);
                format!("CASE WHEN {condition} THEN {one} WHEN NOT {condition} THEN {other} ELSE TRUE END")
            }
            _ => return Err(inexact("a value that may be missing or fail", "可能缺失或出错的值")),
        })
    }

    fn written(&self, id: NodeId) -> Said {
        let node = self.graph.node(id);
        Ok(match &node.op {
            Op::Constant(constant) => self.constant(constant, node.kind),
            Op::Field(field) => self.words.identifier(&self.field(*field)),
            Op::Parameter(parameter) => self.words.identifier(&self.parameter(*parameter)),
            Op::Present(one) => self.value(*one)?,
            Op::IsMissing(one) if !self.graph.node(*one).fallible => format!("({} IS NULL)", self.value(*one)?),
            Op::IsMissing(one) => format!("CASE WHEN NOT {} THEN {} IS NULL END", self.failed(*one)?, self.value(*one)?),
            Op::Unary(how, one) => self.unary(*how, node.kind, &self.value(*one)?),
            Op::Binary(how, one, other) => self.binary(*how, node.kind, (*one, *other))?,
            Op::Call(function, args) => {
                let argument = |id: &NodeId| -> Result<Argument<'_>, LocalText> {
                    let node = self.graph.node(*id);
                    let constant = if let Op::Constant(constant) = &node.op { Some(constant) } else { None };
                    Ok(Argument { text: self.value(*id)?, kind: node.kind, constant, is_time: node.is_time })
                };
                let args: Vec<Argument<'_>> = args.iter().map(argument).collect::<Result<_, _>>()?;
                call(self.words, *function, &args, i64::from(self.graph.zone().seconds()) * 1_000_000)?
            }
            Op::Compare(how, one, other) => self.compare(*how, *one, *other)?,
            Op::All(parts) => self.chain(parts, true)?,
            Op::Any(parts) => self.chain(parts, false)?,
            Op::Coalesce(one, other) => {
                let both = format!("COALESCE({}, {})", self.value(*one)?, self.value(*other)?);
                if self.graph.node(*one).fallible { format!("CASE WHEN NOT {} THEN {both} END", self.failed(*one)?) } else { both }
            }
            Op::Select(condition, one, other) => {
                let (condition, one, other) = (self.value(*condition)?, self.value(*one)?, self.value(*other)?);
                format!("CASE WHEN {condition} THEN {one} WHEN NOT {condition} THEN {other} END")
            }
            Op::Interface(one) => self.position(*one, self.definition.rule_set.interfaces.keys().map(InterfaceId::as_str))?,
            Op::Reason(one) => self.position(*one, self.definition.rule_set.reasons.keys().map(ReasonId::as_str))?,
            Op::InList(_, item) => {
                let entry = format!("{}.entry", self.words.identifier(&format!("entry {}", id.0)));
                format!("CASE WHEN {} IS NOT NULL THEN {entry} IS NOT NULL END", self.value(*item)?)
            }
            Op::InSet(set, item) => self.in_set(set, *item)?,
        })
    }

    fn field(&self, field: FieldIndex) -> String {
        self.definition.schema.fields().find(|(index, ..)| *index == field).map_or(String::new(), |(_, name, _)| name)
    }

    fn parameter(&self, parameter: ParameterIndex) -> String {
        let id = self.definition.rule_set.parameters.get_index(parameter.at()).map_or("", |(id, _)| id.as_str());
        format!("params.{id}")
    }

    pub(super) fn constant(&self, constant: &Constant, kind: ValueKind) -> String {
        match constant {
            Constant::Missing => format!("CAST(NULL AS {})", self.words.type_name(sql_type(kind))),
            Constant::Bool(true) => "TRUE".to_owned(),
            Constant::Bool(false) => "FALSE".to_owned(),
            Constant::Int(number) => format!("CAST({number} AS {})", self.words.type_name(SqlType::Whole)),
            Constant::Float(bits) => self.words.fraction(f64::from_bits(*bits)),
            Constant::Text(text) => self.words.text(text),
        }
    }

    fn unary(&self, how: Unary, kind: ValueKind, one: &str) -> String {
        match how {
            Unary::Not => format!("(NOT {one})"),
            Unary::Negate if kind == ValueKind::F64 => format!("(-{one})"),
            Unary::Negate => format!("CASE WHEN {one} > {} THEN -{one} END", i64::MIN),
            Unary::LimitAmount => format!("CASE WHEN {one} >= 0 THEN {one} END"),
            Unary::ToFloat => self.words.to_fraction(one),
        }
    }

    fn binary(&self, how: Binary, kind: ValueKind, (a, b): (NodeId, NodeId)) -> Said {
        let (one, other) = (self.value(a)?, self.value(b)?);
        let is_fraction = kind == ValueKind::F64;
        let finite = |made: String| format!("CASE WHEN {} THEN {made} END", self.words.is_finite(&made));
        let checked = |made: String| if is_fraction { finite(made) } else { in_range(&made) };
        Ok(match how {
            Binary::Add => checked(format!("({one} + {other})")),
            Binary::Subtract => checked(format!("({one} - {other})")),
            Binary::Multiply => checked(format!("({one} * {other})")),
            Binary::Divide if is_fraction => finite(format!("({one} / NULLIF({other}, 0))")),
            Binary::Modulo if is_fraction => finite(format!("({one} % NULLIF({other}, 0))")),
            Binary::Divide => in_range(&self.words.quotient(&one, &other)),
            Binary::Modulo => {
                let rest = self.words.rest(&one, &other);
                format!("CASE WHEN NOT ({one} = {} AND {other} = -1) THEN {rest} END", i64::MIN)
            }
            Binary::Concat => {
                let (bytes, more) = (self.words.bytes(&one), self.words.bytes(&other));
                format!("CASE WHEN {bytes} + {more} <= {} THEN {one} || {other} END", semantics::TEXT_BYTES)
            }
            Binary::Power => match (is_fraction, &self.graph.node(b).op) {
                (false, Op::Constant(Constant::Int(1))) => one,
                (false, Op::Constant(Constant::Int(2))) => in_range(&format!("({one} * {one})")),
                _ => return Err(inexact("a power", "乘方")),
            },
        })
    }

    fn compare(&self, how: CompareOp, a: NodeId, b: NodeId) -> Said {
        let (one, other) = (self.value(a)?, self.value(b)?);
        let (left, right) = (self.graph.node(a), self.graph.node(b));
        let sign = |sign: &str| format!("({one} {sign} {other})");
        let may_be_missing = left.nullable || right.nullable;
        let equality = |plain: &str, guarded: &str| -> Said {
            if !may_be_missing {
                return Ok(sign(plain));
            }
            if left.fallible || right.fallible {
                return Ok(format!("CASE WHEN NOT ({} OR {}) THEN {} END", self.failed(a)?, self.failed(b)?, sign(guarded)));
            }
            Ok(sign(guarded))
        };
        match how {
            CompareOp::Equal | CompareOp::Same => equality("=", "IS NOT DISTINCT FROM"),
            CompareOp::NotEqual => equality("<>", "IS DISTINCT FROM"),
            CompareOp::Less => Ok(sign("<")),
            CompareOp::LessOrEqual => Ok(sign("<=")),
            CompareOp::Greater => Ok(sign(">")),
            CompareOp::GreaterOrEqual => Ok(sign(">=")),
        }
    }

    /// Parts in order: one that fails makes the whole fail only where those before it do not decide.
    fn chain(&self, parts: &[NodeId], and: bool) -> Said {
        let word = if and { " AND " } else { " OR " };
        let mut texts: Vec<String> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            texts.push(self.value(*part)?);
            let rest = parts.get(at + 1..).unwrap_or_default();
            if self.graph.node(*part).fallible && !rest.is_empty() {
                let (head, rest) = (format!("({})", texts.join(word)), self.chain(rest, and)?);
                return Ok(if and {
                    format!("CASE WHEN {head} THEN {rest} WHEN NOT {head} THEN FALSE END")
                } else {
                    format!("CASE WHEN {head} THEN TRUE WHEN NOT {head} THEN {rest} END")
                });
            }
        }
        Ok(match texts.as_slice() {
            [only] => only.clone(),
            _ => format!("({})", texts.join(word)),
        })
    }

    fn position<'t>(&self, one: NodeId, ids: impl Iterator<Item = &'t str>) -> Said {
        let arms: Vec<String> = ids.enumerate().map(|(at, id)| format!(" WHEN {} THEN {at}", self.words.text(id))).collect();
        let value = self.value(one)?;
        Ok(if arms.is_empty() { "CAST(NULL AS INTEGER)".to_owned() } else { format!("CASE {value}{} END", arms.concat()) })
    }

    fn in_set(&self, set: &Set, item: NodeId) -> Said {
        let value = self.value(item)?;
        let elements: Vec<String> = match set {
            Set::Ints(numbers) => numbers.iter().map(i64::to_string).collect(),
            Set::Texts(texts) => texts.iter().map(|text| self.words.text(text)).collect(),
        };
        let is_one = if elements.is_empty() {
            format!("({value} IS NULL AND {value} IS NOT NULL)")
        } else {
            format!("({value} IN ({}))", elements.join(", "))
        };
        let node = self.graph.node(item);
        Ok(match (node.nullable, node.fallible) {
            (true, true) => format!("CASE WHEN NOT {} THEN COALESCE({is_one}, FALSE) END", self.failed(item)?),
            (true, false) => format!("COALESCE({is_one}, FALSE)"),
            (false, true) => format!("CASE WHEN {value} IS NOT NULL THEN {is_one} END"),
            (false, false) => is_one,
        })
    }

    /// Every list that the columns look up in, each once.
    pub(super) fn lists(&self) -> BTreeSet<ListIndex> {
        let list = |id: &NodeId| if let Op::InList(list, _) = &self.graph.node(*id).op { Some(*list) } else { None };
        self.columns.keys().filter_map(list).collect()
    }

    /// The entries of a list as a table with the column `entry`.
    pub(super) fn list_table(&self, list: ListIndex) -> String {
        let (kind, entries): (SqlType, Vec<String>) = match self.plan.list(list) {
            Some(ListEntries::Text(texts)) => (SqlType::Text, texts.iter().map(|text| self.words.text(text)).collect()),
            Some(ListEntries::Int(numbers)) => (SqlType::Whole, numbers.iter().map(i64::to_string).collect()),
            None => (SqlType::Text, Vec::new()),
        };
        let kind = self.words.type_name(kind);
        if entries.is_empty() {
            return format!("SELECT CAST(NULL AS {kind}) AS entry WHERE FALSE");
        }
        let rows: Vec<String> = entries.iter().map(|entry| format!("({entry})")).collect();
        format!("SELECT DISTINCT CAST(entry AS {kind}) AS entry FROM (VALUES {}) AS entries(entry)", rows.join(", "))
    }
}

/// The name of the column that a node is.
fn column(id: NodeId) -> String {
    format!("n#{}", id.0)
}

fn failed_column(id: NodeId) -> String {
    format!("fails#{}", id.0)
}

/// Whether each part occurs once in what is written for the node.
fn is_written_once(graph: &Graph, op: &Op) -> bool {
    let fails = |id: &NodeId| graph.node(*id).fallible;
    match op {
        Op::Constant(_)
        | Op::Field(_)
        | Op::Parameter(_)
        | Op::Present(_)
        | Op::Interface(_)
        | Op::Reason(_)
        | Op::Unary(Unary::Not | Unary::ToFloat, _) => true,
        Op::All(parts) | Op::Any(parts) => !parts.iter().rev().skip(1).any(fails),
        Op::Compare(_, one, other) => !fails(one) && !fails(other),
        Op::IsMissing(one) => !fails(one),
        Op::Unary(Unary::Negate | Unary::LimitAmount, _)
        | Op::Binary(..)
        | Op::Call(..)
        | Op::Coalesce(..)
        | Op::Select(..)
        | Op::InList(..)
        | Op::InSet(..) => false,
    }
}
