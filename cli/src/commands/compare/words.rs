//! Comparisons as text, CSV and JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use catchall_engine::comparison::{Impact, Moved, Proof, Verdict, Witness};
use catchall_engine::ruleset::{Library, Review, Ruleset};
use catchall_engine::screening::{Direction, NOTICE};
use catchall_engine::time::Dates;
use catchall_report::change::bounds;
use serde_json::{Value, json};

/// All that a comparison found.
pub(super) struct Shown<'s> {
    pub(super) base: &'s Ruleset,
    pub(super) amended: &'s Ruleset,
    pub(super) library: &'s Library,
    pub(super) dates: Dates,
    pub(super) proofs: &'s [Proof],
    pub(super) impact: Option<&'s Impact>,
}

/// Of each kind of thing the text shows so many; JSON, CSV and the page show all.
const SHOWN: usize = 20;

impl Shown<'_> {
    pub(super) fn json(&self) -> Value {
        let side = |ruleset: &Ruleset| json!({"id": ruleset.id, "title": ruleset.title, "sha256": ruleset.hash});
        let mut whole = json!({
            "base": side(self.base), "amended": side(self.amended), "data": self.library.reference.hash,
            "notice": NOTICE
        });
        if let Some(object) = whole.as_object_mut() {
            if !self.proofs.is_empty() {
                object.insert("as_of".to_owned(), json!(self.dates.as_of));
                object.insert("known_at".to_owned(), json!(self.dates.known_at));
                object.insert("proofs".to_owned(), json!(self.proofs));
            }
            if let Some(impact) = self.impact {
                object.insert("impact".to_owned(), json!(impact));
            }
        }
        whole
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\nas it would be: {}\n", self.base.id, self.amended.id);
        if let Some(impact) = self.impact {
            text.push_str(&impact_text(impact));
        }
        if !self.proofs.is_empty() {
            _ = writeln!(
                text,
                "\nAll possible applications, on the law of {} and data known at {}:",
                self.dates.as_of, self.dates.known_at
            );
        }
        self.proofs
            .iter()
            .for_each(|proof| text.push_str(&proof_text(proof)));
        _ = writeln!(text, "\n{NOTICE}");
        text
    }

    pub(super) fn csv(&self) -> String {
        let mut text = "case,label,direction,base_requirement_at_least,base_requirement_at_most,base_review_at_least,\
            base_review_at_most,requirement_at_least,requirement_at_most,review_at_least,review_at_most,destination,\
            entries,end_users,year,value,rules,settled_by\n"
            .to_owned();
        let moved = self.impact.into_iter().flat_map(|impact| &impact.moved);
        moved.for_each(|moved| text.push_str(&row(moved)));
        text
    }
}

