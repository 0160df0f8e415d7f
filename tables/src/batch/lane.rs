//! Screens record batches.

use std::borrow::Cow;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use catchall_engine::bulk::{TableScreener, Worker};

use super::screened::{each_row, screen_batch};
use super::texts::Texts;
use crate::tray::{Fault, Reject, Tray};
use crate::writing::Writing;

/// One of several that screen the batches of a table.
pub(crate) struct BatchLane<'s> {
    screener: &'s TableScreener<'s>,
    worker: Worker<'s>,
    /// How records are written as text; none if they are written as batches, or not at all.
    writing: Option<Writing<'s>>,
}

impl<'s> BatchLane<'s> {
    /// One for a screener.
    pub(crate) fn new(screener: &'s TableScreener<'s>, writing: Option<Writing<'s>>) -> Self {
        Self {
            worker: screener.worker(),
            screener,
            writing,
        }
    }

    /// The worker, which has counted.
    pub(crate) fn worker(&mut self) -> &mut Worker<'s> {
        &mut self.worker
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
        let screened = screen_batch(self.screener, &mut self.worker, batch)?;
        let rejects = screened.rejects.into_iter();
        tray.rejects = rejects
            .map(|(row, rejection)| reject(row, rejection))
            .collect();
        tray.screened = Some(screened.batch);
        Ok(())
    }

    fn as_text(&mut self, batch: &RecordBatch, tray: &mut Tray) -> Result<(), ArrowError> {
        let columns: Result<Vec<Texts<'_>>, ArrowError> =
            batch.columns().iter().map(Texts::new).collect();
        let columns = columns?;
        let (writing, worker) = (&mut self.writing, &mut self.worker);
        each_row(
            self.screener,
            worker,
            batch,
            &mut |row, outcome| match outcome {
                Err(rejection) => tray.rejects.push(reject(row, rejection)),
                Ok(class) => {
                    let cells = columns.iter().map(|column| column.at(row));
                    let cells: Vec<Option<Cow<'_, str>>> = cells.collect();
                    let cells = cells.iter().map(|cell| cell.as_deref().map(str::as_bytes));
                    if let Some(writing) = writing {
                        writing.cells(cells, class, &mut tray.output);
                    }
                }
            },
        )
    }
}

fn reject(row: usize, rejection: catchall_engine::bulk::Rejection) -> Reject {
    let row = row as u64;
    Reject {
        record: row.saturating_add(1),
        lines: row,
        rejection,
    }
}
