//! Reads a RON file part by part where it cannot be read as a whole: what is wrong with one entry leaves the others readable.
//!
//! The parts that are wrong are blanked out of a copy of the text, so that every other part keeps its place, and the copy is read
//! again. The file itself stays as it is, and counts as one that could not be read.

use serde::de::DeserializeOwned;

use super::probe;
use crate::read::{LARGEST_RON, RonDocument, WorkspaceReader, document};
use crate::ron_tree::{ByteRange, NodeKind, RonMember, RonNode, past_trivia};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::text::{SourceId, Span};

/// How often a file is read again: the RON reader says one fault at a time.
const ROUNDS: usize = 32;
/// Fields that may be missing, so that leaving one out keeps the part it belongs to.
const OPTIONAL: [&str; 9] = ["from", "until", "range", "unit", "default", "amount", "customer", "interface", "label"];

/// Reads a file of the workspace and gives it a meaning, without the parts that have none; what is wrong with those is noted as
/// unread. `None` where the file as a whole cannot be understood: then what is wrong is among the reader's findings.
pub(super) fn read<T: DeserializeOwned, M>(
    reader: &mut WorkspaceReader<'_>,
    name: &str,
    mut convert: impl FnMut(&mut WorkspaceReader<'_>, &RonDocument<T>) -> Option<M>,
) -> Option<M> {
    let source = reader.text(name, LARGEST_RON, None)?;
    let whole = reader.text_of(source);
    let (mut text, mut wrong, mut left): (String, Vec<Finding>, Vec<String>) = (whole.to_string(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (sources, unread, before) = (reader.sources.clone(), reader.unread.clone(), reader.findings.len());
        let tree = match document::<T>(source, &text) {
            Ok(document) => {
                let made = convert(reader, &document);
                if made.is_some() && reader.findings.len() == before {
                    if !wrong.is_empty() {
                        reader.findings.extend(wrong);
                        reader.leave_rules(name, LARGEST_RON, before);
                        reader.unread.leave_out(left);
                    }
                    return made;
                }
                Some(document.into_tree())
            }
            Err((finding, tree)) => {
                reader.findings.push(*finding);
                tree
            }
        };
        let found = reader.findings.split_off(before);
        let all = if wrong.is_empty() { everything(reader, source, &whole, &mut convert) } else { Vec::new() };
        let parts = tree.as_ref().and_then(|tree| parts(tree, source, &found));
        // Findings about a part that was left out before follow from that.
        for finding in found.into_iter().filter(|finding| !follows(finding, &whole, &left)).chain(all) {
            if !wrong.iter().any(|known| known.span == finding.span && known.kind == finding.kind) {
                wrong.push(finding);
            }
        }
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else { break };
        // A file that only an omitted part names is not read again.
        let asked = |finding: &&Finding| parts.iter().any(|part| part.holds(finding, source));
        let asked: Vec<Finding> = reader.unread.rules.iter().skip(unread.rules.len()).filter(asked).cloned().collect();
        wrong.extend(asked.into_iter().filter(|finding| !wrong.iter().any(|known| known.span == finding.span)).collect::<Vec<_>>());
        (reader.sources, reader.unread) = (sources, unread);
        for part in parts {
            blank(&mut text, part.extent);
            left.extend(part.name);
        }
    }
    reader.findings.extend(wrong);
    None
}

/// Everything that is wrong with the file; the reader is as it was before.
fn everything<T: DeserializeOwned, M>(
    reader: &mut WorkspaceReader<'_>,
    source: SourceId,
    text: &str,
    convert: &mut impl FnMut(&mut WorkspaceReader<'_>, &RonDocument<T>) -> Option<M>,
) -> Vec<Finding> {
    let (sources, unread, before) = (reader.sources.clone(), reader.unread.clone(), reader.findings.len());
    let found = probe::faults::<T>(source, text, |document| {
        convert(reader, document);
        let files = reader.unread.rules.iter().skip(unread.rules.len()).cloned().collect::<Vec<_>>();
        reader.findings.split_off(before.min(reader.findings.len())).into_iter().chain(files).collect()
    });
    (reader.sources, reader.unread) = (sources, unread);
    reader.findings.truncate(before);
    found
}

/// Whether a finding only says that a part is missing which was left out.
fn follows(finding: &Finding, text: &str, left: &[String]) -> bool {
    let under = finding.span.and_then(|span| text.get(span.range())).unwrap_or_default();
    finding.id().starts_with("unknown-") && left.iter().any(|name| *name == under.trim_matches('"'))
}

/// A part that can be left out.
struct RemovablePart {
    extent: ByteRange,
    /// The name others know it by.
    name: Option<String>,
}

impl RemovablePart {
    fn holds(&self, finding: &Finding, source: SourceId) -> bool {
        let within = |span: &Span| span.source == source && self.extent.start <= span.start as usize;
        finding.span.is_some_and(|span| within(&span) && span.end as usize <= self.extent.end)
    }
}

/// The smallest part round each finding that can be left out; `None` where one of them has none.
fn parts(tree: &RonNode, source: SourceId, found: &[Finding]) -> Option<Vec<RemovablePart>> {
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error);
    let mut parts = Vec::new();
    for finding in errors {
        let span = finding.span.filter(|span| span.source == source)?;
        parts.push(smallest(tree, span.start as usize)?);
    }
    Some(parts)
}

fn smallest(node: &RonNode, byte: usize) -> Option<RemovablePart> {
    let member = node.members().iter().find(|member| holds(member, byte))?;
    let inner = smallest(&member.value, byte);
    let is_entry = matches!(node.unwrapped().kind, NodeKind::Map(_) | NodeKind::List(_));
    let may_miss = || member.name().is_some_and(|name| OPTIONAL.contains(&name));
    let name = || member.name().or_else(|| member.value.member("id")?.value.plain()).map(str::to_owned);
    inner.or_else(|| (is_entry || may_miss()).then(|| RemovablePart { extent: member.extent(), name: name() }))
}

fn holds(member: &RonMember, byte: usize) -> bool {
    let extent = member.extent();
    extent.start <= byte && byte < extent.end
}

/// Puts spaces in the place of a part and of the comma after it; line breaks stay.
fn blank(text: &mut String, part: ByteRange) {
    let after = past_trivia(text, part.end);
    let end = if text.get(after..).is_some_and(|rest| rest.starts_with(',')) { after + 1 } else { part.end };
    let Some(held) = text.get(part.start..end) else { return };
    let blanked: String = held.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(part.start..end, &blanked);
}
