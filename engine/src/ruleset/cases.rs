//! Cases: applications with the outcome that the law gives them.

use std::sync::Arc;

use serde_json::Value;

use super::levels::{Requirement, Review};
use crate::source::{Collector, Diagnostic, Document, Node, Object, Problems};
use crate::time::Date;

/// An application with its lawful outcome.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its id, one of a kind in its ruleset.
    pub id: Arc<str>,
    /// What it shows.
    pub title: Arc<str>,
    /// `stands`, `boundary`, `unknown`, `before`, `after`, `scenario` or `benign`.
    pub kind: Arc<str>,
    /// The scenario that it shows: `H` and a number for exports that are known to have done harm, `B` for
    /// everyday exports, `S` for made-up ones.
    pub scenario: Option<Arc<str>>,
    /// The rule that it is a case of, if of one.
    pub rule: Option<Arc<str>>,
    /// The application, as JSON.
    pub application: Value,
    /// The day whose law applies, where the application does not say.
    pub as_of: Option<Date>,
    /// The day up to which data had been published, where the application does not say.
    pub known_at: Option<Date>,
    /// The outcome.
    pub expect: Expectation,
}

/// The outcome that a case expects. Rules that it does not name may do as they like.
#[derive(Clone, Debug, Default)]
pub struct Expectation {
    /// At least and at most.
    pub requirement: Option<(Requirement, Requirement)>,
    /// At least and at most; none where no licence is, or may be, required.
    pub review: Option<(Option<Review>, Option<Review>)>,
    /// Rules that stand.
    pub stands: Vec<Arc<str>>,
    /// Rules that may stand.
    pub may: Vec<Arc<str>>,
    /// Rules whose condition holds but that are lifted.
    pub lifted: Vec<Arc<str>>,
    /// Rules that are certainly no finding.
    pub not: Vec<Arc<str>>,
    /// Provisions cited by rules that stand.
    pub citations: Vec<Arc<str>>,
}

const CASE: [&str; 9] = [
    "id", "title", "kind", "patch", "as_of", "known_at", "expect", "scenario", "note",
];
const KINDS: [&str; 7] = [
    "stands", "boundary", "unknown", "before", "after", "scenario", "benign",
];

/// Reads a document of cases: a base application, and for each case a merge patch on it (RFC 7396).
pub fn read_cases(document: &Document) -> Result<Vec<Case>, Problems> {
    let json = document.json()?;
    let mut collector = Collector::new(document);
    let mut cases = Vec::new();
    if let Some(root) = collector.object(
        &json.root(),
        &["rule", "title", "application", "cases", "note"],
    ) {
        let base = root
            .get("application")
            .map_or(Value::Null, |node| node.value().clone());
        let rule: Option<Arc<str>> = collector.optional_text(&root, "rule").map(Arc::from);
        for node in collector.items(&root, "cases") {
            if let Some(object) = collector.object(&node, &CASE) {
                cases.extend(case(&mut collector, &node, &object, &base, rule.as_ref()));
            }
        }
    }
    collector.problems.or(cases)
}

fn case(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    object: &Object<'_>,
    base: &Value,
    rule: Option<&Arc<str>>,
) -> Option<Case> {
    let mut application = base.clone();
    if let Some(patch) = object.get("patch") {
        merge(&mut application, patch.value());
    }
    let kind = collector.text(object, "kind")?;
    if !KINDS.contains(&kind.as_str()) {
        collector.report(
            node,
            Diagnostic::error(
                "R108",
                format!("the kind \"{kind}\""),
                format!("one of {}", KINDS.join(", ")),
            ),
        );
    }
    let expected = collector.required(object, "expect")?;
    Some(Case {
        id: collector.text(object, "id")?.into(),
        title: collector.text(object, "title")?.into(),
        kind: kind.into(),
        scenario: collector.optional_text(object, "scenario").map(Arc::from),
        rule: rule.cloned(),
        application,
        as_of: collector.date(object, "as_of"),
        known_at: collector.date(object, "known_at"),
        expect: expectation(collector, &expected)?,
    })
}

fn expectation(collector: &mut Collector<'_>, node: &Node<'_>) -> Option<Expectation> {
    let known = [
        "requirement",
        "review",
        "stands",
        "may",
        "lifted",
        "not",
        "citations",
    ];
    let object = collector.object(node, &known)?;
    let mut ids = |key: &str| {
        collector
            .texts(&object, key)
            .into_iter()
            .map(Arc::from)
            .collect()
    };
    let (stands, may, lifted, not, citations) = (
        ids("stands"),
        ids("may"),
        ids("lifted"),
        ids("not"),
        ids("citations"),
    );
    let requirement = bounds(collector, &object, "requirement", Requirement::parse)
        .and_then(|(least, most)| Some((least?, most?)));
    Some(Expectation {
        requirement,
        review: bounds(collector, &object, "review", Review::parse),
        stands,
        may,
        lifted,
        not,
        citations,
    })
}

type Bounds<T> = (Option<T>, Option<T>);

fn bounds<T>(
    collector: &mut Collector<'_>,
    object: &Object<'_>,
    key: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<Bounds<T>> {
    let node = object.get(key)?;
    let inner = collector.object(&node, &["at_least", "at_most"])?;
    let mut end = |end: &str| {
        let code = collector.optional_text(&inner, end)?;
        let level = parse(&code);
        if level.is_none() {
            collector.report(
                &node,
                Diagnostic::error(
                    "R108",
                    format!("the level \"{code}\""),
                    format!("a level of {key}"),
                ),
            );
        }
        level
    };
    Some((end("at_least"), end("at_most")))
}

/// Applies a JSON Merge Patch (RFC 7396).
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(object) = target else {
        return;
    };
    for (key, change) in changes {
        if change.is_null() {
            object.shift_remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}