fn row(moved: &Moved) -> String {
    let label = moved.label.map(|label| json!(label));
    let mut cells = vec![
        moved.id.to_string(),
        label
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        moved.direction.words().to_owned(),
    ];
    for bounds in [&moved.base, &moved.amended] {
        cells.push(bounds.requirement.at_least.to_string());
        cells.push(bounds.requirement.at_most.to_string());
        let review = |level: Option<Review>| level.map(Review::code).unwrap_or_default().to_owned();
        cells.push(review(bounds.review.at_least));
        cells.push(review(bounds.review.at_most));
    }
    let joined = |parts: Vec<&str>| parts.join(" ");
    let traits = &moved.traits;
    cells.push(traits.destination.as_deref().unwrap_or_default().to_owned());
    cells.push(joined(traits.entries.iter().map(AsRef::as_ref).collect()));
    cells.push(joined(traits.end_users.iter().map(AsRef::as_ref).collect()));
    cells.push(traits.year.to_string());
    cells.push(traits.value.clone().unwrap_or_default());
    cells.push(joined(
        moved
            .rules
            .iter()
            .map(|rule| rule.found.rule.as_ref())
            .collect(),
    ));
    cells.push(joined(
        moved.settled_by.iter().map(String::as_str).collect(),
    ));
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\n", quoted.join(","))
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn impact_text(impact: &Impact) -> String {
    let mut text = format!(
        "\n{} cases, of which {} move",
        impact.cases,
        impact.moved.len()
    );
    for (direction, count) in &impact.directions {
        _ = write!(text, "; {} {}", count, direction.words());
    }
    text.push('\n');
    let named = |ids: &[std::sync::Arc<str>]| {
        ids.iter()
            .map(AsRef::as_ref)
            .collect::<Vec<&str>>()
            .join(", ")
    };
    if !impact.benign_caught.is_empty() {
        _ = writeln!(
            text,
            "  everyday exports of which more is asked, or may be: {}",
            named(&impact.benign_caught)
        );
    }
    if !impact.harmful_released.is_empty() {
        _ = writeln!(
            text,
            "  harmful exports of which less is asked, or may be: {}",
            named(&impact.harmful_released)
        );
    }
    for (dimension, keys) in &impact.by {
        _ = writeln!(text, "  by {dimension}: {}", counted(keys));
    }
    for moved in impact.moved.iter().take(SHOWN) {
        _ = write!(
            text,
            "\n{}: {} ({})\n",
            moved.id,
            moved.title,
            moved.direction.words()
        );
        _ = writeln!(text, "  as it is:       {}", bounds(&moved.base));
        _ = writeln!(text, "  as it would be: {}", bounds(&moved.amended));
        for rule in &moved.rules {
            _ = writeln!(
                text,
                "  {} {} → {}: {}",
                rule.found.rule,
                rule.found.base.words(),
                rule.found.amended.words(),
                rule.when
            );
        }
        if !moved.settled_by.is_empty() {
            let facts: Vec<&str> = moved.settled_by.iter().map(String::as_str).collect();
            _ = writeln!(text, "  would be settled by: {}", facts.join(", "));
        }
    }
    let rest = impact.moved.len().saturating_sub(SHOWN);
    if rest > 0 {
        _ = writeln!(
            text,
            "\nand {rest} more: --format csv, json or html shows all"
        );
    }
    text
}

fn counted(keys: &BTreeMap<String, BTreeMap<Direction, usize>>) -> String {
    let mut counts: Vec<(usize, &String)> = keys
        .iter()
        .map(|(key, counts)| {
            (
                counts
                    .values()
                    .fold(0_usize, |sum, count| sum.saturating_add(*count)),
                key,
            )
        })
        .collect();
    counts.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.cmp(b)));
    let shown = counts
        .iter()
        .take(SHOWN)
        .map(|(count, key)| format!("{key} {count}"));
    shown.collect::<Vec<String>>().join(", ")
}

fn proof_text(proof: &Proof) -> String {
    let mut text = match &proof.verdict {
        Verdict::Proved => format!("\nProved: no application is {}.\n", proof.never.words()),
        Verdict::Refuted(witness) => {
            format!(
                "\nAn application can be {}:\n{}",
                proof.never.words(),
                witness_text(witness)
            )
        }
    };
    if let Some(assumed) = &proof.assume {
        _ = writeln!(text, "  assumed of every application: {assumed}");
    }
    _ = writeln!(
        text,
        "  searched: {} facts and fields in {} classes, unknown included",
        proof.variables, proof.classes
    );
    for bound in &proof.bounds {
        _ = writeln!(text, "  bounded: {bound}");
    }
    text
}

fn witness_text(witness: &Witness) -> String {
    let json = serde_json::to_string_pretty(&witness.application).unwrap_or_default();
    let mut text: String = json.lines().map(|line| format!("    {line}\n")).collect();
    _ = writeln!(text, "  as it is:       {}", bounds(&witness.base));
    _ = writeln!(text, "  as it would be: {}", bounds(&witness.amended));
    for found in &witness.rules {
        _ = writeln!(
            text,
            "  {}: {} → {}",
            found.rule,
            found.base.words(),
            found.amended.words()
        );
    }
    text
}
