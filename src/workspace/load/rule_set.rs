//! Gives `ruleset.ron` its meaning: everything but the stages, and what one part says of another.

use indexmap::IndexMap;

use super::common::{Seen, id, unknown};
use super::{lists, parameters, stages};
use crate::at::At;
use crate::kinds::TOO_MANY;
use crate::mirror::{Entries, RuleSetFile};
use crate::read::{Document, LARGEST_SCRIPT, Reader};
use countersign_core::check::kinds::{MILD_ON_ERROR, UNKNOWN_REASON, WRONG_VALUE};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{
    Interface, InterfaceId, Invariant, OnError, Reason, ReasonId, RuleId, RuleSet, Script, Verdict, Zone,
};
use countersign_core::text::LocalText;

/// The rule set with its scripts and lists read, or `None` when something is wrong with it.
pub(super) fn convert(reader: &mut Reader<'_>, file: &Document<RuleSetFile>, zone: Zone) -> Option<RuleSet> {
    let before = reader.findings.len();
    let (top, written) = (file.top(), &file.value);
    let reasons = reasons(reader, &written.reasons, top.field("reasons"));
    let interfaces = interfaces(reader, &written.interfaces, top.field("interfaces"));
    let on_error = on_error(reader, file, &reasons);
    let parameters = parameters::convert(reader, &written.parameters, top.field("parameters"), zone);
    let lists = lists::convert(reader, &written.lists, top.field("lists"));
    let stages = stages::convert(reader, &written.stages, top.field("stages"), &interfaces);
    let invariants = invariants(reader, file);
    let shared = written.shared.as_ref().map(|name| script(reader, name, top.field("shared")));
    check_sizes(reader, file, stages.iter().map(|stage| stage.rules.len()).sum());
    let rule_set = RuleSet {
        name: written.name.clone(),
        version: written.version.clone(),
        title: written.title.clone(),
        on_error: on_error?,
        stages,
        parameters,
        interfaces,
        reasons,
        lists,
        invariants,
        shared,
    };
    (reader.findings.len() == before).then_some(rule_set)
}

/// Reads a script; `at` names it. One that cannot be read holds as much of its text as is known.
pub(super) fn script(reader: &mut Reader<'_>, name: &str, at: At<'_>) -> Script {
    let before = reader.findings.len();
    let read = reader.text(name, LARGEST_SCRIPT, Some(at.span()));
    if read.is_none() {
        reader.leave_rules(name, LARGEST_SCRIPT, before);
    }
    let known = read.or_else(|| reader.sources.find(name).map(|(id, _)| id));
    let source = known.unwrap_or_else(|| reader.sources.add(name, ""));
    Script { file: name.to_owned(), text: reader.text_of(source), source }
}

fn reasons(reader: &mut Reader<'_>, written: &Entries<Reason>, at: At<'_>) -> IndexMap<ReasonId, Reason> {
    let mut seen = Seen::default();
    let mut reasons = IndexMap::new();
    for (position, (code, reason)) in written.0.iter().enumerate() {
        let key = at.key(position);
        let made = id(reader, ReasonId::new(code), key);
        if let (true, Some(id)) = (seen.note(reader, ("reason", "原因码"), code, key), made) {
            reasons.insert(id, reason.clone());
        }
    }
    reasons
}

fn interfaces(reader: &mut Reader<'_>, written: &Entries<Interface>, at: At<'_>) -> IndexMap<InterfaceId, Interface> {
    let mut seen = Seen::default();
    let mut interfaces = IndexMap::new();
    for (position, (name, interface)) in written.0.iter().enumerate() {
        let key = at.key(position);
        let made = id(reader, InterfaceId::new(name), key);
        if let (true, Some(id)) = (seen.note(reader, ("interface", "接口"), name, key), made) {
            interfaces.insert(id, interface.clone());
        }
    }
    interfaces
}

fn on_error(reader: &mut Reader<'_>, file: &Document<RuleSetFile>, reasons: &IndexMap<ReasonId, Reason>) -> Option<OnError> {
    let at = file.top().field("on_error");
    let written = &file.value.on_error;
    if written.verdict < Verdict::Refer {
        let word = format!("{:?}", written.verdict);
        let message = LocalText::new(
            format!("a rule that fails would let requests through with `{word}`"),
            format!("规则出错时若取 `{word}` 会放行请求"),
        );
        let help = LocalText::new("write `Refer` or `Decline`", "请写 `Refer` 或 `Decline`");
        reader.wrong(Finding::new(MILD_ON_ERROR, at.field("verdict").span(), message).with_help(help));
    }
    let reason = id(reader, ReasonId::new(&written.reason), at.field("reason").span())?;
    if !reasons.contains_key(&reason) {
        let known = reasons.keys().map(ReasonId::as_str);
        unknown(reader, UNKNOWN_REASON, ("reason", "原因码"), reason.as_str(), at.field("reason").span(), known);
    }
    Some(OnError { verdict: written.verdict, reason })
}

fn invariants(reader: &mut Reader<'_>, file: &Document<RuleSetFile>) -> Vec<Invariant> {
    let at = file.top().field("invariants");
    let mut seen = Seen::default();
    let mut invariants = Vec::new();
    for (position, written) in file.value.invariants.iter().enumerate() {
        let here = at.item(position);
        let span = here.field("id").span();
        let made = id(reader, RuleId::new(&written.id), span);
        let is_new = seen.note(reader, ("invariant", "不变式"), &written.id, span);
        if written.verdicts.is_empty() {
            let message = LocalText::new("an invariant must allow at least one verdict", "不变式至少要允许一种结论");
            let help = LocalText::new("write for example `verdicts: [Accept]`", "例如写成 `verdicts: [Accept]`");
            reader.wrong(Finding::new(WRONG_VALUE, here.field("verdicts").span(), message).with_help(help));
        }
        let (Some(id), true) = (made, is_new) else { continue };
        // A source of its own: places inside the script are counted from its first character.
        let name = format!("{}#{id}", super::RULE_SET_FILE);
        let source = reader.sources.add(name.clone(), written.when.clone());
        let when = Script { file: name, text: reader.text_of(source), source };
        invariants.push(Invariant { id, title: written.title.clone(), when, verdicts: written.verdicts.clone() });
    }
    invariants
}

/// Positions in a rule set are 16 bits wide.
fn check_sizes(reader: &mut Reader<'_>, file: &Document<RuleSetFile>, rules: usize) {
    let RuleSetFile { stages, parameters, interfaces, reasons, lists, .. } = &file.value;
    let sizes = [
        ("stages", rules.max(stages.len())),
        ("parameters", parameters.0.len()),
        ("interfaces", interfaces.0.len()),
        ("reasons", reasons.0.len()),
        ("lists", lists.0.len()),
    ];
    for (part, _) in sizes.into_iter().filter(|(_, size)| *size > usize::from(u16::MAX)) {
        let message = LocalText::new(format!("`{part}` holds more than 65,535 entries"), format!("`{part}` 超过 65,535 项"));
        reader.wrong(Finding::new(TOO_MANY, file.top().field(part).span(), message));
    }
}
