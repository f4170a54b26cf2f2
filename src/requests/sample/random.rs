//! Random numbers that are the same on every machine and for ever: `SplitMix64` to mix a seed, xoshiro256++ to draw. No floats.

/// One step of `SplitMix64`: a well-mixed number for every input.
pub(super) fn mix(input: u64) -> u64 {
    let mut z = input.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A stream of random numbers (xoshiro256++).
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: [u64; 4],
}

impl Random {
    /// The stream of a seed; streams of different `purpose` have nothing to do with each other.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let start = mix(seed ^ mix(purpose));
        let state = [start, mix(start), mix(start ^ 0xA5A5), mix(start ^ 0x5A5A_0000)];
        Self { state }
    }

    pub(super) fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// Evenly from 0 to just below `end`; 0 for an `end` of 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// Evenly from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).unsigned_abs().saturating_add(1);
        low.saturating_add_unsigned(self.below(width))
    }

    /// As [`Random::between`], or nothing that often in ten thousand draws.
    pub(super) fn maybe(&mut self, missing_in_ten_thousand: u64, low: i64, high: i64) -> Option<i64> {
        let value = self.between(low, high);
        (!self.chance(missing_in_ten_thousand)).then_some(value)
    }

    /// True that often in ten thousand draws.
    pub(super) fn chance(&mut self, in_ten_thousand: u64) -> bool {
        self.below(10_000) < in_ten_thousand
    }

    /// The smallest of `draws` numbers below `end`: small ones often, large ones seldom.
    pub(super) fn low(&mut self, end: u64, draws: u32) -> u64 {
        (0..draws).map(|_| self.below(end)).min().unwrap_or(0)
    }

    /// One of the names, as often as its weight says; the last one where weights are off.
    pub(super) fn pick(&mut self, weighted: &[(&'static str, u64)]) -> &'static str {
        let total = weighted.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total);
        for (name, weight) in weighted {
            if left < *weight {
                return name;
            }
            left -= weight;
        }
        weighted.last().map_or("", |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        assert_eq!(mix(1 << 56), 0xc9ed_9924_11bb_b661);
        let mut random = Random::new(1, 1);
        let drawn: Vec<u64> = (0..6).map(|_| random.below(1_000)).collect();
        assert_eq!(drawn, FIRST);
    }

    /// Written down on the day it was made: any other machine or version must draw the same.
    const FIRST: [u64; 6] = [269, 848, 438, 684, 588, 20];

    #[test]
    fn it_is_the_published_generator() {
        let mut random = Random { state: [1, 2, 3, 4] };
        let drawn: [u64; 4] = std::array::from_fn(|_| random.next());
        assert_eq!(drawn, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut random = Random::new(7, 0);
        for _ in 0..1_000 {
            assert!((-3..=3).contains(&random.between(-3, 3)));
            assert!(random.below(5) < 5);
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick(&[("only", 1)]), "only");
    }
}
