//! Input of every check, with what is computed once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CaseSet, Definition, ReasonId, RuleIndex, Value};
use crate::script::tree::{Expr, ExprKind, ScriptTree, walk};
use crate::script::usage::{self, Unused};
use crate::script::{Program, Type};
use crate::text::Span;

/// The definition with its program and cases, and what its scripts use.
pub(super) struct Context<'a> {
    pub(super) definition: &'a Definition,
    pub(super) program: &'a Program,
    pub(super) cases: Option<&'a CaseSet>,
    /// Names that the scripts use; none while a script cannot be read.
    pub(super) used: Option<Used>,
    /// Values and variables that the scripts do not use.
    pub(super) unused: Vec<Unused>,
    rules: BTreeMap<&'a str, RuleIndex>,
}

/// Names that some script uses.
#[derive(Default)]
pub(super) struct Used {
    pub(super) parameters: BTreeSet<String>,
    pub(super) lists: BTreeSet<String>,
    /// Includes that of `on_error`.
    pub(super) reasons: BTreeSet<String>,
    /// Of the shared script.
    pub(super) functions: BTreeSet<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(definition: &'a Definition, program: &'a Program, cases: Option<&'a CaseSet>) -> Self {
        let rules = definition.rule_set.rules().map(|(index, _, rule)| (rule.id.as_str(), index)).collect();
        let mut context = Self { definition, program, cases, used: None, unused: Vec::new(), rules };
        context.unused = context.trees().flatten().flat_map(usage::unused).collect();
        context.used = context.find_used();
        context
    }

    /// The span of a part of the data files, such as `rules.ID.owner`.
    pub(super) fn place(&self, path: &str) -> Option<Span> {
        self.definition.places.find(path)
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.definition.sources.get(span.source).map_or("", |source| source.slice(span))
    }

    pub(super) fn reason_names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.definition.rule_set.reasons.keys().map(ReasonId::as_str)
    }

    pub(super) fn tree_of(&self, rule: &str) -> Option<&'a ScriptTree> {
        self.program.tree(*self.rules.get(rule)?)
    }

    /// Of rules in order, then of invariants; none where a script could not be read.
    pub(super) fn trees(&self) -> impl Iterator<Item = Option<&'a ScriptTree>> {
        let program = self.program;
        let rules = self.definition.rule_set.rules().map(move |(index, _, _)| program.tree(index));
        rules.chain((0..self.definition.rule_set.invariants.len()).map(move |at| program.condition(at)))
    }

    /// A member of a group, of `params` or of `lists`, to show how one is named.
    pub(super) fn first_member(&self, group: &str) -> Option<String> {
        let rules = &self.definition.rule_set;
        match group {
            "params" => rules.parameters.keys().next().map(ToString::to_string),
            "lists" => rules.lists.keys().next().map(ToString::to_string),
            _ => {
                let inside = |name: String| name.strip_prefix(group)?.strip_prefix('.').map(str::to_owned);
                self.definition.schema.fields().find_map(|(_, name, _)| inside(name))
            }
        }
    }

    fn find_used(&self) -> Option<Used> {
        let mut used = Used::default();
        used.reasons.insert(self.definition.rule_set.on_error.reason.as_str().to_owned());
        for tree in self.trees() {
            walk(tree?, &mut |expr| self.note(&mut used, expr));
        }
        Some(used)
    }

    fn note(&self, used: &mut Used, expr: &Expr) {
        let rules = &self.definition.rule_set;
        match &expr.kind {
            ExprKind::Parameter(index) => {
                used.parameters.extend(rules.parameters.get_index(index.at()).map(|(id, _)| id.as_str().to_owned()));
            }
            ExprKind::List(index) => used.lists.extend(rules.lists.get_index(index.at()).map(|(id, _)| id.as_str().to_owned())),
            // A code may be in a branch or a variable before it is given.
            ExprKind::Literal(Value::Text(text)) if rules.reasons.contains_key(text.as_ref()) => {
                used.reasons.insert(text.as_ref().to_owned());
            }
            ExprKind::Outcome { args, .. } => {
                let enums = args.iter().filter_map(|arg| if let Type::Enum(values) = &arg.ty { Some(values) } else { None });
                used.reasons.extend(enums.flat_map(|values| values.names()).map(str::to_owned));
            }
            ExprKind::SharedCall { name, .. } => {
                used.functions.insert(name.as_ref().to_owned());
            }
            _ => {}
        }
    }
}
