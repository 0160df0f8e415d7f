//! Screens blocks of an NDJSON table.

use catchall_engine::bulk::{Added, Class, Rejection, TableScreener};

use super::object::{Cells, Columns};
use crate::examples::{Example, Screening};
use crate::format::{Form, Shape};
use crate::header::Header;
use crate::source::{RECORD_BYTES, too_long};
use crate::tray::{Fault, Reject, Tray};
use crate::writing::Writing;

/// One of several that screen the blocks of a table.
pub(crate) struct NdjsonLane<'s> {
    screening: Screening<'s>,
    writing: Option<Writing<'s>>,
    columns: Columns,
    /// Where the columns that are screened are among those that are looked for.
    needed: Vec<usize>,
}

impl<'s> NdjsonLane<'s> {
    /// One for a screener.
    pub(crate) fn new(
        screener: &'s TableScreener<'s>,
        screening: Screening<'s>,
        header: &Header,
        writing: Option<Writing<'s>>,
    ) -> Self {
        let names = header.texts();
        let all = writing
            .as_ref()
            .is_some_and(|writing| writing.form() != Form::Ndjson);
        let wanted: Vec<usize> = if all {
            (0..names.len()).collect()
        } else {
            screener.needed().to_vec()
        };
        let places = wanted.iter().filter_map(|at| names.get(*at).copied());
        let places: Vec<&str> = places.collect();
        let needed = screener.needed().iter();
        Self {
            screening,
            writing,
            columns: Columns::new(&places, &Added::NAMES, all),
            needed: needed
                .filter_map(|at| wanted.binary_search(at).ok())
                .collect(),
        }
    }

    /// Whoever screens the records, and has counted.
    pub(crate) fn screening(&mut self) -> &mut Screening<'s> {
        &mut self.screening
    }

    /// Screens the records of a tray.
    pub(crate) fn screen(&mut self, tray: &mut Tray) {
        let block = std::mem::take(&mut tray.input);
        let mut cells = Cells::new();
        for line in block.split_inclusive(|byte| *byte == b'\n') {
            let record = line.trim_ascii();
            if record.len() > RECORD_BYTES {
                let (lines, found) = (tray.lines, too_long(Shape::Ndjson));
                tray.fault = Some(Fault::Here { lines, found });
                break;
            }
            if !record.is_empty() {
                tray.records = tray.records.saturating_add(1);
                let of_block = (tray.records, &mut tray.examples);
                let done = self.record(record, &mut cells, of_block, &mut tray.output);
                if let Err(rejection) = done {
                    tray.rejects.push(Reject {
                        record: tray.records,
                        lines: tray.lines,
                        rejection,
                    });
                }
            }
            tray.lines = tray.lines.saturating_add(1);
        }
        tray.input = block;
    }

    fn record<'l>(
        &mut self,
        record: &'l [u8],
        cells: &mut Cells<'l>,
        (number, examples): (u64, &mut Vec<Example>),
        output: &mut Vec<u8>,
    ) -> Result<(), Rejection> {
        let any = self.cells(record, cells);
        let any = any.inspect_err(|rejection| self.screening.worker().reject(rejection))?;
        let cell = |at: &usize| {
            cells
                .get(*at)
                .and_then(Option::as_deref)
                .unwrap_or_default()
        };
        let needed: Vec<&[u8]> = self.needed.iter().map(|at| cell(at).as_bytes()).collect();
        let class = self.screening.row(&needed, number, examples)?;
        self.write(record, cells, any, class, output);
        Ok(())
    }

    fn cells<'l>(&self, record: &'l [u8], cells: &mut Cells<'l>) -> Result<bool, Rejection> {
        let wrong = |found: String, cause: &str| Rejection {
            column: "".into(),
            found,
            cause: cause.to_owned(),
        };
        let text = std::str::from_utf8(record).map_err(|_| {
            let start = String::from_utf8_lossy(record).chars().take(80).collect();
            wrong(start, "expected UTF-8 text")
        })?;
        self.columns
            .cells(text, cells)
            .map_err(|found| wrong(found, "expected one JSON object, with each key once"))
    }

    fn write(
        &mut self,
        record: &[u8],
        cells: &Cells<'_>,
        any: bool,
        class: Class,
        output: &mut Vec<u8>,
    ) {
        let Some(writing) = &mut self.writing else {
            return;
        };
        if !writing.writes(class) {
            return;
        }
        if writing.form() == Form::Ndjson {
            output.extend_from_slice(record.strip_suffix(b"}").unwrap_or(record).trim_ascii_end());
            writing.pass(if any { b"," } else { b"" }, class, output);
        } else {
            let cells = cells.iter().map(|cell| cell.as_deref().map(str::as_bytes));
            writing.cells(cells, class, output);
        }
    }
}
