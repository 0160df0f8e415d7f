//! The page of one ruleset.

use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use catchall_engine::ruleset::{
    Case, Citation, Coverage, Effect, Library, Meaning, Rule, Ruleset, read_cases,
};
use catchall_engine::shipped;

use super::order::Place;

/// What a page is made from.
pub(super) struct Page<'l> {
    pub(super) library: &'l Library,
    pub(super) ruleset: &'l Ruleset,
    /// The cases of the ruleset.
    pub(super) cases: Vec<Case>,
    /// Keys of its instruments in the order of the head.
    instruments: Vec<String>,
}

impl<'l> Page<'l> {
    pub(super) fn new(library: &'l Library, ruleset: &'l Ruleset) -> Result<Self> {
        Ok(Self {
            library,
            ruleset,
            cases: cases(&ruleset.id)?,
            instruments: instruments(&ruleset.id)?,
        })
    }

    pub(super) fn text(&self) -> String {
        let mut out = self.head();
        self.contents(&mut out);
        for key in &self.instruments {
            self.instrument(&mut out, key);
        }
        self.other_cases(&mut out);
        self.definitions(&mut out);
        self.parameters(&mut out);
        self.coverage(&mut out);
        self.unverified(&mut out);
        out
    }

    fn head(&self) -> String {
        let ruleset = self.ruleset;
        format!(
            "# {}\n\nMade from `rulesets/{}` by `cargo xtask pages`; do not edit.\n\n{} · text of {} · law modelled from {}\n\n## Which exports it governs\n\n{}\n```feel\n{}\n```\n\n",
            ruleset.title,
            ruleset.id,
            ruleset.jurisdiction,
            ruleset.edition,
            ruleset.models_from,
            self.governs(),
            ruleset.applies.source()
        )
    }

    fn contents(&self, out: &mut String) {
        out.push_str("## Rules\n\n");
        for key in &self.instruments {
            let rules = self.rules(key).len();
            if rules > 0 {
                let title = self.title(key);
                let _ = writeln!(out, "- [{title}](#{key}): {}", counted(rules, "rule"));
            }
        }
        out.push_str("- [Definitions](#definitions), [coverage](#coverage), [what was not checked against the text](#not-checked-against-the-text)\n\n");
    }

    fn instrument(&self, out: &mut String, key: &str) {
        let rules = self.rules(key);
        if rules.is_empty() {
            return;
        }
        let _ = writeln!(out, "<a id=\"{key}\"></a>\n\n### {}\n", self.title(key));
        for rule in rules {
            self.rule(out, rule);
        }
    }

    fn title(&self, key: &str) -> &str {
        let source = self.ruleset.sources.get(key);
        source.map_or("Other", |source| &source.title)
    }

