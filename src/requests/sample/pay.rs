//! Payments and unlinkings under an agreement.

use super::random::Random;
use super::row::{SampleCell, SampleField, SampleRow};
use super::stream::RowStream;
use super::tables::{OPEN, amount_fen};
use super::world::{Person, SampleRequester};

/// The most that usually goes through in one payment, in fen.
const SINGLE_FEN: i64 = 500_000;

/// A payment with that card of the actor.
pub(super) fn pay(stream: &mut RowStream, actor: SampleRequester, card: u64) -> SampleRow {
    let person = Person::of(stream.setting.seed, actor);
    let held = person.card(stream.setting.seed, card);
    let cutover = stream.setting.cutover * 1_000_000;
    let agreement = stream.history.agreement(&person, &held, cutover);
    let is_old = agreement.is_some_and(|agreement| agreement.signed_at < cutover);
    let interface = interface(stream, is_old, agreement.map_or(OPEN, |agreement| agreement.interface));
    let mut row = stream.row("PAY", &person, &held, interface);
    stream.set_kind(&mut row, &person, agreement);
    let mut status = None;
    if let Some(agreement) = agreement {
        status = match stream.random.pick(&[("as it is", 9_955), ("invalid", 35), ("none", 10)]) {
            "as it is" => Some(agreement.status),
            "invalid" => Some("invalid"),
            _ => None,
        };
        row.set(SampleField::SignedAt, SampleCell::Time(agreement.signed_at).or_missing(stream.random.below(10_000), 40));
    }
    row.set(SampleField::AgreementStatus, status.map_or(SampleCell::Missing, SampleCell::Name));
    stream.set_matches(&mut row, [5, 5, 40]);
    let code = stream.random.pick(&[("not_sent", 7_000), ("ok", 2_950), ("wrong", 35), ("expired", 15)]);
    row.set(SampleField::Otp, SampleCell::Name(code));
    row.set(SampleField::BankVerified, SampleCell::Bool(stream.random.chance(9_700)));
    row.set(SampleField::Factors, SampleCell::Int(if code == "not_sent" { 1 } else { 2 }));
    set_money(stream, &mut row, actor, held, is_old, status == Some("active"));
    set_later_notices(stream, &mut row, actor);
    row
}

/// The amount and what was paid before it.
fn set_money(
    stream: &mut RowStream,
    row: &mut SampleRow,
    actor: SampleRequester,
    held: super::world::Card,
    is_old: bool,
    is_active: bool,
) {
    let paid = stream.history.paid(&held, is_old, stream.now.calendar);
    row.set(SampleField::PaidToday, SampleCell::Money(paid.today));
    row.set(SampleField::PaidMonth, SampleCell::Money(paid.this_month));
    row.set(SampleField::PaidYear, SampleCell::Money(paid.this_year));
    let fen = if actor.is_fraud() { fraud_fen(&mut stream.random) } else { honest_fen(&mut stream.random) };
    row.set(SampleField::Amount, SampleCell::Money(fen).or_missing(stream.random.below(10_000), 4));
    if is_active && fen <= SINGLE_FEN {
        stream.history.pay(&held, fen);
    }
}

/// What notices after 2014 brought: payment accounts with classes, payments from a balance, barcodes.
fn set_later_notices(stream: &mut RowStream, row: &mut SampleRow, actor: SampleRequester) {
    let month = stream.now.calendar.month;
    let mut own = Random::new(stream.setting.seed ^ actor.number(), 43);
    if month >= 2_016 * 12 + 6 {
        let class = own.pick(&[("I", 1_500), ("II", 4_500), ("III", 4_000)]);
        row.set(SampleField::AccountClass, SampleCell::Name(class).or_missing(own.below(10_000), 500));
        if stream.random.chance(800) {
            row.set(SampleField::Source, SampleCell::Name("balance"));
        }
    }
    if month >= 2_018 * 12 + 3 && stream.random.chance(3_000) {
        let level = stream.random.pick(&[("A", 1), ("B", 6), ("C", 8), ("D", 5)]);
        row.set(SampleField::BarcodeLevel, SampleCell::Name(level));
    }
}

pub(super) fn unlink(stream: &mut RowStream, actor: SampleRequester, card: u64) -> SampleRow {
    let person = Person::of(stream.setting.seed, actor);
    let held = person.card(stream.setting.seed, card);
    let agreement = stream.history.agreement(&person, &held, stream.setting.cutover * 1_000_000);
    let interface = stream.any_interface();
    let mut row = stream.row("UNSIGN", &person, &held, interface);
    stream.set_kind(&mut row, &person, agreement);
    stream.set_matches(&mut row, [0, 0, 30]);
    row.set(SampleField::Otp, SampleCell::Name("not_sent"));
    row.set(SampleField::BankVerified, SampleCell::Bool(true));
    row.set(SampleField::Factors, SampleCell::Int(1));
    if let Some(mut agreement) = agreement {
        row.set(SampleField::AgreementStatus, SampleCell::Name(agreement.status));
        row.set(SampleField::SignedAt, SampleCell::Time(agreement.signed_at));
        agreement.status = "cancelled";
        stream.history.set_agreement(&held, agreement);
    }
    row
}

/// Where a payment arrives: mostly where the agreement was signed, for old ones often anywhere.
fn interface(stream: &mut RowStream, is_old: bool, home: &'static str) -> &'static str {
    let astray = match (is_old, stream.is_since_cutover()) {
        (true, false) => 5_000,
        (true, true) => 3_000,
        (false, _) => 150,
    };
    if stream.random.chance(6) {
        "other"
    } else if stream.random.chance(astray) {
        stream.any_interface()
    } else {
        home
    }
}

/// What an honest customer pays: often a round sum.
fn honest_fen(random: &mut Random) -> i64 {
    let fen = i64::try_from(amount_fen(random.below(65_536))).unwrap_or(100);
    match random.pick(&[("tens", 28), ("yuan", 30), ("priced", 14), ("exact", 28)]) {
        "tens" => (fen / 1_000).max(1) * 1_000,
        "yuan" => fen / 100 * 100,
        "priced" => fen / 1_000 * 1_000 + 990,
        _ => fen,
    }
}

/// What a fraudster takes: as much as goes through, mostly in round sums.
fn fraud_fen(random: &mut Random) -> i64 {
    let yuan = random.pick(&[
        ("500", 14),
        ("1000", 20),
        ("1500", 8),
        ("1999", 12),
        ("2000", 14),
        ("3000", 10),
        ("4999", 8),
        ("5000", 8),
        ("8000", 3),
        ("odd", 18),
    ]);
    yuan.parse().map_or_else(|_| random.between(20_000, 600_000), |yuan: i64| yuan * 100)
}
