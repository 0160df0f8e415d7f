//! Writes records as text, with the columns that screening adds.

use catchall_engine::bulk::{Added, Class, TableScreener};

use crate::csv::write as csv;
use crate::format::Form;
use crate::header::Header;
use crate::members::{members, text};
use crate::wanted::Wanted;

/// Writes records with what screening says about their classes. What is added to the records of a class
/// is put together once.
pub(crate) struct Writing<'s> {
    screener: &'s TableScreener<'s>,
    wanted: &'s Wanted,
    form: Form,
    /// Whether all that is written must be UTF-8 text.
    text: bool,
    /// What stands before each cell, where cells are written one by one.
    before: Vec<Vec<u8>>,
    suffixes: Vec<Suffix>,
}

/// What is added to the records of a class.
#[derive(Clone, Debug)]
enum Suffix {
    /// It was not asked for yet.
    New,
    /// The records are not written.
    Left,
    /// This.
    Written(Box<[u8]>),
}

impl<'s> Writing<'s> {
    /// For an output; what goes into Parquet is written as CSV first.
    pub(crate) fn new(
        screener: &'s TableScreener<'s>,
        wanted: &'s Wanted,
        header: &Header,
        output: Form,
    ) -> Self {
        let text = !matches!(output, Form::Csv(_));
        let form = match output {
            Form::Csv(_) | Form::Ndjson => output,
            #[cfg(feature = "arrow")]
            Form::Parquet => Form::Csv(b','),
        };
        Self {
            screener,
            wanted,
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

    /// Adds a record whose own bytes have the form already, if its class is to be written; of a JSON object
    /// they lack the last brace.
    pub(crate) fn pass(&mut self, own: &[u8], class: Class, out: &mut Vec<u8>) {
        if let Some(suffix) = self.suffix(class) {
            out.extend_from_slice(own);
            out.extend_from_slice(suffix);
        }
    }

    /// Adds a record cell by cell, if its class is to be written; none is a cell of which nothing is told.
    pub(crate) fn cells<'c>(
        &mut self,
        cells: impl Iterator<Item = Option<&'c [u8]>>,
        class: Class,
        out: &mut Vec<u8>,
    ) {
        if !self.writes(class) {
            return;
        }
        for (before, cell) in self.before.iter().zip(cells) {
            out.extend_from_slice(before);
            match (self.form, cell) {
                (Form::Csv(delimiter), cell) => csv::cell(out, cell.unwrap_or_default(), delimiter),
                (_, None) => out.extend_from_slice(b"null"),
                (_, Some(cell)) => text(out, &String::from_utf8_lossy(cell)),
            }
        }
        if self.form == Form::Ndjson && !self.before.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(self.suffix(class).unwrap_or_default());
    }

    /// Whether records of a class are written.
    pub(crate) fn writes(&mut self, class: Class) -> bool {
        self.suffix(class).is_some()
    }

    #[inline]
    fn suffix(&mut self, class: Class) -> Option<&[u8]> {
        if matches!(self.suffixes.get(class.number()), None | Some(Suffix::New)) {
            self.learn(class);
        }
        match self.suffixes.get(class.number()) {
            Some(Suffix::Written(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Finds what is added to the records of a class.
    fn learn(&mut self, class: Class) {
        let at = class.number();
        if self.suffixes.len() <= at {
            self.suffixes.resize(at.saturating_add(1), Suffix::New);
        }
        let answer = self.screener.answer(class);
        if let Some(place) = self.suffixes.get_mut(at) {
            *place = if self.wanted.only.takes(&answer) {
                Suffix::Written(suffix(self.wanted.cells(&answer), self.form).into())
            } else {
                Suffix::Left
            };
        }
    }
}

/// What stands before each cell.
fn before(header: &Header, form: Form) -> Vec<Vec<u8>> {
    let numbered = header.cells.iter().enumerate();
    let before = numbered.map(|(number, name)| {
        if let Form::Csv(delimiter) = form {
            return Some(delimiter).filter(|_| number > 0).into_iter().collect();
        }
        let mut start = vec![if number > 0 { b',' } else { b'{' }];
        text(&mut start, String::from_utf8_lossy(name).trim());
        start.push(b':');
        start
    });
    before.collect()
}

/// What is added to a record, with the end of its line.
fn suffix<'c>(cells: impl Iterator<Item = (Added, &'c str)>, form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    if let Form::Csv(delimiter) = form {
        csv::further(&mut out, cells.map(|(_, cell)| cell.as_bytes()), delimiter);
    } else {
        members(&mut out, cells);
        out.extend_from_slice(b"}\n");
    }
    out
}
