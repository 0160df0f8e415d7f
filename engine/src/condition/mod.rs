//! The condition language: a strict subset of FEEL, three-valued, typed, total and pure.
//!
//! [`compile`] takes text to a [`Condition`]; [`Condition::evaluate`] takes a condition and an
//! [`Environment`] to a value; [`Condition::trace`] says how it came about. The module knows facts
//! and their types; what rules, parameters and reference tables are it learns only through the two
//! traits [`Names`] (when a text is compiled) and [`Environment`] (when it is evaluated).

mod ast;
mod check;
mod constants;
mod environment;
mod evaluate;
mod functions;
mod graph;
mod inputs;
mod lexer;
mod lint;
mod membership;
mod names;
mod observe;
mod operations;
mod parser;
mod partition;
mod printer;
mod table;
mod trace;

use std::sync::Arc;

pub use ast::{Bracket, Comparison, Expr, Kind, Operator, Quantifier, Resolution, Target};
pub use environment::{Environment, Problem, ProblemSet};
pub use functions::Function;
pub use graph::{Graph, GraphBuilder, Known, NodeId, Observation, Range, Reads, Shape, Term};
pub use inputs::{Inputs, notation};
pub use names::{Names, Reference, Resolved};
pub use observe::{Constant, Observable, Observed};
pub use operations::compare as holds;
pub use partition::representatives;
pub use table::{Cell, HitPolicy, Row, Table};
pub use trace::{Read, Told, Trace};

use crate::facts::{Type, Value};
use crate::source::{Diagnostic, Problems};

/// A condition that has passed every check: it can only be evaluated, never fail.
#[derive(Clone, Debug)]
pub struct Condition {
    source: Arc<str>,
    expr: Expr,
    ty: Type,
    warnings: Vec<Diagnostic>,
}

/// Reads a text, resolves its names and checks its types. All errors come at once.
pub fn compile(text: &str, names: &dyn Names) -> Result<Condition, Problems> {
    let source: Arc<str> = text.into();
    let mut expr = parser::parse(&source)?;
    let (ty, problems) = check::Checker::new(&source, names).whole(&mut expr);
    let warnings = lint::warnings(&source, &expr);
    problems.or(Condition {
        source,
        expr,
        ty,
        warnings,
    })
}

/// Reads a text that must be true, false or unknown.
pub fn compile_boolean(text: &str, names: &dyn Names) -> Result<Condition, Problems> {
    let condition = compile(text, names)?;
    if condition.ty.fits(&Type::Boolean) {
        return Ok(condition);
    }
    let found = format!("an expression of type {}", condition.ty);
    let span = condition.expr.span.clone();
    Err(
        Diagnostic::error("E210", found, "a condition that is true or false")
            .span(&condition.source, span)
            .help("compare it with something, as in `item.quantity > 10`")
            .into(),
    )
}

/// Reads a text without resolving its names: its syntax tree, for printing and for tests.
pub fn parse(text: &str) -> Result<Expr, Problems> {
    parser::parse(&text.into())
}

impl Condition {
    /// The text as it was written.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    /// Its syntax tree.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The type of its value.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// What is allowed but hard to read for someone who does not program.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Its value in an environment; unknown where a fact that would decide is unknown.
    pub fn evaluate(&self, environment: &dyn Environment) -> Value {
        evaluate::Evaluator::new(environment).value(&self.expr)
    }

    /// Its value together with how it came about.
    pub fn trace(&self, environment: &dyn Environment) -> Trace {
        trace::trace(&self.source, &self.expr, environment)
    }

    /// What it can observe: the facts that it reads and the constants that it compares them with.
    pub fn observed(&self) -> Observed {
        observe::observe(&self.expr)
    }
}
