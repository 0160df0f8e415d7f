//! The table that is printed.

use std::collections::BTreeMap;

use crate::agree::Answers;
use crate::contender::Kind;
use crate::measure::Spread;
use crate::run::Entry;

/// Bytes of a megabyte.
const MEGA: f64 = 1e6;

/// How large a table is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

/// One line for each contender.
pub(crate) fn table(entries: &[Entry], whole: Size, sample: Size, repeat: usize) -> String {
    let mut text = format!(
        "{} rows, {:.1} MB, synthetic; sample {} rows; {repeat} runs each, in turn\n\n",
        whole.rows,
        whole.bytes as f64 / MEGA,
        sample.rows
    );
    let size = |entry: &Entry| {
        if entry.contender.is_by_row() {
            sample
        } else {
            whole
        }
    };
    let rate = |entry: &Entry| {
        let spread = Spread::of(entry.runs.iter().map(|run| run.seconds))?;
        Some((size(entry).rows as f64 / spread.median, spread))
    };
    let floor = entries
        .iter()
        .find(|entry| entry.contender.kind == Kind::Copy);
    let floor = floor.and_then(rate).map(|(rate, _)| rate);
    text.push_str("| who | threads | rows/s | MB/s | × csv copy | s, median (least–most) | processor s | peak MB |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|\n");
    for entry in entries {
        if let Some((rate, spread)) = rate(entry) {
            line(&mut text, entry, size(entry), rate, floor, spread);
        }
    }
    text
}

fn line(
    text: &mut String,
    entry: &Entry,
    size: Size,
    rate: f64,
    floor: Option<f64>,
    spread: Spread,
) {
    let row_bytes = size.bytes as f64 / size.rows.max(1) as f64;
    let ratio = floor.map_or_else(String::new, |floor| format!("{:.3}", rate / floor));
    let middle = |figures: Vec<f64>| Spread::of(figures).map_or(0.0, |spread| spread.median);
    let cpu = middle(entry.runs.iter().map(|run| run.processor_seconds).collect());
    let peak = entry
        .runs
        .iter()
        .map(|run| run.peak)
        .max()
        .unwrap_or_default();
    let sample = if entry.contender.is_by_row() {
        " (sample)"
    } else {
        ""
    };
    text.push_str(&format!(
        "| {}{sample} | {} | {rate:.0} | {:.1} | {ratio} | {:.2} ({:.2}–{:.2}) | {cpu:.2} | {:.0} |\n",
        entry.contender.name(),
        entry.contender.threads,
        rate * row_bytes / MEGA,
        spread.median,
        spread.least,
        spread.most,
        peak as f64 / MEGA,
    ));
}

/// What all agreed on.
pub(crate) fn agreement(answers: &BTreeMap<bool, Answers>) -> String {
    let mut text = String::new();
    for (by_row, answers) in answers {
        let what = if *by_row { "sample" } else { "whole table" };
        let all = format!(
            "\nAll agree, row by row, on the {what} ({}…):\n",
            answers.short()
        );
        text.push_str(&all);
        text.push_str(&counts(&answers.counts));
    }
    text
}

/// Rows with each answer.
pub(crate) fn counts(counts: &BTreeMap<String, u64>) -> String {
    let lines = counts
        .iter()
        .map(|(answer, count)| format!("  {count:>12}  {answer}\n"));
    lines.collect()
}
