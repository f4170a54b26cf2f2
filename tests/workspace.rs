//! Workspaces on the disk and in memory: what is loaded, what is refused and where, and what a save changes.

#![cfg(feature = "desk")]

use countersign::workspace::{DiskFiles, load, load_cases};

const TINY: &str = "tests/fixtures/workspace/tiny";

#[test]
fn a_workspace_is_loaded_with_its_scripts_lists_and_cases() {
    let mut definition = load(&DiskFiles, TINY).unwrap_or_else(|failed| panic!("{failed}"));
    let cases = load_cases(&DiskFiles, TINY, &mut definition).unwrap_or_else(|failed| panic!("{failed}"));
    let rules = &definition.rule_set;
    assert_eq!(rules.rules().count(), 3);
    assert_eq!(definition.schema.len(), 10);
    assert!(rules.lists["blocked_ids"].entries.contains_text("h-0007"));
    assert_eq!(cases.cases.len(), 2);
    assert_eq!(cases.cases[0].expect.interface, Some(None));
    assert_eq!(cases.cases[1].expect.limits.month, None);
    let slice = |path: &str| {
        let span = definition.places.find(path).unwrap();
        definition.sources.get(span.source).unwrap().slice(span).to_owned()
    };
    assert_eq!(slice("rules.blocklist.title.zh"), "\"黑名单\"");
    assert_eq!(slice("parameters.single_limit.value"), "\"5000.00\"");
    assert_eq!(slice("parameters.single_limit"), "\"single_limit\"");
    assert_eq!(slice("schema.customer.age.unit.zh"), "\"岁\"");
    assert_eq!(slice("cases.new_on_closed_interface.expect.verdict"), "Decline");
    assert_eq!(slice("invariants.unlinking_is_a_right"), "\"unlinking_is_a_right\"");
    assert_eq!(slice("on_error"), "on_error");
}

#[test]
fn the_shipped_workspace_is_loaded() {
    let mut definition = load(&DiskFiles, "rules").unwrap_or_else(|failed| panic!("{failed}"));
    load_cases(&DiskFiles, "rules", &mut definition).unwrap_or_else(|failed| panic!("{failed}"));
}
