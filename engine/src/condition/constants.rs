//! Parts of a condition that read nothing: their value is known when the condition is loaded.

use std::cell::Cell;
use std::sync::Arc;

use super::ast::{Expr, Kind, Operator};
use super::environment::{Environment, Problem};
use super::evaluate::Evaluator;
use super::functions::Function;
use crate::facts::{Decimal, Value};
use crate::source::{Diagnostic, Problems};

/// The value of an expression that reads nothing; none for one that reads something.
pub(super) fn constant(expr: &Expr) -> Option<Value> {
    computed(expr)?.ok()
}

/// The value of an expression that reads nothing, or what keeps it from having one.
fn computed(expr: &Expr) -> Option<Result<Value, Problem>> {
    if !reads_nothing(expr) {
        return None;
    }
    let nothing = Nothing::default();
    let value = Evaluator::new(&nothing).value(expr);
    Some(nothing.problem.get().map_or(Ok(value), Err))
}

fn reads_nothing(expr: &Expr) -> bool {
    let itself = match &expr.kind {
        Kind::Path(..) | Kind::Quantified(..) | Kind::Test(..) | Kind::Range(..) => false,
        Kind::Call(function, ..) => !matches!(
            function,
            Function::Under
                | Function::Group
                | Function::Indicator
                | Function::Param
                | Function::Define
                | Function::Charted
                | Function::Listed
                | Function::Known
        ),
        _ => true,
    };
    itself && expr.children().into_iter().all(reads_nothing)
}

/// Constants that have no value, such as a date that does not exist: each is told once.
pub(super) fn impossible(source: &Arc<str>, expr: &Expr) -> Problems {
    let mut problems = Problems::new();
    find(source, expr, &mut problems);
    problems
}

fn find(source: &Arc<str>, expr: &Expr, problems: &mut Problems) {
    let told = |problems: &Problems| problems.iter().count();
    let before = told(problems);
    for child in expr.children() {
        find(source, child, problems);
    }
    if told(problems) > before {
        return;
    }
    let by_zero = divisor(expr)
        .and_then(constant)
        .is_some_and(|value| value == Value::Number(Decimal::zero()));
    let problem = match computed(expr) {
        // FEEL gives null for a duration divided by one of no length, and a public case asks for it.
        Some(Err(Problem::DivisionByZero)) if !by_zero => return,
        Some(Err(problem)) => problem,
        _ if by_zero => Problem::DivisionByZero,
        _ => return,
    };
    let text = source.get(expr.span.clone()).unwrap_or_default();
    problems.push(diagnostic(problem, text).span(source, expr.span.clone()));
}

fn divisor(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        Kind::Binary(Operator::Divide, _, divisor) => Some(divisor),
        Kind::Call(Function::Modulo, arguments, _) => arguments.get(1),
        _ => None,
    }
}

fn diagnostic(problem: Problem, text: &str) -> Diagnostic {
    let found = format!("`{text}`");
    match problem {
        Problem::DivisionByZero => {
            Diagnostic::error("E301", "a division by zero", "a divisor other than zero")
        }
        Problem::NoSuchDate => Diagnostic::error(
            "E302",
            found,
            "a date that exists, such as date(\"2026-03-02\")",
        ),
        Problem::NoSuchDuration => {
            Diagnostic::error("E304", found, "a duration such as P1Y, P90D or PT24H")
        }
        Problem::OutOfRange => Diagnostic::error(
            "E303",
            found,
            "a number of at most 34 digits, or a date of the years -9999 to 9999",
        ),
    }
}

/// An environment in which nothing is known.
#[derive(Default)]
struct Nothing {
    problem: Cell<Option<Problem>>,
}

impl Environment for Nothing {
    fn problem(&self, problem: Problem) {
        if self.problem.get().is_none() {
            self.problem.set(Some(problem));
        }
    }
}
