//! What must hold for every list of actions: undo and redo are each other's inverse, a recorded list does the same again, and what is
//! saved opens as it was.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use crate::fixture::shipped;
use crate::jobs::open::{OpenOutcome, open};
use crate::*;
use countersign_core::model::{
    InterfaceId, ListId, Moment, ParameterId, Reason, ReasonId, RuleId, Scalar, StageId, StageKind, Status, Window,
};
use countersign_core::text::Language;
use countersign_workspace::MemoryFiles;

const RULES: [&str; 6] = ["under_age", "no_agreement", "score_night", "bank_limits", "signing_to_open", "made_up"];
const STAGES: [&str; 3] = ["access", "limits", "no_such_stage"];

fn rule() -> impl Strategy<Value = RuleId> {
    prop::sample::select(&RULES[..]).prop_map(|id| RuleId::new(id).unwrap())
}

fn rules() -> impl Strategy<Value = BTreeSet<RuleId>> {
    prop::collection::btree_set(rule(), 1..4)
}

fn stage() -> impl Strategy<Value = StageId> {
    prop::sample::select(&STAGES[..]).prop_map(|id| StageId::new(id).unwrap())
}

fn interface() -> impl Strategy<Value = InterfaceId> {
    prop::sample::select(vec!["zhejiang", "branch_1", "hangzhou"]).prop_map(|id| InterfaceId::new(id).unwrap())
}

fn text() -> impl Strategy<Value = LocalText> {
    ("[a-z ]{0,6}", "[名单 ]{0,3}").prop_map(|(en, zh)| LocalText::new(en, zh))
}

fn script() -> impl Strategy<Value = ScriptRef> {
    prop_oneof![rule().prop_map(ScriptRef::Rule), Just(ScriptRef::Shared)]
}

fn window() -> impl Strategy<Value = Window> {
    let moment = |text: &str| Moment::try_from(text.to_owned()).ok();
    prop::sample::select(vec![
        Window::default(),
        Window { from: moment("2014-04-01T00:00:00+08:00"), until: None },
        Window { from: None, until: moment("2014-05-01T00:00:00+08:00") },
    ])
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![Status::Active, Status::Shadow, Status::Off])
}

fn action() -> impl Strategy<Value = Action> {
    let list = || ListId::new("blocked_ids").unwrap();
    let entry = "[a-z0-9#]{0,8}";
    let number = |id: &str| ParameterId::new(id).unwrap();
    prop_oneof![
        (stage(), rule(), 0..4_usize).prop_map(|(stage, id, at)| {
            Action::Rule(RuleAction::Add { stage, template: "threshold".into(), id, at: Some(at) })
        }),
        (rule(), rule()).prop_map(|(rule, id)| Action::Rule(RuleAction::Duplicate { rule, id })),
        (rule(), rule()).prop_map(|(rule, to)| Action::Rule(RuleAction::Rename { rule, to })),
        rules().prop_map(|rules| Action::Rule(RuleAction::Delete(rules))),
        (rules(), stage(), 0..20_usize).prop_map(|(rules, stage, at)| Action::Rule(RuleAction::Move { rules, stage, at })),
        (rules(), status()).prop_map(|(rules, status)| Action::Rule(RuleAction::SetStatus { rules, status })),
        (rule(), text()).prop_map(|(rule, text)| Action::Rule(RuleAction::SetTitle(rule, text))),
        (rule(), window()).prop_map(|(rule, window)| Action::Rule(RuleAction::SetWindow(rule, window))),
        (script(), "[a-z(){}; ]{0,12}").prop_map(|(script, text)| Action::Script(ScriptAction::SetText(script, text))),
        (0..60_i64)
            .prop_map(move |value| Action::Parameter(ParameterAction::Set(number("max_cards_per_mobile"), Scalar::Int(value)))),
        prop::collection::vec(entry, 0..3).prop_map(move |all| Action::List(ListAction::Add(list(), all))),
        prop::collection::btree_set(entry, 0..3).prop_map(move |all| Action::List(ListAction::Remove(list(), all))),
        text().prop_map(|text| {
            let reason = Reason { text, wire: "PB1".into(), iso8583: None };
            Action::Text(TextAction::SetReason(ReasonId::new("NEW_REASON").unwrap(), reason))
        }),
        (interface(), interface()).prop_map(|(from, to)| Action::Text(TextAction::RenameInterface(from, to))),
        interface().prop_map(|id| Action::Text(TextAction::RemoveInterface(id))),
        (stage(), stage()).prop_map(|(from, to)| Action::Stage(StageAction::Rename(from, to))),
        (stage(), 0..12_usize).prop_map(|(stage, at)| Action::Stage(StageAction::Move(stage, at))),
        (stage(), text()).prop_map(|(id, title)| {
            Action::Stage(StageAction::Define(id, Box::new(StageSpec { title, kind: StageKind::Limit })))
        }),
        stage().prop_map(|stage| Action::Stage(StageAction::Remove(stage))),
        rule().prop_map(|rule| Action::Select(SelectAction::Rule(rule))),
        "[a-z]{0,4}".prop_map(|text| Action::FilterRules(RulesFilter { text, ..RulesFilter::default() })),
        Just(Action::Prefer(PreferenceAction::Language(Language::Zh))),
        Just(Action::Do(Command::MoveDown)),
        Just(Action::Do(Command::DuplicateRule)),
        Just(Action::Undo),
        Just(Action::Redo),
    ]
}

