//! Profiles: which columns of a publisher's table feed which facts.

use std::sync::Arc;

use serde_json::{Value, json};

use super::choices::Choices;
use super::convert::{Reading, WORDS};
use super::day::DayFormat;
use super::field::{ColumnField, Otherwise};
use super::target::{facts_at, gap, place, suggestion};
use crate::facts::{Application, Field};
use crate::ruleset::Library;
use crate::source::{
    Collector, Diagnostic, Document, Json, Node, Object, Problems, canonical_hash, nearest,
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
    pub(super) template: Value,
}

const KEYS: [&str; 7] = [
    "id",
    "title",
    "source",
    "notes",
    "delimiter",
    "date",
    "fields",
];
const FIELD_KEYS: [&str; 8] = [
    "to",
    "column",
    "as",
    "unit",
    "map",
    "unresolved",
    "empty",
    "otherwise",
];

impl Profile {
    /// Reads a profile for the facts of a library, and reports everything that is wrong with it at once.
    pub fn compile(document: &Document, library: &Library) -> Result<Self, Problems> {
        let json = document.json()?;
        let mut compiler = Compiler {
            reader: Collector::new(document),
            library,
            columns: Vec::new(),
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

struct Compiler<'d> {
    reader: Collector<'d>,
    library: &'d Library,
    columns: Vec<ColumnField>,
    template: Value,
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
        self.fields(&root);
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
            template: std::mem::take(&mut self.template),
        })
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
            &FIELD_KEYS
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
        } else if let Some(field) = self.column(&object, &to, &facts) {
            place(&mut self.template, &to, Value::Null);
            self.columns.push(field);
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

    fn column(&mut self, object: &Object<'_>, to: &str, facts: &[&Field]) -> Option<ColumnField> {
        let column = self.reader.text(object, "column");
        let reading = self.reading(object, facts);
        let map = self.reader.entries(object, "map");
        map.iter().for_each(|(_, node)| self.check(node, to));
        let unresolved = self.reasons(object);
        let reading = reading?;
        let usual = if reading.names_things() {
            Otherwise::Listed
        } else {
            Otherwise::Reject
        };
        let map = map
            .into_iter()
            .map(|(key, node)| (Arc::from(key), node.value().clone()));
        Some(ColumnField {
            to: to.to_owned(),
            column: column?.into(),
            map: Choices::new(map),
            unresolved,
            empty: self.otherwise(object, "empty", Otherwise::Unknown),
            otherwise: self.otherwise(object, "otherwise", usual),
            reading,
        })
    }

    fn reading(&mut self, object: &Object<'_>, facts: &[&Field]) -> Option<Reading> {
        let word = self.reader.text(object, "as")?;
        let unit = self.unit(object, facts);
        let reading = facts
            .first()
            .and_then(|fact| Reading::of(&word, fact, unit.map(Arc::from)));
        if reading.is_none() {
            let ty = facts.first().map(|fact| fact.ty.to_string());
            let found = format!("\"as\": \"{word}\" for a {}", ty.unwrap_or_default());
            let expected = format!("one of {} that fits", WORDS.join(", "));
            let help = nearest(&word, WORDS)
                .filter(|near| *near != word)
                .map(|near| format!("did you mean `{near}`?"));
            let wrong = Diagnostic::error("T108", found, expected).maybe_help(help);
            self.reader.report_object(object, wrong);
        }
        reading
    }

    /// The unit of a number, which a profile states exactly where the fact has one.
    fn unit(&mut self, object: &Object<'_>, facts: &[&Field]) -> Option<String> {
        let stated = self.reader.optional_text(object, "unit");
        let units: Vec<&str> = facts
            .iter()
            .filter_map(|fact| fact.unit.as_deref())
            .collect();
        let fits = match &stated {
            Some(unit) => units.contains(&unit.as_str()),
            None => units.is_empty(),
        };
        if !fits {
            let found = stated
                .as_ref()
                .map_or_else(|| "no `unit`".to_owned(), |unit| format!("the unit {unit}"));
            let expected = if units.is_empty() {
                "no unit for this fact".to_owned()
            } else {
                format!("one of the units {}", units.join(", "))
            };
            let help = "no currency is converted: a value in another unit cannot feed this fact";
            let wrong = Diagnostic::error("T110", found, expected).help(help);
            self.reader.report_object(object, wrong);
        }
        stated
    }

    fn reasons(&mut self, object: &Object<'_>) -> Choices<Arc<str>> {
        let entries = self.reader.entries(object, "unresolved");
        let mut reasons: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for (key, node) in entries {
            match node.value().as_str() {
                Some(reason) if !reason.is_empty() => reasons.push((key.into(), reason.into())),
                _ => {
                    let wrong = Diagnostic::error("T102", node.kind(), "the reason, as text");
                    self.reader.report(&node, wrong);
                }
            }
        }
        Choices::new(reasons)
    }

    fn otherwise(&mut self, object: &Object<'_>, key: &str, usual: Otherwise) -> Otherwise {
        let Some(word) = self.reader.optional_text(object, key) else {
            return usual;
        };
        Otherwise::parse(&word).unwrap_or_else(|| {
            let expected = format!("one of {}", Otherwise::WORDS.join(", "));
            let wrong = Diagnostic::error("T102", format!("\"{key}\": \"{word}\""), expected);
            self.reader.report_object(object, wrong);
            usual
        })
    }

    /// Reports what is wrong with a value that the profile itself states for a fact.
    fn check(&mut self, node: &Node<'_>, to: &str) {
        let mut application = json!({ "items": [{}] });
        place(&mut application, to, node.value().clone());
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
