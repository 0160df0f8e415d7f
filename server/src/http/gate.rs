//! What every request passes before its handler: who asks, may they, is there room, did it end in time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::body::late;
use crate::access::{Action, Caller};
use crate::app::{Shared, now, overloaded};
use crate::problem::{Answer, METHOD, NOT_FOUND, Problem, Told};

/// Lets a request through that may do what its address does.
pub(crate) async fn gate(
    State((app, action)): State<(Shared, Action)>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match admit(&app, action, &request) {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let Ok(_room) = app.room.try_acquire() else {
        return overloaded().into_response();
    };
    let limits = caller.limits;
    request.extensions_mut().insert(caller);
    if action == Action::Tables {
        // A table may take long to come; each part of it must come in time.
        return next.run(request).await;
    }
    let seconds = Duration::from_secs(u64::from(limits.seconds));
    match tokio::time::timeout(seconds, next.run(request)).await {
        Ok(response) => response,
        Err(_) => late(&limits).into_response(),
    }
}

fn admit(app: &Shared, action: Action, request: &Request) -> Answer<Caller> {
    let caller = app
        .access
        .caller(request.headers(), &peer(request), now())?;
    app.access.count(&caller, Instant::now())?;
    caller.must(action)?;
    Ok(caller)
}

/// The address that a request comes from; one for all where the server does not know it.
fn peer(request: &Request) -> String {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or_else(
        || "unknown".to_owned(),
        |ConnectInfo(peer)| peer.ip().to_string(),
    )
}

/// Counts and logs each request: method, route, status, time. Nothing of what was sent is written, not
/// even its address: only the route that it fits.
pub(crate) async fn record(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>();
    let route = path.map_or("none", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    harden(response.headers_mut());
    let status = response.status().as_u16();
    let code = response
        .extensions()
        .get::<Told>()
        .map_or("", |told| told.0);
    let took = started.elapsed();
    tracing::info!(
        target: "request",
        method = %method,
        route = %route,
        status,
        code,
        microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    );
    let labels = [
        ("method", method.to_string()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("catchall_requests_total", &labels).increment(1);
    metrics::histogram!("catchall_request_seconds").record(took);
    response
}

/// Headers that keep a browser from doing more with an answer than show it.
fn harden(headers: &mut HeaderMap) {
    let set = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    for (name, value) in set {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// Pages carry their own styles and need nothing else; the page of the API brings its own scripts.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' \
    'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";

/// An address at which nothing stands.
pub(crate) async fn nowhere() -> Problem {
    Problem::new(&NOT_FOUND, "see /openapi.json for what there is")
}

/// A method that an address does not take.
pub(crate) async fn no_method(method: Method) -> Problem {
    Problem::new(
        &METHOD,
        format!("not {method}; see /openapi.json for what there is"),
    )
}

/// A request whose handler broke: the caller is told so, the log is told where.
pub(crate) fn broken(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!(target: "request", "a handler broke");
    metrics::counter!("catchall_broken_total").increment(1);
    let problem = Problem::new(
        &crate::problem::INTERNAL,
        "please report it, with what you sent",
    );
    let mut response = problem.into_response();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
