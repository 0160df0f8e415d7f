//! What the benchmarks share: everything that is shipped, and two applications.

use std::sync::OnceLock;

use catchall_engine::facts::Application;
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_engine::time::{Date, Dates};

/// A listed item of which everything that decides is stated.
pub const LISTED: &str = include_str!("../data/listed.json");
/// An item of which only its destination and its customs code are known.
pub const UNLISTED: &str = include_str!("../data/unlisted.json");

/// The rulesets and the data that are shipped, loaded once.
///
/// # Panics
///
/// If they cannot be loaded.
#[expect(clippy::panic, reason = "nothing can be measured without them")]
pub fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| shipped::library().unwrap_or_else(|problems| panic!("{problems}")))
}

/// A shipped ruleset.
///
/// # Panics
///
/// If there is none of that id.
#[expect(clippy::expect_used, reason = "nothing can be measured without it")]
pub fn ruleset(id: &str) -> &'static Ruleset {
    library().ruleset(id).expect("a shipped ruleset")
}

/// Reads an application.
///
/// # Panics
///
/// If it cannot be read.
#[expect(clippy::panic, reason = "nothing can be measured without it")]
pub fn application(text: &str) -> Application {
    let document = Document::new("application", text);
    Application::read(&document, &library().catalogue)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The days of the measurements.
///
/// # Panics
///
/// Never: the day exists.
#[expect(clippy::expect_used, reason = "the day exists")]
pub fn dates() -> Dates {
    let day = Date::new(2026, 3, 2).expect("a day");
    Dates {
        as_of: day,
        known_at: day,
    }
}
