//! Decision tables with DMN hit policies, three-valued.

use std::sync::Arc;

use super::ast::{Comparison, Expr};
use super::check::Checker;
use super::constants::constant;
use super::environment::Environment;
use super::evaluate::Evaluator;
use super::names::Names;
use super::observe::{Observed, observe_tests, operands};
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

/// A cell: tests of which one must pass, `not(…)` around tests of which none may, or `-`, which
/// always holds.
#[derive(Clone, Debug)]
pub struct Cell {
    source: Arc<str>,
    tests: Option<Vec<Expr>>,
    negated: bool,
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
    /// Reads a cell for an input of a type: `-`, tests such as `< 10, [20..30]`, or `not("a", "b")`.
    pub fn compile(text: &str, input: &Condition, names: &dyn Names) -> Result<Self, Problems> {
        let source: Arc<str> = text.into();
        if text.trim() == "-" {
            return Ok(Self {
                source,
                tests: None,
                negated: false,
            });
        }
        let (mut tests, negated) = parser::parse_cell(&source)?;
        let problems = Checker::new(&source, names).tests(&input.ty, &mut tests);
        problems.or(Self {
            source,
            tests: Some(tests),
            negated,
        })
    }

    fn passes(&self, value: &Value, evaluator: &Evaluator<'_>) -> Truth {
        let Some(tests) = &self.tests else {
            return Truth::True;
        };
        let passes = Truth::any(tests.iter().map(|test| evaluator.passes(value, test)));
        if self.negated { !passes } else { passes }
    }