/// Actions with the pauses before them, in milliseconds.
fn actions() -> impl Strategy<Value = Vec<(u64, Action)>> {
    prop::collection::vec((prop::sample::select(vec![0_u64, 50, 2_000]), action()), 1..14)
}

fn play(session: &mut Session, actions: &[(u64, Action)]) {
    let mut now = Duration::ZERO;
    for (pause, action) in actions {
        now += Duration::from_millis(*pause);
        session.schedule.advance(now);
        session.apply(action.clone());
    }
}

/// A session without the work of checking: the actions alone.
fn ready() -> Session {
    opened(&shipped())
}

fn opened(files: &MemoryFiles) -> Session {
    let options = SessionOptions { workers: Workers::Inline, record: true, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(files.clone()), options);
    let Ok(OpenOutcome::Workspace(found)) = open(files, Path::new("rules"), None) else { panic!("the shipped workspace") };
    session.opened(*found);
    session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn undo_and_redo_lead_back_and_forth(actions in actions()) {
        let mut session = ready();
        let first = session.document().draft().clone();
        play(&mut session, &actions);
        let last = session.document().draft().clone();
        let mut back = Vec::new();
        while session.history().undo_label().is_some() {
            back.push(session.document().draft().clone());
            session.apply(Action::Undo);
        }
        // What was undone by the actions themselves is ahead again.
        if !actions.iter().any(|(_, action)| matches!(action, Action::Undo)) {
            prop_assert!(*session.document().draft() == first);
            prop_assert!(!session.document().is_dirty());
        }
        while let Some(wanted) = back.pop() {
            session.apply(Action::Redo);
            prop_assert!(*session.document().draft() == wanted);
        }
        prop_assert!(*session.document().draft() == last);
    }

    #[test]
    fn a_recorded_list_does_the_same_again_also_from_its_text(actions in actions()) {
        let mut session = ready();
        let before = session.recorded().len();
        play(&mut session, &actions);
        let recorded = session.recorded()[before..].to_vec();
        let text = serde_json::to_string(&recorded).unwrap();
        let read: Vec<(Duration, Action)> = serde_json::from_str(&text).unwrap();
        let mut again = ready();
        for (at, action) in &read {
            again.schedule.advance(*at);
            again.apply(action.clone());
        }
        prop_assert!(again.document().draft() == session.document().draft());
        prop_assert_eq!(again.view(), session.view());
        let done = |session: &Session| session.history().done().cloned().collect::<Vec<_>>();
        prop_assert_eq!(done(&again), done(&session));
        prop_assert_eq!(again.notices(), session.notices());
    }

    #[test]
    fn whatever_was_edited_is_saved_and_opens_as_it_was(actions in actions()) {
        let files = shipped();
        let mut session = opened(&files);
        play(&mut session, &actions);
        let told = session.notices().len();
        let kept = document_io::texts(&session.document().saved().clone(), &session.document().draft().clone());
        let dirty = session.document().dirty_files().clone();
        prop_assert_eq!(kept.names().cloned().collect::<BTreeSet<_>>(), dirty, "dirty marks say what a save would touch");
        session.save().unwrap();
        let ended = session.jobs.next().unwrap();
        session.take(ended);
        let after: Vec<_> = session.notices()[told..].iter().map(|notice| notice.text.en.clone()).collect();
        prop_assert!(!session.document().is_dirty(), "{after:?}");
        let again = opened(&files);
        prop_assert!(again.document().draft() == session.document().draft());
    }
}

#[test]
fn typing_is_one_step_until_a_pause() {
    let mut session = ready();
    let script = ScriptRef::Rule(RuleId::new("under_age").unwrap());
    let type_at = |session: &mut Session, at: u64, text: &str| {
        session.schedule.advance(Duration::from_millis(at));
        session.apply(Action::Script(ScriptAction::SetText(script.clone(), text.into())));
    };
    for (at, text) in [(0, "a"), (100, "ab"), (200, "abc"), (3_000, "abcd")] {
        type_at(&mut session, at, text);
    }
    assert_eq!(session.history().done().count(), 2);
    session.apply(Action::Undo);
    assert_eq!(session.document().draft().script(&script).unwrap().text.as_ref(), "abc");
    session.apply(Action::Undo);
    assert!(!session.document().is_dirty());
}
