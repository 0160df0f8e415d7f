//! Builds decision tables from JSON, as the suites of the language write them.

use catchall_engine::condition::{Cell, HitPolicy, Row, Table, compile};
use catchall_engine::facts::{Field, Type, Value, read_value};
use catchall_engine::source::{Diagnostic, Document, Json, Problems};
use serde_json::Value as JsonValue;

use crate::world::World;

/// The members of a JSON list; none where there is no list.
pub fn list(json: &JsonValue) -> Vec<JsonValue> {
    json.as_array().cloned().unwrap_or_default()
}

fn text(json: &JsonValue) -> &str {
    json.as_str().unwrap_or_default()
}

/// The type that a table's outputs have.
pub fn output_type(table: &JsonValue, world: &World) -> Type {
    let notation = text(&table["type"]);
    world.catalogue().parse_type(notation).unwrap_or(Type::Any)
}

/// An output of a table.
pub fn output(json: &JsonValue, table: &JsonValue, world: &World) -> Result<Value, Problems> {
    let field = Field {
        name: "output".into(),
        ty: output_type(table, world),
        notation: text(&table["type"]).to_owned(),
        unit: None,
        minimum: None,
        label: "the output".into(),
        question: "".into(),
        readable: true,
    };
    let mut problems = Problems::new();
    let document = Document::new("table", "");
    let json = Json::from(json.clone());
    let value = read_value(
        &json.root(),
        &field,
        world.catalogue(),
        &document,
        &mut problems,
    );
    problems.or(value)
}

/// A table of `hit_policy`, `type`, `inputs`, `rows` and, for P, `priority`.
pub fn decision_table(json: &JsonValue, world: &World) -> Result<Table, Problems> {
    let inputs = list(&json["inputs"]);
    let inputs = inputs.iter().map(|input| compile(text(input), world));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let row = |row: &JsonValue| {
        let cells = list(&row["cells"]);
        let cells = cells.iter().zip(&inputs);
        let cells = cells.map(|(cell, input)| Cell::compile(text(cell), input, world));
        Ok(Row {
            cells: cells.collect::<Result<_, Problems>>()?,
            output: output(&row["output"], json, world)?,
        })
    };
    let rows = list(&json["rows"]);
    let rows = rows.iter().map(row).collect::<Result<_, Problems>>()?;
    let priority = list(&json["priority"]);
    let priority = priority.iter().map(|one| output(one, json, world));
    let unknown = || Diagnostic::error("R108", "an unknown hit policy", "U, A, F, P or C");
    Ok(Table {
        hit_policy: HitPolicy::parse(text(&json["hit_policy"])).ok_or_else(unknown)?,
        ty: output_type(json, world),
        rows,
        priority: priority.collect::<Result<_, _>>()?,
        inputs,
    })
}
