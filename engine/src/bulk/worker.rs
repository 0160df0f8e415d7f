//! One of several that screen the records of one table at the same time.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::answer::{Class, Rejection};
use super::classes::UnitClass;
use super::counts::{Counted, Counts};
use super::days::Span;
use super::dictionary::{Dictionary, Told};
use super::digits::Plain;
use super::moved::MovedTallies;
use super::numbers::Numbers;
use super::plan::Plan;
use super::rows::Rows;
use super::screener::TableScreener;
use super::seen::{Seen, SeenRecord};
use super::short::{Key, ShortMap};
use super::tallies::{By, ByCode, Context, Tallies};
use super::worth::Worth;
use crate::ruleset::Requirement;
use crate::screening::Interval;
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
    plans: Vec<Plan<'s>>,
    seen: Seen,
    counts: Counts,
    days: Fast<Vec<u8>, Day>,
    spans: Fast<Span, u32>,
    units: Vec<UnitState>,
    listed: Vec<(usize, u32)>,
    key: Vec<UnitClass>,
    records: ShortMap<SeenRecord>,
    text: Vec<u8>,
    names: Names,
    tallies: Tallies,
    /// Where rulesets are compared.
    moved: Option<MovedTallies>,
}

/// Numbers for what is counted by name.
#[derive(Debug, Default)]
struct Names {
    destinations: Numbers,
    codes: Numbers,
    units: Numbers,
}

impl Names {
    fn told(
        &mut self,
        destination: Option<Arc<str>>,
        hs: Option<Arc<str>>,
        worth: Option<Worth>,
    ) -> Told {
        let (unit, millionths) = match worth {
            Some(worth) => (Some(worth.unit), worth.millionths),
            None => (None, 0),
        };
        Told {
            destination: self.destinations.of(destination),
            hs: self.codes.of(hs),
            unit: self.units.of(unit),
            millionths,
        }
    }
}

/// What a worker remembers of a unit.
#[derive(Debug)]
struct UnitState {
    /// Whether any condition looks at it.
    is_read: bool,
    dictionary: Dictionary,
}

/// The day of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) as_of: Date,
    span: Span,
    /// The number of the span among those that were met.
    pub(super) span_number: u32,
    pub(super) number: u32,
}

/// A record whose class is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) class: Class,
    pub(super) bounds: Interval<Requirement>,
    pub(super) as_of: Date,
    pub(super) told: Told,
}

impl<'s> Worker<'s> {
    pub(super) fn new(screener: &'s TableScreener<'s>) -> Self {
        let units = screener.units().iter();
        let mut names = Names::default();
        let plans = units.clone();
        let plans = plans.map(|unit| Plan::of(unit, screener, &mut names.units));
        let plans: Vec<Plan<'s>> = plans.collect();
        Self {
            seen: Seen::new(screener, &plans),
            plans,
            screener,
            counts: Counts::default(),
            days: Fast::default(),
            spans: Fast::default(),
            units: units
                .map(|unit| UnitState {
                    is_read: unit.is_read(),
                    dictionary: Dictionary::default(),
                })
                .collect(),
            listed: Vec::new(),
            key: Vec::new(),
            records: ShortMap::default(),
            text: Vec::new(),
            names,
            tallies: Tallies::default(),
            moved: screener.kinds().map(MovedTallies::new),
        }
    }

    /// Screens a record, and counts it. `cells` are those of [`TableScreener::needed`], in that order.
    pub fn row(&mut self, cells: &[&[u8]]) -> Result<Class, Rejection> {
        let found = match self.find(cells) {
            Ok(found) => found,
            // A cell that cannot be read: the record as a whole tells what is wrong, and what is first.
            Err(_) => self.whole(cells)?,
        };
        self.count(&found, cells);
        Ok(found.class)
    }

    /// The classes of records, each of which has as many cells as the header: none for one of which anything
    /// was not met before, which [`Self::row`] must screen. The others are counted.
    pub fn rows(&mut self, rows: &Rows<'_>, classes: &mut Vec<Option<Class>>) {
        classes.clear();
        if !self.seen.look(rows, &self.plans) {
            return classes.resize(rows.len(), None);
        }
        let needed = self.screener.needed().iter();
        let needed = needed.take(if self.moved.is_some() { usize::MAX } else { 0 });
        let mut cells = Vec::new();
        for at in 0..rows.len() {
            let found = self.seen.found(at);
            if let Some(found) = &found {
                cells.clear();
                cells.extend(needed.clone().map(|column| rows.cell(at, *column)));
                self.count(found, &cells);
            }
            classes.push(found.map(|found| found.class));
        }
    }

