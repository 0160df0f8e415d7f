//! Parts of conditions, taken apart as far as their truth follows from that of their own parts.
//!
//! Whoever works out all that a ruleset can say walks along terms. The truth of what cannot be taken
//! apart is asked of the evaluator, so there is one meaning of the language and no second.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Graph, Meaning, NodeId, Part};
use crate::condition::ast::{Expr, Kind, Operator, Quantifier, Target};
use crate::condition::constants::constant;
use crate::condition::environment::Environment;
use crate::condition::evaluate::{Evaluator, Local};
use crate::condition::functions::Function;
use crate::facts::{FactId, Truth, Value};

/// A part of a condition that is true, false or unknown.
#[derive(Clone, Copy, Debug)]
pub struct Term<'g> {
    graph: &'g Graph,
    piece: Piece<'g>,
}

#[derive(Clone, Copy, Debug)]
enum Piece<'g> {
    Node(NodeId),
    Table(usize),
    Expr(Within<'g>),
}

/// An expression of a text.
#[derive(Clone, Copy, Debug)]
struct Within<'g> {
    source: &'g Arc<str>,
    expr: &'g Expr,
    /// How many variables of quantifiers around it stand for something.
    depth: usize,
    /// How many of them are its own, where it is a quantifier.
    bound: usize,
}

