//! The stream of sample requests in order of time: who acts next, and what follows from it later.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::history::{Agreement, Calendar, PaymentHistory};
use super::pay;
use super::random::Random;
use super::row::{SampleCell, SampleField, SampleRow};
use super::tables::{INTERFACES, OPEN};
use super::world::{Card, Person, SampleRequester};
use countersign_core::model::{Timestamp, Zone};

/// What happens next, and to whom. Cards are counted from 0 within a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NextEvent {
    Check { actor: SampleRequester, card: u64 },
    Sign { actor: SampleRequester, card: u64, interface: &'static str, attempt: u8, failures: i64 },
    Pay { actor: SampleRequester, card: u64 },
    Unlink { actor: SampleRequester, card: u64 },
}

const MOST_FRESH: usize = 1 << 20;

/// What every request of a stream shares.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) seed: u64,
    pub(super) zone: Zone,
    /// First second of the sample, since 1970.
    pub(super) from: i64,
    /// First second after it.
    pub(super) until: i64,
    /// The second at which four interfaces close to new customers.
    pub(super) cutover: i64,
    /// Honest customers.
    pub(super) customers: u64,
    pub(super) rings: usize,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CurrentTime {
    /// Since 1970.
    pub(super) second: i64,
    pub(super) hour: i8,
    pub(super) calendar: Calendar,
    /// `yyyyMMddHHmmss`.
    pub(super) stamp: u64,
}

impl CurrentTime {
    fn at(second: i64, zone: Zone) -> Self {
        let civil = zone.civil(Timestamp::from_micros(second * 1_000_000).unwrap_or(Timestamp::MIN));
        let (year, month, day) = (i64::from(civil.year()), i64::from(civil.month()), i64::from(civil.day()));
        let (hour, minute, part) = (civil.hour(), i64::from(civil.minute()), i64::from(civil.second()));
        let date = (year * 100 + month) * 100 + day;
        let stamp = ((date * 100 + i64::from(hour)) * 100 + minute) * 100 + part;
        let days = (second + i64::from(zone.seconds())).div_euclid(86_400);
        let calendar = Calendar { day: days, day_of_month: day, month: year * 12 + month - 1, year };
        Self { second, hour, calendar, stamp: stamp.unsigned_abs() }
    }
}

/// Makes one row after the other.
#[derive(Debug)]
pub(super) struct RowStream {
    pub(super) setting: Setting,
    pub(super) random: Random,
    pub(super) history: PaymentHistory,
    pub(super) now: CurrentTime,
    later: BinaryHeap<Reverse<(i64, u64, NextEvent)>>,
    /// Customers that signed within the sample, with the card.
    fresh: Vec<(u64, u64)>,
    /// How many victims each ring has had.
    victims: Vec<u64>,
    loners: u64,
    pub(super) made: u64,
}

impl RowStream {
    pub(super) fn new(setting: Setting) -> Self {
        Self {
            random: Random::new(setting.seed, 2),
            history: PaymentHistory::default(),
            now: CurrentTime::default(),
            later: BinaryHeap::new(),
            fresh: Vec::new(),
            victims: vec![0; setting.rings],
            loners: 0,
            made: 0,
            setting,
        }
    }

    /// The request that arrives at that second; seconds never go back.
    pub(super) fn next(&mut self, second: i64) -> SampleRow {
        if second != self.now.second {
            self.now = CurrentTime::at(second, self.setting.zone);
        }
        let is_due = self.later.peek().is_some_and(|Reverse((due, ..))| *due <= second);
        let due = if is_due { self.later.pop() } else { None };
        let step = due.map_or_else(|| self.begin(), |Reverse((_, _, step))| step);
        self.made += 1;
        match step {
            NextEvent::Check { actor, card } => self.check(actor, card),
            NextEvent::Sign { actor, card, interface, attempt, failures } => self.sign(actor, card, interface, attempt, failures),
            NextEvent::Pay { actor, card } => pay::pay(self, actor, card),
            NextEvent::Unlink { actor, card } => pay::unlink(self, actor, card),
        }
    }

    /// Puts a step off by some seconds, evenly between the two.
    pub(super) fn follow(&mut self, least: i64, most: i64, step: NextEvent) {
        let due = self.now.second + self.random.between(least, most);
        self.later.push(Reverse((due, self.made, step)));
    }

    pub(super) fn is_since_cutover(&self) -> bool {
        self.now.second >= self.setting.cutover
    }

