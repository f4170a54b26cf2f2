//! Requests of the new schema, put into the old one's fields, so that both rule sets decide the same requests.
//!
//! Fields are matched by name. Every field that an old script reads must be there with the same type; anything else is refused with a
//! finding. A field that only the old schema has, and no old script reads, is missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kinds::{SCHEMA_CHANGED_TYPE, SCHEMA_CHANGED_VALUES, SCHEMA_LACKS_FIELD};
use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, Field, FieldIndex, FieldType, Schema};
use countersign_core::script::Program;
use countersign_core::script::tree::{ExprKind, walk};
use countersign_core::text::LocalText;
use countersign_requests::Table;

/// How requests of the new schema become requests of the old one.
#[derive(Clone, Debug)]
pub(crate) enum Projection {
    /// Both schemas hold the same fields in the same order.
    Same,
    /// For every field of the old schema the field of the new one, where there is one that fits.
    ByName(Arc<Definition>, Vec<Option<FieldIndex>>),
}

impl Projection {
    /// Matches the fields; the findings are errors that forbid the comparison, and warnings.
    pub(crate) fn new(old: &Engine, new: &Schema) -> (Self, Vec<Finding>) {
        let schema = &old.definition().schema;
        if schema == new {
            return (Self::Same, Vec::new());
        }
        let used = if schema.has_derived() && schema.as_read() == *new { BTreeSet::new() } else { used_fields(old) };
        let mut findings = Vec::new();
        let mut from = Vec::new();
        for (index, name, field) in schema.fields() {
            let found = new.find(&name);
            // A derived field is computed, whatever the requests have.
            if used.contains(&index) && field.derived.is_none() {
                findings.extend(differs(&name, field, found.map(|(_, field)| field)));
            }
            from.push(found.filter(|(_, other)| same_kind(&field.kind, &other.kind)).map(|(index, _)| index));
        }
        (Self::ByName(old.definition().clone(), from), findings)
    }

    /// The requests as the old rule set sees them; nothing is copied.
    pub(crate) fn table(&self, table: &Arc<Table>) -> Arc<Table> {
        match self {
            Self::Same => table.clone(),
            Self::ByName(old, from) => Arc::new(table.projected(Arc::new(old.schema.clone()), from)),
        }
    }
}

/// The fields that scripts read, those that derived fields are computed from, and the time; every field where a script could not be
/// understood.
fn used_fields(engine: &Engine) -> BTreeSet<FieldIndex> {
    let definition = engine.definition();
    let schema = &definition.schema;
    let mut used: BTreeSet<FieldIndex> = schema.find(schema.roles.time.as_str()).map(|(index, _)| index).into_iter().collect();
    let named = schema.derived().flat_map(|(.., derived)| derived.names());
    used.extend(named.filter_map(|name| schema.find(name.as_str())).map(|(index, _)| index));
    let conditions = definition.history_conditions();
    let count = conditions.rule_set.invariants.len();
    let of_events = (count > 0).then(|| Program::compile(&conditions).program);
    let of_events = of_events.iter().flat_map(|program| (0..count).map(|at| program.condition(at)));
    for tree in definition.rule_set.rules().map(|(rule, ..)| engine.program().tree(rule)).chain(of_events) {
        let Some(tree) = tree else {
            return schema.fields().map(|(index, ..)| index).collect();
        };
        walk(tree, &mut |expr| {
            if let ExprKind::Field(field) = expr.kind {
                used.insert(field);
            }
        });
    }
    used
}

fn same_kind(old: &FieldType, new: &FieldType) -> bool {
    old.name() == new.name()
}

/// What is in the way of reading `field` of the old schema from the new one.
fn differs(name: &str, field: &Field, found: Option<&Field>) -> Option<Finding> {
    let Some(found) = found else {
        let message = LocalText::new(
            format!("the old rule set reads `{name}`, which these requests do not have"),
            format!("旧规则集读取字段 `{name}`，而这些请求中没有该字段"),
        );
        return Some(Finding::new(SCHEMA_LACKS_FIELD, None, message).with_help(LocalText::new(
            "compare on a file that holds every field of both schemas, under a schema that names them all",
            "请使用包含两套字段的样本文件，并在请求结构中列出全部字段",
        )));
    };
    if !same_kind(&field.kind, &found.kind) {
        let (old, new) = (field.kind.name(), found.kind.name());
        let message = LocalText::new(
            format!("`{name}` is {old} to the old rule set and {new} in these requests"),
            format!("字段 `{name}` 在旧规则集中为 {old} 类型，在这些请求中为 {new} 类型"),
        );
        return Some(
            Finding::new(SCHEMA_CHANGED_TYPE, None, message)
                .with_help(LocalText::new("give the field a new name where its type changes", "字段类型变化时，请为其另取新名")),
        );
    }
    match (&field.kind, &found.kind) {
        (FieldType::Enum(old), FieldType::Enum(new)) => {
            let unknown: Vec<&str> = new.names().filter(|value| !old.contains(value)).collect();
            (!unknown.is_empty()).then(|| new_values(name, &unknown.join("`, `")))
        }
        _ => None,
    }
}

fn new_values(name: &str, values: &str) -> Finding {
    let message = LocalText::new(
        format!("the old rule set does not know these values of `{name}`: `{values}`"),
        format!("旧规则集不认识字段 `{name}` 的以下取值：`{values}`"),
    );
    Finding::new(SCHEMA_CHANGED_VALUES, None, message).with_help(LocalText::new(
        "requests with such a value are decided as if no old rule named it",
        "带有这些取值的请求，按旧规则均未提及该取值处理",
    ))
}
