//! `catchall eval`: one expression, or a file of cases.

use std::path::{Path, PathBuf};

use catchall_engine::condition::{Condition, Inputs, compile, notation};
use catchall_engine::facts::Application;
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::ItemEnvironment;
use catchall_engine::source::{Diagnostic, Problems};
use catchall_engine::time::Date;
use clap::Args;
use serde_json::{Map, Value, json};

use crate::commands::screen::{HOW, parse_date};
use crate::exit::{Exit, Failure, Outcome};
use crate::input::document;
use crate::output::print;
use crate::sources::Sources;

/// Evaluate an expression of the condition language.
///
/// With --cases, each line of the file is {"id", "expression", "inputs", "types", "expected"?}, and each line
/// written is {"id", "value"}: "unknown", a JSON value, or {"error": code}. Exit code 3 if a case differs.
#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The expression.
    #[arg(required_unless_present = "cases")]
    expression: Option<String>,
    /// Facts: an application (its first item is looked at), or an object of names and values.
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The ruleset whose definitions and parameters may be used.
    #[arg(long, value_name = "RULESET", default_value = "eu-dual-use")]
    ruleset: String,
    /// The day whose law applies, if the facts do not say.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// A file of cases, a line each.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["expression", "facts"])]
    cases: Option<PathBuf>,
}

impl Eval {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        if let Some(path) = &self.cases {
            return cases(path);
        }
        let expression = self.expression.as_deref().unwrap_or_default();
        let value = match &self.facts {
            None => by_inputs(expression, &Map::new(), &Map::new())?,
            Some(path) => self.with_facts(expression, path, sources)?,
        };
        print(&format!("{value}\n"))?;
        Ok(Exit::Done)
    }

    fn with_facts(
        &self,
        expression: &str,
        path: &Path,
        sources: &Sources,
    ) -> Result<Value, Failure> {
        let read = document(path)?;
        let json = read.json()?;
        match json.value() {
            Value::Object(object) if !object.contains_key("items") => {
                Ok(by_inputs(expression, object, &Map::new())?)
            }
            _ => self.by_application(expression, &read, sources),
        }
    }

    fn by_application(
        &self,
        expression: &str,
        read: &catchall_engine::source::Document,
        sources: &Sources,
    ) -> Result<Value, Failure> {
        let library = sources.library(std::slice::from_ref(&self.ruleset))?;
        let application = Application::read(read, &library.catalogue)?;
        let dates = application.dates(self.as_of, None, read, HOW)?;
        let Some(ruleset) = library.rulesets.first() else {
            return Err(Failure::Usage("no ruleset".to_owned()));
        };
        let condition = in_ruleset(expression, ruleset, &library.reference)?;
        let Some(item) = application.items.first() else {
            return Ok(Value::Null);
        };
        let environment =
            ItemEnvironment::new(ruleset, &library.reference, &application, item, dates);
        Ok(notation(&condition.evaluate(&environment)))
    }
}

fn in_ruleset(
    expression: &str,
    ruleset: &Ruleset,
    reference: &catchall_engine::reference::Reference,
) -> Result<Condition, Problems> {
    compile(expression, &ruleset.names(reference)).map_err(named)
}

fn named(problems: Problems) -> Problems {
    let mut named = Problems::new();
    named.extend(
        problems
            .into_iter()
            .map(|problem| problem.within("<expression>", "")),
    );
    named
}

fn by_inputs(
    expression: &str,
    inputs: &Map<String, Value>,
    types: &Map<String, Value>,
) -> Result<Value, Problems> {
    let inputs = Inputs::read(inputs, types)?;
    let condition = compile(expression, &inputs).map_err(named)?;
    Ok(notation(&condition.evaluate(&inputs)))
}

fn cases(path: &Path) -> Outcome {
    let text = document(path)?;
    let mut failed = false;
    for (number, line) in (1..).zip(text.text().lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let case: Value =
            serde_json::from_str(line).map_err(|error| bad_line(path, number, &error))?;
        let value = answer(&case);
        failed |= case
            .get("expected")
            .is_some_and(|expected| !same(expected, &value));
        print(&format!(
            "{}\n",
            json!({"id": case.get("id"), "value": value})
        ))?;
    }
    Ok(if failed { Exit::BadInput } else { Exit::Done })
}

fn bad_line(path: &Path, number: usize, error: &serde_json::Error) -> Failure {
    let place = catchall_engine::source::Place {
        document: format!("{} line {number}", path.display()),
        ..Default::default()
    };
    Diagnostic::error("J102", error.to_string(), "a JSON object")
        .at(place)
        .into()
}

fn answer(case: &Value) -> Value {
    let object = |key: &str| {
        case.get(key)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let expression = case
        .get("expression")
        .and_then(Value::as_str)
        .unwrap_or_default();
    by_inputs(expression, &object("inputs"), &object("types")).unwrap_or_else(|problems| {
        let code = problems
            .iter()
            .next()
            .map_or("E102", |problem| problem.code);
        json!({ "error": code })
    })
}

/// Whether two values in the notation are one value: `P0Y` is `P0M`, 1.0 is 1.
fn same(expected: &Value, found: &Value) -> bool {
    let parsed = |value: &Value| {
        let one: Map<String, Value> = [("value".to_owned(), value.clone())].into_iter().collect();
        by_inputs("value", &one, &Map::new()).ok()
    };
    let error = |value: &Value| value.get("error").is_some();
    expected == found
        || (!error(expected)
            && !error(found)
            && parsed(expected).is_some()
            && parsed(expected) == parsed(found))
}
