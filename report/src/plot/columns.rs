//! Columns side by side, each of several kinds, with an axis.

use askama::Template;

use super::scale::Scale;
use super::{Piece, Series, pieces, total};
use crate::number::{grouped, short};

/// Columns in an order that means something, such as years.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// What the plot shows, for those who do not see it.
    pub name: String,
    /// What can be seen in it, in a sentence.
    pub about: String,
    /// What the columns are, as the head of their names in the table behind.
    pub columns_are: String,
    /// What is counted.
    pub counted: String,
    /// The kinds that a column is made of, lowest first.
    pub series: Vec<Series>,
    /// The columns.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// How many of each kind.
    pub numbers: Vec<u128>,
}

/// Width of the drawing at most, of what stands left and right of the columns, of a column with its margin at
/// most; height of the columns, and of what stands above and below.
const WIDEST: u128 = 760;
const LEFT: u128 = 84;
const RIGHT: u128 = 16;
const STEP: u128 = 96;
const HEIGHT: u128 = 220;
const TOP: u128 = 14;
const BELOW: u128 = 26;

/// Width that a name below a column needs.
const NAME: u128 = 40;

#[derive(Template)]
#[template(path = "columns.html", whitespace = "minimize")]
struct View<'c> {
    all: &'c Columns,
    id: String,
    width: u128,
    /// How narrow it may be shown before it is scrolled.
    least: u128,
    height: u128,
    base: u128,
    ticks: Vec<Tick>,
    columns: Vec<Drawn<'c>>,
}

struct Tick {
    y: u128,
    label: String,
}

struct Drawn<'c> {
    name: &'c str,
    named: bool,
    x: u128,
    middle: u128,
    width: u128,
    pieces: Vec<Piece<'c>>,
    numbers: Vec<String>,
    total: String,
}

impl Columns {
    pub(crate) fn html(&self, id: &str) -> String {
        let most = self
            .columns
            .iter()
            .map(|column| total(&column.numbers))
            .max();
        let ticks = Scale::ticks(most.unwrap_or(0));
        let scale = Scale {
            most: ticks.last().copied().unwrap_or(1),
            length: HEIGHT,
        };
        let base = TOP.saturating_add(HEIGHT);
        let step = self.step();
        let width = step
            .saturating_mul(self.columns.len() as u128)
            .saturating_add(LEFT + RIGHT);
        let view = View {
            all: self,
            id: id.to_owned(),
            width,
            least: width.saturating_mul(7) / 10,
            height: base.saturating_add(BELOW),
            base,
            ticks: ticks
                .into_iter()
                .map(|number| tick(number, &scale))
                .collect(),
            columns: self.drawn(step, &scale),
        };
        // Writing to a String cannot fail.
        view.render().unwrap_or_default()
    }

    /// The width of a column with its margin.
    fn step(&self) -> u128 {
        let room = WIDEST.saturating_sub(LEFT + RIGHT);
        let step = room.checked_div(self.columns.len() as u128);
        step.unwrap_or(STEP).clamp(6, STEP)
    }

    fn drawn(&self, step: u128, scale: &Scale) -> Vec<Drawn<'_>> {
        let every = NAME.div_ceil(step);
        let places = (0_u128..).zip(&self.columns);
        let drawn = places.map(|(number, column)| {
            let left = LEFT.saturating_add(number.saturating_mul(step));
            let margin = step / 6;
            Drawn {
                name: &column.name,
                named: number.checked_rem(every) == Some(0),
                x: left.saturating_add(margin),
                middle: left.saturating_add(step / 2),
                width: step.saturating_sub(margin.saturating_mul(2)),
                pieces: pieces(&self.series, &column.numbers, scale),
                numbers: column.numbers.iter().copied().map(grouped).collect(),
                total: grouped(total(&column.numbers)),
            }
        });
        drawn.collect()
    }
}

impl View<'_> {
    /// Where a piece begins from above.
    fn top(&self, piece: &Piece<'_>) -> u128 {
        let end = piece.from.saturating_add(piece.length);
        self.base.saturating_sub(end)
    }
}

fn tick(number: u128, scale: &Scale) -> Tick {
    let base = TOP.saturating_add(HEIGHT);
    Tick {
        y: base.saturating_sub(scale.at(number)),
        label: short(number),
    }
}
