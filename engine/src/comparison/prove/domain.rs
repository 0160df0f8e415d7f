//! The values that facts can have, as far as conditions can tell them apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::condition::{Constant, NodeId, Observable, Observed, representatives};
use crate::facts::{Application, Catalogue, Decimal, FactId, Type, Value};
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::screening::Probe;
use crate::time::Dates;

/// Something that can have a value: a fact, a field of a list's members, or how many members a list has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Var {
    Fact(FactId),
    Field(FactId, Arc<str>),
    Length(FactId),
}

/// The values of a variable that are told apart.
#[derive(Clone, Debug)]
pub(super) enum Domain {
    /// One of these; the first is unknown.
    Values(Vec<Value>),
    /// A set of these codes: each certain, possible or absent; perhaps with others; or unknown as a whole.
    Set(Vec<Arc<str>>),
}

impl Domain {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Set(codes) => codes.len(),
        }
    }
}

/// All variables with their values, and what was left out.
#[derive(Debug)]
pub(super) struct Space<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) reference: &'a Reference,
    pub(super) dates: Dates,
    /// How many members a list has at most.
    pub(super) members: usize,
    constants: BTreeMap<Observable, Vec<Value>>,
    computed: BTreeSet<Observable>,
    lists: BTreeSet<Arc<str>>,
    stated: BTreeMap<Observable, Vec<Value>>,
    domains: BTreeMap<Var, Domain>,
    /// What was bounded, in words.
    pub(super) bounds: BTreeSet<String>,
}

impl<'a> Space<'a> {
    pub(super) fn new(
        catalogue: &'a Catalogue,
        reference: &'a Reference,
        dates: Dates,
        members: usize,
    ) -> Self {
        Self {
            catalogue,
            reference,
            dates,
            members,
            constants: BTreeMap::new(),
            computed: BTreeSet::new(),
            lists: BTreeSet::new(),
            stated: BTreeMap::new(),
            domains: BTreeMap::new(),
            bounds: BTreeSet::new(),
        }
    }

    /// Takes note of all that a ruleset compares facts with on the day, by the conditions given.
    pub(super) fn observe_ruleset(
        &mut self,
        ruleset: &Ruleset,
        conditions: &[NodeId],
        probe: &Probe<'_>,
    ) {
        self.observe(&ruleset.applies.observed(), probe);
        let rules = ruleset.rules.iter().zip(&ruleset.reading.rules);
        for (rule, _) in rules.filter(|(_, id)| conditions.contains(id)) {
            self.observe(&rule.observed, probe);
        }
        let graph = &ruleset.reading.graph;
        for (atom, facts) in graph.atoms() {
            let constants = graph.term(atom).constants();
            self.add_literals(facts, &constants);
        }
        if !self.computed.is_empty() {
            let names: Vec<&Arc<str>> = ruleset.parameters.keys().collect();
            let values: Vec<Value> = names.iter().map(|name| probe.parameter(name)).collect();
            let facts: BTreeSet<FactId> = self.computed.iter().map(|key| key.fact).collect();
            self.add_literals(&facts, &values);
        }
    }

    /// Takes note of the values that an application states, so that each is one of the values of its variable.
    pub(super) fn state(&mut self, application: &Application) {
        for (id, _) in self.catalogue.facts() {
            let items = application.items.iter().map(|item| item.fact(id));
            for value in items.chain([application.fact(id)]) {
                self.state_value(id, value);
            }
        }
    }

    fn state_value(&mut self, fact: FactId, value: &Value) {
        let mut add = |field: Option<Arc<str>>, value: &Value| {
            let key = Observable { fact, field };
            self.stated.entry(key).or_default().push(value.clone());
        };
        add(None, value);
        let Value::List(members) = value else { return };
        for member in members.iter() {
            if let Value::Record(record) = member {
                record
                    .fields
                    .iter()
                    .for_each(|(name, value)| add(Some(Arc::clone(name)), value));
            }
        }
    }

    /// Constants that a fact meets in a computation.
    fn add_literals(&mut self, facts: &BTreeSet<FactId>, constants: &[Value]) {
        let keys = self.computed.iter().filter(|key| facts.contains(&key.fact));
        for key in keys.cloned().collect::<Vec<Observable>>() {
            self.constants
                .entry(key)
                .or_default()
                .extend_from_slice(constants);
        }
    }

