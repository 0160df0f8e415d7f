//! Screens the records of one table.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::added::Added;
use super::against::Against;
use super::answer::{Answer, Class, Record, Rejection};
use super::change::{Change, hanging};
use super::classes::{Classes, UnitClass};
use super::counts::Counts;
use super::day::DayFormat;
use super::days::{Span, Spans};
use super::field::{ColumnField, Told, text};
use super::memo::Memo;
use super::moved::{Kind, Kinds};
use super::profile::Profile;
use super::selection::Selection;
use super::summary::{Summary, Unresolved};
use super::unit::{Unit, units};
use super::worker::Worker;
use super::worth::Worth;
use crate::facts::{Application, FactId, Value as Fact};
use crate::reference::Reference;
use crate::ruleset::{Library, Ruleset};
use crate::screening::{brief, outcomes};
use crate::source::{Diagnostic, Document, Json, Place, Problems, nearest};
use crate::time::{Date, Dates};

/// Days that a person states for all records of a table, instead of the records' own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated {
    /// The day whose law and facts apply.
    pub as_of: Option<Date>,
    /// The day up to which data had been published; else the day whose law applies.
    pub known_at: Option<Date>,
}

/// Screens the records of one table, row for row as single applications are screened.
#[derive(Debug)]
pub struct TableScreener<'l> {
    profile: &'l Profile,
    library: &'l Library,
    rulesets: Vec<&'l Ruleset>,
    against: Option<Against<'l>>,
    /// All that records are screened with: the rulesets, and what stands against them.
    sets: Vec<(&'l Ruleset, &'l Reference)>,
    kinds: Kinds,
    stated: Stated,
    width: usize,
    date: Option<(usize, &'l Arc<str>, &'l DayFormat)>,
    columns: Vec<(usize, &'l ColumnField)>,
    destination: Option<FactId>,
    hs: Option<FactId>,
    document: Document,
    needed: Vec<usize>,
    units: Vec<Unit>,
    memo: Mutex<Memo>,
    classes: Mutex<Classes>,
}

/// What the cells of one unit are to conditions.
#[derive(Clone, Debug)]
pub(super) struct UnitMeaning {
    pub(super) class: UnitClass,
    /// The destination, if the unit tells it.
    pub(super) destination: Option<Arc<str>>,
    /// The first six digits of the customs code, if the unit tells them.
    pub(super) hs: Option<Arc<str>>,
    /// What the record is worth, if the unit tells it.
    pub(super) worth: Option<Worth>,
    pub(super) unresolved: Vec<Unresolved>,
}

impl<'l> TableScreener<'l> {
    /// Finds the profile's columns in a table's header; `table` names the table in errors.
    pub fn new(
        profile: &'l Profile,
        library: &'l Library,
        rulesets: Vec<&'l Ruleset>,
        stated: Stated,
        table: &str,
        header: &[&[u8]],
    ) -> Result<Self, Problems> {
        Self::against(profile, library, rulesets, None, stated, table, header)
    }

    /// The same, where records are also screened with something else, to see which answers that moves.
    pub fn against(
        profile: &'l Profile,
        library: &'l Library,
        rulesets: Vec<&'l Ruleset>,
        against: Option<Against<'l>>,
        stated: Stated,
        table: &str,
        header: &[&[u8]],
    ) -> Result<Self, Problems> {
        let mut finder = Header::new(table, header);
        let columns = profile
            .columns
            .iter()
            .map(|field| (finder.find(&field.column), field));
        let mut columns: Vec<(usize, &ColumnField)> = columns.collect();
        let dated = profile.date.as_ref().filter(|_| stated.as_of.is_none());
        let mut date = dated.map(|(column, format)| (finder.find(column), column, format));
        if profile.by_header {
            finder.unbound(profile);
        } else if date.is_none() && stated.as_of.is_none() {
            finder.no_day(profile);
        }
        let needed = renumber(&mut columns, &mut date);
        let fields: Vec<&ColumnField> = columns.iter().map(|(_, field)| *field).collect();
        let sets = sets(library, &rulesets, against);
        let all: Vec<&Ruleset> = sets.iter().map(|(set, _)| *set).collect();
        finder.problems.or(Self {
            kinds: Kinds::of(&fields, &library.catalogue),
            units: units(&fields, &library.catalogue, &all),
            classes: Mutex::new(Classes::new(Spans::new(library, &all))),
            memo: Mutex::new(Memo::new(library, &all)),
            destination: library.catalogue.by_path("destination"),
            hs: library.catalogue.by_path("item.hs"),
            document: Document::new("record", ""),
            width: header.len(),
            needed,
            profile,
            library,
            rulesets,
            against,
            sets,
            stated,
            date,
            columns,
        })
    }

