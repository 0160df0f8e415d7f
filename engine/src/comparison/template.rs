//! A proposal to begin from.

use serde_json::{Value, json};

use crate::ruleset::{Rule, Ruleset};

/// A proposal that changes nothing yet: it repeats the condition of a rule, to be edited.
pub fn template(ruleset: &Ruleset, rule: Option<&Rule>) -> Value {
    let rule = rule.or_else(|| ruleset.rules.iter().find(|rule| rule.effect.decides()));
    let rules = rule.map_or_else(
        || json!({}),
        |rule| json!({rule.id.as_ref(): {"when": rule.when.source(), "because": rule.because}}),
    );
    json!({
        "id": "my-proposal",
        "title": "What it would do, in a few words",
        "author": "Who proposes it",
        "date": ruleset.edition,
        "source": {"title": "Where it can be read", "url": "https://example.org/proposal", "verified": false},
        "reason": "Why.",
        "base": ruleset.id,
        "patch": {"rules": rules}
    })
}
