//! Findings about scripts that cannot be read, with their places.

use super::support::{compile, definition};
use crate::script::Program;
use crate::script::kinds::RESERVED_NAME;

/// The id, the text under the finding, and its English message and help.
fn said(script: &str) -> (String, String, String, String) {
    let compiled = compile(script);
    let [finding] = compiled.findings.as_slice() else { panic!("{script}: {:?}", compiled.findings) };
    let under = script.get(finding.span.unwrap().range()).unwrap().to_owned();
    let help = finding.help.as_ref().map(crate::diagnostic::Help::on_command_line).unwrap_or_default();
    assert!(!finding.message.zh.is_empty() && finding.message.zh != finding.message.en, "{script}");
    assert_eq!(help.en.is_empty(), help.zh.is_empty(), "{script}");
    (finding.id().to_owned(), under, finding.message.en.clone(), help.en)
}

#[test]
fn slips_are_found_in_their_place_with_their_remedy() {
    let cases = [
        ("if customer.cards = 3 { decline(\"AGE\") }", "assignment-in-condition", "=", "write `==` to compare"),
        ("if customer.cards == 3 and true { 1 }", "syntax-error", "and", "write `&&`"),
        ("if customer.cards == 3 or true { 1 }", "syntax-error", "or", "write `||`"),
        ("if not customer.vip { 1 }", "syntax-error", "customer", "write `!`"),
        ("if customer.age == null { 1 }", "syntax-error", "null", "write `()`"),
        ("if customer.cards === 3 { 1 }", "syntax-error", "===", "write `==`"),
        ("if customer.cards <> 3 { 1 }", "syntax-error", ">", "write `!=`"),
        ("if true { 1 } elif true { 2 }", "syntax-error", "true", "write `else if`"),
        ("let x = 1\nlet y = 2;", "syntax-error", "let", "end the statement before with `;`, or join the two with an operator"),
        ("if customer.cards > 3 & true { 1 }", "forbidden-construct", "&", "write `&&`"),
        ("let f = |x| x;", "syntax-error", "|", "write `||`"),
        ("fn f() { 1 }", "forbidden-construct", "fn", "functions stand in the shared script, at its top level"),
        ("if customer?.age == () { 1 }", "forbidden-construct", "?.", "a group is always there: write `.`"),
        (
            "try { 1 } catch { 2 }",
            "forbidden-construct",
            "try",
            "rules are pure: a request in, an outcome out; this is not available",
        ),
        ("if (customer.cards > 3 { 1 }", "syntax-error", "(", "write the bracket that is missing, or take this one away"),
        ("if customer.cards > 3 {", "syntax-error", "{", "write the bracket that is missing, or take this one away"),
        ("decline(“AGE”)", "syntax-error", "“", "write the ASCII character `\"`"),
        (
            "if 客户.age > 3 { 1 }",
            "syntax-error",
            "客",
            "names are of the letters a to z, digits and `_`; put other text in double quotes",
        ),
        ("let x = 1; let x = 2;", "syntax-error", "x", "choose another name: a variable may not hide an earlier one"),
        ("decline('AGE')", "syntax-error", "'AGE'", "write texts in double quotes: `\"SIGN\"`"),
        ("1 + 1 +", "syntax-error", "+", ""),
    ];
    for (script, id, under, help) in cases {
        let (found, place, _, said) = said(script);
        assert_eq!((found.as_str(), place.as_str(), said.as_str()), (id, under, help), "{script}");
    }
}

#[test]
fn every_message_of_the_parser_is_framed_in_both_languages() {
    let (_, _, message, _) = said("let x = 1\nlet y = 2;");
    assert_eq!(message, "cannot be read: expecting `;` to end the statement before");
}