    /// The columns whose cells are read, by their positions in the header, in ascending order.
    pub fn needed(&self) -> &[usize] {
        &self.needed
    }

    /// How many cells a record has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One who screens records; there may be many at the same time.
    pub fn worker(&self) -> Worker<'_> {
        Worker::new(self)
    }

    /// The application that a record is screened as, or why there is none; `cells` are those of
    /// [`Self::needed`], in that order.
    pub fn record(&self, cells: &[&[u8]]) -> Result<Record, Rejection> {
        let as_of = self.day(cells)?;
        self.filled(cells, as_of, 0..self.columns.len())
    }

    /// The application that some of a record's columns make, in the order of the profile.
    fn filled(
        &self,
        cells: &[&[u8]],
        as_of: Date,
        columns: impl IntoIterator<Item = usize>,
    ) -> Result<Record, Rejection> {
        let mut json = self.profile.template.clone();
        let mut unresolved = Vec::new();
        let columns = columns.into_iter();
        for (at, field) in columns.filter_map(|column| self.columns.get(column)) {
            let cell = cells.get(*at).copied().unwrap_or_default();
            match field.read(cell, self.library, as_of)? {
                Told::Value(value) => set(&mut json, &field.to, value),
                Told::Unresolved(value) => unresolved.push(value),
                Told::Withdrawn(value) => {
                    set(&mut json, &field.to, Value::Null);
                    unresolved.push(value);
                }
                Told::Nothing => {}
            }
        }
        if self.profile.date.is_some() {
            set(&mut json, "/as_of", json!(as_of));
        }
        Ok(Record {
            worth: Worth::of(&json),
            application: self.application(json)?,
            dates: self.dates(as_of),
            unresolved,
        })
    }

    fn dates(&self, as_of: Date) -> Dates {
        Dates {
            as_of,
            known_at: self.stated.known_at.unwrap_or(as_of),
        }
    }

    /// The units of columns, each of which conditions look at by itself.
    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The position of a column among those that are needed, with what reads it.
    pub(super) fn column(&self, column: usize) -> Option<(usize, &ColumnField)> {
        self.columns.get(column).copied()
    }

    /// The position of the day among the needed columns, unless one day is stated for all records.
    pub(super) fn day_column(&self) -> Option<usize> {
        self.date.map(|(at, ..)| at)
    }

    /// The day of a record, and the span in which it lies.
    pub(super) fn span(&self, cells: &[&[u8]]) -> Result<(Date, Span), Rejection> {
        let as_of = self.day(cells)?;
        let (span, _) = locked(&self.classes).span(self.dates(as_of));
        Ok((as_of, span))
    }

    /// What the cells of a unit are to conditions on a day.
    pub(super) fn meaning(
        &self,
        unit: usize,
        cells: &[&[u8]],
        as_of: Date,
    ) -> Result<UnitMeaning, Rejection> {
        let Some(Unit { columns, parts, .. }) = self.units.get(unit) else {
            return Err(Rejection::default());
        };
        let mut record = self.filled(cells, as_of, columns.iter().copied())?;
        let mut classes = locked(&self.classes);
        let (span, dates) = classes.span(record.dates);
        record.dates = dates;
        let key = (unit, span, self.memo().key(&record));
        let class = classes.unit(key, || {
            let found = self.sets.iter().zip(parts);
            let found = found.map(|((set, reference), parts)| {
                outcomes(&record.application, set, reference, dates, parts)
            });
            found.flatten().collect()
        });
        Ok(UnitMeaning {
            class,
            destination: self.destination(&record.application),
            hs: self.heading(&record.application),
            worth: record.worth,
            unresolved: record.unresolved,
        })
    }

    /// The class of a record by the classes of its units.
    pub(super) fn class(
        &self,
        span: Span,
        units: &[UnitClass],
        cells: &[&[u8]],
    ) -> Result<Class, Rejection> {
        let key = (span, units.into());
        if let Some(class) = locked(&self.classes).record(&key) {
            return Ok(class);
        }
        let class = self.class_of(&self.record(cells)?);
        locked(&self.classes).keep(key, class);
        Ok(class)
    }

    fn day(&self, cells: &[&[u8]]) -> Result<Date, Rejection> {
        if let Some(day) = self.stated.as_of {
            return Ok(day);
        }
        let rejected = |column: &Arc<str>, found: &str, format: &str| Rejection {
            column: Arc::clone(column),
            found: found.to_owned(),
            cause: format!("expected a day that exists, written {format}"),
        };
        let Some((at, column, format)) = self.date else {
            return Err(rejected(&"".into(), "", "YYYY-MM-DD"));
        };
        let cell = text(cells.get(at).copied().unwrap_or_default(), column)?;
        format
            .parse(cell)
            .ok_or_else(|| rejected(column, cell, &format.text))
    }

    fn application(&self, json: Value) -> Result<Application, Rejection> {
        let catalogue = &self.library.catalogue;
        Application::from_json(Json::from(json), &self.document, catalogue)
            .map_err(|problems| self.rejection(&problems))
    }

    /// The first thing that is wrong with an application, told about the column that it came from.
    fn rejection(&self, problems: &Problems) -> Rejection {
        let problem = problems.iter().next();
        let pointer = problem.and_then(|problem| problem.place.pointer.as_deref());
        let field = self.columns.iter().find(|(_, field)| {
            pointer.is_some_and(|pointer| pointer.starts_with(field.to.as_str()))
        });
        Rejection {
            column: field.map_or_else(|| "".into(), |(_, field)| Arc::clone(&field.column)),
            found: problem.map_or_else(String::new, |problem| problem.found.clone()),
            cause: problem.map_or_else(String::new, |problem| {
                format!("expected {}", problem.expected)
            }),
        }
    }

    fn memo(&self) -> MutexGuard<'_, Memo> {
        locked(&self.memo)
    }

    /// The class of a record, screened by itself.
    pub(super) fn class_of(&self, record: &Record) -> Class {
        let reference = &self.library.reference;
        let found = brief(&record.application, &self.rulesets, reference, record.dates);
        let beside = self
            .against
            .map(|against| against.beside(&found, record, &self.rulesets, reference));
        self.memo().class_of(Answer::new(found, beside))
    }

    pub(super) fn destination(&self, application: &Application) -> Option<Arc<str>> {
        let fact = self.destination.map(|id| application.fact(id));
        fact.and_then(Fact::as_text).map(Arc::from)
    }

    /// The first digits of the first item's customs code, at most six.
    pub(super) fn heading(&self, application: &Application) -> Option<Arc<str>> {
        let item = application.items.first()?;
        let code = self.hs.and_then(|id| item.fact(id).as_text())?;
        code.get(..6).or(Some(code)).map(Arc::from)
    }

    /// The answer of a class that a worker of this screener named; for any other, that all is open.
    pub fn answer(&self, class: Class) -> Arc<Answer> {
        self.memo().answer(class)
    }

    /// The columns that tell what records that move are counted by.
    pub(super) fn kinds(&self) -> Option<&Kinds> {
        let compared = matches!(self.against, Some(Against::Base(_)));
        compared.then_some(&self.kinds)
    }

    /// What a record is counted by if it moves, of one kind.
    pub(super) fn named(&self, kind: Kind, cells: &[&[u8]], as_of: Date) -> Vec<Arc<str>> {
        let columns = self.kinds.columns(kind).iter().copied();
        let record = self.filled(cells, as_of, columns);
        record.map_or_else(
            |_| Vec::new(),
            |record| kind.names(&record.application, &self.library.catalogue),
        )
    }

    fn change(&self, counts: &Counts) -> Option<Change> {
        match (self.against, self.rulesets.as_slice()) {
            (Some(Against::Base(base)), [amended]) => Some(Change::of(counts, base, amended)),
            _ => None,
        }
    }

    /// What was counted, beside what it was screened with; `input` is the SHA-256 of the table's bytes, and
    /// `only` what was to be written.
    pub fn summary(&self, counts: Counts, input: String, only: &Selection) -> Summary {
        let profile = self.profile;
        let rulesets = self.rulesets.iter();
        let rulesets: BTreeMap<Arc<str>, String> = rulesets
            .map(|ruleset| (Arc::clone(&ruleset.id), ruleset.hash.clone()))
            .collect();
        let with = Summary {
            profile: Arc::clone(&profile.id),
            profile_sha256: profile.hash.clone(),
            publisher: Arc::clone(&profile.publisher),
            licence: Arc::clone(&profile.licence),
            notes: profile.notes.clone(),
            rulesets,
            data: self.library.reference.hash.clone(),
            as_of: self.stated.as_of,
            known_at: self.stated.known_at,
            input,
            only: only.texts().map(str::to_owned).collect(),
            selected: counts.selected(only),
            change: self.change(&counts),
            hangs_on: match self.against {
                Some(Against::Figures(_)) => Some(hanging(&counts)),
                _ => None,
            },
            ..Summary::default()
        };
        counts.summary(with)
    }
}

