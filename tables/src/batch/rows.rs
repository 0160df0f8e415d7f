//! Turns records of CSV into a record batch.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, SchemaRef};

use crate::csv::each_record;

/// The records of a block of CSV with commas as a record batch. All columns are text or truth values; an
/// empty cell is null.
pub(crate) fn batch_of(block: &[u8], schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = schema
        .fields()
        .iter()
        .map(|field| Column::new(field.data_type()));
    let mut columns: Vec<Column> = columns.collect();
    each_record(block, b',', |cells| {
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.push(&String::from_utf8_lossy(&cell));
        }
    });
    let columns = columns.into_iter().map(Column::finish);
    RecordBatch::try_new(Arc::clone(schema), columns.collect())
}

enum Column {
    Text(StringBuilder),
    Truth(BooleanBuilder),
}

impl Column {
    fn new(kind: &DataType) -> Self {
        match kind {
            DataType::Boolean => Self::Truth(BooleanBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, cell: &str) {
        match self {
            Self::Text(column) => column.append_option(Some(cell).filter(|cell| !cell.is_empty())),
            Self::Truth(column) => column.append_value(cell == "true"),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Truth(mut column) => Arc::new(column.finish()),
        }
    }
}
