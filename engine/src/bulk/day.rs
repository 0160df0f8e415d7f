//! Reads the day of a record, as its publisher writes it.

use crate::source::{Collector, Diagnostic, Node, Object};
use crate::time::Date;

/// How a publisher writes days: `%Y` four digits, `%m` and `%d` two, all else as it stands.
///
/// A month or a year is not a day: the profile states which day of it counts.
#[derive(Clone, Debug)]
pub(super) struct DayFormat {
    /// As the profile writes it.
    pub(super) text: String,
    month: Option<i8>,
    day: Option<DayOfMonth>,
}

#[derive(Clone, Copy, Debug)]
enum DayOfMonth {
    Number(i8),
    Last,
}

impl DayFormat {
    /// Reads the keys `format`, `month` and `day` of a profile's `date`.
    pub(super) fn read(reader: &mut Collector<'_>, object: &Object<'_>) -> Option<Self> {
        let text = reader.text(object, "format")?;
        let format = Self {
            month: number(reader, object, "month", 12),
            day: day_of_month(reader, object),
            text,
        };
        format.complain(reader, object);
        Some(format)
    }

    /// The format in words.
    pub(super) fn words(&self) -> String {
        let month = self.month.map(|month| format!(", month {month}"));
        let day = self.day.map(|day| match day {
            DayOfMonth::Number(day) => format!(", day {day}"),
            DayOfMonth::Last => ", last day".to_owned(),
        });
        let (month, day) = (month.unwrap_or_default(), day.unwrap_or_default());
        format!("written {}{month}{day}", self.text)
    }

    /// A format that a profile might state, to see whether cells are written so.
    pub(super) fn of(text: &str, month: Option<i8>, last: bool) -> Self {
        Self {
            text: text.to_owned(),
            month,
            day: last.then_some(DayOfMonth::Last),
        }
    }

    fn complain(&self, reader: &mut Collector<'_>, object: &Object<'_>) {
        let unknown = self
            .text
            .split('%')
            .skip(1)
            .find(|part| !part.starts_with(['Y', 'm', 'd']));
        let said = |part: &str| self.text.matches(part).count();
        let wrong = if let Some(part) = unknown {
            Some(format!("`%{}`", part.chars().take(1).collect::<String>()))
        } else if said("%Y") != 1 || said("%m") > 1 || said("%d") > 1 {
            Some(format!("the format `{}`", self.text))
        } else if (said("%m") == 1) == self.month.is_some() {
            Some("`%m` and `month`: both or neither".to_owned())
        } else if (said("%d") == 1) == self.day.is_some() {
            Some("`%d` and `day`: both or neither".to_owned())
        } else {
            None
        };
        if let Some(found) = wrong {
            let expected = "%Y once, and each of %m and %d either in `format` or stated beside it";
            let help = "for months such as 202502 write \"format\": \"%Y%m\", \"day\": 1";
            reader.report_object(
                object,
                Diagnostic::error("T107", found, expected).help(help),
            );
        }
    }

    /// The day that a cell means; none if it is written otherwise, or does not exist.
    pub(super) fn parse(&self, cell: &str) -> Option<Date> {
        let (mut year, mut month, mut day) = (None, self.month, None);
        let mut rest = cell;
        let mut format = self.text.chars();
        while let Some(letter) = format.next() {
            if letter != '%' {
                rest = rest.strip_prefix(letter)?;
                continue;
            }
            let directive = format.next();
            let length = if directive == Some('Y') { 4 } else { 2 };
            let (digits, after) = rest.split_at_checked(length)?;
            let value = digits.bytes().all(|byte| byte.is_ascii_digit());
            let value: i16 = value.then(|| digits.parse().ok()).flatten()?;
            match directive {
                Some('Y') => year = Some(value),
                Some('m') => month = i8::try_from(value).ok(),
                _ => day = i8::try_from(value).ok(),
            }
            rest = after;
        }
        if rest.is_empty() {
            self.day(year?, month?, day)
        } else {
            None
        }
    }

    fn day(&self, year: i16, month: i8, day: Option<i8>) -> Option<Date> {
        match (day, self.day) {
            (Some(day), _) | (None, Some(DayOfMonth::Number(day))) => Date::new(year, month, day),
            (None, Some(DayOfMonth::Last)) => {
                (28..=31).rev().find_map(|day| Date::new(year, month, day))
            }
            (None, None) => None,
        }
    }
}

fn day_of_month(reader: &mut Collector<'_>, object: &Object<'_>) -> Option<DayOfMonth> {
    let node = object.get("day")?;
    if node.value().as_str() == Some("last") {
        return Some(DayOfMonth::Last);
    }
    number(reader, object, "day", 28).map(DayOfMonth::Number)
}

fn number(reader: &mut Collector<'_>, object: &Object<'_>, key: &str, most: i8) -> Option<i8> {
    let node: Node<'_> = object.get(key)?;
    let value = node
        .value()
        .as_i64()
        .and_then(|value| i8::try_from(value).ok());
    let value = value.filter(|value| (1..=most).contains(value));
    if value.is_none() {
        let last = if key == "day" { ", or \"last\"" } else { "" };
        let expected = format!("a whole number from 1 to {most}{last}");
        reader.report(&node, Diagnostic::error("T107", node.kind(), expected));
    }
    value
}
