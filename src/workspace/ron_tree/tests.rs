//! The tree against the `ron` crate: both see the same parts in the same text, or both refuse it.

use proptest::prelude::*;
use ron::Value;

use super::{NodeKind, RonMember, RonNode, edit, from_value, parse, print, same};
use countersign_core::release::node::Node as File;

const FIELDS: [&str; 7] = ["f", "fa", "fa_1", "f_", "fb", "fkind", "fz9"];

/// Trees of values as our files hold them.
fn nodes() -> impl Strategy<Value = RonNode> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(|number| File::Int(number.into())),
        (-1.0e9..1.0e9_f64).prop_map(File::Float),
        "[ -~\n\t中文\u{200b}\u{85}]{0,8}".prop_map(File::Text),
        any::<bool>().prop_map(File::Bool),
        Just(File::Word("None")),
    ];
    let values = leaf.prop_recursive(4, 40, 5, |inner| {
        let fields = prop::sample::subsequence(&FIELDS[..], 1..5);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(File::List),
            prop::collection::btree_map("[a-z.]{0,4}", prop_oneof![inner.clone(), Just(File::Nothing)], 0..5)
                .prop_map(|entries| File::Map(entries.into_iter().collect())),
            inner.clone().prop_map(|value| match value {
                record @ File::Record(_) => record,
                other => File::Variant("Some", Box::new(other)),
            }),
            (fields, prop::collection::vec(inner, 5))
                .prop_map(|(names, values)| File::Record(names.into_iter().zip(values).collect())),
        ]
    });
    values.prop_map(from_value)
}

/// What a person may put between two parts.
fn trivia() -> impl Strategy<Value = Vec<String>> {
    let one = prop_oneof![
        Just(String::new()),
        Just(" ".to_owned()),
        Just("\n    ".to_owned()),
        Just("\r\n".to_owned()),
        Just(" /* a /* b */ \" */ ".to_owned()),
        Just(" // it's (\n".to_owned()),
    ];
    prop::collection::vec(one, 64)
}

/// Writes a node with trivia between its parts.
fn loose(node: &RonNode, gaps: &mut impl Iterator<Item = String>, into: &mut String) {
    let (open, members, close) = match &node.kind {
        NodeKind::List(members) => ("[", members, "]"),
        NodeKind::Map(members) => ("{", members, "}"),
        NodeKind::Parens(_, members) if members.is_empty() => return into.push_str("()"),
        NodeKind::Parens(name, members) => {
            into.push_str(name.as_deref().unwrap_or_default());
            ("(", members, ")")
        }
        _ => return into.push_str(&print::value(node, 0, 0)),
    };
    let mut gap = |into: &mut String| into.push_str(&gaps.next().unwrap_or_default());
    into.push_str(open);
    for (position, RonMember { label, value }) in members.iter().enumerate() {
        gap(into);
        if let Some(label) = label {
            into.push_str(&print::value(label, 0, 0));
            gap(into);
            into.push(':');
            gap(into);
        }
        let mut inner = String::new();
        loose(value, &mut std::iter::repeat_with(String::new), &mut inner);
        into.push_str(&inner);
        gap(into);
        if position + 1 < members.len() {
            into.push(',');
        }
    }
    gap(into);
    into.push_str(close);
}

