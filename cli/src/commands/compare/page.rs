//! A comparison as one page that needs no network.

use std::collections::BTreeMap;

use catchall_engine::comparison::{Impact, Proof, Verdict};
use catchall_engine::screening::{Direction, NOTICE};
use catchall_report::change::{bounds, tone};
use catchall_report::page::{Figure, Page, Part, Section, Table};
use catchall_report::plot::{Bar, Bars, Map, Series, Spot};
use catchall_report::tone::Tone;

use serde_json::Value;

use super::words::Shown;

pub(super) fn page(shown: &Shown<'_>) -> Page {
    let mut sections: Vec<Section> = shown
        .impact
        .map(|impact| cases(impact, shown))
        .into_iter()
        .flatten()
        .collect();
    if !shown.proofs.is_empty() {
        sections.push(proofs(shown));
    }
    Page {
        kind: "What a change would do".to_owned(),
        heading: format!("{} → {}", shown.base.id, shown.amended.id),
        head: vec![
            (
                "Ruleset as it is".to_owned(),
                format!("{}, {}", shown.base.title, shown.base.hash),
            ),
            (
                "As it would be".to_owned(),
                format!("{}, {}", shown.amended.title, shown.amended.hash),
            ),
            ("Data".to_owned(), shown.library.reference.hash.clone()),
        ],
        sections,
        foot: NOTICE.to_owned(),
    }
}

fn cases(impact: &Impact, shown: &Shown<'_>) -> Vec<Section> {
    let mut parts = vec![Part::Figures(figures(impact))];
    let lists = [
        (
            "Everyday exports of which more is asked, or may be",
            &impact.benign_caught,
        ),
        (
            "Exports known to have done harm of which less is asked, or may be",
            &impact.harmful_released,
        ),
    ];
    for (title, ids) in lists {
        if !ids.is_empty() {
            parts.push(Part::Heading(title.to_owned()));
            parts.push(Part::List(ids.iter().map(ToString::to_string).collect()));
        }
    }
    let first = Section {
        id: "cases".to_owned(),
        title: "On these cases".to_owned(),
        parts,
    };
    let mut sections = vec![first];
    for (dimension, keys) in &impact.by {
        let mut parts = vec![Part::Bars(bars(dimension, keys))];
        if *dimension == "destination" {
            parts.insert(0, Part::Map(map(keys, shown)));
        }
        sections.push(Section {
            id: format!("by-{}", dimension.replace(' ', "-")),
            title: format!("Cases that move, by {dimension}"),
            parts,
        });
    }
    sections.push(Section {
        id: "moved".to_owned(),
        title: "Every case that moves".to_owned(),
        parts: vec![Part::Table(moved(impact))],
    });
    sections
}

fn figures(impact: &Impact) -> Vec<Figure> {
    let figure = |number: usize, name: &str| Figure {
        sign: "",
        number: number.to_string(),
        name: name.to_owned(),
    };
    let mut figures = vec![
        figure(impact.cases, "cases"),
        figure(impact.moved.len(), "move"),
    ];
    for direction in Direction::ALL {
        let count = impact.directions.get(&direction).copied().unwrap_or(0);
        figures.push(figure(count, direction.words()));
    }
    figures
}

fn count(count: Option<&usize>) -> u128 {
    count.map_or(0, |count| u128::try_from(*count).unwrap_or(u128::MAX))
}

fn bars(dimension: &str, keys: &BTreeMap<String, BTreeMap<Direction, usize>>) -> Bars {
    let series = Direction::ALL.map(|direction| Series::new(direction.words(), tone(direction)));
    let rows = keys.iter().map(|(key, counts)| {
        Bar::new(
            key.clone(),
            Direction::ALL
                .iter()
                .map(|direction| count(counts.get(direction)))
                .collect(),
        )
    });
    let mut rows: Vec<Bar> = rows.collect();
    rows.sort_by_key(|bar| std::cmp::Reverse(bar.numbers.iter().sum::<u128>()));
    Bars {
        rows_are: dimension.to_owned(),
        counted: "cases".to_owned(),
        series: series.to_vec(),
        rows,
        each: false,
        whole: None,
        folded: None,
    }
}

fn map(keys: &BTreeMap<String, BTreeMap<Direction, usize>>, shown: &Shown<'_>) -> Map {
    let spots = keys.iter().map(|(code, counts)| {
        let place = shown.library.reference.destinations.get(code);
        let name = place.map_or_else(|| code.clone(), |place| place.name.to_string());
        let number = counts.values().map(|one| count(Some(one))).sum();
        (code.clone(), Spot { name, number })
    });
    Map {
        name: "Destinations of cases that move".to_owned(),
        about: "The darker a destination, the more cases move.".to_owned(),
        counted: "cases".to_owned(),
        tone: Tone::Plain,
        spots: spots.collect(),
    }
}

