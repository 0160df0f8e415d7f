//! What records are worth, added up exactly.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use super::digits::Plain;
use super::tallies::Sum;

/// How many decimals of a value are added: more are not met in trade, and would not be exact.
const DECIMALS: usize = 6;

/// Records that state a value in one unit, and the sum of what they state.
///
/// A record whose value is not stated, or has more than six decimals, is in no sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Records.
    pub rows: u64,
    /// The sum, in millionths of the unit.
    pub(super) millionths: i128,
}

/// Values by their units.
pub type Values = BTreeMap<Arc<str>, Value>;

impl Value {
    pub(super) fn of(sum: Sum) -> Self {
        Self {
            rows: sum.rows,
            millionths: sum.millionths,
        }
    }

    /// The sum as a decimal number.
    pub fn sum(&self) -> String {
        let (sign, size) = (
            if self.millionths < 0 { "-" } else { "" },
            self.millionths.unsigned_abs(),
        );
        let one = 10_u128.pow(6);
        let whole = size.checked_div(one).unwrap_or_default();
        let part = size.checked_rem(one).unwrap_or_default();
        let text = format!("{sign}{whole}.{part:06}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// The sum in whole units, cut off behind the point.
    pub fn whole(&self) -> i128 {
        self.millionths.checked_div(1_000_000).unwrap_or_default()
    }

    pub(super) fn add(&mut self, other: Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.millionths = self.millionths.saturating_add(other.millionths);
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = serializer.serialize_struct("Value", 2)?;
        value.serialize_field("rows", &self.rows)?;
        value.serialize_field("sum", &self.sum())?;
        value.end()
    }
}

impl<'d> Deserialize<'d> for Value {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            rows: u64,
            sum: String,
        }
        let written = Written::deserialize(deserializer)?;
        let sum = millionths(written.sum.as_bytes(), 1);
        Ok(Self {
            rows: written.rows,
            millionths: sum.ok_or_else(|| D::Error::custom("expected a decimal number"))?,
        })
    }
}

/// What one record is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    pub(super) unit: Arc<str>,
    pub(super) millionths: i128,
}

impl Worth {
    /// What the items of an application are worth together; none unless all state it in one unit.
    pub(super) fn of(application: &Json) -> Option<Self> {
        let items = application.get("items")?.as_array()?;
        let mut sum: Option<Self> = None;
        for item in items {
            let one = Self::of_item(item.get("value")?)?;
            sum = Some(match sum {
                None => one,
                Some(sum) if sum.unit == one.unit => Self {
                    millionths: sum.millionths.checked_add(one.millionths)?,
                    ..one
                },
                Some(_) => return None,
            });
        }
        sum
    }

    fn of_item(value: &Json) -> Option<Self> {
        let amount = value.get("amount")?.as_str()?;
        Some(Self {
            unit: value.get("unit")?.as_str()?.into(),
            millionths: millionths(amount.as_bytes(), 1)?,
        })
    }
}

/// Adds values to those of the same units.
pub(super) fn add(values: &mut Values, more: &Values) {
    for (unit, value) in more {
        values.entry(Arc::clone(unit)).or_default().add(*value);
    }
}

/// Turns plain numbers into millionths, multiplied by a whole number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale([i128; 7]);

impl Scale {
    /// One that multiplies.
    pub(super) fn new(times: i128) -> Self {
        Self(TENS.map(|ten| ten.saturating_mul(times)))
    }

    /// A plain number of few decimals; none if it has more.
    #[inline]
    pub(super) fn millionths(&self, number: Plain) -> Option<i128> {
        let missing = DECIMALS.checked_sub(number.decimals)?;
        i128::from(number.digits).checked_mul(*self.0.get(missing)?)
    }
}

/// A decimal number in millionths, multiplied; none if it is none, or has more decimals.
pub(super) fn millionths(text: &[u8], times: i128) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, part) = match point {
        Some(at) => (digits.get(..at)?, digits.get(at.saturating_add(1)..)?),
        None => (digits, &[] as &[u8]),
    };
    if whole.is_empty() || (point.is_some() && part.is_empty()) {
        return None;
    }
    let part = trimmed(part);
    let number = if part.len() <= DECIMALS {
        scaled(whole, part)?.checked_mul(times)?
    } else {
        finer(whole, part, times)?
    };
    Some(if negative {
        number.checked_neg()?
    } else {
        number
    })
}

/// Digits before and behind the point as millionths.
fn scaled(whole: &[u8], part: &[u8]) -> Option<i128> {
    let number = added(added(0, whole)?, part)?;
    number.checked_mul(*TENS.get(DECIMALS.checked_sub(part.len())?)?)
}

/// Powers of ten.
const TENS: [i128; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// A product in millionths of a number with more decimals; none if it is not a whole number of them.
fn finer(whole: &[u8], part: &[u8], times: i128) -> Option<i128> {
    let number = added(added(0, whole)?, part)?.checked_mul(times)?;
    let excess = u32::try_from(part.len().saturating_sub(DECIMALS)).ok()?;
    let divisor = 10_i128.checked_pow(excess)?;
    (number.checked_rem(divisor)? == 0).then(|| number.checked_div(divisor))?
}

/// Without noughts behind.
fn trimmed(part: &[u8]) -> &[u8] {
    let mut part = part;
    while let Some(shorter) = part.strip_suffix(b"0") {
        part = shorter;
    }
    part
}

/// A number with further digits behind.
fn added(number: i128, digits: &[u8]) -> Option<i128> {
    digits.iter().try_fold(number, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(i128::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::{Plain, Scale, Value, millionths};

    #[test]
    fn sums_are_exact() {
        let mut sum = Value::default();
        for cell in ["0.1", "0.2", "12.345678", "-0.3", "1000000000000"] {
            let millionths = millionths(cell.as_bytes(), 1000).unwrap();
            sum.add(Value {
                rows: 1,
                millionths,
            });
        }
        assert_eq!(sum.sum(), "1000000000012345.678");
        assert_eq!(sum.whole(), 1_000_000_000_012_345);
    }

    #[test]
    fn what_is_no_exact_number_is_in_no_sum() {
        for cell in [
            "",
            ".5",
            "5.",
            "1e3",
            "1,000",
            "0.1234567",
            "1.2.3",
            "NA",
            "-",
        ] {
            assert_eq!(millionths(cell.as_bytes(), 1), None, "{cell}");
        }
        assert_eq!(millionths(b"0.1234560", 1), Some(123_456));
        assert_eq!(millionths(b"0.1234567", 1000), Some(123_456_700));
    }

    #[test]
    fn plain_numbers_scale_to_what_any_number_does() {
        let scale = Scale::new(1000);
        for cell in [
            "0",
            "12",
            "0.5",
            "1003.201",
            "999999999999999",
            "00.10",
            "0.123456",
        ] {
            let found = Plain::read(cell.as_bytes()).and_then(|number| scale.millionths(number));
            assert_eq!(found, millionths(cell.as_bytes(), 1000), "{cell}");
            assert!(found.is_some(), "{cell}");
        }
        let number = Plain::read(b"0.1234567").unwrap();
        assert_eq!(scale.millionths(number), None);
    }
}
