//! What a rule may give, and whether it settles its stage for every request.

use super::context::Context;
use crate::model::{Rule, Stage, StageKind, Status, Window};
use crate::script::{OutcomeKinds, Type};

/// The kinds of outcomes that the rule may give; none where its script could not be read.
pub(super) fn kinds(cx: &Context<'_>, rule: &Rule) -> OutcomeKinds {
    cx.tree_of(rule.id.as_str()).map(|tree| of_type(&tree.value)).unwrap_or_default()
}

/// The kinds of outcomes in a value of that type.
pub(super) fn of_type(value: &Type) -> OutcomeKinds {
    match value {
        Type::Outcome(kinds) => *kinds,
        Type::Optional(inner) | Type::Array(inner) => of_type(inner),
        _ => OutcomeKinds::default(),
    }
}

/// Whether the rule is active, holds at any time, and gives a verdict (in a Screen stage) or a route whatever the request.
pub(super) fn always(cx: &Context<'_>, stage: &Stage, rule: &Rule) -> bool {
    if rule.status != Status::Active || rule.window != Window::default() {
        return false;
    }
    let Some(tree) = cx.tree_of(rule.id.as_str()).filter(|tree| tree.faults.is_empty()) else { return false };
    let none = OutcomeKinds::default();
    let wanted = match stage.kind {
        StageKind::Screen { .. } => OutcomeKinds { verdict: true, ..none },
        StageKind::Route { .. } => OutcomeKinds { route: true, ..none },
        StageKind::Limit => return false,
    };
    tree.value == Type::Outcome(wanted)
}
