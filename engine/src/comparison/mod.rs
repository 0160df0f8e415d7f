//! Comparison: what a change to a ruleset would do.

mod proposal;

pub use proposal::Proposal;
