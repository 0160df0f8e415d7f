//! What small numbers were found to be, by the numbers themselves.

use super::classes::UnitClass;

/// What the small numbers are that were met last: a look-up in one step, in a place that stays at hand.
#[derive(Debug, Default)]
pub(super) struct Recent(Vec<Met>);

/// A number that was met on a day, and what it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Met {
    pub(super) number: u32,
    pub(super) day: u32,
    pub(super) class: UnitClass,
    pub(super) destination: u32,
    pub(super) hs: u32,
}

impl Recent {
    /// Places; numbers that share one displace each other.
    const PLACES: usize = 1 << 14;

    fn place(number: u32) -> usize {
        // The golden ratio spreads neighbours.
        let spread = number.wrapping_mul(0x9e37_79b9);
        (spread >> 18) as usize
    }

    /// What a number is on a day, if it was met lately.
    pub(super) fn get(&self, number: u32, day: u32) -> Option<Met> {
        let met = self.0.get(Self::place(number))?;
        (met.number == number && met.day == day).then_some(*met)
    }

    /// Keeps what a number is.
    pub(super) fn keep(&mut self, met: Met) {
        if self.0.is_empty() {
            self.0.resize(Self::PLACES, Met::default());
        }
        if let Some(place) = self.0.get_mut(Self::place(met.number)) {
            *place = met;
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A number of at most six digits that is written without a nought in front; never 0.
pub(super) fn small(cell: &[u8]) -> Option<u32> {
    if cell.len() > 6 || matches!(cell.first(), None | Some(b'0')) {
        return None;
    }
    let mut number = 0_u32;
    for byte in cell {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
    }
    Some(number)
}
