//! Everything that is wrong with a RON file: the reader says one fault at a time, so a copy of the text is repaired after each.
//!
//! The replacement of a fault only lets the reader go on. Nothing of it is kept but what is found in the rest.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::kinds::MISSING_KEY;
use crate::kinds::{DUPLICATE_KEY, UNKNOWN_KEY};
use crate::read::{RonDocument, document};
use crate::ron_tree::{ByteRange, NodeKind, RonMember, RonNode, past_trivia};
use countersign_core::diagnostic::{Finding, Fix};
use countersign_core::text::{SourceId, Span};

/// How many faults of one file are looked for.
const ROUNDS: usize = 64;
/// Values that may replace a missing one.
const STAND_INS: [&str; 9] = ["\"\"", "(en: \"\", zh: \"\")", "0", "[]", "{}", "()", "Text", "Refer", "Limit"];

/// Everything wrong with the form of a text; where the form can be repaired, what `meaning` finds in it besides. Places are those of the
/// text itself.
pub(crate) fn faults<T: DeserializeOwned>(
    source: SourceId,
    text: &str,
    meaning: impl FnOnce(&RonDocument<T>) -> Vec<Finding>,
) -> Vec<Finding> {
    let mut copy = Repaired { source, text: text.to_owned(), edits: Vec::new(), blanked: Vec::new() };
    let mut found: Vec<Finding> = Vec::new();
    let mut removed: Option<String> = None;
    for _ in 0..ROUNDS {
        let (finding, tree) = match document::<T>(source, &copy.text) {
            Ok(document) => {
                let tree = document.tree();
                // An entry of which a part was taken out is not what was written.
                let changed: Vec<ByteRange> = copy.blanked.iter().filter_map(|byte| entry(tree, *byte)).collect();
                let whole = |finding: &Finding| {
                    let byte = finding.span.map_or(0, |span| span.start as usize);
                    !changed.iter().any(|extent| extent.start <= byte && byte < extent.end)
                };
                found.extend(meaning(&document).into_iter().filter(whole).filter_map(|finding| copy.original(finding)));
                break;
            }
            Err((finding, tree)) => (*finding, tree),
        };
        // A field that was taken out for its value is no second fault.
        let follows = finding.kind == MISSING_KEY && removed.is_some() && quoted(&finding) == removed.as_deref();
        if let Some(finding) = copy.original(finding.clone()).filter(|_| !follows) {
            found.push(finding);
        }
        let Some(tree) = tree else { break };
        removed = None;
        if !copy.repair::<T>(&finding, &tree, &mut removed) {
            break;
        }
    }
    found
}

/// The first name that a finding quotes.
fn quoted(finding: &Finding) -> Option<&str> {
    finding.message.en.split('`').nth(1)
}

/// A copy of a text with changes, which knows where each of its bytes came from.
#[derive(Clone)]
struct Repaired {
    source: SourceId,
    text: String,
    edits: Vec<Repair>,
    /// Where parts were taken out, in the copy; what is put in later moves them.
    blanked: Vec<usize>,
}

/// A change: from a byte on, how many bytes were removed and how many were inserted.
#[derive(Clone, Copy)]
struct Repair {
    at: usize,
    removed: usize,
    inserted: usize,
}

impl Repaired {
    fn replace(&mut self, range: Range<usize>, by: &str) -> Option<()> {
        self.text.get(range.clone())?;
        for byte in self.blanked.iter_mut().filter(|byte| **byte >= range.end) {
            *byte = *byte - range.len() + by.len();
        }
        self.edits.push(Repair { at: range.start, removed: range.len(), inserted: by.len() });
        self.text.replace_range(range, by);
        Some(())
    }

    /// The byte of the original text; none for one that was put in.
    fn origin(&self, byte: usize) -> Option<usize> {
        let mut byte = byte;
        for edit in self.edits.iter().rev() {
            if byte >= edit.at + edit.inserted {
                byte = byte - edit.inserted + edit.removed;
            } else if byte >= edit.at {
                return None;
            }
        }
        Some(byte)
    }

    fn span(&self, span: Span) -> Option<Span> {
        let start = self.origin(span.start as usize)?;
        let last = (span.end as usize).checked_sub(1).and_then(|last| self.origin(last));
        Some(Span::new(self.source, start, last.map_or(start, |last| last + 1).max(start)))
    }

