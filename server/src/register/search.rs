//! Finds kept determinations, the newest first, a page at a time.

use serde::Serialize;
use sqlx::AssertSqlSafe;
use utoipa::ToSchema;

use super::reading::{COLUMNS, of_row};
use super::record::Record;
use super::{Register, unavailable};
use crate::problem::Answer;

/// What to look for; what is empty is not asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    /// Columns that must have one of these values.
    pub(crate) equal: Vec<(&'static str, Vec<String>)>,
    /// Kept on this day or later.
    pub(crate) from: Option<String>,
    /// Kept before this day.
    pub(crate) until: Option<String>,
    /// A rule that certainly stands.
    pub(crate) rule: Option<String>,
    /// A piece of the application's text, in upper or lower case.
    pub(crate) text: Option<String>,
    /// Only those before this number.
    pub(crate) after: Option<String>,
    /// How many.
    pub(crate) limit: usize,
}

/// A page of kept determinations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page {
    /// The determinations, the newest first.
    pub(crate) determinations: Vec<Record>,
    /// Where the next page is, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// Conditions with what they are bound to.
#[derive(Default)]
struct Clauses {
    texts: Vec<String>,
    bound: Vec<String>,
}

impl Clauses {
    /// The next place for a value.
    fn bind(&mut self, value: String) -> String {
        self.bound.push(value);
        format!("${}", self.bound.len())
    }

    fn compare(&mut self, column: &str, how: &str, value: Option<&String>) {
        if let Some(value) = value {
            let place = self.bind(value.clone());
            self.texts.push(format!("{column} {how} {place}"));
        }
    }

    fn among(&mut self, column: &str, values: &[String]) {
        if !values.is_empty() {
            let places: Vec<String> = values
                .iter()
                .map(|value| self.bind(value.clone()))
                .collect();
            self.texts
                .push(format!("{column} IN ({})", places.join(", ")));
        }
    }

    fn holds(&mut self, column: &str, piece: Option<String>) {
        if let Some(piece) = piece {
            let place = self.bind(format!("%{}%", escaped(&piece)));
            self.texts
                .push(format!("LOWER({column}) LIKE LOWER({place}) ESCAPE '!'"));
        }
    }
}

/// A text in which `LIKE` sees no sign of its own.
fn escaped(text: &str) -> String {
    text.replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_")
}

impl Search {
    fn clauses(&self) -> Clauses {
        let mut clauses = Clauses::default();
        for (column, values) in &self.equal {
            clauses.among(column, values);
        }
        clauses.compare("kept_at", ">=", self.from.as_ref());
        clauses.compare("kept_at", "<", self.until.as_ref());
        clauses.compare("id", "<", self.after.as_ref());
        clauses.holds(
            "stands",
            self.rule.as_ref().map(|rule| format!("\"{rule}\"")),
        );
        clauses.holds("application", self.text.clone());
        clauses
    }
}

impl Register {
    /// A page of what is looked for.
    pub(crate) async fn search(&self, search: &Search) -> Answer<Page> {
        let clauses = search.clauses();
        let condition = if clauses.texts.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", clauses.texts.join(" AND "))
        };
        let one_more = search.limit.saturating_add(1);
        let sql = format!(
            "SELECT {COLUMNS} FROM determinations {condition} ORDER BY id DESC LIMIT {one_more}"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in clauses.bound {
            query = query.bind(value);
        }
        let rows = query
            .fetch_all(&self.pool)
            .await
            .map_err(|error| unavailable(&error))?;
        let found: Result<Vec<Record>, sqlx::Error> = rows.iter().map(of_row).collect();
        let mut determinations = found.map_err(|error| unavailable(&error))?;
        let more = determinations.len() > search.limit;
        determinations.truncate(search.limit);
        let last = determinations.last().filter(|_| more);
        Ok(Page {
            next: last.map(|record| record.id.clone()),
            determinations,
        })
    }
}