#[test]
fn a_rule_that_does_not_parse_fails_with_its_place_and_the_others_run() {
    let definition = definition(&["if true {\n  decline(\"AGE\"\n}", "decline(\"AGE\")"], "");
    let compiled = Program::compile(&definition);
    let row = crate::script::Row::new(&compiled.program, &super::support::request());
    let error = compiled.program.run(crate::model::RuleIndex(0), &row).unwrap_err();
    assert_eq!(error.to_string(), "rule `r0`: the script cannot be run: `}` without its partner (r0.rhai:3:1)");
    assert!(compiled.program.run(crate::model::RuleIndex(1), &row).is_ok());
    assert!(compiled.program.tree(crate::model::RuleIndex(0)).is_none());
}

#[test]
fn names_the_language_keeps_are_reported_where_they_are_given() {
    let mut definition = definition(&["decline(\"AGE\")"], "");
    let mut rename = |from: &str, to: &str| {
        let group = definition.schema.groups.shift_remove(from).unwrap();
        definition.schema.groups.insert(to.to_owned(), group);
    };
    rename("money", "match");
    rename("customer", "params");
    let fields = &mut definition.schema.groups.get_mut("request").unwrap().fields;
    let field = fields["id"].clone();
    for name in ["new", "default", "if", "eval", "fine"] {
        fields.insert(name.to_owned(), field.clone());
    }
    let parameter = definition.rule_set.parameters[0].clone();
    definition.rule_set.parameters.insert(crate::model::ParameterId::new("static").unwrap(), parameter);
    let compiled = Program::compile(&definition);
    let reserved = compiled.findings.iter().filter(|finding| finding.kind == RESERVED_NAME);
    let said: Vec<&str> = reserved.map(|finding| finding.message.en.split('`').nth(1).unwrap()).collect();
    assert_eq!(said, ["match", "params", "new", "default", "if", "eval", "static"]);
}

#[test]
fn the_shared_script_holds_functions_with_names_of_their_own() {
    let findings = |shared: &str| -> Vec<(&'static str, String)> {
        let definition = definition(&["decline(\"AGE\")"], shared);
        let source = definition.rule_set.shared.as_ref().unwrap().source;
        let compiled = Program::compile(&definition);
        let under = |span| definition.sources.get(source).unwrap().slice(span).to_owned();
        compiled.findings.iter().map(|finding| (finding.id(), under(finding.span.unwrap()))).collect()
    };
    assert_eq!(findings("fn a(x) { x }\nfn b() { a(1) }"), []);
    assert_eq!(findings("fn a(x) { x }\nlet y = 1;"), [("forbidden-construct", "let".to_owned())]);
    assert_eq!(findings("fn decline(x) { x }"), [("reserved-name", "decline".to_owned())]);
    assert_eq!(findings("fn a(x) { x }\nfn a(y) { y }"), [("syntax-error", "fn".to_owned())]);
    assert_eq!(findings("fn a() { b; }"), []);
}

#[test]
fn no_text_makes_the_compiler_panic_or_hang() {
    let words = [
        "if",
        "else",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "#{",
        "customer",
        ".",
        "age",
        "params",
        "max_cards",
        "==",
        "!=",
        "&&",
        "||",
        "!",
        "??",
        "-",
        "+",
        "1",
        "2.5",
        "\"x\"",
        "()",
        "let",
        "x",
        "=",
        ";",
        "switch",
        "=>",
        "_",
        ",",
        "|",
        "in",
        "!in",
        "..",
        "..=",
        "for",
        "while",
        "loop",
        "break",
        "continue",
        "return",
        "decline",
        "limit",
        "single",
        ":",
        "do",
        "until",
        "const",
        "f",
        "lists",
        "blocked",
        "\n",
        "true",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..300 {
        let count = 1 + next(24);
        let soup: Vec<&str> = (0..count).map(|_| words[next(words.len())]).collect();
        drop(compile(&soup.join(" ")));
        let bytes: Vec<u8> = (0..count).map(|_| u8::try_from(next(256)).unwrap()).collect();
        drop(compile(&String::from_utf8_lossy(&bytes)));
    }
}
