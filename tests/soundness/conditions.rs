//! Conditions over few subjects and few bounds, so that many contradict each other.

use crate::soundness::world::{OPERATIONS, Random};

const WHOLE: [&str; 10] = [
    "a.count",
    "a.count",
    "v1",
    "v2",
    "params.count",
    "hour(a.at)",
    "abs(a.count)",
    "(a.count + 1)",
    "(b.count ?? 3)",
    "len(a.name)",
];
const BOUNDS: [&str; 9] = ["-1", "0", "1", "2", "3", "7", "15", "23", "99"];
const ORDERS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];

/// A rule whose conditions stand one in another, after each other and behind early returns.
pub(crate) fn script(random: &mut Random) -> String {
    let mut conditions = (0..4).map(|_| condition(random, 2)).collect::<Vec<_>>().into_iter();
    let mut next = || conditions.next().unwrap_or_default();
    let (first, second, third, fourth) = (next(), next(), next(), next());
    let change = random.one_of(&["", "v1 = v1 + 1;", "v1 = 3;", "for step in 0..2 { v1 += step; }"]);
    let change = if change.is_empty() || random.chance(500) { change.to_owned() } else { format!("if {fourth} {{ {change} }}") };
    format!(
        "let v1 = a.count; let v2 = hour(a.at);\nif {first} {{ return; }}\n{change}\nif {second} {{ if {third} {{ decline(\"ONE\") }} \
         else if {fourth} {{ refer(\"TWO\") }} }}"
    )
}

fn condition(random: &mut Random, depth: usize) -> String {
    if depth > 0 {
        let less = depth - 1;
        match random.below(6) {
            0 | 1 => return format!("({} && {})", condition(random, less), condition(random, less)),
            2 | 3 => return format!("({} || {})", condition(random, less), condition(random, less)),
            4 => return format!("!({})", condition(random, less)),
            _ => {}
        }
    }
    leaf(random)
}

fn leaf(random: &mut Random) -> String {
    let order = random.one_of(&ORDERS);
    let equal = random.one_of(&["==", "!="]);
    match random.below(13) {
        0..=2 => format!("{} {order} {}", random.one_of(&WHOLE), random.one_of(&BOUNDS)),
        3 => format!("{} {order} {}", random.one_of(&WHOLE), random.one_of(&["2.5", "7.0", "-0.5", "9.0e15"])),
        4 => {
            let items: Vec<&str> = (0..3).map(|_| random.one_of(&BOUNDS)).collect();
            let within = [format!("[{}]", items.join(", ")), "0..7".to_owned(), "1..=3".to_owned(), "5..2".to_owned()];
            format!("{} {} {}", random.one_of(&WHOLE), random.one_of(&["in", "!in"]), random.one_of(&within))
        }
        5 => format!(
            "{} {order} fen({})",
            random.one_of(&["a.amount", "(a.amount + fen(1))", "params.amount"]),
            random.one_of(&BOUNDS)
        ),
        6 => format!("a.risk {order} {}", random.one_of(&["0.0", "-0.0", "0.25", "0.5", "7", "-1.5", "1.0e300"])),
        7 => format!("a.operation {equal} \"{}\"", random.one_of(&OPERATIONS)),
        8 => format!("a.operation {} [\"SIGN\", \"{}\"]", random.one_of(&["in", "!in"]), random.one_of(&OPERATIONS)),
        9 => format!("a.name {equal} \"{}\"", random.one_of(&["", "abc", "b"])),
        10 => random
            .one_of(&["a.flag", "a.flag == true", "false != a.flag", "starts_with(a.name, \"a\")", "young(b.count)"])
            .to_owned(),
        11 => format!("b.count {equal} () || b.count {order} {}", random.one_of(&BOUNDS)),
        _ => {
            let pairs = [
                "a.count # params.count",
                "params.count # a.count",
                "a.count # hour(a.at)",
                "a.risk # a.count",
                "a.at # params.at",
            ];
            format!("({})", random.one_of(&pairs).replace('#', order))
        }
    }
}
