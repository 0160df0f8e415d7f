//! The first record of a table.

use std::borrow::Cow;

use super::fields::{Finder, Record};
use super::marks::Marks;
use crate::format::Shape;
use crate::header::Header;

/// The header at the start of a block of whole records, and the place behind it; none if there are only
/// empty lines.
pub(crate) fn header(block: &[u8], delimiter: u8) -> (Option<Header>, usize) {
    let mut record = Record::default();
    let marks = Marks::of(block, delimiter);
    let mut finder = Finder::new(block, &marks);
    if !finder.next(&mut record) {
        return (None, block.len());
    }
    let end = finder.place();
    let header = Header {
        shape: Some(Shape::Csv(delimiter)),
        bytes: record.bytes(block).to_vec(),
        cells: record.cells(block).map(Cow::into_owned).collect(),
    };
    // Carriage return and line feed are not torn apart, so that lines are counted once.
    let torn = block.get(end.saturating_sub(1)..=end) == Some(b"\r\n");
    (Some(header), end.saturating_add(usize::from(torn)))
}

/// The delimiters that are looked for where a profile states none; the first counts where it is open.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that takes the first record of a piece apart into most cells.
pub(crate) fn sniffed(piece: &[u8]) -> u8 {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let mut record = Record::default();
        Finder::new(piece, &Marks::of(piece, delimiter)).next(&mut record);
        if record.len() > best.0 {
            best = (record.len(), delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::{header, sniffed};

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
            let (header, length) = header(block.as_bytes(), b',');
            assert!(header.is_some_and(|header| header.cells[0] == b"a"));
            assert_eq!(length, end, "{block:?}");
        }
    }
}
