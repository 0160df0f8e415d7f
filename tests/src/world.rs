//! A small world for the language's suites: a few facts of every type, and what they may refer to.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use catchall_engine::condition::{Environment, Names, Problem, Reference, Resolved, Trace};
use catchall_engine::facts::{
    Catalogue, CodeSet, FactId, Field, Record, Truth, Type, Value, read_value,
};
use catchall_engine::source::{Document, Json, Problems};
use serde_json::{Map, Value as JsonValue};

/// The groups of countries, with their members.
const GROUPS: [(&str, &[&str]); 2] = [("eu", &["DE", "FR"]), ("embargoed", &["KZ"])];
/// The control entries, each with the one directly above it.
const PARENTS: [(&str, &str); 3] = [
    ("5A001.f", "5A001"),
    ("5A001.f.1", "5A001.f"),
    ("5A001.j", "5A001"),
];

/// Facts with their values, and what else a condition may refer to. What is not given is unknown.
#[derive(Clone, Debug)]
pub struct World {
    catalogue: Arc<Catalogue>,
    /// The value of each fact, by its number.
    pub facts: Vec<Value>,
    /// Values of parameters, definitions and indicators, by kind and name.
    pub references: BTreeMap<(Reference, String), Value>,
    /// Whether `known(…)` may be used.
    pub allows_known: bool,
    /// Problems that were met in the data.
    pub problems: RefCell<Vec<Problem>>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// The world with nothing known.
    ///
    /// # Panics
    ///
    /// If the facts beside the suites cannot be read.
    #[expect(clippy::expect_used, reason = "the facts stand beside the suites")]
    pub fn new() -> Self {
        let text = include_str!("../data/language_facts.json");
        let document = Document::new("language_facts.json", text);
        let mut catalogue = Catalogue::parse(&document).expect("a good catalogue");
        let values = catalogue
            .code_set("entry")
            .map(|set| set.values.clone())
            .unwrap_or_default();
        let parents = PARENTS
            .iter()
            .map(|(code, parent)| (Arc::from(*code), Arc::from(*parent)))
            .collect();
        catalogue.fill("entry", values, parents);
        Self {
            facts: vec![Value::Unknown; catalogue.len()],
            catalogue: Arc::new(catalogue),
            references: BTreeMap::new(),
            allows_known: true,
            problems: RefCell::new(Vec::new()),
        }
    }

    /// The world in which what is written is known: facts by their paths, and `param(floor)`,
    /// `define(risky)`, `indicator(rule_of_law)` or `indicator(rule_of_law, KZ)` by such keys.
    pub fn given(known: &Map<String, JsonValue>) -> Result<Self, Problems> {
        let mut world = Self::new();
        let document = Document::new("given", "");
        let mut problems = Problems::new();
        for (key, json) in known {
            let json = Json::from(json.clone());
            match world.catalogue.by_path(key) {
                Some(id) => {
                    let Some(fact) = world.catalogue.fact(id) else {
                        continue;
                    };
                    let field = &fact.field;
                    let value = read_value(
                        &json.root(),
                        field,
                        &world.catalogue,
                        &document,
                        &mut problems,
                    );
                    world.set(id, value);
                }
                None => world.refer(key, &json, &document, &mut problems),
            }
        }
        problems.or(world)
    }

    fn refer(&mut self, key: &str, json: &Json, document: &Document, problems: &mut Problems) {
        let (word, name) = key.split_once('(').unwrap_or((key, ""));
        let name = name.trim_end_matches(')');
        let kind = match word {
            "param" => Reference::Parameter,
            "define" => Reference::Definition,
            "charted" => Reference::Column,
            _ => Reference::Indicator,
        };
        let plain = name.split(',').next().unwrap_or(name);
        let ty = self.reference(kind, plain).unwrap_or(Type::NUMBER);
        let field = field(key, &ty);
        let value = read_value(&json.root(), &field, &self.catalogue, document, problems);
        self.references.insert((kind, name.to_owned()), value);
    }

