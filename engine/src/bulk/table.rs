//! A table of fixed size, in which what was met lately is found in a few steps.

use super::bytes::halves;

/// Values by keys. Where there is no room, a key takes the place of another.
#[derive(Debug)]
pub(super) struct Table<V>(Vec<Place<V>>);

#[derive(Clone, Copy, Debug)]
struct Place<V> {
    key: u128,
    value: Option<V>,
}

/// Places, as a power of two.
const BITS: u32 = 14;

/// Neighbouring places in which a key may be.
const NEAR: usize = 4;

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V: Copy> Table<V> {
    /// The value of a key.
    #[inline]
    pub(super) fn get(&self, key: u128) -> Option<V> {
        let near = self.0.get(first(key)..)?.first_chunk::<NEAR>()?;
        near.iter().find(|place| place.key == key)?.value
    }

    /// Gives a key a value.
    pub(super) fn keep(&mut self, key: u128, value: V) {
        if self.0.is_empty() {
            let places = (1_usize << BITS).saturating_add(NEAR);
            let empty = Place {
                key: 0,
                value: None,
            };
            self.0.resize(places, empty);
        }
        let near = self.0.get_mut(first(key)..);
        let Some(near) = near.and_then(<[Place<V>]>::first_chunk_mut::<NEAR>) else {
            return;
        };
        let mut places = near.iter();
        let free = places.position(|place| place.value.is_none() || place.key == key);
        if let Some(place) = near.get_mut(free.unwrap_or(0)) {
            *place = Place {
                key,
                value: Some(value),
            };
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The first place of a key.
#[inline]
fn first(key: u128) -> usize {
    let [low, high] = halves(key);
    // Two odd numbers without a pattern spread keys that are close together.
    let mixed = low ^ high.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93);
    usize::try_from(mixed >> (u64::BITS - BITS)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn a_key_has_its_last_value_or_none() {
        let mut table = Table::default();
        assert_eq!(table.get(0), None);
        for key in 0..100_000_u128 {
            let key = key * key;
            table.keep(key, key + 1);
            assert_eq!(table.get(key), Some(key + 1));
            table.keep(key, key + 2);
            assert_eq!(table.get(key), Some(key + 2));
        }
        let kept: Vec<u128> = (0..100_000)
            .filter(|key| table.get(key * key).is_some())
            .collect();
        assert!(kept.len() > 10_000, "{}", kept.len());
        assert!(
            kept.iter()
                .all(|key| table.get(key * key) == Some(key * key + 2))
        );
        table.clear();
        assert_eq!(table.get(4), None);
    }
}
