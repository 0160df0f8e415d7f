//! The catalogue of facts: which there are, of what type, and how a person is asked for each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Decimal;
use super::tree::Tree;
use super::types::Type;
use crate::source::{Collector, Diagnostic, Document, Node, Object, Problems, nearest};

/// The number of a fact in its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u16);

impl FactId {
    /// The number as an index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a fact is a fact of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole application.
    Application,
    /// One item, one line of the application.
    Item,
}

/// A named set of codes, perhaps with ancestors (5A001.f.1 is under 5A001.f).
#[derive(Clone, Debug, Default)]
pub struct CodeSet {
    /// What the set is, for people.
    pub title: String,
    /// The reference table that fills it, if its values are not written in the catalogue.
    pub table: Option<String>,
    /// Code and label.
    pub values: BTreeMap<Arc<str>, Arc<str>>,
    /// Code and the code directly above it.
    pub parents: BTreeMap<Arc<str>, Arc<str>>,
}

impl CodeSet {
    /// A code, the code directly above it, and so on.
    pub fn line<'c>(&'c self, code: &'c str) -> impl Iterator<Item = &'c str> {
        let above = |code: &&str| self.parents.get(*code).map(AsRef::as_ref);
        let most = self.parents.len().saturating_add(1);
        std::iter::successors(Some(code), move |code| above(code)).take(most)
    }

    /// Whether the code is the ancestor or stands somewhere under it.
    pub fn is_under(&self, code: &str, ancestor: &str) -> bool {
        self.line(code).any(|here| here == ancestor)
    }

    /// The code whose own text or label is most like what was written.
    pub fn suggest(&self, text: &str) -> Option<&Arc<str>> {
        let wanted = text.to_lowercase();
        let same = |(code, label): &(&Arc<str>, &Arc<str>)| {
            code.to_lowercase() == wanted || label.to_lowercase() == wanted
        };
        self.values
            .iter()
            .find(same)
            .map(|(code, _)| code)
            .or_else(|| {
                let near = nearest(text, self.values.keys().map(AsRef::as_ref))
                    .map(str::to_owned)
                    .or_else(|| self.by_label(text))?;
                self.values
                    .get_key_value(near.as_str())
                    .map(|(code, _)| code)
            })
    }

    fn by_label(&self, text: &str) -> Option<String> {
        let label = nearest(text, self.values.values().map(AsRef::as_ref))?;
        self.values
            .iter()
            .find(|(_, known)| known.as_ref() == label)
            .map(|(code, _)| code.to_string())
    }
}

/// One value of a fact or of a record's field, as a person is asked for it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name: a path such as `item.entries`, or a record's field such as `role`.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// The type as the catalogue writes it.
    pub notation: String,
    /// Unit of a number, such as `EUR`; none for a plain number.
    pub unit: Option<Arc<str>>,
    /// Least value of a number.
    pub minimum: Option<Decimal>,
    /// What it is, in a few words.
    pub label: Arc<str>,
    /// How to ask a person for it.
    pub question: Arc<str>,
    /// Whether conditions may read it.
    pub readable: bool,
}

impl Field {
    /// A value that a ruleset states itself: a parameter, or a decision table's output.
    pub(crate) fn constant(label: Arc<str>, ty: Type, notation: String) -> Self {
        Self {
            name: Arc::clone(&label),
            ty,
            notation,
            unit: None,
            minimum: None,
            label,
            question: "".into(),
            readable: true,
        }
    }
}

/// A fact: a named, typed value that a condition can read.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Name, type, label, question.
    pub field: Field,
    /// What it is a fact of.
    pub scope: Scope,
    /// Where the application holds it, such as `/items/*/entries`.
    pub pointer: String,
}

/// The fields of a party, or of a transit point.
#[derive(Clone, Debug)]
pub struct RecordType {
    /// The fields in their order.
    pub fields: Vec<Field>,
}

/// All facts, code sets and record types.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    code_sets: BTreeMap<Arc<str>, CodeSet>,
    records: BTreeMap<Arc<str>, RecordType>,
    facts: Vec<Fact>,
    by_path: BTreeMap<Arc<str>, FactId>,
    application: Tree,
    item: Tree,
}

