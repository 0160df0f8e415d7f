//! `catchall ask`: what to ask next, and what would be milder.

use std::fmt::Write;
use std::path::PathBuf;

use catchall_engine::comparison::{
    Answered, Questions, Settles, Subjected, Unconfirmed, ask, members,
};
use catchall_engine::facts::Application;
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::screening::NOTICE;
use catchall_engine::time::{Date, Dates};
use catchall_report::change::bounds;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::commands::screen::{HOW, parse_date};
use crate::exit::{Exit, Failure, Outcome};
use crate::input::document;
use crate::output::{print, print_json};
use crate::sources::{Sources, chosen};

/// Show the shortest list of facts that settles an answer, and what would make it milder.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    /// An application, as JSON; `-` is standard input.
    file: PathBuf,
    /// Ruleset to ask for: an id, a folder or a file. Repeat for several; all shipped law if none.
    #[arg(long, value_name = "RULESET")]
    ruleset: Vec<String>,
    /// The day whose law applies, instead of the application's own.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// The day up to which data had been published; else the same as --as-of.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    known_at: Option<Date>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    Text,
    /// For programs.
    Json,
}

impl Asking {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let library = sources.library(&self.ruleset)?;
        let read = document(&self.file)?;
        let application = Application::read(&read, &library.catalogue)?;
        let dates = application.dates(self.as_of, self.known_at, &read, HOW)?;
        let mut found = Vec::new();
        for ruleset in chosen(&library, &self.ruleset) {
            let questions = questions(ruleset, &library, &application, dates)?;
            found.push((ruleset, questions));
        }
        self.show(&found)?;
        Ok(Exit::Done)
    }

    fn show(&self, found: &[(&Ruleset, Vec<Questions>)]) -> Result<(), Failure> {
        if self.format == Format::Json {
            let all = found.iter().map(|(ruleset, items)| json!({"ruleset": ruleset.id, "sha256": ruleset.hash, "items": items}));
            return print_json(&json!({"rulesets": all.collect::<Vec<_>>(), "notice": NOTICE}));
        }
        let mut text = String::new();
        for (ruleset, items) in found {
            items
                .iter()
                .for_each(|item| text.push_str(&told(ruleset, item)));
        }
        _ = writeln!(text, "{NOTICE}");
        print(&text)
    }
}

fn questions(
    ruleset: &Ruleset,
    library: &Library,
    application: &Application,
    dates: Dates,
) -> Result<Vec<Questions>, Failure> {
    let subject = Subjected {
        ruleset,
        catalogue: &library.catalogue,
        reference: &library.reference,
        dates,
        members: members(application, &library.catalogue),
    };
    ask(&subject, application).map_err(|Unconfirmed(text)| Failure::Internal(text))
}

fn told(ruleset: &Ruleset, item: &Questions) -> String {
    let mut text = format!(
        "{}, line {}: {}\n",
        ruleset.id,
        item.line,
        bounds(&item.now)
    );
    let facts = item.ask.len();
    _ = writeln!(text, "  {}", match item.settles {
        Settles::Already => "nothing to ask: it is settled".to_owned(),
        Settles::All => format!("{facts} facts settle it, whatever the answers are"),
        Settles::Requirement => format!("{facts} facts settle what is required; the review may stay open"),
        Settles::Nothing => "for some answers nothing settles it: a figure is missing that no table holds. All that is open:".to_owned(),
    });
    if matches!(item.settles, Settles::All | Settles::Requirement) {
        let words = if item.shortest {
            "no shorter list does"
        } else {
            "none of them can be left out; a shorter list was not looked for to the end"
        };
        _ = writeln!(text, "  {words}");
    }
    for (at, ask) in (1..).zip(&item.ask) {
        _ = writeln!(text, "  {at}. {} [{}]", ask.question, ask.fact);
        ask.answers
            .iter()
            .for_each(|answer| text.push_str(&answered(answer)));
    }
    for way in &item.instead {
        let changes: Vec<String> = way
            .changes
            .iter()
            .map(|(fact, value)| format!("{fact} = {value}"))
            .collect();
        _ = writeln!(
            text,
            "  would be milder: {} → {}",
            changes.join(", "),
            bounds(&way.leads_to)
        );
    }
    item.bounds
        .iter()
        .for_each(|bound| _ = writeln!(text, "  bounded: {bound}"));
    text.push('\n');
    text
}

fn answered(answer: &Answered) -> String {
    let rest = if answer.then.is_empty() {
        "nothing more to ask".to_owned()
    } else {
        format!("then ask {}", answer.then.join(", "))
    };
    format!(
        "       {} → {}; {rest}\n",
        answer.answers.join(", "),
        bounds(&answer.leads_to)
    )
}
