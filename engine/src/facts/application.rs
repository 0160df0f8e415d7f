//! The facts of one proposed export.

use std::sync::Arc;

use super::catalogue::{Catalogue, FactId, Scope};
use super::reader::read_fields;
use super::tree::Tree;
use super::value::Value;
use crate::limits;
use crate::source::{Diagnostic, Document, Json, Node, Object, Problems, nearest};
use crate::time::{Date, Dates};

/// The facts of one proposed export: parties, items, destination, end use, knowledge, safeguards.
///
/// A fact that nobody stated is [`Value::Unknown`]. What cannot be read is an error with its place;
/// an application with an error is not screened.
#[derive(Clone, Debug)]
pub struct Application {
    /// The applicant's or authority's own number for it.
    pub id: Option<Arc<str>>,
    /// The day whose law and facts apply, if the application states it.
    pub as_of: Option<Date>,
    /// The day up to which data had been published, if the application states it.
    pub known_at: Option<Date>,
    facts: Vec<Value>,
    /// Its items, at least one.
    pub items: Vec<ItemFacts>,
    json: Json,
}

/// The facts of one item, one line of an application.
#[derive(Clone, Debug)]
pub struct ItemFacts {
    /// The line's number: as stated, else its position from 1.
    pub line: i64,
    facts: Vec<Value>,
}

impl Application {
    /// Reads an application, and reports everything that is wrong with it at once.
    pub fn read(document: &Document, catalogue: &Catalogue) -> Result<Self, Problems> {
        Self::from_json(document.json()?, document, catalogue)
    }

    /// Reads an application from JSON that was parsed already; `document` names it in errors.
    pub fn from_json(
        json: Json,
        document: &Document,
        catalogue: &Catalogue,
    ) -> Result<Self, Problems> {
        let mut reader = ApplicationReader {
            document,
            catalogue,
            problems: Problems::new(),
            facts: vec![Value::Unknown; catalogue.len()],
            items: Vec::new(),
        };
        let head = reader.read(&json.root());
        let ApplicationReader {
            facts,
            items,
            problems,
            ..
        } = reader;
        let (id, as_of, known_at) = head;
        problems.or(Self {
            id,
            as_of,
            known_at,
            facts,
            items,
            json,
        })
    }

    /// The two dates: those that are given, else the application's own. Nobody guesses a day: if there is
    /// none, the error says that it may be written into the application, or `how` else it is stated.
    pub fn dates(
        &self,
        as_of: Option<Date>,
        known_at: Option<Date>,
        document: &Document,
        how: &str,
    ) -> Result<Dates, Diagnostic> {
        let Some(as_of) = as_of.or(self.as_of) else {
            let error = Diagnostic::error("A104", "no `as_of`", "the day whose law applies");
            let help = format!("write \"as_of\": \"YYYY-MM-DD\" into the application, or {how}");
            return Err(error.help(help).at(document.place("")));
        };
        Ok(Dates {
            as_of,
            known_at: known_at.or(self.known_at).unwrap_or(as_of),
        })
    }

    /// The value of a fact of the application as a whole.
    pub fn fact(&self, id: FactId) -> &Value {
        self.facts.get(id.index()).unwrap_or(&Value::Unknown)
    }

    /// The same application with another value for one of its own facts.
    #[must_use]
    pub fn with_fact(&self, id: FactId, value: Value) -> Self {
        let mut changed = self.clone();
        if let Some(slot) = changed.facts.get_mut(id.index()) {
            *slot = value;
        }
        changed
    }

    /// The document it was read from, as JSON.
    pub fn json(&self) -> &Json {
        &self.json
    }
}

impl ItemFacts {
    /// The value of a fact of this item.
    pub fn fact(&self, id: FactId) -> &Value {
        self.facts.get(id.index()).unwrap_or(&Value::Unknown)
    }

    /// The same item with another value for one of its facts.
    #[must_use]
    pub fn with_fact(&self, id: FactId, value: Value) -> Self {
        let mut changed = self.clone();
        if let Some(slot) = changed.facts.get_mut(id.index()) {
            *slot = value;
        }
        changed
    }
}

type Head = (Option<Arc<str>>, Option<Date>, Option<Date>);

struct ApplicationReader<'a> {
    document: &'a Document,
    catalogue: &'a Catalogue,
    problems: Problems,
    facts: Vec<Value>,
    items: Vec<ItemFacts>,
}

