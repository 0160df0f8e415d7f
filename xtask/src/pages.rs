//! Pages made from the rulesets: `docs/rules/`, one a ruleset.

mod cases;
mod order;
mod rule;
mod terms;
mod whole;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use catchall_engine::ruleset::{Library, Modelled};
use catchall_engine::shipped;
use clap::Args as ClapArgs;

use whole::Page;

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
        let page = Page::new(library, ruleset)?;
        pages.insert(format!("{}.md", ruleset.id), page.text());
    }
    Ok(pages)
}

fn index(library: &Library) -> String {
    let mut out = String::from(
        "# The rules\n\nMade from the rulesets by `cargo xtask pages`; do not edit. Each page lists the rules of one ruleset by\ninstrument and provision, then what they share, then how much of each instrument is modelled.\n\n\
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catchall_engine::shipped;

    use super::pages;

    /// What stands between two marks, each time.
    fn between<'t>(text: &'t str, open: &'static str, close: char) -> BTreeSet<&'t str> {
        let starts = text.split(open).skip(1);
        starts
            .filter_map(|rest| Some(rest.split_once(close)?.0))
            .collect()
    }

    #[test]
    fn every_link_within_a_page_has_its_place_and_every_case_says_something() {
        let library = shipped::library().unwrap();
        for (name, text) in pages(&library).unwrap() {
            let places = between(&text, "<a id=\"", '"');
            let headings: BTreeSet<String> = between(&text, "\n## ", '\n')
                .into_iter()
                .map(|heading| heading.to_lowercase().replace(' ', "-"))
                .collect();
            for link in between(&text, "](#", ')') {
                let found = places.contains(link) || headings.contains(link);
                assert!(found, "{name}: nothing at #{link}");
            }
            for line in text.lines() {
                assert!(!line.contains("):  →"), "{name}: {line}");
            }
        }
    }
}
