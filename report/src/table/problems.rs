//! Values that named nothing that is known, and records that could not be read.

use catchall_engine::bulk::Summary;

use crate::grouped;
use crate::page::{Part, Section, Table};

/// Rows of a table at most.
const MOST: usize = 200;

pub(super) fn section(summary: &Summary) -> Option<Section> {
    let unresolved = unresolved(summary);
    let rejects = rejects(summary);
    let parts: Vec<Part> = [unresolved, rejects]
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| super::section("problems", "What could not be read", parts))
}

fn unresolved(summary: &Summary) -> Option<Vec<Part>> {
    let values = &summary.unresolved;
    if values.is_empty() {
        return None;
    }
    let rows = values.iter().take(MOST).map(|value| {
        let reason = value
            .reason
            .as_deref()
            .unwrap_or("names nothing that is known");
        vec![
            value.column.to_string(),
            value.name.to_string(),
            reason.to_owned(),
            grouped(value.rows.into()),
        ]
    });
    let text = "These values name nothing that is known, so the fact stays unknown. That clears nothing: such a \
                record stays open wherever the fact matters.";
    let table = table(
        "Values that were not resolved",
        ["column", "value", "why", "records"],
        rows.collect(),
    );
    let mut parts = vec![Part::Text(text.to_owned()), Part::Table(table)];
    parts.extend(further(values.len()));
    Some(parts)
}

fn rejects(summary: &Summary) -> Option<Vec<Part>> {
    let rejects = &summary.rejects;
    if rejects.is_empty() {
        return None;
    }
    let rows = rejects.iter().take(MOST).map(|reject| {
        let column = match reject.column.as_ref() {
            "" => "the record as a whole",
            column => column,
        };
        vec![
            column.to_owned(),
            reject.cause.clone(),
            grouped(reject.rows.into()),
        ]
    });
    let table = table(
        "Records that were rejected: nothing is said of them",
        ["column", "expected", "records"],
        rows.collect(),
    );
    let mut parts = vec![Part::Table(table)];
    parts.extend(further(rejects.len()));
    Some(parts)
}

/// Says that a table was cut short.
fn further(rows: usize) -> Option<Part> {
    let more = rows.saturating_sub(MOST);
    (more > 0).then(|| Part::Text(format!("And {more} more, which the summary as JSON lists.")))
}

fn table<const N: usize>(caption: &str, heads: [&str; N], rows: Vec<Vec<String>>) -> Table {
    let last = N.saturating_sub(1);
    let heads = (0..).zip(heads);
    Table {
        caption: caption.to_owned(),
        heads: heads
            .map(|(at, head)| (head.to_owned(), at == last))
            .collect(),
        rows,
        folded: false,
    }
}
