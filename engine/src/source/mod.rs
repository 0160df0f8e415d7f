//! Where things stand in what people wrote, and how a mistake in it is told.
//!
//! A [`Document`] is a named text. A [`Diagnostic`] says where, what was found, what was expected
//! and what to do; [`Problems`] collects all of a document's diagnostics so that they come at once.

mod collector;
mod diagnostic;
mod difference;
mod document;
mod hash;
mod json;
mod suggest;

pub use collector::Collector;
pub use diagnostic::{Code, Diagnostic, Excerpt, Place, Problems, Severity};
pub use difference::{Difference, differences};
pub use document::Document;
pub use hash::{canonical, canonical_hash, sha256};
pub use json::{Json, Node, Object};
pub use suggest::nearest;