fn moved(impact: &Impact) -> Table {
    let heads = [
        "Case",
        "Direction",
        "As it is",
        "As it would be",
        "Rules",
        "Would be settled by",
    ];
    let rows = impact.moved.iter().map(|moved| {
        let rules = moved.rules.iter().map(|rule| {
            format!(
                "{}: {} → {}",
                rule.found.rule,
                rule.found.base.words(),
                rule.found.amended.words()
            )
        });
        vec![
            format!("{}: {}", moved.id, moved.title),
            moved.direction.words().to_owned(),
            bounds(&moved.base),
            bounds(&moved.amended),
            rules.collect::<Vec<String>>().join("; "),
            moved
                .settled_by
                .iter()
                .map(String::as_str)
                .collect::<Vec<&str>>()
                .join(", "),
        ]
    });
    Table {
        caption: "Every case whose requirement or review moves".to_owned(),
        heads: heads.map(|head| (head.to_owned(), false)).to_vec(),
        rows: rows.collect(),
        folded: false,
    }
}

fn proofs(shown: &Shown<'_>) -> Section {
    let mut parts = vec![Part::Text(format!(
        "Every class of every fact was searched, unknown included, on the law of {} and data known at {}.",
        shown.dates.as_of, shown.dates.known_at
    ))];
    shown
        .proofs
        .iter()
        .for_each(|proof| proved(proof, shown, &mut parts));
    Section {
        id: "proof".to_owned(),
        title: "On all possible applications".to_owned(),
        parts,
    }
}

/// The facts of an application, each with its label; destinations by name.
fn facts(application: &Value, shown: &Shown<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    stated(application, &mut String::new(), &mut facts);
    let catalogue = &shown.library.catalogue;
    let destinations = &shown.library.reference.destinations;
    let line = |(pointer, value): (String, String)| {
        let general: Vec<&str> = pointer
            .split('/')
            .map(|part| {
                if part.parse::<usize>().is_ok() {
                    "*"
                } else {
                    part
                }
            })
            .collect();
        let general = general.join("/");
        let known = catalogue.facts().find(|(_, fact)| fact.pointer == general);
        let label = match known {
            Some((_, fact)) => fact.field.label.to_string(),
            None => pointer.trim_start_matches('/').replace('/', " "),
        };
        let place = destinations
            .get(&value)
            .filter(|_| general.ends_with("country"));
        let value = place.map_or(value, |place| place.name.to_string());
        format!("{label}: {value}")
    };
    facts.into_iter().map(line).collect()
}

/// All that is stated in a document, with its place.
fn stated(value: &Value, pointer: &mut String, found: &mut Vec<(String, String)>) {
    let length = pointer.len();
    let mut below = |key: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(key);
        stated(value, pointer, found);
        pointer.truncate(length);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(at, value)| below(&at.to_string(), value));
        }
        Value::Array(items) => {
            let items = items.iter().map(plain);
            found.push((pointer.clone(), items.collect::<Vec<String>>().join(", ")));
        }
        other => found.push((pointer.clone(), plain(other))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "not known".to_owned(),
        other => other.to_string(),
    }
}

fn proved(proof: &Proof, shown: &Shown<'_>, parts: &mut Vec<Part>) {
    match &proof.verdict {
        Verdict::Proved => {
            parts.push(Part::Lead(
                format!("Proved: no application is {}.", proof.never.words()),
                Tone::Plain,
            ));
        }
        Verdict::Refuted(witness) => {
            parts.push(Part::Lead(
                format!("An application can be {}.", proof.never.words()),
                Tone::Open,
            ));
            parts.push(Part::List(facts(&witness.application, shown)));
            let mut lines = vec![
                format!("As it is: {}", bounds(&witness.base)),
                format!("As it would be: {}", bounds(&witness.amended)),
            ];
            lines.extend(witness.rules.iter().map(|found| {
                format!(
                    "{}: {} → {}",
                    found.rule,
                    found.base.words(),
                    found.amended.words()
                )
            }));
            parts.push(Part::List(lines));
        }
    }
    let mut limits: Vec<String> = proof
        .assume
        .iter()
        .map(|text| format!("Assumed: {text}"))
        .collect();
    limits.extend(proof.bounds.iter().map(|bound| format!("Bounded: {bound}")));
    if !limits.is_empty() {
        parts.push(Part::List(limits));
    }
}
