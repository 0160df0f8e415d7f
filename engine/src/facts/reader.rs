//! Reads one value of a fact from JSON, as its type asks.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as JsonValue;
use unicode_normalization::UnicodeNormalization;

use super::catalogue::{Catalogue, CodeSet, Field};
use super::decimal::Decimal;
use super::duration::Duration;
use super::types::Type;
use super::value::{PartSet, Record, Value};
use crate::limits;
use crate::source::{Diagnostic, Document, Node, Problems};
use crate::time::Date;

/// Reads a value of one of the fields, which share a place and differ at most in their units.
///
/// Gives one value for each field: a number stated in another field's unit is unknown here.
/// `null` is unknown. What does not fit is reported, and unknown.
pub(super) fn read_fields(
    node: &Node<'_>,
    fields: &[&Field],
    catalogue: &Catalogue,
    document: &Document,
    problems: &mut Problems,
) -> Vec<Value> {
    let Some(first) = fields.first() else {
        return Vec::new();
    };
    if node.value().is_null() {
        return vec![Value::Unknown; fields.len()];
    }
    if first.unit.is_some() {
        return with_unit(node, fields, document, problems);
    }
    let value = read_value(node, first, catalogue, document, problems);
    vec![value; fields.len()]
}

/// Reads a value of the field's type; what does not fit is reported, and unknown.
pub fn read_value(
    node: &Node<'_>,
    field: &Field,
    catalogue: &Catalogue,
    document: &Document,
    problems: &mut Problems,
) -> Value {
    if node.value().is_null() {
        return Value::Unknown;
    }
    let read = match &field.ty {
        Type::Set(name) => read_set(node, name, catalogue),
        Type::List(item) => return read_list(node, field, item, catalogue, document, problems),
        ty => read_plain(node, ty, field, catalogue)
            .map_err(|diagnostic| vec![(node.clone(), diagnostic)]),
    };
    read.unwrap_or_else(|wrong| {
        problems.extend(
            wrong
                .into_iter()
                .map(|(node, diagnostic)| diagnostic.at(document.place_of(&node))),
        );
        Value::Unknown
    })
}

fn read_plain(
    node: &Node<'_>,
    ty: &Type,
    field: &Field,
    catalogue: &Catalogue,
) -> Result<Value, Diagnostic> {
    match (ty, node.value()) {
        (Type::Boolean, JsonValue::Bool(value)) => Ok(Value::Boolean(*value)),
        (Type::Number(_), _) => read_number(node, field).map(Value::Number),
        (Type::Text, JsonValue::String(text)) => {
            Ok(Value::Text(text.nfc().collect::<String>().into()))
        }
        (Type::Date, JsonValue::String(text)) => Date::parse(text)
            .map(Value::Date)
            .ok_or_else(|| no_such_date(text)),
        (Type::Duration, JsonValue::String(text)) => {
            Duration::parse(text).map(Value::Duration).ok_or_else(|| {
                Diagnostic::error(
                    "A204",
                    format!("the text \"{text}\""),
                    "a duration such as P1Y or PT24H",
                )
            })
        }
        (Type::Code(set), JsonValue::String(text)) => {
            read_code(text, set, catalogue).map(Value::Text)
        }
        _ => Err(Diagnostic::error("A201", node.kind(), expected(ty, field))
            .help("write null, or leave the key out, if it is not known")),
    }
}

/// What a person is told to write for a type.
fn expected(ty: &Type, field: &Field) -> String {
    match ty {
        Type::Boolean => format!("true, false or null for {}", field.label),
        Type::Date => "a date such as 2026-03-02".to_owned(),
        Type::Text => format!("text for {}", field.label),
        other => format!("{other} for {}", field.label),
    }
}

fn no_such_date(text: &str) -> Diagnostic {
    Diagnostic::error(
        "A203",
        format!("the date \"{text}\""),
        "a day that exists, written YYYY-MM-DD",
    )
}

fn read_number(node: &Node<'_>, field: &Field) -> Result<Decimal, Diagnostic> {
    let text = match node.value() {
        JsonValue::Number(number) => number.to_string(),
        JsonValue::String(text) => text.clone(),
        _ => {
            return Err(Diagnostic::error(
                "A201",
                node.kind(),
                format!("a number for {}", field.label),
            ));
        }
    };
    let number = Decimal::parse(&text).ok_or_else(|| {
        let expected = format!(
            "a decimal number of at most {} digits",
            limits::NUMBER_DIGITS
        );
        Diagnostic::error("A205", format!("\"{text}\""), expected)
    })?;
    match &field.minimum {
        Some(minimum) if number < *minimum => Err(Diagnostic::error(
            "A206",
            format!("{number}"),
            format!("at least {minimum} for {}", field.label),
        )),
        _ => Ok(number),
    }
}

fn with_unit(
    node: &Node<'_>,
    fields: &[&Field],
    document: &Document,
    problems: &mut Problems,
) -> Vec<Value> {
    match amount_and_unit(node, fields, document, problems) {
        Ok((number, unit)) => fields
            .iter()
            .map(|field| {
                if field.unit.as_deref() == Some(unit) {
                    Value::Number(number.clone())
                } else {
                    Value::Unknown
                }
            })
            .collect(),
        Err(diagnostic) => {
            problems.extend(diagnostic);
            vec![Value::Unknown; fields.len()]
        }
    }
}

