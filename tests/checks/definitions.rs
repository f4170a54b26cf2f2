//! Checks over whole definitions: shared functions, changes in memory, the shipped workspace, a thousand rules.

use countersign_app::cli::render::human;
use countersign_core::check;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::model::{
    Band, CaseSet, Definition, FieldName, HitPolicy, InterfaceId, Range, ReasonId, RuleId, Scalar, StageId, StageKind, Value,
    Verdict,
};
use countersign_core::script::Program;
use countersign_core::text::Language;
use countersign_workspace::{DiskFiles, load, load_cases};

use crate::checks::fixture::{findings, workspace};

#[test]
fn a_fault_in_a_shared_function_is_found_once() {
    let files = workspace(&|file, text| {
        match file {
        "shared.rhai" => format!("{text}\nfn too_young(age) {{\n    age < limit_of_age\n}}\n"),
        "risk/example.rhai" | "risk/extra.rhai" => "if too_young(customer.age ?? 99) {\n    decline(\"AGE_UNDER_16\")\n}\n".to_owned(),
        "ruleset.ron" => text.replace(
            "// + rules",
            "(id: \"extra\", title: (en: \"E\", zh: \"附\"), owner: \"r\", basis: (en: \"E\", zh: \"示\"), script: \"risk/extra.rhai\"),",
        ),
        _ => text,
    }
    });
    let (_, found) = findings(&files);
    assert_eq!(found.iter().filter(|finding| finding.id() == "unknown-variable").count(), 1, "{found:?}");
}

/// A derived field with this definition is reported for this kind, at a place that ends with this text, where one is given.
const WRONG_DERIVED: [(&str, &str, &str); 9] = [
    ("Count, by: [], where: \"label.fraud\"", "label-visible", "label.fraud"),
    ("Count, by: [\"label.fraud\"]", "label-visible", "\"label.fraud\""),
    ("Count, by: [], where: \"params.max_cards > 1\"", "unknown-parameter", "max_cards"),
    ("Count, by: [], where: \"decision.verdict == 1\"", "unknown-field", "decision"),
    ("Count, by: [], where: \"card.bin > 1 && card.bin < 1\"", "constant-condition", "card.bin < 1"),
    ("Count, by: [\"velocity.figure\"]", "derived-reference", "\"velocity.figure\""),
    ("Count, by: [\"card.binn\"]", "unknown-field", "\"card.binn\""),
    ("Sum(\"card.nothing\"), by: []", "unknown-field", ""),
    ("Mean(\"device.risk\"), by: []", "derived-type", ""),
];

#[test]
fn a_wrong_derived_field_is_reported_where_it_is_wrong() {
    for (wrong, kind, place) in WRONG_DERIVED {
        let field = format!(
            "\"figure\": (type: Int, text: (en: \"F\", zh: \"值\"), derived: (function: {wrong}, over: Ever, current: Excluded)),"
        );
        let files = workspace(&|file, text| if file == "schema.ron" { text.replace("// + fields", &field) } else { text });
        let (sources, found) = findings(&files);
        let is_there = |finding: &&Finding| {
            let text = finding.span.and_then(|span| Some(sources.get(span.source)?.slice(span)));
            finding.id() == kind && text.is_some_and(|text| text.ends_with(place))
        };
        let shown = human::render(&found, &sources, Language::En, false);
        assert!(found.iter().any(|finding| is_there(&finding)), "{wrong}:\n{shown}");
    }
}

#[test]
fn the_shipped_workspace_has_no_error() {
    let mut definition = load(&DiskFiles, "rules").unwrap_or_else(|failed| panic!("{failed}"));
    let cases = load_cases(&DiskFiles, "rules", &mut definition).unwrap_or_else(|failed| panic!("{failed}"));
    let compiled = Program::compile(&definition);
    let found = check::check_compiled(&definition, &compiled, Some(&cases));
    let errors = found.iter().any(|finding| finding.severity == Severity::Error);
    assert!(!errors, "{}", human::render(&found, &definition.sources.under("rules"), Language::En, false));
}

#[test]
fn a_shared_script_that_cannot_be_read_is_reported_once_and_not_for_every_call() {
    let files = workspace(&|file, text| if file == "shared.rhai" { text.replace("&&", "& &") } else { text });
    let (sources, found) = findings(&files);
    let shown = human::render(&found, &sources, Language::En, false);
    assert_eq!(found.len(), 1, "{shown}");
    assert!(shown.contains("--> shared.rhai:2:25"), "{shown}");
}

/// The fixture loaded, with its cases.
fn loaded() -> (Definition, CaseSet) {
    let files = workspace(&|_, text| text);
    let mut definition = load(&files, "w").unwrap_or_else(|failed| panic!("{failed}"));
    let cases = load_cases(&files, "w", &mut definition).unwrap_or_else(|failed| panic!("{failed}"));
    (definition, cases)
}