    pub(super) fn observe(&mut self, observed: &Observed, probe: &Probe<'_>) {
        use crate::condition::Reference as Kind;
        for (key, constants) in &observed.facts {
            let known = self.constants.entry(key.clone()).or_default();
            for constant in constants {
                match constant {
                    Constant::Value(value) => known.push(value.clone()),
                    Constant::Ancestor(code) => known.push(Value::Text(Arc::clone(code))),
                    Constant::Parameter(name) => match probe.parameter(name) {
                        Value::List(items) => known.extend(items.iter().cloned()),
                        value => known.push(value),
                    },
                    Constant::Computed => _ = self.computed.insert(key.clone()),
                    Constant::Group(_) => {}
                }
            }
        }
        let lists = observed.references.iter();
        let lists = lists.filter(|(kind, _)| *kind == Kind::List);
        self.lists.extend(lists.map(|(_, name)| Arc::clone(name)));
    }

    /// A variable's name, as a condition writes it.
    pub(super) fn name(&self, var: &Var) -> String {
        let fact = |id: &FactId| {
            let fact = self.catalogue.fact(*id);
            fact.map_or_else(String::new, |fact| fact.field.name.to_string())
        };
        match var {
            Var::Fact(id) => fact(id),
            Var::Field(id, field) => format!("{}[].{field}", fact(id)),
            Var::Length(id) => format!("count({})", fact(id)),
        }
    }

    pub(super) fn ty(&self, var: &Var) -> Option<Type> {
        match var {
            Var::Fact(id) => self.catalogue.fact(*id).map(|fact| fact.field.ty.clone()),
            Var::Field(id, name) => {
                let list = self.catalogue.fact(*id)?.field.ty.member()?;
                list.field(name).cloned()
            }
            Var::Length(_) => Some(Type::NUMBER),
        }
    }

