//! `catchall facts`: what can be stated about an export.

use catchall_engine::facts::{Catalogue, Field};
use clap::Args;
use serde_json::{Value, json};

use crate::exit::{Exit, Outcome};
use crate::output::{print, print_json};
use crate::sources::Sources;

/// List the facts that an application can state and conditions can read.
#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// Only facts whose path, label or codes hold this text.
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Facts {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let library = sources.library(&[])?;
        let catalogue = &library.catalogue;
        let rows: Vec<(String, &Field)> = all(catalogue)
            .into_iter()
            .filter(|(path, field)| self.wanted(path, field))
            .collect();
        if self.json {
            let rows: Vec<Value> = rows
                .iter()
                .map(|(path, field)| as_json(path, field))
                .collect();
            print_json(&rows)?;
        } else {
            for (path, field) in rows {
                print(&shown(&path, field, catalogue))?;
            }
        }
        Ok(Exit::Done)
    }

    fn wanted(&self, path: &str, field: &Field) -> bool {
        let text = self.text.as_deref().unwrap_or_default().to_lowercase();
        [path, &field.label, &field.notation]
            .iter()
            .any(|part| part.to_lowercase().contains(&text))
    }
}

/// Every fact, and every field of the records in list facts.
fn all(catalogue: &Catalogue) -> Vec<(String, &Field)> {
    let mut rows = Vec::new();
    for (_, fact) in catalogue.facts() {
        rows.push((fact.field.name.to_string(), &fact.field));
        if let Some(record) = catalogue.record_of(&fact.field.notation) {
            rows.extend(
                record
                    .fields
                    .iter()
                    .map(|field| (format!("{}[].{}", fact.field.name, field.name), field)),
            );
        }
    }
    rows
}

fn as_json(path: &str, field: &Field) -> Value {
    json!({
        "path": path, "type": field.notation, "unit": field.unit.as_deref(), "label": field.label.as_ref(),
        "question": field.question.as_ref(), "readable": field.readable
    })
}

fn shown(path: &str, field: &Field, catalogue: &Catalogue) -> String {
    let unit = field
        .unit
        .as_ref()
        .map(|unit| format!(" in {unit}"))
        .unwrap_or_default();
    let unread = if field.readable {
        ""
    } else {
        "  (shown; conditions cannot read it)"
    };
    format!(
        "{path}  {}{unit}{unread}\n    {}\n{}",
        field.notation,
        field.question,
        codes(field, catalogue)
    )
}

fn codes(field: &Field, catalogue: &Catalogue) -> String {
    const SHOWN: usize = 40;
    let name = field
        .notation
        .trim_start_matches("code(")
        .trim_start_matches("set<")
        .trim_end_matches([')', '>']);
    match catalogue.code_set(name) {
        Some(set) if set.values.len() <= SHOWN => set
            .values
            .iter()
            .map(|(code, label)| format!("      {code}: {label}\n"))
            .collect(),
        Some(set) => format!("      {} codes: {}\n", set.values.len(), set.title),
        None => String::new(),
    }
}
