//! Writes cells as RFC 4180 has them.

/// Adds a cell, in quotes where it needs them.
pub(crate) fn cell(out: &mut Vec<u8>, cell: &[u8], delimiter: u8) {
    let special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    if !cell.iter().any(special) {
        out.extend_from_slice(cell);
        return;
    }
    out.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// Adds a record with its line feed.
pub(crate) fn record<'c>(
    out: &mut Vec<u8>,
    cells: impl IntoIterator<Item = &'c [u8]>,
    delimiter: u8,
) {
    for (number, bytes) in cells.into_iter().enumerate() {
        if number > 0 {
            out.push(delimiter);
        }
        cell(out, bytes, delimiter);
    }
    out.push(b'\n');
}

/// Adds further cells to a record that is there already, and ends its line.
pub(crate) fn further<'c>(
    out: &mut Vec<u8>,
    cells: impl IntoIterator<Item = &'c [u8]>,
    delimiter: u8,
) {
    for bytes in cells {
        out.push(delimiter);
        cell(out, bytes, delimiter);
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::record;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_are_written_as_the_csv_crate_writes_them(
            cells in prop::collection::vec("[a,;|\"\r\n é]{0,6}", 2..5),
        ) {
            for delimiter in *b",;|" {
                let mut theirs = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
                theirs.write_record(&cells).unwrap();
                let mut ours = Vec::new();
                record(&mut ours, cells.iter().map(String::as_bytes), delimiter);
                prop_assert_eq!(ours, theirs.into_inner().unwrap());
            }
        }
    }
}
