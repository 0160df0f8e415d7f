//! The part of an address behind `?`, read strictly: an unknown name is an error.

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use catchall_engine::source::nearest;
use catchall_engine::time::Date;

use crate::problem::{Answer, Mistake, OPTION, Problem};

/// An address that takes no options: any that stands there is an error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoOptions;

impl<S: Sync> FromRequestParts<S> for NoOptions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        Options::read(&parts.uri, &[]).map(|_| Self)
    }
}

/// The options of an address, in the order in which they stand.
#[derive(Debug)]
pub(crate) struct Options(Vec<(String, String)>);

impl Options {
    /// Reads them; only these names may stand there.
    pub(crate) fn read(uri: &Uri, known: &[&str]) -> Answer<Self> {
        let query = uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        match pairs
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            Some((name, _)) => Err(unknown(name, known)),
            None => Ok(Self(pairs)),
        }
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(key, _)| key == name);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// The one value of a name.
    pub(crate) fn one(&self, name: &str) -> Answer<Option<&str>> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let first = values.next();
        match values.next() {
            Some(_) => Err(wrong(name, "a second value", "one value")),
            None => Ok(first.map(|(_, value)| value.as_str())),
        }
    }

    /// A day.
    pub(crate) fn day(&self, name: &str) -> Answer<Option<Date>> {
        let read = |text: &str| {
            Date::parse(text)
                .ok_or_else(|| wrong(name, &quoted(text), "a day that exists, written YYYY-MM-DD"))
        };
        self.one(name)?.map(read).transpose()
    }

    /// True or false; absent is false.
    pub(crate) fn flag(&self, name: &str) -> Answer<bool> {
        match self.one(name)? {
            None | Some("false") => Ok(false),
            Some("true" | "") => Ok(true),
            Some(other) => Err(wrong(name, &quoted(other), "true or false")),
        }
    }

    /// A whole number within bounds.
    pub(crate) fn number(&self, name: &str, least: u32, most: u32) -> Answer<Option<u32>> {
        let read = |text: &str| {
            let number = text
                .parse()
                .ok()
                .filter(|number| (least..=most).contains(number));
            let expected = format!("a whole number from {least} to {most}");
            number.ok_or_else(|| wrong(name, &quoted(text), &expected))
        };
        self.one(name)?.map(read).transpose()
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Answer<Option<T>> {
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        let found = words.iter().find(|(word, _)| *word == text);
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let expected = format!("one of {}", known.join(", "));
        found
            .map(|(_, value)| Some(*value))
            .ok_or_else(|| wrong(name, &quoted(text), &expected))
    }
}

/// What was found, in quotes, and not more of it than anybody wants to read.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", text.chars().take(80).collect::<String>())
}

fn unknown(name: &str, known: &[&str]) -> Problem {
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "this address takes no options".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    };
    problem(
        name,
        format!("the unknown option {}", quoted(name)),
        "a known option",
        Some(help),
    )
}

/// An option whose value is wrong.
pub(crate) fn wrong(name: &str, found: &str, expected: &str) -> Problem {
    problem(name, format!("{found} for `{name}`"), expected, None)
}

fn problem(name: &str, found: String, expected: &str, help: Option<String>) -> Problem {
    let detail = match &help {
        Some(help) => format!("{found}; {help}"),
        None => format!("{found}; expected {expected}"),
    };
    let error = Mistake {
        code: OPTION.code.to_owned(),
        pointer: None,
        document: format!("?{}", name.chars().take(80).collect::<String>()),
        line: None,
        column: None,
        found,
        expected: expected.to_owned(),
        help,
    };
    Problem {
        errors: vec![error],
        ..Problem::new(&OPTION, detail)
    }
}
