//! Proof agrees with brute force over all classes of small rulesets, and sees every small change of the
//! shipped rules.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

#[path = "proof/brute.rs"]
mod brute;
#[path = "proof/changes.rs"]
mod changes;
#[path = "proof/families.rs"]
mod families;
#[path = "proof/generated.rs"]
mod generated;
#[path = "proof/proposals.rs"]
mod proposals;
#[path = "proof/questions.rs"]
mod questions;
