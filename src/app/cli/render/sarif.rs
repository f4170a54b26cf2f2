//! Findings as SARIF 2.1.0, for code hosts and editors that show the results of static analysis.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::uri;
use countersign_core::diagnostic::Place;
use countersign_core::diagnostic::{Finding, FindingKind, Fix, Severity, TargetFindings};
use countersign_core::text::{Language, Sources, Span, reveal_json};

/// The name of the folder that relative paths are seen from, as code hosts have it.
const HERE: &str = "%SRCROOT%";

/// Renders all findings, each target as a run of its own; `rules` documents every kind there is (`check::documentation` has those of a
/// workspace), and `folder` is the folder that relative paths are seen from.
pub fn render(found: &[TargetFindings<'_>], language: Language, rules: &[&FindingKind], folder: &str) -> String {
    let runs: Vec<Value> = found.iter().map(|of| run(of, language, rules, folder)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    });
    reveal_json(format!("{log:#}\n"))
}

fn run(of: &TargetFindings<'_>, language: Language, rules: &[&FindingKind], folder: &str) -> Value {
    let results: Vec<Value> = of.findings.iter().map(|finding| result(finding, of.sources, language, rules)).collect();
    json!({
        "tool": { "driver": {
            "name": "countersign",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "language": language.tag(),
            "rules": rules.iter().map(|rule| descriptor(rule, language)).collect::<Vec<_>>(),
        }},
        // A code host keeps the results of each target apart by this.
        "automationDetails": { "id": format!("countersign/{}/", of.target) },
        "originalUriBaseIds": { HERE: { "uri": uri::of_folder(folder) } },
        "language": language.tag(),
        "columnKind": "unicodeCodePoints",
        "results": results,
    })
}

fn descriptor(rule: &FindingKind, language: Language) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.title(language) },
        "fullDescription": { "text": rule.what_is_found(language) },
        "help": { "text": rule.how_to_fix(language), "markdown": rule.page(language) },
        "defaultConfiguration": { "level": level(rule.severity()) },
    })
}

/// SARIF's word for a severity is ours.
fn level(severity: Severity) -> &'static str {
    severity.word()
}

fn result(finding: &Finding, sources: &Sources, language: Language, rules: &[&FindingKind]) -> Value {
    let mut message = finding.message.get(language).to_owned();
    if let Some(help) = &finding.help {
        let _ = write!(message, "\n{}", help.on_command_line().get(language));
    }
    let mut result = json!({
        "ruleId": finding.id(),
        "level": level(finding.severity),
        "message": { "text": message },
    });
    let Some(members) = result.as_object_mut() else { return result };
    if let Some(at) = rules.iter().position(|rule| *rule == finding.kind) {
        members.insert("ruleIndex".into(), json!(at));
    }
    if let Some(location) = physical(sources, finding.span) {
        members.insert("locations".into(), json!([{ "physicalLocation": location }]));
    }
    let related: Vec<Value> = finding
        .notes
        .iter()
        .filter_map(|(span, note)| {
            Some(json!({ "physicalLocation": physical(sources, *span)?, "message": { "text": note.get(language) } }))
        })
        .collect();
    if !related.is_empty() {
        members.insert("relatedLocations".into(), json!(related));
    }
    if let Some(change) = finding.fix.as_ref().and_then(|fix| change(sources, fix)) {
        members.insert("fixes".into(), json!([change]));
    }
    result
}

fn physical(sources: &Sources, span: Option<Span>) -> Option<Value> {
    let place = Place::find(sources, span)?;
    Some(json!({ "artifactLocation": artifact(place.file), "region": region(&place, span?) }))
}

fn artifact(file: &str) -> Value {
    if uri::is_absolute(file) {
        json!({ "uri": uri::of_file(file) })
    } else {
        json!({ "uri": uri::of_file(file), "uriBaseId": HERE })
    }
}

fn region(place: &Place<'_>, span: Span) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "byteOffset": span.start,
        "byteLength": span.end - span.start,
    })
}

fn change(sources: &Sources, fix: &Fix) -> Option<Value> {
    let place = Place::find(sources, Some(fix.span))?;
    Some(json!({
        "artifactChanges": [{
            "artifactLocation": artifact(place.file),
            "replacements": [{ "deletedRegion": region(&place, fix.span), "insertedContent": { "text": fix.replacement } }],
        }],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::render::sample;
    use countersign_core::check::kinds::UNKNOWN_FIELD;

    fn rendered(findings: &[Finding], sources: &Sources, language: Language) -> String {
        let one = TargetFindings { target: "risk rules", findings, sources, cost: None };
        let abroad = sources.under("/other/规则");
        let other = TargetFindings { target: "/other/规则", sources: &abroad, ..one };
        render(&[one, other], language, &[UNKNOWN_FIELD], "/srv/a b")
    }

    #[test]
    fn the_log_fits_the_schema_of_sarif() {
        // The published schema has one pattern with a bracket too many, which a strict validator refuses to read.
        let schema = include_str!("../../../../tests/schemas/sarif-schema-2.1.0.json").replace("{2}]?$", "{2}$");
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let (sources, findings) = sample::findings();
        for language in [Language::En, Language::Zh] {
            for findings in [findings.as_slice(), &[]] {
                let log: Value = serde_json::from_str(&rendered(findings, &sources, language)).unwrap();
                let errors: Vec<String> =
                    validator.iter_errors(&log).map(|error| format!("{error} at {}", error.instance_path())).collect();
                assert!(errors.is_empty(), "{errors:#?}");
            }
        }
        assert!(!validator.is_valid(&json!({ "version": "2.1.0", "runs": [{ "tool": {} }] })), "the schema accepts anything");
    }

    #[test]
    fn places_fixes_and_rules_are_told_in_full() {
        let (sources, findings) = sample::findings();
        let log: Value = serde_json::from_str(&rendered(&findings, &sources, Language::Zh)).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "unknown-field");
        let result = &run["results"][0];
        assert_eq!(result["ruleIndex"], 0);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"], json!({ "uri": "risk/%E5%B9%B4%20a.rhai", "uriBaseId": "%SRCROOT%" }));
        assert_eq!(run["originalUriBaseIds"]["%SRCROOT%"]["uri"], "file:///srv/a%20b/");
        let other = &log["runs"][1];
        let place_abroad = &other["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(*place_abroad, json!({ "uri": "file:///other/%E8%A7%84%E5%88%99/risk/%E5%B9%B4%20a.rhai" }));
        assert_eq!(other["automationDetails"]["id"], "countersign//other/规则/");
        let region = json!({
            "startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 7, "byteOffset": 9, "byteLength": 4
        });
        assert_eq!(place["region"], region);
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "age");
        assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 1);
    }
}
