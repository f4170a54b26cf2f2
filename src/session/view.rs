//! What is looked at: selection, filters, the state of tables. Not undone, not saved with the workspace.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::scripts::ScriptRef;
use countersign_core::model::{FieldName, InterfaceId, ParameterId, RuleId, StageId, Status, Verdict};
use countersign_core::release::Digest;

/// What the draft is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Against {
    /// The live release, or the workspace as saved where nothing has been released.
    #[default]
    Live,
    /// The workspace as saved.
    Saved,
}

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The rules that are marked; the one shown in the inspector is [`Selection::rule`].
    pub rules: BTreeSet<RuleId>,
    /// The rule that is shown.
    pub rule: Option<RuleId>,
    /// The stage that is shown, when no rule is.
    pub stage: Option<StageId>,
    /// The script in the editor.
    pub script: Option<ScriptRef>,
    /// The request that is shown: its row in the table, from 0.
    pub request: Option<u32>,
    /// The case that is shown.
    pub case: Option<RuleId>,
    /// The file that is edited as text, while the workspace cannot be understood.
    pub file: Option<String>,
    /// Where the editor is asked to put its cursor: a range of bytes of [`Selection::script`] or [`Selection::file`]. It takes it and sends
    /// [`SelectAction::Reached`](super::SelectAction::Reached).
    pub jump: Option<(u32, u32)>,
}

/// Which rules are listed; every part must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesFilter {
    /// Words that id, title, owner, basis or script hold, in any order.
    pub text: String,
    /// Only these; any when empty.
    pub statuses: Vec<Status>,
    /// Only of these stages; any when empty.
    pub stages: BTreeSet<StageId>,
    /// Only rules that read this field.
    pub field: Option<FieldName>,
    /// Only rules whose basis holds this text.
    pub basis: String,
    /// Only rules with findings.
    pub with_findings: bool,
}

/// A column of the requests table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Column {
    /// A field of the request.
    Field(FieldName),
    /// The verdict of the draft.
    Verdict,
    /// The verdict of the baseline.
    OldVerdict,
    /// The interface the draft chooses.
    Interface,
    /// The reasons of the draft.
    Reasons,
    /// The sum of scores of the draft.
    Score,
    /// The rules of the draft that hit.
    Hits,
}

/// A column that is shown, with its width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownColumn {
    /// What it shows.
    pub column: Column,
    /// In points.
    pub width: f32,
}

/// One condition on the listed requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Only {
    /// The field has this value, as the table shows it; empty for a missing one. `row` holds it.
    SameValue {
        /// The field.
        field: FieldName,
        /// A row that has the value: the text of a personal one is never shown.
        row: u32,
    },
    /// The draft gives this verdict.
    Verdict(Verdict),
    /// The draft chooses this interface; none for "no interface".
    Interface(Option<InterfaceId>),
    /// This rule hits in the draft, as active or shadow.
    Rule(RuleId),
    /// The two decide differently, in this way.
    Change(Change),
    /// Just these rows, in order: a group of flips, a part of the sentence.
    Flips(BTreeSet<RuleId>),
    /// A cell of the verdict matrix: old, new.
    Verdicts(Verdict, Verdict),
    /// A cell of the interface matrix: old, new.
    Interfaces(Option<InterfaceId>, Option<InterfaceId>),
}

/// How a request's decision changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Change {
    /// In anything.
    Any,
    /// It gets this verdict, and did not before.
    Now(Verdict),
    /// It got this verdict, and does not any more.
    NoLonger(Verdict),
    /// The verdict is another.
    Verdict,
    /// The interface is another, in both there is one.
    Rerouted,
    /// The verdict is the same, its reasons are not.
    Reasons,
    /// A limit is another.
    Limits,
}

/// The state of the requests table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableView {
    /// What is shown, in order; as the schema suggests when empty.
    pub columns: Vec<ShownColumn>,
    /// Sorted by this column; descending when true.
    pub sort: Option<(Column, bool)>,
    /// A condition in the words of scripts: `money.amount > yuan(5_000)`.
    pub expression: String,
    /// Every one must hold.
    pub only: Vec<Only>,
}

/// What is asked of the interfaces panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIf {
    /// Traffic as a factor of the sample's, in per cent; 100 for the sample's own.
    pub growth_percent: u32,
    /// Interfaces taken as closed, each with the one that takes its load.
    pub closed: BTreeMap<InterfaceId, InterfaceId>,
}

impl Default for WhatIf {
    fn default() -> Self {
        Self { growth_percent: 100, closed: BTreeMap::new() }
    }
}

/// Which of the workspace's releases is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasesView {
    /// The release; the newest when none is chosen.
    pub selected: Option<Digest>,
    /// What it is seen against; the live one when none is chosen.
    pub against: Option<Digest>,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// What is selected.
    pub selection: Selection,
    /// Which rules are listed.
    pub rules_filter: RulesFilter,
    /// The requests table.
    pub requests: TableView,
    /// What the draft is compared with.
    pub against: Against,
    /// Groups of flips that somebody looked at and takes responsibility for; see
    /// [`GroupRow::key`](super::views::impact::GroupRow).
    pub acknowledged: BTreeSet<String>,
    /// The parameter that is swept.
    pub sweep: Option<ParameterId>,
    /// The interfaces panel.
    pub what_if: WhatIf,
    /// The releases.
    pub releases: ReleasesView,
}
