//! What the cells of a unit were found to be, by their text.

use super::answer::Rejection;
use super::classes::UnitClass;
use super::counts::Counts;
use super::seen::SeenCell;
use super::short::{Key, ShortMap, TEXT_BITS, number};
use super::summary::Unresolved;

/// Texts kept at most; when there are more, all are dropped and the work goes on.
const TEXTS: usize = 1 << 16;

/// Cells by their text, each with what it is to the screener on one day.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    slots: ShortMap<u32>,
    entries: Vec<Entry>,
    worths: Vec<(u32, i128)>,
    listed: Vec<Listed>,
    text: Vec<u8>,
}

/// What a text is on a day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) class: UnitClass,
    destination: u32,
    hs: u32,
    /// The place of what it is worth, counted from 1; 0 if that is not told.
    worth: u32,
    /// The place of what it lists, counted from 1; 0 if nothing.
    listed: u32,
}

impl Entry {
    /// What it is, if nothing of it needs a place of its own.
    pub(super) fn seen(self) -> Option<SeenCell> {
        (self.worth == 0 && self.listed == 0).then_some(SeenCell {
            class: self.class,
            destination: self.destination,
            hs: self.hs,
        })
    }

    /// Whether something in it named nothing that is known.
    pub(super) fn is_listed(&self) -> bool {
        self.listed > 0
    }
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
    /// Takes in what a cell says the record is worth; unit 0 says nothing.
    #[inline]
    pub(super) fn worth(&mut self, unit: u32, millionths: i128) {
        if unit > 0 {
            self.unit = unit;
            self.millionths = millionths;
        }
    }

    /// Takes in what other cells of the record tell.
    pub(super) fn take(&mut self, other: Self) {
        self.destination = self.destination.max(other.destination);
        self.hs = self.hs.max(other.hs);
        self.worth(other.unit, other.millionths);
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
    ) -> Result<u32, Rejection> {
        let key = key(&mut self.text, day, cells);
        let known = self.slots.get(key);
        let slot = if let Some(slot) = known {
            slot
        } else {
            let found = ask()?;
            let (entries, worths) = (&mut self.entries, &mut self.worths);
            let slot = add(entries, worths, &mut self.listed, found);
            self.slots.insert(key, slot);
            slot
        };
        Ok(slot)
    }

    /// What a slot holds.
    pub(super) fn entry(&self, slot: u32) -> Entry {
        self.entries.get(slot as usize).copied().unwrap_or_default()
    }

    /// What a slot tells.
    pub(super) fn told(&self, entry: Entry) -> Told {
        let worth = entry.worth.checked_sub(1);
        let worth = worth.and_then(|at| self.worths.get(at as usize));
        let (unit, millionths) = worth.copied().unwrap_or_default();
        Told {
            destination: entry.destination,
            hs: entry.hs,
            unit,
            millionths,
        }
    }

    /// One more record holds what a slot lists.
    pub(super) fn count(&mut self, slot: u32) {
        let at = self.entry(slot).listed.checked_sub(1);
        if let Some(listed) = at.and_then(|at| self.listed.get_mut(at as usize)) {
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
        self.worths.clear();
        self.listed.clear();
    }

    /// Whether it holds as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.slots.len() >= TEXTS
    }
}

/// Adds an entry; its slot.
fn add(
    entries: &mut Vec<Entry>,
    worths: &mut Vec<(u32, i128)>,
    listed: &mut Vec<Listed>,
    (class, told, values): Found,
) -> u32 {
    let slot = place(entries.len());
    if told.unit > 0 {
        worths.push((told.unit, told.millionths));
    }
    let is_listed = !values.is_empty();
    if is_listed {
        listed.push(Listed { values, rows: 0 });
    }
    entries.push(Entry {
        class,
        destination: told.destination,
        hs: told.hs,
        worth: if told.unit > 0 {
            place(worths.len())
        } else {
            0
        },
        listed: if is_listed { place(listed.len()) } else { 0 },
    });
    slot
}

/// A place among at most [`TEXTS`].
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
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
