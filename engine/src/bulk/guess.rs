//! Proposes a profile for a table from its header and a sample of its records.
//!
//! What no table can tell - a currency that is not named, the exporter's country, what the exporter does - is
//! left out, and said.

use serde_json::{Value, json};

use super::day::DayFormat;
use super::header::fact;
use super::profile::Profile;
use super::sample::{Column, OF_TEN, Sample};
use crate::facts::Type;
use crate::reference::CodeSystem;
use crate::ruleset::Library;
use crate::time::Date;

/// A proposal, and what a person must still state.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The profile that is shipped, if the header is that of its publisher.
    pub shipped: Option<String>,
    /// The profile that is proposed; nothing where a shipped one fits.
    pub profile: Value,
    /// What to state or to check.
    pub notes: Vec<String>,
}

/// Proposes a profile; `shipped` are the profiles that are looked at first.
pub fn guess(sample: &Sample, id: &str, library: &Library, shipped: &[Profile]) -> Guess {
    let names: Vec<&str> = sample.header.iter().map(|name| name.trim()).collect();
    let fits = |profile: &&Profile| {
        let mut columns = profile.column_names().peekable();
        columns.peek().is_some() && columns.all(|column| names.contains(&column))
    };
    let best = shipped
        .iter()
        .filter(fits)
        .max_by_key(|profile| profile.column_names().count());
    if let Some(profile) = best {
        return known(
            &profile.id,
            profile.notes.iter().map(ToString::to_string).collect(),
        );
    }
    let facts = names
        .iter()
        .filter(|name| fact(&library.catalogue, name).is_some());
    let by_header = shipped.iter().find(|profile| profile.by_header);
    if let (true, Some(profile)) = (facts.count() > 1, by_header) {
        return known(&profile.id, Vec::new());
    }
    let mut guesser = Guesser::new(sample, library);
    guesser.columns();
    guesser.finish(id)
}

fn known(id: &str, notes: Vec<String>) -> Guess {
    Guess {
        shipped: Some(id.to_owned()),
        profile: Value::Null,
        notes,
    }
}

struct Guesser<'g> {
    library: &'g Library,
    columns: Vec<Column<'g>>,
    delimiter: u8,
    day: Date,
    date: Option<Value>,
    fields: Vec<Value>,
    notes: Vec<String>,
}

const DAYS: [&str; 6] = ["date", "day", "month", "year", "period", "time"];
const CODES: [&str; 8] = [
    "hs",
    "hs6",
    "hs8",
    "hs10",
    "hts",
    "tariff",
    "taric",
    "commodity",
];
const HERE: [&str; 7] = [
    "exporter", "export", "origin", "reporter", "seller", "shipper", "from",
];
const THERE: [&str; 8] = [
    "destination",
    "dest",
    "importer",
    "import",
    "partner",
    "consignee",
    "buyer",
    "to",
];
const PLACES: [&str; 4] = ["country", "countries", "nation", "territory"];
/// Words without which small numbers are no countries: they may be counts.
const NUMBERED: [&str; 4] = ["code", "reporter", "partner", "iso"];
const VALUES: [&str; 6] = ["value", "amount", "price", "fob", "cif", "worth"];
const COUNTS: [&str; 3] = ["quantity", "qty", "units"];
const TEXTS: [&str; 4] = ["description", "desc", "goods", "product"];

/// Formats of days, each with the month that stands for a year.
const FORMATS: [(&str, Option<i8>, bool); 10] = [
    ("%Y-%m-%d", None, false),
    ("%d/%m/%Y", None, false),
    ("%m/%d/%Y", None, false),
    ("%d.%m.%Y", None, false),
    ("%Y/%m/%d", None, false),
    ("%Y%m%d", None, false),
    ("%Y-%m", None, true),
    ("%m/%Y", None, true),
    ("%Y%m", None, true),
    ("%Y", Some(12), true),
];

