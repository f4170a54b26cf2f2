//! What has happened so far in the sample: signings of the day, agreements, payments, and the load of the second.

use std::collections::HashMap;

use super::world::{Card, Person};

/// The state of an agreement for one card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement {
    pub(super) status: &'static str,
    /// Microseconds since 1970.
    pub(super) signed_at: i64,
    pub(super) interface: &'static str,
}

/// What was paid under one agreement, in fen, before the current payment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Paid {
    day: i64,
    month: i64,
    year: i64,
    pub(super) today: i64,
    pub(super) this_month: i64,
    pub(super) this_year: i64,
}

/// The calendar day of a request: days since 1970, and numbers that tell its month and year from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Calendar {
    pub(super) day: i64,
    pub(super) day_of_month: i64,
    pub(super) month: i64,
    pub(super) year: i64,
}

/// What signings are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum SampleKey {
    Card,
    Mobile,
    Id,
    Device,
    Ip,
}

#[derive(Debug, Default)]
pub(super) struct PaymentHistory {
    day: i64,
    signings: HashMap<(SampleKey, u64), i64>,
    agreements: HashMap<u64, Agreement>,
    paid: HashMap<u64, Paid>,
    second: i64,
    arrivals: [u64; 5],
}

impl PaymentHistory {
    /// Signings today with that card, mobile, … so far; `more` counts this one too.
    pub(super) fn signings(&mut self, day: i64, by: SampleKey, key: u64, more: bool) -> i64 {
        if day != self.day {
            self.day = day;
            self.signings.clear();
        }
        if more {
            let count = self.signings.entry((by, key)).or_insert(0);
            *count += 1;
            return *count;
        }
        self.signings.get(&(by, key)).copied().unwrap_or(0)
    }

    /// The agreement of a card: what happened in the sample, or else the old one of a stock customer's first card.
    pub(super) fn agreement(&self, person: &Person, card: &Card, cutover: i64) -> Option<Agreement> {
        let old = || {
            let first = card.number.is_multiple_of(4) && person.is_stock;
            first.then_some(Agreement { status: "active", signed_at: cutover - person.signed_before, interface: person.home })
        };
        self.agreements.get(&card.number).copied().or_else(old)
    }

    pub(super) fn set_agreement(&mut self, card: &Card, agreement: Agreement) {
        self.agreements.insert(card.number, agreement);
    }

    /// What was paid before; starts from the card's habits.
    pub(super) fn paid(&mut self, card: &Card, is_old: bool, now: Calendar) -> Paid {
        let habit = if is_old { card.habit_fen } else { 0 };
        let paid = self.paid.entry(card.number).or_insert_with(|| Paid {
            day: now.day,
            month: now.month,
            year: now.year,
            today: 0,
            this_month: habit * (now.day_of_month - 1) / 30,
            this_year: habit * (now.month % 12) + habit * (now.day_of_month - 1) / 30,
        });
        if paid.day != now.day {
            *paid = Paid { day: now.day, today: 0, ..*paid };
        }
        if paid.month != now.month {
            *paid = Paid { month: now.month, this_month: 0, ..*paid };
        }
        if paid.year != now.year {
            *paid = Paid { year: now.year, this_year: 0, ..*paid };
        }
        *paid
    }

    /// Adds a payment that went through; [`PaymentHistory::paid`] must be called first.
    pub(super) fn pay(&mut self, card: &Card, fen: i64) {
        if let Some(paid) = self.paid.get_mut(&card.number) {
            paid.today += fen;
            paid.this_month += fen;
            paid.this_year += fen;
        }
    }

    /// Counts an arrival and gives how many came over the interface (by its number) in this second.
    pub(super) fn arrive(&mut self, second: i64, interface: usize) -> u64 {
        if second != self.second {
            self.second = second;
            self.arrivals = [0; 5];
        }
        let Some(count) = self.arrivals.get_mut(interface) else { return 0 };
        *count += 1;
        *count
    }
}
