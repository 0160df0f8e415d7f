//! Records by customs code, with the control entries that a code may cover.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::class::{Classes, Shown};
use super::{Screened, TOP, records};
use crate::chapters::chapter;
use crate::page::{Part, Section};
use crate::plot::{Bar, Bars};

/// Entries that are named beside a code at most.
const ENTRIES: usize = 6;

pub(super) fn section(screened: &Screened<'_>) -> Option<Section> {
    let summary = screened.summary;
    if summary.hs.keys().all(|code| !is_code(code)) {
        return None;
    }
    let codes = summary.hs.iter();
    let codes: Vec<(String, String, Classes)> = codes
        .map(|(code, tally)| {
            let classes = Classes::rows(&tally.requirement);
            (name(code), may_cover(screened, code), classes)
        })
        .collect();
    let mut parts = vec![
        Part::Heading("Customs codes".to_owned()),
        bars(screened, "customs code", codes),
        Part::Heading("Chapters".to_owned()),
        bars(screened, "chapter", chapters(screened)),
    ];
    if summary.further_hs > 0 {
        parts.push(Part::Text(format!(
            "{} have further codes, too many to count each.",
            records(summary.further_hs)
        )));
    }
    parts.push(Part::Text(
        "No official table says which control entries a customs code covers. The entries named here are those that \
         goods under the code may fall under; others are possible."
            .to_owned(),
    ));
    Some(super::section("codes", "By customs code", parts))
}

fn is_code(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_digit())
}

fn name(code: &str) -> String {
    match (is_code(code), code.get(..4), code.get(4..)) {
        (true, Some(heading), Some(rest)) if !rest.is_empty() => format!("{heading}.{rest}"),
        (true, ..) => code.to_owned(),
        _ => "code not known".to_owned(),
    }
}

/// The sums of the first two digits.
fn chapters(screened: &Screened<'_>) -> Vec<(String, String, Classes)> {
    let mut chapters: BTreeMap<&str, Classes> = BTreeMap::new();
    for (code, tally) in &screened.summary.hs {
        let number = code.get(..2).filter(|_| is_code(code)).unwrap_or("");
        chapters
            .entry(number)
            .or_default()
            .add(&Classes::rows(&tally.requirement));
    }
    let chapters = chapters.into_iter();
    chapters
        .map(|(number, classes)| (chapter_name(number), String::new(), classes))
        .collect()
}

fn chapter_name(number: &str) -> String {
    match (number, chapter(number)) {
        ("", _) => "code not known".to_owned(),
        (number, Some(title)) => format!("{number} {title}"),
        (number, None) => number.to_owned(),
    }
}

/// The entries that a code may cover, in a few words.
fn may_cover(screened: &Screened<'_>, code: &str) -> String {
    let covers = screened.library.reference.correlation.iter();
    let covers = covers
        .filter(|(hs, _)| hs.as_ref() == code)
        .flat_map(|(_, covers)| covers);
    let entries: BTreeSet<&str> = covers.map(|cover| cover.code.as_ref()).collect();
    let named: Vec<&str> = entries.iter().copied().take(ENTRIES).collect();
    match entries.len().saturating_sub(ENTRIES) {
        _ if entries.is_empty() => String::new(),
        0 => format!("may cover {}", named.join(", ")),
        more => format!("may cover {} and {more} more", named.join(", ")),
    }
}

fn bars(
    screened: &Screened<'_>,
    rows_are: &str,
    mut codes: Vec<(String, String, Classes)>,
) -> Part {
    codes.sort_by_key(|(_, _, classes)| Reverse(classes.weight()));
    codes.truncate(TOP);
    let classes: Vec<Classes> = codes.iter().map(|(_, _, classes)| *classes).collect();
    let shown = Shown::of(&classes);
    let rows = codes.into_iter().zip(shown.rows);
    Part::Bars(Bars {
        rows_are: rows_are.to_owned(),
        counted: "records".to_owned(),
        series: shown.series,
        rows: rows
            .map(|((name, note, _), numbers)| Bar {
                note,
                ..Bar::new(name, numbers)
            })
            .collect(),
        each: false,
        whole: Some(screened.summary.read.into()),
        folded: None,
    })
}