    /// Something that follows from nothing before.
    fn begin(&mut self) -> NextEvent {
        let fraud = if self.now.hour < 6 { 450 } else { 70 };
        if self.random.chance(fraud) {
            return self.begin_fraud();
        }
        match self.random.pick(&[("link", 29), ("pay", 67), ("unlink", 4)]) {
            "link" => self.begin_link(),
            "pay" => self.begin_with_agreement(|actor, card| NextEvent::Pay { actor, card }),
            _ => self.begin_with_agreement(|actor, card| NextEvent::Unlink { actor, card }),
        }
    }

    /// A customer links a card: the first one, or another.
    fn begin_link(&mut self) -> NextEvent {
        let mut actor = self.customer();
        let mut person = Person::of(self.setting.seed, actor);
        if person.is_stock && self.random.chance(6_000) {
            actor = self.customer();
            person = Person::of(self.setting.seed, actor);
        }
        if person.is_stock {
            let adds = !self.random.chance(600);
            return NextEvent::Check { actor, card: if adds { 1 + self.random.below(3) } else { 0 } };
        }
        let card = person.card(self.setting.seed, 0);
        let signed = self.history.agreement(&person, &card, self.setting.cutover * 1_000_000);
        let is_active = signed.is_some_and(|agreement| agreement.status == "active");
        if is_active && !self.random.chance(800) { NextEvent::Pay { actor, card: 0 } } else { NextEvent::Check { actor, card: 0 } }
    }

    /// Rings come one after the other over the period, three at a time; a quarter of all fraud is loners'.
    fn begin_fraud(&mut self) -> NextEvent {
        if self.random.chance(4_500) || self.victims.is_empty() {
            self.loners += 1;
            return NextEvent::Check { actor: SampleRequester::Loner(self.loners), card: 0 };
        }
        let count = self.victims.len() as u64;
        let passed = (self.now.second - self.setting.from).unsigned_abs();
        let whole = (self.setting.until - self.setting.from).unsigned_abs().max(1);
        let place = passed * count / whole + self.random.below(3);
        let ring = (place * 7 + 3) % count;
        self.next_victim(ring)
    }

    fn next_victim(&mut self, ring: u64) -> NextEvent {
        let mut victim = 0;
        if let Some(victims) = usize::try_from(ring).ok().and_then(|ring| self.victims.get_mut(ring)) {
            victim = *victims;
            *victims += 1;
        }
        NextEvent::Check { actor: SampleRequester::Ring(ring, victim), card: 0 }
    }

    /// A customer; some come much more often than others.
    fn customer(&mut self) -> SampleRequester {
        SampleRequester::Customer(self.random.low(self.setting.customers, 2))
    }

    /// Somebody who holds an agreement: a stock customer, or one who signed within the sample.
    fn begin_with_agreement(&mut self, step: impl Fn(SampleRequester, u64) -> NextEvent) -> NextEvent {
        let is_fresh = !self.fresh.is_empty() && self.random.chance(1_800);
        if is_fresh {
            let at = self.random.below(self.fresh.len() as u64);
            if let Some((customer, card)) = usize::try_from(at).ok().and_then(|at| self.fresh.get(at)) {
                return step(SampleRequester::Customer(*customer), *card);
            }
        }
        for _ in 0..20 {
            let actor = self.customer();
            let person = Person::of(self.setting.seed, actor);
            let card = person.card(self.setting.seed, 0);
            let agreement = self.history.agreement(&person, &card, self.setting.cutover * 1_000_000);
            let is_active = agreement.is_some_and(|agreement| agreement.status == "active");
            if is_active || (agreement.is_some() && self.random.chance(100)) {
                return step(actor, 0);
            }
        }
        let actor = self.customer();
        step(actor, 0)
    }