/// All that records are screened with.
fn sets<'l>(
    library: &'l Library,
    rulesets: &[&'l Ruleset],
    against: Option<Against<'l>>,
) -> Vec<(&'l Ruleset, &'l Reference)> {
    let reference = &library.reference;
    let own = rulesets.iter().map(|set| (*set, reference));
    let beside = against.map(|against| against.sets(rulesets, reference));
    own.chain(beside.into_iter().flatten()).collect()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Replaces positions in the header by positions among the columns that are read; those, ascending.
fn renumber(
    columns: &mut [(usize, &ColumnField)],
    date: &mut Option<(usize, &Arc<str>, &DayFormat)>,
) -> Vec<usize> {
    let mut needed: Vec<usize> = columns.iter().map(|(at, _)| *at).collect();
    needed.extend(date.iter().map(|(at, ..)| *at));
    needed.sort_unstable();
    needed.dedup();
    let among = |at: usize| needed.binary_search(&at).unwrap_or_default();
    columns.iter_mut().for_each(|(at, _)| *at = among(*at));
    if let Some((at, ..)) = date {
        *at = among(*at);
    }
    needed
}

fn set(json: &mut Value, pointer: &str, value: Value) {
    if let Some(slot) = json.pointer_mut(pointer) {
        *slot = value;
    }
}

/// A table's header, in which columns are found by their names.
struct Header<'h> {
    table: &'h str,
    names: Vec<&'h str>,
    problems: Problems,
}

