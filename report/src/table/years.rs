//! Records by the year whose law applies.

use catchall_engine::bulk::Summary;

use super::class::{Classes, Shown};
use crate::page::{Part, Section};
use crate::plot::{Column, Columns};

pub(super) fn section(summary: &Summary) -> Option<Section> {
    let years = &summary.years;
    if years.is_empty() {
        return None;
    }
    let rows: Vec<Classes> = years
        .values()
        .map(|tally| Classes::rows(&tally.requirement))
        .collect();
    let shown = Shown::of(&rows);
    // The strictest stands at the bottom, where it can be compared from year to year.
    let columns = years.keys().zip(shown.rows).map(|(year, numbers)| Column {
        name: year.to_string(),
        numbers,
    });
    let columns = Columns {
        name: "Records by year".to_owned(),
        about: "A column for each year whose law applies, divided by what is required; the strictest is lowest."
            .to_owned(),
        columns_are: "year".to_owned(),
        counted: "records".to_owned(),
        series: shown.series,
        columns: columns.collect(),
    };
    Some(super::section(
        "years",
        "By year",
        vec![Part::Columns(columns)],
    ))
}
