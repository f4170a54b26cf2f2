//! Output for other programs: SARIF that fits its schema, and fixes that work.

use std::fs;

use countersign_app::cli::render::sarif;
use countersign_app::finding_kinds;
use countersign_core::diagnostic::TargetFindings;
use countersign_core::text::Language;

use crate::checks::fixture::{findings, rendered, with_example};
use crate::checks::pages::with_examples;

#[test]
fn every_finding_fits_the_schema_of_sarif() {
    // The published schema has one pattern with a bracket too many, which a strict validator refuses to read.
    let schema = fs::read_to_string("tests/schemas/sarif-schema-2.1.0.json").unwrap().replace("{2}]?$", "{2}$");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let rules = finding_kinds();
    for (kind, example) in with_examples() {
        let (sources, found) = findings(&with_example(example.place, example.wrong));
        let target = TargetFindings { target: "rules", findings: &found, sources: &sources.under("rules"), cost: None };
        let log = sarif::render(&[target], Language::Zh, &rules, "/work");
        let log: serde_json::Value = serde_json::from_str(&log).unwrap();
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", kind.id());
        assert!(log["runs"][0]["results"].as_array().unwrap().iter().all(|result| result["ruleIndex"].is_u64()));
    }
}

/// A fix is offered only where applying it removes the finding.
#[test]
fn every_fix_removes_its_finding() {
    let mut fixed = 0;
    for (kind, example) in with_examples() {
        let wrong = with_example(example.place, example.wrong);
        let (sources, found) = findings(&wrong);
        for finding in found.iter().filter(|finding| finding.kind == kind) {
            let Some(fix) = &finding.fix else { continue };
            let source = sources.get(fix.span.source).unwrap();
            let mut text = source.text().to_string();
            text.replace_range(fix.span.range(), &fix.replacement);
            let fixed_files = with_example(example.place, example.wrong);
            fixed_files.put(format!("w/{}", source.name()), text);
            let (_, left) = findings(&fixed_files);
            let before = found.iter().filter(|other| other.kind == kind).count();
            let after = left.iter().filter(|other| other.kind == kind).count();
            assert!(after < before, "`{}`: {}", kind.id(), rendered(&fixed_files));
            fixed += 1;
        }
    }
    assert!(fixed > 10, "only {fixed} fixes were tried");
}
