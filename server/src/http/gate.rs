//! What every request passes before its handler: who asks, may they, is there room, did it end in time.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::body::late;
use crate::access::{Action, Caller};
use crate::app::{Shared, now, overloaded};
use crate::problem::{Answer, METHOD, NOT_FOUND, Problem, Told};
use crate::traces::{Context, Span, Traces};

/// Lets a request through that may do what its address does.
pub(crate) async fn gate(
    State((app, action)): State<(Shared, Action)>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match admit(&app, action, request.headers(), &peer(&request)).await {
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

async fn admit(app: &Shared, action: Action, headers: &HeaderMap, peer: &str) -> Answer<Caller> {
    let caller = app.access.caller(headers, peer, now()).await?;
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

/// Counts, logs and traces each request: method, route, status, time. Nothing of what was sent is written,
/// not even its address: only the route that it fits.
pub(crate) async fn record(State(traces): State<Traces>, request: Request, next: Next) -> Response {
    let (started, began) = (Instant::now(), SystemTime::now());
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>();
    let route = path.map_or("none", MatchedPath::as_str).to_owned();
    let context = traces
        .are_wanted()
        .then(|| Context::read(request.headers()));
    let mut response = next.run(request).await;
    harden(response.headers_mut());
    let told = response.extensions().get::<Told>();
    let seen = Seen {
        method,
        route,
        status: response.status().as_u16(),
        code: told.map_or("", |told| told.0),
        took: started.elapsed(),
    };
    seen.write();
    if let Some(context) = context {
        traces.tell(seen.span(context, began));
    }
    response
}

/// What is written of a request.
struct Seen {
    method: Method,
    route: String,
    status: u16,
    code: &'static str,
    took: Duration,
}

impl Seen {
    fn write(&self) {
        tracing::info!(
            target: "request",
            method = %self.method,
            route = %self.route,
            status = self.status,
            code = self.code,
            microseconds = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
        );
        let labels = [
            ("method", self.method.to_string()),
            ("route", self.route.clone()),
            ("status", self.status.to_string()),
        ];
        metrics::counter!("catchall_requests_total", &labels).increment(1);
        metrics::histogram!("catchall_request_seconds").record(self.took);
    }

    fn span(self, context: Context, began: SystemTime) -> Span {
        Span {
            context,
            method: self.method,
            route: self.route,
            status: self.status,
            code: self.code,
            began,
            took: self.took,
        }
    }
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
