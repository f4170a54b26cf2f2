//! Returning to an old rule set: a new release with the old one's content, which says so and is approved like any other.

use super::create::create;
use super::{Provenance, Release};
use crate::diagnostic::Finding;

/// A release anew of what `old` holds, rules, schema and evidence. Its provenance names the old one.
///
/// # Errors
/// The old rules do not pass today's check.
pub fn roll_back(old: &Release, provenance: &Provenance) -> Result<Release, Vec<Finding>> {
    let provenance = Provenance { rolls_back: Some(old.digest()), ..provenance.clone() };
    create(old.definition(), old.evidence(), &provenance)
}
