//! From numbers to places in a drawing, and round numbers for an axis.

use crate::number::rounded;

/// How long the greatest number is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// The number at the end.
    pub(super) most: u128,
    /// Its place.
    pub(super) length: u128,
}

impl Scale {
    /// The place of a number.
    pub(super) fn at(&self, number: u128) -> u128 {
        rounded(number.min(self.most).saturating_mul(self.length), self.most)
    }

    /// Round numbers from nothing to the first that is not less than a number, four steps at most.
    pub(super) fn ticks(most: u128) -> Vec<u128> {
        let step = round_step(most.div_ceil(4));
        let last = most.div_ceil(step).max(1);
        (0..=last)
            .map(|number| number.saturating_mul(step))
            .collect()
    }
}

/// The first of 1, 2, 5, 10, 20, 50 and so on that is not less than a number.
fn round_step(least: u128) -> u128 {
    let mut ten = 1_u128;
    loop {
        for times in [1, 2, 5] {
            let step = ten.saturating_mul(times);
            if step >= least {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn an_axis_has_round_numbers_and_reaches_far_enough() {
        assert_eq!(Scale::ticks(0), [0, 1]);
        assert_eq!(Scale::ticks(3), [0, 1, 2, 3]);
        assert_eq!(Scale::ticks(17), [0, 5, 10, 15, 20]);
        assert_eq!(Scale::ticks(1200), [0, 500, 1000, 1500]);
        assert_eq!(Scale::ticks(u128::MAX).first(), Some(&0));
    }

    #[test]
    fn places_are_whole_and_never_beyond_the_end() {
        let scale = Scale {
            most: 3,
            length: 100,
        };
        assert_eq!(
            [0, 1, 2, 3, 4].map(|number| scale.at(number)),
            [0, 33, 67, 100, 100]
        );
    }
}
