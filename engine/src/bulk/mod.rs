//! Tables: each record of a table screened as one application, through the same engine.
//!
//! A [`Profile`] says which column feeds which fact. A [`TableScreener`] finds the columns in one table's
//! header; each of its [`Worker`]s takes records one by one, says to which [`Class`] each belongs, and
//! counts them. Its [`Summary`] adds the counts up, so that read is always determined + undetermined +
//! rejected. Nothing here opens a file or starts a thread: callers pass cells as bytes.

mod added;
mod against;
mod answer;
mod bytes;
mod change;
mod choices;
mod classes;
mod column;
mod convert;
mod counts;
mod cuts;
mod day;
mod days;
mod dictionary;
mod digits;
mod edition;
mod field;
mod guess;
mod header;
mod memo;
mod moved;
mod numbers;
mod plan;
mod profile;
mod rows;
mod sample;
mod schema;
mod screener;
mod seen;
mod selection;
mod short;
mod summary;
mod sums;
mod table;
mod tallies;
mod target;
mod unit;
mod words;
mod worker;
mod worth;

pub use added::{Added, AddedKind};
pub use against::{Against, Beside};
pub use answer::{Answer, Class, Record, Rejection};
pub use change::{Change, Hanging, Moved, PairMoved, RuleMoved};
pub use counts::{AnswerCount, Counted, Counts};
pub use guess::{Guess, guess};
pub use profile::Profile;
pub use rows::Rows;
pub use sample::Sample;
pub use schema::profile_schema;
pub use screener::{Stated, TableScreener};
pub use selection::Selection;
pub use summary::{Outcomes, RejectCount, RuleCount, Summary, Tally, Unresolved};
pub use words::Line;
pub use worker::Worker;
pub use worth::{Value, Values};
