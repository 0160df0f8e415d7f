//! Finds the few bytes of a CSV block that mean something.

use wide::u8x16;

/// Bytes that are looked at in one step.
const STEP: usize = 64;

/// Walks over the delimiters, quotes and line ends of a block.
#[derive(Debug)]
pub(super) struct Specials<'b> {
    block: &'b [u8],
    delimiter: u8,
    /// Where the bytes begin that were looked at last.
    base: usize,
    /// A bit for each of them that is special and still ahead.
    ahead: u64,
}

impl<'b> Specials<'b> {
    /// Those of a block.
    pub(super) fn new(block: &'b [u8], delimiter: u8) -> Self {
        let mut specials = Self {
            block,
            delimiter,
            base: 0,
            ahead: 0,
        };
        specials.look(0);
        specials
    }

    /// The next one; the length of the block if there is none.
    pub(super) fn next(&mut self) -> usize {
        while self.ahead == 0 {
            let base = self.base.saturating_add(STEP);
            if base >= self.block.len() {
                return self.block.len();
            }
            self.look(base);
        }
        let found = self.ahead.trailing_zeros() as usize;
        self.ahead &= self.ahead.wrapping_sub(1);
        self.base.saturating_add(found)
    }

    /// Leaves out those before a place.
    pub(super) fn skip_to(&mut self, place: usize) {
        let within = place.saturating_sub(self.base);
        if within < STEP {
            self.ahead &= u64::MAX
                .checked_shl(u32::try_from(within).unwrap_or(0))
                .unwrap_or(0);
        } else {
            self.look(place);
        }
    }

    fn look(&mut self, base: usize) {
        self.base = base;
        let rest = self.block.get(base..).unwrap_or_default();
        self.ahead = if let Some(step) = rest.first_chunk::<STEP>() {
            self.marks(step)
        } else {
            let mut step = [0; STEP];
            step.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            // A delimiter may be the byte of the padding.
            let real = u32::try_from(rest.len()).unwrap_or(0);
            self.marks(&step) & !u64::MAX.checked_shl(real).unwrap_or(0)
        };
    }

    fn marks(&self, step: &[u8; STEP]) -> u64 {
        let (quarters, _) = step.as_chunks::<16>();
        let quarters = quarters.iter().rev();
        quarters.fold(0, |marks, quarter| {
            (marks << 16) | u64::from(self.sixteen(*quarter))
        })
    }

    fn sixteen(&self, bytes: [u8; 16]) -> u32 {
        let bytes = u8x16::new(bytes);
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        (is(self.delimiter) | is(b'\n') | is(b'\r') | is(b'"')).to_bitmask()
    }
}

#[cfg(test)]
mod tests {
    use super::Specials;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_simple_search_finds(
            block in prop::collection::vec(prop::sample::select(&b"abcdefghij\0,\"\n\r"[..]), 0..300),
            skipped in 0..300_usize,
        ) {
            for delimiter in *b",\0" {
                let special = |at: &usize| [delimiter, b'"', b'\n', b'\r'].contains(&block[*at]);
                let expected: Vec<usize> = (skipped.min(block.len())..block.len()).filter(special).collect();
                let mut specials = Specials::new(&block, delimiter);
                specials.skip_to(skipped);
                let found = std::iter::from_fn(|| Some(specials.next()).filter(|at| *at < block.len()));
                prop_assert_eq!(found.collect::<Vec<_>>(), expected);
            }
        }
    }
}
