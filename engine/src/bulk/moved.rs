//! Counts records that a change moves by what their answers do not tell: customs codes, items and end users.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::answer::Class;
use super::change::NOT_STATED;
use super::counts::{Counted, Counts};
use super::dictionary::Told;
use super::field::ColumnField;
use super::numbers::Numbers;
use super::screener::TableScreener;
use super::tallies::{By, Sums, Tallies};
use super::target::feeds;
use crate::facts::{Application, Catalogue, FactId, Value};
use crate::reference::entry_facts;
use crate::screening::Direction;
use crate::time::Date;

/// What columns tell that records are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Control entries.
    Item,
    /// Types of end users.
    EndUser,
    /// The first six digits of the customs code.
    Hs,
}

impl Kind {
    /// What it is called in counts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::EndUser => "end user",
            Self::Hs => "hs",
        }
    }

    /// What an application is counted by.
    pub(super) fn names(self, application: &Application, catalogue: &Catalogue) -> Vec<Arc<str>> {
        let mut names = BTreeSet::new();
        match self {
            Self::Item => {
                for item in &application.items {
                    for id in entries(catalogue) {
                        if let Value::Set(set) = item.fact(id) {
                            names.extend(set.certain.iter().cloned());
                        }
                    }
                }
            }
            Self::EndUser => {
                let parties = catalogue.by_path("parties");
                names.extend(
                    parties
                        .into_iter()
                        .flat_map(|id| end_users(application.fact(id))),
                );
            }
            Self::Hs => {}
        }
        names.into_iter().collect()
    }
}

/// The facts that say under which entries of control lists an item falls.
fn entries(catalogue: &Catalogue) -> Vec<FactId> {
    let lists = entry_facts(catalogue).map(|(id, _)| id);
    let others = ["item.eccns", "item.uk_entries"].map(|path| catalogue.by_path(path));
    let all: BTreeSet<FactId> = lists.chain(others.into_iter().flatten()).collect();
    all.into_iter().collect()
}

/// The types of end users among parties.
pub(crate) fn end_users(parties: &Value) -> Vec<Arc<str>> {
    let Value::List(parties) = parties else {
        return Vec::new();
    };
    let types = parties.iter().filter_map(|party| {
        let Value::Record(party) = party else {
            return None;
        };
        let role = party.field("role");
        let ends = matches!(role.as_text(), Some("end_user" | "ultimate_end_user"));
        let ty = party.field("type").as_text().map(Arc::from);
        ty.filter(|_| ends)
    });
    types.collect()
}

/// The columns that tell what records are counted by.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds(BTreeMap<Kind, Vec<usize>>);

impl Kinds {
    /// Those of a profile's columns.
    pub(super) fn of(columns: &[&ColumnField], catalogue: &Catalogue) -> Self {
        let parties = catalogue.by_path("parties").into_iter().collect();
        let kinds = [(Kind::Item, entries(catalogue)), (Kind::EndUser, parties)];
        let kinds = kinds.into_iter().map(|(kind, facts)| {
            let feeds = |field: &ColumnField| {
                let fed = feeds(catalogue, &field.to);
                facts.iter().any(|fact| fed.contains(fact))
            };
            let columns = columns.iter().enumerate();
            let feeding = columns.filter(|(_, field)| feeds(field));
            (kind, feeding.map(|(at, _)| at).collect())
        });
        let told = kinds.filter(|(_, columns): &(Kind, Vec<usize>)| !columns.is_empty());
        Self(told.collect())
    }

    /// The columns of a kind.
    pub(super) fn columns(&self, kind: Kind) -> &[usize] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }
}

/// Texts of cells kept at most; when there are more, all are dropped and the work goes on.
const KEPT: usize = 1 << 14;

/// What records that move are summed up by.
type Key = (Kind, u32, Direction, u32);

/// Which way the answers of a class move.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// It was not asked yet.
    New,
    /// It is known.
    Known(Option<Direction>),
}

/// The numbers of what cells tell on a day.
type Known = HashMap<(Date, Vec<u8>), Vec<u32>>;

/// Sums of records that move.
#[derive(Debug, Default)]
pub(super) struct MovedTallies {
    /// Which way the answers of each class move; found out once.
    ways: Vec<Way>,
    kinds: Vec<(Kind, Known)>,
    names: Numbers,
    sums: Sums<Key>,
}

impl MovedTallies {
    /// None yet, of some kinds.
    pub(super) fn new(kinds: &Kinds) -> Self {
        Self {
            kinds: kinds.0.keys().map(|kind| (*kind, Known::new())).collect(),
            ..Self::default()
        }
    }

    /// Counts a record, if it moves.
    pub(super) fn add(
        &mut self,
        screener: &TableScreener<'_>,
        by: By,
        told: &Told,
        as_of: Date,
        cells: &[&[u8]],
    ) {
        let Some(way) = self.way(screener, by.class) else {
            return;
        };
        let mut add = |kind, name| {
            let key = (kind, name, way, by.context);
            self.sums.add(key, told.millionths);
        };
        add(Kind::Hs, told.hs);
        for (kind, known) in &mut self.kinds {
            let columns = screener
                .kinds()
                .map_or(&[][..], |kinds| kinds.columns(*kind));
            let key = (as_of, text(screener, columns, cells));
            if known.len() >= KEPT {
                known.clear();
            }
            let numbers = known.entry(key).or_insert_with(|| {
                let names = screener.named(*kind, cells, as_of).into_iter();
                let numbers: Vec<u32> = names.map(|name| self.names.of(Some(name))).collect();
                if numbers.is_empty() { vec![0] } else { numbers }
            });
            numbers.iter().for_each(|number| add(*kind, *number));
        }
    }

    fn way(&mut self, screener: &TableScreener<'_>, class: Class) -> Option<Direction> {
        let at = class.number();
        if self.ways.len() <= at {
            self.ways.resize(at.saturating_add(1), Way::New);
        }
        if let Some(Way::Known(way)) = self.ways.get(at) {
            return *way;
        }
        let answer = screener.answer(class);
        let way = answer.beside.as_ref().and_then(|beside| beside.moves);
        if let Some(place) = self.ways.get_mut(at) {
            *place = Way::Known(way);
        }
        way
    }

    /// Whether it holds as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.sums.len() >= Tallies::KINDS
    }

    /// Adds the sums to counts, by name.
    pub(super) fn hand_over(
        &mut self,
        codes: &BTreeMap<u32, Arc<str>>,
        units: &BTreeMap<u32, Arc<str>>,
        tallies: &Tallies,
        counts: &mut Counts,
    ) {
        let names = self.names.names();
        for ((kind, number, way, context), sum) in self.sums.take() {
            let known = if kind == Kind::Hs { codes } else { &names };
            let name = known.get(&number).map_or(NOT_STATED, AsRef::as_ref);
            let unit = units.get(&tallies.context_of(context).unit);
            counts.moved(kind.name(), name, way, &Counted::of(sum, unit));
        }
    }
}

/// The cells of some columns.
fn text(screener: &TableScreener<'_>, columns: &[usize], cells: &[&[u8]]) -> Vec<u8> {
    let columns = columns.iter().filter_map(|column| screener.column(*column));
    let mut text = Vec::new();
    for (at, _) in columns {
        text.extend_from_slice(cells.get(at).copied().unwrap_or_default());
        text.push(b'\x1f');
    }
    text
}