impl<'h> Header<'h> {
    fn new(table: &'h str, header: &[&'h [u8]]) -> Self {
        let read: Result<Vec<&str>, _> = header
            .iter()
            .map(|name| std::str::from_utf8(name).map(str::trim))
            .collect();
        let mut found = Self {
            table,
            problems: Problems::new(),
            names: Vec::new(),
        };
        match read {
            Ok(names) => found.names = names,
            Err(_) => found.report(
                Diagnostic::error("T120", "a header that is not UTF-8", "UTF-8 text")
                    .help("save the file as UTF-8; spreadsheets call it \"CSV UTF-8\""),
            ),
        }
        let ours = Added::NAMES
            .into_iter()
            .find(|name| found.names.contains(name));
        if let Some(name) = ours {
            let wrong = format!("the column `{name}`, which the output adds");
            let expected = "a table without it";
            found.report(
                Diagnostic::error("T123", wrong, expected)
                    .help("rename the column, or screen the table that the output was made from"),
            );
        }
        found
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic.at(Place {
            document: self.table.to_owned(),
            ..Place::default()
        }));
    }

    /// The position of a column; 0 and a problem if it is not there, or there twice.
    fn find(&mut self, column: &str) -> usize {
        let mut found = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, name)| **name == column);
        let (first, second) = (found.next(), found.next());
        if let (Some((at, _)), None) = (first, second) {
            return at;
        }
        let wrong = if second.is_some() {
            let found = format!("the column `{column}` more than once");
            Diagnostic::error("T122", found, "each column that the profile reads once")
        } else {
            let known = self.names.iter().copied();
            let help = nearest(column, known).map_or_else(
                || format!("the header has: {}", self.names.join(", ")),
                |near| format!("did you mean `{near}`? The profile and the header must agree"),
            );
            let found = format!("no column `{column}`");
            Diagnostic::error("T121", found, "every column that the profile reads").help(help)
        };
        if !self.names.is_empty() {
            self.report(wrong);
        }
        0
    }

    fn unbound(&mut self, profile: &Profile) {
        let found = format!("the profile `{}`, which needs a header", profile.id);
        let expected = "the profile that `Profile::for_header` gives";
        self.report(Diagnostic::error("T126", found, expected));
    }

    fn no_day(&mut self, profile: &Profile) {
        let found = format!("no day: the profile `{}` names no date column", profile.id);
        let error = Diagnostic::error("T124", found, "the day whose law applies");
        self.report(error.help("give --as-of YYYY-MM-DD"));
    }
}
