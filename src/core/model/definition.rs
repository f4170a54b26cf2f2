//! Everything a decision follows from, read into memory: what is checked, run, compared and exported.

use super::rule_set::RuleSet;
use super::schema::Schema;
use crate::text::{Places, Sources};

/// A schema and a rule set with the texts they were read from.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The fields of a request.
    pub schema: Schema,
    /// The rules.
    pub rule_set: RuleSet,
    /// Every file read: `ruleset.ron`, `schema.ron`, scripts, lists.
    pub sources: Sources,
    /// The place of each part: `rules.<id>.title.zh`, `parameters.<id>.value`, `lists.<id>`, `schema.<group>.<field>`,
    /// `stages.<id>`, `interfaces.<id>`, `reasons.<CODE>`, `invariants.<id>`, `on_error`.
    pub places: Places,
}
