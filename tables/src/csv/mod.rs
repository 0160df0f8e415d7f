//! CSV, as RFC 4180 has it: comma or another delimiter, quotes, line feeds inside quotes.

mod cut;
mod fields;
mod header;
mod lane;
mod marks;
mod rows;
mod run;
pub(crate) mod write;

pub(crate) use cut::whole_records;
#[cfg(feature = "arrow")]
pub(crate) use fields::each_record;
pub(crate) use fields::line_ends;
pub(crate) use header::{header, sniffed};
pub(crate) use lane::CsvLane;
pub(crate) use rows::rows;
