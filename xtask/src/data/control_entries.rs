//! Control-list entries with their ancestors: EU Annex I and the US Commerce Control List.
//!
//! The codes come from the two stored lists; titles, capabilities, layers and dates from
//! `xtask/facts/entries.csv`, whose rows also hold for everything beneath a code.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use super::source::{Row, Source};
use super::table::{Rows, row};

const ANNEX: &str = "control_lists/annex_i_2022.json";
const CCL: &str = "control_lists/us_ccl_2026-07-23.json";
const CAPABILITIES: [&str; 8] = [
    "interception",
    "intrusion",
    "extraction",
    "location_tracking",
    "biometric_identification",
    "monitoring_centre",
    "analysis",
    "filtering",
];
/// The layers of technology that an item can act on, in the order in which they are written.
const LAYERS: [&str; 6] = [
    "people",
    "data",
    "network",
    "device",
    "protocol",
    "infrastructure",
];

/// A list and a code in it.
type Entry = (String, String);

/// What is known of an entry, and of everything beneath it, beyond its code.
#[derive(Debug, Clone)]
struct Fact {
    title: String,
    capability: String,
    layer: String,
    from: String,
    until: String,
    basis: String,
    verified: String,
}

/// The rows of `control_entries`.
pub(super) fn rows(source: &Source) -> Result<Rows> {
    let mut entries = BTreeMap::new();
    annex(source, &mut entries)?;
    ccl(source, &mut entries)?;
    let facts = facts(source)?;
    for (list, code) in facts.keys() {
        add(
            list,
            code,
            "named in the facts, not in the stored list",
            &mut entries,
        );
    }
    for drop in source.facts("entries_drop.csv")? {
        let entry = (drop.get("list")?.to_owned(), drop.get("code")?.to_owned());
        if entries.remove(&entry).is_none() {
            return Err(drop.wrong("code", &entry.1, "a code that the stored list gives"));
        }
    }
    Ok(entries
        .iter()
        .flat_map(|(entry, basis)| periods(entry, basis, &facts))
        .collect())
}

/// The code above, or nothing for a three-level stem such as 5A001.
fn parent(code: &str) -> &str {
    code.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// A code and the codes above it, nearest first.
pub(super) fn lineage(code: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(code), |code| Some(parent(code))).take_while(|code| !code.is_empty())
}

/// Adds a code and the codes above it.
fn add(list: &str, code: &str, basis: &str, entries: &mut BTreeMap<Entry, String>) {
    for code in lineage(code) {
        let entry = (list.to_owned(), code.to_owned());
        entries.entry(entry).or_insert_with(|| basis.to_owned());
    }
}

/// One row for each period of an entry. Its dates, capability and layers come from the nearest fact at or
/// above it; a title is its own.
fn periods(entry: &Entry, basis: &str, facts: &BTreeMap<Entry, Vec<Fact>>) -> Rows {
    let (list, code) = entry;
    let nearest = lineage(code).find_map(|at| facts.get(&(list.clone(), at.to_owned())));
    let Some(nearest) = nearest else {
        return vec![row([
            list,
            code,
            parent(code),
            "",
            "",
            "",
            "",
            "",
            basis,
            "true",
        ])];
    };
    let own = facts.contains_key(entry);
    let cells = |fact: &Fact| {
        let title = if own { fact.title.as_str() } else { "" };
        let Fact {
            capability,
            layer,
            from,
            until,
            basis,
            verified,
            ..
        } = fact;
        row([
            list,
            code,
            parent(code),
            title,
            capability,
            layer,
            from,
            until,
            basis,
            verified,
        ])
    };
    nearest.iter().map(cells).collect()
}

fn facts(source: &Source) -> Result<BTreeMap<Entry, Vec<Fact>>> {
    let mut facts: BTreeMap<Entry, Vec<Fact>> = BTreeMap::new();
    for fact in source.facts("entries.csv")? {
        let list = fact.word("list", &["annex_i", "ccl"])?;
        for code in fact.get("code")?.split_whitespace() {
            let entry = (list.clone(), code.to_owned());
            facts.entry(entry).or_default().push(known(&fact)?);
        }
    }
    Ok(facts)
}

fn known(fact: &Row) -> Result<Fact> {
    let (capability, layer) = (fact.get("capability")?, fact.get("layer")?);
    words(fact, "capability", capability, &CAPABILITIES)?;
    words(fact, "layer", layer, &LAYERS)?;
    if !capability.is_empty() && layer.is_empty() {
        return Err(fact.wrong("layer", layer, "at least one layer beside a capability"));
    }
    Ok(Fact {
        title: fact.get("title")?.to_owned(),
        capability: capability.to_owned(),
        layer: layer.to_owned(),
        from: fact.date("from")?,
        until: fact.date("until")?,
        basis: fact.get("basis")?.to_owned(),
        verified: fact.flag("verified")?,
    })
}

/// Checks that each word of a cell, separated by `|`, is allowed and stands there once.
fn words(fact: &Row, column: &str, cell: &str, allowed: &[&str]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for word in cell.split('|').filter(|_| !cell.is_empty()) {
        if !allowed.contains(&word) || !seen.insert(word) {
            let expected = format!("each at most once: {}", allowed.join(", "));
            return Err(fact.wrong(column, word, &expected));
        }
    }
    Ok(())
}

/// One record of the stored Annex I, which keeps regulations and their paragraphs in one list.
#[derive(Debug, Deserialize)]
struct AnnexRecord {
    model: String,
    fields: serde_json::Value,
}

#[derive(Debug, Deserialize)]
struct Paragraph {
    path: String,
    code: String,
    note_type: String,
    text: String,
}

