//! One mistake, told so that its author can mend it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// The stable name of a kind of mistake, such as `E201`.
///
/// `E1xx` syntax of conditions, `E2xx` types and names, `E3xx` values, `E4xx` limits,
/// `J1xx` JSON documents, `A1xx` applications, `R1xx` rulesets, `D1xx` reference data,
/// `T1xx` tables and profiles.
pub type Code = &'static str;

/// Whether a diagnostic stops the document from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document can be used; its author should look again.
    Warning,
    /// The document cannot be used.
    Error,
}

/// A piece of text with the part that a diagnostic is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text: a whole document, or one condition.
    pub text: Arc<str>,
    /// The part that is meant, in bytes of `text`.
    pub span: Range<usize>,
}

impl Excerpt {
    /// Line and column of the part's start, both counted from 1; columns count characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = self.text.get(..self.span.start).unwrap_or(&self.text);
        let line = before.matches('\n').count().saturating_add(1);
        let last = before.rsplit('\n').next().unwrap_or(before);
        (line, last.chars().count().saturating_add(1))
    }
}

/// Where a mistake is: the document, the place in its structure, and the piece of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The document's name, as its reader knows it (a path, an id, `<expression>`).
    pub document: String,
    /// RFC 6901 pointer to the value in the document.
    pub pointer: Option<String>,
    /// The piece of text itself.
    pub excerpt: Option<Excerpt>,
}

/// One mistake: where, what was found, what was expected, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What was found, in lower case and without a final stop.
    pub found: String,
    /// What was expected, in the same form.
    pub expected: String,
    /// What to write or do, where that can be said.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet; see [`Diagnostic::at`].
    pub fn error(code: Code, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            place: Place::default(),
            found: found.into(),
            expected: expected.into(),
            help: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(code: Code, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, found, expected)
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do about it, where something is known.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Puts the mistake in its place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Marks the part of a condition that is meant.
    #[must_use]
    pub fn span(mut self, text: &Arc<str>, span: Range<usize>) -> Self {
        self.place.excerpt = Some(Excerpt {
            text: Arc::clone(text),
            span,
        });
        self
    }

    /// Names the document and the value that a condition stands in, keeping the piece of text.
    #[must_use]
    pub fn within(mut self, document: &str, pointer: &str) -> Self {
        document.clone_into(&mut self.place.document);
        self.place.pointer = Some(pointer.to_owned());
        self
    }

    fn origin(&self) -> String {
        match (&self.place.pointer, self.place.document.as_str()) {
            (None, "") => "<expression>".to_owned(),
            (Some(pointer), document) if !pointer.is_empty() => format!("{document}#{pointer}"),
            (_, document) => document.to_owned(),
        }
    }
}

impl fmt::Display for Diagnostic {
    /// Several lines: title with code, the piece underlined, what was expected, help.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let origin = self.origin();
        let expected = format!("expected {}", self.expected);
        let mut group = level
            .primary_title(self.found.as_str())
            .id(self.code)
            .elements(Vec::<annotate_snippets::Element<'_>>::new());
        if let Some(excerpt) = &self.place.excerpt {
            group = group.element(
                Snippet::source(excerpt.text.as_ref())
                    .path(origin.as_str())
                    .annotation(
                        AnnotationKind::Primary
                            .span(excerpt.span.clone())
                            .label(expected.as_str()),
                    ),
            );
        } else {
            group = group.element(annotate_snippets::Origin::path(origin.as_str()));
            group = group.element(Level::NOTE.message(expected.as_str()));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        f.write_str(&Renderer::plain().render(&[group]))
    }
}

/// All that is wrong with a document, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Diagnostic>);

impl Problems {
    /// No problem so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another's.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(others);
    }

    /// Whether there is an error among them; warnings do not count.
    pub fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The diagnostics, first found first.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The value, unless an error was found.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.has_errors() {
            Err(self)
        } else {
            Ok(value)
        }
    }
}

impl From<Diagnostic> for Problems {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
