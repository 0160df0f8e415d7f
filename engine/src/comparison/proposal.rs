//! A proposal: a change to a ruleset, with an author and a reason.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::ruleset::{RulesetFiles, merge};
use crate::source::{Collector, Diagnostic, Document, Object, Place, Problems, nearest};
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
        Self::apply_all(std::slice::from_ref(self), base)
    }

    /// The ruleset that several proposals would make together. Two that change one thing in different ways
    /// are a conflict; the order of proposals has no effect.
    pub fn apply_all(proposals: &[Self], base: &RulesetFiles) -> Result<RulesetFiles, Problems> {
        let before = base.assembled()?;
        let mut problems = Problems::new();
        for (at, proposal) in proposals.iter().enumerate() {
            problems.extend(proposal.matches(base, &before));
            let earlier = proposals.iter().take(at);
            earlier.for_each(|other| problems.extend(proposal.conflicts(other)));
        }
        problems.or(())?;
        let mut assembled = before.clone();
        for proposal in proposals {
            merge(&mut assembled, &Value::Object(proposal.patch.clone()));
        }
        if let Value::Object(whole) = &mut assembled {
            let base = before.get("id").and_then(Value::as_str).unwrap_or_default();
            let mut ids: Vec<&str> = proposals.iter().map(|one| one.id.as_ref()).collect();
            ids.sort_unstable();
            ids.insert(0, base);
            whole.insert("id".to_owned(), json!(ids.join("+")));
            cover(whole, ids.get(1..).unwrap_or_default());
        }
        keeps_citations(proposals, &assembled)?;
        let document = match proposals {
            [one] => one.document.part("/patch"),
            _ => Document::new(
                proposals
                    .iter()
                    .map(|one| one.document.name())
                    .collect::<Vec<&str>>()
                    .join(" + "),
                serde_json::to_string_pretty(&assembled).unwrap_or_default(),
            ),
        };
        RulesetFiles::from_value(assembled, &document)
    }

    /// It amends the ruleset that it names, and removes only rules that are there.
    fn matches(&self, base: &RulesetFiles, assembled: &Value) -> Problems {
        let mut problems = Problems::new();
        if !base.is_of(&self.base) {
            let found = format!("a patch of `{}`", self.base);
            let own = assembled
                .get("id")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let expected = format!("a patch of `{own}`, the ruleset that is amended");
            let error = Diagnostic::error("R131", found, expected);
            let help = format!("compare it with `{}`", self.base);
            problems.push(error.help(help).at(self.document.place("/base")));
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
            problems.push(error.maybe_help(help).at(self.place(&["rules", id])));
        }
        self.adds_whole_rules(&rules, &mut problems);
        problems
    }

    /// A rule that the ruleset does not have, and of which the patch states only a part, is a slip of the pen.
    fn adds_whole_rules(&self, rules: &Map<String, Value>, problems: &mut Problems) {
        let patched = self.patch.get("rules").and_then(Value::as_object);
        for (id, change) in patched.into_iter().flatten() {
            let Some(change) = change.as_object().filter(|_| !rules.contains_key(id)) else {
                continue;
            };
            if change.contains_key("id") {
                continue;
            }
            let help = match nearest(id, rules.keys().map(String::as_str)) {
                Some(near) => format!(
                    "did you mean \"{near}\"? A new rule states all of itself, its `id` too"
                ),
                None => "a new rule states all of itself, its `id` too".to_owned(),
            };
            let found = format!("a part of the unknown rule \"{id}\"");
            let error = Diagnostic::error(
                "R114",
                found,
                "a rule of the ruleset that is amended, or a whole new rule",
            );
            problems.push(error.help(help).at(self.place(&["rules", id])));
        }
    }

    /// What two proposals change in different ways.
    fn conflicts(&self, other: &Self) -> Problems {
        let mut problems = Problems::new();
        let (own, others) = (
            Value::Object(self.patch.clone()),
            Value::Object(other.patch.clone()),
        );
        for path in clashes(&own, &others) {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            let found = format!(
                "another change of {} than that of the proposal {}",
                keys.join("."),
                other.id
            );
            let error = Diagnostic::error(
                "R132",
                found,
                "proposals that agree on what they both change",
            );
            let help =
                "compare them one by one, or write one proposal that says which of the two holds";
            problems.push(error.help(help).at(self.place(&keys)));
        }
        problems
    }

    /// A place in the patch.
    fn place(&self, keys: &[&str]) -> Place {
        let escaped = keys
            .iter()
            .map(|key| key.replace('~', "~0").replace('/', "~1"));
        let pointer: String = escaped.map(|key| format!("/{key}")).collect();
        self.document.place(&format!("/patch{pointer}"))
    }
}

/// Every place at which two patches say different things.
fn clashes(one: &Value, other: &Value) -> Vec<Vec<String>> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let shared = one
                .iter()
                .filter_map(|(key, value)| Some((key, value, other.get(key)?)));
            let found = shared.flat_map(|(key, value, other)| {
                let below = clashes(value, other).into_iter();
                below.map(move |path| [key.clone()].into_iter().chain(path).collect())
            });
            found.collect()
        }
        (one, other) if one == other => Vec::new(),
        _ => vec![Vec::new()],
    }
}

/// A change must not leave a rule without its citation.
fn keeps_citations(proposals: &[Proposal], assembled: &Value) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for proposal in proposals {
        let rules = proposal.patch.get("rules").and_then(Value::as_object);
        for (id, change) in rules.into_iter().flatten() {
            let removed = change.get("citation").is_some_and(Value::is_null);
            let rule = assembled.get("rules").and_then(|rules| rules.get(id));
            if removed && rule.is_some_and(|rule| rule.get("citation").is_none()) {
                let found = format!("a rule without its citation: \"{id}\"");
                let error = Diagnostic::error("R109", found, "every rule cites a provision");
                let help = "state what it would be based on, the proposal itself if nothing else";
                problems.push(
                    error
                        .help(help)
                        .at(proposal.place(&["rules", id, "citation"])),
                );
            }
        }
    }
    problems.or(())
}

/// Brings the list of provisions into line with the rules.
fn cover(whole: &mut Map<String, Value>, proposals: &[&str]) {
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
    let reason = format!("added by the proposal {}", proposals.join(" or "));
    for (id, rule) in rules.iter().filter(|(id, _)| !covered.contains(&json!(id))) {
        let cited = |key: &str| {
            let cited = rule.pointer(&format!("/citation/{key}"));
            cited.cloned().unwrap_or(Value::Null)
        };
        coverage.push(json!({
            "source": cited("source"), "provision": cited("provision"), "status": "partial", "rules": [id],
            "reason": reason
        }));
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
