//! Names that scripts reach through a dot, such as `params.max_cards` and `lists.blocked_ids`: who says them, and saying another.

use std::ops::Range;
use std::sync::Arc;

use crate::model::{Definition, RuleSet, Script};
use crate::script::highlight::{Class, pieces};
use crate::text::LocalText;

/// Every script of a rule set, with what it belongs to.
fn scripts(rules: &RuleSet) -> impl Iterator<Item = (&str, &Script)> {
    let of_rules = rules.rules().map(|(.., rule)| (rule.id.as_str(), &rule.script));
    let of_invariants = rules.invariants.iter().map(|invariant| (invariant.id.as_str(), &invariant.when));
    of_rules.chain(of_invariants).chain(rules.shared.iter().map(|shared| (shared.file.as_str(), shared)))
}

/// Where a text says `group.name`: the bytes of the name.
fn places(text: &str, group: &str, name: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let all: Vec<_> = pieces(text).into_iter().filter(|piece| piece.class != Class::Comment).collect();
    for three in all.windows(3) {
        if let [first, dot, last] = three
            && text.get(first.range.clone()) == Some(group)
            && text.get(dot.range.clone()) == Some(".")
            && text.get(last.range.clone()) == Some(name)
        {
            found.push(last.range.clone());
        }
    }
    found
}

/// Refuses to remove what a script still says.
pub(super) fn refuse_used(rules: &RuleSet, group: &str, name: &str) -> Result<(), LocalText> {
    let users: Vec<&str> =
        scripts(rules).filter(|(_, script)| !places(&script.text, group, name).is_empty()).map(|(user, _)| user).collect();
    if users.is_empty() {
        return Ok(());
    }
    let users = users.join("`, `");
    Err(LocalText::new(
        format!("`{group}.{name}` is still used by `{users}`: change that first"),
        format!("`{group}.{name}` 仍被 `{users}` 使用，请先修改"),
    ))
}

/// Says another name in every script.
pub(super) fn rename(definition: &mut Definition, group: &str, from: &str, to: &str) {
    let Definition { rule_set, sources, .. } = definition;
    let of_rules = rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules).map(|rule| &mut rule.script);
    let of_invariants = rule_set.invariants.iter_mut().map(|invariant| &mut invariant.when);
    for script in of_rules.chain(of_invariants).chain(&mut rule_set.shared) {
        let places = places(&script.text, group, from);
        if places.is_empty() {
            continue;
        }
        let mut text = script.text.to_string();
        for place in places.into_iter().rev() {
            text.replace_range(place, to);
        }
        script.text = Arc::from(text);
        let name = sources.get(script.source).map_or_else(|| script.file.clone(), |source| source.name().to_owned());
        sources.replace(script.source, name, Arc::clone(&script.text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_after_its_group_is_meant() {
        let text = "// params.a\nif params.a > 1 && lists.a == params . a && x.params.ab == \"params.a\" { }";
        let found: Vec<_> = places(text, "params", "a").into_iter().map(|place| place.start).collect();
        assert_eq!(found, [22, 51]);
    }
}
