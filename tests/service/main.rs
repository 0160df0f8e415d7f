//! The service, as its callers meet it: over HTTP, against both databases where both are there.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at what it did not expect"
)]

mod access;
mod answers;
mod begun;
mod collector;
mod description;
mod full;
mod issuer;
mod keys;
mod killed;
mod moved;
mod process;
mod proposals;
mod register;
mod reloaded;
mod resumed;
mod running;
mod tables;
mod wrong;
