//! Interfaces, stages, the parts of fields and the rule set's own settings: without a screen.

use std::path::Path;
use std::time::Duration;

use crate::fixture::{open, shipped};
use crate::*;
use countersign_core::model::{
    Band, FieldName, HitPolicy, Interface, InterfaceId, OnError, ReasonId, Roles, StageId, StageKind, Value, Verdict,
};
use countersign_core::text::LocalText;
use countersign_workspace::Files;

fn second(at: u64) -> Duration {
    Duration::from_secs(at)
}

fn interface(id: &str) -> InterfaceId {
    InterfaceId::new(id).unwrap()
}

fn stage(id: &str) -> StageId {
    StageId::new(id).unwrap()
}

fn define(id: &str, kind: StageKind) -> Action {
    let title = LocalText::new("Second look", "复核");
    Action::Stage(StageAction::Define(stage(id), Box::new(StageSpec { title, kind })))
}

fn screen(bands: &[(i64, Verdict)]) -> StageKind {
    let bands = bands.iter().map(|(at_least, verdict)| Band { at_least: *at_least, verdict: *verdict }).collect();
    StageKind::Screen { policy: HitPolicy::MostSevere, bands }
}

fn roles(session: &Session, change: impl FnOnce(&mut Roles)) -> Action {
    let mut roles = session.document().definition().schema.roles.clone();
    change(&mut roles);
    Action::Field(FieldAction::Play(Box::new(roles)))
}

fn field(name: &str) -> FieldName {
    FieldName::new(name).unwrap()
}

/// Does what must not be refused.
#[track_caller]
fn act(session: &mut Session, action: &Action) {
    let said = session.notices().len();
    session.apply(action.clone());
    assert_eq!(session.notices().len(), said, "{action:?}: {:?}", session.notices().last());
}

fn stages(session: &Session) -> Vec<String> {
    session.document().rule_set().stages.iter().map(|stage| stage.id.to_string()).collect()
}

#[test]
fn interfaces_and_stages_are_named_otherwise_everywhere_and_saved_with_their_comments() {
    let files = shipped();
    let file = |name: &str| String::from_utf8(files.read(&Path::new("rules").join(name), 1 << 30).unwrap()).unwrap();
    files.put(
        "rules/routing/phase_two_to_open.rhai",
        file("routing/phase_two_to_open.rhai").replace("params.open_interface", "\"zhejiang\""),
    );
    let mut session = open(&files, false);
    session.tick(second(1));
    let before = session.document().draft().clone();
    let passed = session.cases().value.unwrap().counts();
    let comments =
        |text: &str| text.lines().filter(|line| line.trim_start().starts_with("//")).map(str::to_owned).collect::<Vec<_>>();
    let (rules, schema) = (file("ruleset.ron"), file("schema.ron"));

    act(&mut session, &Action::Text(TextAction::RenameInterface(interface("zhejiang"), interface("hangzhou"))));
    act(&mut session, &Action::Stage(StageAction::Rename(stage("access"), stage("entry"))));
    session.tick(second(2));
    session.tick(second(3));
    assert!(session.engine().is_some(), "{:?}", session.findings());
    assert_eq!(session.cases().value.unwrap().counts(), passed, "every case gets the decision it got");
    act(&mut session, &Action::Stage(StageAction::Move(stage("velocity"), 3)));
    let moved =
        ["rights", "blocklists", "entry", "velocity", "identity", "amounts", "trust", "step_up", "score", "limits", "routing"];
    assert_eq!(stages(&session), moved);

    act(&mut session, &Action::File(FileAction::Save));
    session.tick(second(4));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    for (name, was) in [("ruleset.ron", rules), ("schema.ron", schema)] {
        assert_eq!(comments(&file(name)), comments(&was), "{name}");
        assert!(file(name).contains("\"hangzhou\""), "{name}");
    }
    assert!(!file("ruleset.ron").contains("\"zhejiang\"") && file("schema.ron").contains("\"zhejiang\""), "the province stays");
    assert!(file("routing/phase_two_to_open.rhai").contains("route(\"hangzhou\")"));
    assert!(*open(&files, false).document().draft() == *session.document().draft(), "it opens as it was saved");
    for _ in 0..3 {
        act(&mut session, &Action::Undo);
    }
    assert!(*session.document().draft() == before, "and back");
}

