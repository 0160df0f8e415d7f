//! A proposal: a change to a ruleset, with an author and a reason.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::ruleset::{RulesetFiles, merge};
use crate::source::{Collector, Diagnostic, Document, Object, Problems, nearest};
use crate::time::Date;

/// A change to a ruleset, as a JSON Merge Patch (RFC 7396) on its assembled document.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its id.
    pub id: Arc<str>,
    /// What it would do.
    pub title: Arc<str>,
    /// Who proposed it.
    pub author: Arc<str>,
    /// When.
    pub date: Date,
    /// Where it can be read.
    pub source: Arc<str>,
    /// Whether that was read.
    pub verified: bool,
    /// Why.
    pub reason: Arc<str>,
    /// The ruleset that it would amend.
    pub base: Arc<str>,
    patch: Map<String, Value>,
    document: Document,
}

const KEYS: [&str; 9] = [
    "id", "title", "author", "date", "source", "reason", "base", "note", "patch",
];

impl Proposal {
    /// Whether a document is a proposal: it has a patch.
    pub fn is_one(value: &Value) -> bool {
        value.get("patch").is_some()
    }

    /// Reads a proposal, and reports everything that is wrong with it at once.
    pub fn read(document: &Document) -> Result<Self, Problems> {
        let json = document.json()?;
        let mut collector = Collector::new(document);
        let Some(root) = collector.object(&json.root(), &KEYS) else {
            return Err(collector.problems);
        };
        let proposal = Self::from_object(&mut collector, &root);
        match proposal {
            Some(proposal) => collector.problems.or(proposal),
            None => Err(collector.problems),
        }
    }

    fn from_object(collector: &mut Collector<'_>, root: &Object<'_>) -> Option<Self> {
        let patch = collector.required(root, "patch")?;
        let changes = patch
            .value()
            .as_object()
            .filter(|changes| !changes.is_empty());
        if changes.is_none() {
            let error = Diagnostic::error(
                "R130",
                "a patch that changes nothing",
                "the keys to change, with their new values",
            );
            collector.report(
                &patch,
                error.help("null removes a key; a list is replaced whole (RFC 7396)"),
            );
        }
        let node = collector.required(root, "source")?;
        let source = collector.object(&node, &["title", "url", "verified"])?;
        collector.required(root, "date")?;
        Some(Self {
            id: collector.text(root, "id")?.into(),
            title: collector.text(root, "title")?.into(),
            author: collector.text(root, "author")?.into(),
            date: collector.date(root, "date")?,
            source: collector.text(&source, "title")?.into(),
            verified: collector.flag(&source, "verified"),
            reason: collector.text(root, "reason")?.into(),
            base: collector.text(root, "base")?.into(),
            patch: changes?.clone(),
            document: collector.document.clone(),
        })
    }

    /// The ruleset that it would make: an ordinary one, with an id and a hash of its own.
    ///
    /// Rules that the patch adds need no row of coverage; rows of rules that it removes fall away.
    pub fn apply(&self, base: &RulesetFiles) -> Result<RulesetFiles, Problems> {
        let mut assembled = base.assembled()?;
        self.matches(base, &assembled)?;
        merge(&mut assembled, &Value::Object(self.patch.clone()));
        if let Value::Object(whole) = &mut assembled {
            whole.insert("id".to_owned(), json!(format!("{}+{}", self.base, self.id)));
            self.cover(whole);
        }
        RulesetFiles::from_value(assembled, &self.document.part("/patch"))
    }

    /// It amends the ruleset that it names, and removes only rules that are there.
    fn matches(&self, base: &RulesetFiles, assembled: &Value) -> Result<(), Problems> {
        let mut problems = Problems::new();
        if !base.is_of(&self.base) {
            let found = format!("a patch of `{}`", self.base);
            let error = Diagnostic::error("R131", found, "a patch of the ruleset that is amended");
            problems.push(error.at(self.document.place("/base")));
        }
        let rules = assembled
            .get("rules")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let patched = self
            .patch
            .get("rules")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        for (id, _) in patched.filter(|(id, change)| change.is_null() && !rules.contains_key(*id)) {
            let help = nearest(id, rules.keys().map(String::as_str))
                .map(|near| format!("did you mean \"{near}\"?"));
            let error = Diagnostic::error(
                "R114",
                format!("the unknown rule \"{id}\""),
                "a rule of the ruleset that is amended",
            );
            problems.push(
                error
                    .maybe_help(help)
                    .at(self.document.place(&format!("/patch/rules/{id}"))),
            );
        }
        problems.or(())
    }

    /// Brings the list of provisions into line with the rules.
    fn cover(&self, whole: &mut Map<String, Value>) {
        let rules = whole
            .get("rules")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let Some(Value::Array(coverage)) = whole.get_mut("coverage") else {
            return;
        };
        let mut covered: Vec<Value> = Vec::new();
        for provision in coverage.iter_mut() {
            if let Some(Value::Array(ids)) = provision.get_mut("rules") {
                ids.retain(|id| id.as_str().is_some_and(|id| rules.contains_key(id)));
                covered.extend(ids.iter().cloned());
            }
        }
        coverage.retain(keeps_its_rules);
        for (id, rule) in rules.iter().filter(|(id, _)| !covered.contains(&json!(id))) {
            let cited = |key: &str| {
                rule.pointer(&format!("/citation/{key}"))
                    .cloned()
                    .unwrap_or(Value::Null)
            };
            coverage.push(json!({
                "source": cited("source"), "provision": cited("provision"), "status": "partial", "rules": [id],
                "reason": format!("added by the proposal {}", self.id)
            }));
        }
    }
}

/// Whether a row of coverage still has a rule, or never had one.
fn keeps_its_rules(provision: &Value) -> bool {
    let named = provision.get("status").and_then(Value::as_str) == Some("pointer_only");
    named
        || provision
            .get("rules")
            .and_then(Value::as_array)
            .is_some_and(|rules| !rules.is_empty())
}
