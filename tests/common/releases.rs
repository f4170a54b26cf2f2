//! The golden release and variations of it.

use countersign_core::model::{Definition, Moment};
use countersign_core::release::{self, Evidence, Lineage, LiveEvidence, Provenance, Release};

/// The release that every format version keeps.
pub const GOLDEN: &[u8] = include_bytes!("../golden/release-1.ron");

pub fn golden() -> Release {
    release::read("release-1.ron", GOLDEN).unwrap_or_else(|refused| panic!("{refused}"))
}

pub fn moment(text: &str) -> Moment {
    Moment::try_from(text.to_owned()).unwrap()
}

/// A release of a definition with the golden release's evidence, made at that time.
pub fn made(definition: &Definition, time: &str) -> Release {
    let golden = golden();
    let rule_set = release::rule_set_digest(&definition.rule_set, definition.schema.zone);
    let schema = release::schema_digest(&definition.schema);
    let evidence = Evidence { rule_set, schema, ..golden.evidence().clone() };
    let provenance = Provenance { created_at: moment(time), ..golden.provenance().clone() };
    release::create(definition, &evidence, &provenance).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// A release of format 2 of a definition, judged against `live`: without flips where there is one.
pub fn made_after(definition: &Definition, time: &str, live: Option<&Release>) -> Release {
    let golden = made(definition, time);
    let against = live.map(|live| LiveEvidence { release: live.digest(), flips: 0, acknowledged: Vec::new() });
    let provenance = Provenance { rolls_back: None, lineage: Some(Lineage::after(live)), ..golden.provenance().clone() };
    let evidence = Evidence { against, ..golden.evidence().clone() };
    release::create(definition, &evidence, &provenance).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// The golden release with something else in it, made when that was; nobody has signed it.
pub fn changed(change: impl FnOnce(&mut Definition)) -> Release {
    let golden = golden();
    let mut definition = Definition::clone(golden.definition());
    change(&mut definition);
    made(&definition, &golden.provenance().created_at.to_string())
}

/// A release as small as the golden one allows: one rule, no list.
pub fn small() -> Release {
    changed(|definition| {
        let rules = &mut definition.rule_set;
        rules.stages.retain(|stage| stage.id.as_str() == "routing");
        rules.lists.clear();
        rules.parameters.clear();
        rules.invariants.clear();
        rules.shared = None;
    })
}