    /// Counts a record; its cells are asked for where rulesets are compared.
    fn count(&mut self, found: &Found, cells: &[&[u8]]) {
        let (told, bounds) = (found.told, found.bounds);
        let context = self.tallies.context(Context {
            year: found.as_of.year(),
            unit: told.unit,
        });
        let by = By {
            class: found.class,
            destination: told.destination,
            context,
        };
        let code = ByCode {
            hs: told.hs,
            bounds,
            context,
        };
        self.tallies.add(by, code, told.millionths);
        if let Some(moved) = &mut self.moved {
            moved.add(self.screener, by, &told, found.as_of, cells);
        }
        if self.tallies.is_full() || self.moved.as_ref().is_some_and(MovedTallies::is_full) {
            self.hand_over();
        }
    }

    /// The class of a record by those of its units.
    fn find(&mut self, cells: &[&[u8]]) -> Result<Found, Rejection> {
        let day = self.day(cells)?;
        self.key.clear();
        self.key.push(day.span_number);
        self.listed.clear();
        let mut told = Told::default();
        for at in 0..self.plans.len() {
            self.look(at, day, cells, &mut told)?;
        }
        let key = key(&mut self.text, &self.key);
        let record = match self.records.get(key) {
            Some(known) => known,
            None => self.first(day.span, cells)?,
        };
        self.seen.keep_record(&self.key, record);
        for (unit, slot) in self.listed.drain(..) {
            if let Some(unit) = self.units.get_mut(unit) {
                unit.dictionary.count(slot);
            }
        }
        Ok(Found {
            class: record.class,
            bounds: record.bounds,
            as_of: day.as_of,
            told,
        })
    }

    /// Looks at the cells of a unit: takes in what they tell, and where conditions look at them, makes their
    /// class part of the key.
    fn look(
        &mut self,
        at: usize,
        day: Day,
        cells: &[&[u8]],
        told: &mut Told,
    ) -> Result<(), Rejection> {
        let cell = self.plans.get(at).and_then(Plan::column);
        let cell = cell.and_then(|column| cells.get(column).copied());
        let number = || Plain::read(cell?.trim_ascii());
        match self.plans.get(at).copied() {
            Some(Plan::Plain { plain, .. }) if cell.is_some_and(|cell| plain.takes(cell)) => {
                return Ok(());
            }
            Some(Plan::Worth(column)) => {
                if let Some(millionths) = column.millionths(number()) {
                    told.worth(column.unit, millionths);
                    return Ok(());
                }
            }
            Some(Plan::Number(column, cuts)) => {
                if let Some(millionths) = column.millionths(number()) {
                    let class = self.place(at, cuts.place(millionths), day, cells)?;
                    self.key.push(class);
                    told.worth(column.unit, millionths);
                    return Ok(());
                }
            }
            _ => {}
        }
        told.take(self.unit(at, day, cells)?);
        Ok(())
    }

    /// The class of a number, by its place among the constants that it is compared with.
    fn place(
        &mut self,
        at: usize,
        place: u32,
        day: Day,
        cells: &[&[u8]],
    ) -> Result<UnitClass, Rejection> {
        if let Some(class) = self.seen.place(at, place, day.span_number) {
            return Ok(class);
        }
        let class = self.screener.meaning(at, cells, day.as_of)?.class;
        self.seen.keep_place(at, place, day.span_number, class);
        Ok(class)
    }

    /// What the cells of a unit tell, by their text; where conditions look at them, their class becomes part
    /// of the key.
    fn unit(&mut self, at: usize, day: Day, cells: &[&[u8]]) -> Result<Told, Rejection> {
        let screener = self.screener;
        let (Some(unit), Some(state)) = (screener.units().get(at), self.units.get_mut(at)) else {
            return Ok(Told::default());
        };
        let columns = unit.columns.iter();
        let columns = columns.filter_map(|column| screener.column(*column));
        let of_unit = columns.map(|(at, _)| cells.get(at).copied().unwrap_or_default());
        let dictionary = &mut state.dictionary;
        if dictionary.is_full() {
            dictionary.clear(&mut self.counts);
        }
        let names = &mut self.names;
        let slot = dictionary.find(day.number, of_unit.clone(), || {
            let meaning = screener.meaning(at, cells, day.as_of)?;
            let told = names.told(meaning.destination, meaning.hs, meaning.worth);
            Ok((meaning.class, told, meaning.unresolved))
        })?;
        let entry = dictionary.entry(slot);
        let mut of_unit = of_unit;
        if let (Some(cell), None, Some(seen)) = (of_unit.next(), of_unit.next(), entry.seen()) {
            self.seen.keep_cell(at, cell, day.number, seen);
        }
        if state.is_read {
            self.key.push(entry.class);
        }
        if entry.is_listed() {
            self.listed.push((at, slot));
        }
        Ok(dictionary.told(entry))
    }

