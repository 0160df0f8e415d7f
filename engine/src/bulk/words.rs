//! A profile in words: which column feeds which fact, and how.

use super::convert::{Amount, Reading};
use super::field::{ColumnField, Otherwise};
use super::profile::Profile;
use super::target::facts_at;
use crate::facts::Catalogue;

/// One line of a profile in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The column, or the value that all records have.
    pub from: String,
    /// The fact that it feeds.
    pub to: String,
    /// How it is read.
    pub how: String,
}

impl Profile {
    /// The names of the columns that it reads.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let date = self.date.iter().map(|(column, _)| column.as_ref());
        date.chain(self.columns.iter().map(|field| field.column.as_ref()))
    }

    /// What it does, line by line.
    pub fn lines(&self, catalogue: &Catalogue) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.by_header {
            lines.push(Line {
                from: "each column".to_owned(),
                to: "the fact that it is named by".to_owned(),
                how: "as the fact's type asks".to_owned(),
            });
        }
        if let Some((column, format)) = &self.date {
            lines.push(Line {
                from: column.to_string(),
                to: "the day whose law applies".to_owned(),
                how: format.words(),
            });
        }
        lines.extend(self.constants.iter().map(|(to, value)| Line {
            from: value.to_string(),
            to: label(catalogue, to),
            how: "all records".to_owned(),
        }));
        lines.extend(self.columns.iter().map(|field| Line {
            from: field.column.to_string(),
            to: label(catalogue, &field.to),
            how: how(field),
        }));
        lines
    }
}

/// What a place in an application holds, for a person.
fn label(catalogue: &Catalogue, pointer: &str) -> String {
    let whole = ["/amount", "/unit"]
        .iter()
        .find_map(|end| pointer.strip_suffix(end));
    let facts = facts_at(catalogue, whole.unwrap_or(pointer));
    let name = facts.first().map_or(pointer, |field| &field.label);
    let name = if facts.len() > 1 {
        // Facts that share a place differ in their units: "value in euro", "value in US dollars".
        name.split(" in ").next().unwrap_or(name)
    } else {
        name
    };
    let number = pointer
        .split('/')
        .nth(2)
        .and_then(|part| part.parse::<u8>().ok());
    let unit = if pointer.ends_with("/unit") {
        "unit of "
    } else {
        ""
    };
    let one = number.filter(|number| *number > 0 || !pointer.starts_with("/items"));
    let one = one.map(|number| format!(" {}", number.saturating_add(1)));
    format!("{unit}{name}{}", one.unwrap_or_default())
}

fn how(field: &ColumnField) -> String {
    let mut parts = vec![field.reading.words()];
    let counts = [
        (
            field.map.len(),
            "with a meaning of its own",
            "with meanings of their own",
        ),
        (
            field.unresolved.len(),
            "known to tell nothing",
            "known to tell nothing",
        ),
        (field.reject.len(), "rejected", "rejected"),
    ];
    for (count, one, more) in counts {
        match count {
            0 => {}
            1 => parts.push(format!("1 value {one}")),
            _ => parts.push(format!("{count} values {more}")),
        }
    }
    if !field.missing.is_empty() {
        parts.push(format!("{} as if empty", field.missing.join(", ")));
    }
    if !matches!(field.reading, Reading::Edition(_)) {
        parts.push(format!("empty: {}", done(field.empty)));
        parts.push(format!("else: {}", done(field.otherwise)));
    }
    parts.join("; ")
}

fn done(otherwise: Otherwise) -> &'static str {
    match otherwise {
        Otherwise::Unknown => "unknown",
        Otherwise::Listed => "unknown and listed",
        Otherwise::Reject => "rejected",
    }
}

impl Reading {
    fn words(&self) -> String {
        match self {
            Self::Hs { editions, digits } => {
                let digits = digits
                    .map(|digits| format!(" of {digits} digits"))
                    .unwrap_or_default();
                format!("customs code{digits}, {}", editions.words())
            }
            Self::Edition(editions) => {
                let ours = super::edition::OURS;
                let kept = editions.iter().filter(|(_, name)| name.as_ref() == ours);
                let kept: Vec<&str> = kept.map(|(cell, _)| cell.as_ref()).collect();
                format!(
                    "edition of the code: {} keeps it, all else leaves it unknown",
                    kept.join(", ")
                )
            }
            Self::Number(amount) => amount.words(),
            Self::Map => "by its map only".to_owned(),
            other => other.expected(),
        }
    }
}

impl Amount {
    fn words(&self) -> String {
        let times = self.times.as_ref().map(|times| format!(" times {times}"));
        let unit = self.unit.as_ref().map(|unit| format!(" in {unit}"));
        format!(
            "number{}{}",
            times.unwrap_or_default(),
            unit.unwrap_or_default()
        )
    }
}
