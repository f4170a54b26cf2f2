//! Eighteen shipped rules as plain conditions, which every peer can be given: comparisons of enums, flags, counts, amounts and times,
//! sums of amounts, missing values, a list. Left out are scores, limits and routes, which are more than a condition, and what only some
//! peers have: parts of a time, days between times, shares.
//!
//! The conditions say what the scripts say, with the values of the parameters written out; a run that counts other hits fails.

use countersign_core::model::{Definition, Value};
use serde_json::{Value as Json, json};

/// The rules, as the shipped workspace names them.
pub const IDS: [&str; 18] = [
    "unknown_interface",
    "no_agreement",
    "agreement_cancelled",
    "closed_interface_new",
    "impossible_agreement",
    "kind_contradicts_agreement",
    "name_mismatch",
    "id_mismatch",
    "otp_wrong",
    "card_not_active",
    "under_age",
    "too_few_factors",
    "amount_missing",
    "day_amount",
    "blocked_card",
    "cards_per_mobile",
    "ids_per_device",
    "signings_by_card",
];

/// A condition.
#[derive(Clone, Debug)]
pub enum Cond {
    /// An enum or text is that value.
    Is(&'static str, String),
    Missing(&'static str),
    /// A flag is set.
    Flag(&'static str),
    /// A sum of whole numbers, amounts in fen or times in microseconds, compared with a number by `<`, `<=`, `>` or `>=`.
    Number(Vec<&'static str>, &'static str, i64),
    /// A text is one of some.
    In(&'static str, Vec<String>),
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    /// Both hold or neither does.
    Same(Box<Cond>, Box<Cond>),
}

use Cond::{All, Any, Flag, In, Missing, Not, Number, Same};

fn is(field: &'static str, value: &str) -> Cond {
    Cond::Is(field, value.to_owned())
}

fn not(cond: Cond) -> Cond {
    Not(Box::new(cond))
}

fn number(field: &'static str, op: &'static str, value: i64) -> Cond {
    Number(vec![field], op, value)
}

/// The rules in the order of [`IDS`].
pub fn rules(definition: &Definition) -> Vec<(&'static str, Cond)> {
    let op = |value| is("request.operation", value);
    let linking = || Any(vec![op("AUTH"), op("SIGN")]);
    let there = |field| not(Missing(field));
    let parameter = |name: &str| definition.rule_set.parameters.get(name).map(|parameter| parameter.value.clone());
    let whole = |name: &str| match parameter(name) {
        Some(Value::Int(number)) => number,
        Some(Value::Money(fen)) => fen.0,
        Some(Value::Time(time)) => time.micros(),
        _ => 0,
    };
    let text = |name: &str| if let Some(Value::Text(text)) = parameter(name) { text.to_string() } else { String::new() };
    let flag = |name: &str| parameter(name) == Some(Value::Bool(true));
    let alipay = || is("platform.id", "alipay");
    let closed = || not(is("request.interface", &text("open_interface")));
    let blocked = definition.rule_set.lists.get("blocked_cards").map(|list| list.entries.clone());
    let blocked = match blocked {
        Some(countersign_core::model::ListEntries::Text(entries)) => entries.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let bank_day = whole(&format!("{}_day", text("bank")));
    let reroutes = flag("reroute_new");
    let conds = [
        is("request.interface", "other"),
        All(vec![Any(vec![op("PAY"), op("UNSIGN")]), Missing("agreement.status")]),
        All(vec![Any(vec![op("PAY"), op("UNSIGN")]), there("agreement.status"), is("agreement.status", "cancelled")]),
        // With `reroute_new` the rule never applies.
        All(if reroutes { vec![op("PAY"), op("SIGN")] } else { vec![alipay(), op("SIGN"), is("customer.kind", "new"), closed()] }),
        All(vec![
            alipay(),
            op("PAY"),
            closed(),
            there("agreement.signed_at"),
            number("agreement.signed_at", ">=", whole("cutover")),
        ]),
        All(vec![
            alipay(),
            op("PAY"),
            there("agreement.signed_at"),
            Same(Box::new(is("customer.kind", "new")), Box::new(number("agreement.signed_at", "<", whole("cutover")))),
        ]),
        All(vec![linking(), not(Flag("check.name_match"))]),
        All(vec![linking(), not(Flag("check.id_match"))]),
        All(vec![not(op("UNSIGN")), is("check.otp", "wrong")]),
        All(vec![not(op("UNSIGN")), not(is("card.status", "active"))]),
        All(vec![linking(), there("customer.age"), number("customer.age", "<", whole("min_age"))]),
        All(vec![op("SIGN"), not(is("request.channel", "counter")), number("check.factors", "<", whole("min_factors"))]),
        All(vec![op("PAY"), Any(vec![Missing("money.amount"), number("money.amount", "<=", 0)])]),
        All(vec![
            op("PAY"),
            is("money.source", "card"),
            there("money.amount"),
            Number(vec!["money.paid_today", "money.amount"], ">", bank_day),
        ]),
        In("card.hash", blocked),
        All(vec![linking(), number("velocity.cards_by_mobile", ">", whole("max_cards_per_mobile"))]),
        All(vec![linking(), number("velocity.ids_by_device", ">", whole("max_ids_per_device"))]),
        All(vec![linking(), number("velocity.signings_today_by_card", ">", whole("max_signings_by_card"))]),
    ];
    IDS.into_iter().zip(conds).collect()
}

/// Every field a condition reads.
pub fn fields(cond: &Cond, into: &mut Vec<&'static str>) {
    match cond {
        Cond::Is(field, _) | Missing(field) | Flag(field) | In(field, _) => into.push(field),
        Number(fields, ..) => into.extend(fields),
        All(parts) | Any(parts) => parts.iter().for_each(|part| fields_of(part, into)),
        Not(inner) => fields(inner, into),
        Same(one, other) => {
            fields(one, into);
            fields(other, into);
        }
    }
}

fn fields_of(cond: &Cond, into: &mut Vec<&'static str>) {
    fields(cond, into);
}

/// A condition as data, for programs that build expressions of their own: the name of what it is, then its parts.
pub fn json(cond: &Cond) -> Json {
    let all = |parts: &[Cond]| parts.iter().map(json).collect::<Vec<_>>();
    match cond {
        Cond::Is(field, value) => json!(["is", field, value]),
        Missing(field) => json!(["missing", field]),
        Flag(field) => json!(["flag", field]),
        Number(fields, op, value) => json!(["number", fields, op, value]),
        In(field, values) => json!(["in", field, values]),
        All(parts) => json!(["all", all(parts)]),
        Any(parts) => json!(["any", all(parts)]),
        Not(inner) => json!(["not", json(inner)]),
        Same(one, other) => json!(["same", json(one), json(other)]),
    }
}

/// Words of a language that conditions are written in.
pub struct Words {
    pub and: &'static str,
    pub or: &'static str,
    pub not: fn(&str) -> String,
    pub missing: fn(&str) -> String,
    pub flag: fn(&str) -> String,
    pub text: fn(&str) -> String,
    pub field: fn(&str) -> String,
    pub within: fn(&str, &str) -> String,
}

/// A condition as an expression of a language.
pub fn write(cond: &Cond, words: &Words) -> String {
    let join = |parts: &[Cond], with: &str| {
        let parts: Vec<String> = parts.iter().map(|part| write(part, words)).collect();
        format!("({})", parts.join(with))
    };
    match cond {
        Cond::Is(field, value) => format!("({} == {})", (words.field)(field), (words.text)(value)),
        Missing(field) => (words.missing)(field),
        Flag(field) => (words.flag)(field),
        Number(fields, op, value) => {
            let fields: Vec<String> = fields.iter().map(|field| (words.field)(field)).collect();
            format!("({} {op} {value})", fields.join(" + "))
        }
        In(field, values) => {
            let values: Vec<String> = values.iter().map(|value| (words.text)(value)).collect();
            (words.within)(&(words.field)(field), &values.join(", "))
        }
        All(parts) => join(parts, words.and),
        Any(parts) => join(parts, words.or),
        Not(inner) => (words.not)(&write(inner, words)),
        Same(one, other) => format!("({} == {})", write(one, words), write(other, words)),
    }
}
