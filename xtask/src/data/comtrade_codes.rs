//! The numbers by which UN Comtrade knows destinations, each in the years in which it is used.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};

use super::destinations::padded;
use super::source::{Row, Source};
use super::table::{Rows, row};

/// The years that the source writes for "always" and "still".
const OPEN: [&str; 2] = ["1962", "2061"];

/// Alpha-3 codes of the source that ISO has since replaced, and what they mean.
pub(super) const OLD: [(&str, &str); 3] = [("ARB", "AW"), ("ROM", "RO"), ("TMP", "TL")];

/// The rows of `comtrade_codes`.
pub(super) fn rows(source: &Source, destinations: &Rows) -> Result<Rows> {
    let mut found: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let alpha3 = by_alpha3(destinations);
    for fact in source.sheet("countries/comtrade_country_codes.csv")? {
        let Some(code) = alpha3.get(fact.get("iso3_digit_alpha")?) else {
            continue;
        };
        let numeric = padded(fact.get("country_code")?.trim_end_matches(".0"));
        let years = [fact.get("start_valid_year")?, fact.get("end_valid_year")?];
        let [from, until] = period(years)?;
        found.insert(numeric.clone(), vec![row([&numeric, code, &from, &until])]);
    }
    let facts = source.facts("comtrade_codes.csv")?;
    for fact in &facts {
        found.remove(&padded(fact.get("numeric")?));
    }
    for fact in &facts {
        let numeric = padded(fact.get("numeric")?);
        let said = by_hand(fact, &numeric, destinations)?;
        found.entry(numeric).or_default().push(said);
    }
    Ok(found.into_values().flatten().collect())
}

fn by_alpha3(destinations: &Rows) -> BTreeMap<&str, &str> {
    let rows = destinations.iter().filter_map(|row| match row.as_slice() {
        [code, alpha3, ..] => Some((alpha3.as_str(), code.as_str())),
        _ => None,
    });
    rows.chain(OLD).collect()
}

/// The first day of the first year, and the first day after the last.
fn period([first, last]: [&str; 2]) -> Result<[String; 2]> {
    let year: i32 = last.parse().map_err(|_| anyhow!("the year {last}"))?;
    let day = |year: &str| format!("{year}-01-01");
    let from = if OPEN.contains(&first) {
        String::new()
    } else {
        day(first)
    };
    let until = if OPEN.contains(&last) {
        String::new()
    } else {
        day(&year.saturating_add(1).to_string())
    };
    Ok([from, until])
}

fn by_hand(fact: &Row, numeric: &str, destinations: &Rows) -> Result<Vec<String>> {
    let code = fact.get("code")?;
    if !destinations
        .iter()
        .any(|row| row.first().is_some_and(|known| known == code))
    {
        return Err(fact.wrong("code", code, "a code of destinations"));
    }
    let (from, until) = (fact.date("from")?, fact.date("until")?);
    Ok(row([numeric, code, &from, &until]))
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn a_period_of_years_ends_on_the_first_day_after_it() {
        let found = |years| period(years).unwrap_or_default();
        assert_eq!(found(["1992", "2005"]), ["1992-01-01", "2006-01-01"]);
        assert_eq!(found(["1962", "2061"]), ["", ""]);
    }
}
