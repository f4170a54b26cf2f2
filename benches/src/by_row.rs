//! The subset written by hand over one request at a time: a struct of codes and numbers, one condition after another.

use countersign_core::model::{Definition, Value};
use countersign_requests::Table;

use crate::subset::IDS;

pub const PAY: u8 = 0;
pub const SIGN: u8 = 1;
pub const UNSIGN: u8 = 2;
pub const AUTH: u8 = 3;
/// No value.
pub const NONE: i64 = i64::MIN;

/// One request as a programmer would hold it.
#[derive(Clone, Debug)]
pub struct Row {
    pub operation: u8,
    pub interface_open: bool,
    pub interface_other: bool,
    pub channel_counter: bool,
    pub alipay: bool,
    pub new: bool,
    /// 0 active, 1 cancelled, 2 invalid, 3 missing.
    pub agreement: u8,
    pub signed_at: i64,
    pub name_match: bool,
    pub id_match: bool,
    pub otp_wrong: bool,
    pub active: bool,
    pub age: i64,
    pub factors: i64,
    pub amount: i64,
    pub paid_today: i64,
    pub from_card: bool,
    pub card: Box<str>,
    pub cards_by_mobile: i64,
    pub ids_by_device: i64,
    pub signings_by_card: i64,
}

/// The values of the parameters.
#[derive(Clone, Debug)]
pub struct Limits {
    pub cutover: i64,
    pub min_age: i64,
    pub min_factors: i64,
    pub day: i64,
    pub max_cards: i64,
    pub max_ids: i64,
    pub max_signings: i64,
    pub reroutes: bool,
    pub open: String,
    pub blocked: std::collections::HashSet<Box<str>>,
}

impl Limits {
    pub fn new(definition: &Definition) -> Self {
        let value = |name: &str| definition.rule_set.parameters.get(name).map(|parameter| parameter.value.clone());
        let whole = |name: &str| match value(name) {
            Some(Value::Int(number)) => number,
            Some(Value::Money(fen)) => fen.0,
            Some(Value::Time(time)) => time.micros(),
            _ => 0,
        };
        let text = |name: &str| if let Some(Value::Text(text)) = value(name) { text.to_string() } else { String::new() };
        let blocked = match definition.rule_set.lists.get("blocked_cards").map(|list| &list.entries) {
            Some(countersign_core::model::ListEntries::Text(entries)) => entries.iter().map(|entry| entry.as_ref().into()).collect(),
            _ => std::collections::HashSet::new(),
        };
        Self {
            cutover: whole("cutover"),
            min_age: whole("min_age"),
            min_factors: whole("min_factors"),
            day: whole(&format!("{}_day", text("bank"))),
            max_cards: whole("max_cards_per_mobile"),
            max_ids: whole("max_ids_per_device"),
            max_signings: whole("max_signings_by_card"),
            reroutes: value("reroute_new") == Some(Value::Bool(true)),
            open: text("open_interface"),
            blocked,
        }
    }
}

/// Reads fields of the shipped schema by name.
pub struct Reader<'a> {
    table: &'a Table,
}

impl<'a> Reader<'a> {
    pub fn new(table: &'a Table) -> Self {
        Self { table }
    }

    pub fn value(&self, row: usize, field: &str) -> Value {
        self.table.schema().find(field).map_or(Value::Missing, |(index, _)| self.table.value(row, index))
    }

    pub fn is(&self, row: usize, field: &str, text: &str) -> bool {
        matches!(self.value(row, field), Value::Text(held) if held.as_ref() == text)
    }

    pub fn flag(&self, row: usize, field: &str) -> bool {
        self.value(row, field) == Value::Bool(true)
    }

    pub fn number(&self, row: usize, field: &str) -> i64 {
        match self.value(row, field) {
            Value::Int(number) => number,
            Value::Money(fen) => fen.0,
            Value::Time(time) => time.micros(),
            _ => NONE,
        }
    }
}

/// Rows of a table as such structs.
pub fn rows(table: &Table, limits: &Limits) -> Vec<Row> {
    let read = Reader::new(table);
    let code = |row: usize, field: &str, names: [&str; 3]| {
        names.iter().position(|name| read.is(row, field, name)).map_or(3, |at| u8::try_from(at).unwrap_or(3))
    };
    let made = (0..table.len()).map(|row| Row {
        operation: code(row, "request.operation", ["PAY", "SIGN", "UNSIGN"]),
        interface_open: read.is(row, "request.interface", &limits.open),
        interface_other: read.is(row, "request.interface", "other"),
        channel_counter: read.is(row, "request.channel", "counter"),
        alipay: read.is(row, "platform.id", "alipay"),
        new: read.is(row, "customer.kind", "new"),
        agreement: code(row, "agreement.status", ["active", "cancelled", "invalid"]),
        signed_at: read.number(row, "agreement.signed_at"),
        name_match: read.flag(row, "check.name_match"),
        id_match: read.flag(row, "check.id_match"),
        otp_wrong: read.is(row, "check.otp", "wrong"),
        active: read.is(row, "card.status", "active"),
        age: read.number(row, "customer.age"),
        factors: read.number(row, "check.factors"),
        amount: read.number(row, "money.amount"),
        paid_today: read.number(row, "money.paid_today"),
        from_card: read.is(row, "money.source", "card"),
        card: match read.value(row, "card.hash") {
            Value::Text(text) => text.as_ref().into(),
            _ => "".into(),
        },
        cards_by_mobile: read.number(row, "velocity.cards_by_mobile"),
        ids_by_device: read.number(row, "velocity.ids_by_device"),
        signings_by_card: read.number(row, "velocity.signings_today_by_card"),
    });
    made.collect()
}

/// Which rules hit, a bit each in the order of [`IDS`].
pub fn decide(row: &Row, limits: &Limits) -> u32 {
    let linking = row.operation == AUTH || row.operation == SIGN;
    let pay = row.operation == PAY;
    let signed = row.signed_at != NONE;
    let hits: [bool; IDS.len()] = [
        row.interface_other,
        (pay || row.operation == UNSIGN) && row.agreement == 3,
        (pay || row.operation == UNSIGN) && row.agreement == 1,
        row.alipay && row.operation == SIGN && row.new && !row.interface_open && !limits.reroutes,
        row.alipay && pay && !row.interface_open && signed && row.signed_at >= limits.cutover,
        row.alipay && pay && signed && row.new == (row.signed_at < limits.cutover),
        linking && !row.name_match,
        linking && !row.id_match,
        row.operation != UNSIGN && row.otp_wrong,
        row.operation != UNSIGN && !row.active,
        linking && row.age != NONE && row.age < limits.min_age,
        row.operation == SIGN && !row.channel_counter && row.factors < limits.min_factors,
        pay && (row.amount == NONE || row.amount <= 0),
        pay && row.from_card && row.amount != NONE && row.paid_today + row.amount > limits.day,
        limits.blocked.contains(&row.card),
        linking && row.cards_by_mobile > limits.max_cards,
        linking && row.ids_by_device > limits.max_ids,
        linking && row.signings_by_card > limits.max_signings,
    ];
    hits.iter().enumerate().fold(0, |bits, (at, hit)| bits | u32::from(*hit) << at)
}
