//! Takes records apart into cells, without copying them.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use super::cut::closing_quote;

/// A cell, where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    start: usize,
    end: usize,
    quoted: bool,
}

/// The cells of one record, where they stand in a block.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Where its first cell begins.
    pub(super) start: usize,
    /// Where its last cell ends.
    pub(super) end: usize,
    /// Whether a quote was opened in its last cell and never closed.
    pub(super) open: bool,
    cells: Vec<Cell>,
}

impl Record {
    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The content of a cell; empty where there is none.
    pub(super) fn cell<'b>(&self, block: &'b [u8], at: usize) -> Cow<'b, [u8]> {
        let Some(cell) = self.cells.get(at) else {
            return Cow::Borrowed(&[]);
        };
        let raw = block.get(cell.start..cell.end).unwrap_or_default();
        if cell.quoted {
            unquoted(raw)
        } else {
            Cow::Borrowed(raw)
        }
    }

    /// Its bytes as they stand.
    pub(super) fn bytes<'b>(&self, block: &'b [u8]) -> &'b [u8] {
        block.get(self.start..self.end).unwrap_or_default()
    }

    /// Finds the next record of a block; the place behind it, or none if there is no further one.
    pub(super) fn find(&mut self, block: &[u8], from: usize, delimiter: u8) -> Option<usize> {
        self.cells.clear();
        self.open = false;
        self.start = first_cell(block, from)?;
        let mut at = self.start;
        loop {
            let (cell, open) = cell_at(block, at, delimiter);
            self.cells.push(cell);
            self.end = cell.end;
            self.open = open;
            at = cell.end.saturating_add(1);
            if block.get(cell.end) != Some(&delimiter) {
                return Some(at.min(block.len()));
            }
        }
    }
}

/// The first byte that ends no line: empty lines are no records.
fn first_cell(block: &[u8], from: usize) -> Option<usize> {
    let rest = block.get(from..)?;
    let skipped = rest
        .iter()
        .position(|byte| !matches!(byte, b'\n' | b'\r'))?;
    Some(from.saturating_add(skipped))
}

/// The cell that begins at a place, and whether a quote in it is never closed.
fn cell_at(block: &[u8], start: usize, delimiter: u8) -> (Cell, bool) {
    let quoted = block.get(start) == Some(&b'"');
    let closing = quoted.then(|| closing_quote(block, start.saturating_add(1)));
    let plain_from = match closing {
        None => start,
        Some(Some(closing)) => closing.saturating_add(1),
        Some(None) => block.len(),
    };
    let rest = block.get(plain_from..).unwrap_or_default();
    let length = memchr3(delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
    let cell = Cell {
        start,
        end: plain_from.saturating_add(length),
        quoted,
    };
    (cell, closing == Some(None))
}

/// The content of a cell that begins with a quote. What follows the closing quote is taken as it stands.
fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    let inner = raw.get(1..).unwrap_or_default();
    match memchr(b'"', inner) {
        None => return Cow::Borrowed(inner),
        Some(quote) if quote.saturating_add(1) == inner.len() => {
            return Cow::Borrowed(inner.get(..quote).unwrap_or_default());
        }
        Some(_) => {}
    }
    let closing = closing_quote(inner, 0).unwrap_or(inner.len());
    let (content, rest) = inner.split_at_checked(closing).unwrap_or((inner, &[]));
    let mut found = Vec::with_capacity(raw.len());
    let mut escaped = false;
    for byte in content {
        escaped = *byte == b'"' && !escaped;
        if !escaped {
            found.push(*byte);
        }
    }
    found.extend_from_slice(rest.get(1..).unwrap_or_default());
    Cow::Owned(found)
}

/// How many lines end in a piece. Carriage return and line feed together end one.
pub(crate) fn line_ends(piece: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', piece).count();
    let alone = memchr::memchr_iter(b'\r', piece)
        .filter(|at| piece.get(at.saturating_add(1)) != Some(&b'\n'))
        .count();
    feeds.saturating_add(alone) as u64
}

#[cfg(test)]
mod tests {
    use super::super::cut::whole_records;
    use super::{Record, line_ends};
    use proptest::prelude::*;

    type Records = Vec<Vec<Vec<u8>>>;

    /// What the `csv` crate reads.
    fn theirs(table: &[u8], delimiter: u8) -> Records {
        let mut reader = csv::ReaderBuilder::new();
        reader
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter);
        let records = reader.from_reader(table).into_byte_records();
        records
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    fn of_block(block: &[u8], delimiter: u8, found: &mut Records) {
        let mut record = Record::default();
        let mut at = 0;
        while let Some(next) = record.find(block, at, delimiter) {
            let cells = 0..record.len();
            found.push(
                cells
                    .map(|at| record.cell(block, at).into_owned())
                    .collect(),
            );
            at = next;
        }
    }

    /// What is read here, in blocks of at least so many bytes.
    fn ours(table: &[u8], delimiter: u8, least: usize) -> Records {
        let mut found = Records::new();
        let mut rest = table;
        let mut length = least;
        while !rest.is_empty() {
            let piece = &rest[..length.min(rest.len())];
            match whole_records(piece, delimiter, piece.len() == rest.len()) {
                None => length = length.saturating_add(least),
                Some(end) => {
                    of_block(&rest[..end], delimiter, &mut found);
                    rest = &rest[end..];
                    length = least;
                }
            }
        }
        found
    }

    fn lines(table: &[u8]) -> u64 {
        let (mut lines, mut last) = (0_u64, 0);
        for byte in table {
            let ends = *byte == b'\r' || (*byte == b'\n' && last != b'\r');
            lines = lines.saturating_add(u64::from(ends));
            last = *byte;
        }
        lines
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop::sample::select(&b"a\xff1 ,,;\"\"\"\n\n\r"[..]);
        prop::collection::vec(byte, 0..60)
    }

    fn cell() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "",
            "a",
            "\"\"",
            "\"b\"",
            "\"c,d\"",
            "\"e\nf\"",
            "\"g\r\nh\"",
            "\"i\"\"j\"",
            "5\" k",
            "\"l\"m\"n",
            " \"o\"",
        ])
    }

    fn table() -> impl Strategy<Value = Vec<u8>> {
        let record = prop::collection::vec(cell(), 1..5).prop_map(|cells| cells.join(","));
        let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
        let line = (record, end).prop_map(|(record, end)| record + end);
        let lines = prop::collection::vec(line, 0..8);
        (lines, 0..4_usize).prop_map(|(lines, less)| {
            let mut table = lines.concat().into_bytes();
            table.truncate(table.len().saturating_sub(less));
            table
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn any_bytes_are_read_as_the_csv_crate_reads_them(table in bytes(), least in 1..20_usize) {
            for delimiter in *b",;" {
                prop_assert_eq!(ours(&table, delimiter, least), theirs(&table, delimiter));
            }
            prop_assert_eq!(line_ends(&table), lines(&table));
        }

        #[test]
        fn tables_are_read_as_the_csv_crate_reads_them(table in table(), least in 1..20_usize) {
            prop_assert_eq!(ours(&table, b',', least), theirs(&table, b','));
        }
    }
}