impl Catalogue {
    /// Reads `facts.json`.
    pub fn parse(document: &Document) -> Result<Self, Problems> {
        let json = document.json()?;
        let mut catalogue = Self::default();
        let mut reader = Collector::new(document);
        if let Some(root) = reader.object(&json.root(), &["code_sets", "records", "facts"]) {
            catalogue.add_code_sets(&mut reader, &root);
            catalogue.add_records(&mut reader, &root);
            catalogue.add_facts(&mut reader, &root);
        }
        reader.problems.or(catalogue)
    }

    /// The catalogue with the facts that a ruleset adds under `facts` and `code_sets`.
    pub fn extended(&self, document: &Document, root: &Object<'_>) -> Result<Self, Problems> {
        let mut catalogue = self.clone();
        let mut reader = Collector::new(document);
        catalogue.add_code_sets(&mut reader, root);
        catalogue.add_facts(&mut reader, root);
        reader.problems.or(catalogue)
    }

    /// Gives a set that a reference table fills its codes.
    pub fn fill(
        &mut self,
        set: &str,
        values: BTreeMap<Arc<str>, Arc<str>>,
        parents: BTreeMap<Arc<str>, Arc<str>>,
    ) {
        if let Some(set) = self.code_sets.get_mut(set) {
            set.values = values;
            set.parents = parents;
        }
    }

    /// All facts in the order of the catalogue.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        (0..).map(FactId).zip(&self.facts)
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is no fact.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// A fact by its number.
    pub fn fact(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(id.index())
    }

    /// A fact by its path.
    pub fn by_path(&self, path: &str) -> Option<FactId> {
        self.by_path.get(path).copied()
    }

