//! Plain decimal numbers, read without a branch for each digit.

use super::bytes::{BYTES, first, halves, padded};

const EVERY: u128 = u128::from_le_bytes([1; BYTES]);
const HIGH: u128 = EVERY << 7;

/// A number without a sign: its digits, and how many of them stand behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) digits: u64,
    pub(super) decimals: usize,
}

impl Plain {
    /// The number that a text is, with at least one digit on each side of its point; none if it is not
    /// written so, or is longer than sixteen bytes: shorter ones have room in every fact.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        Self::of(padded(text)?, text.len())
    }

    /// The same of a text of `length` bytes that are the first of `bytes`.
    #[inline]
    pub(super) fn of(bytes: u128, length: usize) -> Option<Self> {
        let mask = first(length)?;
        let bytes = bytes & mask;
        let point = point(bytes);
        let (packed, count, decimals) = if point == BYTES {
            (bytes, length, 0)
        } else {
            let before = first(point)?;
            let packed = (bytes & before) | ((bytes >> 8) & !before);
            let decimals = length.wrapping_sub(point).wrapping_sub(1);
            if point == 0 || decimals == 0 {
                return None;
            }
            (packed, length.wrapping_sub(1), decimals)
        };
        let digits = (packed ^ (EVERY * 0x30)) & first(count)?;
        // A byte above 9 reaches its highest bit with 0x76.
        let above = digits | digits.wrapping_add(EVERY * 0x76);
        if count == 0 || above & HIGH != 0 {
            return None;
        }
        let missing = u32::try_from(BYTES.wrapping_sub(count)).ok()?;
        let digits = value(digits.checked_shl(missing.wrapping_mul(8)).unwrap_or(0));
        Some(Self { digits, decimals })
    }
}

/// The place of the first point; sixteen if there is none.
#[inline]
fn point(bytes: u128) -> usize {
    let other = bytes ^ (EVERY * 0x2e);
    let none = other.wrapping_sub(EVERY) & !other & HIGH;
    (none.trailing_zeros() / 8) as usize
}

/// The value of sixteen digits, of which each takes a byte and the first the lowest.
#[inline]
fn value(digits: u128) -> u64 {
    let [before, behind] = halves(digits).map(eight);
    before.wrapping_mul(100_000_000).wrapping_add(behind)
}

/// The value of eight digits: pairs are put together, then pairs of pairs, then both halves.
#[inline]
fn eight(digits: u64) -> u64 {
    let pairs = digits.wrapping_mul((10 << 8) + 1) >> 8;
    let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul((100 << 16) + 1) >> 16;
    (fours & 0x0000_ffff_0000_ffff).wrapping_mul((10_000 << 32) + 1) >> 32
}

#[cfg(test)]
mod tests {
    use super::Plain;
    use proptest::prelude::*;

    /// Digit by digit.
    fn naive(text: &str) -> Option<Plain> {
        let (whole, part) = text
            .split_once('.')
            .map_or((text, None), |(whole, part)| (whole, Some(part)));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = text.len() <= 16 && digits(whole) && part.is_none_or(digits);
        plain.then(|| Plain {
            digits: format!("{whole}{}", part.unwrap_or("")).parse().unwrap(),
            decimals: part.map_or(0, str::len),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn a_plain_number_is_read_as_it_is_digit_by_digit(
            text in "[0-9]{0,17}|[0-9]{0,9}[.][0-9]{0,8}|[0-9.,/:NA-]{0,17}|[0-9]{1,6}[^0-9]{1,2}",
        ) {
            prop_assert_eq!(Plain::read(text.as_bytes()), naive(&text));
        }
    }
}
