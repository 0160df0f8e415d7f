//! What screening adds, as members of JSON objects.

use catchall_engine::bulk::{Added, AddedKind};

/// Adds members with a comma between them.
pub(crate) fn members<'c>(out: &mut Vec<u8>, cells: impl Iterator<Item = (Added, &'c str)>) {
    for (number, (column, cell)) in cells.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        text(out, column.name());
        out.push(b':');
        match column.kind() {
            AddedKind::List => list(out, cell),
            AddedKind::Boolean => out.extend_from_slice(cell.as_bytes()),
            AddedKind::Text if cell.is_empty() => out.extend_from_slice(b"null"),
            AddedKind::Text => text(out, cell),
        }
    }
}

fn list(out: &mut Vec<u8>, cell: &str) {
    let parts = cell.split('|').filter(|part| !part.is_empty());
    out.push(b'[');
    for (number, part) in parts.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        text(out, part);
    }
    out.push(b']');
}

/// Adds text as JSON.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    // Text can always be written as JSON, and a vector takes all that is written.
    let _ = serde_json::to_writer(out, text);
}
