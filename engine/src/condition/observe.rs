//! What a condition can observe of each fact: the constants that it compares the fact with.
//!
//! A fact is observed only through these, so its values fall into finitely many classes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Expr, Kind, Target};
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
        self.references.extend(other.references.iter().cloned());
    }

    fn add(&mut self, key: Observable, constant: Option<Constant>) {
        let known = self.facts.entry(key).or_default();
        if let Some(constant) = constant.filter(|constant| !known.contains(constant)) {
            known.push(constant);
        }
    }
}

pub(super) fn observe(expr: &Expr) -> Observed {
    let mut observer = Observer {
        observed: Observed::default(),
        locals: Vec::new(),
    };
    observer.walk(expr);
    observer.observed
}

struct Observer {
    observed: Observed,
    locals: Vec<Option<Observable>>,
}

impl Observer {
    fn key(&self, expr: &Expr) -> Option<Observable> {
        let Kind::Path(names, target) = &expr.kind else {
            return None;
        };
        match target.get()? {
            Target::Fact(fact, _) => Some(Observable {
                fact: *fact,
                field: None,
            }),
            Target::Local(at) => {
                let origin = self.locals.get(*at)?.clone()?;
                Some(Observable {
                    field: names.get(1).cloned(),
                    ..origin
                })
            }
        }
    }

    fn walk(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Path(..) => {
                if let Some(key) = self.key(expr) {
                    self.observed.add(key, None);
                }
            }
            Kind::Compare(_, left, right) => self.pair(left, right),
            Kind::Between(value, low, high) => {
                self.pair(value, low);
                self.pair(value, high);
            }
            Kind::In(value, tests) => tests.iter().for_each(|test| self.pair(value, test)),
            Kind::Call(function, arguments, _) => self.call(*function, arguments),
            Kind::Quantified(_, bindings, body) => self.quantified(bindings, body),
            _ => expr
                .children()
                .into_iter()
                .for_each(|child| self.walk(child)),
        }
    }

    fn quantified(&mut self, bindings: &[(Arc<str>, Expr)], body: &Expr) {
        let outside = self.locals.len();
        for (_, domain) in bindings {
            self.walk(domain);
            self.locals.push(self.key(domain));
        }
        self.walk(body);
        self.locals.truncate(outside);
    }

    fn pair(&mut self, left: &Expr, right: &Expr) {
        for (one, other) in [(left, right), (right, left)] {
            if let Some(key) = self.key(one) {
                for constant in self.constants(other) {
                    self.observed.add(key.clone(), Some(constant));
                }
            }
        }
        self.walk(left);
        self.walk(right);
    }

    fn constants(&self, expr: &Expr) -> Vec<Constant> {
        match &expr.kind {
            Kind::Constant(value) => vec![Constant::Value(value.clone())],
            Kind::Null => Vec::new(),
            Kind::Call(Function::Group, arguments, _) => {
                named(arguments).map(Constant::Group).into_iter().collect()
            }
            Kind::Call(Function::Param, arguments, _) => named(arguments)
                .map(Constant::Parameter)
                .into_iter()
                .collect(),
            Kind::List(items) => items.iter().flat_map(|item| self.constants(item)).collect(),
            Kind::Test(_, operand) => self.constants(operand),
            Kind::Range(_, low, high, _) => [low, high]
                .into_iter()
                .flat_map(|end| self.constants(end))
                .collect(),
            _ => vec![Constant::Computed],
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) {
        let kind = match function {
            Function::Group => Some(Reference::Group),
            Function::Indicator => Some(Reference::Indicator),
            Function::Param => Some(Reference::Parameter),
            Function::Define => Some(Reference::Definition),
            Function::Charted => Some(Reference::Column),
            _ => None,
        };
        if let Some((kind, name)) = kind.zip(named(arguments)) {
            self.observed.references.insert((kind, name));
        }
        if let (Function::Listed, Some(list)) =
            (function, arguments.get(1).and_then(Expr::constant_text))
        {
            self.observed
                .references
                .insert((Reference::List, list.into()));
        }
        if let [subject, value] = arguments {
            match (function, self.key(subject), value.constant_text()) {
                (Function::Under, Some(key), Some(entry)) => self
                    .observed
                    .add(key, Some(Constant::Ancestor(entry.into()))),
                (Function::ListContains, ..) => self.pair(subject, value),
                (Function::Listed, Some(key), Some(list)) => {
                    let field = Observable {
                        field: Some("listed_on".into()),
                        ..key
                    };
                    self.observed
                        .add(field, Some(Constant::Value(Value::text(list))));
                }
                _ => {}
            }
        }
        arguments.iter().for_each(|argument| self.walk(argument));
    }
}

fn named(arguments: &[Expr]) -> Option<Arc<str>> {
    arguments
        .first()
        .and_then(Expr::constant_text)
        .map(Arc::from)
}
