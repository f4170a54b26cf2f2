//! The model in its raw form.

use super::{
    DerivedFile, FieldTypeFile, GroupFile, HistoryWindowFile, InvariantFile, OnErrorFile, ParameterFile, RangeFile, RawForm,
    RolesFile, RuleFile, RuleSetFile, ScalarFile, SchemaFieldFile, SchemaFile, StageFile, StageKindFile,
};
use crate::model::{
    CalendarPeriod, Derived, Field, FieldName, FieldType, Group, HistoryWindow, Invariant, Parameter, Range, Rule, RuleSet, Scalar,
    Schema, Stage, StageKind, Value, WithoutKey, Zone,
};

/// Times of parameters are written in `zone`.
#[must_use]
pub fn rule_set<F: RawForm>(rules: &RuleSet, zone: Zone) -> RuleSetFile<F> {
    RuleSetFile {
        format: F::FORMAT,
        name: rules.name.clone(),
        version: rules.version.clone(),
        title: rules.title.clone(),
        on_error: OnErrorFile { verdict: rules.on_error.verdict, reason: rules.on_error.reason.to_string() },
        parameters: rules.parameters.iter().map(|(id, one)| (id.to_string(), parameter(one, zone))).collect(),
        interfaces: rules.interfaces.iter().map(|(id, one)| (id.to_string(), one.clone())).collect(),
        reasons: rules.reasons.iter().map(|(code, one)| (code.to_string(), one.clone())).collect(),
        lists: rules.lists.iter().map(|(id, one)| (id.to_string(), F::list(one))).collect(),
        stages: rules.stages.iter().map(stage).collect(),
        invariants: rules.invariants.iter().map(invariant).collect(),
        shared: rules.shared.as_ref().map(F::script),
    }
}

#[must_use]
pub fn parameter<F: RawForm>(parameter: &Parameter, zone: Zone) -> ParameterFile<F> {
    let range = |range: &Range| RangeFile { min: scalar(&range.min, zone), max: scalar(&range.max, zone) };
    ParameterFile {
        kind: field_type(&parameter.kind),
        value: scalar(&parameter.value, zone),
        range: parameter.range.as_ref().map(range),
        unit: parameter.unit.clone(),
        text: parameter.text.clone(),
    }
}

fn scalar(value: &Value, zone: Zone) -> ScalarFile {
    ScalarFile(match value.to_scalar(zone) {
        // Negative zero has no text of its own.
        Scalar::Float(number) => Scalar::Float(number + 0.0),
        other => other,
    })
}

#[must_use]
pub fn stage<F: RawForm>(stage: &Stage) -> StageFile<F> {
    let kind = match &stage.kind {
        StageKind::Screen { policy, bands } => StageKindFile::Screen { policy: *policy, bands: bands.clone() },
        StageKind::Limit => StageKindFile::Limit,
        StageKind::Route { default } => StageKindFile::Route { default: default.as_ref().map(ToString::to_string) },
    };
    StageFile { id: stage.id.to_string(), title: stage.title.clone(), kind, rules: stage.rules.iter().map(rule).collect() }
}

#[must_use]
pub fn rule<F: RawForm>(rule: &Rule) -> RuleFile<F> {
    RuleFile {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        owner: rule.owner.clone(),
        basis: rule.basis.clone(),
        status: rule.status,
        from: rule.window.from.map(|moment| moment.to_string()),
        until: rule.window.until.map(|moment| moment.to_string()),
        script: F::script(&rule.script),
    }
}

fn invariant<F: RawForm>(invariant: &Invariant) -> InvariantFile<F> {
    InvariantFile {
        id: invariant.id.to_string(),
        title: invariant.title.clone(),
        when: F::condition(&invariant.when),
        verdicts: invariant.verdicts.clone(),
    }
}

#[must_use]
pub fn schema<F: RawForm>(schema: &Schema) -> SchemaFile<F> {
    let name = |name: &Option<FieldName>| name.as_ref().map(ToString::to_string);
    let group = |group: &Group| GroupFile {
        text: group.text.clone(),
        fields: group.fields.iter().map(|(id, one)| (id.clone(), field(one))).collect(),
    };
    let roles = &schema.roles;
    SchemaFile {
        format: F::FORMAT,
        name: schema.name.clone(),
        zone: schema.zone.to_string(),
        roles: RolesFile {
            key: roles.key.to_string(),
            time: roles.time.to_string(),
            amount: name(&roles.amount),
            customer: name(&roles.customer),
            interface: name(&roles.interface),
            label: name(&roles.label),
        },
        groups: schema.groups.iter().map(|(id, one)| (id.clone(), group(one))).collect(),
    }
}

fn field<F: RawForm>(field: &Field) -> SchemaFieldFile<F> {
    let Field { kind, optional, text, unit, personal, as_written, identifier, derived } = field.clone();
    let derived = derived.map(|derived| self::derived(*derived));
    SchemaFieldFile { kind: field_type(&kind), optional, unit, text, personal, as_written, identifier, derived }
}

fn derived(derived: Derived) -> DerivedFile {
    let Derived { function, by, condition, over, current } = derived;
    let over = match over {
        HistoryWindow::Last(length) => HistoryWindowFile::Last(ScalarFile(Scalar::Text(length.to_string()))),
        HistoryWindow::Events(count) => HistoryWindowFile::Last(ScalarFile(Scalar::Int(i64::from(count)))),
        HistoryWindow::Calendar(CalendarPeriod::Day) => HistoryWindowFile::Day,
        HistoryWindow::Calendar(CalendarPeriod::Month) => HistoryWindowFile::Month,
        HistoryWindow::Calendar(CalendarPeriod::Year) => HistoryWindowFile::Year,
        HistoryWindow::Ever => HistoryWindowFile::Ever,
        HistoryWindow::Since(field) => HistoryWindowFile::Since(field.to_string()),
    };
    DerivedFile {
        function: function.with_names(ToString::to_string),
        by: by.iter().map(ToString::to_string).collect(),
        condition: condition.map(|text| text.as_ref().to_owned()),
        over,
        current,
        without_key: WithoutKey::Missing,
    }
}

fn field_type<F: RawForm>(kind: &FieldType) -> FieldTypeFile<F> {
    kind.map_enum(|known| known.values.iter().map(|(id, text)| (id.clone(), F::enum_value(text))).collect())
}
