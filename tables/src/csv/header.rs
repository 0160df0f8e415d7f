//! The first record of a table.

use super::fields::Record;

/// The first record of a table: its columns' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The byte between cells.
    pub(crate) delimiter: u8,
    /// As it stands.
    pub(crate) bytes: Vec<u8>,
    /// The names.
    pub(crate) cells: Vec<Vec<u8>>,
}

impl Header {
    /// The header at the start of a block of whole records, and the place behind it.
    pub(crate) fn find(block: &[u8], delimiter: u8) -> (Option<Self>, usize) {
        let mut record = Record::default();
        let Some(end) = record.find(block, 0, delimiter) else {
            return (None, block.len());
        };
        let cells = 0..record.len();
        let header = Self {
            delimiter,
            bytes: record.bytes(block).to_vec(),
            cells: cells
                .map(|at| record.cell(block, at).into_owned())
                .collect(),
        };
        // Carriage return and line feed are not torn apart, so that lines are counted once.
        let torn = block.get(end.saturating_sub(1)..=end) == Some(b"\r\n");
        (Some(header), end.saturating_add(usize::from(torn)))
    }

    /// The names as they are handed to a screener.
    pub(crate) fn names(&self) -> Vec<&[u8]> {
        self.cells.iter().map(Vec::as_slice).collect()
    }
}

/// The delimiters that are looked for where a profile states none; the first counts where it is open.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that takes the first record of a piece apart into most cells.
pub(crate) fn sniffed(piece: &[u8]) -> u8 {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let mut record = Record::default();
        record.find(piece, 0, delimiter);
        if record.len() > best.0 {
            best = (record.len(), delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::{Header, sniffed};

    #[test]
    fn the_delimiter_is_that_of_most_cells() {
        for (header, delimiter) in [
            ("a,b\n1;2;3", b','),
            ("a;b,c;d\n", b';'),
            ("\"a,b,c\"\td\n", b'\t'),
            ("a|b", b'|'),
            ("a", b','),
            ("", b','),
        ] {
            assert_eq!(sniffed(header.as_bytes()), delimiter, "{header}");
        }
    }

    #[test]
    fn the_header_ends_with_its_line() {
        for (block, end) in [("\r\na,\"b\"\r\n1", 9), ("a\n\n", 2), ("a\r1", 2), ("a", 1)] {
            let (header, length) = Header::find(block.as_bytes(), b',');
            assert!(header.is_some_and(|header| header.cells[0] == b"a"));
            assert_eq!(length, end, "{block:?}");
        }
    }
}
