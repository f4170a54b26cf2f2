//! Where scripts name an interface: what `route` is given, and what is compared with a parameter or field of interfaces. By tokens alone:
//! also in a text that is not right yet.

use std::ops::Range;

use super::functions::{self, Takes};
use super::highlight::{Class, pieces};

/// What a script names: `request.interface`, with the words and the dots between them as tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteMember {
    tokens: Vec<String>,
}

impl RouteMember {
    /// The field or parameter `group.name`; groups may be in groups, or there is none.
    #[must_use]
    pub fn new(group: &str, name: &str) -> Self {
        let groups = group.split('.').filter(|word| !word.is_empty()).flat_map(|word| [word, "."]);
        Self { tokens: groups.chain([name]).map(str::to_owned).collect() }
    }
}

/// The tokens of a script but for its comments.
struct RouteTokens<'a> {
    all: Vec<(&'a str, Class, Range<usize>)>,
    members: &'a [RouteMember],
}

impl<'a> RouteTokens<'a> {
    fn of(text: &'a str, members: &'a [RouteMember]) -> Self {
        let pieces = pieces(text).into_iter().filter(|piece| piece.class != Class::Comment);
        let all = pieces.map(|piece| (text.get(piece.range.clone()).unwrap_or_default(), piece.class, piece.range)).collect();
        Self { all, members }
    }

    fn word(&self, at: Option<usize>) -> &'a str {
        at.and_then(|at| self.all.get(at)).map_or("", |(word, ..)| word)
    }

    /// Whether a member begins there.
    fn is_member(&self, at: Option<usize>) -> bool {
        at.is_some_and(|at| self.members.iter().any(|member| self.says(member, at)))
    }

    /// Whether a member's tokens begin there.
    fn says(&self, member: &RouteMember, at: usize) -> bool {
        let is_begun = matches!(self.word(at.checked_sub(1)), "." | "?.");
        !is_begun && (at..).zip(&member.tokens).all(|(at, token)| self.word(Some(at)) == token)
    }

    /// Where the member begins that ends right before a token.
    fn member_before(&self, at: Option<usize>) -> Option<usize> {
        let start = |member: &RouteMember| at?.checked_sub(member.tokens.len()).filter(|start| self.says(member, *start));
        self.members.iter().find_map(start)
    }

    /// Whether a member ends right before a token.
    fn follows_member(&self, at: Option<usize>) -> bool {
        self.member_before(at).is_some()
    }

    /// Whether the text at a token is compared with a member: by a sign, in a list, or as a label of a switch.
    fn is_compared(&self, at: usize) -> bool {
        let is_sign = |word: &str| matches!(word, "==" | "!=");
        let before = at.checked_sub(1);
        if is_sign(self.word(before)) && self.follows_member(before)
            || is_sign(self.word(at.checked_add(1))) && self.is_member(at.checked_add(2))
        {
            return true;
        }
        let is_listed = |at: &usize| self.all.get(*at).is_some_and(|(word, class, _)| *word == "," || *class == Class::Text);
        let opening = (0..at).rev().find(|at| !is_listed(at)).filter(|at| self.word(Some(*at)) == "[");
        let word = opening.and_then(|at| at.checked_sub(1));
        self.word(word) == "in" && self.follows_member(word) || self.is_label(at)
    }

    /// Whether it is a label of `switch MEMBER { … }`.
    fn is_label(&self, at: usize) -> bool {
        if !matches!(self.word(at.checked_add(1)), "=>" | "|" | "if") {
            return false;
        }
        let mut depth = 0_usize;
        for at in (0..at).rev() {
            match self.word(Some(at)) {
                "}" => depth += 1,
                "{" if depth > 0 => depth -= 1,
                "{" => return self.word(self.member_before(Some(at)).and_then(|start| start.checked_sub(1))) == "switch",
                _ => {}
            }
        }
        false
    }
}

/// Where a text names an interface: the bytes inside the quotes. `members` are the fields and parameters that hold interfaces.
#[must_use]
pub fn places(text: &str, members: &[RouteMember], id: &str) -> Vec<Range<usize>> {
    let (quoted, tokens) = (format!("\"{id}\""), RouteTokens::of(text, members));
    let mut found = Vec::new();
    // How deep the brackets of the call are that takes an interface.
    let (mut depth, mut is_named) = (0_usize, false);
    for (at, (word, class, range)) in tokens.all.iter().enumerate() {
        match (class, *word) {
            (Class::Bracket, "(") if depth > 0 || is_named => depth += 1,
            (Class::Bracket, ")") => depth = depth.saturating_sub(1),
            (Class::Text, word) if word == quoted && (depth > 0 || tokens.is_compared(at)) => {
                found.push(range.start + 1..range.end - 1);
            }
            _ => {}
        }
        is_named = *class == Class::Call && takes_interface(word);
    }
    found
}

fn takes_interface(call: &str) -> bool {
    functions::forms(call).any(|function| function.takes(Takes::Interface))
}

/// The text with one interface replaced by another.
#[must_use]
pub fn renamed(text: &str, members: &[RouteMember], from: &str, to: &str) -> String {
    let mut new = text.to_owned();
    for place in places(text, members, from).into_iter().rev() {
        new.replace_range(place, to);
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_what_route_is_given_or_what_is_compared_with_one() {
        let members = [
            RouteMember::new("request", "interface"),
            RouteMember::new("params", "open"),
            RouteMember::new("a.b", "c"),
            RouteMember::new("", "via"),
        ];
        for (text, renamed_to) in [
            ("route(\"a\") // route(\"a\")", "route(\"b\") // route(\"a\")"),
            ("route(if x { \"a\" } else { \"c\" })", "route(if x { \"b\" } else { \"c\" })"),
            ("request.interface == \"a\" && \"a\" != params . open", "request.interface == \"b\" && \"b\" != params . open"),
            ("request.interface in [\"c\", \"a\"]", "request.interface in [\"c\", \"b\"]"),
            (
                "switch request.interface { \"c\" => { f(1) }, \"a\" | \"d\" => g(), _ => () }",
                "switch request.interface { \"c\" => { f(1) }, \"b\" | \"d\" => g(), _ => () }",
            ),
            (
                "customer.province == \"a\" || customer.province in [\"a\"]",
                "customer.province == \"a\" || customer.province in [\"a\"]",
            ),
            ("switch customer.kind { \"a\" => route(\"ab\") }", "switch customer.kind { \"a\" => route(\"ab\") }"),
            ("a.b.c == \"a\" && via in [\"a\"] && x.via == \"a\"", "a.b.c == \"b\" && via in [\"b\"] && x.via == \"a\""),
            ("switch via { \"a\" => 1 }", "switch via { \"b\" => 1 }"),
            ("let x = \"a\"; decline(\"a\")", "let x = \"a\"; decline(\"a\")"),
        ] {
            assert_eq!(renamed(text, &members, "a", "b"), renamed_to);
        }
    }
}
