//! The figures behind the sample: where people live, when they are awake, what they pay. Rough public proportions, nobody's data.

/// Provinces by population, in hundred thousands of people (rounded).
pub(super) const PROVINCES: [(&str, u64); 34] = [
    ("guangdong", 1_064),
    ("shandong", 973),
    ("henan", 941),
    ("sichuan", 811),
    ("jiangsu", 794),
    ("hebei", 733),
    ("hunan", 669),
    ("anhui", 603),
    ("hubei", 580),
    ("zhejiang", 550),
    ("guangxi", 472),
    ("yunnan", 469),
    ("jiangxi", 452),
    ("liaoning", 439),
    ("heilongjiang", 383),
    ("shaanxi", 376),
    ("fujian", 377),
    ("shanxi", 363),
    ("guizhou", 350),
    ("chongqing", 297),
    ("jilin", 275),
    ("gansu", 258),
    ("inner_mongolia", 250),
    ("shanghai", 242),
    ("xinjiang", 226),
    ("beijing", 211),
    ("tianjin", 147),
    ("hainan", 90),
    ("ningxia", 65),
    ("qinghai", 58),
    ("tibet", 31),
    ("hong_kong", 12),
    ("taiwan", 10),
    ("overseas", 6),
];

/// How busy each hour of a day is, from midnight on.
pub(super) const HOURS: [u64; 24] = [14, 8, 5, 4, 4, 6, 14, 28, 48, 66, 78, 74, 62, 64, 70, 72, 70, 66, 64, 72, 86, 84, 58, 30];

/// How busy each day of a week is, from Monday on.
pub(super) const WEEKDAYS: [u64; 7] = [100, 98, 99, 101, 106, 114, 110];

pub(super) const INTERFACES: [&str; 5] = ["zhejiang", "branch_1", "branch_2", "branch_3", "branch_4"];

/// The first interface of [`INTERFACES`] is the one that stays open.
pub(super) const OPEN: &str = "zhejiang";

/// Requests a second that an interface carries, as the shipped rule set assumes.
pub(super) fn capacity(interface: &str) -> u64 {
    if interface == OPEN { 12 } else { 4 }
}

/// What one payment comes to, in yuan, at every twentieth of all payments.
const AMOUNTS: [u64; 21] = [1, 6, 10, 15, 20, 27, 34, 42, 50, 60, 72, 86, 100, 125, 158, 200, 270, 380, 600, 1_200, 9_000];

/// An amount in fen for a draw below 65,536: many small ones, a long tail of large ones.
pub(super) fn amount_fen(draw: u64) -> u64 {
    let at = (draw.min(65_535)) * 20;
    let (step, part) = (usize::try_from(at >> 16).unwrap_or(0), at & 0xFFFF);
    let low = AMOUNTS.get(step).copied().unwrap_or(1);
    let high = AMOUNTS.get(step + 1).copied().unwrap_or(low);
    // The last step is steep: its cube keeps very large amounts rare.
    let part = if step == 19 { (((part * part) >> 16) * part) >> 16 } else { part };
    (low * 100).max((low * 100) + (((high - low) * 100 * part) >> 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_grow_with_the_draw() {
        assert_eq!(amount_fen(0), 100);
        assert_eq!(amount_fen(32_768), 7_200);
        let all: Vec<u64> = (0..65_536).map(amount_fen).collect();
        assert!(all.is_sorted());
        assert!(all.last().is_some_and(|largest| (890_000..900_000).contains(largest)));
    }
}
