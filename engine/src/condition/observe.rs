//! What a condition can observe of each fact: the constants that it compares the fact with.
//!
//! A fact is observed only through these, so its values fall into finitely many classes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Expr, Kind, Operator, Target};
use super::constants::constant;
use super::functions::Function;
use super::names::Reference;
use crate::facts::{FactId, Value};

/// A fact, or one field of a list fact's members.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Observable {
    /// The fact.
    pub fact: FactId,
    /// The field, where the fact is a list of records.
    pub field: Option<Arc<str>>,
}

/// What a fact is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// A value written in the condition.
    Value(Value),
    /// An entry that the fact's entries may stand under.
    Ancestor(Arc<str>),
    /// A group that the fact's country may belong to.
    Group(Arc<str>),
    /// A parameter of the ruleset.
    Parameter(Arc<str>),
    /// Another fact, or something computed: no finite list of constants tells all.
    Computed,
}

/// All that a condition observes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Facts with the constants that they are compared with.
    pub facts: BTreeMap<Observable, Vec<Constant>>,
    /// Indicators with the constants that their figures are compared with.
    pub indicators: BTreeMap<Arc<str>, Vec<Constant>>,
    /// Groups, indicators, parameters, definitions, columns and lists that it refers to.
    pub references: BTreeSet<(Reference, Arc<str>)>,
}

impl Observed {
    /// Adds all that another observes.
    pub fn merge(&mut self, other: &Self) {
        for (key, constants) in &other.facts {
            for constant in constants {
                self.add(key.clone(), Some(constant.clone()));
            }
            self.add(key.clone(), None);
        }
        for (name, constants) in &other.indicators {
            for constant in constants {
                self.figure(Arc::clone(name), constant.clone());
            }
        }
        self.references.extend(other.references.iter().cloned());
    }

    fn figure(&mut self, name: Arc<str>, constant: Constant) {
        let known = self.indicators.entry(name).or_default();
        if !known.contains(&constant) {
            known.push(constant);
        }
    }

    fn add(&mut self, key: Observable, constant: Option<Constant>) {
        let known = self.facts.entry(key).or_default();
        if let Some(constant) = constant.filter(|constant| !known.contains(constant)) {
            known.push(constant);
        }
    }
}

pub(super) fn observe(expr: &Expr) -> Observed {
    let mut observer = Observer::default();
    observer.truth(expr);
    observer.observed
}

/// What tests of an expression observe, as in a decision table's column.
pub(super) fn observe_tests(expr: &Expr, tests: &[&Expr]) -> Observed {
    let mut observer = Observer::default();
    let operands: Vec<&Expr> = tests.iter().flat_map(|test| operands(test)).collect();
    observer.pairs(expr, &operands);
    observer.observed
}

#[derive(Default)]
struct Observer {
    observed: Observed,
    locals: Vec<Local>,
}

/// Where a quantifier's members come from.
#[derive(Clone, Default)]
struct Local {
    /// The fact whose members they are.
    origin: Option<Observable>,
    /// The constants that are listed.
    listed: Vec<Constant>,
}

impl Observer {
    fn key(&self, expr: &Expr) -> Option<Observable> {
        let Kind::Path(names, target) = &expr.kind else {
            return None;
        };
        match target.get()? {
            Target::Fact(fact, used) => Some(Observable {
                fact: *fact,
                field: names.get(*used).cloned(),
            }),
            Target::Local(at) => {
                let origin = self.locals.get(*at)?.origin.clone()?;
                let field = names.get(1).cloned().or(origin.field);
                Some(Observable { field, ..origin })
            }
        }
    }

