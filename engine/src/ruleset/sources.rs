//! The documents of a ruleset, and the one document that they make together.

use serde_json::{Map, Value};

use crate::source::{Diagnostic, Document, Json, Place, Problems};

/// The documents of one ruleset: its head, and one document a rule.
#[derive(Clone, Debug)]
pub struct RulesetFiles {
    head: (Document, Json),
    rules: Vec<(Document, Json)>,
}

impl RulesetFiles {
    /// Takes `ruleset.json` and the documents of its rules, in any order.
    pub fn read(head: Document, rules: Vec<Document>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut parsed = Vec::new();
        let mut parse = |document: Document| match document.json() {
            Ok(json) => Some((document, json)),
            Err(found) => {
                problems.extend(found);
                None
            }
        };
        let head = parse(head);
        parsed.extend(rules.into_iter().filter_map(&mut parse));
        match head {
            Some(head) => problems.or(Self {
                head,
                rules: parsed,
            }),
            None => Err(problems),
        }
    }

    /// Takes a ruleset that stands in one document, its rules under `rules` by their ids.
    pub fn from_assembled(document: &Document) -> Result<Self, Problems> {
        Self::from_value(document.json()?.into_value(), document)
    }

    /// Takes an assembled ruleset; errors are placed in the document, whose pointers are the same.
    pub fn from_value(assembled: Value, document: &Document) -> Result<Self, Problems> {
        let Value::Object(mut head) = assembled else {
            let error = Diagnostic::error(
                "R102",
                "a document that is no object",
                "a ruleset, an object",
            );
            return Err(error.at(document.place("")).into());
        };
        let rules = match head.remove("rules") {
            Some(Value::Object(rules)) => rules,
            _ => Map::new(),
        };
        let part = |id: &str| document.part(&format!("/rules/{}", escaped(id)));
        let rules = rules
            .into_iter()
            .map(|(id, rule)| (part(&id), Json::from(rule)))
            .collect();
        Ok(Self {
            head: (document.clone(), Json::from(Value::Object(head))),
            rules,
        })
    }

    /// Whether these are the documents of the ruleset of an id.
    pub fn is_of(&self, id: &str) -> bool {
        self.head.1.value().get("id").and_then(Value::as_str) == Some(id)
    }

    pub(super) fn head(&self) -> (&Document, &Json) {
        (&self.head.0, &self.head.1)
    }

    pub(super) fn rules(&self) -> &[(Document, Json)] {
        &self.rules
    }

    /// The one document: the head with every rule under `rules` by its id. Its hash is the ruleset's identity.
    pub fn assembled(&self) -> Result<Value, Problems> {
        let Value::Object(mut whole) = self.head.1.value().clone() else {
            let place = Place {
                document: self.head.0.name().to_owned(),
                ..Place::default()
            };
            return Err(Diagnostic::error(
                "R102",
                "a document that is no object",
                "a ruleset, an object",
            )
            .at(place)
            .into());
        };
        let mut rules = Map::new();
        for (document, json) in &self.rules {
            let id = json
                .value()
                .get("id")
                .and_then(Value::as_str)
                .unwrap_or(document.name());
            rules.insert(id.to_owned(), json.value().clone());
        }
        rules.sort_keys();
        whole.insert("rules".to_owned(), Value::Object(rules));
        Ok(Value::Object(whole))
    }
}

/// A key as a part of an RFC 6901 pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
