//! Writes Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use catchall_engine::bulk::AddedKind;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::failure::{Failure, unwritable};
use crate::header::Header;
use crate::part::Part;
use crate::wanted::Wanted;

/// Records that are kept in memory until they are written together.
const GROUP_RECORDS: usize = 128 * 1024;

/// The columns that screening adds.
pub(super) fn added_fields(wanted: &Wanted) -> impl Iterator<Item = Arc<Field>> {
    wanted.columns.iter().map(|column| {
        let kind = match column.kind() {
            AddedKind::Boolean => DataType::Boolean,
            AddedKind::Text | AddedKind::List => DataType::Utf8,
        };
        Arc::new(Field::new(column.name(), kind, true))
    })
}

/// The columns of a table that was text, all of them text.
pub(crate) fn text_schema(header: &Header) -> Schema {
    let names = header
        .cells
        .iter()
        .map(|name| String::from_utf8_lossy(name));
    let fields = names.map(|name| Field::new(name.trim(), DataType::Utf8, true));
    Schema::new(fields.collect::<Vec<_>>())
}

/// The columns of an output.
pub(crate) fn schema_of(input: &Schema, wanted: &Wanted) -> SchemaRef {
    let fields = input.fields().iter().cloned().chain(added_fields(wanted));
    let fields: Vec<Arc<Field>> = fields.collect();
    Arc::new(Schema::new_with_metadata(fields, input.metadata().clone()))
}

/// A Parquet file in the making.
pub(crate) fn writer(
    part: Part,
    schema: SchemaRef,
    path: &Path,
) -> Result<ArrowWriter<Part>, Failure> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("catchall {}", env!("CARGO_PKG_VERSION")))
        .set_max_row_group_row_count(Some(GROUP_RECORDS))
        .build();
    ArrowWriter::try_new(part, schema, Some(properties))
        .map_err(|error| unwritable(path, &std::io::Error::other(error)))
}
