//! Numbers in words.

/// A whole number with its thousands apart.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (left, digit) in (1..=digits.len()).rev().zip(digits.chars()) {
        text.push(digit);
        if left > 1 && left % 3 == 1 {
            text.push(',');
        }
    }
    text
}

/// A part of a whole in per cent, with one decimal; what is more than nothing is never shown as nothing.
pub fn share(part: u128, whole: u128) -> String {
    let thousandths = rounded(part.saturating_mul(1000), whole);
    let (percent, tenth) = (thousandths / 10, thousandths % 10);
    match thousandths {
        0 if part > 0 => "under 0.1 %".to_owned(),
        1000 if part < whole => "over 99.9 %".to_owned(),
        _ => format!("{percent}.{tenth} %"),
    }
}

/// A quotient to the nearest whole number; 0 of nothing.
pub(crate) fn rounded(number: u128, divisor: u128) -> u128 {
    let half = divisor / 2;
    number
        .saturating_add(half)
        .checked_div(divisor)
        .unwrap_or(0)
}

/// A whole number in the few characters that stand beside an axis.
pub(crate) fn short(number: u128) -> String {
    const STEPS: [(u128, &str); 3] = [
        (1_000_000_000_000, "trillion"),
        (1_000_000_000, "billion"),
        (1_000_000, "million"),
    ];
    let found = STEPS.iter().find(|(size, _)| number >= *size);
    let Some((size, name)) = found else {
        return grouped(number);
    };
    let tenths = rounded(number.saturating_mul(10), *size);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{} {name}", grouped(whole)),
        (whole, tenth) => format!("{}.{tenth} {name}", grouped(whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::{grouped, share, short};

    #[test]
    fn thousands_stand_apart() {
        let shown = [0, 12, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "12", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_share_is_never_rounded_to_nothing_or_all() {
        let shown = [
            (0, 7),
            (1, 7),
            (7, 7),
            (1, 100_000),
            (99_999, 100_000),
            (0, 0),
        ];
        let shown = shown.map(|(part, whole)| share(part, whole));
        let expected = [
            "0.0 %",
            "14.3 %",
            "100.0 %",
            "under 0.1 %",
            "over 99.9 %",
            "0.0 %",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn large_numbers_are_short_beside_an_axis() {
        let shown = [999_999, 1_500_000, 2_000_000_000].map(short);
        assert_eq!(shown, ["999,999", "1.5 million", "2 billion"]);
    }
}
