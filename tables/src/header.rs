//! The names of a table's columns.

use crate::csv;
use crate::format::Shape;
use crate::ndjson;

/// The names of a table's columns, and how it is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// How the table is taken apart; none for tables that are no text.
    pub(crate) shape: Option<Shape>,
    /// As it stands, for tables that have one.
    pub(crate) bytes: Vec<u8>,
    /// The names.
    pub(crate) cells: Vec<Vec<u8>>,
}

impl Header {
    /// The header at the start of a block of whole records, and the place behind it; none if there are
    /// only empty lines.
    pub(crate) fn find(block: &[u8], shape: Shape) -> (Option<Self>, usize) {
        match shape {
            Shape::Csv(delimiter) => csv::header(block, delimiter),
            // The records name their columns themselves.
            Shape::Ndjson => match ndjson::names(block) {
                names if names.is_empty() => (None, block.len()),
                names => (Some(Self::of_names(names, Some(shape))), 0),
            },
        }
    }

    /// A header that does not stand in the table by itself.
    pub(crate) fn of_names(names: Vec<String>, shape: Option<Shape>) -> Self {
        Self {
            shape,
            bytes: Vec::new(),
            cells: names.into_iter().map(String::into_bytes).collect(),
        }
    }

    /// The byte between cells; a comma for tables that have none.
    pub(crate) fn delimiter(&self) -> u8 {
        match self.shape {
            Some(Shape::Csv(delimiter)) => delimiter,
            _ => b',',
        }
    }

    /// The names of a table whose names are text.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let names = self.cells.iter();
        names
            .map(|name| std::str::from_utf8(name).unwrap_or_default())
            .collect()
    }

    /// The names as they are handed to a screener.
    pub(crate) fn names(&self) -> Vec<&[u8]> {
        self.cells.iter().map(Vec::as_slice).collect()
    }
}
