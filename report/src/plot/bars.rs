//! Bars in a table: each row has a name, a bar of one or more kinds, and its number.

use askama::Template;

use super::scale::Scale;
use super::{Piece, Series, pieces, total};
use crate::number::{grouped, share};

/// Rows with a bar each, longest number at full length.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// What the rows are, as the head of their column.
    pub rows_are: String,
    /// What is counted, as the head of the column of numbers.
    pub counted: String,
    /// The kinds that a bar is made of.
    pub series: Vec<Series>,
    /// The rows, in the order in which they are shown.
    pub rows: Vec<Bar>,
    /// Whether the number of each kind stands beside the bar, and not their sum.
    pub each: bool,
    /// The number that is the whole; then each row says the share of its sum.
    pub whole: Option<u128>,
    /// The summary under which the rows are folded away, if they are.
    pub folded: Option<String>,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// What is said of it in small letters.
    pub note: String,
    /// Where to read more: the words, and an address of the web.
    pub link: Option<(String, String)>,
    /// How many of each kind.
    pub numbers: Vec<u128>,
}

impl Bar {
    /// A row with its name and how many there are of each kind.
    pub fn new(name: impl Into<String>, numbers: Vec<u128>) -> Self {
        Self {
            name: name.into(),
            numbers,
            ..Self::default()
        }
    }
}

/// Width of the longest bar.
const LENGTH: u128 = 1000;

#[derive(Template)]
#[template(path = "bars.html", whitespace = "minimize")]
struct View<'b> {
    all: &'b Bars,
    rows: Vec<Row<'b>>,
}

struct Row<'b> {
    bar: &'b Bar,
    link: Option<&'b (String, String)>,
    pieces: Vec<Piece<'b>>,
    numbers: Vec<String>,
    share: Option<String>,
}

impl Bars {
    pub(crate) fn html(&self) -> String {
        let most = self.rows.iter().map(|bar| total(&bar.numbers)).max();
        let scale = Scale {
            most: most.unwrap_or(0),
            length: LENGTH,
        };
        let rows = self.rows.iter().map(|bar| self.row(bar, &scale)).collect();
        let view = View { all: self, rows };
        // Writing to a String cannot fail.
        view.render().unwrap_or_default()
    }

    fn row<'b>(&'b self, bar: &'b Bar, scale: &Scale) -> Row<'b> {
        let sum = total(&bar.numbers);
        let link = bar.link.as_ref();
        Row {
            bar,
            link: link.filter(|(_, address)| super::is_web(address)),
            pieces: pieces(&self.series, &bar.numbers, scale),
            numbers: if self.each {
                bar.numbers.iter().copied().map(grouped).collect()
            } else {
                vec![grouped(sum)]
            },
            share: self.whole.map(|whole| share(sum, whole)),
        }
    }
}
