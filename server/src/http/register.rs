//! `/v1/register`: what was kept, what was decided, and the same answer again.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use catchall_engine::explanation::Length;
use catchall_engine::source::{Document, sha256};
use catchall_engine::time::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::body;
use super::form::Form;
use super::once::{idempotency, replayed};
use super::options::{NoOptions, Options, quoted, wrong};
use super::screenings::{FORMS, length, text};
use crate::access::{Action, Caller};
use crate::app::Shared;
use crate::problem::{Answer, INVALID, NOT_FOUND, Problem};
use crate::register::{Decide, Decision, Kind, OPEN, Outcome, Page, Record, Search, Stated, What};
use crate::screening::{Answered, Asked, Question};
use crate::world::World;

/// Records of a page where nothing else is asked, and at most.
const PAGE: (u32, u32) = (50, 500);

/// What is looked for.
const SEARCH: [&str; 13] = [
    "application_id",
    "destination",
    "requirement",
    "requirement_at_most",
    "review",
    "status",
    "kept_by",
    "rule",
    "from",
    "until",
    "q",
    "after",
    "limit",
];

/// Search what was kept.
///
/// The newest first, a page at a time: `next` of one page is `after` of the next.
#[utoipa::path(
    get,
    path = "/v1/register",
    tag = "register",
    params(
        ("application_id" = Option<String>, Query, description = "The application's own number."),
        ("destination" = Option<String>, Query, description = "Code of the destination.", example = "MG"),
        ("requirement" = Option<String>, Query, description = "What certainly is required, such as `licence_required`."),
        ("requirement_at_most" = Option<String>, Query, description = "What may be required."),
        ("review" = Option<String>, Query, description = "How strictly it is reviewed, at least."),
        ("status" = Option<Vec<String>>, Query, description = "`open`, or the last decision; repeat for several."),
        ("kept_by" = Option<String>, Query, description = "Who asked."),
        ("rule" = Option<String>, Query, description = "A rule that certainly stands."),
        ("from" = Option<String>, Query, description = "Kept on this day or later."),
        ("until" = Option<String>, Query, description = "Kept before this day."),
        ("q" = Option<String>, Query, description = "A piece of the application's text."),
        ("after" = Option<String>, Query, description = "Only those after this number, as `next` says."),
        ("limit" = Option<u32>, Query, description = "How many, up to 500.", example = 2),
    ),
    responses((status = 200, description = "A page.", body = Page))
)]
pub(crate) async fn search(State(app): State<Shared>, uri: Uri) -> Answer<Json<Page>> {
    let options = Options::read(&uri, &SEARCH)?;
    Ok(Json(app.register.search(&wanted(&options)?).await?))
}

fn wanted(options: &Options) -> Answer<Search> {
    let columns = [
        ("application_id", "application_id"),
        ("destination", "destination"),
        ("requirement", "requirement_at_least"),
        ("requirement_at_most", "requirement_at_most"),
        ("review", "review_at_least"),
        ("status", "status"),
        ("kept_by", "kept_by"),
    ];
    let of = |name: &str| options.one(name).map(|value| value.map(str::to_owned));
    let day = |name: &str| {
        options
            .day(name)
            .map(|day: Option<Date>| day.map(|day| day.to_string()))
    };
    let limit = options.number("limit", 1, PAGE.1)?.unwrap_or(PAGE.0);
    known(options, "status", &statuses())?;
    Ok(Search {
        equal: columns
            .into_iter()
            .map(|(name, column)| (column, options.all(name)))
            .collect(),
        from: day("from")?,
        until: day("until")?,
        rule: of("rule")?,
        text: of("q")?,
        after: of("after")?,
        limit: usize::try_from(limit).unwrap_or_default(),
    })
}

fn statuses() -> Vec<&'static str> {
    let decided = Kind::ALL.iter().map(|(code, _)| *code);
    std::iter::once(OPEN).chain(decided).collect()
}

