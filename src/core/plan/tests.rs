//! What lowering makes of scripts, as tables: what is shared and folded, and what is left to the interpreter.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Op, Plan, PlanStep, Scratch};
use crate::model::{
    Definition, Field, FieldName, FieldType, Group, HitPolicy, OnError, Outcome, Parameter, ParameterId, Reason, ReasonId, Request,
    Roles, Rule, RuleId, RuleIndex, RuleSet, Schema, Script, Stage, StageId, StageKind, Status, Value, Verdict, Window, Zone,
};
use crate::script::Program;
use crate::text::{LocalText, Places, Sources};

fn field(kind: FieldType, optional: bool) -> Field {
    Field::new(kind, optional)
}

/// Fields `r.key`, `r.at`, `r.n`, `r.t`, `r.opt`; parameter `limit`; shared `twice`, `deep`; one rule a script.
fn definition(scripts: &[&str]) -> Definition {
    let fields = [
        ("key", field(FieldType::Text, false)),
        ("at", field(FieldType::Time, false)),
        ("n", field(FieldType::Int, false)),
        ("t", field(FieldType::Text, false)),
        ("opt", field(FieldType::Int, true)),
    ];
    let fields: IndexMap<String, Field> = fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
    let name = |text| FieldName::new(text).unwrap();
    let roles = Roles { key: name("r.key"), time: name("r.at"), amount: None, customer: None, interface: None, label: None };
    let groups = [("r".to_owned(), Group { text: LocalText::default(), fields })].into_iter().collect();
    let schema = Schema { name: "small".to_owned(), zone: Zone::default(), roles, groups };
    let mut sources = Sources::default();
    let mut source_of = |file: String, text: &str| {
        let text: Arc<str> = text.into();
        Script { source: sources.add(&file, Arc::clone(&text)), file, text }
    };
    let made = scripts.iter().enumerate().map(|(at, text)| Rule {
        id: RuleId::new(format!("r{at}")).unwrap(),
        title: LocalText::default(),
        owner: String::new(),
        basis: LocalText::default(),
        status: Status::Active,
        window: Window::default(),
        script: source_of(format!("r{at}.rhai"), text),
    });
    let all_made: Vec<Rule> = made.collect();
    let shared = Some(source_of("shared.rhai".to_owned(), "fn twice(n) { n * 2 }\nfn again(n) { again(n) }"));
    let kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() };
    let limit = Parameter { kind: FieldType::Int, value: Value::Int(10), range: None, unit: None, text: LocalText::default() };
    let reason = Reason { text: LocalText::default(), wire: "00".to_owned(), iso8583: None };
    let rule_set = RuleSet {
        name: "small".to_owned(),
        version: "1".to_owned(),
        title: LocalText::default(),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("A").unwrap() },
        stages: vec![Stage { id: StageId::new("s").unwrap(), title: LocalText::default(), kind, rules: all_made }],
        parameters: [(ParameterId::new("limit").unwrap(), limit)].into_iter().collect(),
        interfaces: IndexMap::new(),
        reasons: [(ReasonId::new("A").unwrap(), reason)].into_iter().collect(),
        lists: IndexMap::new(),
        invariants: Vec::new(),
        shared,
    };
    Definition { schema, rule_set, sources, places: Places::default() }
}

fn plan(scripts: &[&str]) -> (Definition, Plan) {
    let definition = definition(scripts);
    let program = Program::compile(&definition).program;
    let plan = Plan::new(&definition, &program);
    (definition, plan)
}

fn request(definition: &Definition, number: i64, text: &str) -> Request {
    let mut request = Request::empty(&definition.schema);
    let given = [
        ("r.key", Value::Text("k".into())),
        ("r.at", Value::Time(crate::model::Timestamp::default())),
        ("r.n", Value::Int(number)),
        ("r.t", Value::Text(text.into())),
    ];
    for (name, value) in given {
        request.set(definition.schema.find(name).unwrap().0, value);
    }
    request
}

fn outcomes(plan: &Plan, request: &Request) -> Result<Vec<Outcome>, super::NeedsInterpreter> {
    plan.single(request, &mut Scratch::default()).rule(RuleIndex(0))
}

