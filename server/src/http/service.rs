//! The service about itself: whether it lives, whether it is ready, its figures, its law and data.

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::data::today;
use super::form::Form;
use super::once::{idempotency, json, once};
use super::options::NoOptions;
use super::screenings::text;
use crate::access::Caller;
use crate::app::Shared;
use crate::problem::{Answer, KINDS};

/// Whether the process lives.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "service",
    responses((status = 200, description = "It does.", body = String))
)]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether the service can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    /// `ready`, or `unavailable`: then nothing can be kept.
    register: &'static str,
    /// `fresh`, or `stale`: older than they should be. Answers still come, from these data.
    data: &'static str,
    /// The day on which the newest data were taken.
    data_retrieved: Option<String>,
    /// `loaded`, or `reload_failed`: the last attempt failed, and older law and data are in use.
    law: &'static str,
    /// The state of law and data in use.
    edition: String,
}

/// Say whether the service can do its work, and whether its data are stale.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "service",
    responses((status = 200, description = "It can.", body = Ready), (status = 503, description = "It cannot.", body = Ready))
)]
pub(crate) async fn ready(State(app): State<Shared>) -> Response {
    let register = app.register.is_there().await;
    let world = app.world.load_full();
    let retrieved = world.retrieved();
    let span = jiff::Span::new().days(i64::from(app.stale_after_days));
    let oldest = today().civil().saturating_sub(span);
    let stale = retrieved.is_none_or(|day| day.civil() < oldest);
    let failed = app.load_failed.load(Ordering::Relaxed);
    let told = Ready {
        register: if register { "ready" } else { "unavailable" },
        data: if stale { "stale" } else { "fresh" },
        data_retrieved: retrieved.map(|day| day.to_string()),
        law: if failed { "reload_failed" } else { "loaded" },
        edition: world.edition.clone(),
    };
    let status = if register {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(told)).into_response()
}

/// Read figures about the service, as Prometheus reads them.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "service",
    responses((status = 200, description = "The figures.", body = String))
)]
pub(crate) async fn metrics(State(app): State<Shared>) -> Response {
    let waiting = u32::try_from(app.register.waiting()).unwrap_or(u32::MAX);
    metrics::gauge!("catchall_register_waiting").set(f64::from(waiting));
    text(StatusCode::OK, Form::Text, app.metrics.render())
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemKind {
    /// Stable code.
    code: &'static str,
    /// HTTP status.
    status: u16,
    /// What it means.
    title: &'static str,
}

/// List the kinds of problems that answers may tell.
#[utoipa::path(
    get,
    path = "/problems",
    tag = "service",
    responses((status = 200, description = "The kinds.", body = Vec<ProblemKind>))
)]
pub(crate) async fn problems() -> Json<Vec<ProblemKind>> {
    let kind = |kind: &&crate::problem::Kind| ProblemKind {
        code: kind.code,
        status: kind.status,
        title: kind.title,
    };
    Json(KINDS.iter().map(kind).collect())
}

/// Law and data that are in use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Loaded {
    /// The state of law and data.
    edition: String,
}

/// Load law and data again. What is in use stays in use if anything is wrong with them.
#[utoipa::path(
    post,
    path = "/v1/reload",
    tag = "service",
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be done once.")),
    responses((status = 200, description = "They are in use.", body = Loaded))
)]
pub(crate) async fn reload(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let idempotency = idempotency(&caller, &headers, &uri, b"")?;
    once(&app, idempotency, async {
        let edition = app.reload().await?.edition.clone();
        Ok(json(&Loaded { edition }))
    })
    .await
}
