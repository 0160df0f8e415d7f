//! Tables: each record of a CSV file screened as one application, through the same engine.
//!
//! A [`Profile`] says which column feeds which fact. A [`TableScreener`] takes the records of one table
//! one by one and gives a [`RowOutcome`] for each; its [`Summary`] counts them, so that read is always
//! determined + undetermined + rejected. Nothing here opens a file: callers pass cells as bytes.

mod answer;
mod choices;
mod convert;
mod day;
mod field;
mod intake;
mod memo;
mod profile;
mod screener;
mod summary;
mod target;

pub use answer::{Answer, COLUMNS, Record, Rejection, RowOutcome};
pub use intake::{Intake, RECORD_BYTES};
pub use profile::Profile;
pub use screener::{Stated, TableScreener};
pub use summary::{Outcomes, RejectCount, RuleCount, Summary, Tally, Unresolved};
