//! Dated figures about destinations.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::Reader;
use crate::facts::Decimal;
use crate::time::{Date, Dates};

/// The tables that hold indicators.
const TABLES: [&str; 3] = ["ucdp", "vdem", "wgi"];

/// A figure for one destination and year.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The year it is about.
    pub year: i16,
    /// The figure.
    pub value: Decimal,
    /// Its standard error, where one is published.
    pub standard_error: Option<Decimal>,
    /// The day from which a figure for this year was public.
    pub published: Option<Date>,
}

/// All figures of one indicator.
#[derive(Clone, Debug)]
pub struct Series {
    /// The table that holds it.
    pub table: Arc<str>,
    /// How old a figure may be, in years.
    pub max_age_years: Option<i16>,
    figures: BTreeMap<Arc<str>, Vec<Figure>>,
}

/// All indicators by their names.
#[derive(Clone, Debug, Default)]
pub struct Indicators(BTreeMap<Arc<str>, Arc<Series>>);

impl Indicators {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = BTreeMap::<Arc<str>, Series>::new();
        for table in TABLES {
            let max_age_years = rows.table(table).and_then(|table| table.max_age_years);
            rows.each(table, |row| {
                let (Some(year), Some(value)) = (row.year("year"), row.number("value")) else {
                    return;
                };
                let figure = Figure {
                    year,
                    value,
                    standard_error: row.number("standard_error"),
                    published: row.date("published"),
                };
                let series = found
                    .entry(row.shared("indicator"))
                    .or_insert_with(|| Series {
                        table: table.into(),
                        max_age_years,
                        figures: BTreeMap::new(),
                    });
                series
                    .figures
                    .entry(row.shared("destination"))
                    .or_default()
                    .push(figure);
            });
        }
        for series in found.values_mut() {
            series
                .figures
                .values_mut()
                .for_each(|figures| figures.sort_by_key(|figure| figure.year));
        }
        let found = found.into_iter();
        Self(
            found
                .map(|(name, series)| (name, Arc::new(series)))
                .collect(),
        )
    }

    /// An indicator by its name.
    pub fn get(&self, name: &str) -> Option<&Series> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// All indicators with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Series)> {
        self.0.iter().map(|(name, series)| (name, series.as_ref()))
    }

    /// The same, with figures of one indicator replaced: each, with its destination, by what is told.
    pub(crate) fn with(
        &self,
        name: &str,
        replaced: impl Fn(&str, &Figure) -> Option<Decimal>,
    ) -> Self {
        let mut all = self.clone();
        let Some(series) = all.0.get_mut(name) else {
            return all;
        };
        for (destination, figures) in &mut Arc::make_mut(series).figures {
            for figure in figures {
                if let Some(value) = replaced(destination, figure) {
                    figure.value = value;
                }
            }
        }
        all
    }
}

impl Series {
    /// The latest figure for a destination that was public and not too old; none is unknown.
    pub fn latest(&self, destination: &str, dates: Dates) -> Option<&Figure> {
        let year = dates.as_of.year();
        let oldest = self
            .max_age_years
            .map_or(i16::MIN, |age| year.saturating_sub(age));
        self.all(destination)
            .iter()
            .rev()
            .find(|figure| {
                figure.year <= year
                    && figure
                        .published
                        .is_none_or(|published| published <= dates.known_at)
            })
            .filter(|figure| figure.year >= oldest)
    }

    /// The days on which a figure becomes public, begins to count, or is too old.
    pub(super) fn changes(&self) -> impl Iterator<Item = Date> {
        let figures = self.figures.values().flatten();
        figures.flat_map(|figure| {
            let begins = Date::new(figure.year, 1, 1);
            let age = self.max_age_years.map(|age| age.saturating_add(1));
            let ends = age.and_then(|age| Date::new(figure.year.saturating_add(age), 1, 1));
            [figure.published, begins, ends].into_iter().flatten()
        })
    }

    /// All figures for a destination, oldest first.
    pub fn all(&self, destination: &str) -> &[Figure] {
        self.figures.get(destination).map_or(&[], Vec::as_slice)
    }
}
