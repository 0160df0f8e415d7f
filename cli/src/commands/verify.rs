//! `catchall verify`: computes a determination again, and says what differs.

use std::path::PathBuf;

use catchall_engine::facts::Application;
use catchall_engine::ruleset::Library;
use catchall_engine::screening::{Determination, screen};
use catchall_engine::source::{Diagnostic, Difference, Document, canonical, differences};
use catchall_engine::time::{Date, Dates};
use clap::Args;
use serde_json::Value;

use crate::exit::{Exit, Failure, Outcome};
use crate::input::document;
use crate::output::print;
use crate::sources::Sources;

/// Compute a determination again from its application, and say what differs.
///
/// Exit code: 0 every byte of the canonical JSON is the same, 3 something differs.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The determination, as `catchall screen --format json` wrote it.
    determination: PathBuf,
    /// The application that it was made from.
    #[arg(long, value_name = "FILE")]
    application: PathBuf,
    /// Folder or file of a ruleset that is not shipped; else rulesets are found by their ids.
    #[arg(long, value_name = "RULESET")]
    ruleset: Vec<String>,
}

impl Verify {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let stated = document(&self.determination)?;
        let kept = stated.json()?.into_value();
        let library = sources.library(&self.named(&kept))?;
        let application = Application::read(&document(&self.application)?, &library.catalogue)?;
        let again = again(&kept, &stated, &application, &library)?;
        let found =
            serde_json::to_value(&again).map_err(|error| Failure::Internal(error.to_string()))?;
        if canonical(&kept) == canonical(&found) {
            print(
                "The same, byte for byte: rulesets, data, engine and input agree with their hashes.\n",
            )?;
            return Ok(Exit::Done);
        }
        let differences = differences(&kept, &found, usize::MAX);
        print(&format!(
            "{} differences (stated, then computed again):\n",
            differences.len()
        ))?;
        for Difference {
            pointer,
            one,
            other,
        } in differences
        {
            let line = format!("  {pointer}: {} / {}\n", brief(one), brief(other));
            print(&line)?;
        }
        Ok(Exit::BadInput)
    }

    /// The rulesets to compute with: those that are named, else those of the determination.
    fn named(&self, kept: &Value) -> Vec<String> {
        if !self.ruleset.is_empty() {
            return self.ruleset.clone();
        }
        let rulesets = kept
            .get("rulesets")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        rulesets
            .filter_map(|ruleset| ruleset.get("id")?.as_str().map(str::to_owned))
            .collect()
    }
}

fn again(
    kept: &Value,
    stated: &Document,
    application: &Application,
    library: &Library,
) -> Result<Determination, Failure> {
    let day = |key: &str| {
        kept.get(key)
            .and_then(Value::as_str)
            .and_then(Date::parse)
            .ok_or_else(|| {
                let error =
                    Diagnostic::error("J107", format!("no day under `{key}`"), "a determination");
                Failure::from(
                    error
                        .help("name the file that `catchall screen --format json` wrote")
                        .at(stated.place("")),
                )
            })
    };
    let dates = Dates {
        as_of: day("as_of")?,
        known_at: day("known_at")?,
    };
    Ok(screen(
        application,
        &library.rulesets.iter().collect::<Vec<_>>(),
        &library.reference,
        dates,
    ))
}

fn brief(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        text
    } else {
        format!("{}…", text.chars().take(LONGEST).collect::<String>())
    }
}
