//! What every check looks at, and what is worked out once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CaseSet, Definition, ReasonId, RuleIndex, Value};
use crate::script::tree::{Expr, ExprKind, ScriptTree, walk};
use crate::script::usage::{self, Unused};
use crate::script::{Program, Type};
use crate::text::Span;

/// The definition with its program and cases, and what its scripts use.
pub(super) struct Context<'a> {
    /// Schema, rule set, sources, places.
    pub(super) definition: &'a Definition,
    /// The scripts, compiled and typed.
    pub(super) program: &'a Program,
    /// The cases, when they are checked too.
    pub(super) cases: Option<&'a CaseSet>,
    /// What the scripts use; none while a script cannot be read, since nobody can say then what is not used.
    pub(super) used: Option<Used>,
    /// Values and variables of the scripts that are of no use.
    pub(super) unused: Vec<Unused>,
    rules: BTreeMap<&'a str, RuleIndex>,
}

/// Everything that some script uses, by name.
#[derive(Default)]
pub(super) struct Used {
    /// Parameters.
    pub(super) parameters: BTreeSet<String>,
    /// Lists.
    pub(super) lists: BTreeSet<String>,
    /// Reasons; also that of `on_error`.
    pub(super) reasons: BTreeSet<String>,
    /// Functions of the shared script.
    pub(super) functions: BTreeSet<String>,
}

impl<'a> Context<'a> {
    /// Walks every script once.
    pub(super) fn new(definition: &'a Definition, program: &'a Program, cases: Option<&'a CaseSet>) -> Self {
        let rules = definition.rule_set.rules().map(|(index, _, rule)| (rule.id.as_str(), index)).collect();
        let mut context = Self { definition, program, cases, used: None, unused: Vec::new(), rules };
        context.unused = context.trees().flatten().flat_map(usage::unused).collect();
        context.used = context.find_used();
        context
    }

    /// Where a part of the data files stands.
    pub(super) fn place(&self, path: &str) -> Option<Span> {
        self.definition.places.find(path)
    }

    /// The text under a span.
    pub(super) fn text(&self, span: Span) -> &str {
        self.definition.sources.get(span.source).map_or("", |source| source.slice(span))
    }

    /// Every reason's code.
    pub(super) fn reason_names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.definition.rule_set.reasons.keys().map(ReasonId::as_str)
    }

    /// The typed tree of a rule, by its id.
    pub(super) fn tree_of(&self, rule: &str) -> Option<&'a ScriptTree> {
        self.program.tree(*self.rules.get(rule)?)
    }

    /// Every typed tree: rules in order, then invariants.
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
            // A code may stand in a branch or a variable before it is given.
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
