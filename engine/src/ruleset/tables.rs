//! Reads a definition that is a decision table.

use super::names::RulesetNames;
use crate::condition::{self, Cell, Condition, HitPolicy, Inputs, Row, Table};
use crate::facts::{Catalogue, Field, Type, Value, read_value};
use crate::source::{Collector, Diagnostic, Node, Object, Problems};

/// The type that a table's output is declared to have, before the table is read.
pub(super) fn declared_type(node: &Node<'_>, catalogue: &Catalogue) -> Option<Type> {
    let table = node.object()?.get("table")?.object()?;
    catalogue.parse_type(table.get("type")?.value().as_str()?)
}

pub(super) fn read(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    names: &RulesetNames<'_>,
    catalogue: &Catalogue,
) -> Option<Table> {
    let object = collector.object(node, &["hit_policy", "type", "inputs", "priority", "rows"])?;
    let written = collector.text(&object, "hit_policy")?;
    let Some(hit_policy) = HitPolicy::parse(&written) else {
        let error = Diagnostic::error(
            "R108",
            format!("the hit policy \"{written}\""),
            "U, A, F, P, C max, C min or C count",
        );
        collector.report(node, error);
        return None;
    };
    let notation = collector.text(&object, "type")?;
    let ty = catalogue.parse_type(&notation)?;
    let output = Output {
        field: Field::constant("the output of the table".into(), ty.clone(), notation),
        catalogue,
    };
    let inputs = inputs(collector, &object, names)?;
    let rows = rows(collector, &object, &inputs, names, &output)?;
    let priority = collector
        .items(&object, "priority")
        .iter()
        .map(|node| output.read(collector, node))
        .collect();
    let table = Table {
        hit_policy,
        ty,
        inputs,
        rows,
        priority,
    };
    let found = table.inconsistencies(names, &Inputs::default());
    collector.problems.extend(
        found
            .into_iter()
            .map(|problem| problem.at(collector.document.place_of(node))),
    );
    Some(table)
}

struct Output<'c> {
    field: Field,
    catalogue: &'c Catalogue,
}

impl Output<'_> {
    fn read(&self, collector: &mut Collector<'_>, node: &Node<'_>) -> Value {
        read_value(
            node,
            &self.field,
            self.catalogue,
            collector.document,
            &mut collector.problems,
        )
    }
}

fn inputs(
    collector: &mut Collector<'_>,
    object: &Object<'_>,
    names: &RulesetNames<'_>,
) -> Option<Vec<Condition>> {
    let nodes = collector.items(object, "inputs");
    let compiled: Vec<Option<Condition>> = nodes
        .iter()
        .map(|node| {
            let text = node.value().as_str().unwrap_or_default();
            placed(collector, node, condition::compile(text, names))
        })
        .collect();
    compiled.into_iter().collect()
}

fn placed<T>(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    compiled: Result<T, Problems>,
) -> Option<T> {
    compiled
        .map_err(|problems| {
            let name = collector.document.name();
            let pointer = collector.document.pointer(node.pointer());
            collector.problems.extend(
                problems
                    .into_iter()
                    .map(|problem| problem.within(name, &pointer)),
            );
        })
        .ok()
}

fn rows(
    collector: &mut Collector<'_>,
    object: &Object<'_>,
    inputs: &[Condition],
    names: &RulesetNames<'_>,
    output: &Output<'_>,
) -> Option<Vec<Row>> {
    let nodes = collector.items(object, "rows");
    let rows: Vec<Option<Row>> = nodes
        .iter()
        .map(|node| row(collector, node, inputs, names, output))
        .collect();
    rows.into_iter().collect()
}

fn row(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    inputs: &[Condition],
    names: &RulesetNames<'_>,
    output: &Output<'_>,
) -> Option<Row> {
    let object = collector.object(node, &["cells", "output"])?;
    let nodes = collector.items(&object, "cells");
    if nodes.len() != inputs.len() {
        let expected = format!("{} cells, one for each input", inputs.len());
        collector.report(
            node,
            Diagnostic::error("R117", format!("{} cells", nodes.len()), expected),
        );
        return None;
    }
    let cells: Vec<Option<Cell>> = nodes
        .iter()
        .zip(inputs)
        .map(|(node, input)| {
            let text = node.value().as_str().unwrap_or_default();
            placed(collector, node, Cell::compile(text, input, names))
        })
        .collect();
    let output_node = collector.required(&object, "output")?;
    let output = output.read(collector, &output_node);
    Some(Row {
        cells: cells.into_iter().collect::<Option<_>>()?,
        output,
    })
}
