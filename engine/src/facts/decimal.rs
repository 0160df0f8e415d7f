//! Exact decimals of 34 digits, rounded half to even, as FEEL has them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU64;
use std::str::FromStr;

use bigdecimal::{BigDecimal, RoundingMode, Signed, ToPrimitive, Zero};

use crate::limits::{NUMBER_DIGITS, NUMBER_EXPONENT};

/// An exact decimal number of at most 34 digits. No binary floating point decides anything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(BigDecimal);

#[expect(
    clippy::arithmetic_side_effects,
    reason = "big decimals neither overflow nor wrap, and zero is refused as a divisor"
)]
impl Decimal {
    /// Zero.
    pub fn zero() -> Self {
        Self(BigDecimal::zero())
    }

    /// Reads `-12.5` or `1.2e3`; none if it is no number, has more than 34 digits or an exponent
    /// beyond that of IEEE 754 decimal128.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let sane = mantissa.len() <= 10_000 && exponent.len() <= 6;
        if !plain || !sane || !mantissa.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = BigDecimal::from_str(text).ok()?.normalized();
        if number.digits() > NUMBER_DIGITS {
            None
        } else {
            Self::within(number)
        }
    }

    fn within(number: BigDecimal) -> Option<Self> {
        let scale = i128::from(number.fractional_digit_count());
        let exponent = i128::from(number.digits()) - 1 - scale;
        if exponent.abs() > NUMBER_EXPONENT {
            None
        } else {
            Some(Self(number))
        }
    }

    fn rounded(number: &BigDecimal) -> Option<Self> {
        let digits = NonZeroU64::new(NUMBER_DIGITS)?;
        let exact = number.digits() <= NUMBER_DIGITS;
        let kept = if exact {
            number.clone()
        } else {
            number.with_precision_round(digits, RoundingMode::HalfEven)
        };
        Self::within(kept.normalized())
    }

    /// Sum; none past the limits.
    pub fn add(&self, other: &Self) -> Option<Self> {
        Self::rounded(&(&self.0 + &other.0))
    }

    /// Difference; none past the limits.
    pub fn subtract(&self, other: &Self) -> Option<Self> {
        Self::rounded(&(&self.0 - &other.0))
    }

    /// Product; none past the limits.
    pub fn multiply(&self, other: &Self) -> Option<Self> {
        Self::rounded(&(&self.0 * &other.0))
    }

    /// Quotient; none if the divisor is zero or past the limits.
    ///
    /// The library divides to 100 digits. Two numbers of 34 digits never have a quotient so near to
    /// the middle of two results that rounding those 100 digits differs from rounding the quotient.
    pub fn divide(&self, other: &Self) -> Option<Self> {
        if other.0.is_zero() {
            None
        } else {
            Self::rounded(&(&self.0 / &other.0))
        }
    }

    /// What remains after the divisor is taken away a whole number of times; it has the divisor's
    /// sign, as in FEEL. None if the divisor is zero.
    pub fn modulo(&self, divisor: &Self) -> Option<Self> {
        if divisor.0.is_zero() {
            return None;
        }
        let remainder = &self.0 % &divisor.0;
        let turned = remainder.is_negative() != divisor.0.is_negative();
        let kept = if turned && !remainder.is_zero() {
            remainder + &divisor.0
        } else {
            remainder
        };
        Self::rounded(&kept)
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negate(&self) -> Self {
        Self(-self.0.clone())
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self(self.0.abs())
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub fn floor(&self) -> Self {
        Self(self.0.with_scale_round(0, RoundingMode::Floor).normalized())
    }

    /// The least whole number not below it.
    #[must_use]
    pub fn ceiling(&self) -> Self {
        Self(
            self.0
                .with_scale_round(0, RoundingMode::Ceiling)
                .normalized(),
        )
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.0 < BigDecimal::zero()
    }

    /// The whole part, cut towards zero, if it fits.
    pub fn truncated(&self) -> Option<i128> {
        self.0.with_scale_round(0, RoundingMode::Down).to_i128()
    }

    /// The value as a whole number, if it is one and fits.
    pub fn to_integer(&self) -> Option<i64> {
        if self.0.is_integer() {
            self.0.to_i64()
        } else {
            None
        }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(BigDecimal::from(value).normalized())
    }
}

impl From<i128> for Decimal {
    fn from(value: i128) -> Self {
        Self(BigDecimal::from(value).normalized())
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.normalized().hash(state);
    }
}

/// As text: JSON's own numbers are read as binary fractions.
impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Decimal {
    /// Plain digits where that takes few zeros, else with an exponent; one text for one number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let normal = self.0.normalized();
        let (_, scale) = normal.as_bigint_and_exponent();
        if (-40..=40).contains(&scale) {
            f.write_str(&normal.to_plain_string())
        } else {
            f.write_str(&normal.to_scientific_notation().replace('E', "e"))
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Decimal {
    /// Which of two is greater.
    pub fn compare(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn rounds_half_to_even_at_34_digits() {
        let third = number("1").divide(&number("3")).unwrap();
        assert_eq!(third.to_string(), "0.3333333333333333333333333333333333");
        let half = number("1234567890123456789012345678901234")
            .add(&number("0.5"))
            .unwrap();
        assert_eq!(half.to_string(), "1234567890123456789012345678901234");
        let odd = number("1234567890123456789012345678901233")
            .add(&number("0.5"))
            .unwrap();
        assert_eq!(odd.to_string(), "1234567890123456789012345678901234");
    }

    #[test]
    fn one_tenth_is_one_tenth() {
        let sum = number("0.1").add(&number("0.2")).unwrap();
        assert_eq!(sum, number("0.30"));
        assert_eq!(sum.to_string(), "0.3");
    }

    #[test]
    fn refuses_what_is_no_number_or_too_long() {
        for text in [
            "",
            "-",
            "1e",
            "1e99999",
            "abc",
            "1e9999999",
            "12345678901234567890123456789012345",
            "١",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }
}
