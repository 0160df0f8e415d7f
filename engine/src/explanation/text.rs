//! A determination as plain text, outcome first.

use std::cmp::Reverse;
use std::fmt::{self, Write};

use super::words;
use crate::reference::Reference;
use crate::ruleset::Requirement;
use crate::screening::{
    Determination, Finding, FindingEffect, ItemDetermination, Missing, RulesetDetermination, Stands,
};

/// The width of a line, in characters.
const WIDTH: usize = 112;

/// How much of an answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// What certainly stands, what matters most of the rest, and counts of what is left out.
    Brief,
    /// Everything.
    Full,
}

impl Length {
    fn at_most(self, brief: usize) -> usize {
        if self == Self::Full {
            usize::MAX
        } else {
            brief
        }
    }
}

/// A determination for a person to read: the outcome, what stands and why, what is unknown, what to do.
pub fn text(
    determination: &Determination,
    reference: &Reference,
    destination: Option<&str>,
    length: Length,
) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = Writer {
        out: &mut out,
        length,
    }
    .determination(determination, reference, destination);
    out
}

struct Writer<'o> {
    out: &'o mut String,
    length: Length,
}

impl Writer<'_> {
    fn determination(
        &mut self,
        all: &Determination,
        reference: &Reference,
        destination: Option<&str>,
    ) -> fmt::Result {
        let id = all.application.as_deref().unwrap_or("application");
        let to = destination
            .map(|code| format!(" · to {}", reference.destinations.name(code)))
            .unwrap_or_default();
        writeln!(
            self.out,
            "{id}{to} · law of {}, data published by {}\n",
            all.as_of, all.known_at
        )?;
        for ruleset in &all.rulesets {
            writeln!(
                self.out,
                "  {:<14} {}",
                ruleset.id,
                words::outcome(&ruleset.bounds)
            )?;
        }
        for ruleset in &all.rulesets {
            self.ruleset(ruleset)?;
        }
        writeln!(self.out)?;
        self.wrapped("", all.notice)?;
        let hashes: Vec<String> = all
            .rulesets
            .iter()
            .map(|ruleset| format!("{} {}", ruleset.id, short(&ruleset.sha256)))
            .collect();
        let (data, version, input) = (
            short(&all.data.sha256),
            all.engine.version,
            short(&all.input),
        );
        self.wrapped(
            "",
            &format!(
                "{} · data {data} · engine {version} · input {input}",
                hashes.join(" · ")
            ),
        )
    }

    fn ruleset(&mut self, ruleset: &RulesetDetermination) -> fmt::Result {
        if ruleset
            .items
            .iter()
            .all(|item| item.findings.is_empty() && item.missing.is_empty())
            && ruleset.not_modelled.is_none()
        {
            return Ok(());
        }
        writeln!(self.out, "\n{} · text of {}", ruleset.id, ruleset.edition)?;
        if let Some(reason) = &ruleset.not_modelled {
            self.wrapped("  ", reason)?;
        }
        for item in &ruleset.items {
            self.item(item, ruleset.items.len() > 1)?;
        }
        self.coverage(ruleset)
    }

    fn coverage(&mut self, ruleset: &RulesetDetermination) -> fmt::Result {
        let count = |status: &str| {
            ruleset
                .coverage
                .iter()
                .filter(|provision| provision.status == status)
                .count()
        };
        let told = format!(
            "Not the whole law: of {} provisions {} are modelled, {} in part, {} only named. `catchall rules {}` lists them with reasons.",
            ruleset.coverage.len(),
            count("modelled"),
            count("partial"),
            count("pointer_only"),
            ruleset.id
        );
        writeln!(self.out)?;
        self.wrapped("  ", &told)
    }

    fn item(&mut self, item: &ItemDetermination, several: bool) -> fmt::Result {
        if self.length == Length::Brief && scope_is_open(item) {
            return self.open_scope(item);
        }
        if several {
            writeln!(
                self.out,
                "\n  Line {}: {}",
                item.line,
                words::outcome(&item.bounds)
            )?;
        }
        self.findings(item, Stands::Yes, usize::MAX)?;
        self.findings(item, Stands::May, self.length.at_most(4))?;
        self.findings(item, Stands::Lifted, self.length.at_most(4))?;
        self.flags(item)?;
        self.questions(&item.missing)?;
        self.duties(item)
    }

    /// Where it is not even known whether the ruleset governs, only what would settle that matters.
    fn open_scope(&mut self, item: &ItemDetermination) -> fmt::Result {
        let may = item
            .findings
            .iter()
            .filter(|finding| !is_advice(finding))
            .count();
        let told = format!(
            "Whether this ruleset governs the export is not known. If it does, {may} rules may stand (--full)."
        );
        self.wrapped("  ", &told)?;
        let scope: Vec<&Missing> = item
            .missing
            .iter()
            .filter(|one| one.rules.iter().any(|rule| rule.as_ref() == "applies"))
            .collect();
        writeln!(self.out, "\n  To settle it, ask")?;
        (1..)
            .zip(scope)
            .try_for_each(|(number, one)| self.question(number, one))
    }

    fn findings(&mut self, item: &ItemDetermination, stands: Stands, shown: usize) -> fmt::Result {
        let mut found: Vec<&Finding> = item
            .findings
            .iter()
            .filter(|finding| finding.stands == stands && !is_advice(finding))
            .collect();
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by_key(|finding| Reverse(words::weight(finding)));
        writeln!(self.out, "\n  {}", words::heading(stands))?;
        found
            .iter()
            .take(shown)
            .try_for_each(|finding| self.finding(finding))?;
        let rest: Vec<String> = found
            .iter()
            .skip(shown)
            .map(|finding| finding.citation.provision.to_string())
            .collect();
        if rest.is_empty() {
            return Ok(());
        }
        self.wrapped(
            "    ",
            &format!("and {} more (--full): {}", rest.len(), first(&rest, 12)),
        )
    }

    fn finding(&mut self, finding: &Finding) -> fmt::Result {
        let citation = &finding.citation;
        let head = format!("{}, {}", citation.provision, citation.instrument);
        let unverified = words::unverified(citation.verified);
        writeln!(
            self.out,
            "    {head:<58} {}{unverified}",
            words::effect(finding)
        )?;
        self.wrapped("      ", &finding.because)?;
        self.facts(finding)?;
        if let Some(note) = citation
            .note
            .as_ref()
            .filter(|_| self.length == Length::Full || finding.stands == Stands::Yes)
        {
            self.wrapped("      ", &format!("Note: {note}"))?;
        }
        if !finding.lifted_by.is_empty() {
            let may = if finding.stands == Stands::May {
                "unless lifted by"
            } else {
                "lifted by"
            };
            self.wrapped("      ", &format!("{may} {}", finding.lifted_by.join(", ")))?;
        }
        self.rights(finding)?;
        finding
            .problems
            .iter()
            .try_for_each(|problem| self.wrapped("      ", &format!("problem: {problem}")))
    }

    fn rights(&mut self, finding: &Finding) -> fmt::Result {
        if finding.rights.is_empty()
            || (finding.stands != Stands::Yes && self.length == Length::Brief)
        {
            return Ok(());
        }
        let affects = if finding.affects.is_empty() {
            String::new()
        } else {
            format!(" of {}", finding.affects.join(", "))
        };
        self.wrapped(
            "      ",
            &format!("rights at stake: {}{affects}", finding.rights.join(", ")),
        )
    }

    fn facts(&mut self, finding: &Finding) -> fmt::Result {
        let (known, unknown): (Vec<_>, Vec<_>) = finding.facts.iter().partition(|fact| fact.known);
        if finding.stands != Stands::Yes && !unknown.is_empty() {
            let labels: Vec<&str> = unknown.iter().map(|fact| fact.label.as_str()).collect();
            self.wrapped("      ", &format!("unknown: {}", labels.join(" · ")))?;
        }
        let known: Vec<String> = known.into_iter().map(|used| words::used(used)).collect();
        if known.is_empty() {
            Ok(())
        } else {
            self.wrapped("      ", &known.join(" · "))
        }
    }

    fn flags(&mut self, item: &ItemDetermination) -> fmt::Result {
        let flags = |wanted: Stands| {
            item.findings
                .iter()
                .filter(move |finding| finding.stands == wanted)
                .filter_map(|finding| match &finding.effect {
                    FindingEffect::Flags(text) => Some((finding, text.as_ref())),
                    _ => None,
                })
        };
        let (certain, possible): (Vec<_>, Vec<_>) =
            (flags(Stands::Yes).collect(), flags(Stands::May).collect());
        if certain.is_empty() && possible.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  Red flags (they change no level)")?;
        certain
            .into_iter()
            .try_for_each(|(finding, text)| self.flag(finding, text, ""))?;
        let shown = self.length.at_most(2);
        possible
            .iter()
            .take(shown)
            .try_for_each(|(finding, text)| self.flag(finding, text, "perhaps: "))?;
        match possible.len().checked_sub(shown) {
            Some(more) if more > 0 => {
                self.wrapped("    ", &format!("and {more} more, perhaps (--full)"))
            }
            _ => Ok(()),
        }
    }

    fn flag(&mut self, finding: &Finding, text: &str, perhaps: &str) -> fmt::Result {
        let citation = &finding.citation;
        let unverified = words::unverified(citation.verified);
        self.wrapped(
            "    ",
            &format!(
                "{perhaps}{text} ({}, {}{unverified})",
                citation.provision, citation.instrument
            ),
        )?;
        let figures: Vec<String> = finding
            .facts
            .iter()
            .filter(|fact| words::is_figure(fact))
            .map(|used| words::used(used))
            .collect();
        if figures.is_empty() {
            Ok(())
        } else {
            self.wrapped("      ", &figures.join(" · "))
        }
    }

    fn questions(&mut self, missing: &[Missing]) -> fmt::Result {
        let (asked, looked_up): (Vec<&Missing>, Vec<&Missing>) =
            missing.iter().partition(|one| !one.answers.is_empty());
        let (decisive, others): (Vec<&Missing>, Vec<&Missing>) =
            asked.into_iter().partition(|one| one.decisive);
        if !decisive.is_empty() {
            writeln!(self.out, "\n  To settle it, ask")?;
        }
        let shown = self.length.at_most(6);
        (1..)
            .zip(decisive.iter().take(shown))
            .try_for_each(|(number, one)| self.question(number, one))?;
        let rest: Vec<String> = decisive
            .iter()
            .skip(shown)
            .chain(&others)
            .map(|one| one.label.clone())
            .collect();
        if !rest.is_empty() {
            let intro = if decisive.is_empty() {
                "Open only together with each other"
            } else {
                "Also open"
            };
            self.wrapped(
                "    ",
                &format!("{intro}: {}", first(&rest, self.length.at_most(8))),
            )?;
        }
        if !looked_up.is_empty() {
            writeln!(self.out, "\n  Not in the tables")?;
        }
        let shown = self.length.at_most(4);
        looked_up
            .iter()
            .take(shown)
            .try_for_each(|one| self.wrapped("    ", &format!("{}: {}", one.label, one.question)))
    }

    fn question(&mut self, number: usize, one: &Missing) -> fmt::Result {
        self.wrapped_from(
            &format!("    {number}. "),
            "       ",
            &format!("{} [{}]", one.question, one.fact),
        )?;
        one.answers.iter().try_for_each(|answer| {
            let words = first(&answer.answers, self.length.at_most(4));
            self.wrapped_from(
                "         ",
                "           ",
                &format!("{words} → {}", words::short(&answer.leads_to)),
            )
        })
    }

    fn duties(&mut self, item: &ItemDetermination) -> fmt::Result {
        for (stands, heading) in [(Stands::Yes, "Do now"), (Stands::May, "Perhaps to do")] {
            let duties: Vec<_> = item
                .duties
                .iter()
                .filter(|duty| duty.stands == stands)
                .collect();
            if duties.is_empty() {
                continue;
            }
            writeln!(self.out, "\n  {heading}")?;
            for duty in duties.into_iter().take(self.length.at_most(6)) {
                self.wrapped("    ", &format!("{} ({})", duty.text, duty.provision))?;
            }
        }
        Ok(())
    }

    fn wrapped(&mut self, indent: &str, text: &str) -> fmt::Result {
        self.wrapped_from(indent, indent, text)
    }

    /// Writes words in lines of at most [`WIDTH`] characters.
    fn wrapped_from(&mut self, first: &str, indent: &str, text: &str) -> fmt::Result {
        let mut line = first.to_owned();
        let mut used = first.chars().count();
        let mut empty = true;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if !empty && used.saturating_add(length) >= WIDTH {
                writeln!(self.out, "{line}")?;
                indent.clone_into(&mut line);
                used = indent.chars().count();
                empty = true;
            }
            if !empty {
                line.push(' ');
                used = used.saturating_add(1);
            }
            line.push_str(word);
            used = used.saturating_add(length);
            empty = false;
        }
        writeln!(self.out, "{line}")
    }
}

fn scope_is_open(item: &ItemDetermination) -> bool {
    let requirement = item.bounds.requirement;
    requirement.at_least == Requirement::OutOfScope && !requirement.is_settled()
}

fn is_advice(finding: &Finding) -> bool {
    matches!(
        finding.effect,
        FindingEffect::Flags(_) | FindingEffect::Duty(_)
    )
}

/// The first of several words, and how many there are besides.
fn first(words: &[String], shown: usize) -> String {
    let named: Vec<&str> = words.iter().take(shown).map(String::as_str).collect();
    match words.len().checked_sub(shown) {
        Some(more) if more > 0 => format!("{}, or {more} others", named.join(", ")),
        _ => named.join(", "),
    }
}

/// The first digits of a hash.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