impl<'g> Guesser<'g> {
    fn new(sample: &'g Sample, library: &'g Library) -> Self {
        Self {
            library,
            columns: sample.columns(),
            delimiter: sample.delimiter,
            day: sample.day,
            date: None,
            fields: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn columns(&mut self) {
        let columns = std::mem::take(&mut self.columns);
        for column in &columns {
            self.date(column);
        }
        for column in &columns {
            let found = self.customs_code(column)
                || self.control_entry(column)
                || self.place(column)
                || self.value(column, &columns)
                || self.plain(column);
            if !found && !self.is_date(column) && !column.cells.is_empty() {
                self.notes.push(format!(
                    "`{}` feeds no fact: say which, if it tells one.",
                    column.name
                ));
            }
        }
    }

    fn has(&self, to: &str) -> bool {
        self.fields
            .iter()
            .any(|field| field.get("to").and_then(Value::as_str) == Some(to))
    }

    fn put(&mut self, field: Value) -> bool {
        let to = field.get("to").and_then(Value::as_str).unwrap_or_default();
        let new = !self.has(to);
        if new {
            self.fields.push(field);
        }
        new
    }

    fn is_date(&self, column: &Column<'_>) -> bool {
        let date = self.date.as_ref().and_then(|date| date.get("column"));
        date.and_then(Value::as_str) == Some(column.name)
    }

    fn date(&mut self, column: &Column<'_>) {
        if self.date.is_some() {
            return;
        }
        let named = column.says(&DAYS);
        let fits = FORMATS.into_iter().filter(|(text, month, last)| {
            if !named && !text.contains(['-', '/', '.']) {
                return false;
            }
            let format = DayFormat::of(text, *month, *last);
            column.all(|cell| {
                format
                    .parse(cell)
                    .is_some_and(|day| (1900..2200).contains(&day.year()))
            })
        });
        let fits: Vec<_> = fits.collect();
        match fits.as_slice() {
            [(text, month, last), ..] if !(fits.len() > 1 && text.starts_with("%d/")) => {
                let mut date = json!({ "column": column.name, "format": text });
                if let Some(object) = date.as_object_mut() {
                    object.extend(month.map(|month| ("month".to_owned(), json!(month))));
                    object.extend(last.then(|| ("day".to_owned(), json!("last"))));
                }
                self.date = Some(date);
                let format = DayFormat::of(text, *month, *last);
                let first = column.cells.iter().find_map(|cell| format.parse(cell));
                self.day = first.unwrap_or(self.day);
                if *last {
                    self.notes.push(format!(
                        "`{}` is no day: the last day that it can mean is taken, and its law.",
                        column.name
                    ));
                }
            }
            [] => {}
            _ => self.notes.push(format!(
                "`{}` may be day and month or month and day: state \"date\" with %d/%m/%Y or %m/%d/%Y.",
                column.name
            )),
        }
    }

    fn customs_code(&mut self, column: &Column<'_>) -> bool {
        let digits = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count();
        let is = |cell: &str| {
            cell.bytes()
                .all(|byte| byte.is_ascii_digit() || b". ".contains(&byte))
                && (4..=12).contains(&digits(cell))
        };
        if !column.says(&CODES) || !column.mostly(is) {
            return false;
        }
        let longest = column
            .cells
            .iter()
            .map(|cell| digits(cell))
            .max()
            .unwrap_or(6);
        let short = column
            .cells
            .iter()
            .any(|cell| !digits(cell).is_multiple_of(2));
        let mut field = json!({ "to": "/items/0/hs", "column": column.name, "as": "hs", "edition": "in_force" });
        if let (true, true, Some(object)) =
            (short, longest.is_multiple_of(2), field.as_object_mut())
        {
            object.insert("digits".to_owned(), json!(longest));
        }
        let new = self.put(field);
        if new {
            self.notes.push(format!(
                "`{}`: is each code in the edition of the Harmonized System in force on its day? If not, state \
                 its edition.",
                column.name
            ));
        }
        new
    }

    fn control_entry(&mut self, column: &Column<'_>) -> bool {
        let sets = [
            ("annex_i_entry", "/items/0/entries"),
            ("ccl_entry", "/items/0/eccns"),
        ];
        let eccn = column.says(&["eccn", "ccl"]);
        let found = sets.into_iter().find(|(set, _)| {
            let codes = self.library.catalogue.code_set(set);
            (!eccn || *set == "ccl_entry")
                && codes.is_some_and(|codes| column.mostly(|cell| codes.values.contains_key(cell)))
        });
        let Some((_, to)) = found else {
            return false;
        };
        self.put(json!({ "to": to, "column": column.name, "as": "code" }))
    }

    fn place(&mut self, column: &Column<'_>) -> bool {
        let (here, there) = (column.says(&HERE), column.says(&THERE));
        let named = here || there || column.says(&PLACES);
        let long = |cell: &str| cell.chars().filter(|letter| letter.is_alphabetic()).count() > 3;
        if !named && !column.mostly(long) {
            return false;
        }
        let to = if here && !there {
            "/exporter/country"
        } else {
            "/destination/country"
        };
        let Some(read) = self.country(column) else {
            return false;
        };
        let mut field = json!({ "to": to, "column": column.name });
        if let (Some(field), Value::Object(read)) = (field.as_object_mut(), read) {
            field.extend(read);
        }
        if to == "/destination/country" && !there {
            self.notes.push(format!(
                "`{}` is taken for the destination: check it.",
                column.name
            ));
        }
        self.put(field)
    }

    /// How a column of countries is read; none if most of its cells name no destination.
    fn country(&mut self, column: &Column<'_>) -> Option<Value> {
        let destinations = &self.library.reference.destinations;
        let number = |cell: &str| cell.bytes().all(|byte| byte.is_ascii_digit());
        if !column.all(number) {
            let named = column.mostly(|cell| destinations.resolve(cell, self.day).is_some());
            return named.then(|| json!({ "as": "country_name" }));
        }
        if !column.says(&PLACES) && !column.says(&NUMBERED) {
            return None;
        }
        let known = |system| {
            let cells = column.cells.iter();
            cells
                .filter(|cell| destinations.of_code(cell, system, self.day).is_some())
                .count()
        };
        let (iso, comtrade) = (known(CodeSystem::Iso), known(CodeSystem::Comtrade));
        if iso.max(comtrade).saturating_mul(10) < column.cells.len().saturating_mul(OF_TEN) {
            return None;
        }
        let codes = if comtrade > iso { "comtrade" } else { "iso" };
        self.notes.push(format!(
            "`{}`: the numbers look like those of {codes}; check that they are, since one number means different \
             destinations to different publishers.",
            column.name
        ));
        Some(json!({ "as": "country_code", "codes": codes }))
    }

    fn value(&mut self, column: &Column<'_>, all: &[Column<'_>]) -> bool {
        let units = self.units();
        let named = units.iter().find(|unit| {
            let unit = unit.to_lowercase();
            column.words.contains(&unit) || column.name.to_lowercase().contains(&format!("({unit}"))
        });
        let decimal = |cell: &str| crate::facts::Decimal::parse(cell).is_some();
        if !(column.says(&VALUES) || named.is_some()) || !column.mostly(decimal) {
            return false;
        }
        let beside = all
            .iter()
            .find(|other| other.mostly(|cell| units.iter().any(|unit| unit == cell)));
        let unit = match (named, beside) {
            (Some(unit), _) => json!(unit),
            (None, Some(other)) => json!({ "column": other.name }),
            (None, None) => {
                self.notes.push(format!(
                    "`{}` looks like a value, but no column names its currency: state it as {{\"to\": \
                     \"/items/0/value\", \"column\": \"{}\", \"as\": \"number\", \"unit\": \"{}\"}}, with the \
                     unit that is right, and \"times\": \"1000\" if it counts thousands.",
                    column.name,
                    column.name,
                    units.first().map_or("EUR", String::as_str),
                ));
                return true;
            }
        };
        self.put(
            json!({ "to": "/items/0/value", "column": column.name, "as": "number", "unit": unit }),
        )
    }

    fn units(&self) -> Vec<String> {
        let facts = self.library.catalogue.facts();
        let values = facts.filter(|(_, fact)| fact.pointer == "/items/*/value");
        values
            .filter_map(|(_, fact)| fact.field.unit.as_ref().map(ToString::to_string))
            .collect()
    }

    /// Descriptions, quantities, and columns that are named by a fact.
    fn plain(&mut self, column: &Column<'_>) -> bool {
        let number = |cell: &str| crate::facts::Decimal::parse(cell).is_some();
        if column.says(&COUNTS) && column.mostly(number) {
            return self
                .put(json!({ "to": "/items/0/quantity", "column": column.name, "as": "number" }));
        }
        if column.says(&TEXTS) && !column.mostly(number) {
            return self
                .put(json!({ "to": "/items/0/description", "column": column.name, "as": "text" }));
        }
        if self
            .units()
            .iter()
            .any(|unit| column.mostly(|cell| cell == unit))
        {
            return true;
        }
        let Some((to, field)) = fact(&self.library.catalogue, column.name) else {
            return false;
        };
        let word = match &field.ty {
            Type::Boolean => "yes_no",
            Type::Code(_) => "code",
            Type::Set(_) => "codes",
            _ => return false,
        };
        self.put(json!({ "to": to, "column": column.name, "as": word }))
    }

    fn finish(mut self, id: &str) -> Guess {
        let needed = [
            ("/exporter/country", "exporter's country", "JP"),
            ("/activity", "activity", "export"),
            ("/items/0/kind", "kind of the items", "goods"),
        ];
        for (to, what, example) in needed {
            if !self.has(to) {
                self.notes.push(format!(
                    "Nothing tells the {what}: if all records agree, state it, as in {{\"to\": \"{to}\", \
                     \"constant\": \"{example}\"}}."
                ));
            }
        }
        if !self.has("/destination/country") {
            self.notes
                .push("No column looks like the destination: say which it is.".to_owned());
        }
        if self.date.is_none() {
            self.notes
                .push("No column looks like the day: state \"date\", or give --as-of.".to_owned());
        }
        let mut profile = json!({
            "id": id,
            "title": "Say what the table is",
            "source": { "publisher": "Say who publishes it", "licence": "Say under which licence" },
            "notes": [],
        });
        if let Some(object) = profile.as_object_mut() {
            if self.delimiter != b',' {
                object.insert(
                    "delimiter".to_owned(),
                    json!(char::from(self.delimiter).to_string()),
                );
            }
            object.extend(self.date.map(|date| ("date".to_owned(), date)));
            object.insert("fields".to_owned(), Value::Array(self.fields));
        }
        Guess {
            shipped: None,
            profile,
            notes: self.notes,
        }
    }
}
