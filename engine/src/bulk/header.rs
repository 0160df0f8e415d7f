//! Tables whose header names facts by their paths, such as `item.hs`, `destination` or `parties[0].type`.

use serde_json::{Value, json};

use super::profile::Profile;
use crate::facts::{Catalogue, Field, Type};
use crate::ruleset::Library;
use crate::source::{Diagnostic, Document, Place, Problems, nearest};

/// The column of the day whose law applies to a record.
const DAY: &str = "as_of";

impl Profile {
    /// The profile for a table with this header: itself, unless the header says which column feeds which fact.
    ///
    /// `table` names the table in errors. A column whose name is almost that of a fact is an error, since a
    /// slip of the pen would leave the fact unknown; any other column is passed through.
    pub fn for_header(
        &self,
        library: &Library,
        table: &str,
        header: &[&[u8]],
    ) -> Result<Self, Problems> {
        if !self.by_header {
            return Ok(self.clone());
        }
        let names = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_owned());
        let names: Vec<String> = names.collect();
        let fields = fields(&names, library, table)?;
        let mut profile = json!({
            "id": self.id, "title": self.title,
            "source": { "publisher": self.publisher, "licence": self.licence },
            "notes": self.notes, "fields": fields,
        });
        if let (Some(object), true) = (
            profile.as_object_mut(),
            names.iter().any(|name| name == DAY),
        ) {
            let date = json!({ "column": DAY, "format": "%Y-%m-%d" });
            object.insert("date".to_owned(), date);
        }
        let document = Document::new(format!("the header of {table}"), profile.to_string());
        let bound = Self::compile(&document, library)?;
        Ok(Self {
            hash: self.hash.clone(),
            delimiter: self.delimiter,
            ..bound
        })
    }
}

fn fields(names: &[String], library: &Library, table: &str) -> Result<Vec<Value>, Problems> {
    let mut problems = Problems::new();
    let mut fields = Vec::new();
    let catalogue = &library.catalogue;
    for name in names {
        if let Some((pointer, field)) = fact(catalogue, name) {
            fields.push(stated(name, &pointer, &field));
        } else if let Some(near) = slip(catalogue, name) {
            let expected = "the path of a fact, or another name altogether";
            let wrong = Diagnostic::error("T125", format!("the column `{name}`"), expected);
            let place = Place {
                document: table.to_owned(),
                ..Place::default()
            };
            problems.push(wrong.help(format!("did you mean `{near}`?")).at(place));
        }
    }
    if fields.is_empty() && !problems.has_errors() {
        let expected = "columns that are named by facts, such as `item.hs` and `destination`";
        let wrong = Diagnostic::error("T125", "a header that names no fact", expected);
        problems.push(
            wrong
                .help("`catchall facts` lists the paths of all facts")
                .at(Place {
                    document: table.to_owned(),
                    ..Place::default()
                }),
        );
    }
    problems.or(fields)
}

/// The place of a fact in an application, and what it is.
pub(super) fn fact(catalogue: &Catalogue, path: &str) -> Option<(String, Field)> {
    if let Some(id) = catalogue.by_path(path) {
        let fact = catalogue.fact(id)?;
        let list = matches!(fact.field.ty, Type::List(_));
        return (!list).then(|| (fact.pointer.replace('*', "0"), fact.field.clone()));
    }
    let (list, rest) = path.split_once('[')?;
    let (number, name) = rest.split_once("].")?;
    let number: usize = number.parse().ok()?;
    let fact = catalogue.fact(catalogue.by_path(list)?)?;
    let record = catalogue.record_of(&fact.field.notation)?;
    let field = record
        .fields
        .iter()
        .find(|field| field.name.as_ref() == name)?;
    Some((format!("{}/{number}/{name}", fact.pointer), field.clone()))
}

/// The fact that a name was perhaps meant to be.
fn slip<'c>(catalogue: &'c Catalogue, name: &str) -> Option<&'c str> {
    let path = name.contains(['.', '[']);
    nearest(name, catalogue.paths()).filter(|_| path || name.len() > DAY.len())
}

/// What a profile would say about the column of a fact.
fn stated(column: &str, pointer: &str, field: &Field) -> Value {
    let mut said = json!({ "to": pointer, "column": column, "as": reading(field) });
    let beside = match reading(field) {
        "hs" => Some(("edition", json!("in_force"))),
        "number" => field.unit.as_deref().map(|unit| ("unit", json!(unit))),
        _ => None,
    };
    if let (Some(object), Some((key, value))) = (said.as_object_mut(), beside) {
        object.insert(key.to_owned(), value);
    }
    if let Some(object) = said.as_object_mut() {
        object.insert("otherwise".to_owned(), json!("reject"));
    }
    said
}

/// How the cells of a fact's column are read.
fn reading(field: &Field) -> &'static str {
    match &field.ty {
        Type::Boolean => "yes_no",
        Type::Number(_) => "number",
        Type::Date => "date",
        Type::Duration => "duration",
        Type::Code(set) if set.as_ref() == "country" => "country_name",
        Type::Code(_) => "code",
        Type::Set(_) => "codes",
        _ if field.name.as_ref() == "item.hs" => "hs",
        _ => "text",
    }
}
