//! A determination as plain text, outcome first.

use std::fmt::{self, Write};

use super::words;
use crate::reference::Reference;
use crate::screening::{
    Determination, Finding, FindingEffect, ItemDetermination, Missing, RulesetDetermination, Stands,
};

/// The width of a line, in characters.
const WIDTH: usize = 112;
/// At most so many questions are shown; JSON has all.
const QUESTIONS: usize = 8;

/// A determination for a person to read: the outcome, what stands and why, what is unknown, what to do.
pub fn text(
    determination: &Determination,
    reference: &Reference,
    destination: Option<&str>,
) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = Writer { out: &mut out }.determination(determination, reference, destination);
    out
}

struct Writer<'o> {
    out: &'o mut String,
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
        writeln!(self.out, "  {}\n", words::outcome(&all.bounds))?;
        for ruleset in &all.rulesets {
            self.ruleset(ruleset)?;
        }
        self.wrapped("  ", all.notice)?;
        let hashes: Vec<String> = all
            .rulesets
            .iter()
            .map(|ruleset| format!("{} {}", ruleset.id, short(&ruleset.sha256)))
            .collect();
        writeln!(
            self.out,
            "  rulesets {} · data {} · engine {} · input {}",
            hashes.join(", "),
            short(&all.data.sha256),
            all.engine.version,
            short(&all.input)
        )
    }

    fn ruleset(&mut self, ruleset: &RulesetDetermination) -> fmt::Result {
        writeln!(
            self.out,
            "{} {}     {}",
            ruleset.id,
            ruleset.edition,
            words::outcome(&ruleset.bounds)
        )?;
        if let Some(reason) = &ruleset.not_modelled {
            self.wrapped("  ", reason)?;
        }
        for item in &ruleset.items {
            self.item(item)?;
        }
        let open: Vec<&str> = ruleset
            .coverage
            .iter()
            .filter(|provision| provision.status != "modelled")
            .map(|provision| provision.provision.as_ref())
            .collect();
        if !ruleset.items.iter().all(|item| item.findings.is_empty()) && !open.is_empty() {
            self.wrapped(
                "  ",
                &format!("Modelled in part or not at all: {}.", open.join("; ")),
            )?;
        }
        writeln!(self.out)
    }

    fn item(&mut self, item: &ItemDetermination) -> fmt::Result {
        writeln!(
            self.out,
            "\n  Line {}: {}",
            item.line,
            words::outcome(&item.bounds)
        )?;
        for stands in [Stands::Yes, Stands::May, Stands::Lifted] {
            self.findings(item, stands)?;
        }
        self.flags(item)?;
        self.questions(&item.missing)?;
        self.duties(item)
    }

    fn findings(&mut self, item: &ItemDetermination, stands: Stands) -> fmt::Result {
        let shown: Vec<&Finding> = item
            .findings
            .iter()
            .filter(|finding| finding.stands == stands && !is_advice(finding))
            .collect();
        if shown.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  {}", words::heading(stands))?;
        shown
            .into_iter()
            .try_for_each(|finding| self.finding(finding))
    }

    fn finding(&mut self, finding: &Finding) -> fmt::Result {
        let citation = &finding.citation;
        let unverified = words::unverified(citation.verified);
        writeln!(
            self.out,
            "    {}  {}     {}{unverified}",
            citation.provision,
            citation.instrument,
            words::effect(finding)
        )?;
        self.wrapped("      ", &finding.because)?;
        if let Some(note) = &citation.note {
            self.wrapped("      ", &format!("Note: {note}"))?;
        }
        if !finding.lifted_by.is_empty() {
            let may = if finding.stands == Stands::May {
                "may be lifted by"
            } else {
                "lifted by"
            };
            self.wrapped("      ", &format!("{may} {}", finding.lifted_by.join(", ")))?;
        }
        if !finding.rights.is_empty() {
            let affects = if finding.affects.is_empty() {
                String::new()
            } else {
                format!(" · of {}", finding.affects.join(", "))
            };
            self.wrapped(
                "      ",
                &format!("rights at stake: {}{affects}", finding.rights.join(", ")),
            )?;
        }
        let facts: Vec<String> = finding.facts.iter().map(words::used).collect();
        if !facts.is_empty() {
            self.wrapped("      ", &facts.join(" · "))?;
        }
        finding
            .problems
            .iter()
            .try_for_each(|problem| self.wrapped("      ", &format!("problem: {problem}")))
    }

    fn flags(&mut self, item: &ItemDetermination) -> fmt::Result {
        let flags: Vec<(&Finding, &str)> = item
            .findings
            .iter()
            .filter_map(|finding| match &finding.effect {
                FindingEffect::Flags(text) if finding.stands != Stands::Lifted => {
                    Some((finding, text.as_ref()))
                }
                _ => None,
            })
            .collect();
        if flags.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  Red flags (they change no level)")?;
        flags.into_iter().try_for_each(|(finding, text)| {
            let may = if finding.stands == Stands::May {
                "perhaps: "
            } else {
                ""
            };
            let unverified = words::unverified(finding.citation.verified);
            self.wrapped(
                "    ",
                &format!(
                    "{may}{text} ({}, {}{unverified})",
                    finding.citation.provision, finding.citation.instrument
                ),
            )
        })
    }

    fn questions(&mut self, missing: &[Missing]) -> fmt::Result {
        let (asked, looked_up): (Vec<&Missing>, Vec<&Missing>) =
            missing.iter().partition(|one| !one.answers.is_empty());
        if !asked.is_empty() {
            writeln!(self.out, "\n  To settle it, ask")?;
        }
        for (number, one) in (1..).zip(asked.iter().take(QUESTIONS)) {
            self.wrapped_from(
                &format!("    {number}. "),
                "       ",
                &format!("{}  [{}]", one.question, one.fact),
            )?;
            for answer in &one.answers {
                let words = listed(&answer.answers);
                self.wrapped_from(
                    "         ",
                    "           ",
                    &format!("{words} → {}", words::short(&answer.leads_to)),
                )?;
            }
        }
        if asked.len() > QUESTIONS {
            writeln!(
                self.out,
                "    and {} more (--format json lists all)",
                asked.len().saturating_sub(QUESTIONS)
            )?;
        }
        if !looked_up.is_empty() {
            writeln!(self.out, "\n  Not in the tables")?;
        }
        looked_up
            .iter()
            .try_for_each(|one| self.wrapped("    ", &format!("{}: {}", one.label, one.question)))
    }

    fn duties(&mut self, item: &ItemDetermination) -> fmt::Result {
        let duties: Vec<_> = item
            .duties
            .iter()
            .filter(|duty| duty.stands != Stands::Lifted)
            .collect();
        if duties.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n  Do now")?;
        duties.into_iter().try_for_each(|duty| {
            let may = if duty.stands == Stands::May {
                "perhaps: "
            } else {
                ""
            };
            self.wrapped("    ", &format!("{may}{} ({})", duty.text, duty.provision))
        })
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
            if !empty && used.saturating_add(length).saturating_add(1) > WIDTH {
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

fn is_advice(finding: &Finding) -> bool {
    matches!(
        finding.effect,
        FindingEffect::Flags(_) | FindingEffect::Duty(_)
    )
}

fn listed(words: &[String]) -> String {
    const SHOWN: usize = 6;
    let first: Vec<&str> = words.iter().take(SHOWN).map(String::as_str).collect();
    match words.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{}, or {more} others", first.join(", ")),
        _ => first.join(", "),
    }
}

/// The first digits of a hash.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
