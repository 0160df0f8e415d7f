//! Draws of which a few are frequent and most are rare, as in trade.

use crate::random::Random;

/// Numbers from 0 on, each less likely than the one before: Vose's alias method, one look-up a draw.
#[derive(Debug)]
pub(crate) struct Skew {
    slots: Vec<Slot>,
}

/// Below the threshold the slot's own number is drawn, above it another.
#[derive(Clone, Copy, Debug)]
struct Slot {
    threshold: u64,
    other: usize,
}

impl Skew {
    /// The chance of a number is 1 / (number + `flat`): Zipf's law with a blunted tip.
    pub(crate) fn new(count: usize, flat: usize) -> Self {
        let weights: Vec<f64> = (0..count).map(|at| 1.0 / (at + flat) as f64).collect();
        let total: f64 = weights.iter().sum();
        let mut left: Vec<f64> = weights
            .iter()
            .map(|one| one * count as f64 / total)
            .collect();
        let whole = |at| Slot {
            threshold: u64::MAX,
            other: at,
        };
        let mut slots: Vec<Slot> = (0..count).map(whole).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..count).partition(|at| left.get(*at).is_some_and(|share| *share < 1.0));
        while let (Some(poor), Some(rich)) = (small.pop(), large.last().copied()) {
            let share = left.get(poor).copied().unwrap_or(1.0);
            if let Some(slot) = slots.get_mut(poor) {
                *slot = Slot {
                    threshold: part_of_all(share),
                    other: rich,
                };
            }
            if let Some(rest) = left.get_mut(rich) {
                *rest -= 1.0 - share;
                if *rest < 1.0 {
                    large.pop();
                    small.push(rich);
                }
            }
        }
        Self { slots }
    }

    /// One number.
    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        let at = random.below(self.slots.len());
        match self.slots.get(at) {
            Some(slot) if random.next() > slot.threshold => slot.other,
            _ => at,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1"
)]
fn part_of_all(share: f64) -> u64 {
    (share * u64::MAX as f64) as u64
}
