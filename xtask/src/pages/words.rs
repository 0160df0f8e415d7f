//! Which exports a ruleset governs, in words.

use catchall_engine::condition::{Comparison, Expr, Function, Kind, Operator, Target};
use catchall_engine::facts::Field;

use super::whole::Page;

impl Page<'_> {
    /// The condition of the whole ruleset, part by part.
    pub(super) fn governs(&self) -> String {
        let mut parts = Vec::new();
        conjuncts(self.ruleset.applies.expr(), &mut parts);
        let clauses: Vec<String> = parts.iter().map(|part| self.clause(part, true)).collect();
        match clauses.as_slice() {
            [one] => format!("An export of which this holds: {one}.\n"),
            several => {
                let lines: Vec<String> = several.iter().map(|one| format!("- {one}\n")).collect();
                format!(
                    "An export of which all of this holds:\n\n{}",
                    lines.concat()
                )
            }
        }
    }

    fn clause(&self, expr: &Expr, holds: bool) -> String {
        let known = match &expr.kind {
            Kind::Call(Function::Not, inner, _) => {
                inner.first().map(|inner| self.clause(inner, !holds))
            }
            Kind::Call(Function::Define, ..) => self.defined(expr, holds),
            Kind::Path(..) => self.label(expr).map(|label| {
                let answer = if holds { "yes" } else { "no" };
                format!("{label}: {answer}")
            }),
            Kind::In(subject, tests) => self.is_in(subject, tests, holds),
            Kind::Compare(how, a, b) => self.compared(*how, a, b, holds),
            _ => None,
        };
        known.unwrap_or_else(|| self.as_written(expr, holds))
    }

    fn defined(&self, expr: &Expr, holds: bool) -> Option<String> {
        let term = self.term(name(expr)?)?;
        Some(if holds {
            term
        } else {
            format!("it is not so that {term}")
        })
    }

    fn is_in(&self, subject: &Expr, tests: &[Expr], holds: bool) -> Option<String> {
        let label = self.label(subject)?;
        let tests: Option<Vec<String>> = tests.iter().map(|test| self.test(test)).collect();
        let is = if holds { "is" } else { "is not" };
        Some(format!("{label} {is}: {}", either(&tests?)))
    }

    fn test(&self, test: &Expr) -> Option<String> {
        match &test.kind {
            Kind::Call(Function::Group, ..) => self.group(name(test)?),
            _ => test.constant_text().map(|code| code.replace('_', " ")),
        }
    }

    fn compared(&self, how: Comparison, a: &Expr, b: &Expr, holds: bool) -> Option<String> {
        let same = match how {
            Comparison::Equal => holds,
            Comparison::NotEqual => !holds,
            _ => return None,
        };
        let is = if same { "is" } else { "is not" };
        Some(format!("{} {is} the {}", self.label(a)?, self.label(b)?))
    }

    fn label(&self, expr: &Expr) -> Option<&str> {
        self.fact(expr).map(|field| field.label.as_ref())
    }

    fn fact(&self, expr: &Expr) -> Option<&Field> {
        match &expr.kind {
            Kind::Path(_, target) => match target.get()? {
                Target::Fact(fact, _) => Some(&self.ruleset.catalogue.fact(*fact)?.field),
                Target::Local(_) => None,
            },
            _ => None,
        }
    }

    fn as_written(&self, expr: &Expr, holds: bool) -> String {
        let source = self.ruleset.applies.source();
        let text = source.get(expr.span.clone()).unwrap_or(source);
        let not = if holds { "" } else { "not: " };
        format!("{not}`{text}`")
    }
}

fn conjuncts<'e>(expr: &'e Expr, parts: &mut Vec<&'e Expr>) {
    if let Kind::Binary(Operator::And, a, b) = &expr.kind {
        conjuncts(a, parts);
        conjuncts(b, parts);
    } else {
        parts.push(expr);
    }
}

/// Things of which one is meant: `a, b or c`.
fn either(things: &[String]) -> String {
    match things {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => things.concat(),
    }
}

/// The name in quotes that a call refers to.
fn name(call: &Expr) -> Option<&str> {
    call.children().first()?.constant_text()
}
