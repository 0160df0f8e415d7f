//! Screens blocks of a CSV table.

use std::borrow::Cow;

use catchall_engine::bulk::{Class, Rejection, Rows, TableScreener};

use super::fields::{Finder, Record, line_ends};
use super::marks::Marks;
use crate::examples::{Example, Screening};
use crate::format::{Form, Shape};
use crate::source::{RECORD_BYTES, too_long};
use crate::tray::{Fault, Reject, Tray};
use crate::writing::Writing;

/// One of several that screen the blocks of a table.
pub(crate) struct CsvLane<'s> {
    screener: &'s TableScreener<'s>,
    screening: Screening<'s>,
    delimiter: u8,
    writing: Option<Writing<'s>>,
    marks: Marks,
    record: Record,
    classes: Vec<Option<Class>>,
}

/// Records that are screened at once at most: what is known of them stays at hand.
const RUN: usize = 256;

impl<'s> CsvLane<'s> {
    /// One for a screener.
    pub(crate) fn new(
        screener: &'s TableScreener<'s>,
        screening: Screening<'s>,
        delimiter: u8,
        writing: Option<Writing<'s>>,
    ) -> Self {
        Self {
            screening,
            screener,
            delimiter,
            writing,
            marks: Marks::new(delimiter),
            record: Record::default(),
            classes: Vec::new(),
        }
    }

    /// Whoever screens the records, and has counted.
    pub(crate) fn screening(&mut self) -> &mut Screening<'s> {
        &mut self.screening
    }

    /// Screens the records of a tray.
    pub(crate) fn screen(&mut self, tray: &mut Tray) {
        let block = std::mem::take(&mut tray.input);
        let mut marks = std::mem::replace(&mut self.marks, Marks::new(self.delimiter));
        marks.find(&block);
        let mut finder = Finder::new(&block, &marks);
        let mut counted = (0, 0);
        while tray.fault.is_none() {
            let run = self.run(&mut finder);
            if run.is_empty() && !self.next(&mut finder, tray, &mut counted) {
                break;
            }
            self.pass(&run, &mut finder, tray, &mut counted);
        }
        tray.lines = lines_before(&block, block.len(), &mut counted);
        self.marks = marks;
        tray.input = block;
    }

    /// The records ahead that can be taken as they stand; none if the output needs more of them than bytes.
    fn run<'b>(&self, finder: &mut Finder<'b>) -> Rows<'b> {
        let is_passed = |writing: &Writing<'_>| writing.form() == Form::Csv(self.delimiter);
        let is_passed = self.writing.as_ref().is_none_or(is_passed);
        if is_passed && finder.block.len() <= RECORD_BYTES {
            finder.run(self.screener.width(), RUN)
        } else {
            Rows::default()
        }
    }

    /// Screens the records of a run.
    fn pass(
        &mut self,
        run: &Rows<'_>,
        finder: &mut Finder<'_>,
        tray: &mut Tray,
        counted: &mut (usize, u64),
    ) {
        let mut classes = std::mem::take(&mut self.classes);
        self.screening.rows(run, &mut classes);
        let needed = self.screener.needed();
        let mut passed = 0;
        for (at, class) in classes.iter().enumerate() {
            let Some(class) = *class else {
                finder.pass(run, at.saturating_sub(passed));
                self.next(finder, tray, counted);
                passed = at.saturating_add(1);
                continue;
            };
            tray.records = tray.records.saturating_add(1);
            let cells = || needed.iter().map(|column| run.cell(at, *column)).collect();
            self.screening
                .met(class, cells, tray.records, &mut tray.examples);
            if let Some(writing) = &mut self.writing {
                writing.pass(run.record(at), class, &mut tray.output);
            }
        }
        finder.pass(run, classes.len().saturating_sub(passed));
        self.classes = classes;
    }

    /// Screens the next record by itself; false if there is none.
    fn next(
        &mut self,
        finder: &mut Finder<'_>,
        tray: &mut Tray,
        counted: &mut (usize, u64),
    ) -> bool {
        let block = finder.block;
        if !finder.next(&mut self.record) {
            return false;
        }
        tray.records = tray.records.saturating_add(1);
        if self.record.bytes(block).len() > RECORD_BYTES {
            let lines = lines_before(block, self.record.start, counted);
            let found = too_long(Shape::Csv(self.delimiter));
            tray.fault = Some(Fault::Here { lines, found });
            return true;
        }
        match self.class(block, (tray.records, &mut tray.examples)) {
            Ok(class) => self.write(block, class, &mut tray.output),
            Err(rejection) => tray.rejects.push(Reject {
                record: tray.records,
                lines: lines_before(block, self.record.start, counted),
                rejection,
            }),
        }
        true
    }

    /// Screens the record that was found.
    fn class(
        &mut self,
        block: &[u8],
        (number, examples): (u64, &mut Vec<Example>),
    ) -> Result<Class, Rejection> {
        if let Err(rejection) = self.whole(block) {
            self.screening.worker().reject(&rejection);
            return Err(rejection);
        }
        let (record, needed) = (&self.record, self.screener.needed());
        let cells = needed.iter().map(|at| record.cell(block, *at));
        let cells: Vec<Cow<'_, [u8]>> = cells.collect();
        let cells: Vec<&[u8]> = cells.iter().map(AsRef::as_ref).collect();
        self.screening.row(&cells, number, examples)
    }

    /// Whether the record can be taken apart into as many cells as the header.
    fn whole(&self, block: &[u8]) -> Result<(), Rejection> {
        if self.record.open {
            let last = self.record.len().saturating_sub(1);
            return Err(cut_short(&self.record.cell(block, last)));
        }
        let (found, width) = (self.record.len(), self.screener.width());
        if found != width {
            return Err(Rejection {
                column: "".into(),
                found: format!("{found} cells"),
                cause: format!("expected {width} cells, as in the header"),
            });
        }
        self.fits_the_output(block)
    }

    /// Whether the output can take the record's bytes.
    fn fits_the_output(&self, block: &[u8]) -> Result<(), Rejection> {
        let text = self.writing.as_ref().is_some_and(Writing::is_text);
        let bytes = self.record.bytes(block);
        if text && std::str::from_utf8(bytes).is_err() {
            return Err(Rejection {
                column: "".into(),
                found: String::from_utf8_lossy(bytes).chars().take(80).collect(),
                cause: "expected UTF-8 text".to_owned(),
            });
        }
        Ok(())
    }

    fn write(&mut self, block: &[u8], class: Class, output: &mut Vec<u8>) {
        let Some(writing) = &mut self.writing else {
            return;
        };
        if writing.form() == Form::Csv(self.delimiter) {
            writing.pass(self.record.bytes(block), class, output);
        } else {
            let cells: Vec<Cow<'_, [u8]>> = self.record.cells(block).collect();
            let cells = cells.iter().map(|cell| Some(cell.as_ref()));
            writing.cells(cells, class, output);
        }
    }
}

/// Lines of a block before a place; `counted` holds a place and the lines before it.
fn lines_before(block: &[u8], place: usize, counted: &mut (usize, u64)) -> u64 {
    let further = block.get(counted.0..place).unwrap_or_default();
    *counted = (place, counted.1.saturating_add(line_ends(further)));
    counted.1
}

fn cut_short(last: &[u8]) -> Rejection {
    Rejection {
        column: "".into(),
        found: String::from_utf8_lossy(last).chars().take(80).collect(),
        cause: "expected a quote at the end of the last cell: the file was cut short, or a quote is stray"
            .to_owned(),
    }
}
