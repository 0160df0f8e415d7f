//! A page: a head with what it is about, and sections of text, plots and tables.

use std::fmt;

use askama::Template;

use crate::plot::{Bars, Columns, Divided, Map};
use crate::shapes::shapes;
use crate::tone::Tone;

/// A page that stands alone.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What kind of page it is.
    pub kind: String,
    /// What it is about.
    pub heading: String,
    /// Names and values that identify it.
    pub head: Vec<(String, String)>,
    /// The sections; the first is what a reader with one minute reads.
    pub sections: Vec<Section>,
    /// What stands at the end.
    pub foot: String,
}

/// A part of a page under a heading.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its name in addresses: letters and hyphens.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it holds, in order.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// A paragraph that stands out, in a colour: the answer in a sentence.
    Lead(String, Tone),
    /// A paragraph in a frame: what must not be misread.
    Notice(String),
    /// A heading within the section.
    Heading(String),
    /// Sentences one under another.
    List(Vec<String>),
    /// A few numbers side by side, with their names; between them stand signs such as `=`.
    Figures(Vec<Figure>),
    /// Bars.
    Bars(Bars),
    /// Columns.
    Columns(Columns),
    /// One divided bar.
    Divided(Divided),
    /// A map of the world.
    Map(Map),
    /// A table.
    Table(Table),
}

/// A number with its name.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// The sign before it, or nothing.
    pub sign: &'static str,
    /// The number.
    pub number: String,
    /// What it counts.
    pub name: String,
}

/// A table of text.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it holds.
    pub caption: String,
    /// The heads of its columns, and whether they hold numbers.
    pub heads: Vec<(String, bool)>,
    /// Its rows; the first cell of each names it.
    pub rows: Vec<Vec<String>>,
    /// Whether it is folded away under its caption.
    pub folded: bool,
}

#[derive(Template)]
#[template(path = "page.html", whitespace = "minimize")]
struct View<'p> {
    page: &'p Page,
    outlines: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "table.html", whitespace = "minimize")]
struct TableView<'t> {
    table: &'t Table,
}

impl Page {
    /// The page as HTML.
    pub fn html(&self) -> String {
        let parts = self.sections.iter().flat_map(|section| &section.parts);
        let has_map = parts.into_iter().any(|part| matches!(part, Part::Map(_)));
        let outlines = shapes().iter().filter(|_| has_map);
        let view = View {
            page: self,
            outlines: outlines
                .filter_map(|shape| Some((shape.code, shape.path?)))
                .collect(),
        };
        // Writing to a String cannot fail.
        view.render().unwrap_or_default()
    }
}

/// A part with the name of its place, ready to be shown.
struct Shown<'p> {
    part: &'p Part,
    id: String,
}

impl Section {
    /// The parts with a name for each, so that drawings can be pointed to.
    fn shown(&self) -> Vec<Shown<'_>> {
        let parts = (1..).zip(&self.parts);
        let shown = parts.map(|(number, part)| Shown {
            part,
            id: format!("{}-{number}", self.id),
        });
        shown.collect()
    }
}

/// Plots and tables, whose text their own templates have escaped.
impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let html = match self.part {
            Part::Bars(bars) => bars.html(),
            Part::Columns(columns) => columns.html(&self.id),
            Part::Divided(divided) => divided.html(&self.id),
            Part::Map(map) => map.html(&self.id),
            Part::Table(table) => TableView { table }.render().unwrap_or_default(),
            Part::Text(_)
            | Part::Lead(..)
            | Part::Notice(_)
            | Part::Heading(_)
            | Part::List(_)
            | Part::Figures(_) => String::new(),
        };
        f.write_str(&html)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Figure, Page, Part, Section, Table};
    use crate::plot::{Bar, Bars, Column, Columns, Divided, Map, Series, Spot};
    use crate::tone::Tone;

    const HOSTILE: &str = "<script>alert(\"1\")</script>";

    fn text() -> String {
        HOSTILE.to_owned()
    }

    fn series() -> Vec<Series> {
        vec![
            Series::new(HOSTILE, Tone::Licence),
            Series::new("b", Tone::Open),
        ]
    }

    fn plots() -> Vec<Part> {
        let bar = Bar {
            note: text(),
            link: Some((text(), "javascript:alert(1)".to_owned())),
            ..Bar::new(HOSTILE, vec![3, 1])
        };
        let spot = Spot {
            name: text(),
            number: 12,
        };
        let places = ["KE", "SG", "SU"].map(|code| (code.to_owned(), spot.clone()));
        vec![
            Part::Bars(Bars {
                series: series(),
                rows: vec![bar],
                whole: Some(4),
                ..Bars::default()
            }),
            Part::Columns(Columns {
                series: series(),
                columns: vec![Column {
                    name: text(),
                    numbers: vec![0, 1],
                }],
                ..Columns::default()
            }),
            Part::Divided(Divided {
                series: series(),
                numbers: vec![1, 0],
                ..Divided::default()
            }),
            Part::Map(Map {
                name: text(),
                about: text(),
                counted: text(),
                tone: Tone::Plain,
                spots: BTreeMap::from(places),
            }),
        ]
    }

    fn page() -> Page {
        let mut parts = vec![
            Part::Text(text()),
            Part::Lead(text(), Tone::Clear),
            Part::Notice(text()),
            Part::Heading(text()),
            Part::List(vec![text()]),
            Part::Figures(vec![Figure::default()]),
            Part::Table(Table {
                heads: vec![(text(), false)],
                rows: vec![vec![text()]],
                ..Table::default()
            }),
        ];
        parts.extend(plots());
        let section = Section {
            id: "all".to_owned(),
            title: text(),
            parts,
        };
        Page {
            heading: text(),
            head: vec![(text(), text())],
            sections: vec![section],
            ..Page::default()
        }
    }

    #[test]
    fn what_a_page_is_told_is_shown_as_text_and_never_run() {
        let html = page().html();
        assert!(html.contains("&#60;script&#62;"));
        assert!(!html.contains("<script"));
        assert!(!html.contains("javascript:"));
        assert_eq!(html, page().html());
    }

    #[test]
    fn a_destination_is_drawn_as_outline_or_dot_or_named_beside_the_map() {
        let html = page().html();
        assert!(html.contains("<use href=\"#at-KE\" class=\"shade-"));
        assert_eq!(html.matches("<circle ").count(), 1);
        let (_, beside) = html.split_once("Not on the map: ").unwrap_or_default();
        assert!(beside.starts_with("&#60;script"));
    }
}
