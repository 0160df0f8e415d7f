//! Profiles: which columns of a publisher's table feed which facts.

use std::sync::Arc;

use serde_json::{Value, json};

use super::day::DayFormat;
use super::field::ColumnField;
use super::target::{facts_at, gap, place, suggestion};
use crate::facts::Application;
use crate::ruleset::Library;
use crate::source::{
    Collector, Diagnostic, Document, Json, Node, Object, Problems, canonical_hash,
};

/// Says how a publisher's table is read: which column feeds which fact, in which unit and on which day.
///
/// Units, currencies and days are stated here, never assumed. `profiles/README.md` explains each key.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its id, such as `stats-nz`.
    pub id: Arc<str>,
    /// What the table is.
    pub title: Arc<str>,
    /// Who publishes the table.
    pub publisher: Arc<str>,
    /// Under which licence.
    pub licence: Arc<str>,
    /// What a reader of results must know.
    pub notes: Vec<Arc<str>>,
    /// The byte between cells, if it is stated.
    pub delimiter: Option<u8>,
    /// SHA-256 of its canonical JSON.
    pub hash: String,
    pub(super) date: Option<(Arc<str>, DayFormat)>,
    pub(super) columns: Vec<ColumnField>,
    pub(super) constants: Vec<(String, Value)>,
    pub(super) template: Value,
    pub(super) by_header: bool,
}

const KEYS: [&str; 9] = [
    "$schema",
    "id",
    "title",
    "source",
    "notes",
    "delimiter",
    "header",
    "date",
    "fields",
];
impl Profile {
    /// Reads a profile for the facts of a library, and reports everything that is wrong with it at once.
    pub fn compile(document: &Document, library: &Library) -> Result<Self, Problems> {
        let json = document.json()?;
        let mut compiler = Compiler {
            reader: Collector::new(document),
            library,
            columns: Vec::new(),
            constants: Vec::new(),
            template: json!({ "items": [{}] }),
            places: Vec::new(),
        };
        let profile = compiler.profile(&json);
        let problems = compiler.reader.problems.into_iter().map(renamed);
        let mut told = Problems::new();
        told.extend(problems);
        match told.or(profile)? {
            Some(profile) => Ok(profile),
            None => Err(Diagnostic::error("T102", "no profile", "an object")
                .at(document.place(""))
                .into()),
        }
    }
}

/// The mistakes that all documents share, under the codes of profiles.
fn renamed(diagnostic: Diagnostic) -> Diagnostic {
    let code = match diagnostic.code {
        "R101" => "T101",
        "R102" => "T102",
        "R105" => "T105",
        other => other,
    };
    Diagnostic { code, ..diagnostic }
}

/// Reads one profile, key by key.
pub(super) struct Compiler<'d> {
    pub(super) reader: Collector<'d>,
    pub(super) library: &'d Library,
    pub(super) columns: Vec<ColumnField>,
    constants: Vec<(String, Value)>,
    pub(super) template: Value,
    places: Vec<String>,
}

