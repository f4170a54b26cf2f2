//! Canonical text: JSON by RFC 8785 (no blanks, members ordered by the UTF-16 code units of their names, shortest escapes), with whole
//! numbers as decimal strings, so that no reader rounds them.

use super::Node;

/// Prints a tree as canonical JSON.
pub(crate) fn print(node: &Node) -> String {
    let mut out = String::new();
    value(node, &mut out);
    out
}

fn value(node: &Node, out: &mut String) {
    match node {
        Node::Nothing => out.push_str("null"),
        Node::Bool(true) => out.push_str("true"),
        Node::Bool(false) => out.push_str("false"),
        Node::Int(number) => string(&number.to_string(), out),
        Node::Float(number) => out.push_str(&ecma_number(*number)),
        Node::Text(text) => string(text, out),
        Node::Word(word) => string(word, out),
        Node::Variant(name, content) => object(vec![(*name, content)], out),
        Node::List(items) => list(items, out),
        Node::Record(fields) => {
            let held = fields.iter().filter(|(_, field)| *field != Node::Nothing);
            object(held.map(|(name, field)| (*name, field)).collect(), out);
        }
        Node::Map(entries) => object(entries.iter().map(|(name, entry)| (name.as_str(), entry)).collect(), out),
    }
}

fn list(items: &[Node], out: &mut String) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        value(item, out);
    }
    out.push(']');
}

fn object<'a>(mut members: Vec<(&'a str, impl AsRef<Node> + 'a)>, out: &mut String) {
    members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    out.push('{');
    for (at, (name, member)) in members.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(name, out);
        out.push(':');
        value(member.as_ref(), out);
    }
    out.push('}');
}

impl AsRef<Self> for Node {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// A text in quotes; only what must be escaped is; everything between is copied at once.
fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        let (plain, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut chars = after.chars();
        if let Some(c) = chars.next() {
            escape(c, out);
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        c => out.extend(format!("\\u{:04x}", u32::from(c)).chars()),
    }
}

/// A finite number as ECMAScript prints it, which RFC 8785 asks for.
pub(crate) fn ecma_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    // The shortest digits that read back as the same number, as `d.ddde±x`.
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let digits = even_of_two(number.abs(), digits, exponent);
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{sign}{}", place_point(&digits, exponent + 1))
}

/// Where two texts of the shortest length are equally near to a number, ECMAScript takes the one whose last digit is even.
fn even_of_two(number: f64, digits: String, exponent: &str) -> String {
    // More digits than any number has: its exact value.
    let exact: String = format!("{number:.800e}").chars().filter(|c| *c != '.').collect();
    let Some((lower, rest)) = exact.split_at_checked(digits.len()) else { return digits };
    let half = rest.split_once('e').is_some_and(|(rest, same)| rest.trim_end_matches('0') == "5" && same == exponent);
    let Some((start, last @ b'0'..=b'9')) = lower.as_bytes().split_last().map(|(last, start)| (start, *last)) else {
        return digits;
    };
    if !half || last == b'9' {
        return digits;
    }
    let even = char::from(last + last % 2);
    let start = String::from_utf8_lossy(start);
    let text = format!("{start}{even}");
    let point = text.split_at_checked(1).map(|(first, rest)| format!("{first}.{rest}0e{exponent}"));
    if point.and_then(|text| text.parse::<f64>().ok()) == Some(number) { text } else { digits }
}