#[test]
fn what_is_not_known_stays_with_the_interpreter_and_says_why() {
    let table = [
        ("let n = 0; for i in 0..3 { n += i; } score(n, \"A\")", "a loop"),
        ("while r.n > 0 { } accept(\"A\")", "a loop"),
        ("if [1, 2][r.n] == 1 { accept(\"A\") }", "an element of an array"),
        ("if again(r.n) > 1 { accept(\"A\") }", "a construct that rules do not have"),
        ("if r.x > 1 { accept(\"A\") }", "a name that nothing has"),
        ("r.n", "a value that is no outcome"),
        ("decline(r.n)", "an outcome with such arguments"),
        ("if (", "a text that is no script"),
        ("if r.n > \"a\" { accept(\"A\") }", "an operator between such types"),
    ];
    for (script, why) in table {
        let (definition, plan) = plan(&[script]);
        let refused = plan.rule(RuleIndex(0)).expect_err(script);
        assert_eq!(refused.why.en, why, "{script}");
        assert!(!refused.why.zh.is_empty() && definition.sources.get(refused.span.source).is_some(), "{script}");
        assert!(plan.graph().nodes().is_empty(), "nothing is left of a rule that is not lowered: {script}");
    }
}

#[test]
fn equal_expressions_of_all_rules_are_one_node() {
    let (_, one) = plan(&["if r.n > params.limit && r.t == \"a\" { accept(\"A\") }"]);
    let (_, two) = plan(&[
        "if r.n > params.limit && r.t == \"a\" { accept(\"A\") }",
        "let over = r.n > params.limit; if over && r.t == \"a\" { return refer(\"A\"); }",
    ]);
    assert_eq!(one.graph().nodes().len(), two.graph().nodes().len());
}

#[test]
fn constants_are_folded_and_failures_of_constants_are_kept() {
    let steps = |script: &str| plan(&[script]).1.rule(RuleIndex(0)).unwrap().steps.clone();
    assert!(steps("if twice(3) > 10 { accept(\"A\") }").is_empty());
    assert!(
        matches!(steps("if twice(3) == 6 { accept(\"A\") }").as_slice(), [PlanStep::Arm { outcomes, .. }] if outcomes.len() == 1)
    );
    assert!(matches!(steps("let x = 1 / 0;").as_slice(), [PlanStep::Check { .. }]));
    let (_, plan) = plan(&["if r.n in [3, 1, 2] { accept(\"A\") }"]);
    assert!(plan.graph().nodes().iter().any(|node| matches!(node.op, Op::InSet(..))));
}

#[test]
fn parts_stand_before_the_whole() {
    let (_, plan) =
        plan(&["if r.opt != () && r.opt + r.n > params.limit || twice(r.n) < 5 { score(r.n, \"A\") } else { accept(\"A\") }"]);
    for (at, node) in plan.graph().nodes().iter().enumerate() {
        assert!(node.op.parts().all(|part| part.at() < at));
    }
}

#[test]
fn a_parameter_changes_without_another_graph() {
    let (mut definition, plan) = plan(&["if r.n > params.limit { accept(\"A\") }"]);
    let request = request(&definition, 8, "");
    assert_eq!(outcomes(&plan, &request), Ok(Vec::new()));
    definition.rule_set.parameters[0].value = Value::Int(5);
    assert_eq!(outcomes(&plan.rebound(&definition.rule_set), &request).unwrap().len(), 1);
}

#[test]
fn the_interpreter_is_asked_where_something_fails_and_only_there() {
    let (definition, plan) = plan(&["let part = 100 / r.n; if r.t == \"a\" { return score(part, \"A\"); }"]);
    assert_eq!(outcomes(&plan, &request(&definition, 0, "b")), Err(super::NeedsInterpreter));
    assert_eq!(outcomes(&plan, &request(&definition, 3, "b")), Ok(Vec::new()));
    assert_eq!(outcomes(&plan, &request(&definition, 3, &"b".repeat(4_000))), Err(super::NeedsInterpreter));
    assert_eq!(outcomes(&plan, &request(&definition, 3, "a")).unwrap().len(), 1);
}
