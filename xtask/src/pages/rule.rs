//! The section of one rule.

use std::fmt::Write as _;

use catchall_engine::ruleset::{Case, Effect, Rule};

use super::order::begins;
use super::whole::{Page, cited, counted};

impl Page<'_> {
    pub(super) fn rule(&self, out: &mut String, rule: &Rule) {
        let Rule { id, because, .. } = rule;
        let heading = heading(rule);
        let _ = writeln!(
            out,
            "<a id=\"{id}\"></a>\n\n#### {heading}\n\n`{id}`\n\n{because}\n"
        );
        self.facts_of(out, rule);
        let _ = writeln!(out, "\n```feel\n{}\n```\n", rule.when.source());
        self.terms(out, &rule.when.observed());
        self.cases_of(out, rule);
    }

    fn facts_of(&self, out: &mut String, rule: &Rule) {
        let _ = writeln!(out, "- **Source:** {}", cited(&rule.citation));
        if let Some(note) = &rule.citation.note {
            let _ = writeln!(out, "- **Note:** {note}");
        }
        let periods: Vec<String> = rule.in_force.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "- **In force:** {}", periods.join("; "));
        let _ = writeln!(out, "- **Effect:** {}", self.effect(rule));
        if !rule.lifted_by.is_empty() {
            let _ = writeln!(out, "- **Lifted by:** {}", self.links(&rule.lifted_by));
        }
        if !rule.rights.is_empty() {
            let _ = writeln!(out, "- **Rights at stake:** {}", rights(rule));
        }
    }

    fn effect(&self, rule: &Rule) -> String {
        match &rule.effect {
            Effect::Requires(level) => format!("requires at least: {}", level.short()),
            Effect::Lifts(lifted, leaves) => format!(
                "an exception: leaves {} where it lifts {}",
                leaves.short(),
                self.links(lifted)
            ),
            Effect::Review(level) => {
                format!("review, once a licence is required: {}", level.label())
            }
            Effect::Flags(text) => format!("red flag: {text}"),
            Effect::Duty(text) => format!("duty: {text}"),
        }
    }

    fn links(&self, rules: &[usize]) -> String {
        let rules = rules.iter().filter_map(|at| self.ruleset.rules.get(*at));
        let links = rules.map(|rule| format!("[{}](#{})", rule.title, rule.id));
        links.collect::<Vec<_>>().join(", ")
    }

    fn cases_of(&self, out: &mut String, rule: &Rule) {
        let own: Vec<&Case> = self
            .cases
            .iter()
            .filter(|case| case.rule.as_ref() == Some(&rule.id))
            .collect();
        self.case_list(out, Some(rule), &own);
    }

    /// Cases in a list that a reader opens; nothing if there are none.
    pub(super) fn case_list(&self, out: &mut String, rule: Option<&Rule>, cases: &[&Case]) {
        if cases.is_empty() {
            return;
        }
        let number = counted(cases.len(), "case");
        let _ = writeln!(out, "<details><summary>{number}</summary>\n");
        for case in cases {
            let _ = writeln!(out, "- {}", self.case(rule, case));
        }
        out.push_str("\n</details>\n\n");
    }
}

/// The provision and the title, unless the title names the provision itself.
fn heading(rule: &Rule) -> String {
    let (title, provision) = (&rule.title, &rule.citation.provision);
    if begins(title, provision) {
        title.to_string()
    } else {
        capital(&format!("{provision}: {title}"))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.clone()).collect()
}

/// The rights, and of whom, where the rule says so.
fn rights(rule: &Rule) -> String {
    let rights = rule.rights.join(", ");
    if rule.affects.is_empty() {
        rights
    } else {
        format!("{rights}, of {}", rule.affects.join(", "))
    }
}
