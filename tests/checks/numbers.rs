//! What `docs/numbers.md` says of numbers, held to the checks and the interpreter: its tables are the expectations.

use std::collections::BTreeMap;

use countersign_core::check;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::model::{Definition, Outcome, Request, RuleIndex};
use countersign_core::script::tree::ExprKind;
use countersign_core::script::{Compiled, Program, Row, RunError, Type};
use countersign_workspace::load;

use crate::checks::fixture::with_example;

const PAGES: [&str; 2] = [include_str!("../../docs/numbers.md"), include_str!("../../docs/numbers.zh.md")];

/// The rows of the table after a mark, each cell without the marks of code.
fn rows(page: &'static str, mark: &str) -> Vec<Vec<String>> {
    let mark = format!("<!-- {mark} -->");
    let (_, after) = page.split_once(&mark).unwrap_or_else(|| panic!("no {mark}"));
    let lines = after.trim_start().lines().take_while(|line| line.starts_with('|')).skip(2);
    let cells = |line: &str| {
        let inner = line.trim().trim_matches('|').replace("\\|", "\u{0}");
        inner.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect::<Vec<String>>()
    };
    let all: Vec<_> = lines.map(cells).collect();
    assert!(all.len() > 3, "{mark} has no table");
    all
}

fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or_else(|| panic!("no code: {cell}"))
}

/// The fixture with a script, compiled; and the rule it is.
fn compiled(script: &str) -> (Definition, Compiled, RuleIndex) {
    let definition = load(&with_example("", script), "w").unwrap();
    let compiled = Program::compile(&definition);
    let (rule, ..) = definition.rule_set.find_rule("example").unwrap();
    (definition, compiled, rule)
}

fn run(script: &str) -> Result<Vec<Outcome>, RunError> {
    let (definition, compiled, rule) = compiled(script);
    let request = Request::empty(&definition.schema);
    compiled.program.run(rule, &Row::new(&compiled.program, &request))
}

fn findings(script: &str) -> Vec<Finding> {
    let (definition, compiled, _) = compiled(script);
    check::check_compiled(&definition, &compiled, None)
}

fn is(expression: &str, value: &str) {
    let outcomes = run(&format!("if ({expression}) == ({value}) {{ decline(\"BLOCKED_ID\") }}"));
    assert!(outcomes.as_ref().is_ok_and(|outcomes| outcomes.len() == 1), "{expression} is not {value}: {outcomes:?}");
}

#[test]
fn both_pages_have_the_same_tables() {
    let [english, chinese] = PAGES;
    for mark in ["division", "operators", "values", "errors"] {
        let codes = |page| rows(page, mark).into_iter().flatten().filter(|cell| cell.contains('`')).collect::<Vec<_>>();
        assert_eq!(codes(english), codes(chinese), "{mark}");
    }
}

#[test]
fn the_values_are_those_of_the_interpreter() {
    for row in rows(PAGES[0], "values") {
        is(code(&row[0]), code(&row[1]));
    }
    for row in rows(PAGES[0], "operators") {
        is(code(&row[4]), code(&row[5]));
    }
}

#[test]
fn run_time_errors_read_as_documented() {
    for row in rows(PAGES[0], "errors") {
        let error = run(&format!("let x = {};\ndecline(\"BLOCKED_ID\")", code(&row[0]))).unwrap_err();
        assert_eq!(error.message, row[1], "{}", row[0]);
    }
}

#[test]
fn what_is_written_wrongly_is_found_and_the_remedy_is_not() {
    for row in rows(PAGES[0], "division") {
        let (wrong, id, right) = (code(&row[0]), code(&row[1]), code(&row[2]));
        let [wrong, right] =
            [wrong, right].map(|condition| findings(&format!("if {condition} {{\n    refer(\"HIGH_AMOUNT\")\n}}")));
        assert!(wrong.iter().any(|finding| finding.id() == id), "{}: {wrong:#?}", row[0]);
        let faults = right.iter().filter(|finding| finding.id() == id || finding.severity == Severity::Error);
        assert_eq!(faults.count(), 0, "{}: {right:#?}", row[2]);
    }
}

const SAMPLES: [(&str, &str); 6] =
    [("Int", "7"), ("Float", "2.5"), ("Money", "yuan(7)"), ("Time", "time(\"2014-03-24\")"), ("Text", "\"a\""), ("Bool", "true")];
const OPERATORS: [&str; 12] = ["+", "-", "*", "/", "%", "**", "==", "!=", "<", "<=", ">", ">="];

fn name(ty: &Type) -> &'static str {
    match ty {
        Type::Int => "Int",
        Type::Float => "Float",
        Type::Money => "Money",
        Type::Text => "Text",
        Type::Bool => "Bool",
        _ => "none",
    }
}

/// Every operator with every pair of types: what the table does not name, the checks refuse.
#[test]
fn the_table_of_operators_is_whole() {
    let mut documented: BTreeMap<(String, String, String), String> = BTreeMap::new();
    for row in rows(PAGES[0], "operators") {
        let gives: String = row[3].chars().take_while(char::is_ascii_alphabetic).collect();
        for op in row[1].split(' ') {
            for right in row[2].split(' ') {
                let key = (row[0].clone(), code(op).to_owned(), right.to_owned());
                assert_eq!(documented.insert(key.clone(), gives.clone()), None, "{key:?} appears twice");
            }
        }
    }
    let mut wrong = Vec::new();
    for (left, one) in SAMPLES {
        let pairs: Vec<_> = OPERATORS.iter().flat_map(|op| SAMPLES.map(|(right, other)| (*op, right, other))).collect();
        let line = |(at, (op, _, other)): (usize, &(&str, &str, &str))| format!("let x{at} = {one} {op} {other};\n");
        let lines: Vec<String> = pairs.iter().enumerate().map(line).collect();
        let (definition, compiled, rule) = compiled(&lines.concat());
        let found = check::check_compiled(&definition, &compiled, None);
        let tree = compiled.program.tree(rule).unwrap();
        for (statement, (op, right, _)) in tree.body.statements.iter().zip(pairs) {
            let ExprKind::Let { value: Some(value), .. } = &statement.expr.kind else { panic!("{statement:?}") };
            let within = |finding: &&Finding| {
                finding.span.is_some_and(|span| {
                    span.source == value.span.source && value.span.start <= span.start && span.end <= value.span.end
                })
            };
            let refused = found.iter().filter(within).any(|finding| finding.severity == Severity::Error);
            let gives = if refused { "none" } else { name(&value.ty) };
            let key = (left.to_owned(), op.to_owned(), right.to_owned());
            let said = documented.get(&key).map_or("none", String::as_str);
            if gives != said {
                wrong.push(format!("{left} {op} {right}: the page says {said}, it is {gives}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
