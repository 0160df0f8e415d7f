//! NDJSON: a JSON object on each line. A column is a key; `a.b` is the key `b` of the object at `a`.

mod lane;
mod object;

pub(crate) use lane::NdjsonLane;
pub(crate) use object::{names, rows};
