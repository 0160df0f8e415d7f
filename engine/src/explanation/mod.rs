//! Answers for people: plain text and HTML from one determination. JSON is the determination itself.

mod html;
mod text;
mod words;

pub use html::html;
pub use text::{Length, text};

mod schema;
pub use schema::determination_schema;
