//! Facts: named, typed values that a condition can read; known, unknown, or partly known.
//!
//! The [`Catalogue`] says which facts there are; an [`Application`] holds their values for one
//! proposed export. Nothing here knows what a condition, a rule or a reference table is.

mod application;
mod catalogue;
mod decimal;
mod duration;
mod reader;
mod schema;
mod tree;
mod truth;
mod types;
mod value;

pub use application::{Application, ItemFacts};
pub use catalogue::{Catalogue, CodeSet, Fact, FactId, Field, RecordType, Scope};
pub use decimal::Decimal;
pub use duration::Duration;
pub use reader::read_value;
pub use schema::application_schema;
pub use truth::Truth;
pub use types::Type;
pub use value::{PartSet, Record, Value};
