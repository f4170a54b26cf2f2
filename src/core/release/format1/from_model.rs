//! The model as format 1 writes it. Cannot fail but for a list entry with a line break, which no list file can hold.

use super::{
    Acknowledged, AcknowledgedRows, Against, Amount, Approval, Aside, Band, Base, Cases, Check, Counts, Coverage, Engine, Evidence,
    Field, File, Group, Interface, Invariant, Kind, Labels, Lineage, List, ListKind, Named, OnError, Parameter, Plain, Policy,
    Provenance, Range, Reason, Roles, RowsAtFault, Rule, RuleSet, Sample, Schema, Script, Stage, StageKind, Status, Verdict,
};
use crate::model::{self, FieldName, FieldType, ListEntries, Zone};
use crate::release::{approval, evidence, profile};

/// Everything but the two digests, which are put in when the canonical text is known.
pub(in crate::release) fn file(
    engine: &profile::Profile,
    provenance: &evidence::Provenance,
    approvals: &[approval::Approval],
    evidence: &evidence::Evidence,
    definition: &model::Definition,
) -> File {
    File {
        format: super::number(provenance.lineage.is_some()),
        digest: String::new(),
        engine: Engine { profile: engine.number, rhai: engine.rhai.clone(), countersign: engine.countersign.clone() },
        provenance: Provenance {
            maker: provenance.maker.clone(),
            created_at: provenance.created_at.to_string(),
            comment: provenance.comment.clone(),
            rolls_back: provenance.rolls_back.map(|digest| digest.to_string()),
        },
        lineage: provenance.lineage.map(|lineage| Lineage {
            sequence: lineage.sequence,
            base: lineage.base.map(|base| Base { sequence: base.sequence, digest: base.digest.to_string() }),
            journal: lineage.journal.map(|entry| entry.to_string()),
        }),
        approvals: approvals.iter().map(approval).collect(),
        approvals_digest: String::new(),
        evidence: self::evidence(evidence),
        rule_set: rule_set(&definition.rule_set, definition.schema.zone),
        schema: schema(&definition.schema),
    }
}

fn approval(approval: &approval::Approval) -> Approval {
    Approval {
        principal: approval.principal.clone(),
        role: approval.role.clone(),
        time: approval.time.to_string(),
        journal: approval.journal.map(|entry| entry.to_string()),
        signature: approval.signature.clone(),
    }
}

fn evidence(evidence: &evidence::Evidence) -> Evidence {
    let sample = |sample: &evidence::SampleEvidence| Sample {
        name: sample.file.clone(),
        digest: sample.digest.to_string(),
        mapping: sample.mapping.map(|digest| digest.to_string()),
        requests: sample.requests,
        verdicts: Counts {
            accept: sample.verdicts.get(model::Verdict::Accept),
            step_up: sample.verdicts.get(model::Verdict::StepUp),
            refer: sample.verdicts.get(model::Verdict::Refer),
            decline: sample.verdicts.get(model::Verdict::Decline),
        },
        failed: sample.failed,
        set_aside: sample.set_aside.as_ref().map(aside),
    };
    let cases =
        |cases: &evidence::CaseEvidence| Cases { digest: cases.digest.to_string(), total: cases.total, passed: cases.passed };
    let coverage = evidence.coverage;
    Evidence {
        rule_set: evidence.rule_set.to_string(),
        schema: evidence.schema.to_string(),
        cases: evidence.cases.as_ref().map(cases),
        samples: evidence.samples.iter().map(sample).collect(),
        coverage: Coverage { rules: coverage.rules, hit_by_cases: coverage.hit_by_cases, hit_by_samples: coverage.hit_by_samples },
        against: evidence.against.as_ref().map(against),
        check: Check { errors: 0, warnings: evidence.check.warnings, notes: evidence.check.notes },
    }
}

