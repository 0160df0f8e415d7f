//! A named text, as its reader handed it over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::diagnostic::{Diagnostic, Excerpt, Place, Problems};
use super::json::{Json, Node};
use crate::limits;

/// A text with the name by which people know it: a path, an id, `<standard input>`.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    text: Arc<str>,
    prefix: String,
    /// Bytes gone through so far to find places.
    searched: Arc<AtomicUsize>,
}

impl Document {
    /// Takes a text as it is.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            prefix: String::new(),
            searched: Arc::default(),
        }
    }

    /// Takes bytes, which must be UTF-8 and no more than [`limits::DOCUMENT_BYTES`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, Problems> {
        let place = Place {
            document: name.to_owned(),
            ..Place::default()
        };
        if bytes.len() > limits::DOCUMENT_BYTES {
            return Err(too_large(bytes.len()).at(place).into());
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => Err(not_utf8(bytes, error.valid_up_to()).at(place).into()),
        }
    }

    /// The document's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Reads it as JSON: no duplicate key, no number that binary floating point would round,
    /// no more than [`limits::DOCUMENT_DEPTH`] levels.
    pub fn json(&self) -> Result<Json, Problems> {
        Json::parse(self).map_err(Problems::from)
    }

    /// The part of this document at a pointer, whose own pointers start there.
    #[must_use]
    pub fn part(&self, pointer: &str) -> Self {
        Self {
            prefix: format!("{}{pointer}", self.prefix),
            ..self.clone()
        }
    }

    /// The pointer of a value from the root of the whole document.
    pub fn pointer(&self, pointer: &str) -> String {
        format!("{}{pointer}", self.prefix)
    }

    /// The place of a value in this document, with its text; or of the nearest that holds it.
    /// After [`limits::EXCERPT_BYTES`], the pointer alone.
    pub fn place(&self, pointer: &str) -> Place {
        let mut whole = format!("{}{pointer}", self.prefix);
        let searched = self.searched.fetch_add(self.text.len(), Ordering::Relaxed);
        if searched > limits::EXCERPT_BYTES {
            return Place {
                document: self.name.clone(),
                pointer: Some(whole),
                excerpt: None,
            };
        }
        let mut span = super::json::locate(&self.text, &whole);
        while let (None, Some(cut)) = (&span, whole.rfind('/')) {
            whole.truncate(cut);
            span = super::json::locate(&self.text, &whole);
        }
        Place {
            document: self.name.clone(),
            pointer: Some(whole),
            excerpt: span.map(|span| Excerpt {
                text: Arc::clone(&self.text),
                span,
            }),
        }
    }

    /// The place of a parsed value in this document.
    pub fn place_of(&self, node: &Node<'_>) -> Place {
        self.place(node.pointer())
    }
}

fn too_large(bytes: usize) -> Diagnostic {
    Diagnostic::error(
        "J105",
        format!("a document of {bytes} bytes"),
        format!("at most {} bytes", limits::DOCUMENT_BYTES),
    )
    .help("split it, or screen it as a table")
}

fn not_utf8(bytes: &[u8], valid: usize) -> Diagnostic {
    let line = bytes
        .iter()
        .take(valid)
        .filter(|byte| **byte == b'\n')
        .count()
        .saturating_add(1);
    Diagnostic::error(
        "J101",
        format!("bytes that are not UTF-8, at byte {valid} (line {line})"),
        "UTF-8 text",
    )
    .help("save the file as UTF-8; spreadsheets call it \"CSV UTF-8\" or \"Unicode (UTF-8)\"")
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn a_long_list_of_mistakes_in_a_long_document_does_not_cost_its_square() {
        let text = format!("[{}1]", "10000000, ".repeat(400_000));
        let document = Document::new("long.json", text);
        let places: Vec<_> = (0..100_000)
            .map(|at| document.place(&format!("/{at}")))
            .collect();
        assert!(places.iter().all(|place| place.pointer.is_some()));
        assert!(places.first().is_some_and(|place| place.excerpt.is_some()));
        assert!(places.last().is_some_and(|place| place.excerpt.is_none()));
    }
}
