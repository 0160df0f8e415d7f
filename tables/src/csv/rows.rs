//! Whole records of a block, copied: for a look at a table, not for screening.

use super::fields::{Finder, Record};
use super::marks::Marks;

/// The first records of a block, each cell as `text` makes it.
pub(crate) fn rows<T>(
    block: &[u8],
    delimiter: u8,
    most: usize,
    text: impl Fn(&[u8]) -> T,
) -> Vec<Vec<T>> {
    let mut record = Record::default();
    let marks = Marks::of(block, delimiter);
    let mut finder = Finder::new(block, &marks);
    let mut found = Vec::new();
    while found.len() < most && finder.next(&mut record) {
        found.push(record.cells(block).map(|cell| text(&cell)).collect());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn the_first_records_come_with_their_quotes_undone() {
        let found = rows(b"a;\"b\nc\"\r\n\r\nd;e\nf;g\n", b';', 2, |cell| {
            cell.to_vec()
        });
        assert_eq!(found, [[&b"a"[..], b"b\nc"], [b"d", b"e"]]);
    }
}
