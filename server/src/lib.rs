//! The service: screening over HTTP, with a register of what was asked and decided.
//!
//! The engine decides nothing about time, files or networks; here is where days, documents and connections
//! come from. [`Running::start`] starts a service, [`serve`] runs one until it is asked to stop.

mod access;
mod app;
mod config;
mod fetch;
mod http;
mod jobs;
mod moving;
mod problem;
mod register;
mod running;
mod screening;
mod traces;
mod world;

pub use access::{Action, Issuer, Limits, Role, permitted};
pub use app::Loader;
pub use config::{Config, Layer, register_url};
pub use moving::{backup, restore};
pub use register::Counts;
pub use running::{Failure, Running, serve};
pub use world::{Manifest, Material, World};
