//! Conditions that ask a set only whether it has a member among constants.

use super::ast::{Expr, Kind, Target};
use super::functions::Function;

/// Whether an expression asks a set only whether it has a member among constants, or under one, and so
/// cannot tell two such members apart.
pub(super) fn is_membership(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Call(Function::Under, arguments, _) => arguments.first().is_some_and(is_path),
        Kind::Call(Function::ListContains, arguments, _) => matches!(
            arguments.as_slice(),
            [list, value] if is_path(list) && matches!(value.kind, Kind::Constant(_))
        ),
        Kind::In(value, holders) => {
            matches!(value.kind, Kind::Constant(_)) && holders.iter().all(is_path)
        }
        Kind::Quantified(_, bindings, body) => {
            matches!(bindings.as_slice(), [(_, domain)] if is_path(domain)) && is_of_member(body)
        }
        _ => false,
    }
}

/// Whether the body of a quantifier asks of each member only whether it is under constants, or nothing.
fn is_of_member(body: &Expr) -> bool {
    match &body.kind {
        Kind::Constant(_) => true,
        Kind::Call(Function::Under, arguments, _) => matches!(
            arguments.first().map(|argument| &argument.kind),
            Some(Kind::Path(names, target))
                if names.len() == 1 && matches!(target.get(), Some(Target::Local(_)))
        ),
        _ => false,
    }
}

fn is_path(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Path(..))
}
