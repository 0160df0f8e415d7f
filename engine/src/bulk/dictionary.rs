//! What the cells of a unit were found to be, by their text.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::answer::Rejection;
use super::classes::UnitClass;
use super::counts::Counts;
use super::summary::Unresolved;

/// Texts kept at most; when there are more, all are dropped and the work goes on.
const TEXTS: usize = 1 << 16;

/// Cells by their text, each with what it is to the screener on one day.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    slots: HashMap<Box<[u8]>, usize, FxBuildHasher>,
    entries: Vec<Entry>,
    listed: Vec<Listed>,
    text: Vec<u8>,
}

/// What a text is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) class: UnitClass,
    pub(super) destination: u32,
    /// Whether something in it named nothing that is known.
    pub(super) is_listed: bool,
    listed: usize,
}

/// Values that named nothing that is known, with the records that hold them.
#[derive(Debug)]
struct Listed {
    values: Vec<Unresolved>,
    rows: u64,
}

type Found = (UnitClass, u32, Vec<Unresolved>);

impl Dictionary {
    /// The slot of cells on a day; what they are is asked for if it is not known.
    pub(super) fn find<'c>(
        &mut self,
        day: u32,
        cells: impl Iterator<Item = &'c [u8]>,
        ask: impl FnOnce() -> Result<Found, Rejection>,
    ) -> Result<usize, Rejection> {
        self.write(day, cells);
        if let Some(slot) = self.slots.get(self.text.as_slice()) {
            return Ok(*slot);
        }
        let (class, destination, values) = ask()?;
        let entry = Entry {
            class,
            destination,
            is_listed: !values.is_empty(),
            listed: self.listed.len(),
        };
        if entry.is_listed {
            self.listed.push(Listed { values, rows: 0 });
        }
        let slot = self.entries.len();
        self.entries.push(entry);
        self.slots.insert(self.text.as_slice().into(), slot);
        Ok(slot)
    }

    /// The text of a day and of cells, each cell but the first with its length before it.
    fn write<'c>(&mut self, day: u32, cells: impl Iterator<Item = &'c [u8]>) {
        self.text.clear();
        self.text.extend_from_slice(&day.to_le_bytes());
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.text.extend_from_slice(&self.text.len().to_le_bytes());
            }
            self.text.extend_from_slice(cell);
        }
    }

    /// What a slot holds.
    pub(super) fn entry(&self, slot: usize) -> Entry {
        self.entries.get(slot).copied().unwrap_or_default()
    }

    /// One more record holds what a slot lists.
    pub(super) fn count(&mut self, slot: usize) {
        let at = self.entry(slot).listed;
        if let Some(listed) = self.listed.get_mut(at) {
            listed.rows = listed.rows.saturating_add(1);
        }
    }

    /// Adds what was counted to the counts.
    pub(super) fn flush(&mut self, counts: &mut Counts) {
        for listed in self.listed.iter_mut().filter(|listed| listed.rows > 0) {
            for value in &listed.values {
                counts.unresolved(Unresolved {
                    rows: listed.rows,
                    ..value.clone()
                });
            }
            listed.rows = 0;
        }
    }

    /// Forgets all texts, once what was counted is added to the counts.
    pub(super) fn clear(&mut self, counts: &mut Counts) {
        self.flush(counts);
        self.slots.clear();
        self.entries.clear();
        self.listed.clear();
    }

    /// Whether it holds as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.slots.len() >= TEXTS
    }
}
