//! `catchall data`: the reference data, a destination's profile, a control entry, a customs code.

use std::fmt::Write as _;

use catchall_engine::reference::{Destination, Reference};
use catchall_engine::source::{Diagnostic, nearest};
use catchall_engine::time::{Date, Dates};
use clap::{Args, Subcommand};
use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use crate::commands::entry;
use crate::commands::screen::parse_date;
use crate::exit::{Exit, Failure, Outcome};
use crate::output::{print, print_json};
use crate::sources::Sources;

/// List the tables with source, licence, years and hash; or tell what they hold of one destination, control entry
/// or customs code.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<DataCommand>,
}

#[derive(Debug, Subcommand)]
enum DataCommand {
    /// A destination: its groups over the years, and its figures.
    Show {
        /// Code or name, such as EG or Egypt.
        destination: String,
        /// On this day; else the last day that any table tells of.
        #[arg(long, value_name = "DATE", value_parser = parse_date)]
        as_of: Option<Date>,
    },
    /// The country groups that conditions can name.
    Groups,
    /// A control entry: dates, capability, layers, reasons, notes, counterparts, customs codes.
    Entry {
        /// Code such as 5A001.j.
        code: String,
        /// In this list only.
        #[arg(long, value_parser = entry::LISTS)]
        list: Option<String>,
    },
    /// A customs code: the control entries that it may cover, and why.
    Hs {
        /// Six or more digits, such as 851762.
        code: String,
    },
}

impl Data {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let reference = sources.reference()?;
        match &self.command {
            None if self.json => print_json(&reference.tables)?,
            None => print(&tables(&reference))?,
            Some(DataCommand::Show { destination, as_of }) => {
                print(&profile(&reference, destination, *as_of)?)?;
            }
            Some(DataCommand::Groups) => print(&groups(&reference))?,
            Some(DataCommand::Entry { code, list }) => {
                print(&entry::entry(&sources.bare()?, code, list.as_deref())?)?;
            }
            Some(DataCommand::Hs { code }) => print(&entry::customs_code(&reference, code)?)?,
        }
        Ok(Exit::Done)
    }
}

fn tables(reference: &Reference) -> String {
    let mut out = String::new();
    for (name, table) in &reference.tables {
        let years = table
            .years
            .map(|(from, to)| format!(", {from} to {to}"))
            .unwrap_or_default();
        let checked = if table.verified {
            ""
        } else {
            " · not all rows checked against their source"
        };
        let _ = writeln!(out, "{name}  {} ({} rows{years})", table.title, table.rows);
        let _ = writeln!(
            out,
            "    {} · {} · {}",
            table.publisher, table.licence, table.url
        );
        let _ = writeln!(
            out,
            "    retrieved {}{checked} · sha256 {}",
            table.retrieved, table.sha256
        );
    }
    let _ = writeln!(out, "\nall tables  sha256 {}", reference.hash);
    out
}

fn groups(reference: &Reference) -> String {
    let mut out = String::new();
    for (id, group) in reference.groups.iter() {
        let from = group
            .known_from
            .map(|day| format!(", known from {day}"))
            .unwrap_or_default();
        let _ = writeln!(out, "{id}  {}\n    {}{from}", group.title, group.citation);
    }
    out
}

fn find<'r>(reference: &'r Reference, text: &str, day: Date) -> Result<&'r Destination, Failure> {
    let code = reference.destinations.resolve(text, day);
    if let Some(destination) = code.and_then(|code| reference.destinations.get(code)) {
        return Ok(destination);
    }
    let names = reference
        .destinations
        .iter()
        .map(|destination| destination.name.as_ref());
    let help = nearest(text, names).map(|near| format!("did you mean {near}?"));
    Err(Diagnostic::error(
        "D201",
        format!("the unknown destination \"{text}\""),
        "a code or a name",
    )
    .maybe_help(help)
    .into())
}

/// The last day on which any figure was published or any membership changed, as the day to show.
pub(crate) fn last_day(reference: &Reference) -> Option<Date> {
    reference
        .groups
        .iter()
        .flat_map(|(_, group)| group.changes())
        .max()
}

fn profile(reference: &Reference, text: &str, as_of: Option<Date>) -> Result<String, Failure> {
    let day = as_of
        .or_else(|| last_day(reference))
        .or_else(|| Date::new(2026, 1, 1));
    let Some(day) = day else {
        return Err(Failure::Internal("no day to show".to_owned()));
    };
    let destination = find(reference, text, day)?;
    let mut out = format!(
        "{} ({})\n\nGroups on {day} and over the years\n",
        destination.name, destination.code
    );
    out.push_str(&memberships(reference, destination, day));
    out.push_str("\nFigures by year (with standard error where one is published)\n");
    out.push_str(&figures(reference, destination));
    Ok(out)
}

fn memberships(reference: &Reference, destination: &Destination, day: Date) -> String {
    let mut out = String::new();
    for (id, group) in reference.groups.iter() {
        let rows = group
            .members()
            .find(|(code, _)| **code == destination.code)
            .map(|(_, rows)| rows)
            .unwrap_or_default();
        let periods: Vec<String> = rows
            .iter()
            .filter(|row| row.member)
            .map(|row| {
                format!(
                    "{}{}",
                    row.period,
                    if row.verified { "" } else { " (not checked)" }
                )
            })
            .collect();
        if !periods.is_empty() {
            let (truth, _) = group.membership(
                &destination.code,
                Dates {
                    as_of: day,
                    known_at: day,
                },
            );
            let _ = writeln!(out, "  {id:<24} {truth:<8} {}", periods.join("; "));
        }
    }
    out
}

fn figures(reference: &Reference, destination: &Destination) -> String {
    const YEARS: usize = 12;
    let mut years: Vec<i16> = Vec::new();
    for (_, series) in reference.indicators.iter() {
        years.extend(
            series
                .all(&destination.code)
                .iter()
                .map(|figure| figure.year),
        );
    }
    years.sort_unstable();
    years.dedup();
    let shown = years.split_off(years.len().saturating_sub(YEARS));
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(
        std::iter::once("figure".to_owned()).chain(shown.iter().map(ToString::to_string)),
    );
    for (name, series) in reference.indicators.iter() {
        let figures = series.all(&destination.code);
        let cell = |year: &i16| {
            figures
                .iter()
                .find(|figure| figure.year == *year)
                .map_or_else(
                    || "·".to_owned(),
                    |figure| {
                        let error = figure
                            .standard_error
                            .as_ref()
                            .map(|error| format!("\n±{}", rounded(&error.to_string())));
                        format!(
                            "{}{}",
                            rounded(&figure.value.to_string()),
                            error.unwrap_or_default()
                        )
                    },
                )
        };
        table.add_row(std::iter::once(name.to_string()).chain(shown.iter().map(cell)));
    }
    format!("{table}\n")
}

/// A figure cut to two decimals for a narrow column; JSON and determinations carry all digits.
fn rounded(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, decimals)) => {
            format!("{whole}.{}", decimals.chars().take(2).collect::<String>())
        }
        None => text.to_owned(),
    }
}
