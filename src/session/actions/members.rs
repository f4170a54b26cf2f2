//! Names that scripts reach through a dot, such as `params.max_cards` and `lists.blocked_ids`: who says them, and saying another.

use std::sync::Arc;

use countersign_core::model::{Definition, FieldName, RuleSet, Script};
use countersign_core::script::uses::{self, members};
use countersign_core::text::LocalText;

/// Every script of a rule set, with what it belongs to.
pub(super) fn scripts(rules: &RuleSet) -> impl Iterator<Item = (&str, &Script)> {
    let of_rules = rules.rules().map(|(.., rule)| (rule.id.as_str(), &rule.script));
    let of_invariants = rules.invariants.iter().map(|invariant| (invariant.id.as_str(), &invariant.when));
    of_rules.chain(of_invariants).chain(rules.shared.iter().map(|shared| (shared.file.as_str(), shared)))
}

/// Refuses to remove what a script still says.
pub(super) fn refuse_used(rules: &RuleSet, group: &str, name: &str) -> Result<(), LocalText> {
    let users: Vec<&str> =
        scripts(rules).filter(|(_, script)| !members(&script.text, group, name).is_empty()).map(|(user, _)| user).collect();
    if users.is_empty() {
        return Ok(());
    }
    let (users, name) = (users.join("`, `"), FieldName::full(group, name));
    Err(LocalText::new(
        format!("`{name}` is still used by `{users}`: change that first"),
        format!("`{name}` 仍被 `{users}` 使用，请先修改"),
    ))
}

/// Says another group and name in every script.
pub(super) fn rename(definition: &mut Definition, from: (&str, &str), to: (&str, &str)) {
    rewrite(definition, |text| renamed(text, from, to));
}

/// A script that says another group and name.
pub(super) fn renamed(text: &str, from: (&str, &str), to: (&str, &str)) -> String {
    let mut new = text.to_owned();
    for place in members(text, from.0, from.1).into_iter().rev() {
        // What is between the words stays where only the last changes.
        let place = if from.0 == to.0 { place.end - from.1.len()..place.end } else { place };
        let name = if from.0 == to.0 { to.1.to_owned() } else { FieldName::full(to.0, to.1) };
        new.replace_range(place, &name);
    }
    new
}

/// Gives another reason in every script: the text that is where an outcome takes one.
pub(super) fn rename_reason(definition: &mut Definition, from: &str, to: &str) {
    rewrite(definition, |text| {
        let mut new = text.to_owned();
        for place in uses::reasons(text, from).into_iter().rev() {
            new.replace_range(place, to);
        }
        new
    });
}

/// The scripts that give a reason, by what they belong to.
pub(super) fn givers<'a>(rules: &'a RuleSet, code: &str) -> Vec<&'a str> {
    scripts(rules).filter(|(_, script)| !uses::reasons(&script.text, code).is_empty()).map(|(user, _)| user).collect()
}

/// Changes the texts of scripts, with their sources.
pub(super) fn rewrite(definition: &mut Definition, change: impl Fn(&str) -> String) {
    let Definition { rule_set, sources, .. } = definition;
    let of_rules = rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules).map(|rule| &mut rule.script);
    let of_invariants = rule_set.invariants.iter_mut().map(|invariant| &mut invariant.when);
    for script in of_rules.chain(of_invariants).chain(&mut rule_set.shared) {
        let text = change(&script.text);
        if text == *script.text {
            continue;
        }
        script.text = Arc::from(text);
        let name = sources.get(script.source).map_or_else(|| script.file.clone(), |source| source.name().to_owned());
        sources.replace(script.source, name, Arc::clone(&script.text));
    }
}
