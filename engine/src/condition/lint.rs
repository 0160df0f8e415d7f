//! What is allowed, but hard to read for someone who does not program.

use std::sync::Arc;

use super::ast::{Expr, Kind, Operator};
use super::functions::Function;
use crate::source::Diagnostic;

/// The longest condition that reads well, in characters.
const READABLE: usize = 200;

pub(super) fn warnings(source: &Arc<str>, expr: &Expr) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let length = source.chars().count();
    if length > READABLE {
        let warning = Diagnostic::warning(
            "E503",
            format!("a condition of {length} characters"),
            format!("at most {READABLE}"),
        );
        found.push(
            warning
                .help("name parts of it as definitions")
                .span(source, 0..source.len()),
        );
    }
    walk(source, expr, &mut found);
    found
}

fn walk(source: &Arc<str>, expr: &Expr, found: &mut Vec<Diagnostic>) {
    let warning = match &expr.kind {
        Kind::Binary(Operator::Or, left, right)
            if bare_and(source, left) || bare_and(source, right) =>
        {
            Some(
                Diagnostic::warning(
                    "E501",
                    "`and` mixed with `or` without brackets",
                    "brackets that say what belongs together",
                )
                .help("write (a and b) or c, or a and (b or c)"),
            )
        }
        kind if compares_null(kind) => Some(
            Diagnostic::warning(
                "E502",
                "a comparison with `null`, which is always unknown",
                "a comparison with a value",
            )
            .help("leave it out; a flag or a duty may ask `known(fact)`"),
        ),
        Kind::Call(Function::Not, arguments, _) if arguments.iter().any(reads_exclusion) => Some(
            Diagnostic::warning(
                "E504",
                "a negated exception",
                "a rule of its own that lifts this one",
            )
            .help("write the exception as a rule with `lifts` and `leaves`"),
        ),
        _ => None,
    };
    found.extend(warning.map(|warning| warning.span(source, expr.span.clone())));
    expr.children()
        .into_iter()
        .for_each(|child| walk(source, child, found));
}

fn compares_null(kind: &Kind) -> bool {
    let is_null = |expr: &Expr| match &expr.kind {
        Kind::Test(_, operand) => operand.kind == Kind::Null,
        kind => *kind == Kind::Null,
    };
    match kind {
        Kind::Compare(_, left, right) => is_null(left) || is_null(right),
        Kind::In(value, tests) => is_null(value) || tests.iter().any(is_null),
        Kind::Between(value, low, high) => [value, low, high].into_iter().any(|part| is_null(part)),
        _ => false,
    }
}

fn bare_and(source: &str, expr: &Expr) -> bool {
    let before = source.get(..expr.span.start).unwrap_or_default().trim_end();
    let after = source.get(expr.span.end..).unwrap_or_default().trim_start();
    matches!(&expr.kind, Kind::Binary(Operator::And, ..))
        && !(before.ends_with('(') && after.starts_with(')'))
}

fn reads_exclusion(expr: &Expr) -> bool {
    let here = matches!(&expr.kind, Kind::Path(names, _) if names.last().is_some_and(|name| name.as_ref() == "exclusions"));
    here || expr.children().into_iter().any(reads_exclusion)
}
