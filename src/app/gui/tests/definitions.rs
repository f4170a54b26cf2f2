//! The forms of interfaces, stages, the parts of fields and the rule set, by their labels.

use super::controls::{Opener, open};
use super::journeys::fill;
use super::*;
use countersign_core::model::{HitPolicy, Stage, StageKind, Verdict};

/// The dialog at one of its parts.
fn at(window: &mut Harness<'_, Window>, en: &'static str) {
    open(window, Opener::Definitions(en, ""), Language::En);
}

/// Chooses what is called so in the dialog, which is above everything else.
fn choose(window: &mut Harness<'_, Window>, name: &str) {
    window.get_all_by_label(name).last().unwrap().click();
    window.run_steps(4);
}

fn pick(window: &mut Harness<'_, Window>, label: &str, option: &str) {
    window.get_by_role_and_label(Role::ComboBox, label).click();
    window.run_steps(4);
    choose(window, option);
}

#[track_caller]
fn says(window: &Harness<'_, Window>, words: &str) {
    assert!(window.query_all_by_label_contains(words).next().is_some(), "`{words}` is not said");
}

fn stage(window: &Harness<'_, Window>, id: &str) -> Option<(usize, Stage)> {
    let stages = &window.state().session.document().rule_set().stages;
    stages.iter().cloned().enumerate().find(|(_, stage)| stage.id.as_str() == id)
}

#[test]
fn an_interface_is_added_named_otherwise_and_removed_in_its_form() {
    let mut window = window(false);
    let capacity = |window: &Harness<'_, Window>, id: &str| {
        window.state().session.document().rule_set().interfaces.get(id).map(|held| held.capacity_per_second)
    };
    at(&mut window, "Interfaces");
    fill(&mut window, "Id", "hangzhou");
    fill(&mut window, "Title (English)", "Hangzhou branch");
    fill(&mut window, "Requests a second", "none");
    says(&window, "a whole number from 1 on");
    fill(&mut window, "Requests a second", "40");
    choose(&mut window, "Add");
    assert_eq!(capacity(&window, "hangzhou"), Some(Some(40)));
    choose(&mut window, "hangzhou");
    fill(&mut window, "Id", "ningbo");
    fill(&mut window, "Requests a second", "");
    choose(&mut window, "Change");
    assert_eq!((capacity(&window, "hangzhou"), capacity(&window, "ningbo")), (None, Some(None)));
    choose(&mut window, "ningbo");
    choose(&mut window, "Remove");
    assert_eq!(capacity(&window, "ningbo"), None);
    // One that requests name says so before it is renamed, and stays while it is used.
    choose(&mut window, "zhejiang");
    choose(&mut window, "Remove");
    says(&window, "is still used by “routing”");
    fill(&mut window, "Id", "hangzhou");
    says(&window, "request.interface gets the new id too");
    choose(&mut window, "Change");
    let session = &window.state().session;
    assert!(
        matches!(&stage(&window, "routing").unwrap().1.kind, StageKind::Route { default: Some(id) } if id.as_str() == "hangzhou")
    );
    assert!(session.findings().iter().all(|finding| finding.severity < countersign_core::diagnostic::Severity::Error));
}

#[test]
fn a_stage_is_added_changed_moved_and_removed_in_its_form() {
    let mut window = window(false);
    at(&mut window, "Stages");
    fill(&mut window, "Id", "second_look");
    fill(&mut window, "Title (English)", "A second look");
    choose(&mut window, "Add a score band");
    fill(&mut window, "From score 1", "many");
    says(&window, "a score is a whole number");
    fill(&mut window, "From score 1", "60");
    choose(&mut window, "Add a score band");
    fill(&mut window, "From score 2", "60");
    says(&window, "the score bands must go up");
    fill(&mut window, "From score 2", "90");
    pick(&mut window, "Verdict 2", "Decline");
    choose(&mut window, "Add");
    let (at, made) = stage(&window, "second_look").unwrap();
    let StageKind::Screen { policy: HitPolicy::MostSevere, bands } = made.kind else { panic!("{made:?}") };
    assert_eq!(
        bands.iter().map(|band| (band.at_least, band.verdict)).collect::<Vec<_>>(),
        [(60, Verdict::Refer), (90, Verdict::Decline)]
    );
    choose(&mut window, "second_look");
    for (button, place) in [("Move the stage up", at - 1), ("Move the stage down", at), ("Move the stage down", at + 1)] {
        choose(&mut window, button);
        assert_eq!(stage(&window, "second_look").unwrap().0, place, "{button}");
    }
    fill(&mut window, "Id", "third_look");
    pick(&mut window, "Takes", "Interfaces (Route)");
    pick(&mut window, "Otherwise", "branch_1 Branch 1");
    choose(&mut window, "Change");
    assert!(stage(&window, "second_look").is_none());
    let (_, changed) = stage(&window, "third_look").unwrap();
    assert!(matches!(&changed.kind, StageKind::Route { default: Some(id) } if id.as_str() == "branch_1"), "{changed:?}");
    choose(&mut window, "third_look");
    choose(&mut window, "Remove");
    assert!(stage(&window, "third_look").is_none());
    choose(&mut window, "rights");
    choose(&mut window, "Remove");
    says(&window, "“rights” still holds “unlink_right”");
}

#[test]
fn the_parts_of_fields_and_the_rule_sets_settings_count_at_once_and_are_taken_back() {
    let mut window = window(false);
    let amount = window.state().session.document().definition().schema.roles.amount.clone();
    let before = window.state().session.document().draft().clone();
    at(&mut window, "Parts of fields");
    pick(&mut window, "Amount", "– none –");
    let parts = |window: &Harness<'_, Window>| window.state().session.document().definition().schema.roles.clone();
    assert_eq!(parts(&window).amount, None);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(parts(&window).amount, amount);
    choose(&mut window, "Rule set");
    fill(&mut window, "Name", "");
    choose(&mut window, "Parts of fields");
    choose(&mut window, "Rule set");
    assert_eq!(window.get_by_role_and_label(Role::TextInput, "Name").value().as_deref(), Some("quick-payment-signing"));
    fill(&mut window, "Name", "signing");
    fill(&mut window, "Title (English)", "Signing");
    fill(&mut window, "Version", "2014.04.01");
    pick(&mut window, "A rule fails", "Decline");
    let rules = window.state().session.document().rule_set();
    assert_eq!((rules.name.as_str(), rules.version.as_str(), rules.title.en.as_str()), ("signing", "2014.04.01", "Signing"));
    assert_eq!(rules.on_error.verdict, Verdict::Decline);
    press(&mut window, Modifiers::NONE, Key::Escape);
    while window.state().session.history().undo_label().is_some() {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert!(*window.state().session.document().draft() == before);
}

#[test]
fn a_whole_number_is_marked_as_an_identifier_in_its_form() {
    let mut window = window(false);
    at(&mut window, "Fields");
    fill(&mut window, "Name in scripts", "venue.terminal");
    assert!(window.query_by_label("Identifier: a name and not a quantity").is_none(), "a text is no quantity anyway");
    pick(&mut window, "Type", "Int");
    choose(&mut window, "Identifier: a name and not a quantity");
    choose(&mut window, "Add");
    let is_one = |window: &Harness<'_, Window>| {
        window.state().session.document().definition().schema.find("venue.terminal").map(|(_, field)| field.identifier)
    };
    assert_eq!(is_one(&window), Some(true));
}
