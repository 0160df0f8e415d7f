//! One of several that screen the records of one table at the same time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::answer::{Class, Rejection};
use super::classes::UnitClass;
use super::counts::Counts;
use super::days::Span;
use super::dictionary::{Dictionary, Entry};
use super::screener::TableScreener;
use crate::time::Date;

type Fast<K, V> = HashMap<K, V, FxBuildHasher>;

/// Records and days kept by what they are; when there are more, all are dropped and the work goes on.
const KEPT: usize = 1 << 16;

/// Screens records of one table, beside others that screen the rest.
///
/// It remembers what cells and records were to the screener, which alone says what they are. So a record is
/// a few look-ups, and its answer is the one that it has alone.
#[derive(Debug)]
pub struct Worker<'s> {
    screener: &'s TableScreener<'s>,
    counts: Counts,
    last: (Vec<u8>, Option<Day>),
    days: Fast<Vec<u8>, Day>,
    units: Vec<Dictionary>,
    listed: Vec<(usize, usize)>,
    key: Vec<UnitClass>,
    records: Fast<Box<[UnitClass]>, Class>,
    destinations: Fast<Arc<str>, u32>,
    rows: Fast<(Class, u32), u64>,
}

/// The day of a record.
#[derive(Clone, Copy, Debug)]
struct Day {
    as_of: Date,
    span: Span,
    number: u32,
}

/// The number for a destination that is not known.
const NOWHERE: u32 = 0;

impl<'s> Worker<'s> {
    pub(super) fn new(screener: &'s TableScreener<'s>) -> Self {
        let units = screener.units().iter();
        Self {
            screener,
            counts: Counts::default(),
            last: (Vec::new(), None),
            days: Fast::default(),
            units: units.map(|_| Dictionary::default()).collect(),
            listed: Vec::new(),
            key: Vec::new(),
            records: Fast::default(),
            destinations: Fast::default(),
            rows: Fast::default(),
        }
    }

    /// Screens a record, and counts it. `cells` are those of [`TableScreener::needed`], in that order.
    pub fn row(&mut self, cells: &[&[u8]]) -> Result<Class, Rejection> {
        let found = match self.find(cells) {
            Ok(found) => found,
            // A cell that cannot be read: the record as a whole tells what is wrong, and what is first.
            Err(_) => self.whole(cells)?,
        };
        let rows = self.rows.entry(found).or_default();
        *rows = rows.saturating_add(1);
        Ok(found.0)
    }

    /// The class and the destination of a record by those of its units.
    fn find(&mut self, cells: &[&[u8]]) -> Result<(Class, u32), Rejection> {
        let day = self.day(cells)?;
        self.key.clear();
        self.key.extend([day.span.0, day.span.1]);
        self.listed.clear();
        let mut destination = NOWHERE;
        for at in 0..self.units.len() {
            let Some(entry) = self.unit(at, day, cells)? else {
                continue;
            };
            destination = destination.max(entry.destination);
        }
        let class = match self.records.get(self.key.as_slice()) {
            Some(class) => *class,
            None => self.first(day.span, cells)?,
        };
        for (unit, slot) in self.listed.drain(..) {
            if let Some(dictionary) = self.units.get_mut(unit) {
                dictionary.count(slot);
            }
        }
        Ok((class, destination))
    }

