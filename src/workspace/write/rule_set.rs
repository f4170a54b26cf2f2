//! `ruleset.ron` from the model.

use super::schema::field_type;
use super::{local, scalar};
use crate::mirror::FORMAT;
use crate::ron_tree::Node;
use crate::ron_tree::build::{Fields, int, list, map, text, word};
use countersign_core::model::{
    Band, HitPolicy, Interface, Invariant, List, ListType, Parameter, Reason, Rule, RuleSet, Stage, StageKind, Status, Verdict,
    Zone,
};
use countersign_core::text::LocalText;

/// The whole file; times of parameters are written in `zone`.
pub(crate) fn rule_set(rules: &RuleSet, zone: Zone) -> Node {
    let on_error = Fields::default()
        .with("verdict", verdict(rules.on_error.verdict))
        .with("reason", text(rules.on_error.reason.as_str()))
        .plain();
    Fields::default()
        .with("format", int(i64::from(FORMAT)))
        .with("name", text(&rules.name))
        .with("version", text(&rules.version))
        .with("title", local(&rules.title))
        .with("on_error", on_error)
        .unless_empty("parameters", map(rules.parameters.iter().map(|(id, held)| (id.as_str(), parameter(held, zone)))))
        .unless_empty("interfaces", map(rules.interfaces.iter().map(|(id, held)| (id.as_str(), interface(held)))))
        .unless_empty("reasons", map(rules.reasons.iter().map(|(id, held)| (id.as_str(), reason(held)))))
        .unless_empty("lists", map(rules.lists.iter().map(|(id, held)| (id.as_str(), named_list(held)))))
        .with("stages", list(rules.stages.iter().map(stage)))
        .unless_empty("invariants", list(rules.invariants.iter().map(invariant)))
        .maybe("shared", rules.shared.as_ref().map(|script| text(&script.file)))
        .plain()
}

/// A verdict's word in files.
pub(super) fn verdict(verdict: Verdict) -> Node {
    word(match verdict {
        Verdict::Accept => "Accept",
        Verdict::StepUp => "StepUp",
        Verdict::Refer => "Refer",
        Verdict::Decline => "Decline",
    })
}

fn parameter(parameter: &Parameter, zone: Zone) -> Node {
    let value = |value: &countersign_core::model::Value| scalar(&value.to_scalar(zone));
    let range = parameter.range.as_ref();
    Fields::default()
        .with("type", field_type(&parameter.kind))
        .with("value", value(&parameter.value))
        .maybe("range", range.map(|range| Fields::default().with("min", value(&range.min)).with("max", value(&range.max)).plain()))
        .maybe("unit", parameter.unit.as_ref().map(local))
        .with("text", local(&parameter.text))
        .plain()
}

fn interface(interface: &Interface) -> Node {
    Fields::default()
        .with("title", local(&interface.title))
        .maybe("capacity_per_second", interface.capacity_per_second.map(|capacity| int(i64::from(capacity))))
        .plain()
}

fn reason(reason: &Reason) -> Node {
    Fields::default()
        .with("text", local(&reason.text))
        .with("wire", text(&reason.wire))
        .maybe("iso8583", reason.iso8583.as_deref().map(text))
        .plain()
}

fn named_list(list: &List) -> Node {
    let kind = match list.kind {
        ListType::Text => "Text",
        ListType::Int => "Int",
    };
    Fields::default().with("title", local(&list.title)).with("type", word(kind)).with("file", text(&list.file)).plain()
}

fn stage(stage: &Stage) -> Node {
    Fields::default()
        .with("id", text(stage.id.as_str()))
        .with("title", local(&stage.title))
        .with("kind", kind(&stage.kind))
        .with("rules", list(stage.rules.iter().map(rule)))
        .plain()
}

fn kind(kind: &StageKind) -> Node {
    match kind {
        StageKind::Screen { policy, bands } => {
            let policy = match policy {
                HitPolicy::First => "First",
                HitPolicy::MostSevere => "MostSevere",
            };
            Fields::default().with("policy", word(policy)).unless_empty("bands", list(bands.iter().map(band))).named("Screen")
        }
        StageKind::Limit => word("Limit"),
        StageKind::Route { default } => {
            Fields::default().maybe("default", default.as_ref().map(|interface| text(interface.as_str()))).named("Route")
        }
    }
}

fn band(band: &Band) -> Node {
    Fields::default().with("at_least", int(band.at_least)).with("verdict", verdict(band.verdict)).plain()
}

fn rule(rule: &Rule) -> Node {
    let status = match rule.status {
        Status::Active => None,
        Status::Shadow => Some("Shadow"),
        Status::Off => Some("Off"),
    };
    Fields::default()
        .with("id", text(rule.id.as_str()))
        .with("title", local(&rule.title))
        .maybe("owner", (!rule.owner.is_empty()).then(|| text(&rule.owner)))
        .maybe("basis", (rule.basis != LocalText::default()).then(|| local(&rule.basis)))
        .maybe("status", status.map(word))
        .maybe("from", rule.window.from.map(|from| text(&from.to_string())))
        .maybe("until", rule.window.until.map(|until| text(&until.to_string())))
        .with("script", text(&rule.script.file))
        .plain()
}

fn invariant(invariant: &Invariant) -> Node {
    Fields::default()
        .with("id", text(invariant.id.as_str()))
        .with("title", local(&invariant.title))
        .with("when", text(&invariant.when.text))
        .with("verdicts", list(invariant.verdicts.iter().map(|allowed| verdict(*allowed))))
        .plain()
}