fn aside(aside: &evidence::AsideEvidence) -> Aside {
    let rows = &aside.rows;
    let fault = |reason: &model::AsideReason| RowsAtFault {
        fault: reason.fault.word().to_owned(),
        column: reason.column.clone(),
        rows: reason.rows,
    };
    let acknowledged = |one: &evidence::Acknowledgement| AcknowledgedRows {
        by: one.by.clone(),
        at: one.at.to_string(),
        rows: one.count,
        comment: one.comment.clone(),
    };
    Aside {
        rows: rows.rows,
        reasons: rows.reasons.iter().map(fault).collect(),
        labels: rows.labels.map(|labels| Labels { fraud: labels.fraud, genuine: labels.genuine, unknown: labels.unknown }),
        amount: rows.amount.map(|amount| Amount { rows: amount.rows, fen: amount.fen }),
        digest: rows.digest.to_string(),
        acknowledged: aside.acknowledged.iter().map(acknowledged).collect(),
    }
}

fn against(live: &evidence::LiveEvidence) -> Against {
    let acknowledged = |one: &evidence::Acknowledgement| Acknowledged {
        by: one.by.clone(),
        at: one.at.to_string(),
        flips: one.count,
        comment: one.comment.clone(),
    };
    Against {
        release: live.release.to_string(),
        flips: live.flips,
        acknowledged: live.acknowledged.iter().map(acknowledged).collect(),
    }
}

/// The rule set; `zone` writes the values of Time parameters.
pub(in crate::release) fn rule_set(rules: &model::RuleSet, zone: Zone) -> RuleSet {
    let interface = |(id, interface): (&model::InterfaceId, &model::Interface)| Interface {
        id: id.to_string(),
        title: interface.title.clone(),
        capacity_per_second: interface.capacity_per_second,
    };
    let reason = |(code, reason): (&model::ReasonId, &model::Reason)| Reason {
        code: code.to_string(),
        text: reason.text.clone(),
        wire: reason.wire.clone(),
        iso8583: reason.iso8583.clone(),
    };
    let invariant = |invariant: &model::Invariant| Invariant {
        id: invariant.id.to_string(),
        title: invariant.title.clone(),
        when: script(&invariant.when),
        verdicts: invariant.verdicts.iter().map(|one| verdict(*one)).collect(),
    };
    RuleSet {
        name: rules.name.clone(),
        version: rules.version.clone(),
        title: rules.title.clone(),
        on_error: OnError { verdict: verdict(rules.on_error.verdict), reason: rules.on_error.reason.to_string() },
        stages: rules.stages.iter().map(stage).collect(),
        parameters: rules.parameters.iter().map(|(id, one)| parameter(id, one, zone)).collect(),
        interfaces: rules.interfaces.iter().map(interface).collect(),
        reasons: rules.reasons.iter().map(reason).collect(),
        invariants: rules.invariants.iter().map(invariant).collect(),
        shared: rules.shared.as_ref().map(script),
        lists: rules.lists.iter().map(|(id, one)| list(id, one)).collect(),
    }
}

pub(in crate::release) fn stage(stage: &model::Stage) -> Stage {
    let kind = match &stage.kind {
        model::StageKind::Screen { policy, bands } => StageKind::Screen {
            policy: match policy {
                model::HitPolicy::First => Policy::First,
                model::HitPolicy::MostSevere => Policy::MostSevere,
            },
            bands: bands.iter().map(|band| Band { at_least: band.at_least, verdict: verdict(band.verdict) }).collect(),
        },
        model::StageKind::Limit => StageKind::Limit,
        model::StageKind::Route { default } => StageKind::Route { default: default.as_ref().map(ToString::to_string) },
    };
    Stage { id: stage.id.to_string(), title: stage.title.clone(), kind, rules: stage.rules.iter().map(rule).collect() }
}

pub(in crate::release) fn rule(rule: &model::Rule) -> Rule {
    Rule {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        owner: rule.owner.clone(),
        basis: rule.basis.clone(),
        status: match rule.status {
            model::Status::Active => Status::Active,
            model::Status::Shadow => Status::Shadow,
            model::Status::Off => Status::Off,
        },
        from: rule.window.from.map(|moment| moment.to_string()),
        until: rule.window.until.map(|moment| moment.to_string()),
        script: script(&rule.script),
    }
}

