//! Decimals of 34 digits, worked out a second time with whole numbers alone.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};

const DIGITS: usize = 34;
const EXPONENT: i64 = 6_144;

/// A number: some digits times a power of ten.
#[derive(Clone, Debug)]
pub struct Exact {
    digits: BigInt,
    exponent: i64,
}

fn ten(power: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(power).unwrap_or(0))
}

fn length(digits: &BigInt) -> usize {
    digits.magnitude().to_string().len()
}

fn is_zero(digits: &BigInt) -> bool {
    digits.sign() == Sign::NoSign
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "exponents stay far within 64 bits, and whole numbers grow as they must"
)]
impl Exact {
    /// Reads digits with a point and an exponent, such as `-1.5e3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        let exponent = exponent.trim_start_matches('+').parse::<i64>().ok()?;
        let fraction = i64::try_from(fraction.len()).ok()?;
        Some(Self {
            digits,
            exponent: exponent - fraction,
        })
    }

    /// Zero.
    pub fn zero() -> Self {
        Self {
            digits: BigInt::from(0),
            exponent: 0,
        }
    }

    /// One.
    pub fn one() -> Self {
        Self {
            digits: BigInt::from(1),
            exponent: 0,
        }
    }

    /// Digits and power of ten, such as `-15e2`; one text for one number.
    pub fn text(&self) -> String {
        let mut number = self.clone();
        if is_zero(&number.digits) {
            return "0e0".to_owned();
        }
        while is_zero(&(&number.digits % 10)) {
            number.digits /= 10;
            number.exponent += 1;
        }
        format!("{}e{}", number.digits, number.exponent)
    }

    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: &Self| &number.digits * ten(number.exponent - exponent);
        (scaled(self), scaled(other), exponent)
    }

    /// The nearest number of 34 digits, the even one of two; none past the exponents' bounds.
    fn rounded(mut self) -> Option<Self> {
        let surplus = length(&self.digits).saturating_sub(DIGITS);
        if surplus > 0 {
            let unit = ten(i64::try_from(surplus).ok()?);
            let half: BigInt = &unit / 2;
            let magnitude = BigInt::from(self.digits.magnitude().clone());
            let (mut kept, rest): (BigInt, BigInt) = (&magnitude / &unit, &magnitude % &unit);
            let odd = !is_zero(&(&kept % 2));
            if rest > half || (rest == half && odd) {
                kept += 1;
            }
            self.digits = if self.digits.sign() == Sign::Minus {
                -kept
            } else {
                kept
            };
            self.exponent += i64::try_from(surplus).ok()?;
        }
        let adjusted = self.exponent + i64::try_from(length(&self.digits)).ok()? - 1;
        (is_zero(&self.digits) || adjusted.abs() <= EXPONENT).then_some(self)
    }

    /// Sum.
    pub fn add(&self, other: &Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(other);
        let digits = a + b;
        Self { digits, exponent }.rounded()
    }

    /// Difference.
    pub fn subtract(&self, other: &Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(other);
        let digits = a - b;
        Self { digits, exponent }.rounded()
    }

    /// Product.
    pub fn multiply(&self, other: &Self) -> Option<Self> {
        Self {
            digits: &self.digits * &other.digits,
            exponent: self.exponent + other.exponent,
        }
        .rounded()
    }

    /// Quotient; none for a divisor of zero.
    pub fn divide(&self, other: &Self) -> Option<Self> {
        if is_zero(&other.digits) {
            return None;
        }
        let shift = i64::try_from(length(&other.digits) + DIGITS + 2).ok()?;
        let numerator = &self.digits * ten(shift);
        let (quotient, rest) = (&numerator / &other.digits, &numerator % &other.digits);
        let mut digits: BigInt = quotient * 10;
        if !is_zero(&rest) {
            // One more digit says that something is left, so that no tie is seen where none is.
            let negative =
                (self.digits.sign() == Sign::Minus) != (other.digits.sign() == Sign::Minus);
            digits += if negative { -1 } else { 1 };
        }
        let exponent = self.exponent - other.exponent - shift - 1;
        Self { digits, exponent }.rounded()
    }

    /// What remains after division, with the divisor's sign; none for a divisor of zero.
    pub fn modulo(&self, other: &Self) -> Option<Self> {
        if is_zero(&other.digits) {
            return None;
        }
        let (a, b, exponent) = self.aligned(other);
        let rest = &a % &b;
        let digits = (rest + &b) % &b;
        Self { digits, exponent }.rounded()
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub fn floor(&self) -> Self {
        if self.exponent >= 0 {
            return self.clone();
        }
        let unit = ten(-self.exponent);
        let (whole, rest) = (&self.digits / &unit, &self.digits % &unit);
        let digits = if rest.sign() == Sign::Minus {
            whole - 1
        } else {
            whole
        };
        Self {
            digits,
            exponent: 0,
        }
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negate(&self) -> Self {
        Self {
            digits: -self.digits.clone(),
            exponent: self.exponent,
        }
    }

    /// Which of two is greater.
    pub fn compare(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(other);
        a.cmp(&b)
    }
}