impl ApplicationReader<'_> {
    fn read(&mut self, root: &Node<'_>) -> Head {
        let Some(object) = root.object() else {
            self.report(
                root,
                Diagnostic::error("A102", root.kind(), "an application, an object"),
            );
            return (None, None, None);
        };
        let tree = self.catalogue.tree(Scope::Application);
        let mut facts = std::mem::take(&mut self.facts);
        self.read_tree(
            &object,
            tree,
            &["id", "as_of", "known_at", "items"],
            &mut facts,
        );
        self.facts = facts;
        self.read_items(&object);
        let id = object.get("id").and_then(|node| self.read_id(&node));
        (
            id,
            self.read_date(&object, "as_of"),
            self.read_date(&object, "known_at"),
        )
    }

    fn read_id(&mut self, node: &Node<'_>) -> Option<Arc<str>> {
        let id = node.value().as_str().map(Arc::from);
        if id.is_none() && !node.value().is_null() {
            self.report(
                node,
                Diagnostic::error("A201", node.kind(), "text for the application's id"),
            );
        }
        id
    }

    fn read_date(&mut self, object: &Object<'_>, key: &str) -> Option<Date> {
        let node = object.get(key).filter(|node| !node.value().is_null())?;
        let date = node.value().as_str().and_then(Date::parse);
        if date.is_none() {
            let expected = format!("a day that exists for `{key}`, written YYYY-MM-DD");
            self.report(&node, Diagnostic::error("A203", node.kind(), expected));
        }
        date
    }

    fn read_items(&mut self, object: &Object<'_>) {
        let node = object.get("items");
        let items = node.as_ref().and_then(Node::items).unwrap_or_default();
        if items.is_empty() || items.len() > limits::APPLICATION_LINES {
            let found = node
                .as_ref()
                .map_or_else(|| "no `items`".to_owned(), Node::kind);
            let expected = format!("a list of 1 to {} items", limits::APPLICATION_LINES);
            let place = node.map_or_else(
                || self.document.place(""),
                |node| self.document.place_of(&node),
            );
            let help = "add \"items\": [{}] and state what is known of each item";
            self.problems.push(
                Diagnostic::error("A103", found, expected)
                    .help(help)
                    .at(place),
            );
            return;
        }
        let tree = self.catalogue.tree(Scope::Item);
        for (item, position) in items.iter().zip(1..) {
            self.read_item(item, position, tree);
        }
    }

    fn read_item(&mut self, node: &Node<'_>, position: i64, tree: &Tree) {
        let Some(object) = node.object() else {
            self.report(
                node,
                Diagnostic::error("A201", node.kind(), "an item, an object"),
            );
            return;
        };
        let mut facts = vec![Value::Unknown; self.catalogue.len()];
        self.read_tree(&object, tree, &["line"], &mut facts);
        let line = object.get("line").map_or(position, |node| {
            node.value().as_i64().unwrap_or_else(|| {
                self.report(
                    &node,
                    Diagnostic::error("A201", node.kind(), "a whole number for `line`"),
                );
                position
            })
        });
        self.items.push(ItemFacts { line, facts });
    }

    fn read_tree(&mut self, object: &Object<'_>, tree: &Tree, also: &[&str], facts: &mut [Value]) {
        for (key, node) in object.entries() {
            match tree.children.get(key) {
                Some(child) if !child.facts.is_empty() => self.read_leaf(&node, child, facts),
                Some(child) => match node.object() {
                    Some(object) => self.read_tree(&object, child, &[], facts),
                    None if node.value().is_null() => {}
                    None => self.report(
                        &node,
                        Diagnostic::error("A201", node.kind(), "an object, or null"),
                    ),
                },
                None if also.contains(&key) => {}
                None => self.unknown_key(key, &node, tree, also),
            }
        }
    }

    fn read_leaf(&mut self, node: &Node<'_>, leaf: &Tree, facts: &mut [Value]) {
        let fields = leaf.fields(self.catalogue);
        let values = read_fields(
            node,
            &fields,
            self.catalogue,
            self.document,
            &mut self.problems,
        );
        for (id, value) in leaf.facts.iter().zip(values) {
            if let Some(slot) = facts.get_mut(id.index()) {
                *slot = value;
            }
        }
    }

    fn unknown_key(&mut self, key: &str, node: &Node<'_>, tree: &Tree, also: &[&str]) {
        let known: Vec<&str> = tree
            .children
            .keys()
            .map(AsRef::as_ref)
            .chain(also.iter().copied())
            .collect();
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        self.report(
            node,
            Diagnostic::error("A101", format!("the unknown key `{key}`"), "a known key").help(help),
        );
    }

    fn report(&mut self, node: &Node<'_>, diagnostic: Diagnostic) {
        self.problems
            .push(diagnostic.at(self.document.place_of(node)));
    }
}
