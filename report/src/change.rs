//! What a change of law would do to the records of a table, as a page.
//!
//! Every number of the page is one of the table's [`Change`], or a sum of some.

use std::collections::BTreeMap;
use std::sync::Arc;

use catchall_engine::bulk::{Change, Counted, Moved, Summary};
use catchall_engine::ruleset::{Library, Requirement, Review};
use catchall_engine::screening::{Bounds, Direction, Interval};

use crate::page::{Figure, Page, Part, Section, Table};
use crate::plot::{Bar, Bars, Map, Series, Spot};
use crate::tone::Tone;
use crate::{grouped, share};

/// So many rows stand open to the eye; the rest is folded away.
const TOP: usize = 12;

/// What a change does to the records of a table, and what is needed to say it in words.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'c> {
    /// The counts.
    pub summary: &'c Summary,
    /// What the change does.
    pub change: &'c Change,
    /// Facts and reference data that the table was screened with.
    pub library: &'c Library,
    /// The names of the tables.
    pub tables: &'c [String],
}

/// The colour of a direction.
pub fn tone(direction: Direction) -> Tone {
    match direction {
        Direction::Stricter => Tone::Licence,
        Direction::Milder => Tone::Clear,
        Direction::Both => Tone::Open,
    }
}

/// The page of a table that is screened under a ruleset as it is and as it would be.
pub fn page(compared: &Compared<'_>) -> Page {
    let Compared {
        summary, change, ..
    } = compared;
    let mut sections = vec![outcome(compared), pairs(change)];
    sections.extend(KINDS.into_iter().filter_map(|(kind, title)| {
        let names = change.by.get(kind)?;
        Some(section(kind, title, names, compared))
    }));
    sections.extend([rules(change), open(compared)].into_iter().flatten());
    let rulesets = &summary.rulesets;
    let hash = rulesets.get(&change.amended).cloned().unwrap_or_default();
    Page {
        kind: "What a change would do to a table".to_owned(),
        heading: format!("{} → {}", change.base, change.amended),
        head: [
            ("Table", compared.tables.join(", ")),
            ("Read as", summary.profile.to_string()),
            (
                "Ruleset as it is",
                format!("{}, {}", change.base, change.base_sha256),
            ),
            ("As it would be", format!("{}, {hash}", change.amended)),
            ("Data", summary.data.clone()),
            ("Input", summary.input.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
        sections,
        foot: summary.notice.to_owned(),
    }
}

/// What records are counted under, in the order of the page; `rule` stands in a table of its own.
const KINDS: [(&str, &str); 6] = [
    ("destination", "By destination"),
    ("item", "By control entry"),
    ("hs", "By customs code (HS)"),
    ("end user", "By type of end user"),
    ("year", "By year"),
    ("rule", "By rule"),
];

fn outcome(compared: &Compared<'_>) -> Section {
    let (summary, change) = (compared.summary, compared.change);
    let figure = |rows: u64, name: &str| Figure {
        sign: "",
        number: grouped(rows.into()),
        name: name.to_owned(),
    };
    let mut figures = vec![figure(summary.read, "records"), figure(change.rows, "move")];
    for direction in Direction::ALL {
        let rows = change.directions.get(&direction).map_or(0, |one| one.rows);
        figures.push(figure(rows, direction.words()));
    }
    if summary.rejected > 0 {
        figures.push(figure(summary.rejected, "could not be read"));
    }
    let moves = share(change.rows.into(), summary.read.into());
    let lead = format!(
        "The change moves {} of {} records ({moves}). A record moves where some bound of what is required, or of \
         how an application is reviewed, is another.",
        grouped(change.rows.into()),
        grouped(summary.read.into())
    );
    let mut parts = vec![
        Part::Lead(lead, Tone::Plain),
        Part::Figures(figures),
        Part::Table(worth(&change.directions)),
    ];
    parts.extend((!summary.notes.is_empty()).then(|| Part::Heading("Mind".to_owned())));
    parts.push(Part::List(
        summary.notes.iter().map(ToString::to_string).collect(),
    ));
    Section {
        id: "outcome".to_owned(),
        title: "What moves".to_owned(),
        parts,
    }
}

/// The exact sums of what records that move are worth.
fn worth(directions: &Moved) -> Table {
    let rows = directions.iter().flat_map(|(direction, counted)| {
        counted.values.iter().map(|(unit, value)| {
            vec![
                direction.words().to_owned(),
                unit.to_string(),
                value.sum(),
                grouped(value.rows.into()),
            ]
        })
    });
    table(
        "Exact sums of what they are worth",
        &["direction", "unit", "sum", "records that state it"],
        rows.collect(),
        2,
    )
}

fn pairs(change: &Change) -> Section {
    let rows = change.pairs.iter().map(|pair| {
        vec![
            bounds(&pair.base),
            bounds(&pair.amended),
            pair.direction.words().to_owned(),
            grouped(pair.counted.rows.into()),
            sums(&pair.counted),
        ]
    });
    let heads = [
        "as it is",
        "as it would be",
        "direction",
        "records",
        "worth",
    ];
    Section {
        id: "pairs".to_owned(),
        title: "From what, to what".to_owned(),
        parts: vec![Part::Table(table(
            "Records that move, by what is asked as it is and as it would be",
            &heads,
            rows.collect(),
            3,
        ))],
    }
}

/// A table whose columns from one on hold numbers.
fn table(caption: &str, heads: &[&str], rows: Vec<Vec<String>>, numbers: usize) -> Table {
    let heads = heads.iter().enumerate();
    Table {
        caption: caption.to_owned(),
        heads: heads
            .map(|(at, head)| ((*head).to_owned(), at >= numbers))
            .collect(),
        rows,
        folded: false,
    }
}

fn sums(counted: &Counted) -> String {
    let values = counted.values.iter();
    let values = values.map(|(unit, value)| format!("{unit} {}", value.sum()));
    values.collect::<Vec<String>>().join(", ")
}

fn section(
    kind: &str,
    title: &str,
    names: &BTreeMap<Arc<str>, Moved>,
    compared: &Compared<'_>,
) -> Section {
    let mut rows: Vec<(&Arc<str>, &Moved)> = names.iter().collect();
    if kind != "year" {
        rows.sort_by_key(|(_, moved)| std::cmp::Reverse(total(moved)));
    }
    let mut parts = Vec::new();
    if kind == "destination" {
        parts.push(Part::Map(map(&rows, compared)));
        let note = "Outlines are Natural Earth's and say nothing about the status of any area.";
        parts.push(Part::Text(note.to_owned()));
    }
    let (top, rest) = rows.split_at(rows.len().min(TOP));
    parts.push(Part::Bars(bars(kind, top, compared, None)));
    if !rest.is_empty() {
        let folded = format!("All {}", rows.len());
        parts.push(Part::Bars(bars(kind, &rows, compared, Some(folded))));
    }
    Section {
        id: format!("by-{}", kind.replace(' ', "-")),
        title: title.to_owned(),
        parts,
    }
}

fn total(moved: &Moved) -> u64 {
    let rows = moved.values().map(|counted| counted.rows);
    rows.fold(0, u64::saturating_add)
}

fn bars(
    kind: &str,
    rows: &[(&Arc<str>, &Moved)],
    compared: &Compared<'_>,
    folded: Option<String>,
) -> Bars {
    let series = Direction::ALL.map(|way| Series::new(way.words(), tone(way)));
    let rows = rows.iter().map(|(name, moved)| {
        let number = |way| {
            moved
                .get(&way)
                .map_or(0, |counted: &Counted| counted.rows.into())
        };
        let values = moved.values().map(sums).filter(|text| !text.is_empty());
        Bar {
            note: values.collect::<Vec<String>>().join(" · "),
            ..Bar::new(
                named(kind, name, compared),
                Direction::ALL.map(number).to_vec(),
            )
        }
    });
    Bars {
        rows_are: kind.to_owned(),
        counted: "records".to_owned(),
        series: series.to_vec(),
        rows: rows.collect(),
        each: false,
        whole: Some(compared.summary.read.into()),
        folded,
    }
}

fn named(kind: &str, name: &str, compared: &Compared<'_>) -> String {
    let destinations = &compared.library.reference.destinations;
    match destinations.get(name).filter(|_| kind == "destination") {
        Some(place) => place.name.to_string(),
        None if kind == "destination" => "destination not known".to_owned(),
        None => name.to_owned(),
    }
}

fn map(rows: &[(&Arc<str>, &Moved)], compared: &Compared<'_>) -> Map {
    let spots = rows.iter().map(|(code, moved)| {
        let spot = Spot {
            name: named("destination", code, compared),
            number: total(moved).into(),
        };
        (code.to_string(), spot)
    });
    Map {
        name: "Destinations of records that move".to_owned(),
        about: "A map of the world: the darker a destination, the more records move.".to_owned(),
        counted: "records".to_owned(),
        tone: Tone::Plain,
        spots: spots.filter(|(_, spot)| spot.number > 0).collect(),
    }
}

/// The rules that make the difference, with their conditions.
fn rules(change: &Change) -> Option<Section> {
    let rows = change.rules.iter().map(|rule| {
        vec![
            format!("{}: {}", rule.found.rule, rule.title),
            format!(
                "{} → {}",
                rule.found.base.words(),
                rule.found.amended.words()
            ),
            rule.when.to_string(),
            grouped(rule.counted.rows.into()),
        ]
    });
    let heads = ["rule", "stands", "condition", "records that move"];
    let rows: Vec<Vec<String>> = rows.collect();
    (!rows.is_empty()).then(|| Section {
        id: "rules".to_owned(),
        title: "The rules that no longer stand alike".to_owned(),
        parts: vec![Part::Table(table(
            "Rules and their conditions",
            &heads,
            rows,
            3,
        ))],
    })
}

/// What would settle the records that stay open.
fn open(compared: &Compared<'_>) -> Option<Section> {
    let change = compared.change;
    let mut facts: Vec<(&Arc<str>, &u64)> = change.settled_by.iter().collect();
    facts.sort_by_key(|(_, rows)| std::cmp::Reverse(**rows));
    let rows = facts.iter().map(|(fact, rows)| {
        let known = compared.library.catalogue.by_path(fact);
        let known = known.and_then(|id| compared.library.catalogue.fact(id));
        let label = known.map_or("", |fact| &fact.field.label);
        vec![fact.to_string(), label.to_owned(), grouped((**rows).into())]
    });
    let text = format!(
        "{} of the records that move would stay open. These facts would settle them.",
        grouped(change.open.into())
    );
    let heads = ["fact", "what it is", "records"];
    (change.open > 0).then(|| Section {
        id: "open".to_owned(),
        title: "What stays open".to_owned(),
        parts: vec![
            Part::Text(text),
            Part::Table(table("Facts that are missing", &heads, rows.collect(), 2)),
        ],
    })
}

/// Bounds in a few words.
pub fn bounds(bounds: &Bounds) -> String {
    let review = |level: Option<Review>| level.map_or("no review", Review::label);
    let requirement = span(bounds.requirement, Requirement::short);
    match bounds.review.at_most {
        None => requirement,
        Some(_) => format!("{requirement}; {}", span(bounds.review, review)),
    }
}

fn span<T: Copy + PartialEq>(interval: Interval<T>, words: impl Fn(T) -> &'static str) -> String {
    if interval.at_least == interval.at_most {
        words(interval.at_least).to_owned()
    } else {
        let (least, most) = (words(interval.at_least), words(interval.at_most));
        format!("{least} to {most}")
    }
}
