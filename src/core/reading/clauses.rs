//! From an expression to clauses: `!` moves to the statements, guards of optional values join the statements after them, and several
//! comparisons of one value with constants become one statement.

use super::{Clause, Phrase, PlainStatement, Says, Worded, Wording};
use crate::plan::{CompareOp, NodeId, Op, Unary, ValueKind};

impl Wording<'_, '_> {
    /// What a guard asks for, part by part.
    pub(super) fn parts(&self, guard: NodeId) -> Vec<NodeId> {
        match &self.graph().node(guard).op {
            Op::All(parts) => parts.to_vec(),
            _ if self.graph().as_bool(guard) == Some(true) => Vec::new(),
            _ => vec![guard],
        }
    }

    /// Clauses that all hold where the expressions do, in their order.
    pub(super) fn all(&mut self, nodes: &[NodeId]) -> Worded<Vec<Clause>> {
        let clauses = nodes.iter().map(|node| self.clause(*node, true)).collect::<Worded<_>>()?;
        let mut clauses = match self.joined(clauses, true) {
            Clause::All(parts) => parts,
            one => vec![one],
        };
        for clause in &mut clauses {
            self.put_into_words(clause)?;
        }
        Ok(clauses)
    }

    /// The clause that an expression has that truth value, in words.
    pub(super) fn worded(&mut self, node: NodeId, holds: bool) -> Worded<Clause> {
        let mut clause = self.clause(node, holds)?;
        self.put_into_words(&mut clause)?;
        Ok(clause)
    }

    fn put_into_words(&mut self, clause: &mut Clause) -> Worded<()> {
        match clause {
            Clause::All(parts) | Clause::Any(parts) => parts.iter_mut().try_for_each(|part| self.put_into_words(part)),
            Clause::One(statement) => {
                statement.text = self.statement(statement)?;
                Ok(())
            }
        }
    }

    /// The clause that an expression has that truth value, without words.
    fn clause(&mut self, node: NodeId, holds: bool) -> Worded<Clause> {
        self.spend()?;
        let graph = self.graph();
        let says = match &graph.node(node).op {
            Op::Unary(Unary::Not, inner) => return self.clause(*inner, !holds),
            Op::All(parts) | Op::Any(parts) => {
                let is_all = matches!(graph.node(node).op, Op::All(_)) == holds;
                let clauses = parts.iter().map(|part| self.clause(*part, holds)).collect::<Worded<_>>()?;
                return Ok(self.joined(clauses, is_all));
            }
            Op::Select(condition, one, other) if !graph.node(node).nullable => {
                return self.choice(*condition, (*one, *other), holds);
            }
            Op::Compare(CompareOp::Equal | CompareOp::NotEqual | CompareOp::Same, one, other)
                if graph.node(*one).kind == ValueKind::Bool =>
            {
                let is_equal = !matches!(graph.node(node).op, Op::Compare(CompareOp::NotEqual, ..));
                for (value, wanted) in [(*one, *other), (*other, *one)] {
                    if let Some(wanted) = graph.as_bool(wanted)
                        && !graph.node(value).nullable
                    {
                        return self.clause(value, (wanted == is_equal) == holds);
                    }
                }
                if graph.node(*one).nullable || graph.node(*other).nullable {
                    self.compared(node, holds)
                } else {
                    Says::Agree(*one, *other, holds == is_equal)
                }
            }
            Op::Compare(..) => self.compared(node, holds),
            Op::InSet(set, item) => Says::InSet(*item, set.clone()),
            Op::InList(list, item) => Says::InList(*item, *list),
            Op::IsMissing(value) => Says::Missing(*value),
            Op::Call(function, args) => Says::Call(*function, args.clone()),
            Op::Constant(_) => Says::Always,
            _ => Says::Truth(node),
        };
        let text = Phrase::default();
        Ok(Clause::One(PlainStatement { guards: Vec::new(), nodes: vec![node], holds, is_all: true, says, text }))
    }

    /// A comparison, its constant on the right.
    fn compared(&self, node: NodeId, holds: bool) -> Says {
        let graph = self.graph();
        let Op::Compare(how, one, other) = &graph.node(node).op else { return Says::Truth(node) };
        let is_constant = |node: NodeId| matches!(graph.node(node).op, Op::Constant(_));
        let is_turned = is_constant(*one) && !is_constant(*other);
        let (how, one, other) = if is_turned { (turned(*how), *other, *one) } else { (*how, *one, *other) };
        Says::Compare(if holds { how } else { opposite(how) }, one, other)
    }

    /// A truth value that one of two expressions gives.
    fn choice(&mut self, condition: NodeId, (one, other): (NodeId, NodeId), holds: bool) -> Worded<Clause> {
        let graph = self.graph();
        let known = |node| graph.as_bool(node).map(|value| value == holds);
        let (first, second) = (known(one), known(other));
        if first == Some(true) {
            let clauses = vec![self.clause(condition, true)?, self.clause(other, holds)?];
            return Ok(self.joined(clauses, false));
        }
        if second == Some(true) {
            let clauses = vec![self.clause(condition, false)?, self.clause(one, holds)?];
            return Ok(self.joined(clauses, false));
        }
        let mut ways = Vec::new();
        for (is_never, taken, value) in [(first == Some(false), true, one), (second == Some(false), false, other)] {
            if !is_never {
                let parts = vec![self.clause(condition, taken)?, self.clause(value, holds)?];
                ways.push(self.joined(parts, true));
            }
        }
        if ways.is_empty() {
            // Neither way has that value, and the condition is evaluated all the same.
            let never = self.clause(one, holds)?;
            let parts = vec![self.clause(condition, true)?, never];
            ways.push(self.joined(parts, true));
        }
        Ok(self.joined(ways, false))
    }