/// Puts the decimal point after `point` digits, with an exponent where ECMAScript has one.
fn place_point(digits: &str, point: i32) -> String {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if count <= point && point <= 21 {
        return format!("{digits}{}", zeros(point - count));
    }
    if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at_checked(usize::try_from(point).unwrap_or(0)).unwrap_or((digits, ""));
        return format!("{whole}.{fraction}");
    }
    if -6 < point && point <= 0 {
        return format!("0.{}{digits}", zeros(-point));
    }
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{first}{dot}{rest}e{}{}", if point > 0 { "+" } else { "-" }, (point - 1).abs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_print_as_the_standard_s_own_examples() {
        // RFC 8785, appendix B.
        let examples = [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ];
        for (bits, text) in examples {
            let number = f64::from_bits(bits);
            assert_eq!(ecma_number(number), text, "{bits:x}");
        }
    }

    #[test]
    fn names_are_ordered_by_utf16_as_in_the_standard_s_example() {
        // RFC 8785, 3.2.3: a smiley (a surrogate pair) sorts before U+FB33, though its code point is larger.
        let names = ["\u{20ac}", "\r", "\u{fb33}", "1", "\u{1f600}", "\u{80}", "\u{f6}"];
        let tree = Node::Map(names.iter().map(|name| ((*name).to_owned(), Node::Bool(true))).collect());
        let wanted =
            "{\"\\r\":true,\"1\":true,\"\u{80}\":true,\"\u{f6}\":true,\"\u{20ac}\":true,\"\u{1f600}\":true,\"\u{fb33}\":true}";
        assert_eq!(print(&tree), wanted);
    }

    fn text() -> impl Strategy<Value = String> {
        let odd =
            prop::sample::select(vec!['"', '\\', '\n', '\r', '\t', '\u{8}', '\u{c}', '\0', '\u{1f}', '\u{7f}', '名', '\u{1f600}']);
        prop::collection::vec(prop_oneof![odd, any::<char>()], 0..6).prop_map(String::from_iter)
    }

    fn tree() -> impl Strategy<Value = Node> {
        let finite = any::<f64>().prop_filter("finite", |number| number.is_finite());
        let leaf = prop_oneof![
            Just(Node::Nothing),
            any::<bool>().prop_map(Node::Bool),
            any::<i64>().prop_map(|number| Node::Int(number.into())),
            finite.prop_map(Node::Float),
            text().prop_map(Node::Text),
            Just(Node::Word("Active")),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            let map = prop::collection::hash_map(text(), inner.clone(), 0..5);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Node::List),
                map.prop_map(|entries| Node::Map(entries.into_iter().collect())),
                inner.prop_map(|content| Node::Variant("Screen", Box::new(content))),
            ]
        })
    }

    /// What another reader of JSON makes of a tree: numbers as it should see them, names in no particular order.
    fn as_json(node: &Node) -> serde_json::Value {
        use serde_json::Value;
        match node {
            Node::Nothing => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Int(number) => Value::String(number.to_string()),
            Node::Float(number) => serde_json::json!(number),
            Node::Text(text) => Value::String(text.clone()),
            Node::Word(word) => Value::String((*word).to_owned()),
            Node::Variant(name, content) => serde_json::json!({ *name: as_json(content) }),
            Node::List(items) => Value::Array(items.iter().map(as_json).collect()),
            Node::Record(fields) => fields.iter().map(|(name, field)| ((*name).to_owned(), as_json(field))).collect(),
            Node::Map(entries) => entries.iter().map(|(name, entry)| (name.clone(), as_json(entry))).collect(),
        }
    }

    fn without_fractions(node: Node) -> Node {
        match node {
            Node::Float(number) => Node::Bool(number > 0.0),
            Node::List(items) => Node::List(items.into_iter().map(without_fractions).collect()),
            Node::Map(entries) => Node::Map(entries.into_iter().map(|(name, entry)| (name, without_fractions(entry))).collect()),
            Node::Variant(name, content) => Node::Variant(name, Box::new(without_fractions(*content))),
            other => other,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn canonical_text_is_what_another_printer_of_rfc_8785_makes(tree in tree()) {
            prop_assert_eq!(print(&tree), serde_json_canonicalizer::to_string(&as_json(&tree)).unwrap());
        }

        #[test]
        fn canonical_text_reads_back_as_the_same_values(tree in tree()) {
            // The other reader rounds some fractions by a hair, so there are none here.
            let tree = without_fractions(tree);
            let read: serde_json::Value = serde_json::from_str(&print(&tree)).unwrap();
            prop_assert_eq!(read, as_json(&tree));
        }

        #[test]
        fn a_number_s_text_reads_back_as_the_same_number(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
            // Zero loses its sign, as the standard wants.
            prop_assert_eq!(ecma_number(number).parse::<f64>().unwrap().to_bits(), (number + 0.0).to_bits());
        }
    }
}