#[test]
fn stages_interfaces_parts_and_settings_are_added_changed_and_removed() {
    let files = shipped();
    let mut session = open(&files, false);
    session.tick(second(1));
    let before = session.document().draft().clone();
    let carries = |capacity: u32| Interface { title: LocalText::new("Hangzhou", "杭州"), capacity_per_second: Some(capacity) };
    let reason = ReasonId::new("UNDER_AGE").unwrap();
    let failing = OnError { verdict: Verdict::Decline, reason };
    let unlabelled = roles(&session, |roles| roles.label = None);
    let keyed = roles(&session, |roles| roles.amount = Some(field("money.paid_today")));
    let actions = [
        Action::Text(TextAction::SetInterface(interface("hangzhou"), carries(40))),
        Action::Text(TextAction::SetInterface(interface("hangzhou"), carries(50))),
        define("second_look", screen(&[(60, Verdict::Refer), (90, Verdict::Decline)])),
        define("second_look", screen(&[])),
        define("routing", StageKind::Route { default: Some(interface("hangzhou")) }),
        Action::Text(TextAction::SetName("signing".into())),
        Action::Text(TextAction::SetOnError(failing)),
        unlabelled,
        keyed,
    ];
    let count = actions.len();
    for action in actions {
        act(&mut session, &action);
        session.schedule.advance(session.schedule.now() + second(5));
    }
    assert_eq!(stages(&session)[9..], ["second_look", "limits", "routing"], "after the last of its kind");
    assert_eq!(session.history().done().count(), count);
    let labels: Vec<String> = session.history().done().map(|label| label.en.clone()).collect();
    assert!(
        labels.contains(&"add stage `second_look`".to_owned()) && labels.contains(&"let no field be the label".to_owned()),
        "{labels:?}"
    );
    act(&mut session, &Action::File(FileAction::Save));
    session.tick(second(90));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    assert!(*open(&files, false).document().draft() == *session.document().draft(), "it opens as it was saved");
    for _ in 0..count {
        act(&mut session, &Action::Undo);
    }
    assert!(*session.document().draft() == before);

    act(&mut session, &define("second_look", StageKind::Limit));
    act(&mut session, &Action::Text(TextAction::SetInterface(interface("hangzhou"), carries(40))));
    act(&mut session, &Action::Stage(StageAction::Remove(stage("second_look"))));
    act(&mut session, &Action::Text(TextAction::RemoveInterface(interface("hangzhou"))));
    assert!(*session.document().draft() == before);
}

#[test]
fn what_a_rule_set_cannot_be_is_refused_and_says_who_needs_it() {
    let mut session = open(&shipped(), false);
    session.tick(second(1));
    let before = session.document().draft().clone();
    let failing =
        |verdict, reason: &str| Action::Text(TextAction::SetOnError(OnError { verdict, reason: ReasonId::new(reason).unwrap() }));
    let rows = [
        (
            Action::Text(TextAction::RemoveInterface(interface("zhejiang"))),
            "`routing`, `params.open_interface`, `request.interface`",
        ),
        (Action::Text(TextAction::RemoveInterface(interface("zhejiang"))), " more: change that first"),
        (Action::Text(TextAction::RenameInterface(interface("zhejiang"), interface("branch_1"))), "already"),
        (Action::Text(TextAction::RemoveInterface(interface("nowhere"))), "no interface `nowhere`"),
        (Action::Stage(StageAction::Remove(stage("rights"))), "still holds `unlink_right`"),
        (Action::Stage(StageAction::Rename(stage("rights"), stage("access"))), "already"),
        (Action::Stage(StageAction::Move(stage("nowhere"), 0)), "no stage `nowhere`"),
        (define("second", screen(&[(90, Verdict::Decline), (60, Verdict::Refer)])), "must go up"),
        (define("second", screen(&[(60, Verdict::Decline), (90, Verdict::Refer)])), "must go up"),
        (define("second", StageKind::Route { default: Some(interface("nowhere")) }), "no interface `nowhere`"),
        (failing(Verdict::StepUp, "UNDER_AGE"), "must not let"),
        (failing(Verdict::Refer, "NOWHERE"), "no reason `NOWHERE`"),
        (Action::Text(TextAction::SetName("  ".into())), "has a name"),
        (roles(&session, |roles| roles.key = field("customer.age")), "never missing"),
        (roles(&session, |roles| roles.time = field("request.id")), "of type `Time`"),
        (roles(&session, |roles| roles.label = Some(field("no.where"))), "no field `no.where`"),
    ];
    for (action, why) in rows {
        session.apply(action.clone());
        let told = session.notices().last().unwrap().text.en.clone();
        assert!(told.contains(why), "{action:?}: {told}");
        assert!(*session.document().draft() == before, "{action:?}");
    }
}

/// What the first derived field has for every loaded request.
fn derived_values(session: &Session) -> Vec<Value> {
    let table = &session.requests().unwrap().table;
    let (field, ..) = table.schema().derived().next().unwrap();
    (0..table.len()).map(|row| table.value(row, field)).collect()
}

#[test]
fn a_derived_field_that_is_defined_otherwise_is_computed_again_and_the_selected_request_stays() {
    let files = shipped();
    let schema = String::from_utf8(files.read(Path::new("rules/schema.ron"), 1 << 20).unwrap()).unwrap();
    let start = schema.find("\"signings_today_by_card\"").unwrap();
    let write = |over: &str| {
        let field = format!(
            "\"signings\": (type: Int, text: (en: \"Signings\", zh: \"签约次数\"), derived: (function: Count, by: [\"card.hash\"], \
             over: {over}, current: Included)),\n"
        );
        files.put("rules/schema.ron", format!("{}{field}{}", &schema[..start], &schema[start..]));
    };
    write("Last(1)");
    let mut session = open(&files, true);
    session.tick(second(1));
    assert!(derived_values(&session).iter().all(|value| *value == Value::Int(1)));
    session.apply(Action::Select(SelectAction::Request(3)));
    write("Ever");
    session.apply(Action::Do(Command::Reload));
    for at in 2..8 {
        session.tick(second(at));
    }
    let found = derived_values(&session);
    assert!(found.iter().any(|value| *value != Value::Int(1)), "the window is another");
    assert_eq!(found, derived_values(&open(&files, true)), "as if it was read now");
    assert_eq!(session.view().selection.request, Some(3));
    assert!(views::explain::of(&session).is_some());
}
