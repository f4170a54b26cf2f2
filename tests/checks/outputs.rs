//! What other programs get: SARIF that fits its schema, and fixes that mend.

use std::fs;

use countersign_app::cli::render::sarif;
use countersign_core::check;
use countersign_core::diagnostic::TargetFindings;
use countersign_core::text::Language;

use crate::checks::fixture::{findings, rendered, with_example, with_examples};

#[test]
fn everything_that_is_said_fits_the_schema_of_sarif() {
    // The published schema has one pattern with a bracket too many, which a strict validator refuses to read.
    let schema = fs::read_to_string("tests/schemas/sarif-schema-2.1.0.json").unwrap().replace("{2}]?$", "{2}$");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let rules = check::documentation();
    for (documentation, example) in with_examples() {
        let (sources, found) = findings(&with_example(example, example.wrong()));
        let target = TargetFindings { target: "rules", findings: &found, sources: &sources.under("rules"), cost: None };
        let log = sarif::render(&[target], Language::Zh, &rules, "/work");
        let log: serde_json::Value = serde_json::from_str(&log).unwrap();
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", documentation.id);
        assert!(log["runs"][0]["results"].as_array().unwrap().iter().all(|result| result["ruleIndex"].is_u64()));
    }
}

/// A fix is offered only where applying it mends the fault.
#[test]
fn every_fix_mends_what_it_is_offered_for() {
    let mut fixed = 0;
    for (documentation, example) in with_examples() {
        let wrong = with_example(example, example.wrong());
        let (sources, found) = findings(&wrong);
        for finding in found.iter().filter(|finding| finding.id == documentation.id) {
            let Some(fix) = &finding.fix else { continue };
            let source = sources.get(fix.span.source).unwrap();
            let mut text = source.text().to_string();
            text.replace_range(fix.span.range(), &fix.replacement);
            let mended = with_example(example, example.wrong());
            mended.put(format!("w/{}", source.name()), text);
            let (_, left) = findings(&mended);
            let before = found.iter().filter(|other| other.id == finding.id).count();
            let after = left.iter().filter(|other| other.id == finding.id).count();
            assert!(after < before, "`{}`: {}", finding.id, rendered(&mended));
            fixed += 1;
        }
    }
    assert!(fixed > 10, "only {fixed} fixes were tried");
}
