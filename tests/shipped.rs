//! The shipped workspace and samples, as somebody who just cloned them finds them: clean, covered by cases, and believable.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use countersign_core::check::check;
use countersign_core::engine::Engine;
use countersign_core::engine::cases::{CaseOutcome, CaseRun, run_cases};
use countersign_core::model::{CaseSet, Definition, Limit, Request, RuleIndex, Value, Verdict};
use countersign_core::progress::Progress;
use countersign_core::script::{Program, Row};
use countersign_prove::{Prover, Question, Subject};
use countersign_requests::sample::{SampleOptions, generate};
use countersign_requests::{Format, Input, ReadOptions, Table, read, write};
use countersign_workspace::{DiskFiles, load, load_cases};

/// What the shipped sample was made with; see `assets/samples/README.md`.
const ROWS: u64 = 20_000;
const SEED: u64 = 20_140_324;

fn workspace() -> (Definition, CaseSet) {
    let mut definition = load(&DiskFiles, "rules").unwrap_or_else(|failed| panic!("{failed}"));
    let cases = load_cases(&DiskFiles, "rules", &mut definition).unwrap_or_else(|failed| panic!("{failed}"));
    (definition, cases)
}

fn engine(definition: Definition) -> Engine {
    let compiled = Program::compile(&definition);
    assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
    Engine::new(Arc::new(definition), compiled.program)
}

fn set_parameter(definition: &mut Definition, id: &str, value: Value) {
    let parameter = definition.rule_set.parameters.get_mut(id).unwrap();
    parameter.value = value;
}

/// What differs, case by case, for people.
fn failures(run: &CaseRun) -> Vec<String> {
    let failed = run.results.iter().filter_map(|result| match &result.outcome {
        CaseOutcome::Passed(_) => None,
        CaseOutcome::Failed(_, differences) => Some(format!("{}: {differences:?}", result.id)),
        CaseOutcome::Unusable(findings) => Some(format!("{}: {findings:?}", result.id)),
    });
    failed.collect()
}

/// The request of a case.
fn request(definition: &Definition, cases: &CaseSet, id: &str) -> Request {
    let case = cases.cases.iter().find(|case| case.id.as_str() == id).unwrap();
    let template = cases.templates.get(case.from.as_ref().unwrap()).unwrap();
    let mut request = Request::empty(&definition.schema);
    for (name, scalar) in template.iter().chain(&case.set) {
        let (index, field) = definition.schema.find(name.as_str()).unwrap();
        request.set(index, Value::from_scalar(&field.kind, scalar, definition.schema.zone).unwrap());
    }
    request.check(&definition.schema).unwrap();
    request
}

