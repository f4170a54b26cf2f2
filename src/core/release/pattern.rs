//! Patterns for names as OpenSSH has them: `*` for any run of characters, `?` for one, `!` before a pattern to rule it out.

/// Whether `name` matches a list of patterns: at least one matches, and none that begins with `!` does.
pub(super) fn matches_any<'a>(name: &str, patterns: impl IntoIterator<Item = &'a str>) -> bool {
    let mut matched = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(barred) if matches(name, barred) => return false,
            Some(_) => {}
            None => matched |= matches(name, pattern),
        }
    }
    matched
}

/// Whether a whole name matches one pattern. Time grows with the product of the lengths at worst, never faster.
pub(super) fn matches(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) = (name.chars().collect(), pattern.chars().collect());
    let (mut at, mut wanted) = (0, 0);
    // The position of the last star, and how much of the name it has matched.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(at) {
        match pattern.get(wanted) {
            Some('*') => {
                star = Some((wanted, at));
                wanted += 1;
            }
            Some(one) if *one == '?' || one == letter => (at, wanted) = (at + 1, wanted + 1),
            _ => {
                let Some((position, taken)) = star else { return false };
                star = Some((position, taken + 1));
                (at, wanted) = (taken + 1, position + 1);
            }
        }
    }
    pattern.get(wanted..).unwrap_or_default().iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_what_openssh_says() {
        for (name, pattern) in
            [("", ""), ("", "*"), ("a", "?"), ("li.na@bank", "*@bank"), ("li.na@bank", "l*n*@b?nk"), ("aab", "*ab"), ("名", "?")]
        {
            assert!(matches(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [("a", ""), ("", "?"), ("ab", "?"), ("li.na@bank.example", "*@bank"), ("A", "a"), ("ab", "a?b")] {
            assert!(!matches(name, pattern), "{name} {pattern}");
        }
        assert!(!matches(&"a".repeat(2_000), &format!("{}b", "*a".repeat(500))), "does not take for ever");
    }

    #[test]
    fn a_pattern_that_is_ruled_out_wins() {
        assert!(matches_any("a@x", ["*@x", "!b@x"]));
        assert!(!matches_any("b@x", ["*@x", "!b@x"]));
        assert!(!matches_any("b@x", ["!b@x", "*@x"]));
        assert!(!matches_any("b@x", ["!a@x"]), "ruling out alone lets nobody in");
    }
}
