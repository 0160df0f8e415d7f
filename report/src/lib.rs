//! Reports as one page of HTML: numbers first, then plots and a world map, each with the figures behind it.
//!
//! A page needs no script, no network and no other file; it is read in light and dark, on a telephone and on
//! paper. The same figures give the same bytes: all places of a drawing are whole numbers. [`plot`] and
//! [`page`] know nothing of what they show; [`table`] says what became of a table's records, [`change`] what a change of law
//! would do to them.

pub mod change;
mod chapters;
mod number;
pub mod page;
pub mod plot;
mod shapes;
pub mod table;
pub mod tone;

pub use number::{grouped, share};
