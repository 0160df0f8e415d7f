//! What became of a table's records, as a page.
//!
//! Every number of the page is one of the table's [`Summary`], or a sum of some.

mod class;
mod codes;
mod destinations;
mod missing;
mod origin;
mod outcome;
mod problems;
mod rules;
mod worth;
mod years;

use catchall_engine::bulk::Summary;
use catchall_engine::ruleset::Library;

use crate::page::{Page, Part, Section};

/// Counts over a table, and what is needed to say them in words.
#[derive(Clone, Copy, Debug)]
pub struct Screened<'s> {
    /// The counts.
    pub summary: &'s Summary,
    /// Facts, rulesets and reference data that the table was screened with.
    pub library: &'s Library,
    /// The names of the tables.
    pub tables: &'s [String],
}

/// So many rows stand open to the eye; the rest is folded away.
const TOP: usize = 12;

/// The page of a screened table.
pub fn page(screened: &Screened<'_>) -> Page {
    let summary = screened.summary;
    let sections = [
        Some(outcome::section(screened)),
        years::section(summary),
        destinations::section(screened),
        worth::section(summary),
        rules::section(screened),
        codes::section(screened),
        missing::section(screened),
        problems::section(summary),
        Some(origin::section(screened)),
    ];
    Page {
        kind: "Screening of a table".to_owned(),
        heading: heading(screened.tables),
        head: head(summary),
        sections: sections.into_iter().flatten().collect(),
        foot: summary.notice.to_owned(),
    }
}

fn heading(tables: &[String]) -> String {
    match tables {
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        [] => "No table".to_owned(),
    }
}

fn head(summary: &Summary) -> Vec<(String, String)> {
    let rulesets: Vec<&str> = summary.rulesets.keys().map(AsRef::as_ref).collect();
    let own = || "each record's own day".to_owned();
    let pairs = [
        ("Read as", summary.profile.to_string()),
        ("Rulesets", rulesets.join(", ")),
        (
            "Law of",
            summary.as_of.map_or_else(own, |day| day.to_string()),
        ),
        (
            "Data published by",
            summary.known_at.map_or_else(own, |day| day.to_string()),
        ),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// A section of some parts.
fn section(id: &str, title: &str, parts: Vec<Part>) -> Section {
    Section {
        id: id.to_owned(),
        title: title.to_owned(),
        parts,
    }
}

/// One record, or many.
fn records(rows: u64) -> String {
    let noun = if rows == 1 { "record" } else { "records" };
    format!("{} {noun}", crate::grouped(rows.into()))
}

/// A sum that stays at the greatest number.
fn sum(rows: impl Iterator<Item = u64>) -> u64 {
    rows.fold(0, u64::saturating_add)
}
