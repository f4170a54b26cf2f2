//! A number from 0 to 9999 that a key and a salt give.

use sha2::{Digest, Sha256};

use super::{Body, CallFailure, Charge, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::script::host::Cost;
use crate::text::StaticText;

pub static SHARE: Function = Function {
    name: "share",
    parameters: &[("key", Takes::TextOrInt), ("salt", Takes::TextOrEnum)],
    gives: Gives::Int,
    doc: StaticText::new(
        "A number from 0 to 9999 that is the same for the same key and salt for ever: `share(card.hash, \"wave1\") < 500` holds for five per cent of the cards.",
        "0 至 9999 的数，相同的键与盐永远得到相同结果：`share(card.hash, \"wave1\") < 500` 对百分之五的卡成立。",
    ),
    example: ("share(\"card-1\", \"wave1\")", "8775"),
    words: StaticText::new("the share number, 0 to 9999, of {0} with the salt {1}", "以{1}为盐的{0}分流号（0 至 9999）"),
    body: Body::Value(|args, _| match args {
        [V::Text(key), V::Text(salt)] => Ok(V::Int(share(key, salt))),
        [V::Int(key), V::Text(salt)] => Ok(V::Int(share(&key.to_string(), salt))),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Within(0, 9_999),
    charge: Some(Charge { cost: Cost::new(8, 8), counted: &[0, 1] }),
    ..PURE
};

/// 0 to 9999, evenly: the first eight bytes of SHA-256 over salt, a zero byte and key, modulo 10000.
#[must_use]
pub fn share(key: &str, salt: &str) -> i64 {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(key.as_bytes());
    let first = hash.finalize().iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    i64::try_from(first % 10_000).unwrap_or(0)
}
