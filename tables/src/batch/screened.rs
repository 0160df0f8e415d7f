//! Screens a record batch of Arrow, for this program and for other engines.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, Field, Schema};
use arrow_select::filter::filter_record_batch;
use catchall_engine::bulk::{Answer, COLUMNS, Class, Rejection, TableScreener, Worker};

use super::texts::Texts;
use super::write::added_fields;

/// What became of a record batch.
#[derive(Clone, Debug)]
pub struct ScreenedBatch {
    /// The rows that could be read, in their order, with the columns that screening adds.
    pub batch: RecordBatch,
    /// The rows that could not be read, by their places in the batch, each with its cause.
    pub rejects: Vec<(usize, Rejection)>,
}

/// Screens the rows of a record batch with a worker of a screener.
///
/// The screener must have been made with the names of the batch's columns, in their order. A null is an
/// empty cell. What Arrow holds as a number, a day or a truth value is read as the text that Arrow writes
/// for it.
pub fn screen_batch(
    screener: &TableScreener<'_>,
    worker: &mut Worker<'_>,
    batch: &RecordBatch,
) -> Result<ScreenedBatch, ArrowError> {
    let mut kept = Vec::with_capacity(batch.num_rows());
    let mut answers = Vec::new();
    let mut rejects = Vec::new();
    each_row(screener, worker, batch, &mut |row, outcome| {
        kept.push(outcome.is_ok());
        match outcome {
            Ok(class) => answers.push(screener.answer(class)),
            Err(rejection) => rejects.push((row, rejection)),
        }
    })?;
    let own = filter_record_batch(batch, &BooleanArray::from(kept))?;
    Ok(ScreenedBatch {
        batch: with_answers(&own, &answers)?,
        rejects,
    })
}

/// Screens row by row.
pub(super) fn each_row(
    screener: &TableScreener<'_>,
    worker: &mut Worker<'_>,
    batch: &RecordBatch,
    told: &mut dyn FnMut(usize, Result<Class, Rejection>),
) -> Result<(), ArrowError> {
    let needed = screener.needed().iter();
    let columns = needed.filter_map(|at| batch.columns().get(*at));
    let columns: Result<Vec<Texts<'_>>, ArrowError> = columns.map(Texts::new).collect();
    let columns = columns?;
    for row in 0..batch.num_rows() {
        let cells = columns
            .iter()
            .map(|column| column.at(row).unwrap_or_default());
        let cells: Vec<Cow<'_, str>> = cells.collect();
        let cells: Vec<&[u8]> = cells.iter().map(|cell| cell.as_bytes()).collect();
        told(row, worker.row(&cells));
    }
    Ok(())
}

fn with_answers(own: &RecordBatch, answers: &[Arc<Answer>]) -> Result<RecordBatch, ArrowError> {
    let mut fields: Vec<Arc<Field>> = own.schema().fields().iter().cloned().collect();
    fields.extend(added_fields());
    let mut columns = own.columns().to_vec();
    for at in 0..COLUMNS.len() {
        let cells = answers.iter().map(|answer| answer.cells().get(at));
        let cells = cells.map(|cell| cell.map(String::as_str));
        columns.push(column(at, cells));
    }
    let schema = Schema::new_with_metadata(fields, own.schema().metadata().clone());
    RecordBatch::try_new(Arc::new(schema), columns)
}

fn column<'c>(at: usize, cells: impl Iterator<Item = Option<&'c str>>) -> ArrayRef {
    // The last column says whether a row is determined.
    if at.saturating_add(1) == COLUMNS.len() {
        let cells = cells.map(|cell| Some(cell == Some("true")));
        Arc::new(cells.collect::<BooleanArray>())
    } else {
        let cells = cells.map(|cell| cell.filter(|cell| !cell.is_empty()));
        Arc::new(cells.collect::<StringArray>())
    }
}