fn script(script: &model::Script) -> Script {
    Script { file: script.file.clone(), text: script.text.as_ref().to_owned() }
}

pub(in crate::release) fn parameter(id: &model::ParameterId, parameter: &model::Parameter, zone: Zone) -> Parameter {
    let range = |range: &model::Range| Range { min: plain(&range.min, zone), max: plain(&range.max, zone) };
    Parameter {
        id: id.to_string(),
        kind: kind(&parameter.kind),
        value: plain(&parameter.value, zone),
        range: parameter.range.as_ref().map(range),
        unit: parameter.unit.clone(),
        text: parameter.text.clone(),
    }
}

fn plain(value: &model::Value, zone: Zone) -> Plain {
    match value {
        model::Value::Bool(value) => Plain::Bool(*value),
        model::Value::Int(value) => Plain::Int(*value),
        // Negative zero has no text of its own.
        model::Value::Float(value) => Plain::Float(*value + 0.0),
        other => Plain::Text(other.show(zone)),
    }
}

fn list(id: &model::ListId, list: &model::List) -> List {
    let mut entries = String::new();
    match &list.entries {
        ListEntries::Text(texts) => texts.iter().for_each(|text| {
            entries.push_str(text);
            entries.push('\n');
        }),
        ListEntries::Int(numbers) => numbers.iter().for_each(|number| {
            entries.push_str(&number.to_string());
            entries.push('\n');
        }),
    }
    List {
        id: id.to_string(),
        title: list.title.clone(),
        kind: match list.kind {
            model::ListType::Text => ListKind::Text,
            model::ListType::Int => ListKind::Int,
        },
        file: list.file.clone(),
        count: u64::try_from(list.entries.len()).unwrap_or(u64::MAX),
        entries,
    }
}

/// The schema.
pub(in crate::release) fn schema(schema: &model::Schema) -> Schema {
    let name = |name: &Option<FieldName>| name.as_ref().map(ToString::to_string);
    let field = |(id, field): (&String, &model::Field)| Field {
        id: id.clone(),
        kind: kind(&field.kind),
        optional: field.optional,
        personal: field.personal,
        as_written: field.as_written.then_some(true),
        identifier: field.identifier.then_some(true),
        text: field.text.clone(),
        unit: field.unit.clone(),
    };
    let group = |(id, group): (&String, &model::Group)| Group {
        id: id.clone(),
        text: group.text.clone(),
        fields: group.fields.iter().map(field).collect(),
    };
    let roles = &schema.roles;
    Schema {
        name: schema.name.clone(),
        zone: schema.zone.to_string(),
        roles: Roles {
            key: roles.key.to_string(),
            time: roles.time.to_string(),
            amount: name(&roles.amount),
            customer: name(&roles.customer),
            interface: name(&roles.interface),
            label: name(&roles.label),
        },
        groups: schema.groups.iter().map(group).collect(),
    }
}

fn kind(kind: &FieldType) -> Kind {
    match kind {
        FieldType::Bool => Kind::Bool,
        FieldType::Int => Kind::Int,
        FieldType::Money => Kind::Money,
        FieldType::Float => Kind::Float,
        FieldType::Text => Kind::Text,
        FieldType::Enum(values) => {
            Kind::Enum(values.values.iter().map(|(id, text)| Named { id: id.clone(), text: text.clone() }).collect())
        }
        FieldType::Time => Kind::Time,
    }
}

fn verdict(verdict: model::Verdict) -> Verdict {
    match verdict {
        model::Verdict::Accept => Verdict::Accept,
        model::Verdict::StepUp => Verdict::StepUp,
        model::Verdict::Refer => Verdict::Refer,
        model::Verdict::Decline => Verdict::Decline,
    }
}
