//! Reads the objects of one document and collects everything that is wrong with them.

use serde_json::Value;

use super::diagnostic::{Diagnostic, Problems};
use super::document::Document;
use super::json::{Node, Object};
use crate::time::{Date, Period};

/// Reads a document's objects key by key. What is wrong is collected, never lost.
#[derive(Debug)]
pub struct Collector<'d> {
    /// The document, for places.
    pub document: &'d Document,
    /// What was found wrong so far.
    pub problems: Problems,
}

impl<'d> Collector<'d> {
    /// Nothing wrong yet.
    pub fn new(document: &'d Document) -> Self {
        Self {
            document,
            problems: Problems::new(),
        }
    }

    /// Reports something wrong with a value.
    pub fn report(&mut self, node: &Node<'_>, diagnostic: Diagnostic) {
        self.problems
            .push(diagnostic.at(self.document.place_of(node)));
    }

    /// Reports something wrong with an object as a whole.
    pub fn report_object(&mut self, object: &Object<'_>, diagnostic: Diagnostic) {
        self.problems
            .push(diagnostic.at(self.document.place(object.pointer())));
    }

    /// An object with only known keys.
    pub fn object<'a>(&mut self, node: &Node<'a>, known: &[&str]) -> Option<Object<'a>> {
        if let Some(object) = node.object() {
            object.refuse_unknown(known, "R101", self.document, &mut self.problems);
            return Some(object);
        }
        self.wrong_kind(node, "an object");
        None
    }

    /// The entries of the object under a key; none if the key is absent.
    pub fn entries<'a>(&mut self, object: &Object<'a>, key: &str) -> Vec<(&'a str, Node<'a>)> {
        let Some(node) = object.get(key) else {
            return Vec::new();
        };
        if let Some(object) = node.object() {
            return object.entries().collect();
        }
        self.wrong_kind(&node, "an object");
        Vec::new()
    }

    /// The members of the list under a key; none if the key is absent.
    pub fn items<'a>(&mut self, object: &Object<'a>, key: &str) -> Vec<Node<'a>> {
        let Some(node) = object.get(key) else {
            return Vec::new();
        };
        node.items().unwrap_or_else(|| {
            self.wrong_kind(&node, "a list");
            Vec::new()
        })
    }

    /// The texts of the list under a key.
    pub fn texts(&mut self, object: &Object<'_>, key: &str) -> Vec<String> {
        let items = self.items(object, key);
        items.iter().filter_map(|node| self.as_text(node)).collect()
    }

    /// The text under a key that may be absent or null.
    pub fn optional_text(&mut self, object: &Object<'_>, key: &str) -> Option<String> {
        let node = object.get(key).filter(|node| !node.value().is_null())?;
        self.as_text(&node)
    }

    /// The text under a key that must be there.
    pub fn text(&mut self, object: &Object<'_>, key: &str) -> Option<String> {
        let node = self.required(object, key)?;
        self.as_text(&node)
    }

    /// The value of a key that must be there.
    pub fn required<'a>(&mut self, object: &Object<'a>, key: &str) -> Option<Node<'a>> {
        let node = object.get(key);
        if node.is_none() {
            let error =
                Diagnostic::error("R105", format!("no `{key}`"), format!("the key `{key}`"));
            self.report_object(object, error);
        }
        node
    }

    /// `true` or `false` under a key; absent is false.
    pub fn flag(&mut self, object: &Object<'_>, key: &str) -> bool {
        let Some(node) = object.get(key) else {
            return false;
        };
        node.value().as_bool().unwrap_or_else(|| {
            self.wrong_kind(&node, "true or false");
            false
        })
    }

    /// The day under a key, if there is one.
    pub fn date(&mut self, object: &Object<'_>, key: &str) -> Option<Date> {
        let node = object.get(key).filter(|node| !node.value().is_null())?;
        let date = node.value().as_str().and_then(Date::parse);
        if date.is_none() {
            let expected = format!("a day that exists for `{key}`, written YYYY-MM-DD");
            self.report(&node, Diagnostic::error("R106", node.kind(), expected));
        }
        date
    }

    /// The period of the keys `from` and `until`.
    pub fn period(&mut self, object: &Object<'_>) -> Period {
        let period = Period {
            from: self.date(object, "from"),
            until: self.date(object, "until"),
        };
        if let (Some(from), Some(until)) = (period.from, period.until)
            && until <= from
        {
            let error = Diagnostic::error(
                "R107",
                format!("a period {period}"),
                "an `until` after its `from`",
            );
            self.report_object(object, error);
        }
        period
    }

    fn as_text(&mut self, node: &Node<'_>) -> Option<String> {
        if let Value::String(text) = node.value() {
            return Some(text.clone());
        }
        self.wrong_kind(node, "text");
        None
    }

    fn wrong_kind(&mut self, node: &Node<'_>, expected: &str) {
        self.report(node, Diagnostic::error("R102", node.kind(), expected));
    }
}
