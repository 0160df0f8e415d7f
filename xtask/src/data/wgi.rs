//! Worldwide Governance Indicators: estimates with their published standard errors.

use std::str::FromStr;

use anyhow::Result;
use bigdecimal::{BigDecimal, RoundingMode};

use super::codes::Codes;
use super::source::{Row, Source};
use super::table::{Rows, row};

/// The publisher's two letters and our indicator.
const INDICATORS: [(&str, &str); 6] = [
    ("cc", "wgi.control_of_corruption"),
    ("ge", "wgi.government_effectiveness"),
    ("pv", "wgi.political_stability"),
    ("rl", "wgi.rule_of_law"),
    ("rq", "wgi.regulatory_quality"),
    ("va", "wgi.voice_and_accountability"),
];

/// The rows of `wgi`. A figure that the publisher gives as `..` has no row.
pub(super) fn rows(source: &Source, codes: &Codes) -> Result<Rows> {
    let mut rows = Rows::new();
    for fact in source.sheet("risk/wgi_1996_2023.csv")? {
        if fact.get("estimate")? != ".." {
            rows.extend(figure(&fact, codes)?);
        }
    }
    Ok(rows)
}

fn figure(fact: &Row, codes: &Codes) -> Result<Option<Vec<String>>> {
    let (code, year) = (fact.get("code")?, fact.year("year")?);
    let Some(destination) = codes.country("wgi", code, year) else {
        return Err(fact.wrong("code", code, "an ISO alpha-3 code or one in schemes.csv"));
    };
    if destination.is_empty() {
        return Ok(None);
    }
    let indicator = indicator(fact)?;
    let value = decimal(fact, "estimate")?;
    let error = decimal(fact, "stddev")?;
    let published = published(year);
    Ok(Some(row([
        indicator,
        destination,
        &year.to_string(),
        &value,
        &error,
        &published,
    ])))
}

fn indicator(fact: &Row) -> Result<&'static str> {
    let letters = fact.get("indicator")?;
    let known = INDICATORS.iter().find(|(from, _)| *from == letters);
    known
        .map(|(_, to)| *to)
        .ok_or_else(|| fact.wrong("indicator", letters, "one of cc, ge, pv, rl, rq, va"))
}

/// A figure to six decimals, rounded half to even.
fn decimal(fact: &Row, column: &str) -> Result<String> {
    let text = fact.get(column)?;
    let exact = BigDecimal::from_str(text).map_err(|_| fact.wrong(column, text, "a number"))?;
    Ok(exact
        .with_scale_round(6, RoundingMode::HalfEven)
        .to_plain_string())
}

/// The day from which a figure for a year could be known: the end of the next September, and never
/// before the first release of October 1999.
fn published(year: i16) -> String {
    if year < 1999 {
        "1999-10-01".to_owned()
    } else {
        format!("{}-09-30", year.saturating_add(1))
    }
}
