//! Rules to start from. Each writes a script that fits the schema and rule set at hand, with names that exist there.

use countersign_core::model::{Definition, Field, FieldIndex, FieldType, ListType, Schema, Stage, StageKind};
use countersign_core::text::StaticText;

#[derive(Debug)]
pub struct RuleTemplate {
    pub id: &'static str,
    pub title: StaticText,
    pub fits: fn(&StageKind) -> bool,
    /// Its script, with names of the definition.
    pub script: fn(&Definition) -> String,
}

/// Every template, the most used first.
pub static ALL: &[RuleTemplate] = &[
    RuleTemplate {
        id: "threshold",
        title: StaticText::new("Refer above a threshold", "超过阈值转人工审核"),
        fits: is_screen,
        script: |definition| {
            let field = a_quantity(definition);
            when(&format!("{field} > 10"), &format!("refer(\"{}\")", reason(definition)))
        },
    },
    RuleTemplate {
        id: "blocklist",
        title: StaticText::new("Decline what is on a list", "命中名单则拒绝"),
        fits: is_screen,
        script: |definition| {
            let field = field(definition, |field| field.kind == FieldType::Text);
            let list = definition.rule_set.lists.iter().find(|(_, list)| list.kind == ListType::Text);
            let list = list.map_or("a_list", |(id, _)| id.as_str());
            when(&format!("{field} in lists.{list}"), &format!("decline(\"{}\")", reason(definition)))
        },
    },
    RuleTemplate {
        id: "value",
        title: StaticText::new("Decline one value of a field", "字段取某值时拒绝"),
        fits: is_screen,
        script: |definition| {
            let (field, value) = an_enum(definition);
            when(&format!("{field} == \"{value}\""), &format!("decline(\"{}\")", reason(definition)))
        },
    },
    RuleTemplate {
        id: "score",
        title: StaticText::new("Add points to the score", "累加风险评分"),
        fits: is_screen,
        script: |definition| {
            let field = a_quantity(definition);
            when(&format!("{field} > 3"), &format!("score(20, \"{}\")", reason(definition)))
        },
    },
    RuleTemplate {
        id: "share",
        title: StaticText::new("Step up for a share of customers", "对一定比例的客户加强验证"),
        fits: is_screen,
        script: |definition| {
            let key = definition.schema.roles.customer.as_ref().unwrap_or(&definition.schema.roles.key);
            when(&format!("share({key}, \"pilot\") < 500"), &format!("step_up(\"{}\")", reason(definition)))
        },
    },
    RuleTemplate {
        id: "limit",
        title: StaticText::new("Set limits", "设置限额"),
        fits: |kind| matches!(kind, StageKind::Limit),
        script: |definition| {
            let (field, value) = an_enum(definition);
            when(&format!("{field} == \"{value}\""), "limit(#{ single: yuan(5_000), day: yuan(10_000) })")
        },
    },
    RuleTemplate {
        id: "route",
        title: StaticText::new("Route to an interface", "路由到指定接口"),
        fits: |kind| matches!(kind, StageKind::Route { .. }),
        script: |definition| {
            let (field, value) = an_enum(definition);
            let interface = definition.rule_set.interfaces.keys().next().map_or("an_interface", |id| id.as_str());
            when(&format!("{field} == \"{value}\""), &format!("route(\"{interface}\")"))
        },
    },
];

pub fn find(id: &str) -> Option<&'static RuleTemplate> {
    ALL.iter().find(|template| template.id == id)
}

pub fn fitting(stage: &Stage) -> impl Iterator<Item = &'static RuleTemplate> {
    ALL.iter().filter(|template| (template.fits)(&stage.kind))
}

fn is_screen(kind: &StageKind) -> bool {
    matches!(kind, StageKind::Screen { .. })
}

fn when(condition: &str, outcome: &str) -> String {
    format!("// Say here what the rule is for.\nif {condition} {{\n    {outcome}\n}}\n")
}

/// The first whole number that is a quantity.
fn a_quantity(definition: &Definition) -> String {
    let schema = &definition.schema;
    field_of(schema, |index, field| field.kind == FieldType::Int && !schema.is_identifier(index))
}

fn field(definition: &Definition, fits: impl Fn(&Field) -> bool) -> String {
    field_of(&definition.schema, |_, field| fits(field))
}

/// The first field scripts may see that is never missing and fits; a made-up name where there is none, which the check then reports.
fn field_of(schema: &Schema, fits: impl Fn(FieldIndex, &Field) -> bool) -> String {
    let key = schema.roles.key.as_str();
    let is_open = |name: &String, field: &Field| !field.optional && schema.is_visible(name) && name != key;
    let mut names = schema.fields().filter(|(index, name, field)| is_open(name, field) && fits(*index, field));
    names.next().map_or_else(|| "group.field".to_owned(), |(_, name, _)| name)
}

/// The first enum that is never missing, with its first value.
fn an_enum(definition: &Definition) -> (String, String) {
    let name = field(definition, |field| matches!(field.kind, FieldType::Enum(_)));
    let value = definition.schema.find(&name).and_then(|(_, field)| match &field.kind {
        FieldType::Enum(values) => values.names().next().map(str::to_owned),
        _ => None,
    });
    (name, value.unwrap_or_default())
}

fn reason(definition: &Definition) -> &str {
    definition.rule_set.reasons.keys().next().map_or("A_REASON", |code| code.as_str())
}