/// How the truth of a term follows from that of others.
#[derive(Clone, Debug)]
pub enum Shape<'g> {
    /// It is the opposite.
    Not(Term<'g>),
    /// It holds where all hold.
    All(Vec<Term<'g>>),
    /// It holds where any holds.
    Any(Vec<Term<'g>>),
    /// It is the second where the first holds, and the third where the first does not.
    Choice([Term<'g>; 3]),
    /// It holds where the body does for some member, or for every one.
    Over(Quantifier, Range<'g>, Term<'g>),
    /// It cannot be taken apart.
    Atom,
}

/// What a quantifier's variable ranges over.
#[derive(Clone, Debug)]
pub enum Range<'g> {
    /// The members of a fact.
    Fact(FactId),
    /// Values that no fact decides.
    Fixed(Term<'g>),
}

/// Something that a term reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reads {
    /// A fact, or one field of all members of a list.
    Fact(FactId, Option<Arc<str>>),
    /// A field of what a quantifier's variable stands for, by its depth; the whole if there is none.
    Local(usize, Option<Arc<str>>),
}

impl Graph {
    /// A condition as a term.
    pub fn term(&self, id: NodeId) -> Term<'_> {
        Term {
            graph: self,
            piece: Piece::Node(id),
        }
    }
}

impl<'g> Term<'g> {
    /// The node that it is, unless it stands within a quantifier.
    pub fn node(self) -> Option<NodeId> {
        match self.piece {
            Piece::Node(id) => Some(id),
            _ => None,
        }
    }

    /// How it is written; empty for a decision table.
    pub fn text(self) -> &'g str {
        match self.piece {
            Piece::Node(id) => self.graph.node(id).map_or("", |node| &node.text),
            Piece::Expr(Within { source, expr, .. }) => {
                source.get(expr.span.clone()).unwrap_or_default()
            }
            Piece::Table(_) => "",
        }
    }

    /// How its truth follows from that of its parts.
    pub fn shape(self) -> Shape<'g> {
        match self.piece {
            Piece::Table(_) => Shape::Atom,
            Piece::Expr(within) => self.shape_of(within),
            Piece::Node(id) => match self.graph.node(id).map(|node| &node.part) {
                Some(Part::Not(part)) => Shape::Not(self.graph.term(*part)),
                Some(Part::Both(one, other)) => Shape::All(self.nodes(&[*one, *other])),
                Some(Part::Either(one, other)) => Shape::Any(self.nodes(&[*one, *other])),
                Some(Part::Definition(at)) => self.defined(*at),
                Some(Part::Leaf(source, expr)) => self.shape_of(Within::top(source, expr)),
                None => Shape::Atom,
            },
        }
    }

    /// A definition by a condition is that condition; one by a decision table cannot be taken apart.
    fn defined(self, at: usize) -> Shape<'g> {
        match self.graph.definitions.get(at).map(|one| &one.meaning) {
            Some(Meaning::When(id)) => Shape::All(self.nodes(&[*id])),
            _ => Shape::Atom,
        }
    }

    fn nodes(self, ids: &[NodeId]) -> Vec<Self> {
        ids.iter().map(|id| self.graph.term(*id)).collect()
    }

    fn piece(self, piece: Piece<'g>) -> Self {
        Self {
            graph: self.graph,
            piece,
        }
    }

    fn shape_of(self, within: Within<'g>) -> Shape<'g> {
        let term = |expr: &'g Expr| self.piece(Piece::Expr(within.part(expr)));
        match &within.expr.kind {
            Kind::Binary(Operator::And, one, other) => Shape::All(vec![term(one), term(other)]),
            Kind::Binary(Operator::Or, one, other) => Shape::Any(vec![term(one), term(other)]),
            Kind::If(condition, then, otherwise) => {
                Shape::Choice([term(condition), term(then), term(otherwise)])
            }
            Kind::Call(function, arguments, _) => match (function, arguments.as_slice()) {
                (Function::Not, [argument]) => Shape::Not(term(argument)),
                (Function::All, [list]) => {
                    listed(list).map_or(Shape::Atom, |all| Shape::All(all.map(term).collect()))
                }
                (Function::Any, [list]) => {
                    listed(list).map_or(Shape::Atom, |any| Shape::Any(any.map(term).collect()))
                }
                (Function::Define, _) => self.definition(arguments),
                _ => Shape::Atom,
            },
            Kind::Quantified(quantifier, bindings, body) => {
                let domain = bindings.get(within.bound);
                match domain.and_then(|(_, domain)| self.range(within.part(domain))) {
                    Some(range) => {
                        let rest = within.bound_once_more(bindings.len(), body);
                        Shape::Over(*quantifier, range, self.piece(Piece::Expr(rest)))
                    }
                    None => Shape::Atom,
                }
            }
            _ => Shape::Atom,
        }
    }

    fn definition(self, arguments: &'g [Expr]) -> Shape<'g> {
        let name = arguments.first().and_then(Expr::constant_text);
        let at = name.and_then(|name| self.graph.names.get(name));
        at.map_or(Shape::Atom, |at| self.defined(*at))
    }

    fn range(self, domain: Within<'g>) -> Option<Range<'g>> {
        if let Kind::Path(names, target) = &domain.expr.kind {
            return match target.get()? {
                Target::Fact(fact, used) if names.len() == *used => Some(Range::Fact(*fact)),
                _ => None,
            };
        }
        let fixed = self.piece(Piece::Expr(domain));
        fixed.reads().is_empty().then_some(Range::Fixed(fixed))
    }

    /// Its truth, with what the variables of the quantifiers around it stand for.
    pub fn truth(self, environment: &dyn Environment, locals: &[Value]) -> Truth {
        self.value(environment, locals).truth()
    }

    /// Its value, with what the variables of the quantifiers around it stand for.
    pub fn value(self, environment: &dyn Environment, locals: &[Value]) -> Value {
        let evaluator = Evaluator::new(environment);
        let bound = locals.iter().map(|value| Local {
            value: value.clone(),
            certain: true,
            origin: None,
        });
        evaluator.locals.borrow_mut().extend(bound);
        match self.piece {
            Piece::Expr(within) => within.value(&evaluator),
            Piece::Table(at) => match self.graph.definitions.get(at).map(|one| &one.meaning) {
                Some(Meaning::Table(table)) => table.evaluate(environment),
                _ => Value::Unknown,
            },
            Piece::Node(id) => match self.graph.node(id).map(|node| &node.part) {
                Some(Part::Leaf(_, expr)) => evaluator.value(expr),
                Some(Part::Definition(at)) => self.piece(Piece::Table(*at)).value(environment, &[]),
                _ => Value::Unknown,
            },
        }
    }

    /// All that it reads, through definitions too; figures and marks are those of `destination`.
    pub fn reads(self) -> BTreeSet<Reads> {
        let mut reading = Reading::new(self.graph, 0);
        match self.piece {
            Piece::Node(id) => reading.node(id),
            Piece::Table(at) => reading.definition(at),
            Piece::Expr(within) => return reads_of(self.graph, within),
        }
        reading.found
    }

    /// Whether it reads something whose meaning is its ruleset's own: a parameter or a definition.
    pub fn is_of_its_ruleset(self) -> bool {
        self.within().is_none_or(|within| {
            mentions(within.expr, &|expr| {
                matches!(
                    expr.kind,
                    Kind::Call(Function::Param | Function::Define, ..)
                )
            })
        })
    }

    fn within(self) -> Option<Within<'g>> {
        match self.piece {
            Piece::Expr(within) => Some(within),
            Piece::Table(_) => None,
            Piece::Node(id) => match &self.graph.node(id)?.part {
                Part::Leaf(source, expr) => Some(Within::top(source, expr)),
                _ => None,
            },
        }
    }

    /// Every constant that is written in it.
    pub fn constants(self) -> Vec<Value> {
        let mut found = Vec::new();
        if let Some(within) = self.within() {
            collect(within.expr, &mut found);
        }
        found
    }

    /// How it depends on a set: it holds where it holds for any of the set's members alone, or fails where it
    /// fails for any; none where it weighs several members together.
    pub fn spreads(self, over: &Reads) -> Option<Quantifier> {
        let within = self.within()?;
        let is = |expr: &Expr| path(expr).as_ref() == Some(over);
        let free = |expr: &'g Expr| !reads_of(self.graph, within.part(expr)).contains(over);
        let exists = match &within.expr.kind {
            Kind::In(value, tests) => {
                free(value) && tests.iter().all(|test| is(test) || free(test))
            }
            Kind::Call(Function::ListContains | Function::Under, arguments, _) => {
                matches!(arguments.as_slice(), [set, other] if is(set) && free(other))
            }
            Kind::Call(Function::Listed, arguments, _) => match (arguments.first(), over) {
                (Some(party), Reads::Local(depth, Some(field))) => {
                    field.as_ref() == "listed_on" && path(party) == Some(Reads::Local(*depth, None))
                }
                _ => false,
            },
            Kind::Quantified(quantifier, _, _) => {
                return self.ranges_once(within, over).then_some(*quantifier);
            }
            _ => false,
        };
        exists.then_some(Quantifier::Some)
    }

    /// Whether a quantifier reads a set only as what one of its variables ranges over.
    fn ranges_once(self, within: Within<'g>, over: &Reads) -> bool {
        let Kind::Quantified(_, bindings, body) = &within.expr.kind else {
            return false;
        };
        let bindings = bindings.iter().skip(within.bound);
        let domains: Vec<&Expr> = bindings.map(|(_, domain)| domain).collect();
        let free = |expr| !reads_of(self.graph, within.part(expr)).contains(over);
        let ranges = |domain: &&&Expr| path(domain).as_ref() == Some(over);
        let others = domains.iter().filter(|domain| !ranges(domain));
        domains.iter().filter(ranges).count() == 1
            && others.chain([&body.as_ref()]).all(|expr| free(expr))
    }
}

impl<'g> Within<'g> {
    fn top(source: &'g Arc<str>, expr: &'g Expr) -> Self {
        Self {
            source,
            expr,
            depth: 0,
            bound: 0,
        }
    }

    /// An expression within it.
    fn part(self, expr: &'g Expr) -> Self {
        Self {
            expr,
            bound: 0,
            ..self
        }
    }

    /// What is left of a quantifier of so many variables once the next one stands for something: in the end its
    /// body.
    fn bound_once_more(self, variables: usize, body: &'g Expr) -> Self {
        let depth = self.depth.saturating_add(1);
        let bound = self.bound.saturating_add(1);
        if bound < variables {
            return Self {
                depth,
                bound,
                ..self
            };
        }
        Self {
            depth,
            ..self.part(body)
        }
    }

    fn value(self, evaluator: &Evaluator<'_>) -> Value {
        match &self.expr.kind {
            Kind::Quantified(quantifier, bindings, body) => {
                let rest = bindings.get(self.bound..).unwrap_or_default();
                evaluator.quantified(*quantifier, rest, body).into()
            }
            _ => evaluator.value(self.expr),
        }
    }
}

fn listed(list: &Expr) -> Option<impl Iterator<Item = &Expr>> {
    match &list.kind {
        Kind::List(items) => Some(items.iter()),
        _ => None,
    }
}

fn mentions(expr: &Expr, is: &dyn Fn(&Expr) -> bool) -> bool {
    is(expr) || expr.children().into_iter().any(|child| mentions(child, is))
}

fn collect(expr: &Expr, found: &mut Vec<Value>) {
    match constant(expr) {
        Some(value) => found.push(value),
        None => expr
            .children()
            .into_iter()
            .for_each(|child| collect(child, found)),
    }
}

/// What a name reads: a fact, a variable, or a field of one.
fn path(expr: &Expr) -> Option<Reads> {
    let Kind::Path(names, target) = &expr.kind else {
        return None;
    };
    Some(match target.get()? {
        Target::Fact(fact, used) => Reads::Fact(*fact, names.get(*used).cloned()),
        Target::Local(at) => Reads::Local(*at, names.get(1).cloned()),
    })
}

fn reads_of(graph: &Graph, within: Within<'_>) -> BTreeSet<Reads> {
    let mut reading = Reading::new(graph, within.depth);
    match &within.expr.kind {
        Kind::Quantified(_, bindings, body) => {
            let rest = bindings.get(within.bound..).unwrap_or_default();
            reading.quantified(rest, body);
        }
        _ => reading.expr(within.expr),
    }
    reading.found
}

/// Collects what expressions read.
struct Reading<'g> {
    graph: &'g Graph,
    /// How many variables stand for something outside.
    outside: usize,
    /// What the variables within range over.
    inside: Vec<Option<Reads>>,
    found: BTreeSet<Reads>,
}