    fn tests(&self) -> &[Expr] {
        self.tests.as_deref().unwrap_or_default()
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

    /// What it can observe: what its inputs do, and the constants that its cells compare them with.
    pub fn observed(&self) -> Observed {
        let mut observed = Observed::default();
        for (column, input) in self.inputs.iter().enumerate() {
            observed.merge(&observe_tests(&input.expr, &self.tests(column)));
            observed.merge(&input.observed());
        }
        observed
    }

    fn tests(&self, column: usize) -> Vec<&Expr> {
        let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
        cells.flat_map(Cell::tests).collect()
    }

    /// What makes the table ambiguous or incomplete: outputs that the policy cannot weigh; pairs of
    /// rows that disagree and can both hold, where it forbids that; cases in which no row holds.
    pub fn inconsistencies(
        &self,
        names: &dyn Names,
        environment: &dyn Environment,
    ) -> Vec<Diagnostic> {
        let columns: Vec<Vec<Value>> = (0..self.inputs.len())
            .map(|column| self.classes(column, names))
            .collect();
        let hits = Hits::of(self, &columns, &Evaluator::new(environment));
        let mut found: Vec<Diagnostic> = self.unweighable().into_iter().collect();
        if matches!(self.hit_policy, HitPolicy::Unique | HitPolicy::Any) {
            found.extend(self.overlaps(&columns, &hits));
        }
        if self.hit_policy != HitPolicy::CollectCount {
            found.extend(self.gap(&columns, &hits));
        }
        found
    }

    fn unweighable(&self) -> Option<Diagnostic> {
        let ordered = matches!(self.ty, Type::Number(_) | Type::Date | Type::Duration);
        let unranked = |row: &&Row| !self.priority.contains(&row.output);
        match self.hit_policy {
            HitPolicy::CollectMax | HitPolicy::CollectMin if !ordered => {
                let found = format!("the greatest or least of outputs of type {}", self.ty);
                let error = Diagnostic::error("R203", found, "numbers, dates or durations");
                Some(error.help("write hit policy P with the outputs in their order"))
            }
            HitPolicy::CollectCount if !matches!(self.ty, Type::Number(_)) => {
                let found = format!("a count of type {}", self.ty);
                Some(Diagnostic::error("R203", found, "the type number"))
            }
            HitPolicy::Priority => self.rows.iter().find(unranked).map(|row| {
                let found = format!("the output {} without a priority", row.output);
                let expected = "every output in `priority`, highest first";
                Diagnostic::error("R204", found, expected)
            }),
            _ => None,
        }
    }

    /// A value for each class of an input; one that is not known where its type has no classes.
    fn classes(&self, column: usize, names: &dyn Names) -> Vec<Value> {
        let tests = self.tests(column);
        let parts = tests
            .iter()
            .flat_map(|test| [vec![*test], operands(test)].concat());
        let constants: Vec<Value> = parts.filter_map(constant).collect();
        let ty = self
            .inputs
            .get(column)
            .map_or(Type::Any, |input| input.ty.clone());
        let codes = match &ty {
            Type::Code(set) | Type::Set(set) => names.code_set(set),
            _ => None,
        };
        match representatives(&ty, &constants, codes) {
            values if values.is_empty() => vec![Value::Unknown],
            values => values,
        }
    }

    fn overlaps(&self, columns: &[Vec<Value>], hits: &Hits) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (at, first) in self.rows.iter().enumerate() {
            for (behind, second) in self.rows.iter().enumerate().skip(at.saturating_add(1)) {
                if first.output == second.output {
                    continue;
                }
                if let Some(case) = hits.common_case(at, behind) {
                    let (one, two) = (at.saturating_add(1), behind.saturating_add(1));
                    let expected = format!(
                        "at most one of them to hold; both do for {}",
                        self.told(columns, &case)
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

    fn gap(&self, columns: &[Vec<Value>], hits: &Hits) -> Option<Diagnostic> {
        let uncovered = cases(columns)?
            .into_iter()
            .find(|case| hits.none_holds(case))?;
        let found = format!("no row holds for {}", self.told(columns, &uncovered));
        Some(
            Diagnostic::warning("R202", found, "a row for every case")
                .help("add a row, or `-` in a last row; the output is unknown there"),
        )
    }

    fn told(&self, columns: &[Vec<Value>], case: &[usize]) -> String {
        let values = columns
            .iter()
            .zip(case)
            .filter_map(|(column, at)| column.get(*at));
        let parts = self
            .inputs
            .iter()
            .zip(values)
            .map(|(input, value)| format!("{} = {value}", input.source()));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Whether each cell passes each class of its input: by row, column and class.
struct Hits(Vec<Vec<Vec<Truth>>>);

impl Hits {
    fn of(table: &Table, columns: &[Vec<Value>], evaluator: &Evaluator<'_>) -> Self {
        let passes = |cell: &Cell, column: &Vec<Value>| {
            let truths = column.iter().map(|value| cell.passes(value, evaluator));
            truths.collect::<Vec<Truth>>()
        };
        let of_row = |row: &Row| {
            let cells = row.cells.iter().zip(columns);
            cells.map(|(cell, column)| passes(cell, column)).collect()
        };
        Self(table.rows.iter().map(of_row).collect())
    }

    /// A class of each input for which both rows certainly hold.
    fn common_case(&self, first: usize, second: usize) -> Option<Vec<usize>> {
        let columns = self.0.get(first)?.iter().zip(self.0.get(second)?);
        columns
            .map(|(one, two)| {
                let mut classes = one.iter().zip(two);
                classes.position(|(one, two)| one.certainly() && two.certainly())
            })
            .collect()
    }

    fn none_holds(&self, case: &[usize]) -> bool {
        self.0.iter().all(|row| {
            let mut cells = row.iter().zip(case);
            cells.any(|(classes, at)| classes.get(*at) == Some(&Truth::False))
        })
    }
}

/// Every combination of classes; none if they are too many to go through.
fn cases(columns: &[Vec<Value>]) -> Option<Vec<Vec<usize>>> {
    const CASES: usize = 20_000;
    let total = columns
        .iter()
        .try_fold(1_usize, |total, column| total.checked_mul(column.len()))?;
    if total > CASES {
        return None;
    }
    let mut cases: Vec<Vec<usize>> = vec![Vec::new()];
    for column in columns {
        cases = cases
            .iter()
            .flat_map(|case| (0..column.len()).map(|at| [case.as_slice(), &[at]].concat()))
            .collect();
    }
    Some(cases)
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

/// U and A: a row that certainly holds gives the output, unless one that may hold says otherwise.
fn certain(hits: &[(Truth, &Value)]) -> Value {
    let held = hits.iter().find(|(hit, _)| hit.certainly());
    match held {
        Some((_, output)) if agree(hits, output) => (*output).clone(),
        _ => Value::Unknown,
    }
}

/// Whether all rows that hold or may hold give one output.
fn agree(hits: &[(Truth, &Value)], output: &Value) -> bool {
    let mut possible = hits.iter().filter(|(hit, _)| hit.possibly());
    possible.all(|(_, other)| *other == output)
}

/// F: the first row that holds, unless a row before it may hold and says otherwise.
fn first(hits: &[(Truth, &Value)]) -> Value {
    let Some((at, (_, output))) = hits
        .iter()
        .enumerate()
        .find(|(_, (hit, _))| hit.certainly())
    else {
        return Value::Unknown;
    };
    match hits.get(..at) {
        Some(before) if agree(before, output) => (*output).clone(),
        _ => Value::Unknown,
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
        .filter(|(hit, _)| hit.possibly())
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
