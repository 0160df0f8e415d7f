//! Screens a record batch of Arrow, for this program and for other engines.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, Field, Schema};
use arrow_select::filter::filter_record_batch;
use catchall_engine::bulk::{Added, AddedKind, Answer, Class, Rejection, TableScreener, Worker};

use super::texts::Texts;
use super::write::added_fields;
use crate::wanted::Wanted;

/// What became of a record batch.
#[derive(Clone, Debug)]
pub struct ScreenedBatch {
    /// The rows that could be read and are wanted, in their order, with the columns that screening adds.
    pub batch: RecordBatch,
    /// The rows that could not be read, by their places in the batch, each with its cause.
    pub rejects: Vec<(usize, Rejection)>,
}

/// Screens the rows of a record batch with a worker of a screener.
///
/// The screener must have been made with the names of the batch's columns, in their order. A null is an
/// empty cell. What Arrow holds as a number, a day or a truth value is read as the text that Arrow writes
/// for it. Rows that are not wanted are screened and counted too.
pub fn screen_batch(
    screener: &TableScreener<'_>,
    worker: &mut Worker<'_>,
    batch: &RecordBatch,
    wanted: &Wanted,
) -> Result<ScreenedBatch, ArrowError> {
    let mut rows = Rows::default();
    let mut rejects = Vec::new();
    each_row(screener, batch, &mut |row, cells| match worker.row(cells) {
        Ok(class) => rows.add(Some(class), screener, wanted),
        Err(rejection) => {
            rows.add(None, screener, wanted);
            rejects.push((row, rejection));
        }
    })?;
    Ok(ScreenedBatch {
        batch: rows.written(batch, wanted)?,
        rejects,
    })
}

/// The rows of a batch that are written, with their answers.
#[derive(Default)]
pub(super) struct Rows {
    kept: Vec<bool>,
    answers: Vec<Arc<Answer>>,
}

impl Rows {
    /// Adds a row; one that could not be read has no class.
    pub(super) fn add(
        &mut self,
        class: Option<Class>,
        screener: &TableScreener<'_>,
        wanted: &Wanted,
    ) {
        let answer = class.map(|class| screener.answer(class));
        let answer = answer.filter(|answer| wanted.only.takes(answer));
        self.kept.push(answer.is_some());
        self.answers.extend(answer);
    }

    /// The rows that are kept, with the columns that screening adds.
    pub(super) fn written(
        self,
        batch: &RecordBatch,
        wanted: &Wanted,
    ) -> Result<RecordBatch, ArrowError> {
        let own = filter_record_batch(batch, &BooleanArray::from(self.kept))?;
        let mut fields: Vec<Arc<Field>> = own.schema().fields().iter().cloned().collect();
        fields.extend(added_fields(wanted));
        let mut columns = own.columns().to_vec();
        columns.extend(
            wanted
                .columns
                .iter()
                .map(|added| column(*added, &self.answers)),
        );
        let schema = Schema::new_with_metadata(fields, own.schema().metadata().clone());
        RecordBatch::try_new(Arc::new(schema), columns)
    }
}

/// Hands out the cells of each row that the screener reads.
pub(super) fn each_row(
    screener: &TableScreener<'_>,
    batch: &RecordBatch,
    told: &mut dyn FnMut(usize, &[&[u8]]),
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
        told(row, &cells);
    }
    Ok(())
}

fn column(added: Added, answers: &[Arc<Answer>]) -> ArrayRef {
    let cells = answers.iter().map(|answer| answer.cell(added));
    match added.kind() {
        AddedKind::Boolean => {
            let cells = cells.map(|cell| Some(cell == "true"));
            Arc::new(cells.collect::<BooleanArray>())
        }
        AddedKind::Text | AddedKind::List => {
            let cells = cells.map(|cell| Some(cell).filter(|cell| !cell.is_empty()));
            Arc::new(cells.collect::<StringArray>())
        }
    }
}
