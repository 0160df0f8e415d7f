//! Plots, drawn as SVG within HTML: bars, columns, one divided bar, and a map of the world.
//!
//! They take names and whole numbers and know nothing of what these mean. Whatever a plot shows can also be
//! read as text: bars stand in a table, and columns and maps are followed by one.

mod bars;
mod columns;
mod divided;
mod map;
mod scale;

use crate::number::grouped;
use crate::tone::Tone;

pub use bars::{Bar, Bars};
pub use columns::{Column, Columns};
pub use divided::Divided;
pub use map::{Map, Spot};

/// One kind of what is counted: its name and its colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name, as the legend has it.
    pub name: String,
    /// Its colour.
    pub tone: Tone,
}

impl Series {
    /// A kind with its name and colour.
    pub fn new(name: impl Into<String>, tone: Tone) -> Self {
        Self {
            name: name.into(),
            tone,
        }
    }
}

/// A piece of a bar or a column: where it begins, how far it reaches, and what it is.
#[derive(Debug)]
struct Piece<'p> {
    from: u128,
    length: u128,
    series: &'p Series,
    number: u128,
}

impl Piece<'_> {
    /// Where it begins in a bar that is a thousand long, in per cent.
    fn start(&self) -> String {
        percent(self.from)
    }

    /// How far it reaches in a bar that is a thousand long, in per cent.
    fn reach(&self) -> String {
        percent(self.length)
    }

    /// What it is and how much.
    fn words(&self) -> String {
        format!("{}: {}", self.series.name, grouped(self.number))
    }
}

/// A thousandth as a percentage of a drawing's width: patterns are not stretched, as they would be by a frame.
fn percent(thousandths: u128) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// Length of the shortest piece.
const LEAST: u128 = 2;

/// The pieces of a bar, one after another, on a scale.
fn pieces<'p>(series: &'p [Series], numbers: &[u128], scale: &scale::Scale) -> Vec<Piece<'p>> {
    let mut sum = 0_u128;
    let mut found = Vec::new();
    for (series, number) in series.iter().zip(numbers) {
        let from = scale.at(sum);
        sum = sum.saturating_add(*number);
        let to = scale.at(sum);
        // What is there is seen, however little it is.
        let length = to
            .saturating_sub(from)
            .max(if *number > 0 { LEAST } else { 0 });
        if length > 0 {
            found.push(Piece {
                from,
                length,
                series,
                number: *number,
            });
        }
    }
    found
}

/// A sum that stays at the greatest number.
fn total(numbers: &[u128]) -> u128 {
    numbers
        .iter()
        .fold(0, |sum, number| sum.saturating_add(*number))
}

/// Whether an address is one of the web; a ruleset may hold any text in its place.
fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