    /// A finding about the copy as one about the text; none about what was put in, or about another file.
    fn original(&self, finding: Finding) -> Option<Finding> {
        let span = finding.span.filter(|span| span.source == self.source)?;
        let place = |span: Span| if span.source == self.source { self.span(span) } else { Some(span) };
        let notes = finding.notes.iter().map(|(span, text)| (span.and_then(place), text.clone())).collect();
        let fix = finding.fix.clone().and_then(|fix| Some(Fix { span: place(fix.span)?, ..fix }));
        Some(Finding { span: Some(self.span(span)?), notes, fix, ..finding })
    }

    /// Changes the copy so that the reader gets past a fault, if it can; the name of a field that is taken out for it goes to `removed`.
    fn repair<T: DeserializeOwned>(&mut self, finding: &Finding, tree: &RonNode, removed: &mut Option<String>) -> bool {
        let Some(span) = finding.span else { return false };
        if finding.kind == MISSING_KEY {
            return quoted(finding).and_then(|name| self.add::<T>(name, span.start as usize, tree)).is_some();
        }
        if let Some(fix) = finding.fix.clone().filter(|fix| !fix.replacement.is_empty()) {
            return self.replace(fix.span.range(), &fix.replacement).is_some();
        }
        let Some(part) = innermost(tree, span.start as usize) else { return false };
        *removed = part.name().map(str::to_owned);
        // Without a field that nothing knows, the entry is what was written.
        let is_needless = [UNKNOWN_KEY, DUPLICATE_KEY].contains(&finding.kind);
        let start = part.extent().start;
        let blanked = self.blank(part).is_some();
        self.blanked.extend((blanked && !is_needless).then_some(start));
        blanked
    }

    /// Puts spaces in the place of a part and of the comma after it.
    fn blank(&mut self, part: &RonMember) -> Option<()> {
        let extent = part.extent();
        let after = past_trivia(&self.text, extent.end);
        let end = if self.text.get(after..)?.starts_with(',') { after + 1 } else { extent.end };
        let blank: String = self.text.get(extent.start..end)?.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        self.text.replace_range(extent.start..end, &blank);
        Some(())
    }

    /// Puts a field in that is missing, with the first value that the reader takes.
    fn add<T: DeserializeOwned>(&mut self, name: &str, byte: usize, tree: &RonNode) -> Option<()> {
        let at = starting(tree, byte)?.unwrapped().inner.start;
        for value in STAND_INS {
            let mut trial = self.clone();
            let field = format!("{name}: {value}, ");
            trial.replace(at..at, &field)?;
            let inside =
                |finding: &Finding| finding.span.is_none_or(|span| (at..at + field.len()).contains(&(span.start as usize)));
            let takes = match document::<T>(self.source, &trial.text) {
                Ok(_) => true,
                Err((finding, _)) => !inside(&finding),
            };
            if takes {
                *self = trial;
                return Some(());
            }
        }
        None
    }
}

/// The smallest field, entry or item that holds a byte.
fn innermost(node: &RonNode, byte: usize) -> Option<&RonMember> {
    let holds = |member: &&RonMember| member.extent().start <= byte && byte < member.extent().end;
    let member = node.members().iter().find(holds)?;
    innermost(&member.value, byte).or(Some(member))
}

/// The innermost struct of a map or list around a byte.
fn entry(node: &RonNode, byte: usize) -> Option<ByteRange> {
    let holds = |member: &&RonMember| member.extent().start <= byte && byte < member.extent().end;
    let member = node.members().iter().find(holds)?;
    let is_entry = matches!(node.unwrapped().kind, NodeKind::Map(_) | NodeKind::List(_))
        && matches!(member.value.unwrapped().kind, NodeKind::Parens(..));
    entry(&member.value, byte).or_else(|| is_entry.then(|| member.extent()))
}

/// The outermost struct that begins at a byte.
fn starting(node: &RonNode, byte: usize) -> Option<&RonNode> {
    let inner = node.unwrapped();
    if matches!(inner.kind, NodeKind::Parens(..)) && inner.extent.start == byte {
        return Some(inner);
    }
    let holds = |member: &&RonMember| member.extent().start <= byte && byte < member.extent().end;
    node.members().iter().find(holds).and_then(|member| starting(&member.value, byte))
}
