//! How a condition's value came about, as lists within lists.

use askama::Template;
use serde_json::Value as Json;

use crate::condition::{Trace as Node, notation};

/// One part of a condition with its value and what it rests on.
#[derive(Template)]
#[template(path = "trace.html", whitespace = "minimize")]
pub(super) struct Trace<'d> {
    /// The part as it is written, or a definition's words; empty where the parts below tell all of it.
    text: &'d str,
    /// Whether the text is a condition as it is written, rather than words.
    code: bool,
    value: String,
    /// The name of its colour: `true`, `false`, `unknown` or `other`.
    tone: &'static str,
    /// How the parts below it are joined, in words; empty for a single part.
    joined: &'static str,
    parts: Vec<Trace<'d>>,
}

impl<'d> Trace<'d> {
    pub(super) fn of(node: &'d Node) -> Self {
        let (joined, parts) = below(node);
        let (value, tone) = value(&notation(&node.value));
        Self {
            text: if join(node).is_some() { "" } else { &node.text },
            code: is_code(&node.text),
            value,
            tone,
            joined: joined.map_or("", Join::words),
            parts: parts.into_iter().map(Self::of).collect(),
        }
    }
}

/// The two ways in which parts make a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    All,
    Any,
}

impl Join {
    fn words(self) -> &'static str {
        match self {
            Self::All => "all of these",
            Self::Any => "any of these",
        }
    }
}

/// The parts that a node rests on: a chain of `and`, or of `or`, is one list, and a definition shows
/// the parts of what it means.
fn below(node: &Node) -> (Option<Join>, Vec<&Node>) {
    if let [only] = node.children.as_slice()
        && join(only).is_some()
        && !node.text.starts_with("not(")
    {
        return below(only);
    }
    match join(node) {
        Some(join) => (Some(join), chain(node, join)),
        None => (None, node.children.iter().map(AsRef::as_ref).collect()),
    }
}

fn chain(node: &Node, wanted: Join) -> Vec<&Node> {
    if join(node) == Some(wanted) {
        node.children
            .iter()
            .flat_map(|child| chain(child, wanted))
            .collect()
    } else {
        vec![node]
    }
}

/// Whether a node is `left and right`, or `left or right`: what stands between its two parts tells.
fn join(node: &Node) -> Option<Join> {
    let [left, right] = node.children.as_slice() else {
        return None;
    };
    let rest = after(&node.text, &left.text)?;
    match outside(before(rest, &right.text)?) {
        "and" => Some(Join::All),
        "or" => Some(Join::Any),
        _ => None,
    }
}

/// How a use of a definition begins and ends; its part of a trace has the definition's words instead.
const DEFINE: (&str, &str) = ("define(\"", "\")");

/// What follows the first part.
fn after<'t>(text: &'t str, part: &str) -> Option<&'t str> {
    let text = text.trim_start_matches('(');
    text.strip_prefix(part)
        .or_else(|| Some(text.strip_prefix(DEFINE.0)?.split_once(DEFINE.1)?.1))
}

/// What stands before the last part.
fn before<'t>(text: &'t str, part: &str) -> Option<&'t str> {
    let closed = text.trim_end_matches(')');
    let part = part.trim_end_matches(')');
    closed
        .strip_suffix(part)
        .or_else(|| Some(text.rsplit_once(DEFINE.0)?.0))
}

fn outside(text: &str) -> &str {
    text.trim_matches(|character: char| "()".contains(character) || character.is_whitespace())
}

/// Whether a part is shown as it is written in the ruleset: a path, or a text with signs of the language.
fn is_code(text: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "(\"",
        "\"",
        "not(",
        " satisfies ",
        " = ",
        " != ",
        " < ",
        " > ",
        " in (",
    ];
    !text.contains(' ') || SIGNS.iter().any(|sign| text.contains(sign)) || text.contains("= ")
}

/// A value in words, and the name of its colour.
fn value(value: &Json) -> (String, &'static str) {
    match value {
        Json::Bool(true) => ("yes".to_owned(), "true"),
        Json::Bool(false) => ("no".to_owned(), "false"),
        Json::String(text) if text == "unknown" => (text.clone(), "unknown"),
        Json::String(text) => (text.clone(), "other"),
        Json::Object(object) => match object.iter().next() {
            Some((key, Json::String(text))) if key.starts_with('@') => (text.clone(), "other"),
            _ => (value.to_string(), "other"),
        },
        value => (value.to_string(), "other"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn node(text: &str, children: Vec<Node>) -> Node {
        Node {
            children: children.into_iter().map(Arc::new).collect(),
            ..Node::leaf(text, crate::facts::Value::Unknown)
        }
    }

    fn joined(text: &str, left: &str, right: &str) -> Option<&'static str> {
        let node = node(text, vec![node(left, vec![]), node(right, vec![])]);
        join(&node).map(Join::words)
    }

    #[test]
    fn parts_are_told_from_what_stands_between_them() {
        let all = Some("all of these");
        assert_eq!(joined("a = 1 and b = 2", "a = 1", "b = 2"), all);
        assert_eq!(joined("(a or b) and c", "a or b", "c"), all);
        assert_eq!(joined("a and (b or c)", "a", "b or c"), all);
        assert_eq!(joined("a and not(b)", "a", "not(b)"), all);
        assert_eq!(
            joined(
                "define(\"x\") and define(\"y\")",
                "words of x",
                "words of y"
            ),
            all
        );
        assert_eq!(joined("a or b", "a", "b"), Some("any of these"));
        assert_eq!(
            joined("some p in ps satisfies p.a = 1", "p.a = 1", "p.a = 1"),
            None
        );
    }

    #[test]
    fn a_chain_is_one_list() {
        let inner = node("a and b", vec![node("a", vec![]), node("b", vec![])]);
        let outer = node("a and b and c", vec![inner, node("c", vec![])]);
        let trace = Trace::of(&outer);
        assert_eq!((trace.joined, trace.parts.len()), ("all of these", 3));
    }
}
