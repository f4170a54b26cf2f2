//! Where a script names things of the rule set, by its tokens alone: also in a text that is not right yet.

use std::ops::Range;

use super::functions::{self, Takes};
use super::highlight::{Class, Piece, pieces};

/// Where a text says `group.name`: the bytes of the name.
#[must_use]
pub fn members(text: &str, group: &str, name: &str) -> Vec<Range<usize>> {
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
    let takes = |function: &&functions::Function| function.parameters.iter().any(|(_, takes)| *takes == Takes::Reason);
    piece.class == Class::Call && functions::ALL.iter().filter(takes).any(|function| function.name == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_after_its_group_is_meant() {
        let text = "// params.a\nif params.a > 1 && lists.a == params . a && x.params.ab == \"params.a\" { }";
        let found: Vec<_> = members(text, "params", "a").into_iter().map(|place| place.start).collect();
        assert_eq!(found, [22, 51]);
    }

    #[test]
    fn a_reason_is_only_what_an_outcome_takes() {
        let text = "// decline(\"A\")\nif x == \"A\" { score(f(1), \"A\") } else if y { refer(\"AB\") } else { decline( \"A\" ) }";
        let found: Vec<_> = reasons(text, "A").into_iter().map(|place| &text[place.start - 1..=place.end]).collect();
        assert_eq!(found, ["\"A\"", "\"A\""]);
        assert!(reasons(text, "A").iter().all(|place| place.start > text.find("score").unwrap()));
    }
}
