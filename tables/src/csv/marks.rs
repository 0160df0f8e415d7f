//! Finds the few bytes of a CSV block that mean something.

use wide::u8x16;

/// Bytes that are looked at in one step.
const STEP: usize = 64;

/// The place before the first byte, so that every cell begins behind a mark.
pub(super) const BEFORE: u32 = u32::MAX;

/// Where the delimiters, quotes and line ends of a block stand.
#[derive(Debug)]
pub(super) struct Marks {
    delimiter: u8,
    /// Room for marks, of which the first `count` are there.
    places: Vec<u32>,
    count: usize,
}

impl Marks {
    /// Those of a block.
    pub(super) fn of(block: &[u8], delimiter: u8) -> Self {
        let mut marks = Self::new(delimiter);
        marks.find(block);
        marks
    }

    /// None yet.
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            places: vec![BEFORE],
            count: 1,
        }
    }

    /// The byte that stands between cells.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// [`BEFORE`], and where the marks stand, ascending.
    pub(super) fn places(&self) -> &[u32] {
        self.places.get(..self.count).unwrap_or_default()
    }

    /// Finds those of another block.
    pub(super) fn find(&mut self, block: &[u8]) {
        self.count = 1;
        let (steps, rest) = block.as_chunks::<STEP>();
        let mut base = 0_u32;
        for step in steps {
            self.add(base, self.bits(step));
            base = base.wrapping_add(64);
        }
        let mut step = [0; STEP];
        step.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        // A delimiter may be the byte of the padding.
        let real = u32::try_from(rest.len()).unwrap_or(0);
        let padding = u64::MAX.checked_shl(real).unwrap_or(0);
        self.add(base, self.bits(&step) & !padding);
    }

    /// Adds the places of a step, which begins at `base`: a bit for each of its bytes.
    #[inline]
    fn add(&mut self, base: u32, bits: u64) {
        let most = self.count.saturating_add(STEP);
        if most > self.places.len() {
            self.places.resize(most.saturating_mul(2), BEFORE);
        }
        let room = self.places.get_mut(self.count..).unwrap_or_default();
        let (mut bits, mut added) = (bits, 0_usize);
        for place in room {
            if bits == 0 {
                break;
            }
            *place = base.wrapping_add(bits.trailing_zeros());
            bits &= bits.wrapping_sub(1);
            added = added.wrapping_add(1);
        }
        self.count = self.count.wrapping_add(added);
    }

    #[inline]
    fn bits(&self, step: &[u8; STEP]) -> u64 {
        let (quarters, _) = step.as_chunks::<16>();
        let quarters = quarters.iter().rev();
        quarters.fold(0, |bits, quarter| {
            (bits << 16) | u64::from(self.sixteen(*quarter))
        })
    }

    #[inline]
    fn sixteen(&self, bytes: [u8; 16]) -> u32 {
        let bytes = u8x16::new(bytes);
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        (is(self.delimiter) | is(b'\n') | is(b'\r') | is(b'"')).to_bitmask()
    }
}

#[cfg(test)]
mod tests {
    use super::{BEFORE, Marks};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_simple_search_finds(
            block in prop::collection::vec(prop::sample::select(&b"abcdefghij\0,\"\n\r"[..]), 0..300),
        ) {
            for delimiter in *b",\0" {
                let special = |at: &u32| [delimiter, b'"', b'\n', b'\r'].contains(&block[*at as usize]);
                let all = 0..u32::try_from(block.len()).unwrap();
                let expected: Vec<u32> = [BEFORE].into_iter().chain(all.filter(special)).collect();
                let mut marks = Marks::of(&[delimiter; 70], delimiter);
                marks.find(&block);
                prop_assert_eq!(marks.places(), expected);
            }
        }
    }
}
