//! Decision tables with DMN hit policies, three-valued.

use std::sync::Arc;

use super::ast::{Comparison, Expr, Kind};
use super::check::Checker;
use super::environment::Environment;
use super::evaluate::Evaluator;
use super::names::Names;
use super::operations::{compare, equal};
use super::partition::representatives;
use super::{Condition, parser};
use crate::facts::{Decimal, Truth, Type, Value};
use crate::source::{Diagnostic, Problems};

/// Which of the rows that hold gives the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitPolicy {
    /// U: at most one row holds.
    Unique,
    /// A: all rows that hold agree.
    Any,
    /// F: the first row that holds.
    First,
    /// P: the row with the output of highest priority.
    Priority,
    /// C max: the greatest output of the rows that hold.
    CollectMax,
    /// C min: the least.
    CollectMin,
    /// C count: how many rows hold.
    CollectCount,
}

impl HitPolicy {
    /// The policy of a DMN abbreviation.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "U" => Self::Unique,
            "A" => Self::Any,
            "F" => Self::First,
            "P" => Self::Priority,
            "C max" => Self::CollectMax,
            "C min" => Self::CollectMin,
            "C count" => Self::CollectCount,
            _ => return None,
        })
    }
}

/// A cell: tests of which one must pass, or `-`, which always holds.
#[derive(Clone, Debug)]
pub struct Cell {
    source: Arc<str>,
    tests: Option<Vec<Expr>>,
}

/// A row: a cell for each input, and the output.
#[derive(Clone, Debug)]
pub struct Row {
    /// The cells, one for each input.
    pub cells: Vec<Cell>,
    /// The output, a constant.
    pub output: Value,
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Which row gives the output.
    pub hit_policy: HitPolicy,
    /// The type of the output.
    pub ty: Type,
    /// What the cells are tested against.
    pub inputs: Vec<Condition>,
    /// The rows.
    pub rows: Vec<Row>,
    /// For [`HitPolicy::Priority`]: outputs, highest first.
    pub priority: Vec<Value>,
}

impl Cell {
    /// Reads a cell for an input of a type: `-`, or tests such as `< 10, [20..30]`.
    pub fn compile(text: &str, input: &Condition, names: &dyn Names) -> Result<Self, Problems> {
        let source: Arc<str> = text.into();
        if text.trim() == "-" {
            return Ok(Self {
                source,
                tests: None,
            });
        }
        let tests = parser::parse_tests(&source)?;
        let span = 0..source.len();
        let mut whole = Expr {
            kind: Kind::In(Box::new(input.expr.clone()), tests),
            span,
        };
        let mut checker = Checker::new(&source, names);
        checker.check(&mut whole);
        let Kind::In(_, tests) = whole.kind else {
            return Err(Problems::new());
        };
        checker.finish().or(Self {
            source,
            tests: Some(tests),
        })
    }

    fn passes(&self, value: &Value, evaluator: &Evaluator<'_>) -> Truth {
        match &self.tests {
            None => Truth::True,
            Some(tests) => Truth::any(tests.iter().map(|test| evaluator.passes(value, test))),
        }
    }

    fn constants(&self) -> Vec<Value> {
        fn collect(expr: &Expr, found: &mut Vec<Value>) {
            if let Kind::Constant(value) = &expr.kind {
                found.push(value.clone());
            }
            expr.children()
                .into_iter()
                .for_each(|child| collect(child, found));
        }
        let mut found = Vec::new();
        self.tests
            .iter()
            .flatten()
            .for_each(|test| collect(test, &mut found));
        found
    }
}

impl Table {
    /// The output for an environment; unknown where an unknown input leaves it open.
    pub fn evaluate(&self, environment: &dyn Environment) -> Value {
        let inputs: Vec<Value> = self
            .inputs
            .iter()
            .map(|input| input.evaluate(environment))
            .collect();
        self.output(&inputs, environment)
    }

    fn output(&self, inputs: &[Value], environment: &dyn Environment) -> Value {
        let evaluator = Evaluator::new(environment);
        let hits: Vec<(Truth, &Value)> = self
            .rows
            .iter()
            .map(|row| (row.holds(inputs, &evaluator), &row.output))
            .collect();
        match self.hit_policy {
            HitPolicy::Unique | HitPolicy::Any => certain(&hits),
            HitPolicy::First => first(&hits),
            HitPolicy::Priority => first(&self.by_priority(&hits)),
            HitPolicy::CollectMax => extreme(&hits, Comparison::Greater),
            HitPolicy::CollectMin => extreme(&hits, Comparison::Less),
            HitPolicy::CollectCount => count(&hits),
        }
    }

