//! The people of the sample: honest customers, rings of fraudsters, and fraudsters on their own. Everything about a person follows
//! from the seed and the person's number, so nobody has to be remembered.

use super::random::Random;
use super::row::{HashDomain, hash};
use super::tables::{INTERFACES, PROVINCES};

/// Numbers from here on are victims of rings: a thousand to a ring.
const RINGS: u64 = 1_000_000_000;
/// Numbers from here on are victims of fraudsters on their own.
const LONERS: u64 = 2_000_000_000;

/// Days of history before the cutover over which stock customers signed.
const STOCK_DAYS: i64 = 900;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SampleRequester {
    Customer(u64),
    /// The victim with that number of a ring.
    Ring(u64, u64),
    /// A victim of a fraudster on his own.
    Loner(u64),
}

impl SampleRequester {
    pub(super) fn is_fraud(self) -> bool {
        !matches!(self, Self::Customer(_))
    }

    /// The number that hashes follow from.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Customer(number) => number,
            Self::Ring(ring, victim) => RINGS + ring * 1_000 + victim % 1_000,
            Self::Loner(number) => LONERS + number,
        }
    }
}

/// Everything about a person that does not change from request to request.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) actor: SampleRequester,
    pub(super) mobile: u64,
    pub(super) device: u64,
    pub(super) address: u32,
    pub(super) age: Option<i64>,
    pub(super) id_type: &'static str,
    pub(super) province: Option<&'static str>,
    pub(super) ip_province: Option<&'static str>,
    pub(super) platform: &'static str,
    pub(super) account_age_days: Option<i64>,
    pub(super) platform_score: Option<i64>,
    pub(super) channel: &'static str,
    pub(super) sims: Option<i64>,
    pub(super) cards: u64,
    pub(super) ids_by_mobile: i64,
    pub(super) ids_by_device: i64,
    /// Whether the person signed before the cutover.
    pub(super) is_stock: bool,
    /// The interface of the person's old agreement.
    pub(super) home: &'static str,
    /// Time from the signing of the old agreement to the cutover.
    pub(super) signed_before: i64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Card {
    pub(super) number: u64,
    pub(super) kind: &'static str,
    pub(super) bin: &'static str,
    pub(super) status: &'static str,
    pub(super) class: &'static str,
    pub(super) open_days: Option<i64>,
    pub(super) mobile_bound_days: Option<i64>,
    /// Usual payments a month, in fen: what was paid before the sample begins follows from it.
    pub(super) habit_fen: i64,
}

fn some<T>(random: &mut Random, missing_in_ten_thousand: u64, value: T) -> Option<T> {
    (!random.chance(missing_in_ten_thousand)).then_some(value)
}

impl Person {
    pub(super) fn of(seed: u64, actor: SampleRequester) -> Self {
        let mut random = Random::new(seed, actor.number());
        let mut person = Self::honest(&mut random, actor);
        match actor {
            SampleRequester::Customer(_) => {}
            SampleRequester::Ring(ring, victim) => person.turn_into_ring_victim(&mut random, ring, victim),
            SampleRequester::Loner(_) => person.turn_into_victim(&mut random),
        }
        person
    }

    fn honest(random: &mut Random, actor: SampleRequester) -> Self {
        let number = actor.number();
        let province = random.pick(&PROVINCES);
        let ip_province = if random.chance(8_300) { province } else { random.pick(&PROVINCES) };
        let young = random.chance(25);
        let age =
            if young { random.between(11, 15) } else { 16 + random.between(0, 30) + random.between(0, 25) * random.between(0, 1) };
        let family = random.pick(&[("alone", 8_700), ("pair", 1_150), ("family", 120), ("shop", 30)]);
        let (ids_by_mobile, ids_by_device) = match family {
            "alone" => (1, 1),
            "pair" => (random.between(1, 2), 2),
            "family" => (random.between(1, 3), 3),
            _ => (1, random.between(4, 9)),
        };
        let score = i64::try_from(random.low(1_000, 5)).unwrap_or(0);
        let score = some(random, 800, score);
        let account_age = if random.chance(300) { random.between(0, 29) } else { random.between(30, 2_900) };
        Self {
            actor,
            mobile: hash(HashDomain::Mobile, number),
            device: hash(HashDomain::Device, number),
            address: address(random),
            age: some(random, 60, age),
            id_type: random.pick(&[
                ("id_card", 9_860),
                ("passport", 40),
                ("home_return", 35),
                ("taiwan", 20),
                ("officer", 15),
                ("soldier", 20),
                ("police", 5),
                ("other", 5),
            ]),
            province: some(random, 150, province),
            ip_province: some(random, 700, ip_province),
            platform: random.pick(&[("alipay", 8_300), ("tenpay", 1_250), ("other", 450)]),
            account_age_days: some(random, 400, account_age),
            platform_score: score,
            channel: random.pick(&[("mobile", 6_200), ("internet", 3_770), ("counter", 30)]),
            sims: random.maybe(3_500, 1, 2),
            cards: 1 + random.low(4, 3),
            ids_by_mobile,
            ids_by_device,
            is_stock: random.chance(6_800),
            home: INTERFACES.get(usize::try_from(random.below(5)).unwrap_or(0)).copied().unwrap_or(INTERFACES[0]),
            signed_before: random.between(1, STOCK_DAYS * 86_400) * 1_000_000,
        }
    }

