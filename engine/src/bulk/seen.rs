//! What records are of which every part was met before, found column by column.

use super::answer::Class;
use super::classes::UnitClass;
use super::dictionary::Told;
use super::field::{Plainness, is_plain_text};
use super::plan::Plan;
use super::rows::{Cell, Rows};
use super::screener::TableScreener;
use super::short::{TEXT_BITS, number};
use super::table::Table;
use super::worker::{Day, Found};
use crate::ruleset::Requirement;
use crate::screening::Interval;
use crate::time::Date;

/// Days, cells, and records by the classes of their units, with what they were found to be.
///
/// It answers nothing by itself: it holds what a worker found, and a record of which any part is not there
/// is the worker's.
#[derive(Debug)]
pub(super) struct Seen {
    /// Where the day stands in a record, unless it is stated for all.
    day: Option<usize>,
    /// Where the only cell of each unit stands.
    columns: Vec<usize>,
    days: Table<Day>,
    /// By unit.
    cells: Vec<Table<SeenCell>>,
    records: Table<SeenRecord>,
    /// Bits of each part of a record's key; none if records of this table are left to the worker.
    bits: Option<u32>,
    /// Whether records were looked at: before, nobody asks for cells and records.
    is_asked: bool,
    states: Vec<State>,
}

/// What a cell was found to be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeenCell {
    pub(super) class: UnitClass,
    pub(super) destination: u32,
    pub(super) hs: u32,
}

/// What a record was found to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeenRecord {
    pub(super) class: Class,
    pub(super) bounds: Interval<Requirement>,
}

/// What is known of a record so far.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Its day; none if any part was not met.
    as_of: Option<Date>,
    day: u32,
    span: u32,
    key: u128,
    told: Told,
}

impl Seen {
    /// For the records of a screener, whose units are looked at as planned.
    pub(super) fn new(screener: &TableScreener<'_>, plans: &[Plan<'_>]) -> Self {
        let needed = |column: usize| screener.needed().get(column).copied();
        let columns = plans.iter().map(|plan| plan.column().and_then(needed));
        let columns: Option<Vec<usize>> = columns.collect();
        let parts = screener.units().iter().filter(|unit| unit.is_read());
        let parts = parts.count().saturating_add(1);
        let bits = columns.as_ref().and_then(|_| bits(parts));
        let cells = std::iter::repeat_with(Table::default);
        Self {
            day: screener.day_column().and_then(needed),
            columns: columns.unwrap_or_default(),
            days: Table::default(),
            cells: cells.take(plans.len()).collect(),
            records: Table::default(),
            bits,
            is_asked: false,
            states: Vec::new(),
        }
    }

    /// Keeps the day that a text means.
    pub(super) fn keep_day(&mut self, text: &[u8], day: Day) {
        if let Some(text) = number(text).filter(|_| self.fits(day.span_number)) {
            self.days.keep(text, day);
        }
    }

    /// Keeps what the only cell of a unit is on a day.
    pub(super) fn keep_cell(&mut self, unit: usize, text: &[u8], day: u32, cell: SeenCell) {
        if self.is_asked
            && let Some(text) = number(text)
        {
            self.keep(unit, on(text, day), cell);
        }
    }

    /// The class of numbers of a unit that lie at one place among its constants, in a span of days.
    pub(super) fn place(&self, unit: usize, place: u32, span: u32) -> Option<UnitClass> {
        let cell = self.cells.get(unit)?.get(on(placed(place), span))?;
        Some(cell.class)
    }

    /// Keeps the class of numbers that lie at one place.
    pub(super) fn keep_place(&mut self, unit: usize, place: u32, span: u32, class: UnitClass) {
        let cell = SeenCell {
            class,
            ..SeenCell::default()
        };
        self.keep(unit, on(placed(place), span), cell);
    }

    fn keep(&mut self, unit: usize, key: u128, cell: SeenCell) {
        if let Some(cells) = self.cells.get_mut(unit) {
            cells.keep(key, cell);
        }
    }

    /// Keeps what a record is, by its span and the classes of its units.
    pub(super) fn keep_record(&mut self, parts: &[u32], record: SeenRecord) {
        if self.is_asked
            && let Some(bits) = self.bits
            && parts.iter().all(|part| self.fits(*part))
        {
            let key = parts.iter().fold(0, |key, part| joined(key, bits, *part));
            self.records.keep(key, record);
        }
    }

    /// Whether a part of a record's key has room.
    fn fits(&self, part: u32) -> bool {
        self.bits.is_some_and(|bits| fits(part, bits))
    }

    /// Forgets all that hangs on the numbers of days.
    pub(super) fn clear(&mut self) {
        self.days.clear();
        self.cells.iter_mut().for_each(Table::clear);
    }

    /// Looks at records, as plans for their units say; false if records of this table are left to the worker.
    pub(super) fn look(&mut self, rows: &Rows<'_>, plans: &[Plan<'_>]) -> bool {
        let Some(bits) = self.bits else { return false };
        self.is_asked = true;
        self.states.clear();
        self.states.resize(rows.len(), State::default());
        self.begin(rows);
        for (cells, (plan, at)) in self.cells.iter().zip(plans.iter().zip(&self.columns)) {
            let look = Look {
                rows,
                cells,
                bits,
                states: &mut self.states,
            };
            look.at(*at, plan);
        }
        true
    }

    /// Finds the days of records.
    fn begin(&mut self, rows: &Rows<'_>) {
        let Some(column) = self.day else {
            let stated = number(b"").and_then(|text| self.days.get(text));
            return self.states.iter_mut().for_each(|state| state.start(stated));
        };
        let (mut last, mut found) = (None, None);
        for (state, cell) in self.states.iter_mut().zip(rows.column(column)) {
            let text = cell.key();
            if text != last {
                (last, found) = (text, text.and_then(|text| self.days.get(text)));
            }
            state.start(found);
        }
    }

    /// What the record at a place was found to be; none if any part of it was not met.
    #[inline]
    pub(super) fn found(&self, at: usize) -> Option<Found> {
        let state = self.states.get(at)?;
        let as_of = state.as_of?;
        let record = self.records.get(state.key)?;
        Some(Found {
            class: record.class,
            bounds: record.bounds,
            as_of,
            told: state.told,
        })
    }
}

