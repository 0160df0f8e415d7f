//! How a condition's value came about: one tree, for all who read it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::ast::{Expr, Kind, Operator, Quantifier, Target};
use super::environment::Environment;
use super::evaluate::Evaluator;
use super::functions::Function;
use super::inputs::notation;
use crate::facts::{FactId, Truth, Value};

/// One part of a condition with its value, what it read, and the parts that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The part as it is written; for a definition its name.
    pub text: Arc<str>,
    /// Its value.
    pub value: Value,
    /// What it read itself.
    pub reads: Vec<Read>,
    /// The parts that it rests on.
    pub children: Vec<Arc<Trace>>,
    /// The name of the definition that it tells the value of.
    pub definition: Option<Arc<str>>,
}

/// One thing that a condition read, with what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A fact of the application or item.
    Fact(FactId, Value),
    /// A field of a member (a party) of a list fact: its position and the field.
    Member(Option<FactId>, usize, Arc<str>, Value),
    /// A country's membership of a group.
    Group(Arc<str>, Arc<str>, Truth),
    /// A figure for a country, or for the destination.
    Indicator(Arc<str>, Option<Arc<str>>, Value),
    /// A parameter of the ruleset.
    Parameter(Arc<str>, Value),
    /// A mark of the destination in the country chart.
    Charted(Arc<str>, Truth),
    /// A party's match with a list.
    Listed(usize, Arc<str>, Truth),
}

impl Hash for Read {
    /// By what was read: what was found follows from it, and may be long.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Fact(fact, _) => fact.hash(state),
            Self::Member(fact, index, field, _) => (fact, index, field).hash(state),
            Self::Group(country, group, _) => (country, group).hash(state),
            Self::Indicator(name, country, _) => (name, country).hash(state),
            Self::Parameter(name, _) | Self::Charted(name, _) => name.hash(state),
            Self::Listed(index, list, _) => (index, list).hash(state),
        }
    }
}

impl Serialize for Trace {
    /// The part, its value and the parts below it; of a definition its name, for it is told once elsewhere.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(definition) = &self.definition else {
            return self.serialize_whole(serializer);
        };
        let mut node = serializer.serialize_struct("Trace", 3)?;
        node.serialize_field("text", &self.text)?;
        node.serialize_field("value", &notation(&self.value))?;
        node.serialize_field("definition", definition)?;
        node.end()
    }
}

/// How the value of a definition came about, told in full where traces only name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told(pub Arc<Trace>);

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_whole(serializer)
    }
}

impl Trace {
    fn serialize_whole<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut node = serializer.serialize_struct("Trace", 3)?;
        node.serialize_field("text", &self.text)?;
        node.serialize_field("value", &notation(&self.value))?;
        if self.children.is_empty() {
            node.skip_field("children")?;
        } else {
            node.serialize_field("children", &self.children)?;
        }
        node.end()
    }

    /// Every read of the tree, in the order in which they stand in the condition.
    pub fn reads(&self) -> Vec<&Read> {
        let mut all: Vec<&Read> = self.reads.iter().collect();
        all.extend(self.children.iter().flat_map(|child| child.reads()));
        all
    }

    /// A part with nothing below it.
    pub fn leaf(text: &str, value: Value) -> Self {
        Self {
            text: text.into(),
            value,
            reads: Vec::new(),
            children: Vec::new(),
            definition: None,
        }
    }
}

pub(super) fn trace(source: &Arc<str>, expr: &Expr, environment: &dyn Environment) -> Trace {
    let evaluator = Evaluator::new(environment);
    Tracer {
        source,
        evaluator: &evaluator,
    }
    .trace(expr)
}

/// The trace of an expression whose value is known already.
pub(super) fn trace_known(
    source: &Arc<str>,
    expr: &Expr,
    value: Value,
    environment: &dyn Environment,
) -> Trace {
    let evaluator = Evaluator::new(environment);
    let tracer = Tracer {
        source,
        evaluator: &evaluator,
    };
    match &expr.kind {
        Kind::Quantified(..) => tracer.trace(expr),
        _ => tracer.leaf_of(expr, value, &[expr]),
    }
}

struct Tracer<'t> {
    source: &'t Arc<str>,
    evaluator: &'t Evaluator<'t>,
}

