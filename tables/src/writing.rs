//! Writes records as text, with the columns that screening adds.

use catchall_engine::bulk::{Answer, COLUMNS, Class, TableScreener};

use crate::csv::write as csv;
use crate::format::Form;
use crate::header::Header;

/// Writes records with what screening says about their classes. What is added to the records of a class
/// is put together once.
pub(crate) struct Writing<'s> {
    screener: &'s TableScreener<'s>,
    form: Form,
    /// Whether all that is written must be UTF-8 text.
    text: bool,
    /// What stands before each cell, where cells are written one by one.
    before: Vec<Vec<u8>>,
    suffixes: Vec<Option<Box<[u8]>>>,
}

impl<'s> Writing<'s> {
    /// For an output; what goes into Parquet is written as CSV first.
    pub(crate) fn new(screener: &'s TableScreener<'s>, header: &Header, output: Form) -> Self {
        let text = !matches!(output, Form::Csv(_));
        let form = match output {
            Form::Csv(_) | Form::Ndjson => output,
            #[cfg(feature = "arrow")]
            Form::Parquet => Form::Csv(b','),
        };
        Self {
            screener,
            form,
            text,
            before: before(header, form),
            suffixes: Vec::new(),
        }
    }

    /// How records are written.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Whether all that is written must be UTF-8 text; CSV takes any bytes.
    pub(crate) fn is_text(&self) -> bool {
        self.text
    }

    /// Adds a record whose own bytes have the form already; of a JSON object they lack the last brace.
    pub(crate) fn pass(&mut self, own: &[u8], class: Class, out: &mut Vec<u8>) {
        out.extend_from_slice(own);
        out.extend_from_slice(self.suffix(class));
    }

    /// Adds a record cell by cell; none is a cell of which nothing is told.
    pub(crate) fn cells<'c>(
        &mut self,
        cells: impl Iterator<Item = Option<&'c [u8]>>,
        class: Class,
        out: &mut Vec<u8>,
    ) {
        for (before, cell) in self.before.iter().zip(cells) {
            out.extend_from_slice(before);
            match (self.form, cell) {
                (Form::Csv(delimiter), cell) => csv::cell(out, cell.unwrap_or_default(), delimiter),
                (_, None) => out.extend_from_slice(b"null"),
                (_, Some(cell)) => json_text(out, &String::from_utf8_lossy(cell)),
            }
        }
        if self.form == Form::Ndjson && !self.before.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(self.suffix(class));
    }

    fn suffix(&mut self, class: Class) -> &[u8] {
        let at = class.number();
        if self.suffixes.len() <= at {
            self.suffixes.resize_with(at.saturating_add(1), || None);
        }
        let (screener, form) = (self.screener, self.form);
        let Some(place) = self.suffixes.get_mut(at) else {
            return &[];
        };
        place.get_or_insert_with(|| suffix(&screener.answer(class), form).into())
    }
}

/// What stands before each cell.
fn before(header: &Header, form: Form) -> Vec<Vec<u8>> {
    let numbered = header.cells.iter().enumerate();
    let before = numbered.map(|(number, name)| {
        if let Form::Csv(delimiter) = form {
            return Some(delimiter).filter(|_| number > 0).into_iter().collect();
        }
        let mut text = vec![if number > 0 { b',' } else { b'{' }];
        json_text(&mut text, String::from_utf8_lossy(name).trim());
        text.push(b':');
        text
    });
    before.collect()
}

/// What is added to a record, with the end of its line.
fn suffix(answer: &Answer, form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    if let Form::Csv(delimiter) = form {
        let cells = answer.cells().iter().map(String::as_bytes);
        csv::further(&mut out, cells, delimiter);
    } else {
        json_suffix(answer, &mut out);
    }
    out
}

/// Columns that hold a list, and the one that holds true or false.
const LISTS: [&str; 3] = ["stands", "may_stand", "missing"];
const BOOLEAN: &str = "determined";

fn json_suffix(answer: &Answer, out: &mut Vec<u8>) {
    for (number, (name, cell)) in COLUMNS.iter().zip(answer.cells()).enumerate() {
        if number > 0 {
            out.push(b',');
        }
        json_text(out, name);
        out.push(b':');
        if LISTS.contains(name) {
            json_list(out, cell);
        } else if *name == BOOLEAN {
            out.extend_from_slice(cell.as_bytes());
        } else if cell.is_empty() {
            out.extend_from_slice(b"null");
        } else {
            json_text(out, cell);
        }
    }
    out.extend_from_slice(b"}\n");
}

fn json_list(out: &mut Vec<u8>, cell: &str) {
    let parts = cell.split('|').filter(|part| !part.is_empty());
    out.push(b'[');
    for (number, part) in parts.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        json_text(out, part);
    }
    out.push(b']');
}

/// Adds text as JSON.
fn json_text(out: &mut Vec<u8>, text: &str) {
    // Text can always be written as JSON, and a vector takes all that is written.
    let _ = serde_json::to_writer(out, text);
}
