//! What dialects say differently. Everything else of a statement is the same in all of them.

/// The SQL of one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    DuckDb,
}

/// A type of a value in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SqlType {
    Flag,
    /// Wide enough for the product of any two 64-bit numbers.
    Whole,
    Fraction,
    Text,
}

/// Texts of an engine for what is not the same in all of them. Arguments are whole expressions, and give NULL where one of them is NULL.
pub(super) trait Words {
    fn title(&self) -> &'static str;
    /// Begins a named query that is computed once, though it is read several times.
    fn computed_once(&self) -> &'static str;
    fn type_name(&self, kind: SqlType) -> &'static str;
    /// A name that may hold any character.
    fn identifier(&self, name: &str) -> String;
    fn text(&self, text: &str) -> String;
    fn fraction(&self, number: f64) -> String;
    /// The quotient of whole numbers, cut towards zero; NULL by zero.
    fn quotient(&self, one: &str, other: &str) -> String;
    /// The rest that goes with the quotient; NULL by zero.
    fn rest(&self, one: &str, other: &str) -> String;
    /// A whole number of 64 bits as the nearest number with a fraction.
    fn to_fraction(&self, whole: &str) -> String;
    /// A number with a fraction that is whole and has at most 18 digits.
    fn to_whole(&self, fraction: &str) -> String;
    fn is_finite(&self, fraction: &str) -> String;
    fn bytes(&self, text: &str) -> String;
    fn characters(&self, text: &str) -> String;
    fn first(&self, text: &str, count: &str) -> String;
    fn last(&self, text: &str, count: &str) -> String;
    fn starts_with(&self, text: &str, part: &str) -> String;
    fn ends_with(&self, text: &str, part: &str) -> String;
    fn contains(&self, text: &str, part: &str) -> String;
    fn trimmed(&self, text: &str, of: &str) -> String;
    fn translated(&self, text: &str, from: &str, to: &str) -> String;
    /// The year, month or day of a day counted from 1970-01-01.
    fn of_day(&self, part: &str, day: &str) -> String;
    /// The first eight bytes of SHA-256 over a salt, a zero byte and a key, as a number, modulo 10,000.
    fn share(&self, key: &str, salt: &str) -> String;
    /// Whether a text is written in the characters that are in normal form for certain.
    fn is_plain(&self, text: &str) -> String;
    /// A column of decimals as whole fen; NULL where it has fractions of one.
    fn fen(&self, column: &str) -> String;
    /// A column of points in time as microseconds since 1970; NULL where it has no zone.
    fn micros(&self, column: &str) -> String;
    /// A column as a value of that type; NULL where it is none exactly.
    fn exactly(&self, column: &str, kind: SqlType) -> String;
    /// A time, an amount and any other value as a column of a table has them.
    fn time_value(&self, micros: Option<i64>) -> String;
    fn amount_value(&self, fen: Option<i64>) -> String;
    fn value(&self, text: &str, kind: SqlType) -> String;
    /// The texts of a list without NULL, each once, in order, with `;` between them; NULL where there is none. `list` is a column.
    fn joined(&self, list: &str) -> String;
    fn list(&self, items: &[String]) -> String;
    /// The parts of a joined text, a row each, as `part` of the table `parts`.
    fn split(&self, joined: &str) -> String;
}

impl Dialect {
    pub(super) fn words(self) -> &'static dyn Words {
        match self {
            Self::DuckDb => &super::duckdb::DuckDb,
        }
    }
}