impl Compiler<'_> {
    fn profile(&mut self, json: &Json) -> Option<Profile> {
        let root = self.reader.object(&json.root(), &KEYS)?;
        let id = self.reader.text(&root, "id");
        let title = self.reader.text(&root, "title");
        let source = self.source(&root);
        let notes = self.reader.texts(&root, "notes");
        let delimiter = self.delimiter(&root);
        let date = self.date(&root);
        let by_header = self.by_header(&root);
        if !by_header {
            self.fields(&root);
        }
        let (publisher, licence) = source?;
        Some(Profile {
            id: id?.into(),
            title: title?.into(),
            publisher,
            licence,
            notes: notes.into_iter().map(Arc::from).collect(),
            delimiter,
            hash: canonical_hash(json.value()),
            date,
            columns: std::mem::take(&mut self.columns),
            constants: std::mem::take(&mut self.constants),
            template: std::mem::take(&mut self.template),
            by_header,
        })
    }

    /// Whether each column is named by the fact that it feeds; then the profile states nothing else.
    fn by_header(&mut self, root: &Object<'_>) -> bool {
        let Some(word) = self.reader.optional_text(root, "header") else {
            return false;
        };
        let beside = ["date", "fields"]
            .iter()
            .find(|key| root.get(key).is_some());
        let wrong = match beside {
            _ if word != "facts" => Some(format!("\"header\": \"{word}\"")),
            Some(key) => Some(format!("`{key}` beside `header`")),
            None => None,
        };
        if let Some(found) = wrong {
            let expected =
                "\"header\": \"facts\" without `date` and `fields`, or `fields` without `header`";
            let wrong = Diagnostic::error("T102", found, expected);
            self.reader.report_object(root, wrong);
        }
        true
    }

    fn source(&mut self, root: &Object<'_>) -> Option<(Arc<str>, Arc<str>)> {
        let node = self.reader.required(root, "source")?;
        let object = self
            .reader
            .object(&node, &["publisher", "licence", "url"])?;
        let publisher = self.reader.text(&object, "publisher");
        let licence = self.reader.text(&object, "licence");
        self.reader.optional_text(&object, "url");
        Some((publisher?.into(), licence?.into()))
    }

    fn delimiter(&mut self, root: &Object<'_>) -> Option<u8> {
        let text = self.reader.optional_text(root, "delimiter")?;
        match text.as_bytes() {
            [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => Some(*byte),
            _ => {
                let found = format!("the delimiter {text:?}");
                let expected = "one ASCII character such as \",\", \";\" or \"\\t\"";
                self.reader
                    .report_object(root, Diagnostic::error("T102", found, expected));
                None
            }
        }
    }

    fn date(&mut self, root: &Object<'_>) -> Option<(Arc<str>, DayFormat)> {
        let node = root.get("date").filter(|node| !node.value().is_null())?;
        let object = self
            .reader
            .object(&node, &["column", "format", "month", "day"])?;
        let column = self.reader.text(&object, "column")?;
        let format = DayFormat::read(&mut self.reader, &object)?;
        place(&mut self.template, "/as_of", Value::Null);
        Some((column.into(), format))
    }

    fn fields(&mut self, root: &Object<'_>) {
        self.reader.required(root, "fields");
        for node in self.reader.items(root, "fields") {
            self.field(&node);
        }
        let lost = self
            .columns
            .iter()
            .find(|field| self.template.pointer(&field.to).is_none());
        let wrong = match lost {
            Some(field) => Some((
                format!("`{}` within another field's place", field.to),
                "T106",
            )),
            None => gap(&self.template).map(|place| (format!("nothing for `{place}`"), "T109")),
        };
        if let Some((found, code)) = wrong {
            let expected = "each place once, and the members of a list from 0 without a gap";
            self.reader
                .report_object(root, Diagnostic::error(code, found, expected));
        }
    }

    fn field(&mut self, node: &Node<'_>) {
        let constant = node
            .object()
            .is_some_and(|object| object.get("constant").is_some());
        let known: &[&str] = if constant {
            &["to", "constant"]
        } else {
            &super::column::KEYS
        };
        let Some(object) = self.reader.object(node, known) else {
            return;
        };
        let Some(to) = self.reader.text(&object, "to") else {
            return;
        };
        let library = self.library;
        let facts = facts_at(&library.catalogue, &to);
        if self.place_is_wrong(&object, &to, !facts.is_empty()) {
            return;
        }
        if let Some(value) = object.get("constant") {
            self.check(&value, &to);
            place(&mut self.template, &to, value.value().clone());
            self.constants.push((to, value.value().clone()));
        } else {
            self.column(&object, &to, &facts);
        }
    }

    fn place_is_wrong(&mut self, object: &Object<'_>, to: &str, exists: bool) -> bool {
        let wrong = if !exists {
            let help = suggestion(&self.library.catalogue, to);
            let expected = "a pointer to a fact in an application";
            Some(Diagnostic::error("T103", format!("no fact at `{to}`"), expected).help(help))
        } else if self.places.iter().any(|known| known == to) {
            let found = format!("`{to}` a second time");
            Some(Diagnostic::error("T106", found, "each place once"))
        } else {
            self.places.push(to.to_owned());
            None
        };
        let is_wrong = wrong.is_some();
        if let Some(wrong) = wrong {
            self.reader.report_object(object, wrong);
        }
        is_wrong
    }

    /// Reports what is wrong with a value that the profile itself states for a fact.
    pub(super) fn check(&mut self, node: &Node<'_>, to: &str) {
        self.check_value(node, to, node.value().clone());
    }

    /// The same for a value that stands within that of the fact.
    pub(super) fn check_value(&mut self, node: &Node<'_>, to: &str, value: Value) {
        let mut application = json!({ "items": [{}] });
        place(&mut application, to, value);
        let read = Application::from_json(
            Json::from(application),
            &Document::new("", ""),
            &self.library.catalogue,
        );
        for problem in read.err().unwrap_or_default() {
            let wrong = Diagnostic::error("T111", problem.found, problem.expected);
            self.reader.report(node, wrong.maybe_help(problem.help));
        }
    }
}
