//! What the suites share: where the project stands, and where the publishers' files may be.

mod calendar;
pub mod decision;
pub mod exact;
pub mod generate;
pub mod generate_rulesets;
pub mod http;
pub mod oracle;
pub mod oracle_screening;
pub mod program;
pub mod random;
pub mod world;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use catchall_engine::ruleset::Library;
use catchall_engine::shipped;

/// The root of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder of publishers' files and public conformance cases beside the checkout, if it is there.
///
/// Tests that read it pass with a printed reason where it is absent; CI has it.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says why")]
    {
        eprintln!("skipped: shared/{path} is not beside the checkout");
    }
    None
}

/// The rulesets and the data that are shipped, loaded once.
///
/// # Panics
///
/// If they cannot be loaded.
#[expect(clippy::panic, reason = "nothing can be tested without them")]
pub fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| shipped::library().unwrap_or_else(|problems| panic!("{problems}")))
}