fn known(options: &Options, name: &str, words: &[&str]) -> Answer<()> {
    let values = options.all(name);
    match values.iter().find(|value| !words.contains(&value.as_str())) {
        Some(other) => {
            let expected = format!("one of {}", words.join(", "));
            Err(wrong(name, &quoted(other), &expected))
        }
        None => Ok(()),
    }
}

/// Read one kept determination, without its long texts.
#[utoipa::path(
    get,
    path = "/v1/register/{id}",
    tag = "register",
    params(("id" = String, Path, description = "Its number in the register.")),
    responses((status = 200, description = "What is kept, and what was decided.", body = Record))
)]
pub(crate) async fn record(
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<Json<Record>> {
    Ok(Json(app.register.record(&id).await?))
}

/// Read a kept determination as it was answered.
#[utoipa::path(
    get,
    path = "/v1/register/{id}/determination",
    tag = "register",
    params(("id" = String, Path, description = "Its number in the register.")),
    responses((status = 200, description = "The determination.", content(
        (Object = "application/json"), (String = "text/plain"), (String = "text/html"),
    )))
)]
pub(crate) async fn determination(
    State(app): State<Shared>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer<Response> {
    let options = Options::read(&uri, &["length"])?;
    let length = length(&options)?;
    let form = Form::wanted(&headers, &FORMS)?;
    Ok(text(
        StatusCode::OK,
        form,
        told(&app, &id, form, length).await?,
    ))
}

/// A kept determination in a form. JSON is what was kept; text and pages are made again from it.
pub(crate) async fn told(app: &Shared, id: &str, form: Form, length: Length) -> Answer<String> {
    if form == Form::Json {
        let bytes = app.register.determination(id).await?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let (_, answered) = again(app, id).await?;
    Ok(answered.told(form, length))
}

/// Read the application that a kept determination was made from, as it was sent.
#[utoipa::path(
    get,
    path = "/v1/register/{id}/application",
    tag = "register",
    params(("id" = String, Path, description = "Its number in the register.")),
    responses((status = 200, description = "The application.", body = Object))
)]
pub(crate) async fn application(
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<Response> {
    let application = app.register.application(&id).await?;
    Ok(text(StatusCode::OK, Form::Json, application))
}

/// Whether a kept determination comes out the same again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replay {
    /// Whether every byte is the same.
    same: bool,
    /// SHA-256 of what was kept.
    kept: String,
    /// SHA-256 of what was computed again.
    again: String,
    /// Version of the engine then.
    engine_then: String,
    /// Version of the engine now.
    engine_now: &'static str,
    /// The state of law and data that both were made from.
    edition: String,
}

