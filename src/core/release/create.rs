//! Makes a release from a definition: checked first, written, and read again before anyone gets it.

use super::format1::{ReleaseFile, from_model, layout};
use super::node::ron as printer;
use super::read::read;
use super::refusal::{self, refuse};
use super::{Coverage, Evidence, FIRST_LINE, Profile, Provenance, Release, with_digests};
use crate::check::check_compiled;
use crate::diagnostic::{Finding, Severity};
use crate::model::Definition;
use crate::script::Program;
use crate::text::LocalText;

/// Makes a release. Its definition is read back from its own text, so findings name the script and line inside the release.
///
/// # Errors
/// The findings, with places in the definition's sources, when the rules do not pass the check; findings without a place when the
/// evidence or provenance does not fit, or the definition holds what a release cannot (an entry of a list with a line break).
pub fn create(definition: &Definition, evidence: &Evidence, provenance: &Provenance) -> Result<Release, Vec<Finding>> {
    let findings = check_compiled(definition, &Program::compile(definition), None);
    let errors: Vec<Finding> = findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let file = from_model::file(&Profile::own(), provenance, &[], evidence, definition);
    let text = print(file).ok_or_else(|| {
        let message = LocalText::new("a number in the rules is not finite", "规则中存在非有限数值");
        vec![refuse(refusal::VALUE, None, message, LocalText::new("give it a value", "请为其设置数值"))]
    })?;
    read_back("release", &text)
}

/// A new release of the rules and the schema that `old` holds, on evidence counted now: to return to an old rule set. What its cases came
/// to is taken from the old evidence, since those were its cases. Its provenance names the old one, and it is approved like any other.
///
/// # Errors
/// The old rules do not pass today's check.
pub fn roll_back(old: &Release, counted: Evidence, provenance: &Provenance) -> Result<Release, Vec<Finding>> {
    let provenance = Provenance { rolls_back: Some(old.digest()), ..provenance.clone() };
    let before = old.evidence();
    let coverage = Coverage { hit_by_cases: before.coverage.hit_by_cases, ..counted.coverage };
    let (rule_set, schema, cases) = (before.rule_set, before.schema, before.cases.clone());
    create(old.written(), &Evidence { rule_set, schema, cases, coverage, ..counted }, &provenance)
}

/// Reads a release that was just printed; findings lose their places, since nobody has that text.
pub(super) fn read_back(name: &str, text: &str) -> Result<Release, Vec<Finding>> {
    let unplaced = |finding: Finding| Finding { span: None, notes: Vec::new(), ..finding };
    read(name, text.as_bytes()).map_err(|refused| refused.findings.into_iter().map(unplaced).collect())
}

/// The file's text with its digests.
pub(super) fn print(file: ReleaseFile) -> Option<String> {
    let node = layout::node(&with_digests(file).ok()?).ok()?;
    Some(printer::print(FIRST_LINE, &node, false).text)
}
