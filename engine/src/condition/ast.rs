//! The syntax tree of a condition. One tree serves from the parser to the evaluator: the checker
//! fills in what names stand for.

use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::functions::Function;
use crate::facts::{FactId, Value};

/// An expression with its place in the text. Two are equal if they say the same.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`, whose value is unknown.
    Null,
    /// A constant: boolean, number, text, date, duration.
    Constant(Value),
    /// `name.name`: a fact, a quantifier's variable, or a field of one.
    Path(Vec<Arc<str>>, Resolution<Target>),
    /// A field of something that is not a name: only `null.b`, whose value is unknown.
    Field(Box<Expr>, Arc<str>),
    /// A function of its arguments.
    Call(Function, Vec<Expr>, Resolution<Regex>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `[a..b]`, `(a..b)`.
    Range(Bracket, Box<Expr>, Box<Expr>, Bracket),
    /// `-a`.
    Negate(Box<Expr>),
    /// `a and b`, `a or b`, `a + b`, …
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `a < b`.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `a between b and c`.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a in (tests)`.
    In(Box<Expr>, Vec<Expr>),
    /// `< b`, within `in` or a decision table's cell.
    Test(Comparison, Box<Expr>),
    /// `if a then b else c`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `some x in a, y in b satisfies c`; `every`.
    Quantified(Quantifier, Vec<(Arc<str>, Expr)>, Box<Expr>),
}

/// `some` or `every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// True if any is.
    Some,
    /// True if all are.
    Every,
}

/// Whether an end belongs to a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// It does: `[`, `]`.
    Closed,
    /// It does not: `(`, `)`.
    Open,
}

/// Connectives and arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Both.
    And,
    /// Either.
    Or,
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient.
    Divide,
}

impl Operator {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
}

impl Comparison {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it asks for more or less, not only for the same.
    pub fn needs_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// What a path's first names stand for; the names after them are fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A fact, with how many of the path's names are its own.
    Fact(FactId, usize),
    /// A quantifier's variable, counted from the outermost.
    Local(usize),
}

/// What the checker found for a place in the tree; none before it ran. It plays no part in equality.
#[derive(Clone, Debug)]
pub struct Resolution<T>(pub Option<Arc<T>>);

impl<T> Default for Resolution<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Resolution<T> {
    /// What was found.
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }
}

impl<T> PartialEq for Resolution<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Expr {
    /// The expressions directly below this one.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Null | Kind::Constant(_) | Kind::Path(..) => Vec::new(),
            Kind::Field(a, _) | Kind::Negate(a) | Kind::Test(_, a) => vec![a],
            Kind::Call(_, items, _) | Kind::List(items) => items.iter().collect(),
            Kind::Range(_, a, b, _) | Kind::Binary(_, a, b) | Kind::Compare(_, a, b) => vec![a, b],
            Kind::Between(a, b, c) | Kind::If(a, b, c) => vec![a, b, c],
            Kind::In(a, tests) => std::iter::once(a.as_ref()).chain(tests).collect(),
            Kind::Quantified(_, bindings, body) => bindings
                .iter()
                .map(|(_, domain)| domain)
                .chain([body.as_ref()])
                .collect(),
        }
    }

    /// The text of a text constant.
    pub fn constant_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Constant(value) => value.as_text(),
            _ => None,
        }
    }
}
