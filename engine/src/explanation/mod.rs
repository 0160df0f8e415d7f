//! Answers for people: plain text and HTML from one determination. JSON is the determination itself.

mod html;
mod text;
mod words;

pub use html::html;
pub use text::{Length, text};

mod schema;
pub use schema::determination_schema;

use crate::screening::Determination;

/// A determination as JSON on one line: what programs get, from the command line and over HTTP alike.
pub fn json(determination: &Determination) -> String {
    // A determination holds nothing that JSON cannot write.
    let mut text = serde_json::to_string(determination).unwrap_or_default();
    text.push('\n');
    text
}