    /// What the cells of a unit are; none if nothing looks at them and nothing can be wrong with them.
    fn unit(&mut self, at: usize, day: Day, cells: &[&[u8]]) -> Result<Option<Entry>, Rejection> {
        let screener = self.screener;
        let (Some(unit), Some(dictionary)) = (screener.units().get(at), self.units.get_mut(at))
        else {
            return Ok(None);
        };
        let of_unit = || {
            let columns = unit
                .columns
                .iter()
                .filter_map(|column| screener.column(*column));
            columns.map(|(at, field)| (field, cells.get(at).copied().unwrap_or_default()))
        };
        if !unit.is_read() && of_unit().all(|(field, cell)| field.is_plain(cell)) {
            return Ok(None);
        }
        if dictionary.is_full() {
            dictionary.clear(&mut self.counts);
        }
        let destinations = &mut self.destinations;
        let slot = dictionary.find(day.number, of_unit().map(|(_, cell)| cell), || {
            let meaning = screener.meaning(at, cells, day.as_of)?;
            let place = meaning
                .destination
                .map(|code| number_of(destinations, code));
            Ok((meaning.class, place.unwrap_or(NOWHERE), meaning.unresolved))
        })?;
        let entry = dictionary.entry(slot);
        if unit.is_read() {
            self.key.push(entry.class);
        }
        if entry.is_listed {
            self.listed.push((at, slot));
        }
        Ok(Some(entry))
    }

    /// The class of a record that is the first of its kind.
    fn first(&mut self, span: Span, cells: &[&[u8]]) -> Result<Class, Rejection> {
        let units = self.key.get(2..).unwrap_or_default();
        let class = self.screener.class(span, units, cells)?;
        if self.records.len() >= KEPT {
            self.records.clear();
        }
        self.records.insert(self.key.as_slice().into(), class);
        Ok(class)
    }

    /// The class and the destination of a record by all its cells.
    fn whole(&mut self, cells: &[&[u8]]) -> Result<(Class, u32), Rejection> {
        let record = self.screener.record(cells);
        let record = record.inspect_err(|rejection| self.counts.rejected(rejection))?;
        let place = self.screener.destination(&record.application);
        let place = place.map(|code| number_of(&mut self.destinations, code));
        let class = self.screener.class_of(&record);
        for value in record.unresolved {
            self.counts.unresolved(value);
        }
        Ok((class, place.unwrap_or(NOWHERE)))
    }

    fn day(&mut self, cells: &[&[u8]]) -> Result<Day, Rejection> {
        let at = self.screener.day_column();
        let cell = at.and_then(|at| cells.get(at).copied()).unwrap_or_default();
        if let (known, Some(day)) = &self.last
            && known == cell
        {
            return Ok(*day);
        }
        let day = match self.days.get(cell) {
            Some(day) => *day,
            None => self.new_day(cell, cells)?,
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(cell);
        self.last.1 = Some(day);
        Ok(day)
    }

    fn new_day(&mut self, cell: &[u8], cells: &[&[u8]]) -> Result<Day, Rejection> {
        let (as_of, span) = self.screener.span(cells)?;
        if self.days.len() >= KEPT {
            self.days.clear();
            for dictionary in &mut self.units {
                dictionary.clear(&mut self.counts);
            }
        }
        let day = Day {
            as_of,
            span,
            number: u32::try_from(self.days.len()).unwrap_or(u32::MAX),
        };
        self.days.insert(cell.to_vec(), day);
        Ok(day)
    }

    /// Counts a record that could not be taken apart.
    pub fn reject(&mut self, rejection: &Rejection) {
        self.counts.rejected(rejection);
    }

    /// What was counted since this was last asked.
    pub fn take_counts(&mut self) -> Counts {
        let codes: BTreeMap<u32, &Arc<str>> = self
            .destinations
            .iter()
            .map(|(code, at)| (*at, code))
            .collect();
        let rows: BTreeMap<(Class, u32), u64> = self.rows.drain().collect();
        for ((class, destination), rows) in rows {
            let code = codes.get(&destination).map(AsRef::as_ref);
            let answer = self.screener.answer(class);
            self.counts.answered(&answer, code, rows);
        }
        for dictionary in &mut self.units {
            dictionary.flush(&mut self.counts);
        }
        std::mem::take(&mut self.counts)
    }
}

/// The number of a destination, from 1.
fn number_of(destinations: &mut Fast<Arc<str>, u32>, code: Arc<str>) -> u32 {
    let next = u32::try_from(destinations.len()).unwrap_or(u32::MAX);
    *destinations.entry(code).or_insert(next.saturating_add(1))
}