    fn by_priority<'h>(&self, hits: &[(Truth, &'h Value)]) -> Vec<(Truth, &'h Value)> {
        let place = |output: &Value| {
            self.priority
                .iter()
                .position(|known| known == output)
                .unwrap_or(usize::MAX)
        };
        let mut sorted = hits.to_vec();
        sorted.sort_by_key(|(_, output)| place(output));
        sorted
    }

    /// Pairs of rows that disagree and can both hold, where the policy forbids it; cases in which no
    /// row holds. Each is told with a case.
    pub fn inconsistencies(
        &self,
        names: &dyn Names,
        environment: &dyn Environment,
    ) -> Vec<Diagnostic> {
        let columns: Vec<Vec<Value>> = (0..self.inputs.len())
            .map(|column| self.classes(column, names))
            .collect();
        let mut found = Vec::new();
        if matches!(self.hit_policy, HitPolicy::Unique | HitPolicy::Any) {
            found.extend(self.overlaps(&columns, environment));
        }
        found.extend(self.gap(&columns, environment));
        found
    }

    fn classes(&self, column: usize, names: &dyn Names) -> Vec<Value> {
        let constants: Vec<Value> = self
            .rows
            .iter()
            .filter_map(|row| row.cells.get(column))
            .flat_map(Cell::constants)
            .collect();
        let ty = self
            .inputs
            .get(column)
            .map_or(Type::Any, |input| input.ty.clone());
        let codes = match &ty {
            Type::Code(set) | Type::Set(set) => names.code_set(set),
            _ => None,
        };
        representatives(&ty, &constants, codes)
    }

    fn overlaps(&self, columns: &[Vec<Value>], environment: &dyn Environment) -> Vec<Diagnostic> {
        let evaluator = Evaluator::new(environment);
        let mut found = Vec::new();
        for (at, first) in self.rows.iter().enumerate() {
            for (behind, second) in self.rows.iter().enumerate().skip(at.saturating_add(1)) {
                if first.output == second.output {
                    continue;
                }
                if let Some(case) = common_case(first, second, columns, &evaluator) {
                    let (one, two) = (at.saturating_add(1), behind.saturating_add(1));
                    let expected = format!(
                        "at most one of them to hold; both do for {}",
                        self.told(&case)
                    );
                    found.push(Diagnostic::error(
                        "R201",
                        format!("rows {one} and {two} overlap and disagree"),
                        expected,
                    ));
                }
            }
        }
        found
    }

    fn gap(&self, columns: &[Vec<Value>], environment: &dyn Environment) -> Option<Diagnostic> {
        const CASES: usize = 20_000;
        let evaluator = Evaluator::new(environment);
        let total = columns
            .iter()
            .try_fold(1_usize, |total, column| total.checked_mul(column.len()));
        if self.hit_policy == HitPolicy::CollectCount
            || total.is_none_or(|total| total == 0 || total > CASES)
        {
            return None;
        }
        let mut cases: Vec<Vec<Value>> = vec![Vec::new()];
        for column in columns {
            cases = cases
                .iter()
                .flat_map(|case| {
                    column
                        .iter()
                        .map(|value| [case.as_slice(), std::slice::from_ref(value)].concat())
                })
                .collect();
        }
        let uncovered = cases.iter().find(|case| {
            self.rows
                .iter()
                .all(|row| row.holds(case, &evaluator) == Truth::False)
        })?;
        let found = format!("no row holds for {}", self.told(uncovered));
        Some(
            Diagnostic::warning("R202", found, "a row for every case")
                .help("add a row, or `-` in a last row; the output is unknown there"),
        )
    }

    fn told(&self, case: &[Value]) -> String {
        let parts = self
            .inputs
            .iter()
            .zip(case)
            .map(|(input, value)| format!("{} = {value}", input.source()));
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl Row {
    fn holds(&self, inputs: &[Value], evaluator: &Evaluator<'_>) -> Truth {
        Truth::all(
            self.cells
                .iter()
                .zip(inputs)
                .map(|(cell, value)| cell.passes(value, evaluator)),
        )
    }

    /// The cells as they are written.
    pub fn texts(&self) -> Vec<&str> {
        self.cells.iter().map(|cell| cell.source.as_ref()).collect()
    }
}

fn common_case(
    first: &Row,
    second: &Row,
    columns: &[Vec<Value>],
    evaluator: &Evaluator<'_>,
) -> Option<Vec<Value>> {
    let cells = first.cells.iter().zip(&second.cells).zip(columns);
    cells
        .map(|((one, two), values)| {
            let both = |value: &&Value| {
                one.passes(value, evaluator).certainly() && two.passes(value, evaluator).certainly()
            };
            values.iter().find(both).cloned()
        })
        .collect()
}

/// U and A: a row that certainly holds gives the output.
fn certain(hits: &[(Truth, &Value)]) -> Value {
    hits.iter()
        .find(|(hit, _)| hit.certainly())
        .map_or(Value::Unknown, |(_, output)| (*output).clone())
}

/// F: the first row that holds, unless a row before it may hold and says otherwise.
fn first(hits: &[(Truth, &Value)]) -> Value {
    let Some(at) = hits.iter().position(|(hit, _)| hit.certainly()) else {
        return Value::Unknown;
    };
    let Some((_, output)) = hits.get(at) else {
        return Value::Unknown;
    };
    let agreed = hits
        .iter()
        .take(at)
        .filter(|(hit, _)| hit.possibly())
        .all(|(_, other)| other == output);
    if agreed {
        (*output).clone()
    } else {
        Value::Unknown
    }
}

/// C max and C min: the extreme of the rows that hold, unless one that may hold goes beyond it.
fn extreme(hits: &[(Truth, &Value)], beyond: Comparison) -> Value {
    let certain = hits
        .iter()
        .filter(|(hit, _)| hit.certainly())
        .map(|(_, output)| *output);
    let best = certain.reduce(|best, output| {
        if compare(beyond, output, best).certainly() {
            output
        } else {
            best
        }
    });
    let Some(best) = best else {
        return Value::Unknown;
    };
    let settled = hits
        .iter()
        .filter(|(hit, _)| *hit == Truth::Unknown)
        .all(|(_, output)| {
            compare(beyond, output, best) == Truth::False || equal(output, best).certainly()
        });
    if settled {
        best.clone()
    } else {
        Value::Unknown
    }
}

fn count(hits: &[(Truth, &Value)]) -> Value {
    if hits.iter().any(|(hit, _)| *hit == Truth::Unknown) {
        return Value::Unknown;
    }
    let held = hits.iter().filter(|(hit, _)| hit.certainly()).count();
    i64::try_from(held).map_or(Value::Unknown, |held| Value::Number(Decimal::from(held)))
}
