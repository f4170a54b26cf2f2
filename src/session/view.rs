//! What is looked at: selection, filters, the state of tables. Not undone, not saved with the workspace.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::draft::ScriptRef;
use countersign_core::model::{FieldName, InterfaceId, ParameterId, RuleId, StageId, Status, Verdict};
use countersign_core::release::Digest;
use countersign_run::compare::DecisionChange;

/// What the draft is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BaselineChoice {
    /// The live release, or the workspace as saved where nothing has been released.
    #[default]
    Live,
    Saved,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The rules that are marked; the one shown in the inspector is [`Selection::rule`].
    pub rules: BTreeSet<RuleId>,
    pub rule: Option<RuleId>,
    /// The stage that is shown, when no rule is.
    pub stage: Option<StageId>,
    pub script: Option<ScriptRef>,
    /// The request that is shown: its row in the table, from 0.
    pub request: Option<u32>,
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
    pub with_findings: bool,
}

/// A column of the requests table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RequestColumn {
    Field(FieldName),
    Verdict,
    OldVerdict,
    Interface,
    Reasons,
    /// The sum of scores of the draft.
    Score,
    /// The rules of the draft that hit.
    Hits,
}

/// A column that is shown, with its width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownColumn {
    pub column: RequestColumn,
    /// In points.
    pub width: f32,
}

/// One condition on the listed requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RowFilter {
    /// The field has this value, as the table shows it; empty for a missing one. `row` holds it.
    SameValue {
        field: FieldName,
        /// A row that has the value: the text of a personal one is never shown.
        row: u32,
    },
    Verdict(Verdict),
    /// The draft chooses this interface; none for "no interface".
    Interface(Option<InterfaceId>),
    /// This rule hits in the draft, as active or shadow.
    Rule(RuleId),
    /// The two decide differently, in this way.
    Change(DecisionChange),
    /// Just these rows, in order: a group of flips, a part of the sentence.
    Flips(BTreeSet<RuleId>),
    /// A cell of the verdict matrix: old, new.
    Verdicts(Verdict, Verdict),
    /// A cell of the interface matrix: old, new.
    Interfaces(Option<InterfaceId>, Option<InterfaceId>),
}

/// The state of the requests table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableView {
    /// What is shown, in order; as the schema suggests when empty.
    pub columns: Vec<ShownColumn>,
    /// Sorted by this column; descending when true.
    pub sort: Option<(RequestColumn, bool)>,
    /// A condition in the words of scripts: `money.amount > yuan(5_000)`.
    pub expression: String,
    /// Every one must hold.
    pub only: Vec<RowFilter>,
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

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewState {
    pub selection: Selection,
    pub rules_filter: RulesFilter,
    pub requests: TableView,
    /// What the draft is compared with.
    pub against: BaselineChoice,
    /// Groups of flips that somebody looked at and takes responsibility for, by [`GroupRow::key`](super::views::impact::GroupRow), each
    /// with the reason given; it may be empty.
    pub acknowledged: BTreeMap<String, String>,
    pub sweep: Option<ParameterId>,
    pub what_if: WhatIf,
    pub releases: ReleasesView,
}
