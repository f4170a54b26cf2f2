//! One sample request: a cell for every field that the generator knows, by the names of the shipped schema.

use std::fmt::Write as _;

use super::random::mix;

/// What is hashed; the hash does not depend on the seed, so that the shipped lists contain some of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum HashDomain {
    Person = 1,
    Mobile = 2,
    Device = 3,
    Card = 4,
    Account = 5,
}

/// The hash of the thing with that number.
pub(super) fn hash(thing: HashDomain, number: u64) -> u64 {
    mix(((thing as u64) << 56) ^ number)
}

/// A value, small and without memory of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SampleCell {
    #[default]
    Missing,
    Bool(bool),
    Int(i64),
    /// In fen.
    Money(i64),
    /// Microseconds since 1970.
    Time(i64),
    /// The value of an enum, or a short text.
    Name(&'static str),
    /// Sixteen hexadecimal digits.
    Hash(u64),
    /// The first three bytes of an address.
    Address(u32),
    /// A message serial: `yyyyMMddHHmmss`, a running number of nine digits, eight random digits.
    Serial(u64, u64, u64),
}

impl SampleCell {
    /// The cell, or nothing that often in ten thousand, as `draw` below 10,000 decides.
    pub(super) fn or_missing(self, draw: u64, in_ten_thousand: u64) -> Self {
        if draw < in_ten_thousand { Self::Missing } else { self }
    }

    /// Writes the text of the cells that become Text; nothing for the others.
    pub(super) fn write_text(self, text: &mut String) {
        let written = match self {
            Self::Hash(number) => write!(text, "{number:016x}"),
            Self::Address(number) => {
                let [_, a, b, c] = number.to_be_bytes();
                write!(text, "{a}.{b}.{c}.*")
            }
            Self::Serial(stamp, running, random) => write!(text, "{stamp:014}{running:09}{random:08}"),
            Self::Name(name) => write!(text, "{name}"),
            Self::Missing | Self::Bool(_) | Self::Int(_) | Self::Money(_) | Self::Time(_) => Ok(()),
        };
        debug_assert!(written.is_ok(), "writing to a text cannot fail");
    }
}

macro_rules! fields {
    ($($field:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum SampleField { $($field,)* }

        /// The full names of all fields, in the order of [`SampleField`].
        pub(super) const NAMES: [&str; { [$($name,)*].len() }] = [$($name,)*];
    };
}

fields! {
    Id = "request.id",
    Operation = "request.operation",
    ReceivedAt = "request.received_at",
    Interface = "request.interface",
    Channel = "request.channel",
    Platform = "platform.id",
    Account = "platform.account_hash",
    AccountAge = "platform.account_age_days",
    AccountClass = "platform.account_class",
    PlatformScore = "platform.risk_score",
    Kind = "customer.kind",
    Age = "customer.age",
    IdType = "customer.id_type",
    Person = "customer.id_hash",
    Mobile = "customer.mobile_hash",
    Province = "customer.province",
    CardKind = "card.kind",
    CardClass = "card.class",
    Bin = "card.bin",
    Card = "card.hash",
    CardStatus = "card.status",
    CardAge = "card.open_days",
    MobileAge = "card.mobile_bound_days",
    NameMatch = "check.name_match",
    IdMatch = "check.id_match",
    MobileMatch = "check.mobile_match",
    Otp = "check.otp",
    OtpFailures = "check.otp_failures",
    BankVerified = "check.bank_verified",
    Factors = "check.factors",
    BarcodeLevel = "check.barcode_level",
    Device = "device.id_hash",
    Ip = "device.ip",
    Sims = "device.sim_count",
    IpProvince = "device.ip_province",
    AgreementStatus = "agreement.status",
    SignedAt = "agreement.signed_at",
    Source = "money.source",
    Amount = "money.amount",
    PaidToday = "money.paid_today",
    PaidMonth = "money.paid_month",
    PaidYear = "money.paid_year",
    SigningsByCard = "velocity.signings_today_by_card",
    SigningsByMobile = "velocity.signings_today_by_mobile",
    SigningsById = "velocity.signings_today_by_id",
    SigningsByDevice = "velocity.signings_today_by_device",
    SigningsByIp = "velocity.signings_today_by_ip",
    CardsByMobile = "velocity.cards_by_mobile",
    IdsByMobile = "velocity.ids_by_mobile",
    IdsByDevice = "velocity.ids_by_device",
    Load = "gateway.load_percent",
    Fraud = "label.fraud",
}

/// A request, every cell missing at first.
#[derive(Clone, Debug)]
pub(super) struct SampleRow {
    cells: [SampleCell; NAMES.len()],
}

impl SampleRow {
    pub(super) fn new() -> Self {
        Self { cells: [SampleCell::Missing; NAMES.len()] }
    }

    pub(super) fn set(&mut self, field: SampleField, cell: SampleCell) {
        if let Some(place) = self.cells.get_mut(field as usize) {
            *place = cell;
        }
    }

    pub(super) fn get(&self, at: usize) -> SampleCell {
        self.cells.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_length() {
        let text = |cell: SampleCell| {
            let mut text = String::new();
            cell.write_text(&mut text);
            text
        };
        assert_eq!(text(SampleCell::Serial(20_140_324_000_000, 1, 2)), "2014032400000000000000100000002");
        assert_eq!(text(SampleCell::Serial(20_140_324_000_000, 1, 2)).len(), 31);
        assert_eq!(text(SampleCell::Hash(hash(HashDomain::Person, 0))), "c9ed992411bbb661");
        assert_eq!(text(SampleCell::Address(0x00B6_8A0A)), "182.138.10.*");
    }
}
