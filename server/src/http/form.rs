//! The forms of an answer, and which of them a caller wants.

use axum::http::{HeaderMap, header};

use crate::problem::{Answer, NOT_ACCEPTABLE, Problem};

/// A form in which an answer can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The whole, for programs.
    Json,
    /// For reading.
    Text,
    /// A page of its own.
    Html,
    /// One JSON document a line.
    Lines,
    /// A table.
    Csv,
}

impl Form {
    /// Its media type as it is sent.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Lines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    fn name(self) -> &'static str {
        let whole = self.media_type();
        whole.split_once(';').map_or(whole, |(name, _)| name)
    }

    /// The form that a caller wants most of those on offer; the first where all are welcome.
    pub(crate) fn wanted(headers: &HeaderMap, offered: &[Self]) -> Answer<Self> {
        let asked: Vec<&str> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        let first = offered.first().copied().unwrap_or(Self::Json);
        if asked.is_empty() {
            return Ok(first);
        }
        let best = offered
            .iter()
            .rev()
            .filter_map(|form| Some((weight(*form, &asked)?, *form)))
            .max_by_key(|(weight, _)| *weight);
        best.map(|(_, form)| form).ok_or_else(|| none(offered))
    }
}

/// How much a form is wanted, in thousandths; none where it is not.
fn weight(form: Form, asked: &[&str]) -> Option<u32> {
    let matching = asked.iter().filter_map(|range| {
        let (range, parameters) = range.split_once(';').unwrap_or((range, ""));
        let precision = precision(range.trim(), form.name())?;
        Some((precision, quality(parameters)))
    });
    let (_, quality) = matching.max_by_key(|(precision, _)| *precision)?;
    (quality > 0).then_some(quality)
}

/// How exactly a range names a form.
fn precision(range: &str, name: &str) -> Option<u8> {
    let kind = name.split_once('/').map_or(name, |(kind, _)| kind);
    match range {
        "*/*" => Some(0),
        range if range.strip_suffix("/*") == Some(kind) => Some(1),
        range if range.eq_ignore_ascii_case(name) => Some(2),
        _ => None,
    }
}

/// The quality of a range in thousandths: 1000 where none is stated, 0 where it cannot be read.
fn quality(parameters: &str) -> u32 {
    let stated = parameters
        .split(';')
        .find_map(|part| part.trim().strip_prefix("q="));
    let Some(stated) = stated else { return 1000 };
    let (whole, decimals) = stated.split_once('.').unwrap_or((stated, ""));
    let padded: String = format!("{decimals}000").chars().take(3).collect();
    match (whole, padded.parse::<u32>()) {
        ("1", _) => 1000,
        ("0", Ok(thousandths)) => thousandths,
        _ => 0,
    }
}

fn none(offered: &[Form]) -> Problem {
    let names: Vec<&str> = offered.iter().map(|form| form.name()).collect();
    Problem::new(
        &NOT_ACCEPTABLE,
        format!("this answer comes as {}", names.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::Form;
    use axum::http::{HeaderMap, HeaderValue, header};

    const OFFERED: [Form; 3] = [Form::Json, Form::Text, Form::Html];

    fn wanted(accept: &'static str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Form::wanted(&headers, &OFFERED).ok()
    }

    #[test]
    fn the_form_that_is_wanted_most_is_taken() {
        assert_eq!(wanted("*/*"), Some(Form::Json));
        assert_eq!(
            wanted("text/html,application/xhtml+xml,*/*;q=0.8"),
            Some(Form::Html)
        );
        assert_eq!(wanted("text/*"), Some(Form::Text));
        assert_eq!(
            wanted("application/json;q=0.5, text/plain"),
            Some(Form::Text)
        );
        assert_eq!(wanted("application/json;q=0, */*"), Some(Form::Text));
        assert_eq!(wanted("image/png"), None);
        assert_eq!(wanted("text/html;q=x"), None);
    }
}