impl<'g> Reading<'g> {
    fn new(graph: &'g Graph, outside: usize) -> Self {
        Self {
            graph,
            outside,
            inside: Vec::new(),
            found: BTreeSet::new(),
        }
    }

    fn node(&mut self, id: NodeId) {
        match self.graph.node(id).map(|node| &node.part) {
            Some(Part::Leaf(_, expr)) => self.definition_free(expr),
            Some(Part::Not(part)) => self.node(*part),
            Some(Part::Both(one, other) | Part::Either(one, other)) => {
                self.node(*one);
                self.node(*other);
            }
            Some(Part::Definition(at)) => self.definition(*at),
            None => {}
        }
    }

    fn definition(&mut self, at: usize) {
        match self.graph.definitions.get(at).map(|one| &one.meaning) {
            Some(Meaning::When(id)) => self.node(*id),
            Some(Meaning::Table(table)) => {
                let inputs = table.inputs.iter();
                inputs.for_each(|input| self.definition_free(input.expr()));
            }
            None => {}
        }
    }

    /// Reads a whole condition, in which no variable from outside stands for anything.
    fn definition_free(&mut self, expr: &Expr) {
        let mut reading = Reading::new(self.graph, 0);
        reading.expr(expr);
        self.found.extend(reading.found);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Path(..) => self.path(path(expr)),
            Kind::Call(Function::Listed, arguments, _) => self.listed(arguments),
            Kind::Call(Function::Define, arguments, _) => {
                let name = arguments.first().and_then(Expr::constant_text);
                let at = name.and_then(|name| self.graph.names.get(name).copied());
                at.into_iter().for_each(|at| self.definition(at));
            }
            Kind::Call(Function::Charted, ..) => self.destination(),
            Kind::Call(Function::Indicator, arguments, _) if arguments.len() == 1 => {
                self.destination();
            }
            Kind::Quantified(_, bindings, body) => self.quantified(bindings, body),
            _ => expr
                .children()
                .into_iter()
                .for_each(|child| self.expr(child)),
        }
    }

    /// A variable within stands for members of what it ranges over.
    fn path(&mut self, read: Option<Reads>) {
        self.found.extend(match read {
            Some(Reads::Local(at, field)) if at >= self.outside => {
                let origin = self.inside.get(at.saturating_sub(self.outside));
                match (origin, field) {
                    (Some(Some(Reads::Fact(fact, None))), Some(field)) => {
                        Some(Reads::Fact(*fact, Some(field)))
                    }
                    (origin, _) => origin.cloned().flatten(),
                }
            }
            read => read,
        });
    }

    fn destination(&mut self) {
        let fact = self.graph.destination;
        self.found.extend(fact.map(|fact| Reads::Fact(fact, None)));
    }

    fn listed(&mut self, arguments: &[Expr]) {
        let party = arguments.first().and_then(path);
        for field in ["name", "country", "listed_on"] {
            let field = Some(Arc::from(field));
            self.path(match &party {
                Some(Reads::Local(at, None)) => Some(Reads::Local(*at, field)),
                Some(Reads::Fact(fact, None)) => Some(Reads::Fact(*fact, field)),
                other => other.clone(),
            });
        }
    }

    fn quantified(&mut self, bindings: &[(Arc<str>, Expr)], body: &Expr) {
        let before = self.inside.len();
        for (_, domain) in bindings {
            self.expr(domain);
            self.inside.push(path(domain));
        }
        self.expr(body);
        self.inside.truncate(before);
    }
}
