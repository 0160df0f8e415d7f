//! How the cells of a unit are looked at, found out once.

use std::sync::Arc;

use super::dictionary::Told;
use super::field;
use super::numbers::Numbers;
use super::screener::TableScreener;
use super::unit::Unit;
use super::worth::Scale;

/// How the cells of a unit are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plan {
    /// One cell, at this place, is looked up.
    One(usize),
    /// Several are looked up together.
    Several,
    /// Nothing is read or counted if the cells are plain.
    Plain,
    /// The cell at this place says what the record is worth; nothing reads it.
    Worth {
        column: usize,
        unit: u32,
        scale: Scale,
    },
    /// The number at this place is compared with constants only; its unit, if it says what the record is
    /// worth, else 0.
    Number {
        column: usize,
        unit: u32,
        scale: Scale,
    },
}

impl Plan {
    /// The plan of a unit; `units` numbers the units of values.
    pub(super) fn of(unit: &Unit, screener: &TableScreener<'_>, units: &mut Numbers) -> Self {
        let columns = unit.columns.iter();
        let mut columns = columns.filter_map(|column| screener.column(*column));
        let (first, second) = (columns.next(), columns.next());
        let (Some((at, field)), None) = (first, second) else {
            return Self::Several;
        };
        if let Some(cuts) = &unit.cuts {
            let named = match field.plain() {
                field::Plain::Worth { unit, .. } => Some(Arc::clone(unit)),
                _ => None,
            };
            return Self::Number {
                column: at,
                unit: units.of(named),
                scale: Scale::new(cuts.times),
            };
        }
        match field.plain() {
            _ if unit.is_read() => Self::One(at),
            field::Plain::Nothing => Self::Plain,
            field::Plain::Unclear => Self::One(at),
            field::Plain::Worth { unit, times } => Self::Worth {
                column: at,
                unit: units.of(Some(Arc::clone(unit))),
                scale: Scale::new(times),
            },
        }
    }
}

/// What a plain number says a record is worth; none if it is no plain number.
pub(super) fn worth(cell: &[u8], unit: u32, scale: &Scale) -> Option<Told> {
    Some(Told {
        unit,
        millionths: scale.millionths(cell.trim_ascii())?,
        ..Told::default()
    })
}
