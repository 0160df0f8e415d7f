//! Reads parameters: named constants with dated, cited values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Source;
use super::definitions::Parameter;
use super::read;
use super::rule::Citation;
use crate::facts::{Catalogue, Field, Type, Value, read_value};
use crate::source::{Collector, Diagnostic, Node, Object};
use crate::time::Period;

type Sources = BTreeMap<Arc<str>, Source>;

/// The parameters under `parameters`, by their names.
pub(super) fn read(
    collector: &mut Collector<'_>,
    head: &Object<'_>,
    catalogue: &Catalogue,
    sources: &Sources,
) -> BTreeMap<Arc<str>, Parameter> {
    let mut parameters = BTreeMap::new();
    for (name, node) in collector.entries(head, "parameters") {
        let Some(object) = collector.object(&node, &["title", "type", "unit", "values"]) else {
            continue;
        };
        if let Some(field) = field(collector, &node, &object, catalogue) {
            let values = values(collector, &object, &field, catalogue, sources);
            parameters.insert(
                name.into(),
                Parameter {
                    title: field.label,
                    ty: field.ty,
                    values,
                },
            );
        }
    }
    parameters
}

/// The parameter as a field, by which its values are read as facts are.
fn field(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    object: &Object<'_>,
    catalogue: &Catalogue,
) -> Option<Field> {
    let title: Arc<str> = collector.text(object, "title")?.into();
    let notation = collector.text(object, "type")?;
    let Some(plain) = catalogue.parse_type(&notation) else {
        let error = Diagnostic::error(
            "R104",
            format!("the type `{notation}`"),
            "a type, such as number or list<text>",
        );
        collector.report(node, error);
        return None;
    };
    let unit: Option<Arc<str>> = collector.optional_text(object, "unit").map(Arc::from);
    let ty = if plain == Type::NUMBER {
        Type::Number(unit)
    } else {
        plain
    };
    Some(Field::constant(title, ty, notation))
}

fn values(
    collector: &mut Collector<'_>,
    object: &Object<'_>,
    field: &Field,
    catalogue: &Catalogue,
    sources: &Sources,
) -> Vec<(Period, Value, Citation)> {
    let mut values: Vec<(Period, Value, Citation)> = Vec::new();
    for node in collector.items(object, "values") {
        let Some(entry) = collector.object(&node, &["from", "until", "value", "citation"]) else {
            continue;
        };
        let period = collector.period(&entry);
        if values.iter().any(|(other, ..)| other.overlaps(&period)) {
            let error = Diagnostic::error(
                "R111",
                format!("a second value {period}"),
                "one value on each day",
            );
            collector.report(&node, error);
        }
        let Some(value) = collector.required(&entry, "value") else {
            continue;
        };
        let document = collector.document;
        let value = read_value(&value, field, catalogue, document, &mut collector.problems);
        values.extend(
            read::citation(collector, &entry, sources).map(|citation| (period, value, citation)),
        );
    }
    values
}
