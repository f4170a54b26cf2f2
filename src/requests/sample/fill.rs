//! What a sample request says: person, card, device, counts and agreement, at the moment it arrives.

use super::history::{Agreement, By};
use super::row::{Cell, Field, Row, Thing, hash};
use super::stream::Stream;
use super::tables::{INTERFACES, capacity};
use super::world::{Card, Person};

impl Stream {
    /// A row with everything that person, card, device and time give.
    pub(super) fn row(&mut self, operation: &'static str, person: &Person, card: &Card, interface: &'static str) -> Row {
        let mut row = Row::new();
        let random = self.random.below(100_000_000);
        row.set(Field::Id, Cell::Serial(self.now.stamp, self.made, random));
        row.set(Field::Operation, Cell::Name(operation));
        row.set(Field::ReceivedAt, Cell::Time(self.now.second * 1_000_000));
        row.set(Field::Interface, Cell::Name(interface));
        row.set(Field::Channel, Cell::Name(person.channel));
        set_person(&mut row, person);
        self.set_device(&mut row, person);
        self.set_card(&mut row, card);
        self.set_counts(&mut row, operation == "SIGN", person, card);
        let place = INTERFACES.iter().position(|known| *known == interface);
        if let Some(place) = place {
            let load = self.history.arrive(self.now.second, place) * 100 / capacity(interface);
            let load = Cell::Int(i64::try_from(load).unwrap_or(i64::MAX));
            row.set(Field::Load, load.or_missing(self.random.below(10_000), 200));
        }
        row.set(Field::Source, Cell::Name("card"));
        for field in [Field::PaidToday, Field::PaidMonth, Field::PaidYear] {
            row.set(field, Cell::Money(0));
        }
        row.set(Field::Fraud, self.label(person.actor.is_fraud()));
        row
    }

    /// What is known afterwards: seldom wrong, sometimes nothing.
    fn label(&mut self, is_fraud: bool) -> Cell {
        let told = if is_fraud { !self.random.chance(250) } else { self.random.chance(6) };
        Cell::Bool(told).or_missing(self.random.below(10_000), 900)
    }

    fn set_device(&mut self, row: &mut Row, person: &Person) {
        let missing = if person.channel == "mobile" { 90 } else { 1_400 };
        row.set(Field::Device, Cell::Hash(person.device).or_missing(self.random.below(10_000), missing));
        row.set(Field::Ip, Cell::Address(person.address).or_missing(self.random.below(10_000), 150));
        let sims = if person.channel == "mobile" { optional(person.sims) } else { Cell::Missing };
        row.set(Field::Sims, sims);
        row.set(Field::IpProvince, person.ip_province.map_or(Cell::Missing, Cell::Name));
    }

    fn set_card(&mut self, row: &mut Row, card: &Card) {
        row.set(Field::CardKind, Cell::Name(card.kind));
        row.set(Field::Bin, Cell::Name(card.bin));
        row.set(Field::Card, Cell::Hash(hash(Thing::Card, card.number)));
        row.set(Field::CardStatus, Cell::Name(card.status));
        row.set(Field::CardAge, optional(card.open_days));
        row.set(Field::MobileAge, optional(card.mobile_bound_days));
        // Account classes exist since December 2016.
        if self.now.calendar.month >= 2_016 * 12 + 11 && card.kind == "debit" {
            row.set(Field::CardClass, Cell::Name(card.class).or_missing(self.random.below(10_000), 500));
        }
    }

    fn set_counts(&mut self, row: &mut Row, is_signing: bool, person: &Person, card: &Card) {
        let keys = [
            (Field::SigningsByCard, By::Card, card.number),
            (Field::SigningsByMobile, By::Mobile, person.mobile),
            (Field::SigningsById, By::Id, person.id()),
            (Field::SigningsByDevice, By::Device, person.device),
            (Field::SigningsByIp, By::Ip, u64::from(person.address)),
        ];
        for (field, by, key) in keys {
            let count = self.history.signings(self.now.calendar.day, by, key, is_signing);
            row.set(field, Cell::Int(count));
        }
        let cards = if person.actor.is_fraud() { person.ids_by_mobile } else { i64::try_from(person.cards).unwrap_or(1) };
        row.set(Field::CardsByMobile, Cell::Int(cards));
        row.set(Field::IdsByMobile, Cell::Int(person.ids_by_mobile));
        row.set(Field::IdsByDevice, Cell::Int(person.ids_by_device));
    }

    /// The kind of customer, from the agreement used or from any the person holds; once in a while the platform is wrong.
    pub(super) fn set_kind(&mut self, row: &mut Row, person: &Person, used: Option<Agreement>) {
        let cutover = self.setting.cutover * 1_000_000;
        let is_stock = used.map_or(person.is_stock, |agreement| agreement.signed_at < cutover);
        let told = is_stock != self.random.chance(8);
        row.set(Field::Kind, Cell::Name(if told { "stock" } else { "new" }));
    }

    pub(super) fn set_agreement(&mut self, row: &mut Row, person: &Person, card: &Card) {
        if let Some(agreement) = self.history.agreement(person, card, self.setting.cutover * 1_000_000) {
            row.set(Field::AgreementStatus, Cell::Name(agreement.status));
            row.set(Field::SignedAt, Cell::Time(agreement.signed_at));
        }
    }

    /// The elements that match: name, ID number, mobile; given is how often each does not, in ten thousand.
    pub(super) fn set_matches(&mut self, row: &mut Row, misses: [u64; 3]) -> bool {
        let mut all = true;
        for (field, miss) in [Field::NameMatch, Field::IdMatch, Field::MobileMatch].into_iter().zip(misses) {
            let matches = !self.random.chance(miss);
            row.set(field, Cell::Bool(matches));
            all &= matches;
        }
        all
    }
}

fn optional(number: Option<i64>) -> Cell {
    number.map_or(Cell::Missing, Cell::Int)
}

fn set_person(row: &mut Row, person: &Person) {
    row.set(Field::Platform, Cell::Name(person.platform));
    row.set(Field::Account, Cell::Hash(person.account()));
    row.set(Field::AccountAge, optional(person.account_age_days));
    row.set(Field::PlatformScore, optional(person.platform_score));
    let age = if person.id_type == "id_card" { optional(person.age) } else { Cell::Missing };
    row.set(Field::Age, age);
    row.set(Field::IdType, Cell::Name(person.id_type));
    row.set(Field::Person, Cell::Hash(person.id()));
    row.set(Field::Mobile, Cell::Hash(person.mobile));
    row.set(Field::Province, person.province.map_or(Cell::Missing, Cell::Name));
}