impl State {
    fn start(&mut self, day: Option<Day>) {
        if let Some(day) = day {
            *self = Self {
                as_of: Some(day.as_of),
                day: day.number,
                span: day.span_number,
                key: day.span_number.into(),
                told: Told::default(),
            };
        }
    }

    /// Takes in what the cell of a unit is; none is one that was not met.
    #[inline]
    fn take(&mut self, cell: Option<SeenCell>, read: Option<u32>) {
        let Some(cell) = cell else {
            self.as_of = None;
            return;
        };
        if let Some(bits) = read {
            self.read(cell.class, bits);
        }
        self.told.destination = self.told.destination.max(cell.destination);
        self.told.hs = self.told.hs.max(cell.hs);
    }

    /// Takes in what the record is worth.
    #[inline]
    fn worth(&mut self, unit: u32, millionths: i128) -> bool {
        self.told.worth(unit, millionths);
        true
    }

    #[inline]
    fn read(&mut self, class: UnitClass, bits: u32) {
        self.as_of = self.as_of.filter(|_| fits(class, bits));
        self.key = joined(self.key, bits, class);
    }
}

/// A look at the cells of one unit.
struct Look<'l> {
    rows: &'l Rows<'l>,
    cells: &'l Table<SeenCell>,
    bits: u32,
    states: &'l mut [State],
}

impl Look<'_> {
    /// Takes in what cells are that stand in a column.
    fn at(self, column: usize, plan: &Plan<'_>) {
        match *plan {
            Plan::One { is_read, .. } => self.each(column, is_read, |_, _| false),
            Plan::Plain { plain, .. } => match plain {
                Plainness::Numbers => self.each(column, false, |_, cell| cell.number().is_some()),
                Plainness::Texts => self.each(column, false, |_, cell| is_plain_text(cell.bytes())),
            },
            Plan::Worth(number) => self.each(column, false, |state, cell| {
                let millionths = number.millionths(cell.number());
                millionths.is_some_and(|millionths| state.worth(number.unit, millionths))
            }),
            Plan::Number(number, cuts) => {
                let (cells, bits) = (self.cells, self.bits);
                self.each(column, true, |state, cell| {
                    let millionths = number.millionths(cell.number());
                    millionths.is_some_and(|millionths| {
                        let place = on(placed(cuts.place(millionths)), state.span);
                        state.take(cells.get(place), Some(bits));
                        state.worth(number.unit, millionths)
                    })
                });
            }
            Plan::Several => {}
        }
    }

    /// Looks up all cells of a column that are not taken otherwise.
    #[inline]
    fn each(self, column: usize, is_read: bool, taken: impl Fn(&mut State, Cell<'_>) -> bool) {
        let read = is_read.then_some(self.bits);
        for (state, cell) in self.states.iter_mut().zip(self.rows.column(column)) {
            if !taken(state, cell) {
                let key = cell.key().map(|text| on(text, state.day));
                state.take(key.and_then(|key| self.cells.get(key)), read);
            }
        }
    }
}

/// Bits of each part of a record's key; none if there are so many parts that too few are left.
fn bits(parts: usize) -> Option<u32> {
    let parts = u32::try_from(parts).ok()?;
    let bits = u128::BITS.checked_div(parts)?.min(u32::BITS);
    (bits >= 8).then_some(bits)
}

/// Whether a part of a record's key has room.
#[inline]
fn fits(part: u32, bits: u32) -> bool {
    part.checked_shr(bits).unwrap_or(0) == 0
}

/// The key of a text on a day.
#[inline]
fn on(text: u128, day: u32) -> u128 {
    text | (u128::from(day) << TEXT_BITS)
}

/// A place among constants as a text that no cell is.
#[inline]
fn placed(place: u32) -> u128 {
    u128::from(place) | (1 << (TEXT_BITS - 1))
}

/// A key with a further part.
#[inline]
fn joined(key: u128, bits: u32, part: u32) -> u128 {
    (key << bits) | u128::from(part)
}