/// Compute a kept determination again, from the kept application, law and data, and compare every byte.
#[utoipa::path(
    get,
    path = "/v1/register/{id}/replay",
    tag = "register",
    params(("id" = String, Path, description = "Its number in the register.")),
    responses((status = 200, description = "Whether it is the same.", body = Replay))
)]
pub(crate) async fn replay(
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<Json<Replay>> {
    let kept = app.register.determination(&id).await?;
    let (record, answered) = again(&app, &id).await?;
    let found = answered.told(Form::Json, Length::Full);
    Ok(Json(Replay {
        same: kept == found.as_bytes() && sha256(&kept) == record.determination_sha256,
        kept: record.determination_sha256,
        again: sha256(found.as_bytes()),
        engine_then: record.engine,
        engine_now: answered.determination.engine.version,
        edition: record.edition,
    }))
}

/// Computes a kept determination again, with the law and data that it was made from.
async fn again(app: &Shared, id: &str) -> Answer<(Record, Answered)> {
    let record = app.register.record(id).await?;
    let world = app.edition(&record.edition).await?;
    let days = [&record.as_of, &record.known_at].map(|day| Date::parse(day));
    let answered = asked_again(app, &record, world, days).await?;
    Ok((record, answered))
}

/// Asks what a kept determination was asked, of some state of law and data, for some days.
pub(super) async fn asked_again(
    app: &Shared,
    record: &Record,
    world: Arc<World>,
    [as_of, known_at]: [Option<Date>; 2],
) -> Answer<Answered> {
    let application = app.register.application(&record.id).await?;
    let document = Document::new("application", application);
    let asked = Asked {
        as_of,
        known_at,
        rulesets: record.rulesets.keys().cloned().collect(),
        keep: false,
    };
    let caller = Caller::of_the_register();
    let question = Question::read(world, document.json()?, &document, &asked, &caller)?;
    question.answered(app).await
}

/// Read what was decided.
#[utoipa::path(
    get,
    path = "/v1/register/{id}/decisions",
    tag = "register",
    params(("id" = String, Path, description = "The determination's number in the register.")),
    responses((status = 200, description = "The decisions; the last is the one that counts.", body = Vec<Decision>))
)]
pub(crate) async fn decisions(
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<Json<Vec<Decision>>> {
    Ok(Json(app.register.record(&id).await?.decisions))
}

/// Read one decision.
#[utoipa::path(
    get,
    path = "/v1/register/{id}/decisions/{sequence}",
    tag = "register",
    params(
        ("id" = String, Path, description = "The determination's number in the register."),
        ("sequence" = i64, Path, description = "The decision's place, from 1."),
    ),
    responses((status = 200, description = "The decision.", body = Decision))
)]
pub(crate) async fn one_decision(
    State(app): State<Shared>,
    Path((id, sequence)): Path<(String, String)>,
    _: NoOptions,
) -> Answer<Json<Decision>> {
    Ok(Json(
        decision(&app, &format!("{id}/decisions/{sequence}")).await?,
    ))
}

async fn decision(app: &Shared, resource: &str) -> Answer<Decision> {
    let absent = || Problem::new(&NOT_FOUND, "no decision of this number");
    let (id, sequence) = resource.split_once("/decisions/").ok_or_else(absent)?;
    let sequence: i64 = sequence.parse().map_err(|_| absent())?;
    let decisions = app.register.record(id).await?.decisions;
    let found = decisions.into_iter().find(|one| one.sequence == sequence);
    found.ok_or_else(absent)
}

/// Record what an authority decided.
///
/// A decision by which the export may leave needs an assessment of every criterion that applies or may apply. One
/// against the determination needs a written reason, and a senior officer. Decisions are added, never changed.
#[utoipa::path(
    post,
    path = "/v1/register/{id}/decisions",
    tag = "register",
    params(
        ("id" = String, Path, description = "The determination's number in the register."),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be recorded once."),
    ),
    request_body(content = Stated, example = json!({"decision": "refused", "reasons": "The end user has turned such systems on journalists."})),
    responses((status = 201, description = "The decision is recorded.", body = Decision))
)]
pub(crate) async fn decide(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Response> {
    let bytes = body::json(&headers, request, &caller.limits).await?;
    let idempotency = idempotency(&caller, &headers, &uri, &bytes)?;
    let what = What::Decide(Box::new(Decide {
        determination: id,
        stated: body::parsed(&bytes)?,
        may_decide_against: caller.may(Action::DecideAgainst),
    }));
    let outcome = app.register.write(idempotency, what).await?;
    let (resource, before) = match outcome {
        Outcome::New(resource) => (resource, false),
        Outcome::Known(resource) => (resource, true),
    };
    if !resource.contains("/decisions/") {
        return Err(Problem::key_reused());
    }
    let decision = decision(&app, &resource).await?;
    created(&format!("/v1/register/{resource}"), before, Json(decision))
}

/// Something that was made, now or before, with where it stands.
pub(crate) fn created(location: &str, before: bool, body: impl IntoResponse) -> Answer<Response> {
    let mut response = (StatusCode::CREATED, body).into_response();
    let location = HeaderValue::from_str(location)
        .map_err(|_| Problem::new(&INVALID, "a number that no address can hold"))?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(if before { replayed(response) } else { response })
}
