//! How the program ends: the exit codes, and failures with what to do about them.

use std::fmt;
use std::process::ExitCode;

use catchall_engine::ruleset::{Requirement, Review};
use catchall_engine::screening::Bounds;
use catchall_engine::source::{Diagnostic, Problems};

/// The meaning of an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done; for one application, nothing is required.
    Done = 0,
    /// What must never happen does, to the application that is shown.
    Happens = 1,
    /// Bad input.
    BadInput = 3,
    /// A licence, a notification or a general authorisation is required.
    Licence = 10,
    /// The facts that are known do not settle it.
    Undetermined = 20,
    /// Prohibited, or must be refused.
    Prohibited = 30,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl Exit {
    /// The code for one determination.
    pub(crate) fn of(bounds: &Bounds) -> Self {
        let refused = bounds.review.at_least == Some(Review::MustRefuse);
        if bounds.requirement.at_least == Requirement::Prohibited || refused {
            Self::Prohibited
        } else if !bounds.requirement.is_settled() {
            Self::Undetermined
        } else if bounds.requirement.at_least > Requirement::NotRequired {
            Self::Licence
        } else {
            Self::Done
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was given is not as it should be: exit code 3.
    Input(Problems),
    /// The command's words do not fit together: exit code 2.
    Usage(String),
    /// A file could not be written: exit code 4.
    Output(String),
    /// Something broke that is not the user's doing: exit code 4.
    Internal(String),
}

impl Failure {
    /// Tells the failure on standard error; the exit code for it.
    #[expect(
        clippy::print_stderr,
        reason = "this is where the program speaks to its user"
    )]
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("{self}");
        ExitCode::from(match self {
            Self::Usage(_) => 2,
            Self::Input(_) => 3,
            Self::Output(_) | Self::Internal(_) => 4,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(problems) => problems.fmt(f),
            Self::Usage(text) => write!(f, "error: {text}\n\nFor more, try `catchall --help`."),
            Self::Output(text) => write!(f, "error: {text}"),
            Self::Internal(text) => {
                write!(
                    f,
                    "error: {text}\n\nThis should not happen: please report it, with what you ran."
                )
            }
        }
    }
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

impl From<catchall_tables::Failure> for Failure {
    fn from(failure: catchall_tables::Failure) -> Self {
        match failure {
            catchall_tables::Failure::Input(problems) => Self::Input(problems),
            catchall_tables::Failure::Usage(text) => Self::Usage(text),
            catchall_tables::Failure::Output(text) => Self::Output(text),
        }
    }
}

impl From<catchall_server::Failure> for Failure {
    fn from(failure: catchall_server::Failure) -> Self {
        match failure {
            catchall_server::Failure::Input(problems) => Self::Input(problems),
            catchall_server::Failure::Setting(text) => Self::Usage(text),
            catchall_server::Failure::Output(text) => Self::Output(text),
            catchall_server::Failure::Internal(text) => Self::Internal(text),
        }
    }
}

/// What every command returns.
pub(crate) type Outcome = Result<Exit, Failure>;
