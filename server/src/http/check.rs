//! Checks what others made: a ruleset, a determination.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use catchall_engine::explanation::Length;
use catchall_engine::ruleset::{Ruleset, RulesetFiles};
use catchall_engine::source::{Document, Problems, canonical, differences};
use catchall_engine::time::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body;
use super::form::Form;
use super::options::NoOptions;
use crate::access::Caller;
use crate::app::Shared;
use crate::problem::{Answer, INVALID, Mistake, Problem};
use crate::screening::{Asked, Question};

/// What a check of a ruleset found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    /// Its id, if it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// SHA-256 of its canonical JSON, if nothing is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// Whether it can be used.
    valid: bool,
    /// What keeps it from use.
    errors: Vec<Mistake>,
    /// What its author should look at again.
    warnings: Vec<Mistake>,
}

impl Checked {
    /// What loading a ruleset came to; its id, if it could be read before.
    pub(super) fn of(id: Option<String>, loaded: Result<Ruleset, Problems>) -> Self {
        match loaded {
            Ok(ruleset) => Self {
                id: id.or_else(|| Some(ruleset.id.to_string())),
                sha256: Some(ruleset.hash),
                valid: true,
                errors: Vec::new(),
                warnings: ruleset.warnings.iter().map(Mistake::from).collect(),
            },
            Err(problems) => Self {
                id,
                sha256: None,
                valid: false,
                errors: problems.iter().map(Mistake::from).collect(),
                warnings: Vec::new(),
            },
        }
    }
}

/// Check a ruleset, in one document as `/v1/rulesets/{ruleset}` gives it. Nothing is kept.
#[utoipa::path(
    post,
    path = "/v1/rulesets/check",
    tag = "law",
    request_body(content = Object, example = json!({"id": "my-rules", "title": "My rules"})),
    responses((status = 200, description = "What was found; `valid` says whether it can be used.", body = Checked))
)]
pub(crate) async fn ruleset(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Json<Checked>> {
    let document = body::document(&headers, request, &caller.limits).await?;
    let json = document.json()?;
    let world = app.world.load_full();
    let checked = app.work(false, move || {
        let id = json
            .value()
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let library = &world.library;
        let loaded = RulesetFiles::from_value(json.into_value(), &document)
            .and_then(|files| Ruleset::load(&files, &library.catalogue, &library.reference));
        Checked::of(id, loaded)
    });
    Ok(Json(checked.await?))
}

/// Whether a determination comes out the same again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verified {
    /// Whether every byte of the canonical JSON is the same.
    same: bool,
    /// RFC 6901 pointers to what differs.
    differences: Vec<String>,
}

/// Differences that are told at most.
const DIFFERENCES: usize = 100;

/// Verify a determination: compute it again from its application, and say what differs.
#[utoipa::path(
    post,
    path = "/v1/determinations/verify",
    tag = "screening",
    request_body(content = Object, description = "`{\"determination\": …, \"application\": …}`", example = json!({
        "determination": {"as_of": "2021-11-15", "known_at": "2021-11-15", "rulesets": [{"id": "eu-dual-use"}]},
        "application": {"items": [{}]},
    })),
    responses((status = 200, description = "Whether it is the same.", body = Verified))
)]
pub(crate) async fn verify(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Json<Verified>> {
    let document = body::document(&headers, request, &caller.limits).await?;
    let Value::Object(mut whole) = document.json()?.into_value() else {
        return Err(Problem::mistake(
            &INVALID,
            "",
            "no object",
            "`determination` and `application`",
        ));
    };
    let stated = part(&mut whole, "determination")?;
    let application = part(&mut whole, "application")?;
    if let Some(key) = whole.keys().next() {
        let found = format!("the unknown key `{key}`");
        return Err(Problem::mistake(
            &INVALID,
            "",
            &found,
            "`determination` and `application`",
        ));
    }
    let asked = asked(&stated)?;
    let document = document.part("/application");
    let world = app.world.load_full();
    let question = Question::read(
        Arc::clone(&world),
        application.into(),
        &document,
        &asked,
        &caller,
    )?;
    let answered = question.answered(&app).await?;
    let text = answered.told(Form::Json, Length::Full);
    let again = Document::new("determination", text).json()?.into_value();
    let same = canonical(&stated) == canonical(&again);
    let most = if same { 0 } else { DIFFERENCES };
    let differences = differences(&stated, &again, most).into_iter();
    let differences = differences.map(|found| found.pointer).collect();
    Ok(Json(Verified { same, differences }))
}

fn part(whole: &mut Map<String, Value>, key: &str) -> Answer<Value> {
    let absent = || {
        Problem::mistake(
            &INVALID,
            "",
            &format!("no `{key}`"),
            "`determination` and `application`",
        )
    };
    whole.remove(key).ok_or_else(absent)
}

/// What a determination says that it was asked.
fn asked(stated: &Value) -> Answer<Asked> {
    let day = |key: &str| {
        let day = stated
            .get(key)
            .and_then(Value::as_str)
            .and_then(Date::parse);
        let pointer = format!("/determination/{key}");
        day.ok_or_else(|| Problem::mistake(&INVALID, &pointer, "no day", "a determination"))
    };
    let rulesets = stated.get("rulesets").and_then(Value::as_array);
    let ids = rulesets.into_iter().flatten();
    let ids = ids.filter_map(|one| one.get("id")?.as_str().map(str::to_owned));
    let rulesets: Vec<String> = ids.collect();
    if rulesets.is_empty() {
        let pointer = "/determination/rulesets";
        return Err(Problem::mistake(
            &INVALID,
            pointer,
            "no rulesets",
            "a determination",
        ));
    }
    Ok(Asked {
        as_of: Some(day("as_of")?),
        known_at: Some(day("known_at")?),
        rulesets,
        keep: false,
    })
}
