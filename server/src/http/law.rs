//! Rulesets, rules and facts, to read.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use catchall_engine::bulk::profile_schema;
use catchall_engine::explanation::determination_schema;
use catchall_engine::facts::{Fact, Scope, application_schema};
use catchall_engine::ruleset::{Ruleset, Standing};
use catchall_engine::shipped;
use catchall_engine::time::Date;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::options::NoOptions;
use super::resource::Resource;
use crate::app::Shared;
use crate::problem::{Answer, NOT_FOUND, Problem};
use crate::world::World;

/// A ruleset in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulesetLine {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
    /// Whose law it is.
    jurisdiction: String,
    /// `law`, or `advisory`: used only where it is named.
    standing: &'static str,
    /// The day of its latest text.
    edition: String,
    /// The first day whose law is modelled.
    models_from: String,
    /// How many rules.
    rules: usize,
    /// SHA-256 of its canonical JSON.
    sha256: String,
    /// Where it can be read.
    href: String,
}

fn line(ruleset: &Ruleset) -> RulesetLine {
    RulesetLine {
        id: ruleset.id.to_string(),
        title: ruleset.title.to_string(),
        jurisdiction: ruleset.jurisdiction.to_string(),
        standing: match ruleset.standing {
            Standing::Law => "law",
            Standing::Advisory => "advisory",
        },
        edition: ruleset.edition.to_string(),
        models_from: ruleset.models_from.to_string(),
        rules: ruleset.rules.len(),
        sha256: ruleset.hash.clone(),
        href: format!("/v1/rulesets/{}", ruleset.id),
    }
}

/// List the rulesets.
#[utoipa::path(
    get,
    path = "/v1/rulesets",
    tag = "law",
    responses((status = 200, description = "The rulesets.", body = Vec<RulesetLine>))
)]
pub(crate) async fn rulesets(
    State(app): State<Shared>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let world = app.world.load();
    let lines: Vec<RulesetLine> = world.library.rulesets.iter().map(line).collect();
    Ok(Resource::json(&lines)?.respond(&headers))
}

/// Read a ruleset, as one document.
///
/// By its id; by id and day (`eu-dual-use@2024-11-08`), with the rules in force on that day; or by its SHA-256, also
/// one that is no longer in use but of which a determination was kept.
#[utoipa::path(
    get,
    path = "/v1/rulesets/{ruleset}",
    tag = "law",
    params(("ruleset" = String, Path, description = "Id, id and day, or SHA-256.", example = "eu-dual-use@2024-11-08")),
    responses((status = 200, description = "The ruleset.", body = Object))
)]
pub(crate) async fn ruleset(
    State(app): State<Shared>,
    Path(name): Path<String>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let whole = assembled(&app, &name).await?;
    Ok(Resource::json(&whole)?.respond(&headers))
}

