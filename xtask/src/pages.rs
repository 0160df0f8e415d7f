//! Pages made from the rulesets: `docs/rules/`, one a ruleset.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use catchall_engine::ruleset::{
    Case, Citation, Coverage, Effect, Library, Meaning, Modelled, Rule, Ruleset, read_cases,
};
use catchall_engine::shipped;
use clap::Args as ClapArgs;

/// Make the pages of rules under `docs/rules/`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Change nothing; fail if a page is not up to date.
    #[arg(long)]
    check: bool,
}

/// Writes, or checks, a page for each ruleset and one that lists them.
pub(crate) fn run(args: &Args, root: &Path) -> Result<()> {
    let library = shipped::library().map_err(|problems| anyhow!("{problems}"))?;
    let folder = root.join("docs/rules");
    let mut stale = Vec::new();
    for (name, text) in pages(&library)? {
        let text = without_trailing_blanks(&text);
        let path = folder.join(&name);
        if std::fs::read_to_string(&path).ok().as_deref() == Some(text.as_str()) {
            continue;
        }
        if args.check {
            stale.push(format!("docs/rules/{name}"));
        } else {
            std::fs::create_dir_all(&folder)?;
            std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        bail!(
            "not up to date, run `cargo xtask pages`:\n{}",
            stale.join("\n")
        )
    }
}

fn without_trailing_blanks(text: &str) -> String {
    text.lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

fn pages(library: &Library) -> Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    pages.insert("README.md".to_owned(), index(library));
    for ruleset in &library.rulesets {
        let cases = cases(&ruleset.id)?;
        pages.insert(format!("{}.md", ruleset.id), page(ruleset, &cases));
    }
    Ok(pages)
}

fn cases(id: &str) -> Result<Vec<Case>> {
    let documents = shipped::cases(id).map_err(|problems| anyhow!("{problems}"))?;
    let mut cases = Vec::new();
    for document in &documents {
        cases.extend(read_cases(document).map_err(|problems| anyhow!("{problems}"))?);
    }
    Ok(cases)
}

fn index(library: &Library) -> String {
    let mut out = String::from(
        "# The rules\n\nMade from the rulesets by `cargo xtask pages`; do not edit. Each page lists the rules of one ruleset in the\norder of their ids, then what they share, then how much of each instrument is modelled.\n\n\
         | ruleset | whose law | rules | provisions modelled | in part | named only | not checked against the text |\n|---|---|---|---|---|---|---|\n",
    );
    for ruleset in &library.rulesets {
        let count = |status: Modelled| {
            ruleset
                .coverage
                .iter()
                .filter(|provision| provision.status == status)
                .count()
        };
        let unverified = ruleset
            .rules
            .iter()
            .filter(|rule| !rule.citation.verified)
            .count();
        let _ = writeln!(
            out,
            "| [{0}]({0}.md) | {1} | {2} | {3} | {4} | {5} | {unverified} rules |",
            ruleset.id,
            ruleset.jurisdiction,
            ruleset.rules.len(),
            count(Modelled::Modelled),
            count(Modelled::Partial),
            count(Modelled::PointerOnly),
        );
    }
    out
}

fn page(ruleset: &Ruleset, cases: &[Case]) -> String {
    let mut out = format!(
        "# {}\n\nMade from `rulesets/{}` by `cargo xtask pages`; do not edit.\n\n{} · text of {} · law modelled from {}\n\n## Which exports it governs\n\n```feel\n{}\n```\n\n## Rules\n\n",
        ruleset.title,
        ruleset.id,
        ruleset.jurisdiction,
        ruleset.edition,
        ruleset.models_from,
        ruleset.applies.source()
    );
    for rule in &ruleset.rules {
        rule_section(&mut out, ruleset, rule, cases);
    }
    definitions(&mut out, ruleset);
    parameters(&mut out, ruleset);
    coverage(&mut out, ruleset);
    out
}

fn rule_section(out: &mut String, ruleset: &Ruleset, rule: &Rule, cases: &[Case]) {
    let _ = writeln!(
        out,
        "### {}\n\n`{}`\n\n{}\n",
        rule.title, rule.id, rule.because
    );
    let _ = writeln!(out, "- **Source:** {}", cited(&rule.citation));
    if let Some(note) = &rule.citation.note {
        let _ = writeln!(out, "- **Note:** {note}");
    }
    let periods: Vec<String> = rule.in_force.iter().map(ToString::to_string).collect();
    let _ = writeln!(
        out,
        "- **In force:** {}\n- **Effect:** {}",
        periods.join("; "),
        effect(ruleset, rule)
    );
    let lifted: Vec<String> = ids(ruleset, &rule.lifted_by);
    if !lifted.is_empty() {
        let _ = writeln!(out, "- **Lifted by:** {}", lifted.join(", "));
    }
    if !rule.rights.is_empty() {
        let _ = writeln!(
            out,
            "- **Rights at stake:** {} of {}",
            rule.rights.join(", "),
            rule.affects.join(", ")
        );
    }
    let _ = writeln!(out, "\n```feel\n{}\n```\n", rule.when.source());
    case_list(out, rule, cases);
}

fn case_list(out: &mut String, rule: &Rule, cases: &[Case]) {
    let own: Vec<&Case> = cases
        .iter()
        .filter(|case| case.rule.as_ref() == Some(&rule.id))
        .collect();
    if own.is_empty() {
        return;
    }
    let _ = writeln!(out, "<details><summary>{} cases</summary>\n", own.len());
    for case in own {
        let _ = writeln!(out, "- `{}` ({}): {}", case.id, case.kind, case.title);
    }
    out.push_str("\n</details>\n\n");
}

fn cited(citation: &Citation) -> String {
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

fn ids(ruleset: &Ruleset, rules: &[usize]) -> Vec<String> {
    rules
        .iter()
        .filter_map(|at| ruleset.rules.get(*at))
        .map(|rule| format!("`{}`", rule.id))
        .collect()
}

fn effect(ruleset: &Ruleset, rule: &Rule) -> String {
    match &rule.effect {
        Effect::Requires(level) => format!("requires at least: {}", level.short()),
        Effect::Lifts(lifted, leaves) => {
            format!(
                "an exception: lifts {}; leaves {}",
                ids(ruleset, lifted).join(", "),
                leaves.short()
            )
        }
        Effect::Review(level) => format!("review, once a licence is required: {}", level.label()),
        Effect::Flags(text) => format!("red flag: {text}"),
        Effect::Duty(text) => format!("duty: {text}"),
    }
}

fn definitions(out: &mut String, ruleset: &Ruleset) {
    out.push_str("## Definitions\n\n");
    for definition in &ruleset.definitions {
        let _ = writeln!(out, "**{}** (`{}`)\n", definition.title, definition.name);
        match &definition.meaning {
            Meaning::When(condition) => {
                let _ = writeln!(out, "```feel\n{}\n```\n", condition.source());
            }
            Meaning::Table(table) => decision_table(out, table),
        }
    }
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

fn parameters(out: &mut String, ruleset: &Ruleset) {
    if ruleset.parameters.is_empty() {
        return;
    }
    out.push_str("## Parameters\n\n| parameter | what it is | in force | value | source |\n|---|---|---|---|---|\n");
    for (name, parameter) in &ruleset.parameters {
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

fn coverage(out: &mut String, ruleset: &Ruleset) {
    out.push_str("## Coverage\n\nEvery provision of the instruments, and how far it is modelled.\n\n| instrument | provision | status | why not in full |\n|---|---|---|---|\n");
    for provision in &ruleset.coverage {
        let Coverage {
            source,
            provision: name,
            status,
            reason,
            ..
        } = provision;
        let title = ruleset
            .sources
            .get(source)
            .map_or(source.as_ref(), |source| &source.short);
        let reason = reason.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "| {title} | {name} | {} | {reason} |",
            status.code().replace('_', " ")
        );
    }
    out.push_str("\n### Not checked against the text\n\n");
    let unverified: Vec<&Rule> = ruleset
        .rules
        .iter()
        .filter(|rule| !rule.citation.verified)
        .collect();
    for rule in &unverified {
        let note = rule
            .citation
            .note
            .as_deref()
            .unwrap_or("the text was not read");
        let _ = writeln!(out, "- `{}`, {}: {note}", rule.id, rule.citation.provision);
    }
    if unverified.is_empty() {
        out.push_str("Nothing: every rule was.\n");
    }
}
