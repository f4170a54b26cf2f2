//! Which script is meant, whatever its file is called now.

use serde::{Deserialize, Serialize};

use countersign_core::model::RuleId;

/// A script of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ScriptRef {
    /// A rule's.
    Rule(RuleId),
    /// The functions every script may call.
    Shared,
}