    /// The fields of a list's members.
    pub(super) fn fields(&self, list: FactId) -> Vec<(Arc<str>, Type)> {
        let fact = self.catalogue.fact(list);
        match fact.and_then(|fact| fact.field.ty.member()) {
            Some(Type::Record(fields)) => fields.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Whether a fact is a list of records.
    pub(super) fn is_list(&self, id: FactId) -> bool {
        let fact = self.catalogue.fact(id);
        fact.is_some_and(|fact| matches!(fact.field.ty, Type::List(_)))
    }

    pub(super) fn domain(&mut self, var: &Var) -> &Domain {
        if !self.domains.contains_key(var) {
            let domain = self.make(var);
            self.domains.insert(var.clone(), domain);
        }
        self.domains
            .entry(var.clone())
            .or_insert_with(|| Domain::Values(vec![Value::Unknown]))
    }

    /// The values of a variable, if something reads it.
    pub(super) fn known(&self, var: &Var) -> Option<&Domain> {
        self.domains.get(var)
    }

    /// All variables that something reads.
    pub(super) fn domains(&self) -> impl Iterator<Item = (&Var, &Domain)> {
        self.domains.iter()
    }

    /// Leaves out all but the first values of a variable, and says so, and in which part it had too many.
    pub(super) fn keep(&mut self, var: &Var, first: usize, part: &str) {
        let name = self.name(var);
        let (words, values) = match self.domains.get_mut(var) {
            Some(Domain::Values(values)) => {
                values.truncate(first);
                let told: Vec<String> = values.iter().map(ToString::to_string).collect();
                (format!("{name} is one of: "), told.join(", "))
            }
            Some(Domain::Set(codes)) => {
                codes.truncate(first);
                (
                    format!("{name} holds only members among: "),
                    codes.join(", "),
                )
            }
            None => return,
        };
        self.bounds.retain(|bound| !bound.starts_with(&words));
        self.bounds.insert(format!(
            "{words}{values} (too many combinations in `{part}`)"
        ));
    }

    fn make(&mut self, var: &Var) -> Domain {
        if let Var::Length(id) = var {
            let members = self.members;
            let name = self.name(&Var::Fact(*id));
            self.bounds.insert(format!("{name} are at most {members}"));
            let counts = (0..=members).filter_map(|count| i64::try_from(count).ok());
            let counts = counts.map(|count| Value::Number(Decimal::from(count)));
            return Domain::Values([Value::Unknown].into_iter().chain(counts).collect());
        }
        let ty = self.ty(var).unwrap_or(Type::Any);
        let (id, field) = match var {
            Var::Field(id, name) => (*id, Some(Arc::clone(name))),
            Var::Fact(id) | Var::Length(id) => (*id, None),
        };
        let key = Observable { fact: id, field };
        let constants = self.constants.get(&key).cloned().unwrap_or_default();
        if let Type::Set(set) = &ty {
            return Domain::Set(self.codes(set, &constants));
        }
        let mut known = self.values(&key, &ty, &constants);
        for value in self.stated.get(&key).into_iter().flatten() {
            if !value.is_unknown() && !known.contains(value) {
                known.push(value.clone());
            }
        }
        let allowed = known
            .into_iter()
            .filter(|value| self.may_state(&key, value));
        let values: Vec<Value> = [Value::Unknown].into_iter().chain(allowed).collect();
        if self.computed.contains(&key)
            && matches!(
                ty,
                Type::Number(_) | Type::Date | Type::Duration | Type::Text
            )
        {
            let told: Vec<String> = values.iter().skip(1).map(ToString::to_string).collect();
            let name = self.name(var);
            self.bounds.insert(format!(
                "{name}, which goes into a computation, is one of: {}",
                told.join(", ")
            ));
        }
        Domain::Values(values)
    }

    fn values(&self, key: &Observable, ty: &Type, constants: &[Value]) -> Vec<Value> {
        match ty {
            Type::Code(set) if set.as_ref() == "country" => self.countries(),
            Type::Code(set) => match self.catalogue.code_set(set) {
                Some(codes) if codes.values.len() <= 400 => codes
                    .values
                    .keys()
                    .map(|code| Value::Text(Arc::clone(code)))
                    .collect(),
                codes => representatives(ty, constants, codes),
            },
            Type::Text if key.field.as_deref() == Some("name") => self.names(constants),
            Type::Number(_) if self.computed.contains(key) => {
                let small = [0_i64, 1, 2].map(|number| Value::Number(Decimal::from(number)));
                let constants: Vec<Value> = constants.iter().cloned().chain(small).collect();
                representatives(ty, &constants, None)
            }
            _ => representatives(ty, constants, None),
        }
    }

    /// Whether an application may state the value.
    fn may_state(&self, key: &Observable, value: &Value) -> bool {
        let fact = self.catalogue.fact(key.fact);
        let minimum = match (&key.field, fact) {
            (None, Some(fact)) => fact.field.minimum.as_ref(),
            _ => None,
        };
        match (minimum, value) {
            (Some(minimum), Value::Number(number)) => number >= minimum,
            _ => true,
        }
    }

    /// Countries of the day; those first of which most figures are known.
    fn countries(&self) -> Vec<Value> {
        let present = self.reference.destinations.iter();
        let mut present: Vec<&Arc<str>> = present
            .filter(|place| place.period.contains(self.dates.as_of))
            .map(|place| &place.code)
            .collect();
        let figures = |code: &Arc<str>| {
            let series = self.reference.indicators.iter();
            series
                .filter(|(_, series)| series.latest(code, self.dates).is_some())
                .count()
        };
        present.sort_by_cached_key(|code| std::cmp::Reverse(figures(code)));
        present
            .into_iter()
            .map(|code| Value::Text(Arc::clone(code)))
            .collect()
    }

    /// Names that the table of listings can tell apart: one for each country, set of lists and state on the day;
    /// and one that it does not hold.
    fn names(&self, constants: &[Value]) -> Vec<Value> {
        let listings: Vec<_> = self.reference.listings.iter().collect();
        let mut seen = BTreeSet::new();
        let mut found = representatives(&Type::Text, constants, None);
        for listing in listings.iter().filter(|one| self.lists.contains(&one.list)) {
            let told: BTreeSet<_> = listings
                .iter()
                .filter(|other| other.name == listing.name && self.lists.contains(&other.list))
                .map(|one| {
                    (
                        &one.list,
                        one.country.as_ref(),
                        one.period.contains(self.dates.as_of),
                    )
                })
                .collect();
            if seen.insert(told) {
                found.push(Value::Text(Arc::clone(&listing.name)));
            }
        }
        found
    }

    /// The codes of a set; those first that some condition names.
    fn codes(&self, set: &str, constants: &[Value]) -> Vec<Arc<str>> {
        let all = self.catalogue.code_set(set);
        let mut named: BTreeSet<Arc<str>> = BTreeSet::new();
        for constant in constants {
            match constant {
                Value::Text(code) => _ = named.insert(Arc::clone(code)),
                Value::List(items) => {
                    named.extend(items.iter().filter_map(Value::as_text).map(Arc::from));
                }
                _ => {}
            }
        }
        let known = |code: &Arc<str>| all.is_some_and(|all| all.values.contains_key(code));
        let others = all.into_iter().flat_map(|all| all.values.keys());
        let others = others.filter(|code| !named.contains(*code)).cloned();
        let mut codes: Vec<Arc<str>> = named.iter().filter(|code| known(code)).cloned().collect();
        codes.extend(others);
        codes
    }
}
