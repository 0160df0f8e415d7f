//! What the cells of a unit were found to be, by their text.

use super::answer::Rejection;
use super::classes::UnitClass;
use super::counts::Counts;
use super::short::{Key, ShortMap, TEXT_BITS, number};
use super::summary::Unresolved;

/// Texts kept at most; when there are more, all are dropped and the work goes on.
const TEXTS: usize = 1 << 16;

/// Cells by their text, each with what it is to the screener on one day.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    slots: ShortMap<usize>,
    entries: Vec<Entry>,
    listed: Vec<Listed>,
    text: Vec<u8>,
}

/// What a text is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) class: UnitClass,
    pub(super) told: Told,
    /// Whether something in it named nothing that is known.
    pub(super) is_listed: bool,
    listed: usize,
}

/// What cells tell that is counted; names are numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) destination: u32,
    pub(super) hs: u32,
    pub(super) unit: u32,
    pub(super) millionths: i128,
}

impl Told {
    /// Takes in what other cells of the record tell.
    pub(super) fn take(&mut self, other: Self) {
        self.destination = self.destination.max(other.destination);
        self.hs = self.hs.max(other.hs);
        self.unit = self.unit.max(other.unit);
        self.millionths = self.millionths.saturating_add(other.millionths);
    }
}

/// Values that named nothing that is known, with the records that hold them.
#[derive(Debug)]
struct Listed {
    values: Vec<Unresolved>,
    rows: u64,
}

type Found = (UnitClass, Told, Vec<Unresolved>);

impl Dictionary {
    /// The slot of cells on a day; what they are is asked for if it is not known.
    pub(super) fn find<'c>(
        &mut self,
        day: u32,
        cells: impl Iterator<Item = &'c [u8]>,
        ask: impl FnOnce() -> Result<Found, Rejection>,
    ) -> Result<usize, Rejection> {
        let key = key(&mut self.text, day, cells);
        if let Some(slot) = self.slots.get(key) {
            return Ok(slot);
        }
        let (class, told, values) = ask()?;
        let entry = Entry {
            class,
            told,
            is_listed: !values.is_empty(),
            listed: self.listed.len(),
        };
        if entry.is_listed {
            self.listed.push(Listed { values, rows: 0 });
        }
        let slot = self.entries.len();
        self.entries.push(entry);
        self.slots.insert(key, slot);
        Ok(slot)
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

/// The key of a day and of cells. Where it is not short, its bytes go into `text`: each cell but the first with
/// the length of all before it.
fn key<'t, 'c>(
    text: &'t mut Vec<u8>,
    day: u32,
    mut cells: impl Iterator<Item = &'c [u8]>,
) -> Key<'t> {
    let (first, second) = (cells.next().unwrap_or_default(), cells.next());
    if second.is_none()
        && let Some(number) = number(first)
    {
        return Key::Short(number | (u128::from(day) << TEXT_BITS));
    }
    text.clear();
    text.extend_from_slice(&day.to_le_bytes());
    text.extend_from_slice(first);
    for cell in second.into_iter().chain(cells) {
        text.extend_from_slice(&text.len().to_le_bytes());
        text.extend_from_slice(cell);
    }
    Key::Long(text)
}
