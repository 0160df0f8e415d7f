//! The effect on the records of tables: one read, and each record screened as it is and as it would be.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use catchall_engine::bulk::{
    Added, Against, Change, Counted, Moved, Profile, Selection, Stated, Summary,
};
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::screening::Direction;
use catchall_report::change::{Compared, bounds, page};
use catchall_report::{grouped, share};
use catchall_tables::{Ending, Job, Targets, Wanted, screen};

use super::{Compare, Format};
use crate::commands::profile::named;
use crate::commands::table::{all_processors, interruption, stopped, tables};
use crate::exit::{Exit, Failure, Outcome};
use crate::output::{print, print_json};
use crate::progress::Progress;

/// What to mind where nothing moves.
const NOTHING: &str = "Mind the days: a record is screened on its own, and a change may be in force from later on. --as-of DATE \
    screens all records on one day.\n";

/// Of each kind of thing the text shows so many; JSON and the page show all.
const SHOWN: usize = 10;

impl Compare {
    /// Compares two rulesets on tables.
    pub(super) fn tables(
        &self,
        profile: &str,
        library: &Library,
        base: &Ruleset,
        amended: &Ruleset,
    ) -> Outcome {
        let profile = Profile::compile(&named(profile, "--profile")?, library)?;
        let inputs = tables(&self.cases)?;
        let (progress, stop) = (Progress::of(&inputs), interruption()?);
        let output = (self.format == Format::Csv).then(|| PathBuf::from("-"));
        let ending = screen(&Job {
            profile: &profile,
            library,
            rulesets: &[amended],
            against: Some(Against::Base(base)),
            stated: Stated {
                as_of: self.as_of,
                known_at: self.known_at,
            },
            inputs: &inputs,
            targets: &Targets {
                output,
                ..Targets::default()
            },
            wanted: &Wanted {
                columns: Added::COMPARED.to_vec(),
                only: Selection::moving(),
                explained: 0,
            },
            reporter: None,
            force: false,
            resume: false,
            threads: self.threads.unwrap_or_else(all_processors),
            pace: Duration::MAX,
            stop: &stop,
            watch: &progress,
        });
        progress.clear();
        match ending? {
            Ending::Complete(summary) => self.show(&summary, library, &inputs),
            Ending::Stopped { read, resumable } => Ok(stopped(read, resumable)),
        }
    }

    fn show(&self, summary: &Summary, library: &Library, inputs: &[PathBuf]) -> Outcome {
        let Some(change) = &summary.change else {
            return Err(Failure::Internal(
                "a comparison without a change".to_owned(),
            ));
        };
        let names = inputs.iter().map(|path| path.display().to_string());
        let tables: Vec<String> = names.collect();
        match self.format {
            Format::Csv => {}
            Format::Json => print_json(&serde_json::json!(summary))?,
            Format::Text => print(&text(summary, change, &tables.join(", ")))?,
            Format::Html => print(
                &page(&Compared {
                    summary,
                    change,
                    library,
                    tables: &tables,
                })
                .html(),
            )?,
        }
        Ok(if summary.rejected > 0 {
            Exit::BadInput
        } else {
            Exit::Done
        })
    }
}

fn text(summary: &Summary, change: &Change, tables: &str) -> String {
    let mut out = format!("{}\nas it would be: {}\n\n", change.base, change.amended);
    let share = share(change.rows.into(), summary.read.into());
    let records = grouped(summary.read.into());
    let moves = grouped(change.rows.into());
    _ = writeln!(out, "{tables} · {} · {records} records", summary.profile);
    _ = writeln!(
        out,
        "{moves} move ({share}); {} could not be read",
        summary.rejected
    );
    for (direction, counted) in &change.directions {
        _ = writeln!(
            out,
            "  {:>12}  {}{}",
            grouped(counted.rows.into()),
            direction.words(),
            worth(counted)
        );
    }
    if change.rows == 0 {
        out.push_str(NOTHING);
    }
    for pair in change.pairs.iter().take(SHOWN) {
        let (base, amended) = (bounds(&pair.base), bounds(&pair.amended));
        _ = writeln!(out, "\n  {:>12}  {base}", grouped(pair.counted.rows.into()));
        _ = writeln!(out, "           →  {amended} ({})", pair.direction.words());
    }
    further(&mut out, change.pairs.len());
    for (kind, names) in &change.by {
        counted(&mut out, kind, names);
    }
    rules(&mut out, change);
    open(&mut out, change);
    _ = writeln!(out, "\n{}", summary.notice);
    out
}

fn worth(counted: &Counted) -> String {
    let values = counted.values.iter();
    let values = values.map(|(unit, value)| format!(" · {unit} {}", value.sum()));
    values.collect()
}

fn counted(out: &mut String, kind: &str, names: &std::collections::BTreeMap<Arc<str>, Moved>) {
    let total = |moved: &Moved| {
        moved
            .values()
            .fold(0_u64, |sum, one| sum.saturating_add(one.rows))
    };
    let mut all: Vec<(&Arc<str>, &Moved)> = names.iter().collect();
    all.sort_by_key(|(_, moved)| std::cmp::Reverse(total(moved)));
    _ = writeln!(out, "\nBy {kind}");
    for (name, moved) in all.iter().take(SHOWN) {
        let each = Direction::ALL.into_iter().filter_map(|way| {
            let counted = moved.get(&way)?;
            let rows = grouped(counted.rows.into());
            Some(format!("{rows} {}{}", way.words(), worth(counted)))
        });
        let each: Vec<String> = each.collect();
        _ = writeln!(out, "  {name}: {}", each.join("; "));
    }
    further(out, all.len());
}

fn rules(out: &mut String, change: &Change) {
    if !change.rules.is_empty() {
        _ = writeln!(out, "\nRules that no longer stand alike");
    }
    for rule in change.rules.iter().take(SHOWN) {
        let (base, amended) = (rule.found.base.words(), rule.found.amended.words());
        let rows = grouped(rule.counted.rows.into());
        _ = writeln!(out, "  {rows:>12}  {}: {base} → {amended}", rule.found.rule);
        _ = writeln!(out, "                {}", rule.when);
    }
    further(out, change.rules.len());
}

fn open(out: &mut String, change: &Change) {
    if change.open == 0 {
        return;
    }
    let rows = grouped(change.open.into());
    _ = writeln!(
        out,
        "\n{rows} of those that move stay open; these facts would settle them"
    );
    let mut facts: Vec<(&Arc<str>, &u64)> = change.settled_by.iter().collect();
    facts.sort_by_key(|(_, rows)| std::cmp::Reverse(**rows));
    for (fact, rows) in facts.iter().take(SHOWN) {
        _ = writeln!(out, "  {:>12}  {fact}", grouped((**rows).into()));
    }
    further(out, facts.len());
}

fn further(out: &mut String, length: usize) {
    let more = length.saturating_sub(SHOWN);
    if more > 0 {
        _ = writeln!(out, "  and {more} more: --format json or html shows all");
    }
}
