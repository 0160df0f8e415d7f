//! Comparison: what a change to a ruleset would do.

mod impact;
mod proposal;
mod prove;
mod template;

pub use impact::{Impact, Label, Moved, Pair, Responsible, Subject, Traits};
pub use proposal::Proposal;
pub use prove::{
    Answered, Ask, Deep, Instead, Never, Oddity, OddityKind, Proof, Question, Questions, Settles,
    Subjected, Unconfirmed, Verdict, Witness, ask, deep, members, prove,
};
pub use template::template;