    /// All paths, for suggestions.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(AsRef::as_ref)
    }

    /// A code set by its name.
    pub fn code_set(&self, name: &str) -> Option<&CodeSet> {
        self.code_sets.get(name)
    }

    /// All code sets with their names.
    pub fn code_sets(&self) -> impl Iterator<Item = (&str, &CodeSet)> {
        self.code_sets
            .iter()
            .map(|(name, set)| (name.as_ref(), set))
    }

    /// A record type by its name.
    pub fn record(&self, name: &str) -> Option<&RecordType> {
        self.records.get(name)
    }

    /// The record type of a `list<…>` fact's members, by the fact's notation.
    pub fn record_of(&self, notation: &str) -> Option<&RecordType> {
        self.record(inside(notation, "list<", ">")?)
    }

    /// The type that a notation such as `set<use>` or `list<party>` names.
    pub fn parse_type(&self, notation: &str) -> Option<Type> {
        let plain = match notation {
            "boolean" => Some(Type::Boolean),
            "number" => Some(Type::NUMBER),
            "date" => Some(Type::Date),
            "text" => Some(Type::Text),
            "duration" => Some(Type::Duration),
            _ => None,
        };
        plain.or_else(|| self.parse_composed(notation))
    }

    fn parse_composed(&self, notation: &str) -> Option<Type> {
        let known = |name: &str| {
            self.code_sets
                .get_key_value(name)
                .map(|(name, _)| Arc::clone(name))
        };
        if let Some(name) = inside(notation, "code(", ")") {
            return known(name).map(Type::Code);
        }
        if let Some(name) = inside(notation, "set<", ">") {
            return known(name).map(Type::Set);
        }
        let member = inside(notation, "list<", ">")?;
        match self.records.get(member) {
            Some(record) => {
                let fields = record
                    .fields
                    .iter()
                    .map(|field| (Arc::clone(&field.name), field.ty.clone()));
                Some(Type::Record(fields.collect()).list())
            }
            None => self.parse_type(member).map(Type::list),
        }
    }

    fn add_code_sets(&mut self, reader: &mut Collector<'_>, root: &Object<'_>) {
        for (name, node) in reader.entries(root, "code_sets") {
            let Some(object) = reader.object(&node, &["title", "table", "values"]) else {
                continue;
            };
            let title = reader.optional_text(&object, "title").unwrap_or_default();
            let table = object
                .get("table")
                .and_then(|node| node.value().as_str().map(str::to_owned));
            let mut values = BTreeMap::new();
            for (code, label) in reader.entries(&object, "values") {
                values.insert(
                    Arc::from(code),
                    Arc::from(label.value().as_str().unwrap_or(code)),
                );
            }
            self.code_sets.insert(
                name.into(),
                CodeSet {
                    title,
                    table,
                    values,
                    parents: BTreeMap::new(),
                },
            );
        }
    }

    fn add_records(&mut self, reader: &mut Collector<'_>, root: &Object<'_>) {
        for (name, node) in reader.entries(root, "records") {
            let fields = node.object().map(|object| {
                let named: Vec<_> = object.entries().collect();
                named
                    .into_iter()
                    .filter_map(|(field, node)| self.read_field(reader, field, &node, &[]))
                    .collect()
            });
            self.records.insert(
                name.into(),
                RecordType {
                    fields: fields.unwrap_or_default(),
                },
            );
        }
    }

    fn add_facts(&mut self, reader: &mut Collector<'_>, root: &Object<'_>) {
        for (path, node) in reader.entries(root, "facts") {
            let pointer = node
                .object()
                .and_then(|object| reader.text(&object, "field"));
            let field = self.read_field(reader, path, &node, &["field"]);
            if let (Some(field), Some(pointer)) = (field, pointer) {
                self.add_fact(reader, &node, field, pointer);
            }
        }
    }

    fn add_fact(
        &mut self,
        reader: &mut Collector<'_>,
        node: &Node<'_>,
        field: Field,
        pointer: String,
    ) {
        let scope = if pointer.starts_with("/items/*/") {
            Scope::Item
        } else {
            Scope::Application
        };
        if self.has(&field, &pointer) {
            return;
        }
        let number = u16::try_from(self.facts.len()).unwrap_or(u16::MAX);
        if self
            .by_path
            .insert(Arc::clone(&field.name), FactId(number))
            .is_some()
        {
            let found = format!("the fact `{}` a second time", field.name);
            reader.report(node, Diagnostic::error("R103", found, "each fact once"));
        }
        let id = FactId(number);
        match scope {
            Scope::Application => self.application.add(&pointer, id),
            Scope::Item => {
                let within = pointer.strip_prefix("/items/*").unwrap_or(&pointer);
                self.item.add(within, id);
            }
        }
        self.facts.push(Fact {
            field,
            scope,
            pointer,
        });
    }

    /// The keys of the objects that hold facts of a scope.
    pub(super) fn tree(&self, scope: Scope) -> &Tree {
        match scope {
            Scope::Application => &self.application,
            Scope::Item => &self.item,
        }
    }

    /// Whether a fact is there already, alike in all that conditions and applications see of it.
    fn has(&self, field: &Field, pointer: &str) -> bool {
        let known = self.by_path(&field.name).and_then(|id| self.fact(id));
        known.is_some_and(|known| {
            known.pointer == pointer
                && known.field.notation == field.notation
                && known.field.unit == field.unit
                && known.field.minimum == field.minimum
                && known.field.readable == field.readable
        })
    }

    fn read_field(
        &self,
        reader: &mut Collector<'_>,
        name: &str,
        node: &Node<'_>,
        also: &[&str],
    ) -> Option<Field> {
        let mut known = vec!["type", "unit", "minimum", "label", "question", "readable"];
        known.extend(also);
        let object = reader.object(node, &known)?;
        let notation = reader.text(&object, "type")?;
        let Some(ty) = self.parse_type(&notation) else {
            let found = format!("the type `{notation}`");
            let expected =
                "boolean, number, date, text, duration, code(set), set<set>, list<record>";
            reader.report(node, Diagnostic::error("R104", found, expected));
            return None;
        };
        let optional = |key: &str| {
            object
                .get(key)
                .and_then(|node| node.value().as_str().map(Arc::from))
        };
        let unit: Option<Arc<str>> = optional("unit");
        let ty = if ty == Type::NUMBER {
            Type::Number(unit.clone())
        } else {
            ty
        };
        let readable = object
            .get("readable")
            .and_then(|node| node.value().as_bool())
            .unwrap_or(true);
        Some(Field {
            name: name.into(),
            ty,
            notation,
            unit,
            minimum: optional("minimum").and_then(|text: Arc<str>| Decimal::parse(&text)),
            label: reader.text(&object, "label")?.into(),
            question: reader
                .optional_text(&object, "question")
                .unwrap_or_default()
                .into(),
            readable,
        })
    }
}

fn inside<'a>(notation: &'a str, open: &str, close: &str) -> Option<&'a str> {
    notation.strip_prefix(open)?.strip_suffix(close)
}