    /// The rules of an instrument: as it has its provisions, and what a provision asks before what excepts from it.
    fn rules(&self, key: &str) -> Vec<&'l Rule> {
        let rules = self.ruleset.rules.iter();
        let mut rules: Vec<&Rule> = rules
            .filter(|rule| rule.citation.source.as_ref() == key)
            .collect();
        rules.sort_by_key(|rule| (Place::of(&rule.citation.provision), turn(&rule.effect)));
        rules
    }

    fn other_cases(&self, out: &mut String) {
        let cases = self.cases.iter().filter(|case| case.rule.is_none());
        let cases: Vec<&Case> = cases.collect();
        if !cases.is_empty() {
            out.push_str("## Cases of no single rule\n\nReported exports, ordinary trade, and what several rules make together.\n\n");
            self.case_list(out, None, &cases);
        }
    }

    fn definitions(&self, out: &mut String) {
        out.push_str("## Definitions\n\n");
        for definition in &self.ruleset.definitions {
            let (name, title) = (&definition.name, &definition.title);
            let _ = writeln!(out, "<a id=\"{name}\"></a>\n\n**{title}** (`{name}`)\n");
            match &definition.meaning {
                Meaning::When(condition) => {
                    let _ = writeln!(out, "```feel\n{}\n```\n", condition.source());
                    self.terms(out, &condition.observed());
                }
                Meaning::Table(table) => {
                    decision_table(out, table);
                    self.terms(out, &table.observed());
                }
            }
        }
    }

    fn parameters(&self, out: &mut String) {
        if self.ruleset.parameters.is_empty() {
            return;
        }
        out.push_str("## Parameters\n\n| parameter | what it is | in force | value | source |\n|---|---|---|---|---|\n");
        for (name, parameter) in &self.ruleset.parameters {
            for (period, value, citation) in &parameter.values {
                let _ = writeln!(
                    out,
                    "| `{name}` | {} | {period} | {value} | {} |",
                    parameter.title,
                    cited(citation)
                );
            }
        }
        out.push('\n');
    }

    fn coverage(&self, out: &mut String) {
        out.push_str("## Coverage\n\nEvery provision of the instruments, and how far it is modelled.\n\n| instrument | provision | status | rules | why not in full |\n|---|---|---|---|---|\n");
        for provision in &self.ruleset.coverage {
            let Coverage {
                source,
                provision: name,
                status,
                rules,
                reason,
            } = provision;
            let title = self.ruleset.sources.get(source);
            let title = title.map_or(source.as_ref(), |source| &source.short);
            let reason = reason.as_deref().unwrap_or_default();
            let status = status.code().replace('_', " ");
            let rules: Vec<String> = rules.iter().map(|id| short_link(id)).collect();
            let rules = rules.join(", ");
            let _ = writeln!(out, "| {title} | {name} | {status} | {rules} | {reason} |");
        }
    }

    fn unverified(&self, out: &mut String) {
        out.push_str("\n## Not checked against the text\n\n");
        let rules = self.instruments.iter().flat_map(|key| self.rules(key));
        let unread: Vec<&Rule> = rules.filter(|rule| !rule.citation.verified).collect();
        for rule in &unread {
            let note = rule.citation.note.as_deref();
            let note = note.unwrap_or("the text was not read");
            let (id, provision) = (&rule.id, &rule.citation.provision);
            let _ = writeln!(out, "- [`{id}`](#{id}), {provision}: {note}");
        }
        if unread.is_empty() {
            out.push_str("Nothing: every rule was.\n");
        }
    }
}

fn cases(id: &str) -> Result<Vec<Case>> {
    let documents = shipped::cases(id).map_err(|problems| anyhow!("{problems}"))?;
    let mut cases = Vec::new();
    for document in &documents {
        cases.extend(read_cases(document).map_err(|problems| anyhow!("{problems}"))?);
    }
    Ok(cases)
}

fn instruments(id: &str) -> Result<Vec<String>> {
    let files = shipped::ruleset(id).map_err(|problems| anyhow!("{problems}"))?;
    let whole = files
        .assembled()
        .map_err(|problems| anyhow!("{problems}"))?;
    let sources = whole.get("sources").and_then(|sources| sources.as_object());
    let sources = sources.ok_or_else(|| anyhow!("{id}: no sources"))?;
    Ok(sources.keys().cloned().collect())
}

fn turn(effect: &Effect) -> u8 {
    match effect {
        Effect::Requires(_) => 0,
        Effect::Review(_) => 1,
        Effect::Lifts(..) => 2,
        Effect::Flags(_) => 3,
        Effect::Duty(_) => 4,
    }
}

/// A number of things: `1 rule`, `2 rules`.
pub(super) fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// The last part of a rule's id, linked to its place on the page.
fn short_link(id: &str) -> String {
    let short = id.rsplit_once('.').map_or(id, |(_, short)| short);
    format!("[{short}](#{id})")
}

/// A citation with its link, and whether it was checked.
pub(super) fn cited(citation: &Citation) -> String {
    let checked = if citation.verified {
        ""
    } else {
        " — **not checked against the text**"
    };
    format!(
        "[{}, {}]({}){checked}",
        citation.provision, citation.instrument, citation.url
    )
}

fn decision_table(out: &mut String, table: &catchall_engine::condition::Table) {
    let inputs: Vec<String> = table
        .inputs
        .iter()
        .map(|input| format!("`{}`", input.source()))
        .collect();
    let _ = writeln!(
        out,
        "| {} | output |\n|{}---|",
        inputs.join(" | "),
        "---|".repeat(inputs.len())
    );
    for row in &table.rows {
        let cells: Vec<String> = row
            .texts()
            .into_iter()
            .map(|cell| format!("`{}`", cell.replace('|', "\\|")))
            .collect();
        let _ = writeln!(out, "| {} | {} |", cells.join(" | "), row.output);
    }
    out.push('\n');
}
