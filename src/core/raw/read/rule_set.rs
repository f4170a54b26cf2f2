//! The rule set: everything but the stages, and what one part says of another.

use std::hash::Hash;

use indexmap::IndexMap;

use super::common::{SeenIds, id, unknown};
use super::{RawPlace, RawSource, parameters, stages};
use crate::check::kinds::{MILD_ON_ERROR, UNKNOWN_REASON, WRONG_VALUE};
use crate::diagnostic::Finding;
use crate::model::{IdError, InterfaceId, Invariant, List, ListId, OnError, Reason, ReasonId, RuleId, RuleSet, Verdict, Zone};
use crate::raw::kinds::TOO_MANY;
use crate::raw::{InvariantFile, OnErrorFile, RawEntries, RawForm, RuleSetFile};
use crate::text::LocalText;

/// The rule set; `None` only with findings. `zone` is that of times of parameters.
pub fn rule_set<S: RawSource>(source: &mut S, written: &RuleSetFile<S::Form>, top: &impl RawPlace, zone: Zone) -> Option<RuleSet> {
    let before = source.finding_count();
    let reasons = entries(source, &written.reasons, &top.field("reasons"), ("reason", "原因码"), ReasonId::try_from);
    let interfaces = entries(source, &written.interfaces, &top.field("interfaces"), ("interface", "接口"), InterfaceId::try_from);
    let on_error = on_error(source, &written.on_error, &top.field("on_error"), &reasons);
    let parameters = parameters::convert(source, &written.parameters, &top.field("parameters"), zone);
    let lists = lists(source, &written.lists, &top.field("lists"));
    let stages = stages::convert(source, &written.stages, &top.field("stages"), &interfaces);
    let invariants = invariants(source, &written.invariants, &top.field("invariants"));
    let shared = written.shared.as_ref().map(|script| source.script(script, &top.field("shared")));
    check_sizes(source, written, top, stages.iter().map(|stage| stage.rules.len()).sum());
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
    (source.finding_count() == before).then_some(rule_set)
}

/// Entries that are in the model as they are written.
fn entries<S: RawSource, K: Hash + Eq, V: Clone>(
    source: &mut S,
    written: &RawEntries<V, S::Form>,
    at: &impl RawPlace,
    what: (&str, &str),
    make_id: fn(String) -> Result<K, IdError>,
) -> IndexMap<K, V> {
    let mut seen = SeenIds::default();
    let mut entries = IndexMap::new();
    for (position, (name, value)) in written.0.iter().enumerate() {
        let key = at.key(position, name);
        let made = id(source, make_id(name.clone()), key);
        if let (true, Some(id)) = (seen.note(source, what, name, key), made) {
            entries.insert(id, value.clone());
        }
    }
    entries
}

fn lists<S: RawSource>(
    source: &mut S,
    written: &RawEntries<<S::Form as RawForm>::List, S::Form>,
    at: &impl RawPlace,
) -> IndexMap<ListId, List> {
    let mut seen = SeenIds::default();
    let mut lists = IndexMap::new();
    for (position, (name, list)) in written.0.iter().enumerate() {
        let key = at.key(position, name);
        let made = id(source, ListId::new(name), key);
        let is_new = seen.note(source, ("list", "名单"), name, key);
        let list = source.list(name, list, &at.entry(position, name));
        if let (Some(id), Some(list), true) = (made, list, is_new) {
            lists.insert(id, list);
        }
    }
    lists
}

fn on_error<S: RawSource>(
    source: &mut S,
    written: &OnErrorFile,
    at: &impl RawPlace,
    reasons: &IndexMap<ReasonId, Reason>,
) -> Option<OnError> {
    if written.verdict < Verdict::Refer {
        let word = format!("{:?}", written.verdict);
        let message = LocalText::new(
            format!("a rule that fails would let requests through with `{word}`"),
            format!("规则出错时若取 `{word}` 会放行请求"),
        );
        let help = LocalText::new("write `Refer` or `Decline`", "请写 `Refer` 或 `Decline`");
        source.wrong(Finding::new(MILD_ON_ERROR, at.field("verdict").span(), message).with_help(help));
    }
    let span = at.field("reason").span();
    let reason = id(source, ReasonId::new(&written.reason), span)?;
    if !reasons.contains_key(&reason) {
        let known = reasons.keys().map(ReasonId::as_str);
        unknown(source, UNKNOWN_REASON, ("reason", "原因码"), reason.as_str(), span, known);
    }
    Some(OnError { verdict: written.verdict, reason })
}

fn invariants<S: RawSource>(source: &mut S, written: &[InvariantFile<S::Form>], at: &impl RawPlace) -> Vec<Invariant> {
    let mut seen = SeenIds::default();
    let mut invariants = Vec::new();
    for (position, written) in written.iter().enumerate() {
        let here = at.entry(position, &written.id);
        let span = here.field("id").span();
        let made = id(source, RuleId::new(&written.id), span);
        let is_new = seen.note(source, ("invariant", "不变式"), &written.id, span);
        if written.verdicts.is_empty() {
            let message = LocalText::new("an invariant must allow at least one verdict", "不变式至少要允许一种结论");
            let help = LocalText::new("write for example `verdicts: [Accept]`", "例如写成 `verdicts: [Accept]`");
            source.wrong(Finding::new(WRONG_VALUE, here.field("verdicts").span(), message).with_help(help));
        }
        let (Some(id), true) = (made, is_new) else { continue };
        let when = source.condition(&id, &written.when);
        invariants.push(Invariant { id, title: written.title.clone(), when, verdicts: written.verdicts.clone() });
    }
    invariants
}

/// Positions in a rule set are 16 bits wide.
fn check_sizes<S: RawSource>(source: &mut S, written: &RuleSetFile<S::Form>, top: &impl RawPlace, rules: usize) {
    let RuleSetFile { stages, parameters, interfaces, reasons, lists, .. } = written;
    let sizes = [
        ("stages", rules.max(stages.len())),
        ("parameters", parameters.0.len()),
        ("interfaces", interfaces.0.len()),
        ("reasons", reasons.0.len()),
        ("lists", lists.0.len()),
    ];
    for (part, _) in sizes.into_iter().filter(|(_, size)| *size > usize::from(u16::MAX)) {
        let message = LocalText::new(format!("`{part}` holds more than 65,535 entries"), format!("`{part}` 超过 65,535 项"));
        source.wrong(Finding::new(TOO_MANY, top.field(part).span(), message));
    }
}