    /// What a record is that is the first of its kind.
    fn first(&mut self, span: Span, cells: &[&[u8]]) -> Result<SeenRecord, Rejection> {
        let units = self.key.get(1..).unwrap_or_default();
        let class = self.screener.class(span, units, cells)?;
        if self.records.len() >= KEPT {
            self.records.clear();
        }
        let bounds = self.bounds(class);
        let known = SeenRecord { class, bounds };
        self.records.insert(key(&mut self.text, &self.key), known);
        Ok(known)
    }

    fn bounds(&self, class: Class) -> Interval<Requirement> {
        self.screener.answer(class).brief.bounds.requirement
    }

    /// The class of a record by all its cells.
    fn whole(&mut self, cells: &[&[u8]]) -> Result<Found, Rejection> {
        let record = self.screener.record(cells);
        let record = record.inspect_err(|rejection| self.counts.rejected(rejection))?;
        let application = &record.application;
        let destination = self.screener.destination(application);
        let hs = self.screener.heading(application);
        let class = self.screener.class_of(&record);
        let told = self.names.told(destination, hs, record.worth);
        for value in record.unresolved {
            self.counts.unresolved(value);
        }
        Ok(Found {
            class,
            bounds: self.bounds(class),
            as_of: record.dates.as_of,
            told,
        })
    }

    fn day(&mut self, cells: &[&[u8]]) -> Result<Day, Rejection> {
        let at = self.screener.day_column();
        let cell = at.and_then(|at| cells.get(at).copied()).unwrap_or_default();
        match self.days.get(cell) {
            Some(day) => Ok(*day),
            None => self.new_day(cell, cells),
        }
    }

    fn new_day(&mut self, cell: &[u8], cells: &[&[u8]]) -> Result<Day, Rejection> {
        let (as_of, span) = self.screener.span(cells)?;
        if self.days.len() >= KEPT {
            self.days.clear();
            self.seen.clear();
            for unit in &mut self.units {
                unit.dictionary.clear(&mut self.counts);
            }
        }
        let next = u32::try_from(self.spans.len()).unwrap_or(u32::MAX);
        let day = Day {
            as_of,
            span,
            span_number: *self.spans.entry(span).or_insert(next),
            number: u32::try_from(self.days.len()).unwrap_or(u32::MAX),
        };
        self.days.insert(cell.to_vec(), day);
        self.seen.keep_day(cell, day);
        Ok(day)
    }

    /// Counts a record that could not be taken apart.
    pub fn reject(&mut self, rejection: &Rejection) {
        self.counts.rejected(rejection);
    }

    /// What was counted since this was last asked.
    pub fn take_counts(&mut self) -> Counts {
        self.hand_over();
        for unit in &mut self.units {
            unit.dictionary.flush(&mut self.counts);
        }
        std::mem::take(&mut self.counts)
    }

    /// Adds what was counted to the counts, by name.
    fn hand_over(&mut self) {
        let names = [
            &self.names.destinations,
            &self.names.codes,
            &self.names.units,
        ];
        let [destinations, codes, units] = names.map(Numbers::names);
        let (answers, by_code) = self.tallies.take();
        for (by, sum) in answers {
            let context = self.tallies.context_of(by.context);
            let answer = self.screener.answer(by.class);
            let destination = destinations.get(&by.destination).map(AsRef::as_ref);
            let worth = Counted::of(sum, units.get(&context.unit));
            self.counts
                .answered(&answer, destination, context.year, &worth);
        }
        for (by, sum) in by_code {
            let context = self.tallies.context_of(by.context);
            let code = codes.get(&by.hs).map(AsRef::as_ref);
            let worth = Counted::of(sum, units.get(&context.unit));
            self.counts.coded(code, by.bounds, &worth);
        }
        if let Some(moved) = &mut self.moved {
            moved.hand_over(&codes, &units, &self.tallies, &mut self.counts);
        }
    }
}

/// The key of a record by its span and the classes of its units, of which every record has as many.
fn key<'t>(text: &'t mut Vec<u8>, parts: &[u32]) -> Key<'t> {
    if parts.len() <= 4 {
        let number = parts
            .iter()
            .fold(0, |number, part| (number << 32) | u128::from(*part));
        return Key::Short(number);
    }
    text.clear();
    text.extend(parts.iter().flat_map(|part| part.to_le_bytes()));
    Key::Long(text)
}
