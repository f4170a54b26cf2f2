//! The subset written by hand over columns: narrow codes, one loop a rule, 64 rows to a word, then the verdict of every row.
//!
//! As a programmer in a hurry for speed would write it in safe Rust: no branch in a loop, one byte where a byte does, amounts as they are.

use countersign_requests::Table;

use crate::by_row::{AUTH, Limits, NONE, PAY, Reader, SIGN, UNSIGN, rows};
use crate::subset::IDS;

/// Columns of all rows.
#[derive(Default)]
pub struct Columns {
    rows: usize,
    operation: Vec<u8>,
    interface_open: Vec<bool>,
    interface_other: Vec<bool>,
    counter: Vec<bool>,
    alipay: Vec<bool>,
    new: Vec<bool>,
    agreement: Vec<u8>,
    signed_at: Vec<i64>,
    name_match: Vec<bool>,
    id_match: Vec<bool>,
    otp_wrong: Vec<bool>,
    active: Vec<bool>,
    /// 255 where missing.
    age: Vec<u8>,
    factors: Vec<u8>,
    amount: Vec<i64>,
    paid_today: Vec<i64>,
    from_card: Vec<bool>,
    /// Positions in `cards`.
    card: Vec<u32>,
    cards: Vec<Box<str>>,
    cards_by_mobile: Vec<u16>,
    ids_by_device: Vec<u16>,
    signings_by_card: Vec<u16>,
}

/// What a run gives: a bitmap a rule, how often each hits, and the verdict of every row (0 accept, 2 refer, 3 decline).
pub struct Decided {
    pub hits: Vec<Vec<u64>>,
    pub counts: Vec<u64>,
    pub verdicts: Vec<u8>,
}

/// What each rule of the subset gives: 2 refer, 3 decline.
const SEVERITY: [u8; IDS.len()] = [3, 3, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 3, 3];

impl Columns {
    pub fn new(table: &Table, limits: &Limits) -> Self {
        let mut made = Self { rows: table.len(), ..Self::default() };
        let mut known = std::collections::HashMap::new();
        let narrow = |number: i64| u16::try_from(number).unwrap_or(u16::MAX);
        let byte = |number: i64| u8::try_from(number).unwrap_or(254);
        let _ = Reader::new(table);
        for row in rows(table, limits) {
            made.operation.push(row.operation);
            made.interface_open.push(row.interface_open);
            made.interface_other.push(row.interface_other);
            made.counter.push(row.channel_counter);
            made.alipay.push(row.alipay);
            made.new.push(row.new);
            made.agreement.push(row.agreement);
            made.signed_at.push(row.signed_at);
            made.name_match.push(row.name_match);
            made.id_match.push(row.id_match);
            made.otp_wrong.push(row.otp_wrong);
            made.active.push(row.active);
            made.age.push(if row.age == NONE { 255 } else { byte(row.age) });
            made.factors.push(byte(row.factors));
            made.amount.push(row.amount);
            made.paid_today.push(row.paid_today);
            made.from_card.push(row.from_card);
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            let code = *known.entry(row.card.clone()).or_insert_with(|| {
                made.cards.push(row.card.clone());
                next
            });
            made.card.push(code);
            made.cards_by_mobile.push(narrow(row.cards_by_mobile));
            made.ids_by_device.push(narrow(row.ids_by_device));
            made.signings_by_card.push(narrow(row.signings_by_card));
        }
        made
    }

    /// Every rule over every row.
    pub fn decide(&self, limits: &Limits) -> Decided {
        let n = self.rows;
        let operation = self.operation.get(..n).unwrap_or_default();
        let linking = |at: usize| operation[at] == AUTH || operation[at] == SIGN;
        let ends = |at: usize| operation[at] == PAY || operation[at] == UNSIGN;
        let blocked: Vec<bool> = self.cards.iter().map(|card| limits.blocked.contains(card)).collect();
        let (cutover, day, reroutes) = (limits.cutover, limits.day, limits.reroutes);
        let min_age = u8::try_from(limits.min_age).unwrap_or(u8::MAX);
        let min_factors = u8::try_from(limits.min_factors).unwrap_or(u8::MAX);
        let most = |number: i64| u16::try_from(number).unwrap_or(u16::MAX);
        let (max_cards, max_ids, max_signings) = (most(limits.max_cards), most(limits.max_ids), most(limits.max_signings));
        macro_rules! columns {
            ($($name:ident),*) => { $(let $name = self.$name.get(..n).unwrap_or_default();)* };
        }
        columns!(interface_open, interface_other, counter, alipay, new, agreement, signed_at, name_match, id_match, otp_wrong);
        columns!(active, age, factors, amount, paid_today, from_card, card, cards_by_mobile, ids_by_device, signings_by_card);
        let hits = vec![
            bits(n, |at| interface_other[at]),
            bits(n, |at| ends(at) & (agreement[at] == 3)),
            bits(n, |at| ends(at) & (agreement[at] == 1)),
            bits(n, |at| alipay[at] & (operation[at] == SIGN) & new[at] & !interface_open[at] & !reroutes),
            bits(n, |at| alipay[at] & (operation[at] == PAY) & !interface_open[at] & (signed_at[at] >= cutover)),
            bits(n, |at| alipay[at] & (operation[at] == PAY) & (signed_at[at] != NONE) & (new[at] == (signed_at[at] < cutover))),
            bits(n, |at| linking(at) & !name_match[at]),
            bits(n, |at| linking(at) & !id_match[at]),
            bits(n, |at| (operation[at] != UNSIGN) & otp_wrong[at]),
            bits(n, |at| (operation[at] != UNSIGN) & !active[at]),
            bits(n, |at| linking(at) & (age[at] < min_age)),
            bits(n, |at| (operation[at] == SIGN) & !counter[at] & (factors[at] < min_factors)),
            bits(n, |at| (operation[at] == PAY) & (amount[at] <= 0)),
            bits(n, |at| {
                (operation[at] == PAY) & from_card[at] & (amount[at] != NONE) & (paid_today[at].wrapping_add(amount[at]) > day)
            }),
            bits(n, |at| blocked.get(card[at] as usize).copied().unwrap_or_default()),
            bits(n, |at| linking(at) & (cards_by_mobile[at] > max_cards)),
            bits(n, |at| linking(at) & (ids_by_device[at] > max_ids)),
            bits(n, |at| linking(at) & (signings_by_card[at] > max_signings)),
        ];
        let counts = hits.iter().map(|bits| bits.iter().map(|word| u64::from(word.count_ones())).sum()).collect();
        let mut verdicts = vec![0; n];
        for (bits, severity) in hits.iter().zip(SEVERITY) {
            for (word, rows) in bits.iter().zip(verdicts.chunks_mut(64)) {
                if *word != 0 {
                    for (at, verdict) in rows.iter_mut().enumerate() {
                        let own = if word >> at & 1 == 1 { severity } else { 0 };
                        *verdict = (*verdict).max(own);
                    }
                }
            }
        }
        Decided { hits, counts, verdicts }
    }
}

/// One bit a row.
fn bits(rows: usize, holds: impl Fn(usize) -> bool) -> Vec<u64> {
    let word = |first: usize| {
        let rows = (rows - first).min(64);
        (0..rows).fold(0, |word, at| word | u64::from(holds(first + at)) << at)
    };
    (0..rows).step_by(64).map(word).collect()
}
