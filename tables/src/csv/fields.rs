//! Takes records apart into cells, without copying them.

use std::borrow::Cow;

use memchr::memchr;

use super::cut::closing_quote;
use super::marks::Marks;

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

    /// The contents of its cells.
    pub(super) fn cells<'b>(&self, block: &'b [u8]) -> impl Iterator<Item = Cow<'b, [u8]>> {
        (0..self.len()).map(|at| self.cell(block, at))
    }

    /// Its bytes as they stand.
    pub(super) fn bytes<'b>(&self, block: &'b [u8]) -> &'b [u8] {
        block.get(self.start..self.end).unwrap_or_default()
    }
}

/// Finds the records of a block, one after the other.
#[derive(Debug)]
pub(super) struct Finder<'b> {
    pub(super) block: &'b [u8],
    pub(super) delimiter: u8,
    pub(super) marks: &'b [u32],
    /// The number of the next mark.
    pub(super) mark: usize,
    /// Where what comes next begins.
    pub(super) place: usize,
}

impl<'b> Finder<'b> {
    /// A finder at the start of a block, of which the marks are given.
    pub(super) fn new(block: &'b [u8], marks: &'b Marks) -> Self {
        Self {
            block,
            delimiter: marks.delimiter(),
            marks: marks.places(),
            mark: 1,
            place: 0,
        }
    }

    /// Finds the next record; false if there is no further one.
    pub(super) fn next(&mut self, record: &mut Record) -> bool {
        record.cells.clear();
        record.open = false;
        let Some(start) = first_cell(self.block, self.place) else {
            return false;
        };
        record.start = start;
        self.skip_to(start);
        let mut start = start;
        loop {
            let end = self.cell(start, record);
            if self.block.get(end) != Some(&self.delimiter) {
                record.end = end;
                self.place = end.saturating_add(1).min(self.block.len());
                return true;
            }
            start = end.saturating_add(1);
        }
    }

    /// Where the last record ended, with the byte that ends it.
    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// The place of the next mark; the length of the block if there is none.
    pub(super) fn ahead(&self) -> usize {
        let mark = self.marks.get(self.mark);
        mark.map_or(self.block.len(), |place| *place as usize)
    }

    /// Leaves out marks before a place.
    fn skip_to(&mut self, place: usize) {
        while self.ahead() < place {
            self.mark = self.mark.saturating_add(1);
        }
    }

    /// Adds the cell that begins at a place to a record; where it ends.
    fn cell(&mut self, start: usize, record: &mut Record) -> usize {
        let mut quoted = false;
        loop {
            let end = self.ahead();
            self.mark = self.mark.saturating_add(1);
            if self.block.get(end) != Some(&b'"') {
                record.cells.push(Cell { start, end, quoted });
                return end;
            }
            if end == start {
                quoted = true;
                let closing = closing_quote(self.block, start.saturating_add(1));
                record.open = closing.is_none();
                let behind = closing.map_or(self.block.len(), |closing| closing.saturating_add(1));
                self.skip_to(behind);
            }
        }
    }
}

/// The contents of a record's cells, one after the other.
#[cfg(any(test, feature = "arrow"))]
type Cells<'c, 'b> = &'c mut dyn Iterator<Item = Cow<'b, [u8]>>;

/// Calls for the cells of each record of a block.
#[cfg(any(test, feature = "arrow"))]
pub(crate) fn each_record<'b>(block: &'b [u8], delimiter: u8, mut told: impl FnMut(Cells<'_, 'b>)) {
    let mut record = Record::default();
    let marks = Marks::of(block, delimiter);
    let mut finder = Finder::new(block, &marks);
    while finder.next(&mut record) {
        told(&mut record.cells(block));
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
    use super::{Cow, each_record, line_ends};
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
        each_record(block, delimiter, |cells| {
            found.push(cells.map(Cow::into_owned).collect());
        });
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
