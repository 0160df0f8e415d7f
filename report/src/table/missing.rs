//! What is missing most: the questions whose answers records wait for, and figures that no table holds.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use catchall_engine::facts::Fact;

use super::{Screened, TOP};
use crate::page::{Part, Section};
use crate::plot::{Bar, Bars, Series};
use crate::tone::Tone;

/// A group or a figure that no table holds: the records that wait for it, of so many destinations.
#[derive(Default)]
struct Figure<'f> {
    rows: u64,
    destinations: Vec<&'f str>,
}

pub(super) fn section(screened: &Screened<'_>) -> Option<Section> {
    let missing = &screened.summary.missing;
    if missing.is_empty() {
        return None;
    }
    let mut facts = Vec::new();
    let mut figures: BTreeMap<&str, Figure<'_>> = BTreeMap::new();
    for (name, rows) in missing {
        if let Some(fact) = fact(screened, name) {
            facts.push((question(name, fact), *rows));
            continue;
        }
        let (name, destination) = name.split_once(" of ").unwrap_or((name, ""));
        let figure = figures.entry(name).or_default();
        figure.rows = figure.rows.saturating_add(*rows);
        figure
            .destinations
            .extend(Some(destination).filter(|code| !code.is_empty()));
    }
    let mut parts = vec![Part::Text(
        "An answer to one of these questions could change what is required, or how an application would be reviewed."
            .to_owned(),
    )];
    parts.extend(bars(screened, "question", facts));
    let figures: Vec<(Bar, u64)> = figures
        .into_iter()
        .map(|(name, figure)| (figure.bar(screened, name), figure.rows))
        .collect();
    if !figures.is_empty() {
        parts.push(Part::Heading("What no table holds for the day".to_owned()));
        parts.extend(bars(screened, "group or figure", figures));
    }
    Some(super::section("missing", "What is missing most", parts))
}

/// The fact of a name, with what the rulesets add to the catalogue.
fn fact<'s>(screened: &Screened<'s>, name: &str) -> Option<&'s Fact> {
    let library = screened.library;
    let own = library
        .rulesets
        .iter()
        .map(|ruleset| ruleset.catalogue.as_ref());
    let mut catalogues = std::iter::once(library.catalogue.as_ref()).chain(own);
    catalogues.find_map(|catalogue| catalogue.fact(catalogue.by_path(name)?))
}

fn question(name: &str, fact: &Fact) -> Bar {
    Bar {
        name: fact.field.question.to_string(),
        note: if fact.field.label.as_ref() == name {
            name.to_owned()
        } else {
            format!("{} · {name}", fact.field.label)
        },
        ..Bar::default()
    }
}

impl Figure<'_> {
    fn bar(&self, screened: &Screened<'_>, name: &str) -> Bar {
        let reference = &screened.library.reference;
        let group = name.strip_prefix("group ");
        let title = group.and_then(|id| Some(reference.groups.get(id)?.title.to_string()));
        let note = match self.destinations.as_slice() {
            [] => name.to_owned(),
            [one] => format!("{name} · {}", reference.destinations.name(one)),
            several => format!("{name} · {} destinations", several.len()),
        };
        let words = || name.replace(['.', '_'], " ");
        Bar {
            name: title.unwrap_or_else(words),
            note,
            ..Bar::default()
        }
    }
}

/// Bars, longest first, of which the first stand open.
fn bars(screened: &Screened<'_>, rows_are: &str, mut rows: Vec<(Bar, u64)>) -> Vec<Part> {
    if rows.is_empty() {
        return Vec::new();
    }
    rows.sort_by_key(|(_, rows)| Reverse(*rows));
    let rows = rows.into_iter().map(|(bar, rows)| Bar {
        numbers: vec![rows.into()],
        ..bar
    });
    let top = Bars {
        rows_are: rows_are.to_owned(),
        counted: "records".to_owned(),
        series: vec![Series::new("records that wait for it", Tone::Open)],
        rows: rows.collect(),
        each: false,
        whole: Some(screened.summary.read.into()),
        folded: None,
    };
    let all = top.rows.len();
    if all <= TOP {
        return vec![Part::Bars(top)];
    }
    let folded = Bars {
        folded: Some(format!("All {all} rows")),
        ..top.clone()
    };
    let mut top = top;
    top.rows.truncate(TOP);
    vec![Part::Bars(top), Part::Bars(folded)]
}
