//! What the page was made from, so that it can be checked: tables, profile, rulesets, data, engine.

use catchall_engine::bulk::Summary;
use catchall_engine::ruleset::Modelled;

use super::{Screened, records};
use crate::page::{Part, Section, Table};

pub(super) fn section(screened: &Screened<'_>) -> Section {
    let mut parts = vec![
        Part::Text(
            "The same table, profile, rulesets and data give the same counts. Each is named by its SHA-256.".to_owned(),
        ),
        Part::Table(made_from(screened)),
        Part::Table(rulesets(screened)),
        Part::Table(credits(screened)),
    ];
    parts.extend(written(screened.summary).map(Part::Text));
    super::section("origin", "What this was made from", parts)
}

/// Which records were written, where not all were.
fn written(summary: &Summary) -> Option<String> {
    let only = (!summary.only.is_empty()).then(|| summary.only.join(", "))?;
    let selected = records(summary.selected);
    Some(format!(
        "Only {selected} were to be written beside this page, those that fit: {only}. All are counted here."
    ))
}

fn table(caption: &str, heads: &[&str], rows: Vec<Vec<String>>, folded: bool) -> Table {
    Table {
        caption: caption.to_owned(),
        heads: heads
            .iter()
            .map(|head| ((*head).to_owned(), false))
            .collect(),
        rows,
        folded,
    }
}

fn made_from(screened: &Screened<'_>) -> Table {
    let summary: &Summary = screened.summary;
    let row = |what: &str, which: String, hash: &str| vec![what.to_owned(), which, hash.to_owned()];
    let published = format!(
        "{}; published by {} under {}",
        screened.tables.join(", "),
        summary.publisher,
        summary.licence
    );
    let rows = vec![
        row("table", published, &summary.input),
        row(
            "profile",
            summary.profile.to_string(),
            &summary.profile_sha256,
        ),
        row(
            "reference data",
            "tables of groups, lists and figures".to_owned(),
            &summary.data,
        ),
        row("program", format!("Catchall {}", summary.engine), ""),
    ];
    table("Identity", &["what", "which", "SHA-256"], rows, false)
}

fn rulesets(screened: &Screened<'_>) -> Table {
    let rows = screened.summary.rulesets.iter().map(|(id, hash)| {
        let ruleset = screened.library.ruleset(id);
        let title = ruleset.map_or_else(String::new, |ruleset| ruleset.title.to_string());
        let edition = ruleset.map_or_else(String::new, |ruleset| ruleset.edition.to_string());
        let coverage = ruleset.map_or_else(String::new, |ruleset| {
            let count = |status| {
                let provisions = ruleset.coverage.iter();
                provisions
                    .filter(|provision| provision.status == status)
                    .count()
            };
            format!(
                "{} provisions modelled, {} in part, {} only named",
                count(Modelled::Modelled),
                count(Modelled::Partial),
                count(Modelled::PointerOnly)
            )
        });
        vec![format!("{title} ({id})"), edition, coverage, hash.clone()]
    });
    let heads = ["ruleset", "edition", "how much of the law", "SHA-256"];
    table("Rulesets", &heads, rows.collect(), false)
}

/// Publishers of the reference data, who ask to be named, and of the map.
fn credits(screened: &Screened<'_>) -> Table {
    let tables = screened.library.reference.tables.values();
    let rows = tables.map(|table| {
        [&table.title, &table.publisher, &table.licence]
            .map(Clone::clone)
            .to_vec()
    });
    let map = [
        "Outlines of destinations on a world map",
        "Natural Earth, in the package world-atlas by Michael Bostock",
        "public domain; ISC",
    ];
    let rows = rows.chain([map.map(str::to_owned).to_vec()]);
    let heads = ["table", "publisher", "licence"];
    table(
        "Publishers of the reference data and of the map",
        &heads,
        rows.collect(),
        true,
    )
}
