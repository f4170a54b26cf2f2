//! Formats 1 and 2 of a release file: mirrors of the model with the names in the file. Format 2 has a `lineage`, and its approvals sign
//! a statement; everything else is the same, and what a later program adds is left out where it is empty, so that old files keep their bytes.
//!
//! Nothing here is a map: every order in the file means something, so the digest covers it. Ids, times and digests are texts here;
//! [`to_model`] reads them and says which one is wrong, [`from_model`] writes them in their one form.

pub(super) mod from_model;
pub(super) mod to_model;
mod to_schema;

use serde::{Deserialize, Serialize};

use crate::text::LocalText;

/// The numbers that files may begin with.
pub(super) const FORMATS: std::ops::RangeInclusive<u32> = 1..=2;

/// The number of a file with or without a lineage.
pub(super) fn number(has_lineage: bool) -> u32 {
    if has_lineage { *FORMATS.end() } else { *FORMATS.start() }
}

macro_rules! mirror {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $($(#[$attribute])* pub(super) $field: $kind),* })*
    };
}

mirror! {
    /// The whole file; what people look for first stands first.
    File {
        format: u32,
        digest: String,
        engine: Engine,
        provenance: Provenance,
        #[serde(default)] lineage: Option<Lineage>,
        approvals: Vec<Approval>,
        approvals_digest: String,
        evidence: Evidence,
        rule_set: RuleSet,
        schema: Schema,
    }
    Engine { profile: u32, rhai: String, countersign: String }
    Provenance { maker: String, created_at: String, comment: String, #[serde(default)] rolls_back: Option<String> }
    Lineage {
        sequence: u64,
        #[serde(default)] base: Option<Base>,
        #[serde(default, skip_serializing_if = "Option::is_none")] journal: Option<String>,
    }
    Base { sequence: u64, digest: String }
    Approval {
        principal: String,
        role: String,
        time: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] journal: Option<String>,
        signature: String,
    }

    Evidence {
        rule_set: String,
        schema: String,
        #[serde(default)] cases: Option<Cases>,
        samples: Vec<Sample>,
        coverage: Coverage,
        #[serde(default)] against: Option<Against>,
        check: Check,
    }
    Cases { digest: String, total: u64, passed: u64 }
    Sample {
        name: String,
        digest: String,
        #[serde(default)] mapping: Option<String>,
        requests: u64,
        verdicts: Counts,
        failed: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")] set_aside: Option<Aside>,
    }
    Aside {
        rows: u64,
        reasons: Vec<RowsAtFault>,
        #[serde(default, skip_serializing_if = "Option::is_none")] labels: Option<Labels>,
        #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<Amount>,
        digest: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] acknowledged: Vec<AcknowledgedRows>,
    }
    RowsAtFault { fault: String, #[serde(default)] column: Option<String>, rows: u64 }
    Labels { fraud: u64, genuine: u64, unknown: u64 }
    Amount { rows: u64, fen: i64 }
    AcknowledgedRows { by: String, at: String, rows: u64, comment: String }
    Counts { accept: u64, step_up: u64, refer: u64, decline: u64 }
    Coverage { rules: u64, hit_by_cases: u64, hit_by_samples: u64 }
    Against {
        release: String,
        flips: u64,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] acknowledged: Vec<Acknowledged>,
    }
    Acknowledged { by: String, at: String, flips: u64, comment: String }
    Check { errors: u64, warnings: u64, notes: u64 }

    RuleSet {
        name: String,
        version: String,
        title: LocalText,
        on_error: OnError,
        stages: Vec<Stage>,
        parameters: Vec<Parameter>,
        interfaces: Vec<Interface>,
        reasons: Vec<Reason>,
        invariants: Vec<Invariant>,
        #[serde(default)] shared: Option<Script>,
        lists: Vec<List>,
    }
    OnError { verdict: Verdict, reason: String }
    Stage { id: String, title: LocalText, kind: StageKind, rules: Vec<Rule> }
    Band { at_least: i64, verdict: Verdict }
    Rule {
        id: String,
        title: LocalText,
        owner: String,
        basis: LocalText,
        status: Status,
        #[serde(default)] from: Option<String>,
        #[serde(default)] until: Option<String>,
        script: Script,
    }
    Script { file: String, text: String }
    Parameter {
        id: String,
        kind: Kind,
        value: Plain,
        #[serde(default)] range: Option<Range>,
        #[serde(default)] unit: Option<LocalText>,
        text: LocalText,
    }
    Range { min: Plain, max: Plain }
    Interface { id: String, title: LocalText, #[serde(default)] capacity_per_second: Option<u32> }
    Reason { code: String, text: LocalText, wire: String, #[serde(default)] iso8583: Option<String> }
    Invariant { id: String, title: LocalText, when: Script, verdicts: Vec<Verdict> }
    List { id: String, title: LocalText, kind: ListKind, file: String, count: u64, entries: String }

    Schema { name: String, zone: String, roles: Roles, groups: Vec<Group> }
    Roles {
        key: String,
        time: String,
        #[serde(default)] amount: Option<String>,
        #[serde(default)] customer: Option<String>,
        #[serde(default)] interface: Option<String>,
        #[serde(default)] label: Option<String>,
    }
    Group { id: String, text: LocalText, fields: Vec<Field> }
    Field {
        id: String,
        kind: Kind,
        optional: bool,
        personal: bool,
        #[serde(default)] as_written: Option<bool>,
        #[serde(default)] identifier: Option<bool>,
        text: LocalText,
        #[serde(default)] unit: Option<LocalText>,
    }
    Named { id: String, text: LocalText }
}

/// What a stage is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum StageKind {
    Screen { policy: Policy, bands: Vec<Band> },
    Limit,
    Route { default: Option<String> },
}

/// What a field or parameter holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Kind {
    Bool,
    Int,
    Money,
    Float,
    Text,
    Enum(Vec<Named>),
    Time,
}

/// A value: money and times as texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Plain {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

/// What is done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Verdict {
    Accept,
    StepUp,
    Refer,
    Decline,
}

/// Whether a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Status {
    Active,
    Shadow,
    Off,
}

/// Which verdict of a Screen stage counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Policy {
    First,
    MostSevere,
}

/// What a list's entries are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum ListKind {
    Text,
    Int,
}