/// Whether the `ron` crate read the same parts.
fn agrees(node: &RonNode, value: &Value) -> bool {
    let sequence = |members: &[RonMember], values: &[Value]| {
        members.len() == values.len() && members.iter().zip(values).all(|(member, value)| agrees(&member.value, value))
    };
    match (&node.kind, value) {
        (NodeKind::Text(a), Value::String(b)) => a == b,
        (NodeKind::Word(a), Value::Bool(b)) => *a == b.to_string(),
        (NodeKind::Word(a), Value::Option(None)) => a == "None",
        (NodeKind::Number(a), Value::Number(b)) => {
            let as_float = b.into_f64();
            a.parse::<f64>().is_ok_and(|a| (a - as_float).abs() <= a.abs() * 1e-6)
        }
        (NodeKind::List(members), Value::Seq(values)) => sequence(members, values),
        (NodeKind::Parens(_, members), Value::Unit) => members.is_empty(),
        (NodeKind::Parens(Some(name), members), Value::Option(Some(inner))) => name == "Some" && agrees(&members[0].value, inner),
        (NodeKind::Map(members) | NodeKind::Parens(_, members), Value::Map(values)) => {
            // The crate sorts the keys of a map.
            let named = |name: &str| values.iter().find(|(key, _)| matches!(key, Value::String(key) if key == name));
            let is_there = |member: &RonMember| {
                named(member.name().unwrap_or_default()).is_some_and(|(_, value)| agrees(&member.value, value))
            };
            members.len() == values.len() && members.iter().all(is_there)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn both_see_the_same_parts(node in nodes(), gaps in trivia()) {
        let mut text = String::new();
        loose(&node, &mut gaps.into_iter(), &mut text);
        let tree = parse(&text).unwrap_or_else(|error| panic!("{error:?} in\n{text}"));
        prop_assert!(same(&tree, &node), "{}", text);
        let value: Value = ron::from_str(&text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        prop_assert!(agrees(&tree, &value), "{text}\n{value:?}");
        let printed = print::file(&node);
        prop_assert!(same(&parse(&printed).unwrap(), &node), "{}", printed);
    }

    #[test]
    fn every_part_stands_where_it_says(node in nodes(), gaps in trivia()) {
        fn check(text: &str, node: &RonNode) {
            let part = &text[node.extent.start..node.extent.end];
            assert!(same(&parse(part).unwrap(), node), "{part}");
            for member in node.members() {
                check(text, &member.value);
            }
        }
        let mut text = String::new();
        loose(&node, &mut gaps.into_iter(), &mut text);
        check(&text, &parse(&text).unwrap());
    }

    #[test]
    fn a_text_is_edited_to_mean_anything_else(was in nodes(), wanted in nodes(), gaps in trivia()) {
        let mut text = String::new();
        loose(&was, &mut gaps.into_iter(), &mut text);
        let tree = parse(&text).unwrap();
        prop_assert_eq!(edit(&text, &tree, &was, &was), text.clone());
        let edited = edit(&text, &tree, &was, &wanted);
        let back = parse(&edited).unwrap_or_else(|error| panic!("{error:?}\n{text}\n=>\n{edited}"));
        prop_assert!(alike(&back, &wanted), "{}\n=>\n{}", text, edited);
    }

    #[test]
    fn no_text_makes_either_panic(text in "[(){}\\[\\],:\"'a-z0-9.\\\\/*# \nr_é-]{0,40}") {
        let tree = parse(&text);
        if ron::from_str::<Value>(&text).is_ok() && !text.contains("..") {
            prop_assert!(tree.is_ok(), "{:?}", tree);
        }
    }
}

/// The same parts, whatever the order of a struct's fields, and whether `Some( … )` is written or not.
fn alike(a: &RonNode, b: &RonNode) -> bool {
    let (a, b) = (a.unwrapped(), b.unwrapped());
    match (&a.kind, &b.kind) {
        (NodeKind::Parens(a_name, a_members), NodeKind::Parens(b_name, b_members))
            if a_members.iter().all(|member| member.label.is_some()) =>
        {
            let found = |member: &RonMember| b.members().iter().find(|other| other.name() == member.name());
            a_name == b_name
                && a_members.len() == b_members.len()
                && a_members.iter().all(|member| found(member).is_some_and(|other| alike(&member.value, &other.value)))
        }
        (NodeKind::List(a), NodeKind::List(b))
        | (NodeKind::Map(a), NodeKind::Map(b))
        | (NodeKind::Parens(_, a), NodeKind::Parens(_, b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name() == b.name() && alike(&a.value, &b.value))
        }
        _ => same(a, b),
    }
}
