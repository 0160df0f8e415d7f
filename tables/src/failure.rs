//! Why a table could not be screened to its end.

use std::io;
use std::path::Path;

use catchall_engine::source::{Diagnostic, Place, Problems};

/// Why a table could not be screened to its end.
#[derive(Debug)]
pub enum Failure {
    /// What was given is not as it should be.
    Input(Problems),
    /// What is asked for does not fit together.
    Usage(String),
    /// A file could not be written; what was written so far can be gone on with.
    Output(String),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Input(diagnostic.into())
    }
}

/// The error for a file that cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "check the name, and the folder that you are in",
        io::ErrorKind::PermissionDenied => "check who may read the file",
        io::ErrorKind::IsADirectory => "name a file in this folder",
        _ => "check that the file can be opened",
    };
    let found = error.to_string().to_lowercase();
    Diagnostic::error("J100", found, "a file that can be read")
        .help(help)
        .at(place(&path.display().to_string()))
}

/// The error for a table that breaks off.
pub(crate) fn broken(table: &str, found: &str, line: u64) -> Failure {
    let found = format!("{found} (at line {line})").to_lowercase();
    let error = Diagnostic::error("T118", found, "a table that can be read to its end");
    error.at(place(table)).into()
}

/// The error for a file that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Output(format!("{} cannot be written: {error}", path.display()))
}

/// A place that is a whole document.
pub(crate) fn place(document: &str) -> Place {
    Place {
        document: document.to_owned(),
        ..Place::default()
    }
}