/// The number and its unit; nothing is wrong where either is null, which is unknown.
fn amount_and_unit<'n>(
    node: &Node<'n>,
    fields: &[&Field],
    document: &Document,
    problems: &mut Problems,
) -> Result<(Decimal, &'n str), Option<Diagnostic>> {
    let units: Vec<&str> = fields
        .iter()
        .filter_map(|field| field.unit.as_deref())
        .collect();
    let wanted = || {
        format!(
            "an object such as {{\"amount\": \"1200\", \"unit\": \"{}\"}}",
            units.join("|")
        )
    };
    let missing = |node: &Node<'_>| {
        Some(Diagnostic::error("A207", node.kind(), wanted()).at(document.place_of(node)))
    };
    let object = node.object().ok_or_else(|| missing(node))?;
    object.refuse_unknown(&["amount", "unit"], "A101", document, problems);
    let unit = object.get("unit").ok_or_else(|| missing(node))?;
    let amount = object.get("amount").ok_or_else(|| missing(node))?;
    if unit.value().is_null() || amount.value().is_null() {
        return Err(None);
    }
    let named = unit
        .value()
        .as_str()
        .filter(|name| units.contains(name))
        .ok_or_else(|| {
            let help = "the engine converts no currencies: state the amount in one of these units";
            let wrong = Diagnostic::error(
                "A208",
                unit.kind(),
                format!("one of the units {}", units.join(", ")),
            );
            Some(wrong.help(help).at(document.place_of(&unit)))
        })?;
    let field = fields.first().ok_or(None)?;
    let number =
        read_number(&amount, field).map_err(|wrong| Some(wrong.at(document.place_of(&amount))))?;
    Ok((number, named))
}

fn read_code(text: &str, set: &str, catalogue: &Catalogue) -> Result<Arc<str>, Diagnostic> {
    let unknown = CodeSet::default();
    let codes = catalogue.code_set(set).unwrap_or(&unknown);
    if let Some((code, _)) = codes.values.get_key_value(text) {
        return Ok(Arc::clone(code));
    }
    let help = match codes.suggest(text) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("`catchall facts` lists the codes of {set}"),
    };
    Err(Diagnostic::error(
        "A202",
        format!("the code \"{text}\""),
        format!("a code of {set}: {}", codes.title),
    )
    .help(help))
}

type Wrong<'a> = Vec<(Node<'a>, Diagnostic)>;

fn read_set<'a>(node: &Node<'a>, set: &str, catalogue: &Catalogue) -> Result<Value, Wrong<'a>> {
    if let Some(items) = node.items() {
        let certain = read_codes(&items, set, catalogue)?;
        return Ok(Value::Set(Arc::new(PartSet::known(certain))));
    }
    let expected =
        "a list of codes, or an object {\"certain\": […], \"possible\": […], \"open\": true|false}";
    let wrong = || {
        vec![(
            node.clone(),
            Diagnostic::error("A201", node.kind(), expected),
        )]
    };
    let object = node.object().ok_or_else(wrong)?;
    if object
        .entries()
        .any(|(key, _)| !["certain", "possible", "open"].contains(&key))
    {
        return Err(wrong());
    }
    let part = |key: &str| match object.get(key) {
        Some(node) => read_codes(&node.items().ok_or_else(wrong)?, set, catalogue),
        None => Ok(BTreeSet::new()),
    };
    let certain = part("certain")?;
    let possible = part("possible")?.difference(&certain).cloned().collect();
    let open = match object.get("open") {
        Some(node) => node.value().as_bool().ok_or_else(wrong)?,
        None => false,
    };
    Ok(Value::Set(Arc::new(PartSet {
        certain,
        possible,
        open,
    })))
}

fn read_codes<'a>(
    items: &[Node<'a>],
    set: &str,
    catalogue: &Catalogue,
) -> Result<BTreeSet<Arc<str>>, Wrong<'a>> {
    let mut codes = BTreeSet::new();
    let mut wrong = Vec::new();
    for item in items {
        match item.value().as_str() {
            Some(text) => match read_code(text, set, catalogue) {
                Ok(code) => {
                    codes.insert(code);
                }
                Err(diagnostic) => wrong.push((item.clone(), diagnostic)),
            },
            None => wrong.push((
                item.clone(),
                Diagnostic::error("A201", item.kind(), format!("a code of {set}")),
            )),
        }
    }
    if wrong.is_empty() {
        Ok(codes)
    } else {
        Err(wrong)
    }
}

fn read_list(
    node: &Node<'_>,
    field: &Field,
    item: &Type,
    catalogue: &Catalogue,
    document: &Document,
    problems: &mut Problems,
) -> Value {
    let Some(items) = node
        .items()
        .filter(|items| items.len() <= limits::APPLICATION_LINES)
    else {
        let expected = format!(
            "a list of at most {} for {}",
            limits::APPLICATION_LINES,
            field.label
        );
        problems.push(Diagnostic::error("A201", node.kind(), expected).at(document.place_of(node)));
        return Value::Unknown;
    };
    let members = items.iter().enumerate().map(|(index, node)| {
        if let Some(record) = catalogue.record_of(&field.notation) {
            return read_record(node, index, &record.fields, catalogue, document, problems);
        }
        let member = Field {
            ty: item.clone(),
            ..field.clone()
        };
        read_value(node, &member, catalogue, document, problems)
    });
    Value::List(members.collect())
}

fn read_record(
    node: &Node<'_>,
    index: usize,
    fields: &[Field],
    catalogue: &Catalogue,
    document: &Document,
    problems: &mut Problems,
) -> Value {
    let Some(object) = node.object() else {
        problems
            .push(Diagnostic::error("A201", node.kind(), "an object").at(document.place_of(node)));
        return Value::Unknown;
    };
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_ref()).collect();
    object.refuse_unknown(&names, "A101", document, problems);
    let fields = fields.iter().map(|field| {
        let value = object.get(&field.name).map_or(Value::Unknown, |node| {
            read_value(&node, field, catalogue, document, problems)
        });
        (Arc::clone(&field.name), value)
    });
    Value::Record(Arc::new(Record {
        index,
        fields: fields.collect(),
    }))
}
