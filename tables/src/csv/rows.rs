//! Whole records of a block, copied: for a look at a table, not for screening.

use super::fields::Record;

/// The first records of a block, each cell as `text` makes it.
pub(crate) fn rows<T>(
    block: &[u8],
    delimiter: u8,
    most: usize,
    text: impl Fn(&[u8]) -> T,
) -> Vec<Vec<T>> {
    let mut record = Record::default();
    let mut found = Vec::new();
    let mut from = 0;
    while found.len() < most {
        let Some(next) = record.find(block, from, delimiter) else {
            break;
        };
        let cells = 0..record.len();
        found.push(cells.map(|at| text(&record.cell(block, at))).collect());
        from = next;
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
