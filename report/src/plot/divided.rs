//! One bar that is all there is, divided by kinds, with a legend that says how many of each.

use askama::Template;

use super::scale::Scale;
use super::{Piece, Series, pieces, total};
use crate::number::{grouped, share};

/// A whole and its parts.
#[derive(Clone, Debug, Default)]
pub struct Divided {
    /// What is divided, for those who do not see it.
    pub name: String,
    /// What is counted.
    pub counted: String,
    /// The kinds.
    pub series: Vec<Series>,
    /// How many of each kind.
    pub numbers: Vec<u128>,
}

/// Width of the bar.
const LENGTH: u128 = 1000;

#[derive(Template)]
#[template(path = "divided.html", whitespace = "minimize")]
struct View<'d> {
    all: &'d Divided,
    id: String,
    pieces: Vec<Piece<'d>>,
    kinds: Vec<Kind<'d>>,
}

struct Kind<'d> {
    series: &'d Series,
    number: String,
    share: String,
}

impl Divided {
    pub(crate) fn html(&self, id: &str) -> String {
        let whole = total(&self.numbers);
        let scale = Scale {
            most: whole,
            length: LENGTH,
        };
        let kinds = self.series.iter().zip(&self.numbers);
        let kinds = kinds.map(|(series, number)| Kind {
            series,
            number: grouped(*number),
            share: share(*number, whole),
        });
        let view = View {
            all: self,
            id: id.to_owned(),
            pieces: pieces(&self.series, &self.numbers, &scale),
            kinds: kinds.collect(),
        };
        // Writing to a String cannot fail.
        view.render().unwrap_or_default()
    }
}