    /// A stolen identity in the hands of one fraudster: an odd place, a young account, a mobile of his own.
    fn turn_into_victim(&mut self, random: &mut Random) {
        self.is_stock = false;
        self.cards = 1;
        self.platform = "alipay";
        self.account_age_days = random.maybe(300, 0, 90);
        self.platform_score = random.maybe(500, 120, 850);
        self.ip_province = Some(random.pick(&PROVINCES));
        self.sims = random.maybe(3_000, 1, 5);
        self.channel = random.pick(&[("mobile", 7_000), ("internet", 3_000)]);
    }

    /// One of many stolen identities on a ring's few devices and mobiles.
    fn turn_into_ring_victim(&mut self, random: &mut Random, ring: u64, victim: u64) {
        self.turn_into_victim(random);
        let mut habits = Random::new(ring, RINGS);
        let devices = 1 + habits.below(2);
        let mobiles = 1 + habits.below(3);
        let sims = habits.between(3, 12);
        let number = |place: u64| SampleRequester::Ring(ring, place).number();
        self.device = hash(HashDomain::Device, number(victim % devices));
        self.mobile = hash(HashDomain::Mobile, number(victim % mobiles));
        self.address = address(&mut habits);
        self.ip_province = Some(habits.pick(&PROVINCES));
        self.sims = some(random, 1_500, sims);
        self.ids_by_device = i64::try_from(victim / devices).unwrap_or(0) + 1;
        self.ids_by_mobile = i64::try_from(victim / mobiles).unwrap_or(0) + 1;
        self.platform_score = random.maybe(500, 250, 900);
    }

    pub(super) fn id(&self) -> u64 {
        hash(HashDomain::Person, self.actor.number())
    }

    pub(super) fn account(&self) -> u64 {
        hash(HashDomain::Account, self.actor.number())
    }

    /// The person's card with that number, counted from 0.
    pub(super) fn card(&self, seed: u64, place: u64) -> Card {
        let own = self.actor.number();
        let number = if self.actor.is_fraud() { own } else { own * 4 + place.min(3) };
        let mut random = Random::new(seed ^ number, 77);
        let kind = random.pick(&[("debit", 8_500), ("credit", 1_420), ("quasi_credit", 80)]);
        let bin = match kind {
            "debit" => random.pick(&[("622202", 5), ("621226", 3), ("621225", 2), ("955880", 1)]),
            "credit" => random.pick(&[("622230", 3), ("622210", 2), ("625330", 1)]),
            _ => "622206",
        };
        let age = if random.chance(180) { random.between(0, 6) } else { 7 + random.between(0, 3_600) };
        let bound = if random.chance(120) { random.between(0, 1) } else { random.between(2, 2_400) };
        let stolen = self.actor.is_fraud() && random.chance(5_500);
        let bound = if stolen { random.between(0, 3) } else { bound.min(age.max(2)) };
        Card {
            number,
            kind,
            bin,
            status: random.pick(&[("active", 9_850), ("lost", 45), ("frozen", 40), ("locked", 25), ("closed", 40)]),
            class: random.pick(&[("I", 8_300), ("II", 1_300), ("III", 400)]),
            open_days: some(&mut random, 500, age),
            mobile_bound_days: some(&mut random, 700, bound),
            habit_fen: if random.chance(150) {
                random.between(2_000_000, 8_000_000)
            } else {
                i64::try_from(random.low(600_000, 3)).unwrap_or(0)
            },
        }
    }
}

/// An address that looks like one of a Chinese network; a twentieth share a few of a mobile network's.
fn address(random: &mut Random) -> u32 {
    if random.chance(500) {
        return 0x0075_8800 + u32::try_from(random.below(8)).unwrap_or(0);
    }
    let first = random.pick(&[("112", 112), ("117", 117), ("121", 121), ("182", 182), ("218", 218), ("222", 222)]);
    let first: u32 = first.parse().unwrap_or(112);
    (first << 16) + u32::try_from(random.below(65_536)).unwrap_or(0)
}
