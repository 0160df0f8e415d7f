//! How the cells of a unit are looked at, found out once.

use std::sync::Arc;

use super::cuts::Cuts;
use super::digits::Plain;
use super::field::{self, ColumnField, Plainness};
use super::numbers::Numbers;
use super::screener::TableScreener;
use super::unit::Unit;
use super::worth::Scale;

/// How the cells of a unit are looked at. Columns are told by their place among those that are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plan<'s> {
    /// One cell is looked up.
    One { column: usize, is_read: bool },
    /// Several are looked up together.
    Several,
    /// One is looked up, unless it is plain: nothing is read or counted then.
    Plain { column: usize, plain: Plainness },
    /// A plain number says what the record is worth; nothing reads it.
    Worth(Number),
    /// A plain number is compared with these constants only.
    Number(Number, &'s Cuts),
}

/// A column of plain numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    column: usize,
    /// The number of its unit, if it says what the record is worth, else 0.
    pub(super) unit: u32,
    scale: Scale,
}

impl Number {
    /// A number of the column in millionths of its unit; none if there is none, or it has more decimals.
    #[inline]
    pub(super) fn millionths(&self, number: Option<Plain>) -> Option<i128> {
        self.scale.millionths(number?)
    }
}

impl<'s> Plan<'s> {
    /// The plan of a unit; `units` numbers the units of values.
    pub(super) fn of(unit: &'s Unit, screener: &TableScreener<'_>, units: &mut Numbers) -> Self {
        let columns = unit.columns.iter();
        let mut columns = columns.filter_map(|column| screener.column(*column));
        let (Some((column, field)), None) = (columns.next(), columns.next()) else {
            return Self::Several;
        };
        let is_read = unit.is_read();
        match (&unit.cuts, field.plain(), field.plainness()) {
            (Some(cuts), ..) => Self::Number(number(column, field, cuts.times, units), cuts),
            (None, field::Plain::Worth { times, .. }, _) if !is_read => {
                Self::Worth(number(column, field, times, units))
            }
            (None, field::Plain::Nothing, Some(plain)) if !is_read => Self::Plain { column, plain },
            _ => Self::One { column, is_read },
        }
    }

    /// The column of the only cell that is looked at.
    pub(super) fn column(&self) -> Option<usize> {
        match self {
            Self::One { column, .. } | Self::Plain { column, .. } => Some(*column),
            Self::Worth(number) | Self::Number(number, _) => Some(number.column),
            Self::Several => None,
        }
    }
}

fn number(column: usize, field: &ColumnField, times: i128, units: &mut Numbers) -> Number {
    let named = match field.plain() {
        field::Plain::Worth { unit, .. } => Some(Arc::clone(unit)),
        _ => None,
    };
    Number {
        column,
        unit: units.of(named),
        scale: Scale::new(times),
    }
}