#[test]
fn the_shipped_workspace_has_no_finding_of_any_severity() {
    let (definition, cases) = workspace();
    let compiled = Program::compile(&definition);
    assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
    let findings = check(&definition, &compiled.program, Some(&cases));
    let shown = findings.iter().map(|finding| {
        let place = finding.span.and_then(|span| {
            let source = definition.sources.get(span.source)?;
            Some(format!("{}:{:?}", source.name(), source.line_column(span.start)))
        });
        format!("{} {place:?} {}", finding.id(), finding.message.en)
    });
    assert!(findings.is_empty(), "{}", shown.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_case_passes_and_every_rule_is_hit_by_one() {
    let (definition, cases) = workspace();
    assert!(definition.rule_set.rules().count() >= 35);
    assert!(cases.cases.len() >= 80);
    let engine = engine(definition);
    let run = run_cases(&engine, &cases);
    assert_eq!(failures(&run), Vec::<String>::new());
    let hit: BTreeSet<RuleIndex> = run
        .results
        .iter()
        .filter_map(|result| if let CaseOutcome::Passed(decision) = &result.outcome { Some(decision) } else { None })
        .flat_map(|decision| decision.hits.iter().chain(&decision.shadow_hits).copied())
        .collect();
    let rules = engine.definition().rule_set.rules();
    let never: Vec<&str> = rules.filter(|(index, ..)| !hit.contains(index)).map(|(_, _, rule)| rule.id.as_str()).collect();
    assert!(never.is_empty(), "no case hits {never:?}");
}

#[test]
fn every_case_keeps_the_invariants() {
    let (definition, cases) = workspace();
    let engine = engine(definition.clone());
    for case in &cases.cases {
        let request = request(&definition, &cases, case.id.as_str());
        let (verdict, row) = (engine.decide(&request).verdict, Row::new(engine.program(), &request));
        for (at, invariant) in definition.rule_set.invariants.iter().enumerate() {
            let applies = engine.program().holds(at, &row).unwrap();
            assert!(!applies || invariant.verdicts.contains(&verdict), "{} breaks {}", case.id, invariant.id);
        }
    }
}

#[test]
fn every_invariant_is_proved_for_every_request_and_every_permitted_parameter() {
    let engine = engine(workspace().0);
    let subject = Subject { definition: engine.definition(), plan: engine.plan(), decide: &engine };
    for free_parameters in [false, true] {
        let options = countersign_prove::ProofOptions { free_parameters, ..countersign_prove::ProofOptions::default() };
        let mut prover = Prover::new(subject, &options, &Arc::new(Progress::default())).unwrap();
        for question in prover.questions() {
            let answer = prover.ask(question);
            let as_wanted = match question {
                Question::Breaks(_) | Question::Unrouted(_) => answer.is_never(),
                Question::Fires(_) | Question::InBand(..) => answer.is_request(),
                _ => answer.is_never() || answer.is_request(),
            };
            assert!(as_wanted, "free parameters {free_parameters}: {question:?}: {answer:?}");
        }
    }
}

#[test]
fn the_phases_meet_at_one_moment_and_the_first_begins_at_the_cutover() {
    let (definition, _) = workspace();
    let Value::Time(cutover) = definition.rule_set.parameters["cutover"].value else { panic!("`cutover` is a time") };
    let window = |id: &str| definition.rule_set.find_rule(id).unwrap().2.window;
    let second = window("phase_two_signing").from.unwrap().at;
    let first = ["closed_interface_new", "closed_interface_stock_sign", "impossible_agreement", "sign_date_missing"];
    for id in first.into_iter().chain(["early_auth_decline", "signing_to_open"]) {
        assert_eq!(window(id).from.unwrap().at, cutover, "{id}");
        assert_eq!(window(id).until.unwrap().at, second, "{id}");
    }
    for id in ["phase_two_paying", "phase_two_to_open"] {
        assert_eq!(window(id).from.unwrap().at, second, "{id}");
    }
}

#[test]
fn the_options_of_head_office_are_parameters() {
    let (definition, cases) = workspace();
    let decide = |id: &str, parameter: &str, value: Value| {
        let request = request(&definition, &cases, id);
        let mut changed = definition.clone();
        set_parameter(&mut changed, parameter, value);
        let engine = engine(changed);
        let decision = engine.decide(&request);
        let interfaces = &engine.definition().rule_set.interfaces;
        let interface = decision.interface.and_then(|index| interfaces.get_index(index.at())).map(|(id, _)| id.to_string());
        (decision.verdict, interface, decision.limits.get(Limit::Single).map(|fen| fen.0))
    };
    let text = |text: &str| Value::Text(text.into());
    let open = Some("zhejiang".to_owned());
    assert_eq!(decide("r2_new_over_branch_1", "reroute_new", Value::Bool(true)), (Verdict::Accept, open.clone(), Some(500_000)));
    for id in ["r7_stock_adds_card_over_closed", "resign_active_over_closed"] {
        let stock = decide(id, "stock_sign_on_closed", text("reroute"));
        assert_eq!(stock, (Verdict::Accept, open.clone(), Some(500_000)), "{id}");
    }
    assert_eq!(decide("resign_new_over_closed", "reroute_new", Value::Bool(true)), (Verdict::Accept, open, Some(500_000)));
    assert_eq!(decide("first_second_of_phase_two", "phase_two_pay", text("decline")), (Verdict::Decline, None, None));
    for (bank, fen) in [("icbc", 500_000), ("ccb", 500_000), ("abc", 1_000_000), ("boc", 1_000_000)] {
        let (verdict, _, single) = decide("r3_stock_pays_over_branch_1", "bank", text(bank));
        assert_eq!((verdict, single), (Verdict::Accept, Some(fen)), "{bank}");
    }
    let over = |bank: &str| decide("single_over_limit", "bank", text(bank)).0;
    assert_eq!(["icbc", "ccb", "abc", "boc"].map(over), [Verdict::Decline, Verdict::Decline, Verdict::Accept, Verdict::Accept]);
}

fn sample(name: &str, definition: &Definition) -> Table {
    let bytes = fs::read(name).unwrap();
    let input = Input::new(name, Format::of_file_name(name).unwrap(), Arc::new(bytes));
    let schema = Arc::new(definition.schema.clone());
    read(&input, &schema, ReadOptions::default(), &Progress::default()).unwrap().table
}

#[test]
fn the_shipped_samples_are_what_the_generator_makes() {
    let (definition, _) = workspace();
    let schema = Arc::new(definition.schema.clone());
    let table = generate(&schema, SampleOptions::new(ROWS, SEED), &Progress::default()).unwrap();
    let mut csv = Vec::new();
    write::write(&table, Format::Csv, &mut csv, &Progress::default()).unwrap();
    let shipped = fs::read("assets/samples/signing-requests.csv").unwrap();
    assert!(csv == shipped, "the CSV differs from what seed {SEED} makes");
    assert!(shipped.len() < 12_000_000);
    let parquet = sample("assets/samples/signing-requests.parquet", &definition);
    assert_eq!(parquet.len(), table.len());
    for row in 0..table.len() {
        assert_eq!(parquet.request(row), table.request(row), "row {row}");
    }
}

/// Figures in per cent, so that a change of the rules that moves them far is noticed.
#[test]
fn the_rules_give_believable_shares_on_the_shipped_sample() {
    let (definition, _) = workspace();
    let table = sample("assets/samples/signing-requests.parquet", &definition);
    let label = definition.schema.find("label.fraud").unwrap().0;
    let engine = engine(definition);
    let mut verdicts = BTreeMap::<Verdict, u64>::new();
    // Fraud and genuine requests that were referred or declined, and those that were not.
    let mut judged = [[0_u64; 2]; 2];
    for row in 0..table.len() {
        let request = table.request(row);
        let decision = engine.decide(&request);
        assert!(decision.errors.is_empty(), "row {row}: {:?}", decision.errors);
        *verdicts.entry(decision.verdict).or_default() += 1;
        if let Value::Bool(fraud) = request.get(label) {
            judged[usize::from(decision.verdict >= Verdict::Refer)][usize::from(*fraud)] += 1;
        }
    }
    let per_cent = |part: u64, whole: u64| part * 100 / whole;
    assert!((70..=88).contains(&per_cent(verdicts[&Verdict::Accept], ROWS)), "{verdicts:?}");
    for verdict in Verdict::ALL {
        assert!(verdicts[&verdict] >= ROWS / 200, "{verdicts:?}");
    }
    let [[passed_genuine, passed_fraud], [stopped_genuine, stopped_fraud]] = judged;
    let recall = per_cent(stopped_fraud, stopped_fraud + passed_fraud);
    let precision = per_cent(stopped_fraud, stopped_fraud + stopped_genuine);
    assert!((50..=95).contains(&recall) && (15..=80).contains(&precision), "recall {recall}, precision {precision}");
    assert!(passed_genuine > 10 * stopped_fraud);
}