    /// Clauses as one: of which all hold, or any.
    fn joined(&self, clauses: Vec<Clause>, is_all: bool) -> Clause {
        let mut flat: Vec<Clause> = Vec::new();
        for clause in clauses {
            let inner = match clause {
                Clause::All(inner) if is_all => inner,
                Clause::Any(inner) if !is_all => inner,
                other => vec![other],
            };
            for clause in inner {
                let left = match (flat.last_mut(), clause) {
                    (Some(Clause::One(before)), Clause::One(statement)) => self.merged(before, statement, is_all).map(Clause::One),
                    (_, clause) => Some(clause),
                };
                flat.extend(left);
            }
        }
        if is_all {
            flat = self.guarded(flat);
        }
        match (flat.len(), is_all) {
            (1, _) => flat.pop().unwrap_or(Clause::All(Vec::new())),
            (_, true) => Clause::All(flat),
            (_, false) => Clause::Any(flat),
        }
    }

    /// Puts a statement into the one before it, where both compare one value with constants; else gives it back.
    fn merged(&self, before: &mut PlainStatement, next: PlainStatement, is_all: bool) -> Option<PlainStatement> {
        // One of several is any of them; none of several is all of their opposites.
        let how = if is_all { CompareOp::NotEqual } else { CompareOp::Equal };
        let constants = |statement: &PlainStatement| match &statement.says {
            Says::Compare(said, item, value) if *said == how && self.is_written(*value) => Some((*item, vec![*value])),
            Says::OneOf(item, values) if statement.is_all == is_all => Some((*item, values.clone())),
            _ => None,
        };
        let (Some((item, mut values)), Some((same, more))) = (constants(before), constants(&next)) else { return Some(next) };
        if item != same || before.holds != next.holds || !before.guards.is_empty() || !next.guards.is_empty() {
            return Some(next);
        }
        values.extend(more);
        before.nodes.extend(next.nodes);
        before.is_all = is_all;
        before.says = Says::OneOf(item, values);
        None
    }

    /// Whether an expression is a constant that is there.
    fn is_written(&self, node: NodeId) -> bool {
        let node = self.graph().node(node);
        matches!(node.op, Op::Constant(_)) && !node.nullable
    }

    /// Guards of fields just before the statement that needs them become part of it. Neither can fail, so their order is free.
    fn guarded(&self, clauses: Vec<Clause>) -> Vec<Clause> {
        let mut kept: Vec<Clause> = Vec::new();
        for clause in clauses {
            let Clause::One(mut statement) = clause else {
                kept.push(clause);
                continue;
            };
            if self.guards(&statement).is_none() {
                let run = kept.iter().rev().take_while(|clause| matches!(clause, Clause::One(one) if self.guards(one).is_some()));
                let after = kept.split_off(kept.len() - run.count());
                for guard in after {
                    let node = if let Clause::One(one) = &guard { self.guards(one) } else { None };
                    let needed = node.filter(|node| self.value_of(*node).is_some_and(|value| self.is_used(&statement, value)));
                    match needed {
                        Some(node) => statement.guards.push(node),
                        None => kept.push(guard),
                    }
                }
                self.drop_needless(&mut statement);
            }
            kept.push(Clause::One(statement));
        }
        kept
    }

    /// The expression that a field is missing, where a statement only says that it is there.
    fn guards(&self, statement: &PlainStatement) -> Option<NodeId> {
        match (&statement.says, statement.nodes.as_slice()) {
            (Says::Missing(value), [node]) if !statement.holds && matches!(self.graph().node(*value).op, Op::Field(_)) => {
                Some(*node)
            }
            _ => None,
        }
    }

    /// The value that a guard looks for.
    pub(super) fn value_of(&self, guard: NodeId) -> Option<NodeId> {
        if let Op::IsMissing(value) = self.graph().node(guard).op { Some(value) } else { None }
    }

    fn is_used(&self, statement: &PlainStatement, value: NodeId) -> bool {
        statement.nodes.iter().any(|node| self.uses(*node, value))
    }

    /// Nothing that is missing equals a value: the guard goes without saying.
    fn drop_needless(&self, statement: &mut PlainStatement) {
        let item = match &statement.says {
            // The other side is evaluated all the same, so it must not fail.
            Says::Compare(CompareOp::Equal, one, other)
                if !self.graph().node(*other).nullable && !self.graph().node(*other).fallible =>
            {
                *one
            }
            Says::OneOf(item, _) if !statement.is_all => *item,
            Says::InSet(item, _) if statement.holds => *item,
            _ => return,
        };
        statement.guards.retain(|guard| self.value_of(*guard) != Some(item));
    }

    /// Whether one expression is a part of another.
    fn uses(&self, whole: NodeId, part: NodeId) -> bool {
        let mut seen = std::collections::BTreeSet::new();
        let mut open = vec![whole];
        while let Some(node) = open.pop() {
            if node == part {
                return true;
            }
            // Parts come before the whole.
            if node > part && seen.insert(node) {
                open.extend(self.graph().node(node).op.parts());
            }
        }
        false
    }
}

/// The comparison that holds where this one does not.
pub(super) fn opposite(how: CompareOp) -> CompareOp {
    match how {
        CompareOp::Equal | CompareOp::Same => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}

/// The comparison with its sides exchanged.
pub(super) fn turned(how: CompareOp) -> CompareOp {
    match how {
        CompareOp::Equal | CompareOp::Same | CompareOp::NotEqual => how,
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
    }
}