/// Codes of Annex I: a paragraph's code is its own letter or number under that of its parent.
fn annex(source: &Source, entries: &mut BTreeMap<Entry, String>) -> Result<()> {
    let records: Vec<AnnexRecord> = source.json(ANNEX)?;
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    let mut paragraphs = Vec::new();
    for record in records
        .into_iter()
        .filter(|r| r.model == "regulations.paragraph")
    {
        let paragraph: Paragraph = serde_json::from_value(record.fields).context(ANNEX)?;
        paragraphs.push(paragraph);
    }
    paragraphs.sort_by(|a, b| a.path.cmp(&b.path));
    for paragraph in &paragraphs {
        if let Some(code) = annex_code(paragraph, &codes) {
            add("annex_i", &code, "Annex I, text of 2022", entries);
            codes.insert(paragraph.path.clone(), code);
        }
    }
    if codes.is_empty() {
        bail!("{ANNEX}: found no paragraph with a code; expected some thousands");
    }
    Ok(())
}

/// A paragraph's full code; nothing for notes, unused letters and what lies under a note.
fn annex_code(paragraph: &Paragraph, codes: &BTreeMap<String, String>) -> Option<String> {
    let own = paragraph.code.strip_suffix('.').unwrap_or(&paragraph.code);
    if paragraph.note_type != "base" || paragraph.text.trim_start().starts_with("Not used") {
        return None;
    }
    if paragraph.path.len() == 4 {
        return Some(own.to_owned());
    }
    let above = paragraph.path.get(..paragraph.path.len().checked_sub(4)?)?;
    let plain = !own.is_empty()
        && own
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    plain
        .then(|| codes.get(above).map(|above| format!("{above}.{own}")))
        .flatten()
}

#[derive(Debug, Deserialize)]
struct Ccl {
    entries: Vec<CclEntry>,
}

#[derive(Debug, Deserialize)]
struct CclEntry {
    eccn: String,
    #[serde(default)]
    items: Vec<CclItem>,
}

#[derive(Debug, Deserialize)]
struct CclItem {
    paragraph: Option<String>,
    kind: String,
    text: String,
}

/// Codes of the Commerce Control List. The stored list mixes item paragraphs with lists inside
/// notes, which start again at `a`: those are left out.
fn ccl(source: &Source, entries: &mut BTreeMap<Entry, String>) -> Result<()> {
    let file: Ccl = source.json(CCL)?;
    for entry in &file.entries {
        add("ccl", &entry.eccn, "CCL, eCFR 2026-07-23", entries);
        let mut reader = Paragraphs::default();
        for item in entry.items.iter().filter(|item| item.kind == "item") {
            let paragraph = item
                .paragraph
                .as_deref()
                .ok_or_else(|| anyhow!("{CCL}: {}: an item without paragraph", entry.eccn))?;
            if reader.takes(paragraph) && !item.text.contains("[Reserved]") {
                let code = format!("{}.{paragraph}", entry.eccn);
                add("ccl", &code, "CCL, eCFR 2026-07-23", entries);
            }
        }
    }
    Ok(())
}

/// Tells an entry's own paragraphs from a list inside a note.
#[derive(Debug, Default)]
struct Paragraphs {
    taken: BTreeSet<Vec<Step>>,
    last: Vec<Step>,
    note: Option<char>,
}

/// One part of a paragraph's number: letters or a figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Figure(u32),
    Letters(String),
}

impl Paragraphs {
    /// Whether a paragraph goes on from those taken so far.
    fn takes(&mut self, paragraph: &str) -> bool {
        let steps: Vec<Step> = paragraph.split('.').map(step).collect();
        let letter = paragraph.chars().next().unwrap_or('a');
        let follows_note = self.note.is_some_and(|note| next(note) == letter);
        let alone = steps.len() == 1;
        let inside = self.note.is_some() && !alone && steps.first() != self.last.first();
        if steps <= self.last || (alone && follows_note) || inside {
            if alone {
                self.note = Some(letter);
            }
            return false;
        }
        self.note = None;
        self.last.clone_from(&steps);
        self.taken.insert(steps)
    }
}

fn step(text: &str) -> Step {
    text.parse()
        .map_or_else(|_| Step::Letters(text.to_owned()), Step::Figure)
}

fn next(letter: char) -> char {
    char::from_u32(u32::from(letter).saturating_add(1)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::{Paragraphs, lineage, parent};

    fn taken(paragraphs: &[&str]) -> Vec<String> {
        let mut reader = Paragraphs::default();
        let kept = paragraphs
            .iter()
            .filter(|paragraph| reader.takes(paragraph));
        kept.map(|paragraph| (*paragraph).to_owned()).collect()
    }

    #[test]
    fn a_list_inside_a_note_is_left_out() {
        let found = taken(&["a", "b", "b.1", "b.2", "a", "b", "c", "d", "c", "z"]);
        assert_eq!(found, ["a", "b", "b.1", "b.2", "c", "z"]);
    }

    #[test]
    fn paragraphs_under_a_note_are_left_out_and_the_entry_goes_on() {
        let found = taken(&[
            "a", "a.1", "a.4.b", "a", "b", "a.1.a", "i", "i.1", "b", "b.3",
        ]);
        assert_eq!(found, ["a", "a.1", "a.4.b", "i", "i.1"]);
        let found = taken(&["b", "b.3", "b.3.b", "a", "b", "b.4", "b.10", "c"]);
        assert_eq!(found, ["b", "b.3", "b.3.b", "b.4", "b.10", "c"]);
    }

    #[test]
    fn a_stem_has_no_parent() {
        assert_eq!(parent("5A001.f.1"), "5A001.f");
        assert_eq!(parent("5A001"), "");
        assert_eq!(
            lineage("5A001.f.1").collect::<Vec<_>>(),
            ["5A001.f.1", "5A001.f", "5A001"]
        );
    }
}
