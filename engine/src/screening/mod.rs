//! Screening: what rulesets say about an application, on which facts, and what is still unknown.
//!
//! [`screen`] never fails because of data: what is not known stays unknown, and no unknown lowers what
//! may be required.

mod answers;
mod bounds;
mod brief;
mod case;
mod definitions;
mod determination;
mod environment;
mod evaluation;
mod exercise;
mod finding;
mod margin;
mod missing;
mod moves;
mod outcome;
mod probe;
mod used;
mod waiting;

pub use bounds::{Bounds, Interval};
pub use brief::{Brief, bounds, brief};
pub use case::{CaseResult, Difference, run_case};
pub use definitions::Definitions;
pub use determination::{
    DataIdentity, Determination, EngineIdentity, ItemDetermination, NOTICE, ProvisionCovered,
    RulesetDetermination, screen,
};
pub use environment::ItemEnvironment;
pub use evaluation::Evaluation;
pub use exercise::Exercise;
pub use finding::{Cited, Duty, Finding, FindingEffect, Stands};
pub use margin::{INTERVAL, Sensed, Sensitivity, Shift, Shifted, sensitivity, shifted};
pub use missing::{Answer, Missing};
pub use moves::{Direction, Found, Status, differing};
pub use outcome::{Outcome, outcomes};
pub use probe::Probe;
pub use used::{Provenance, Used};
