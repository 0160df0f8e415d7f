//! Tables in columns: Parquet and Arrow, and record batches for other engines.

mod feed;
mod lane;
mod rows;
mod screened;
mod texts;
mod write;

pub(crate) use feed::{BatchFeed, BatchSource, is_columnar};
pub(crate) use lane::BatchLane;
pub(crate) use rows::batch_of;
pub use screened::{ScreenedBatch, screen_batch};
pub(crate) use write::{schema_of, text_schema, writer};
