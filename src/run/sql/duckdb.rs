//! DuckDB, from version 1.3 on.

use super::words::{SqlType, Words};

pub(super) struct DuckDb;

impl Words for DuckDb {
    fn title(&self) -> &'static str {
        "DuckDB"
    }

    fn computed_once(&self) -> &'static str {
        "AS MATERIALIZED ("
    }

    fn type_name(&self, kind: SqlType) -> &'static str {
        match kind {
            SqlType::Flag => "BOOLEAN",
            SqlType::Whole => "HUGEINT",
            SqlType::Fraction => "DOUBLE",
            SqlType::Text => "VARCHAR",
        }
    }

    fn identifier(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn text(&self, text: &str) -> String {
        // A zero byte ends a statement for some drivers.
        let parts: Vec<String> = text.split('\0').map(|part| format!("'{}'", part.replace('\'', "''"))).collect();
        if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(" || chr(0) || ")) }
    }

    fn fraction(&self, number: f64) -> String {
        format!("CAST('{number:e}' AS DOUBLE)")
    }

    fn quotient(&self, one: &str, other: &str) -> String {
        format!("({one} // NULLIF({other}, 0))")
    }

    fn rest(&self, one: &str, other: &str) -> String {
        format!("({one} % NULLIF({other}, 0))")
    }

    fn to_fraction(&self, whole: &str) -> String {
        format!("CAST(CAST({whole} AS BIGINT) AS DOUBLE)")
    }

    fn to_whole(&self, fraction: &str) -> String {
        format!("CAST(TRY_CAST({fraction} AS BIGINT) AS HUGEINT)")
    }

    fn is_finite(&self, fraction: &str) -> String {
        format!("isfinite({fraction})")
    }

    fn bytes(&self, text: &str) -> String {
        format!("strlen({text})")
    }

    fn characters(&self, text: &str) -> String {
        format!("CAST(length({text}) AS HUGEINT)")
    }

    fn first(&self, text: &str, count: &str) -> String {
        format!("left({text}, CAST(LEAST({count}, 65536) AS BIGINT))")
    }

    fn last(&self, text: &str, count: &str) -> String {
        format!("right({text}, CAST(LEAST({count}, 65536) AS BIGINT))")
    }

    fn starts_with(&self, text: &str, part: &str) -> String {
        format!("starts_with({text}, {part})")
    }

    fn ends_with(&self, text: &str, part: &str) -> String {
        format!("ends_with({text}, {part})")
    }

    fn contains(&self, text: &str, part: &str) -> String {
        format!("contains({text}, {part})")
    }

    fn trimmed(&self, text: &str, of: &str) -> String {
        format!("trim({text}, {of})")
    }

    fn translated(&self, text: &str, from: &str, to: &str) -> String {
        format!("translate({text}, {from}, {to})")
    }

    fn of_day(&self, part: &str, day: &str) -> String {
        format!("CAST({part}(DATE '1970-01-01' + CAST({day} AS INTEGER)) AS HUGEINT)")
    }

    fn share(&self, key: &str, salt: &str) -> String {
        let hash = format!("sha256(encode({salt}) || '\\x00'::BLOB || encode(CAST({key} AS VARCHAR)))");
        format!("CAST(CAST('0x' || substr({hash}, 1, 16) AS UBIGINT) % 10000 AS HUGEINT)")
    }

    fn is_plain(&self, text: &str) -> String {
        format!("regexp_full_match({text}, '[!-&(-<>-~一-鿿]([ -~、。一-鿿]*[!-~、。一-鿿])?')")
    }

    fn fen(&self, column: &str) -> String {
        let read = format!("TRY_CAST({column} AS DECIMAL(28, 6))");
        format!("CASE WHEN {read} = {column} AND {read} * 100 = floor({read} * 100) THEN CAST({read} * 100 AS HUGEINT) END")
    }

    fn micros(&self, column: &str) -> String {
        format!(
            "CASE WHEN typeof({column}) = 'TIMESTAMP WITH TIME ZONE' THEN CAST(epoch_us(TRY_CAST({column} AS TIMESTAMPTZ)) AS HUGEINT) END"
        )
    }

    fn exactly(&self, column: &str, kind: SqlType) -> String {
        match kind {
            SqlType::Text => format!("CAST({column} AS VARCHAR)"),
            SqlType::Flag => format!("TRY_CAST({column} AS BOOLEAN)"),
            SqlType::Whole => {
                format!("CASE WHEN TRY_CAST({column} AS BIGINT) = {column} THEN CAST(TRY_CAST({column} AS BIGINT) AS HUGEINT) END")
            }
            SqlType::Fraction => format!("CASE WHEN isfinite(TRY_CAST({column} AS DOUBLE)) THEN TRY_CAST({column} AS DOUBLE) END"),
        }
    }

    fn time_value(&self, micros: Option<i64>) -> String {
        micros.map_or("CAST(NULL AS TIMESTAMPTZ)".to_owned(), |micros| format!("make_timestamptz({micros})"))
    }

    fn amount_value(&self, fen: Option<i64>) -> String {
        let yuan =
            |fen: i64| format!("'{}{}.{:02}'", if fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
        format!("CAST({} AS DECIMAL(21, 2))", fen.map_or("NULL".to_owned(), yuan))
    }

    fn value(&self, text: &str, kind: SqlType) -> String {
        let name = if kind == SqlType::Whole { "BIGINT" } else { self.type_name(kind) };
        format!("CAST({text} AS {name})")
    }

    fn joined(&self, list: &str) -> String {
        let once = format!("list_filter({list}, lambda item, place: item IS NOT NULL AND list_position({list}, item) = place)");
        format!("NULLIF(array_to_string({once}, ';'), '')")
    }

    fn list(&self, items: &[String]) -> String {
        if items.is_empty() { "CAST([] AS VARCHAR[])".to_owned() } else { format!("[{}]", items.join(", ")) }
    }

    fn split(&self, joined: &str) -> String {
        format!("(SELECT unnest(string_split({joined}, ';')) AS part) AS parts")
    }
}
