//! Small samples of real trade and licensing records, in their publishers' own columns.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::output::Output;
use super::source::{Row, Source};
use super::table::{Rows, sha256, to_csv, to_json};

pub(super) const TRADE: [&str; 2] = [
    "trade/Feb_2025_Exports_HS10_by_Country.csv",
    "trade/Jan_2025_Exports_HS10_by_Country.csv",
];
pub(super) const DECISIONS: &str = "licensing/uk_decisions_2008_2011.csv";
pub(super) const TRADE_ROWS: usize = 200;
const DECISION_ROWS: usize = 300;
/// Headings of telecommunications, computing, cameras and measuring, of which half the trade
/// sample consists.
const OF_INTEREST: [&str; 10] = [
    "8471", "8473", "8517", "8523", "8525", "8526", "8527", "8543", "9030", "9031",
];

/// The facts about a sample, from `xtask/facts/samples.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    title: String,
    publisher: String,
    licence: String,
    url: String,
    source_file: String,
    retrieved: String,
    how_chosen: String,
    note: String,
}

#[derive(Debug, Serialize)]
struct Sidecar<'a> {
    #[serde(flatten)]
    sample: &'a Sample,
    rows: usize,
    sha256: String,
}

/// Both samples, each with its description.
pub(super) fn outputs(source: &Source) -> Result<Vec<Output>> {
    let about: BTreeMap<String, Sample> = source.facts_json("samples.json")?;
    let mut outputs = Vec::new();
    for (id, sample) in &about {
        let rows = match id.as_str() {
            "trade-sample" => trade(source)?,
            _ => decisions(source)?,
        };
        outputs.extend(files(id, sample, &rows)?);
    }
    Ok(outputs)
}

fn files(id: &str, sample: &Sample, rows: &[Row]) -> Result<[Output; 2]> {
    let header: Vec<&str> = rows
        .first()
        .map_or(&[][..], Row::headers)
        .iter()
        .map(String::as_str)
        .collect();
    let cells: Rows = rows.iter().map(|row| row.fields().to_vec()).collect();
    let csv = to_csv(header, &cells)?;
    let about = to_json(&Sidecar {
        sample,
        rows: rows.len(),
        sha256: sha256(&csv),
    })?;
    let output = |kind: &str, bytes| Output {
        path: format!("samples/{id}.{kind}"),
        bytes,
    };
    Ok([output("csv", csv), output("json", about)])
}

/// Half from the headings of interest and half from the rest, each spread over the file.
fn trade(source: &Source) -> Result<Vec<Row>> {
    let mut of_interest = Vec::new();
    let mut others = Vec::new();
    for file in TRADE {
        for row in source.sheet(file)? {
            let heading = row.get("hs")?.get(..4).unwrap_or_default();
            let pool = if OF_INTEREST.contains(&heading) {
                &mut of_interest
            } else {
                &mut others
            };
            pool.push(row);
        }
    }
    let half = TRADE_ROWS / 2;
    let mut rows = pick(of_interest, "country", half)?;
    rows.extend(pick(
        others,
        "country",
        TRADE_ROWS.saturating_sub(rows.len()),
    )?);
    Ok(rows)
}

/// A third refused decisions, two thirds others, each spread over the years.
fn decisions(source: &Source) -> Result<Vec<Row>> {
    let mut refused = Vec::new();
    let mut others = Vec::new();
    for row in source.sheet(DECISIONS)? {
        let pool = if row.get("refused")? == "1" {
            &mut refused
        } else {
            &mut others
        };
        pool.push(row);
    }
    let mut rows = spread(refused, DECISION_ROWS / 3);
    rows.extend(spread(others, DECISION_ROWS.saturating_sub(rows.len())));
    Ok(rows)
}

/// One record of each value of a column, and then others at even steps.
fn pick(rows: Vec<Row>, column: &str, wanted: usize) -> Result<Vec<Row>> {
    let mut seen = BTreeSet::new();
    let mut first = Vec::new();
    let mut later = Vec::new();
    for row in rows {
        let new = seen.insert(row.get(column)?.to_owned());
        if new {
            first.push(row);
        } else {
            later.push(row);
        }
    }
    let mut picked = spread(first, wanted);
    picked.extend(spread(later, wanted.saturating_sub(picked.len())));
    Ok(picked)
}

/// Records taken at even steps.
fn spread(rows: Vec<Row>, wanted: usize) -> Vec<Row> {
    let step = rows.len().checked_div(wanted).unwrap_or(1).max(1);
    rows.into_iter().step_by(step).take(wanted).collect()
}
