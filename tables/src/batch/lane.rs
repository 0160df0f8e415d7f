//! Screens record batches.

use std::borrow::Cow;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use catchall_engine::bulk::TableScreener;

use super::screened::{Rows, each_row};
use super::texts::Texts;
use crate::examples::Screening;
use crate::tray::{Fault, Reject, Tray};
use crate::wanted::Wanted;
use crate::writing::Writing;

/// One of several that screen the batches of a table.
pub(crate) struct BatchLane<'s> {
    screener: &'s TableScreener<'s>,
    screening: Screening<'s>,
    wanted: &'s Wanted,
    /// How records are written as text; none if they are written as batches, or not at all.
    writing: Option<Writing<'s>>,
}

impl<'s> BatchLane<'s> {
    /// One for a screener.
    pub(crate) fn new(
        screener: &'s TableScreener<'s>,
        screening: Screening<'s>,
        wanted: &'s Wanted,
        writing: Option<Writing<'s>>,
    ) -> Self {
        Self {
            screener,
            screening,
            wanted,
            writing,
        }
    }

    /// Whoever screens the records, and has counted.
    pub(crate) fn screening(&mut self) -> &mut Screening<'s> {
        &mut self.screening
    }

    /// Screens the batch of a tray.
    pub(crate) fn screen(&mut self, tray: &mut Tray) {
        let Some(batch) = tray.batch.take() else {
            return;
        };
        tray.records = batch.num_rows() as u64;
        tray.lines = tray.records;
        let done = if self.writing.is_some() {
            self.as_text(&batch, tray)
        } else {
            self.as_batch(&batch, tray)
        };
        if let Err(error) = done {
            let found = error.to_string();
            tray.fault = Some(Fault::Here { lines: 0, found });
        }
    }

    fn as_batch(&mut self, batch: &RecordBatch, tray: &mut Tray) -> Result<(), ArrowError> {
        let (screener, wanted) = (self.screener, self.wanted);
        let mut rows = Rows::default();
        each_row(screener, batch, &mut |row, cells| {
            let class = self.screening.row(cells, number(row), &mut tray.examples);
            let class = class.map_err(|rejection| tray.rejects.push(reject(row, rejection)));
            rows.add(class.ok(), screener, wanted);
        })?;
        tray.screened = Some(rows.written(batch, wanted)?);
        Ok(())
    }

    fn as_text(&mut self, batch: &RecordBatch, tray: &mut Tray) -> Result<(), ArrowError> {
        let columns: Result<Vec<Texts<'_>>, ArrowError> =
            batch.columns().iter().map(Texts::new).collect();
        let columns = columns?;
        let (writing, screening) = (&mut self.writing, &mut self.screening);
        each_row(self.screener, batch, &mut |row, cells| match screening.row(
            cells,
            number(row),
            &mut tray.examples,
        ) {
            Err(rejection) => tray.rejects.push(reject(row, rejection)),
            Ok(class) => {
                let cells = columns.iter().map(|column| column.at(row));
                let cells: Vec<Option<Cow<'_, str>>> = cells.collect();
                let cells = cells.iter().map(|cell| cell.as_deref().map(str::as_bytes));
                if let Some(writing) = writing {
                    writing.cells(cells, class, &mut tray.output);
                }
            }
        })
    }
}

/// The number of a row, from 1.
fn number(row: usize) -> u64 {
    (row as u64).saturating_add(1)
}

fn reject(row: usize, rejection: catchall_engine::bulk::Rejection) -> Reject {
    Reject {
        record: number(row),
        lines: row as u64,
        rejection,
    }
}