/// What reading refuses in a file is found too in a definition that was changed in memory or came from a release.
#[test]
fn a_definition_changed_in_memory_is_checked_in_full() {
    type Change = fn(&mut Definition, &mut CaseSet);
    let changes: [(&str, Change); 17] = [
        ("unknown-reason", |definition, _| definition.rule_set.on_error.reason = ReasonId::new("NO_SUCH").unwrap()),
        ("mild-on-error", |definition, _| definition.rule_set.on_error.verdict = Verdict::StepUp),
        ("unknown-interface", |definition, _| {
            let default = Some(InterfaceId::new("nowhere").unwrap());
            definition.rule_set.stages.last_mut().unwrap().kind = StageKind::Route { default };
        }),
        ("unsorted-bands", |definition, _| {
            let band = |at_least, verdict| Band { at_least, verdict };
            let bands = vec![band(90, Verdict::Decline), band(60, Verdict::Refer)];
            definition.rule_set.stages[0].kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands };
        }),
        ("wrong-role", |definition, _| definition.schema.roles.time = FieldName::new("customer.kind").unwrap()),
        ("wrong-role", |definition, _| definition.schema.roles.key = FieldName::new("customer.nothing").unwrap()),
        ("wrong-range", |definition, _| {
            definition.rule_set.parameters[0].range = Some(Range { min: Value::Int(9), max: Value::Int(1) });
        }),
        ("parameter-out-of-range", |definition, _| definition.rule_set.parameters[0].value = Value::Int(51)),
        ("duplicate-id", |definition, _| {
            let again = definition.rule_set.stages[0].rules[0].clone();
            definition.rule_set.stages[1].rules.push(again);
        }),
        ("duplicate-id", |_, cases| cases.cases.push(cases.cases[0].clone())),
        ("unknown-rule", |_, cases| cases.cases[0].expect.misses.push(RuleId::new("exampel").unwrap())),
        ("unknown-reason", |_, cases| cases.cases[0].expect.reasons = Some(vec![ReasonId::new("NO_SUCH").unwrap()])),
        ("unknown-interface", |_, cases| cases.cases[0].expect.interface = Some(InterfaceId::new("nowhere").ok())),
        ("unknown-template", |_, cases| cases.cases[0].from = Some("paymnet".to_owned())),
        ("incomplete-request", |_, cases| cases.cases[0].from = None),
        ("wrong-value", |_, cases| {
            cases.cases[0].set.insert(FieldName::new("customer.age").unwrap(), Scalar::Text("thirty".to_owned()));
        }),
        ("unknown-field", |_, cases| {
            cases.templates[0].insert(FieldName::new("customer.agee").unwrap(), Scalar::Int(30));
        }),
    ];
    for (id, change) in changes {
        let (mut definition, mut cases) = loaded();
        change(&mut definition, &mut cases);
        let compiled = Program::compile(&definition);
        let found = check::check_compiled(&definition, &compiled, Some(&cases));
        let own: Vec<&Finding> = found.iter().filter(|finding| finding.id() == id).collect();
        assert!(!own.is_empty(), "`{id}`: {}", human::render(&found, &definition.sources, Language::En, false));
        assert!(own.iter().all(|finding| finding.severity == Severity::Error && finding.help.is_some()), "{own:?}");
    }
}

/// Two Route stages: which of them must have a default, and what is behind a rule that always routes.
#[test]
fn a_second_route_stage_is_checked_by_what_the_first_one_leaves() {
    // Whether the first has a default, whether its rule always routes, whether the second has a default; the findings.
    let table: [(bool, bool, bool, &[&str]); 6] = [
        (true, false, true, &[]),
        (true, false, false, &[]),
        (false, false, true, &["route-without-default"]),
        (false, false, false, &["route-without-default", "route-without-default"]),
        (false, true, false, &["unreachable-rule"]),
        (true, true, true, &["unreachable-rule"]),
    ];
    for (first, always, second, wanted) in table {
        let (mut definition, cases) = loaded();
        let default = |has: bool| StageKind::Route { default: has.then(|| InterfaceId::new("zhejiang").unwrap()) };
        let mut later = definition.rule_set.stages.last().unwrap().clone();
        later.id = StageId::new("later").unwrap();
        later.kind = default(second);
        later.rules.truncate(1);
        later.rules[0].id = RuleId::new("later_route").unwrap();
        let earlier = definition.rule_set.stages.last_mut().unwrap();
        earlier.kind = default(first);
        earlier.rules.truncate(1);
        if always {
            earlier.rules[0].script.text = "route(\"zhejiang\")".into();
        }
        definition.rule_set.stages.push(later);
        let compiled = Program::compile(&definition);
        let found = check::check_compiled(&definition, &compiled, Some(&cases));
        let own = ["route-without-default", "unreachable-rule"];
        let own: Vec<&str> = found.iter().map(Finding::id).filter(|id| own.contains(id)).collect();
        assert_eq!(own, wanted, "{first} {always} {second}");
    }
}
