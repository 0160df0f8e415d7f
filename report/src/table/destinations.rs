//! Records by destination: two maps, and bars.

use std::collections::BTreeMap;

use catchall_engine::bulk::Tally;

use super::class::{Class, Classes, Shown};
use super::{Screened, TOP};
use crate::page::{Part, Section};
use crate::plot::{Bar, Bars, Map, Spot};
use crate::tone::Tone;

/// How records are counted whose destination is not known.
const UNKNOWN: &str = "unknown";

/// One destination with its records.
struct Row<'r> {
    code: &'r str,
    name: String,
    classes: Classes,
}

pub(super) fn section(screened: &Screened<'_>) -> Option<Section> {
    let rows = rows(screened);
    if rows.is_empty() {
        return None;
    }
    let certain = map(&rows, true, Classes::certain);
    let open = map(&rows, false, |classes| classes.get(Class::Open));
    let mut parts: Vec<Part> = [certain, open]
        .into_iter()
        .flatten()
        .map(Part::Map)
        .collect();
    if !parts.is_empty() {
        parts.push(Part::Text(
            "Outlines are Natural Earth's and say nothing about the status of any area.".to_owned(),
        ));
    }
    parts.push(Part::Heading(
        "Destinations, those with most that is certain first".to_owned(),
    ));
    let whole = screened.summary.read;
    let (top, rest) = rows.split_at(rows.len().min(TOP));
    parts.push(Part::Bars(bars(top, whole, None)));
    if !rest.is_empty() {
        let folded = format!("All {} destinations", rows.len());
        parts.push(Part::Bars(bars(&rows, whole, Some(folded))));
    }
    Some(super::section("destinations", "By destination", parts))
}

fn rows<'s>(screened: &Screened<'s>) -> Vec<Row<'s>> {
    let row = |(code, tally): (&'s std::sync::Arc<str>, &'s Tally)| Row {
        code: code.as_ref(),
        name: match code.as_ref() {
            UNKNOWN => "destination not known".to_owned(),
            code => screened
                .library
                .reference
                .destinations
                .name(code)
                .to_owned(),
        },
        classes: Classes::rows(&tally.requirement),
    };
    let mut rows: Vec<Row<'_>> = screened.summary.destinations.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.classes.weight()));
    rows
}

fn map(rows: &[Row<'_>], certain: bool, number: impl Fn(&Classes) -> u128) -> Option<Map> {
    let (name, tone) = if certain {
        (
            "Where a licence is certainly needed, or the export is prohibited",
            Tone::Licence,
        )
    } else {
        ("Where it is open, and a licence may be needed", Tone::Open)
    };
    let spot = |row: &Row<'_>| Spot {
        name: row.name.clone(),
        number: number(&row.classes),
    };
    let spots: BTreeMap<String, Spot> = rows
        .iter()
        .map(|row| (row.code.to_owned(), spot(row)))
        .filter(|(_, spot)| spot.number > 0)
        .collect();
    let first = spots.values().max_by_key(|spot| spot.number)?;
    let about = format!(
        "A map of the world, darker where there are more records. Destinations with such records: {}. Most have {}: {}.",
        spots.len(),
        first.name,
        crate::grouped(first.number)
    );
    Some(Map {
        name: name.to_owned(),
        about,
        counted: "records".to_owned(),
        tone,
        spots,
    })
}

fn bars(rows: &[Row<'_>], whole: u64, folded: Option<String>) -> Bars {
    let classes: Vec<Classes> = rows.iter().map(|row| row.classes).collect();
    let shown = Shown::of(&classes);
    let rows = rows.iter().zip(shown.rows);
    Bars {
        rows_are: "destination".to_owned(),
        counted: "records".to_owned(),
        series: shown.series,
        rows: rows
            .map(|(row, numbers)| Bar::new(&row.name, numbers))
            .collect(),
        each: false,
        whole: Some(whole.into()),
        folded,
    }
}