    /// Observes an expression of which only its truth counts.
    fn truth(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Path(..) => {
                if let Some(key) = self.key(expr) {
                    self.observed.add(key, None);
                }
            }
            Kind::Binary(Operator::And | Operator::Or, left, right) => {
                self.truth(left);
                self.truth(right);
            }
            Kind::If(condition, then, otherwise) => {
                for part in [condition, then, otherwise] {
                    self.truth(part);
                }
            }
            Kind::Compare(_, left, right) => self.pairs(left, &[right]),
            Kind::Between(value, low, high) => self.pairs(value, &[low, high]),
            Kind::In(value, tests) => {
                let operands: Vec<&Expr> = tests.iter().flat_map(operands).collect();
                self.pairs(value, &operands);
            }
            Kind::Call(function, arguments, _) => self.call(*function, arguments),
            Kind::Quantified(_, bindings, body) => self.quantified(bindings, body),
            _ => self.value(expr),
        }
    }

    /// Observes an expression whose value goes into a computation: no constant tells all of a fact
    /// that it reads.
    fn value(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Path(..) => {
                if let Some(key) = self.key(expr) {
                    self.observed.add(key, Some(Constant::Computed));
                }
            }
            Kind::If(condition, then, otherwise) => {
                self.truth(condition);
                self.value(then);
                self.value(otherwise);
            }
            Kind::Binary(Operator::And | Operator::Or, ..)
            | Kind::Compare(..)
            | Kind::Between(..)
            | Kind::In(..)
            | Kind::Call(..)
            | Kind::Quantified(..) => self.truth(expr),
            _ => expr
                .children()
                .into_iter()
                .for_each(|child| self.value(child)),
        }
    }

    fn quantified(&mut self, bindings: &[(Arc<str>, Expr)], body: &Expr) {
        let outside = self.locals.len();
        for (_, domain) in bindings {
            let origin = self.key(domain);
            match &origin {
                Some(key) => self.observed.add(key.clone(), None),
                None => self.value(domain),
            }
            let listed = match &domain.kind {
                Kind::List(items) => items.iter().flat_map(|item| self.constants(item)).collect(),
                _ => Vec::new(),
            };
            self.locals.push(Local { origin, listed });
        }
        self.truth(body);
        self.locals.truncate(outside);
    }

    /// Observes a value that is compared with others, and the others.
    fn pairs(&mut self, value: &Expr, others: &[&Expr]) {
        match self.key(value) {
            Some(key) => {
                self.observed.add(key.clone(), None);
                for other in others {
                    for constant in self.constants(other) {
                        self.observed.add(key.clone(), Some(constant));
                    }
                }
            }
            None => self.compared(value, others),
        }
        for other in others {
            match self.key(other) {
                Some(key) => {
                    for constant in self.constants(value) {
                        self.observed.add(key.clone(), Some(constant));
                    }
                }
                None => self.compared(other, &[value]),
            }
        }
    }

    /// Observes a value that is no fact and is compared with others.
    fn compared(&mut self, value: &Expr, others: &[&Expr]) {
        let Kind::Call(Function::Indicator, arguments, _) = &value.kind else {
            return self.value(value);
        };
        self.reference(Function::Indicator, arguments);
        arguments.iter().for_each(|argument| self.value(argument));
        if let Some(name) = arguments.first().and_then(text) {
            let constants = others.iter().flat_map(|other| self.constants(other));
            for constant in constants.collect::<Vec<Constant>>() {
                self.observed.figure(Arc::clone(&name), constant);
            }
        }
    }

    /// What a fact is compared with by an expression.
    fn constants(&self, expr: &Expr) -> Vec<Constant> {
        if let Some(value) = constant(expr) {
            let known = (!value.is_unknown()).then_some(Constant::Value(value));
            return known.into_iter().collect();
        }
        let named = |name: fn(Arc<str>) -> Constant, arguments: &[Expr]| {
            let argument = arguments.first().and_then(text);
            argument.map_or_else(Vec::new, |argument| vec![name(argument)])
        };
        match &expr.kind {
            Kind::Call(Function::Group, arguments, _) => named(Constant::Group, arguments),
            Kind::Call(Function::Param, arguments, _) => named(Constant::Parameter, arguments),
            Kind::Path(_, target) => match target.get().and_then(|target| self.local(target)) {
                Some(local) if !local.listed.is_empty() => local.listed.clone(),
                _ => vec![Constant::Computed],
            },
            _ => vec![Constant::Computed],
        }
    }

    fn local(&self, target: &Target) -> Option<&Local> {
        match target {
            Target::Local(at) => self.locals.get(*at),
            Target::Fact(..) => None,
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) {
        self.reference(function, arguments);
        match (function, arguments) {
            (Function::Not, arguments) => arguments.iter().for_each(|part| self.truth(part)),
            (Function::All | Function::Any, [list]) => match &list.kind {
                Kind::List(items) => items.iter().for_each(|item| self.truth(item)),
                _ => self.value(list),
            },
            (Function::Known, [argument]) => self.truth(argument),
            (Function::ListContains, [list, value]) => self.pairs(list, &[value]),
            (Function::Under, [subject, ancestors]) => self.under(subject, ancestors),
            (Function::Listed, [party, list]) => match (self.key(party), text(list)) {
                (Some(key), Some(list)) => {
                    let field = Some("listed_on".into());
                    let constant = Constant::Value(Value::Text(list));
                    self.observed
                        .add(Observable { field, ..key }, Some(constant));
                }
                _ => self.value(party),
            },
            _ => arguments.iter().for_each(|argument| self.value(argument)),
        }
        if let (Function::Indicator, Some(name)) = (function, arguments.first().and_then(text)) {
            self.observed.figure(name, Constant::Computed);
        }
    }

    /// What stands under an entry, one of a list of entries, or one of a parameter's.
    fn under(&mut self, subject: &Expr, ancestors: &Expr) {
        self.value(ancestors);
        let Some(key) = self.key(subject) else {
            return self.value(subject);
        };
        let parts = match &ancestors.kind {
            Kind::List(items) => items.iter().collect(),
            _ => vec![ancestors],
        };
        for part in parts {
            let found = match (text(part), &part.kind) {
                (Some(entry), _) => Some(Constant::Ancestor(entry)),
                (None, Kind::Call(Function::Param, named, _)) => {
                    named.first().and_then(text).map(Constant::Parameter)
                }
                _ => None,
            };
            self.observed.add(key.clone(), found);
        }
    }

    fn reference(&mut self, function: Function, arguments: &[Expr]) {
        let (kind, at) = match function {
            Function::Group => (Reference::Group, 0),
            Function::Indicator => (Reference::Indicator, 0),
            Function::Param => (Reference::Parameter, 0),
            Function::Define => (Reference::Definition, 0),
            Function::Charted => (Reference::Column, 0),
            Function::Listed => (Reference::List, 1),
            _ => return,
        };
        if let Some(name) = arguments.get(at).and_then(text) {
            self.observed.references.insert((kind, name));
        }
    }
}

/// What a value is compared with by a test: ends of ranges, members of lists, or the test itself.
pub(super) fn operands(test: &Expr) -> Vec<&Expr> {
    match &test.kind {
        Kind::Test(_, operand) => vec![operand],
        Kind::Range(_, low, high, _) => vec![low, high],
        Kind::List(items) => items.iter().flat_map(operands).collect(),
        _ => vec![test],
    }
}

fn text(expr: &Expr) -> Option<Arc<str>> {
    expr.constant_text().map(Arc::from)
}
