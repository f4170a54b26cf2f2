//! Damages texts and bytes as a fuzzer does, the same way for the same number every time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::targets::Target;

/// How many damaged inputs each target reads; 200 by default.
const ROUNDS: &str = "COUNTERSIGN_FUZZ_ROUNDS";
/// The round to begin with, as a failure names it; 0 by default.
const FROM: &str = "COUNTERSIGN_FUZZ_FROM";
/// No reader takes longer over an input of this size, in any build.
const SLOWEST: Duration = Duration::from_secs(20);

/// A sequence of numbers that a round's number decides.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        // The sequence is SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).unwrap()
    }
}

/// Pieces that mean something to one of the readers, or to a programmer's mistakes.
const PIECES: [&[u8]; 40] = [
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"r#\"",
    b"\"#",
    b"\\u{10ffff}",
    b"\\",
    b"'",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"/*",
    b"//",
    b"Some(",
    b"#![enable(unwrap_newtypes)]",
    b"-1",
    b"0",
    b"1e999",
    b"NaN",
    b"18446744073709551616",
    b"170141183460469231731687303715884105728",
    b"-----BEGIN SSH SIGNATURE-----\n",
    b"====",
    b"AAAA",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\xff",
    b"namespaces=\"",
    b"{\"previous\":[",
    b",\"hash\":\"",
    b"\xe4\xb8\xad",
];

/// One damage after another to a copy of a seed.
fn damaged(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(40)).min(bytes.len()).max(at);
        match random.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let copied = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                drop(bytes.splice(to..to, copied));
            }
            5 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            6 => {
                let times = 1 << random.below(13);
                let piece = PIECES[random.below(PIECES.len())].repeat(times);
                drop(bytes.splice(at..at, piece));
            }
            _ => drop(bytes.splice(at..end.min(at + random.below(4)), PIECES[random.below(PIECES.len())].iter().copied())),
        }
    }
    bytes
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Has a target read its seeds and damaged copies of them. It must come to an end soon and never panic.
pub fn fuzz(name: &str, target: &Target) {
    for seed in &target.seeds {
        (target.read)(seed);
    }
    let from = number(FROM, 0);
    for round in from..from + number(ROUNDS, 200) {
        let input = damaged(&target.seeds, &mut Random(round));
        let began = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| (target.read)(&input)));
        let shown = || String::from_utf8_lossy(&input[..input.len().min(4_000)]).into_owned();
        assert!(result.is_ok(), "{name}: round {round} ({FROM}={round} {ROUNDS}=1) panicked over\n{}", shown());
        assert!(began.elapsed() < SLOWEST, "{name}: round {round} took {:?} over\n{}", began.elapsed(), shown());
    }
}