async fn assembled(app: &Shared, name: &str) -> Answer<Value> {
    let world = app.world.load_full();
    let by_hash = world
        .manifest
        .rulesets
        .iter()
        .find(|(_, hash)| *hash == name);
    let id = by_hash.map_or(name, |(id, _)| id.as_str());
    if let Some(whole) = world.assembled.get(id) {
        return Ok(whole.clone());
    }
    if let Some((id, day)) = name.split_once('@') {
        return on_day(&world, id, day);
    }
    if is_hash(name) {
        let text = app.register.document(name).await?;
        let whole: Option<Value> = serde_json::from_slice(&text).ok();
        let ruleset = whole.filter(|whole| whole.get("rules").is_some());
        return ruleset.ok_or_else(|| Problem::new(&NOT_FOUND, "no ruleset of this SHA-256"));
    }
    Err(no_ruleset(&world, name))
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn no_ruleset(world: &World, name: &str) -> Problem {
    let help = world.rulesets_like(name);
    Problem::new(&NOT_FOUND, format!("no ruleset of this name; {help}"))
}

fn on_day(world: &World, id: &str, day: &str) -> Answer<Value> {
    let day = Date::parse(day)
        .ok_or_else(|| Problem::new(&NOT_FOUND, "after `@` stands a day, written YYYY-MM-DD"))?;
    let (Some(ruleset), Some(whole)) = (world.library.ruleset(id), world.assembled.get(id)) else {
        return Err(no_ruleset(world, id));
    };
    let mut whole = whole.clone();
    if let Some(rules) = whole.get_mut("rules").and_then(Value::as_object_mut) {
        let in_force = |id: &str| ruleset.rule(id).is_some_and(|rule| rule.is_in_force(day));
        rules.retain(|id, _| in_force(id));
    }
    Ok(whole)
}

/// Read a rule, by its id.
#[utoipa::path(
    get,
    path = "/v1/rules/{rule}",
    tag = "law",
    params(("rule" = String, Path, description = "Its id.", example = "eu.2021-821.art-5-1")),
    responses((status = 200, description = "The rule, as it stands in its ruleset.", body = Object))
)]
pub(crate) async fn rule(
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let world = app.world.load();
    let mut wholes = world.assembled.values();
    let found = wholes.find_map(|whole| whole.get("rules")?.get(&id));
    let rule = found.ok_or_else(|| {
        let ids = world.library.rulesets.iter().flat_map(|one| &one.rules);
        let ids = ids.map(|rule| rule.id.as_ref());
        Problem::absent("no rule of this id", &id, ids)
    })?;
    Ok(Resource::json(rule)?.respond(&headers))
}

/// A fact that can be stated.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactLine {
    /// Its path, as conditions write it.
    path: String,
    /// What it is.
    label: String,
    /// How to ask a person for it.
    question: String,
    /// Its type, as the catalogue writes it.
    #[serde(rename = "type")]
    notation: String,
    /// Unit of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Whether it is a fact of the whole `application` or of one `item`.
    scope: &'static str,
    /// Where an application holds it.
    pointer: String,
}

fn fact_line(fact: &Fact) -> FactLine {
    FactLine {
        path: fact.field.name.to_string(),
        label: fact.field.label.to_string(),
        question: fact.field.question.to_string(),
        notation: fact.field.notation.clone(),
        unit: fact.field.unit.as_deref().map(str::to_owned),
        scope: match fact.scope {
            Scope::Application => "application",
            Scope::Item => "item",
        },
        pointer: fact.pointer.clone(),
    }
}

/// List the facts that can be stated, each with the question to ask for it.
#[utoipa::path(
    get,
    path = "/v1/facts",
    tag = "law",
    responses((status = 200, description = "The facts.", body = Vec<FactLine>))
)]
pub(crate) async fn facts(
    State(app): State<Shared>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let world = app.world.load();
    let facts = world.library.catalogue.facts();
    let lines: Vec<FactLine> = facts.map(|(_, fact)| fact_line(fact)).collect();
    Ok(Resource::json(&lines)?.respond(&headers))
}

/// Read a JSON Schema (2020-12): of an `application`, a `determination`, a `ruleset` or a table's `profile`.
#[utoipa::path(
    get,
    path = "/v1/schemas/{document}",
    tag = "law",
    params(("document" = String, Path, description = "Of which document.", example = "application")),
    responses((status = 200, description = "The schema.", body = Object))
)]
pub(crate) async fn schema(
    State(app): State<Shared>,
    Path(name): Path<String>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let world = app.world.load();
    let schema = match name.as_str() {
        "application" => application_schema(&world.library.catalogue),
        "determination" => determination_schema(),
        "ruleset" => shipped::ruleset_schema()?.json()?.into_value(),
        "profile" => profile_schema(&world.library.catalogue),
        _ => {
            let known = "application, determination, ruleset, profile";
            return Err(Problem::new(&NOT_FOUND, format!("known: {known}")));
        }
    };
    Ok(Resource::json(&schema)?.respond(&headers))
}
