//! Makes expressions, worlds and better informed worlds from runs of choices.

mod choices;
mod expression;
mod knowledge;

pub use choices::Choices;
pub use expression::{Expressions, expression};
pub use knowledge::{informed, world};
