//! What became of a table's records, in a few lines for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use catchall_engine::bulk::{Summary, Tally, Values};
use catchall_engine::ruleset::Requirement;
use catchall_engine::screening::Interval;

/// The counts in a few lines.
pub(crate) fn text(summary: &Summary, tables: &str, rejects_named: bool) -> String {
    let mut out = String::new();
    let read = summary.read;
    let _ = writeln!(out, "{tables} · {} · {read} records", summary.profile);
    for (what, rows) in [
        ("determined", summary.determined),
        ("undetermined", summary.undetermined),
        ("rejected", summary.rejected),
    ] {
        let _ = writeln!(out, "  {}{what}", counted(rows, read));
    }
    if !summary.only.is_empty() {
        let which = summary.only.join(" or ");
        let _ = writeln!(out, "  {}written: {which}", counted(summary.selected, read));
    }
    outcomes(&mut out, summary);
    breakdowns(&mut out, summary);
    rules(&mut out, summary);
    unresolved(&mut out, summary);
    rejects(&mut out, summary, rejects_named);
    notes(&mut out, summary);
    let _ = writeln!(out, "\n{}", summary.notice);
    out
}

/// What a reader of the results must know, from the profile.
fn notes(out: &mut String, summary: &Summary) {
    if summary.notes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nMind");
    for note in &summary.notes {
        let _ = writeln!(out, "  {note}");
    }
}

/// At most so many lines of what may be long.
const TOP: usize = 8;

fn outcomes(out: &mut String, summary: &Summary) {
    let _ = writeln!(out, "\nRequirement, at least to at most");
    for outcome in summary.requirement.iter().take(TOP) {
        let (least, most) = (outcome.bounds.at_least, outcome.bounds.at_most);
        let range = if least == most {
            least.to_string()
        } else {
            format!("{least} to {most}")
        };
        let worth = worth(&outcome.values);
        let _ = writeln!(
            out,
            "  {}{range}{worth}",
            counted(outcome.rows, summary.read)
        );
    }
    further(out, summary.requirement.len());
}

/// By destination, year and customs code: those with most records that may need a licence, or more.
fn breakdowns(out: &mut String, summary: &Summary) {
    for (title, tallies) in [
        ("By destination", &summary.destinations),
        ("By year", &summary.years),
        ("By customs code (HS)", &summary.hs),
    ] {
        breakdown(out, title, tallies);
    }
}

fn breakdown(out: &mut String, title: &str, tallies: &BTreeMap<Arc<str>, Tally>) {
    let mut lines: Vec<(&Arc<str>, [u64; 3])> = tallies
        .iter()
        .map(|(name, tally)| (name, rows(tally)))
        .collect();
    if lines.len() < 2 {
        return;
    }
    lines.sort_by_key(|(_, [all, certain, may])| std::cmp::Reverse((*certain, *may, *all)));
    let _ = writeln!(
        out,
        "\n{title:<22}     records  licence for certain    it may need one"
    );
    for (name, [all, certain, may]) in lines.iter().take(TOP) {
        let _ = writeln!(out, "  {name:<20}{all:>12}{certain:>21}{may:>19}");
    }
    further(out, lines.len());
}

/// Records, those that need a licence or are prohibited for certain, and those that may.
fn rows(tally: &Tally) -> [u64; 3] {
    let licence = Requirement::LicenceRequired;
    let sum = |fits: &dyn Fn(&Interval<Requirement>) -> bool| {
        let outcomes = tally.requirement.iter();
        let fitting = outcomes.filter(|outcome| fits(&outcome.bounds));
        fitting.fold(0_u64, |sum, outcome| sum.saturating_add(outcome.rows))
    };
    [
        sum(&|_| true),
        sum(&|bounds| bounds.at_least >= licence),
        sum(&|bounds| bounds.at_most >= licence && bounds.at_least < licence),
    ]
}

fn rules(out: &mut String, summary: &Summary) {
    let mut standing: Vec<_> = summary.rules.iter().collect();
    standing.retain(|(_, count)| count.stands > 0);
    standing.sort_by_key(|(_, count)| std::cmp::Reverse(count.stands));
    if standing.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nRules that stand");
    for (rule, count) in standing.iter().take(TOP) {
        let _ = writeln!(out, "  {}{rule}", counted(count.stands, summary.read));
    }
    further(out, standing.len());
}

/// What records are worth, in whole units.
fn worth(values: &Values) -> String {
    let values = values.iter();
    let values = values.map(|(unit, value)| format!(" · {unit} {}", value.whole()));
    values.collect()
}

fn further(out: &mut String, length: usize) {
    let more = length.saturating_sub(TOP);
    if more > 0 {
        let _ = writeln!(out, "  and {more} more, in the summary");
    }
}

/// All values that named nothing that is known: a reader must be able to check each.
fn unresolved(out: &mut String, summary: &Summary) {
    if summary.unresolved.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nNot resolved, so unknown");
    for value in &summary.unresolved {
        let reason = value
            .reason
            .as_deref()
            .unwrap_or("names nothing that is known");
        let share = counted(value.rows, summary.read);
        let _ = writeln!(out, "  {share}{}: {} ({reason})", value.column, value.name);
    }
}

fn rejects(out: &mut String, summary: &Summary, named: bool) {
    if summary.rejects.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nRejected");
    for reject in summary.rejects.iter().take(TOP) {
        let column = if reject.column.is_empty() {
            "record"
        } else {
            &reject.column
        };
        let share = counted(reject.rows, summary.read);
        let _ = writeln!(out, "  {share}{column}: {}", reject.cause);
    }
    further(out, summary.rejects.len());
    if !named {
        let _ = writeln!(out, "  give --rejects FILE to have each with its line");
    }
}

/// A number of records and its share, in columns of fixed width.
fn counted(rows: u64, read: u64) -> String {
    let hundredths = u128::from(rows).saturating_mul(10_000);
    let hundredths = hundredths.checked_div(u128::from(read)).unwrap_or(0);
    let whole = hundredths.checked_div(100).unwrap_or(0);
    let part = hundredths.checked_rem(100).unwrap_or(0);
    format!("{rows:>10}  {whole:>3}.{part:02} %  ")
}
