//! UCDP/PRIO armed conflicts: the highest intensity recorded at a place in a year.

use std::collections::BTreeMap;

use anyhow::Result;

use super::codes::Codes;
use super::source::{Row, Source};
use super::table::{Rows, row};

/// First and last year of the release.
const YEARS: (i16, i16) = (1946, 2024);
/// First year for which a state without a record gets a zero.
const ZEROS_FROM: i16 = 1990;

type Intensities = BTreeMap<(String, i16), String>;

/// The rows of `ucdp`: 1 minor conflict, 2 war, 0 none recorded in a state that the release covers.
pub(super) fn rows(source: &Source, codes: &Codes) -> Result<Rows> {
    let mut found = zeros(codes);
    let mut repairs = BTreeMap::new();
    for repair in source.facts("ucdp_repairs.csv")? {
        repairs.insert(repair.get("line")?.to_owned(), repair);
    }
    for fact in source.sheet("risk/UcdpPrioConflict_v25_1.csv")? {
        let fact = repairs.remove(&fact.line().to_string()).unwrap_or(fact);
        record(&fact, codes, &mut found)?;
    }
    let figure = |((code, year), level): ((String, i16), String)| {
        row([
            "ucdp.conflict_intensity",
            &code,
            &year.to_string(),
            &level,
            "",
            &published(year),
        ])
    };
    Ok(found.into_iter().map(figure).collect())
}

/// One record: every place it names takes its intensity if that is the highest of the year.
fn record(fact: &Row, codes: &Codes, found: &mut Intensities) -> Result<()> {
    if fact.get("gwno_loc")?.is_empty() && fact.get("year")?.is_empty() {
        return Ok(());
    }
    let level = fact.word("intensity_level", &["1", "2"])?;
    for number in fact.get("gwno_loc")?.split(',').map(str::trim) {
        raise(fact, number, &level, codes, found)?;
    }
    Ok(())
}

fn raise(
    fact: &Row,
    number: &str,
    level: &str,
    codes: &Codes,
    found: &mut Intensities,
) -> Result<()> {
    let year = fact.year("year")?;
    let Some(destination) = codes.scheme("gw", number, year) else {
        return Err(fact.wrong("gwno_loc", number, "a number in schemes.csv"));
    };
    if !destination.is_empty() {
        let highest = found.entry((destination.to_owned(), year)).or_default();
        if highest.as_str() < level {
            level.clone_into(highest);
        }
    }
    Ok(())
}

/// A zero for every state of the Gleditsch–Ward list in every year from 1990 on.
fn zeros(codes: &Codes) -> Intensities {
    let mut zeros = Intensities::new();
    for span in codes
        .spans("gw")
        .filter(|span| !span.destination.is_empty())
    {
        for year in span.from.max(ZEROS_FROM)..=span.to.min(YEARS.1) {
            zeros.insert((span.destination.clone(), year), "0".to_owned());
        }
    }
    zeros
}

/// The end of the next June, and never before the first release of September 2002.
fn published(year: i16) -> String {
    if year < 2002 {
        "2002-09-01".to_owned()
    } else {
        format!("{}-06-30", year.saturating_add(1))
    }
}
