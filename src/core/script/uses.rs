//! Where a script names things of the rule set, by its tokens alone: also in a text that is not right yet.

use std::ops::Range;

use super::functions::{self, Takes};
use super::highlight::{Class, Piece, pieces};

/// Where a text names `group.name`, or `name` in no group: the bytes from the first word to the last. Groups may be in groups:
/// `customer.address`.
#[must_use]
pub fn members(text: &str, group: &str, name: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let all: Vec<_> = pieces(text).into_iter().filter(|piece| piece.class != Class::Comment).collect();
    let words: Vec<&str> = group.split('.').filter(|word| !word.is_empty()).chain([name]).collect();
    let word = |at: usize| all.get(at).and_then(|piece| text.get(piece.range.clone())).unwrap_or_default();
    for at in 0..all.len() {
        // A key in a map that is written out is no field.
        let is_begun = at.checked_sub(1).is_some_and(|before| matches!(word(before), "." | "?.")) || word(at + 1) == ":";
        let mut pairs = words.iter().enumerate();
        let is_name = pairs.all(|(step, wanted)| word(at + 2 * step) == *wanted && (step == 0 || word(at + 2 * step - 1) == "."));
        let (first, last) = (all.get(at), all.get(at + 2 * (words.len() - 1)));
        if let (true, false, Some(first), Some(last)) = (is_name, is_begun, first, last) {
            found.push(first.range.start..last.range.end);
        }
    }
    found
}

/// Where a text gives a reason: the bytes of its code, inside the quotes, among the arguments of an outcome.
#[must_use]
pub fn reasons(text: &str, code: &str) -> Vec<Range<usize>> {
    let quoted = format!("\"{code}\"");
    let mut found = Vec::new();
    // How deep the brackets of the outcome are that is being given.
    let (mut depth, mut is_named) = (0_u32, false);
    for piece in pieces(text).iter().filter(|piece| piece.class != Class::Comment) {
        let word = text.get(piece.range.clone()).unwrap_or_default();
        match (piece.class, word) {
            (Class::Bracket, "(") if depth > 0 || is_named => depth += 1,
            (Class::Bracket, ")") => depth = depth.saturating_sub(1),
            (Class::Text, word) if depth > 0 && word == quoted => found.push(piece.range.start + 1..piece.range.end - 1),
            _ => {}
        }
        is_named = takes_reason(word, piece);
    }
    found
}

fn takes_reason(word: &str, piece: &Piece) -> bool {
    piece.class == Class::Call && functions::forms(word).any(|function| function.takes(Takes::Reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_after_its_group_is_meant() {
        let text = "// params.a\nif params.a > 1 && lists.a == params . a && x.params.ab == \"params.a\" { }";
        let found: Vec<_> = members(text, "params", "a").into_iter().map(|place| place.start).collect();
        assert_eq!(found, [15, 42]);
        let text = "customer.address.city == city && #{ city: 1 } && x.city && customer.city";
        let found = |group, name| members(text, group, name).into_iter().map(|place| &text[place]).collect::<Vec<_>>();
        assert_eq!(found("customer.address", "city"), ["customer.address.city"]);
        assert_eq!(found("", "city"), ["city"]);
        assert_eq!(found("customer", "city"), ["customer.city"]);
    }

    #[test]
    fn a_reason_is_only_what_an_outcome_takes() {
        let text = "// decline(\"A\")\nif x == \"A\" { score(f(1), \"A\") } else if y { refer(\"AB\") } else { decline( \"A\" ) }";
        let found: Vec<_> = reasons(text, "A").into_iter().map(|place| &text[place.start - 1..=place.end]).collect();
        assert_eq!(found, ["\"A\"", "\"A\""]);
        assert!(reasons(text, "A").iter().all(|place| place.start > text.find("score").unwrap()));
    }
}
