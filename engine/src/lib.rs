//! The engine of Catchall: what export-control law and human-rights criteria say about an export,
//! why, on which facts and figures, and what is still unknown.
//!
//! The engine reads no clock, file, network or environment, logs nothing and is not async: callers
//! pass bytes and dates in. Screening never returns an error because of data: missing facts give
//! unknown, and no unknown lowers what may be required.

pub mod bulk;
pub mod comparison;
pub mod condition;
pub mod explanation;
pub mod facts;
pub mod limits;
pub mod reference;
pub mod ruleset;
pub mod screening;
pub mod shipped;
pub mod source;
pub mod time;
