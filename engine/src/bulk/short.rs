//! Maps whose short keys are numbers, which are compared and found in one step.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::bytes;

/// A key: a number where it is short, else bytes. One thing is always the same kind of key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'k> {
    Short(u128),
    Long(&'k [u8]),
}

/// Values by keys.
#[derive(Debug)]
pub(super) struct ShortMap<V> {
    short: HashMap<u128, V, FxBuildHasher>,
    long: HashMap<Box<[u8]>, V, FxBuildHasher>,
}

impl<V> Default for ShortMap<V> {
    fn default() -> Self {
        Self {
            short: HashMap::default(),
            long: HashMap::default(),
        }
    }
}

impl<V: Copy> ShortMap<V> {
    /// The value of a key.
    pub(super) fn get(&self, key: Key<'_>) -> Option<V> {
        match key {
            Key::Short(number) => self.short.get(&number).copied(),
            Key::Long(bytes) => self.long.get(bytes).copied(),
        }
    }

    /// Gives a key a value.
    pub(super) fn insert(&mut self, key: Key<'_>, value: V) {
        match key {
            Key::Short(number) => self.short.insert(number, value),
            Key::Long(bytes) => self.long.insert(bytes.into(), value),
        };
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.short.len().saturating_add(self.long.len())
    }

    /// Drops all keys.
    pub(super) fn clear(&mut self) {
        self.short.clear();
        self.long.clear();
    }
}

/// Bits that the bytes of a short text take in its number; behind them its length stands in eight.
pub(super) const TEXT_BITS: u32 = 96;

/// A text of at most eleven bytes as a number below 2^96: two texts are equal where their numbers are.
pub(super) fn number(text: &[u8]) -> Option<u128> {
    first(bytes::padded(text)?, text.len())
}

/// The number of the text that is the first `length` bytes of sixteen.
#[inline]
pub(super) fn first(sixteen: u128, length: usize) -> Option<u128> {
    let mask = bytes::first(length).filter(|_| length < 12)?;
    Some((sixteen & mask) | (u128::try_from(length).ok()? << 88))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{TEXT_BITS, number};

    #[test]
    fn different_texts_have_different_numbers() {
        let (mut numbers, mut texts) = (BTreeSet::new(), 0);
        for length in 0..12_usize {
            for at in 0..=length {
                for byte in [1_u8, b'0', 0xff] {
                    let mut text = vec![0; length];
                    if let Some(place) = text.get_mut(at) {
                        *place = byte;
                    } else if byte > 1 {
                        continue;
                    }
                    numbers.insert(number(&text).unwrap());
                    texts += 1;
                }
            }
        }
        assert_eq!(numbers.len(), texts);
        assert!(numbers.last().unwrap() >> TEXT_BITS == 0);
        assert_eq!(number(&[b'x'; 12]), None);
    }
}