    /// The interface the platform picks for a new link: at random, and since the cutover with some preference for the open one.
    pub(super) fn spread(&mut self) -> &'static str {
        if self.random.chance(12) {
            return "other";
        }
        let since = self.now.second - self.setting.cutover;
        let preference = match since {
            ..0 => 0,
            0..5_184_000 => 3_500,
            _ => 9_700,
        };
        if self.random.chance(preference) { OPEN } else { self.any_interface() }
    }

    /// One of the five, evenly.
    pub(super) fn any_interface(&mut self) -> &'static str {
        let at = usize::try_from(self.random.below(5)).unwrap_or(0);
        INTERFACES.get(at).copied().unwrap_or(OPEN)
    }

    /// The four-element check; most go on to sign.
    fn check(&mut self, actor: SampleRequester, card: u64) -> SampleRow {
        let person = Person::of(self.setting.seed, actor);
        let held = person.card(self.setting.seed, card);
        let interface = self.spread();
        let mut row = self.row("AUTH", &person, &held, interface);
        self.set_kind(&mut row, &person, None);
        self.set_agreement(&mut row, &person, &held);
        let mobile = if actor.is_fraud() { 1_200 } else { 110 };
        let matches = self.set_matches(&mut row, [60, 40, mobile]);
        row.set(SampleField::Otp, SampleCell::Name("not_sent"));
        row.set(SampleField::BankVerified, SampleCell::Bool(self.random.chance(9_300)));
        row.set(SampleField::Factors, SampleCell::Int(1));
        // A fraud ring proceeds from one victim to the next.
        if let SampleRequester::Ring(ring, _) = actor
            && self.random.chance(6_500)
        {
            let step = self.next_victim(ring);
            self.follow(60, 400, step);
        }
        if matches && self.random.chance(9_200) {
            let again = if self.random.chance(8_000) { interface } else { self.spread() };
            self.follow(15, 90, NextEvent::Sign { actor, card, interface: again, attempt: 1, failures: 0 });
        } else if !matches && self.random.chance(2_500) {
            self.follow(30, 300, NextEvent::Check { actor, card });
        }
        row
    }

    fn sign(&mut self, actor: SampleRequester, card: u64, interface: &'static str, attempt: u8, failures: i64) -> SampleRow {
        let person = Person::of(self.setting.seed, actor);
        let held = person.card(self.setting.seed, card);
        let mut row = self.row("SIGN", &person, &held, interface);
        self.set_kind(&mut row, &person, None);
        self.set_agreement(&mut row, &person, &held);
        let matches = self.set_matches(&mut row, [15, 10, 25]);
        // After one wrong code the person does not have the mobile.
        let wrong = match (failures, actor.is_fraud()) {
            (0, false) => 300,
            (0, true) => 900,
            _ => 6_500,
        };
        let code = self.random.pick(&[("ok", 9_480), ("wrong", wrong), ("expired", 120), ("used", 25), ("not_sent", 55)]);
        row.set(SampleField::Otp, SampleCell::Name(code));
        row.set(SampleField::OtpFailures, SampleCell::Int(failures).or_missing(self.random.below(10_000), 2_000));
        let verified = self.random.chance(9_910);
        row.set(SampleField::BankVerified, SampleCell::Bool(verified));
        let factors = self.random.pick(&[("2", 9_330), ("3", 620), ("1", 50)]);
        row.set(SampleField::Factors, SampleCell::Int(factors.parse().unwrap_or(2)));
        let is_open = interface == OPEN || !self.is_since_cutover() || person.platform != "alipay";
        if code == "wrong" {
            if self.random.chance(7_500) {
                self.follow(20, 100, NextEvent::Sign { actor, card, interface, attempt, failures: failures + 1 });
            }
        } else if !is_open {
            let (most, goes_on) = if actor.is_fraud() { (9, 8_500) } else { (4, 4_500) };
            if attempt < most && self.random.chance(goes_on) {
                let interface = self.spread();
                self.follow(40, 600, NextEvent::Sign { actor, card, interface, attempt: attempt + 1, failures });
            }
        } else if matches && code == "ok" && verified && factors != "1" && held.status == "active" {
            self.signed(actor, card, &held, interface);
        }
        row
    }

    /// Remembers who signed; of very many, some of the older ones are forgotten.
    fn remember(&mut self, signed: (u64, u64)) {
        let is_full = self.fresh.len() >= MOST_FRESH;
        let place = usize::try_from(self.made).unwrap_or(0) % MOST_FRESH;
        match self.fresh.get_mut(place).filter(|_| is_full) {
            Some(place) => *place = signed,
            None => self.fresh.push(signed),
        }
    }

    /// The agreement comes into being, and payments follow.
    fn signed(&mut self, actor: SampleRequester, card: u64, held: &Card, interface: &'static str) {
        let signed_at = self.now.second * 1_000_000;
        self.history.set_agreement(held, Agreement { status: "active", signed_at, interface });
        match actor {
            SampleRequester::Customer(number) => {
                self.remember((number, card));
                if self.random.chance(3_500) {
                    self.follow(120, 7_200, NextEvent::Pay { actor, card });
                }
            }
            SampleRequester::Ring(..) | SampleRequester::Loner(_) => {
                for _ in 0..self.random.between(1, 4) {
                    self.follow(90, 5_400, NextEvent::Pay { actor, card });
                }
            }
        }
    }
}
