//! What an engine that answers row by row is given: every fact that the ten rules read, looked up.

use anyhow::{Context, Result};
use csv::ByteRecord;

use crate::codes::{Code, Codes};
use crate::places::{Place, Places};

/// The facts of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) year: i64,
    pub(crate) item: Code,
    pub(crate) code: i64,
    /// In US dollars.
    pub(crate) value: i64,
    pub(crate) from: Place,
    pub(crate) to: Place,
}

/// A fact as policies read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Flag(bool),
    Number(i64),
}

/// The names of [`Facts::all`].
pub(crate) const NAMES: [&str; 16] = [
    "year",
    "code",
    "value",
    "listed",
    "surveillance",
    "interception",
    "computer",
    "from_customs",
    "to_customs",
    "general",
    "embargo",
    "sanctions",
    "law",
    "voice",
    "expression",
    "conflict",
];

impl Facts {
    /// All facts, in the order of [`NAMES`].
    pub(crate) fn all(&self) -> [Fact; 16] {
        [
            Fact::Number(self.year),
            Fact::Number(self.code),
            Fact::Number(self.value),
            Fact::Flag(self.item.listed),
            Fact::Flag(self.item.surveillance),
            Fact::Flag(self.item.interception),
            Fact::Flag(self.item.computer),
            Fact::Flag(self.from.customs),
            Fact::Flag(self.to.customs),
            Fact::Flag(self.to.general),
            Fact::Flag(self.to.embargo),
            Fact::Flag(self.to.sanctions),
            Fact::Number(self.to.law),
            Fact::Number(self.to.voice),
            Fact::Number(self.to.expression),
            Fact::Number(self.to.conflict),
        ]
    }
}

/// Looks up the facts of rows.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) places: Places,
    pub(crate) codes: Codes,
}

impl Lookup {
    /// The facts of one row of the table.
    pub(crate) fn facts(&self, row: &ByteRecord) -> Result<Facts> {
        let number = |at| row.get(at).and_then(whole);
        let read = || {
            let year = u16::try_from(number(0)?).ok()?;
            let place = |number| self.places.get(year, u16::try_from(number).ok()?);
            let code = u32::try_from(number(3)?).ok()?;
            Some(Facts {
                year: i64::from(year),
                item: self.codes.get(code),
                code: i64::from(code),
                value: row.get(4).and_then(dollars)?,
                from: *place(number(1)?)?,
                to: *place(number(2)?)?,
            })
        };
        read().with_context(|| format!("a row that was not generated here: {row:?}"))
    }
}

fn whole(cell: &[u8]) -> Option<i64> {
    let digits = cell
        .iter()
        .map(|byte| byte.checked_sub(b'0').filter(|digit| *digit < 10));
    digits
        .into_iter()
        .try_fold(0, |sum: i64, digit| Some(sum * 10 + i64::from(digit?)))
}

/// Thousands with three decimals, in ones.
fn dollars(cell: &[u8]) -> Option<i64> {
    let point = cell.len().checked_sub(4)?;
    let (thousands, rest) = cell.split_at_checked(point)?;
    let part = rest.strip_prefix(b".")?;
    Some(whole(thousands)? * 1000 + whole(part)?)
}
