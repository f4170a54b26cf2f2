//! Plain data that files, engines and screens share. No IO, no rhai, no egui: types, their invariants and their plain text forms.

mod case;
mod decision;
mod definition;
mod digest;
mod field_type;
mod history;
mod id;
mod list_line;
mod personal;
mod request;
mod rounding;
mod rule_set;
mod schema;
mod set_aside;
mod time;
mod value;

pub use case::{Case, CaseSet, Expect, ExpectLimits, Template};
pub use decision::{Decision, DecisionError, Limit, Limits, Outcome, ReasonGiven, Verdict};
pub use definition::Definition;
pub use digest::{Digest, Hasher};
pub use field_type::{EnumType, FieldType, TypeSpec};
pub use history::{CurrentRequest, Derived, HistoryField, HistoryFunction, HistoryLength, HistoryWindow, WithoutKey};
pub use id::{
    FieldName, IdError, InterfaceId, InterfaceIndex, ListId, ListIndex, ParameterId, ParameterIndex, ReasonId, ReasonIndex, RuleId,
    RuleIndex, StageId, StageIndex,
};
pub use list_line::{list_entry, list_line, uncommented};
pub use personal::MASK;
pub use request::Request;
pub use rounding::{Rate, Rounding};
pub use rule_set::{
    Band, HitPolicy, Interface, Invariant, List, ListEntries, ListType, OnError, Parameter, Range, Reason, Rule, RuleSet, Script,
    Stage, StageKind, Status, Window,
};
pub use schema::{Field, FieldIndex, Group, Role, Roles, Schema};
pub use set_aside::{AsideAmount, AsideLabels, AsideReason, RowFault, SetAside};
pub use time::{CalendarPeriod, Moment, Timestamp, Zone};
pub use value::{Fen, Scalar, Value, ValueError};
