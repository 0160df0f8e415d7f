//! Numbers that look random and are the same in every run.

/// A source of numbers that look random: equal seeds give equal numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// One that begins with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number (`SplitMix64`).
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one less than a limit; 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = limit as u64;
        let number = self.number().checked_rem(limit).unwrap_or_default();
        usize::try_from(number).unwrap_or_default()
    }
}
