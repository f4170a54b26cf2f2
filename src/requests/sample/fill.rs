//! What a sample request says: person, card, device, counts and agreement, at the moment it arrives.

use super::history::{Agreement, SampleKey};
use super::row::{HashDomain, SampleCell, SampleField, SampleRow, hash};
use super::stream::RowStream;
use super::tables::{INTERFACES, capacity};
use super::world::{Card, Person};

impl RowStream {
    /// A row with everything that person, card, device and time give.
    pub(super) fn row(&mut self, operation: &'static str, person: &Person, card: &Card, interface: &'static str) -> SampleRow {
        let mut row = SampleRow::new();
        let random = self.random.below(100_000_000);
        row.set(SampleField::Id, SampleCell::Serial(self.now.stamp, self.made, random));
        row.set(SampleField::Operation, SampleCell::Name(operation));
        row.set(SampleField::ReceivedAt, SampleCell::Time(self.now.second * 1_000_000));
        row.set(SampleField::Interface, SampleCell::Name(interface));
        row.set(SampleField::Channel, SampleCell::Name(person.channel));
        set_person(&mut row, person);
        self.set_device(&mut row, person);
        self.set_card(&mut row, card);
        self.set_counts(&mut row, operation == "SIGN", person, card);
        let place = INTERFACES.iter().position(|known| *known == interface);
        if let Some(place) = place {
            let load = self.history.arrive(self.now.second, place) * 100 / capacity(interface);
            let load = SampleCell::Int(i64::try_from(load).unwrap_or(i64::MAX));
            row.set(SampleField::Load, load.or_missing(self.random.below(10_000), 200));
        }
        row.set(SampleField::Source, SampleCell::Name("card"));
        for field in [SampleField::PaidToday, SampleField::PaidMonth, SampleField::PaidYear] {
            row.set(field, SampleCell::Money(0));
        }
        row.set(SampleField::Fraud, self.label(person.actor.is_fraud()));
        row
    }

    /// What is known afterwards: seldom wrong, sometimes nothing.
    fn label(&mut self, is_fraud: bool) -> SampleCell {
        let told = if is_fraud { !self.random.chance(250) } else { self.random.chance(6) };
        SampleCell::Bool(told).or_missing(self.random.below(10_000), 900)
    }

    fn set_device(&mut self, row: &mut SampleRow, person: &Person) {
        let missing = if person.channel == "mobile" { 90 } else { 1_400 };
        row.set(SampleField::Device, SampleCell::Hash(person.device).or_missing(self.random.below(10_000), missing));
        row.set(SampleField::Ip, SampleCell::Address(person.address).or_missing(self.random.below(10_000), 150));
        let sims = if person.channel == "mobile" { optional(person.sims) } else { SampleCell::Missing };
        row.set(SampleField::Sims, sims);
        row.set(SampleField::IpProvince, person.ip_province.map_or(SampleCell::Missing, SampleCell::Name));
    }

    fn set_card(&mut self, row: &mut SampleRow, card: &Card) {
        row.set(SampleField::CardKind, SampleCell::Name(card.kind));
        row.set(SampleField::Bin, SampleCell::Name(card.bin));
        row.set(SampleField::Card, SampleCell::Hash(hash(HashDomain::Card, card.number)));
        row.set(SampleField::CardStatus, SampleCell::Name(card.status));
        row.set(SampleField::CardAge, optional(card.open_days));
        row.set(SampleField::MobileAge, optional(card.mobile_bound_days));
        // Account classes exist since December 2016.
        if self.now.calendar.month >= 2_016 * 12 + 11 && card.kind == "debit" {
            row.set(SampleField::CardClass, SampleCell::Name(card.class).or_missing(self.random.below(10_000), 500));
        }
    }

    fn set_counts(&mut self, row: &mut SampleRow, is_signing: bool, person: &Person, card: &Card) {
        let keys = [
            (SampleField::SigningsByCard, SampleKey::Card, card.number),
            (SampleField::SigningsByMobile, SampleKey::Mobile, person.mobile),
            (SampleField::SigningsById, SampleKey::Id, person.id()),
            (SampleField::SigningsByDevice, SampleKey::Device, person.device),
            (SampleField::SigningsByIp, SampleKey::Ip, u64::from(person.address)),
        ];
        for (field, by, key) in keys {
            let count = self.history.signings(self.now.calendar.day, by, key, is_signing);
            row.set(field, SampleCell::Int(count));
        }
        let cards = if person.actor.is_fraud() { person.ids_by_mobile } else { i64::try_from(person.cards).unwrap_or(1) };
        row.set(SampleField::CardsByMobile, SampleCell::Int(cards));
        row.set(SampleField::IdsByMobile, SampleCell::Int(person.ids_by_mobile));
        row.set(SampleField::IdsByDevice, SampleCell::Int(person.ids_by_device));
    }

    /// The kind of customer, from the agreement used or from any the person holds; once in a while the platform is wrong.
    pub(super) fn set_kind(&mut self, row: &mut SampleRow, person: &Person, used: Option<Agreement>) {
        let cutover = self.setting.cutover * 1_000_000;
        let is_stock = used.map_or(person.is_stock, |agreement| agreement.signed_at < cutover);
        let told = is_stock != self.random.chance(8);
        row.set(SampleField::Kind, SampleCell::Name(if told { "stock" } else { "new" }));
    }

    pub(super) fn set_agreement(&mut self, row: &mut SampleRow, person: &Person, card: &Card) {
        if let Some(agreement) = self.history.agreement(person, card, self.setting.cutover * 1_000_000) {
            row.set(SampleField::AgreementStatus, SampleCell::Name(agreement.status));
            row.set(SampleField::SignedAt, SampleCell::Time(agreement.signed_at));
        }
    }

    /// The elements that match: name, ID number, mobile; given is how often each does not, in ten thousand.
    pub(super) fn set_matches(&mut self, row: &mut SampleRow, misses: [u64; 3]) -> bool {
        let mut all = true;
        for (field, miss) in [SampleField::NameMatch, SampleField::IdMatch, SampleField::MobileMatch].into_iter().zip(misses) {
            let matches = !self.random.chance(miss);
            row.set(field, SampleCell::Bool(matches));
            all &= matches;
        }
        all
    }
}

fn optional(number: Option<i64>) -> SampleCell {
    number.map_or(SampleCell::Missing, SampleCell::Int)
}

fn set_person(row: &mut SampleRow, person: &Person) {
    row.set(SampleField::Platform, SampleCell::Name(person.platform));
    row.set(SampleField::Account, SampleCell::Hash(person.account()));
    row.set(SampleField::AccountAge, optional(person.account_age_days));
    row.set(SampleField::PlatformScore, optional(person.platform_score));
    let age = if person.id_type == "id_card" { optional(person.age) } else { SampleCell::Missing };
    row.set(SampleField::Age, age);
    row.set(SampleField::IdType, SampleCell::Name(person.id_type));
    row.set(SampleField::Person, SampleCell::Hash(person.id()));
    row.set(SampleField::Mobile, SampleCell::Hash(person.mobile));
    row.set(SampleField::Province, person.province.map_or(SampleCell::Missing, SampleCell::Name));
}