impl Tracer<'_> {
    fn trace(&self, expr: &Expr) -> Trace {
        match &expr.kind {
            Kind::Binary(operator @ (Operator::And | Operator::Or), left, right) => {
                let children = [left, right]
                    .map(|part| Arc::new(self.trace(part)))
                    .to_vec();
                let truths = children.iter().map(|child| child.value.truth());
                let value = if *operator == Operator::And {
                    Truth::all(truths)
                } else {
                    Truth::any(truths)
                };
                self.node(expr, value.into(), children)
            }
            Kind::Call(Function::Not, arguments, _) => {
                let children: Vec<Arc<Trace>> = arguments
                    .iter()
                    .map(|argument| Arc::new(self.trace(argument)))
                    .collect();
                let value = !children
                    .first()
                    .map_or(Truth::Unknown, |child| child.value.truth());
                self.node(expr, value.into(), children)
            }
            Kind::Call(Function::Define, arguments, _) => self.definition(arguments),
            Kind::Quantified(quantifier, bindings, body) => {
                self.quantified(expr, *quantifier, bindings, body)
            }
            _ => self.leaf(expr),
        }
    }

    fn text(&self, expr: &Expr) -> Arc<str> {
        self.source
            .get(expr.span.clone())
            .unwrap_or_default()
            .into()
    }

    fn node(&self, expr: &Expr, value: Value, children: Vec<Arc<Trace>>) -> Trace {
        Trace {
            text: self.text(expr),
            value,
            reads: Vec::new(),
            children,
            definition: None,
        }
    }

    fn definition(&self, arguments: &[Expr]) -> Trace {
        let name = arguments
            .first()
            .and_then(Expr::constant_text)
            .unwrap_or_default();
        self.evaluator.environment.definition_trace(name)
    }

    /// A quantifier over one name shows each member; over several only what it read.
    fn quantified(
        &self,
        expr: &Expr,
        quantifier: Quantifier,
        bindings: &[(Arc<str>, Expr)],
        body: &Expr,
    ) -> Trace {
        let [(_, domain)] = bindings else {
            return self.leaf(expr);
        };
        let mut whole = self.leaf_of(expr, self.evaluator.value(expr), &[domain]);
        let Some(members) = self.evaluator.members(domain) else {
            return whole;
        };
        for member in members {
            let mark = if member.certain {
                Truth::True
            } else {
                Truth::Unknown
            };
            self.evaluator.locals.borrow_mut().push(member);
            let mut child = self.trace(body);
            self.evaluator.locals.borrow_mut().pop();
            let truth = child.value.truth();
            let counted = if quantifier == Quantifier::Some {
                truth.and(mark)
            } else {
                truth.or(!mark)
            };
            child.value = counted.into();
            whole.children.push(Arc::new(child));
        }
        whole
    }

    fn leaf(&self, expr: &Expr) -> Trace {
        self.leaf_of(expr, self.evaluator.value(expr), &[expr])
    }

    fn leaf_of(&self, expr: &Expr, value: Value, reading: &[&Expr]) -> Trace {
        let mut leaf = self.node(expr, value, Vec::new());
        for part in reading {
            self.read(part, &mut leaf);
        }
        leaf
    }

    fn read(&self, expr: &Expr, leaf: &mut Trace) {
        match &expr.kind {
            Kind::Path(names, target) => {
                if let Some(read) = target
                    .get()
                    .and_then(|target| self.path(expr, names, target))
                {
                    leaf.reads.push(read);
                }
            }
            Kind::In(value, tests) => {
                self.read(value, leaf);
                for test in tests {
                    self.group_test(value, test, leaf);
                }
            }
            Kind::Call(Function::Define, arguments, _) => {
                leaf.children.push(Arc::new(self.definition(arguments)));
            }
            Kind::Call(function, arguments, _) => {
                leaf.reads
                    .extend(self.reference(expr, *function, arguments));
                for argument in arguments {
                    self.read(argument, leaf);
                }
            }
            _ => expr
                .children()
                .into_iter()
                .for_each(|child| self.read(child, leaf)),
        }
    }

    fn path(&self, expr: &Expr, names: &[Arc<str>], target: &Target) -> Option<Read> {
        let value = self.evaluator.value(expr);
        match target {
            Target::Fact(id, _) => Some(Read::Fact(*id, value)),
            Target::Local(at) => {
                let locals = self.evaluator.locals.borrow();
                let local = locals.get(*at)?;
                match (&local.value, names.get(1)) {
                    (Value::Record(record), Some(field)) => Some(Read::Member(
                        local.origin,
                        record.index,
                        Arc::clone(field),
                        value,
                    )),
                    _ => None,
                }
            }
        }
    }

    fn group_test(&self, value: &Expr, test: &Expr, leaf: &mut Trace) {
        let Kind::Call(Function::Group, arguments, _) = &test.kind else {
            return self.read(test, leaf);
        };
        let country = self.evaluator.value(value);
        if let (Some(country), Some(group)) = (
            country.as_text(),
            arguments.first().and_then(Expr::constant_text),
        ) {
            let truth = self.evaluator.environment.group(country, group);
            leaf.reads
                .push(Read::Group(country.into(), group.into(), truth));
        }
    }

    fn reference(&self, expr: &Expr, function: Function, arguments: &[Expr]) -> Option<Read> {
        let name: Arc<str> = arguments
            .first()
            .and_then(Expr::constant_text)
            .unwrap_or_default()
            .into();
        let value = || self.evaluator.value(expr);
        match function {
            Function::Param => Some(Read::Parameter(name, value())),
            Function::Charted => Some(Read::Charted(name, value().truth())),
            Function::Indicator => {
                let country = arguments
                    .get(1)
                    .map(|country| self.evaluator.value(country));
                let country = country.and_then(|country| country.as_text().map(Arc::from));
                Some(Read::Indicator(name, country, value()))
            }
            Function::Listed => {
                let list = arguments.get(1).and_then(Expr::constant_text)?;
                match self.evaluator.value(arguments.first()?) {
                    Value::Record(party) => {
                        Some(Read::Listed(party.index, list.into(), value().truth()))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
