//! Durations of two kinds, as in FEEL: months (and years), or days and seconds.

use std::fmt;

use super::decimal::Decimal;

const NANOS: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * NANOS;

/// A length of time. The two kinds are never compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duration {
    /// Years and months, in months.
    Months(i64),
    /// Days, hours, minutes and seconds, in nanoseconds.
    Nanoseconds(i128),
}

impl Duration {
    /// Reads ISO 8601: `P1Y2M`, `-P3DT4H5M6.7S`. Years or months never stand with days or times.
    ///
    /// Written here because the conformance cases hold spans of 99,999,999 years, beyond what
    /// date libraries take for a span.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let rest = rest.strip_prefix('P')?;
        let (days, times) = match rest.split_once('T') {
            Some((_, "")) => return None,
            Some((days, times)) => (days, times),
            None => (rest, ""),
        };
        let calendar = parts(days, "YMD")?;
        let clock = parts(times, "HMS")?;
        let parsed = Self::from_parts(&calendar, &clock)?;
        if negative {
            parsed.negate()
        } else {
            Some(parsed)
        }
    }

    fn from_parts(calendar: &[(char, &str)], clock: &[(char, &str)]) -> Option<Self> {
        let monthly = calendar.iter().any(|(unit, _)| *unit != 'D');
        let daily = calendar.iter().any(|(unit, _)| *unit == 'D') || !clock.is_empty();
        match (monthly, daily) {
            (true, false) => sum(calendar, |unit| if unit == 'Y' { 12 } else { 1 })
                .and_then(|months| i64::try_from(months).ok())
                .map(Self::Months),
            (false, true) => {
                let days = sum(calendar, |_| DAY)?;
                let rest = sum(clock, |unit| match unit {
                    'H' => 3_600 * NANOS,
                    'M' => 60 * NANOS,
                    _ => NANOS,
                })?;
                days.checked_add(rest).map(Self::Nanoseconds)
            }
            _ => None,
        }
    }

    /// The same length backwards.
    pub fn negate(self) -> Option<Self> {
        match self {
            Self::Months(months) => months.checked_neg().map(Self::Months),
            Self::Nanoseconds(nanos) => nanos.checked_neg().map(Self::Nanoseconds),
        }
    }

    /// The length without its direction.
    pub fn abs(self) -> Option<Self> {
        match self {
            Self::Months(months) => months.checked_abs().map(Self::Months),
            Self::Nanoseconds(nanos) => nanos.checked_abs().map(Self::Nanoseconds),
        }
    }

    /// Sum of two of one kind.
    pub fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Months(a), Self::Months(b)) => a.checked_add(b).map(Self::Months),
            (Self::Nanoseconds(a), Self::Nanoseconds(b)) => a.checked_add(b).map(Self::Nanoseconds),
            _ => None,
        }
    }

    /// A number of times the length; months are cut towards zero.
    pub fn times(self, factor: &Decimal) -> Option<Self> {
        self.mapped(|amount| amount.multiply(factor))
    }

    /// A part of the length; months are cut towards zero.
    pub fn divided(self, divisor: &Decimal) -> Option<Self> {
        self.mapped(|amount| amount.divide(divisor))
    }

    fn mapped(self, change: impl Fn(&Decimal) -> Option<Decimal>) -> Option<Self> {
        let changed = change(&self.amount())?.truncated()?;
        match self {
            Self::Months(_) => i64::try_from(changed).ok().map(Self::Months),
            Self::Nanoseconds(_) => Some(Self::Nanoseconds(changed)),
        }
    }

    /// How many times the other fits into this one; both of one kind, the other not zero.
    pub fn ratio(self, other: Self) -> Option<Decimal> {
        if self.same_kind(other) {
            self.amount().divide(&other.amount())
        } else {
            None
        }
    }

    /// Whether it takes no time at all.
    pub fn is_zero(self) -> bool {
        matches!(self, Self::Months(0) | Self::Nanoseconds(0))
    }

    /// Whether both are months, or both days and seconds.
    pub fn same_kind(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Months(_), Self::Months(_)) | (Self::Nanoseconds(_), Self::Nanoseconds(_))
        )
    }

    fn amount(self) -> Decimal {
        match self {
            Self::Months(months) => Decimal::from(months),
            Self::Nanoseconds(nanos) => Decimal::from(nanos),
        }
    }

    /// Which of two of one kind is longer.
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        self.same_kind(other)
            .then(|| self.amount().compare(&other.amount()))
    }
}