    /// The facts that there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Gives a fact a value.
    pub fn set(&mut self, id: FactId, value: Value) {
        if let Some(slot) = self.facts.get_mut(id.index()) {
            *slot = value;
        }
    }

    fn referred(&self, kind: Reference, name: &str) -> Value {
        self.references
            .get(&(kind, name.to_owned()))
            .cloned()
            .unwrap_or(Value::Unknown)
    }
}

fn field(name: &str, ty: &Type) -> Field {
    Field {
        name: name.into(),
        ty: ty.clone(),
        notation: ty.to_string(),
        unit: None,
        minimum: None,
        label: name.into(),
        question: "".into(),
        readable: true,
    }
}

impl Names for World {
    fn fact(&self, path: &[&str]) -> Option<Resolved> {
        (1..=path.len()).rev().find_map(|names| {
            let fact = self.catalogue.by_path(&path.get(..names)?.join("."))?;
            let field = &self.catalogue.fact(fact)?.field;
            Some(Resolved {
                fact,
                ty: field.ty.clone(),
                names,
                readable: field.readable,
            })
        })
    }

    fn fact_paths(&self) -> Vec<String> {
        self.catalogue.paths().map(str::to_owned).collect()
    }

    fn code_set(&self, name: &str) -> Option<&CodeSet> {
        self.catalogue.code_set(name)
    }

    fn reference(&self, kind: Reference, name: &str) -> Option<Type> {
        if !self.references(kind).iter().any(|known| known == name) {
            return None;
        }
        Some(match (kind, name) {
            (Reference::Group, _) => Type::Set("country".into()),
            (Reference::Parameter, "start") => Type::Date,
            (Reference::Parameter, "threshold") => Type::Number(Some("EUR".into())),
            (Reference::Parameter, "stems") => Type::Text.list(),
            (Reference::Parameter | Reference::Indicator, _) | (_, "score") => Type::NUMBER,
            _ => Type::Boolean,
        })
    }

    fn references(&self, kind: Reference) -> Vec<String> {
        let names: &[&str] = match kind {
            Reference::Group => &["embargoed", "eu"],
            Reference::Indicator => &["rule_of_law"],
            Reference::Parameter => &["floor", "start", "stems", "threshold"],
            Reference::Definition => &["risky", "score"],
            Reference::Column => &["CC1"],
            Reference::List => &["eu.financial_sanctions", "us.entity_list"],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn allows_known(&self) -> bool {
        self.allows_known
    }
}

impl Environment for World {
    fn fact(&self, id: FactId) -> Value {
        self.facts
            .get(id.index())
            .cloned()
            .unwrap_or(Value::Unknown)
    }

    fn group(&self, country: &str, group: &str) -> Truth {
        let members = GROUPS.iter().find(|(name, _)| *name == group);
        members.map_or(Truth::Unknown, |(_, members)| {
            Truth::from(members.contains(&country))
        })
    }

    fn indicator(&self, name: &str, country: Option<&str>) -> Value {
        match country {
            Some(country) => self.referred(Reference::Indicator, &format!("{name}, {country}")),
            None => self.referred(Reference::Indicator, name),
        }
    }

    fn parameter(&self, name: &str) -> Value {
        self.referred(Reference::Parameter, name)
    }

    fn definition(&self, name: &str) -> Value {
        self.referred(Reference::Definition, name)
    }

    fn definition_trace(&self, name: &str) -> Trace {
        Trace::leaf(name, self.definition(name))
    }

    fn charted(&self, column: &str) -> Truth {
        self.referred(Reference::Column, column).truth()
    }

    fn listed(&self, party: &Record, list: &str) -> Truth {
        match party.field("listed_on") {
            Value::Set(lists) => lists.any(|known| known == list),
            _ => Truth::Unknown,
        }
    }

    fn is_under(&self, code: &str, ancestor: &str) -> bool {
        self.catalogue
            .code_set("entry")
            .is_some_and(|set| set.is_under(code, ancestor))
    }

    fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }
}
