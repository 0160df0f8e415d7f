//! Records that stand in one text.

use super::digits::Plain;
use super::short;

/// Records of a table that stand one behind the other in a text, with nothing to undo in any cell.
///
/// A byte follows each cell, and one comes before the first. Where these bytes stand is told by marks. A mark
/// of `u32::MAX` stands before the first byte of the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'t> {
    text: &'t [u8],
    marks: &'t [u32],
    width: usize,
    stride: usize,
}

impl<'t> Rows<'t> {
    /// Records of `width` cells. `marks` are the one before the first record, and then `stride` for each
    /// record: those behind its cells, and behind them those of bytes that only end it.
    pub fn new(text: &'t [u8], marks: &'t [u32], width: usize, stride: usize) -> Self {
        Self {
            text,
            marks,
            width: width.min(stride),
            stride,
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        let marks = self.marks.len().saturating_sub(1);
        marks.checked_div(self.stride).unwrap_or_default()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many marks each record has.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// A cell of a record; empty where there is none.
    pub fn cell(&self, record: usize, column: usize) -> &'t [u8] {
        let first = record.saturating_mul(self.stride).saturating_add(column);
        self.between(first, first.saturating_add(1))
    }

    /// A record, without what ends it.
    pub fn record(&self, record: usize) -> &'t [u8] {
        let first = record.saturating_mul(self.stride);
        self.between(first, first.saturating_add(self.width))
    }

    fn between(&self, before: usize, behind: usize) -> &'t [u8] {
        match (self.marks.get(before), self.marks.get(behind)) {
            (Some(before), Some(behind)) => Cell::new(self.text, *before, *behind).bytes(),
            _ => &[],
        }
    }

    /// The cells of a column, one for each record.
    #[inline]
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = Cell<'t>> + use<'t> {
        let (text, stride) = (self.text, self.stride.max(1));
        let marks = |from: usize| self.marks.get(from..).unwrap_or_default();
        let before = marks(column).iter().step_by(stride);
        let behind = marks(column.saturating_add(1)).iter().step_by(stride);
        let cells = before.zip(behind);
        cells.map(move |(before, behind)| Cell::new(text, *before, *behind))
    }
}

/// A cell, where it stands in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'t> {
    text: &'t [u8],
    start: usize,
    end: usize,
}

impl<'t> Cell<'t> {
    #[inline]
    fn new(text: &'t [u8], before: u32, behind: u32) -> Self {
        Self {
            text,
            start: before.wrapping_add(1) as usize,
            end: behind as usize,
        }
    }

    #[inline]
    pub(super) fn bytes(self) -> &'t [u8] {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Its number as a short text; none if it is not short.
    #[inline]
    pub(super) fn key(self) -> Option<u128> {
        match self.sixteen() {
            Some(bytes) => short::first(bytes, self.length()),
            None => short::number(self.bytes()),
        }
    }

    /// The plain number that it is.
    #[inline]
    pub(super) fn number(self) -> Option<Plain> {
        match self.sixteen() {
            Some(bytes) => Plain::of(bytes, self.length()),
            None => Plain::read(self.bytes()),
        }
    }

    #[inline]
    fn length(self) -> usize {
        self.end.wrapping_sub(self.start)
    }

    /// Its first bytes with what follows it; none at the end of the text.
    #[inline]
    fn sixteen(self) -> Option<u128> {
        let bytes = self.text.get(self.start..)?.first_chunk()?;
        Some(u128::from_le_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::super::short::number;
    use super::{Plain, Rows};

    #[test]
    fn a_cell_is_the_same_wherever_it_stands() {
        let text = b"KAZ,851762,,2022-11-30,a long name,10.5,7\n";
        let marks = [u32::MAX, 3, 10, 11, 22, 34, 39, 41];
        let rows = Rows::new(text, &marks, 7, 7);
        assert_eq!((rows.len(), rows.record(0)), (1, &text[..41]));
        for column in 0..7 {
            let (cell, bytes) = (rows.column(column).next().unwrap(), rows.cell(0, column));
            assert_eq!(cell.bytes(), bytes);
            assert_eq!(cell.key(), number(bytes), "{column}");
            assert_eq!(cell.number(), Plain::read(bytes), "{column}");
        }
    }
}