/// Splits `1Y2M` into units with their digits; each unit once, in the order given.
fn parts<'a>(text: &'a str, units: &str) -> Option<Vec<(char, &'a str)>> {
    let mut units = units.chars();
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (digits, tail) = rest.split_at_checked(end)?;
        let unit = tail.chars().next()?;
        units.find(|known| *known == unit)?;
        let whole = digits.split('.').next().unwrap_or_default();
        if whole.is_empty() || (unit != 'S' && digits.contains('.')) {
            return None;
        }
        found.push((unit, digits));
        rest = tail.get(unit.len_utf8()..)?;
    }
    Some(found)
}

fn sum(parts: &[(char, &str)], unit: impl Fn(char) -> i128) -> Option<i128> {
    parts.iter().try_fold(0_i128, |total, (name, digits)| {
        let number = Decimal::parse(digits)?.multiply(&Decimal::from(unit(*name)))?;
        total.checked_add(number.truncated()?)
    })
}

impl fmt::Display for Duration {
    /// ISO 8601 in the largest units that fit: `P1Y2M`, `P1DT2H`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Months(months) => write_months(f, months),
            Self::Nanoseconds(nanos) => write_nanoseconds(f, nanos),
        }
    }
}

fn write_months(f: &mut fmt::Formatter<'_>, months: i64) -> fmt::Result {
    if months == 0 {
        return f.write_str("P0M");
    }
    let total = months.unsigned_abs();
    f.write_str(if months < 0 { "-P" } else { "P" })?;
    write_unit(f, u128::from(total / 12), 'Y')?;
    write_unit(f, u128::from(total % 12), 'M')
}

fn write_nanoseconds(f: &mut fmt::Formatter<'_>, nanos: i128) -> fmt::Result {
    const SECOND: u128 = NANOS.unsigned_abs();
    if nanos == 0 {
        return f.write_str("PT0S");
    }
    let total = nanos.unsigned_abs();
    let (seconds, fraction) = (total / SECOND, total % SECOND);
    f.write_str(if nanos < 0 { "-P" } else { "P" })?;
    write_unit(f, seconds / 86_400, 'D')?;
    if !total.is_multiple_of(DAY.unsigned_abs()) {
        f.write_str("T")?;
    }
    write_unit(f, seconds / 3_600 % 24, 'H')?;
    write_unit(f, seconds / 60 % 60, 'M')?;
    if fraction == 0 {
        return write_unit(f, seconds % 60, 'S');
    }
    let digits = format!("{fraction:09}");
    write!(f, "{}.{}S", seconds % 60, digits.trim_end_matches('0'))
}

fn write_unit(f: &mut fmt::Formatter<'_>, amount: u128, unit: char) -> fmt::Result {
    if amount == 0 {
        Ok(())
    } else {
        write!(f, "{amount}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    #[test]
    fn prints_in_the_largest_units() {
        for (text, printed) in [
            ("P26M", "P2Y2M"),
            ("PT555M", "PT9H15M"),
            ("PT0.S", "PT0S"),
            ("PT0.999S", "PT0.999S"),
            ("P2DT274M", "P2DT4H34M"),
            ("-P999999999M", "-P83333333Y3M"),
        ] {
            assert_eq!(
                Duration::parse(text).unwrap().to_string(),
                printed,
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_mixed_and_empty() {
        for text in [
            "P", "PT", "P1M2D", "1D", "P1.5D", "P1H", "PT1D", "P1D1D", "P-1D",
        ] {
            assert!(Duration::parse(text).is_none(), "{text}");
        }
    }
}
