//! HTTP: one file a group of addresses. Handlers read, call and answer; they decide nothing.

mod batch;
mod body;
mod check;
mod data;
pub(crate) mod form;
mod gate;
mod jobs;
mod law;
mod lines;
mod once;
mod openapi;
mod options;
mod proposals;
mod register;
mod rescreenings;
mod resource;
mod screenings;
mod service;
mod tokens;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::access::Action;
use crate::app::Shared;

/// The whole service, ready to be given a connection.
pub(crate) fn router(app: &Shared) -> Router {
    let (router, mut document) = OpenApiRouter::with_openapi(openapi::head())
        .merge(open())
        .merge(guarded(app))
        .split_for_parts();
    openapi::complete(&mut document);
    let page = SwaggerUi::new("/docs").url("/openapi.json", document);
    Router::new()
        .merge(router.with_state(app.clone()))
        .merge(page)
        .route("/", get(openapi::front))
        .fallback(gate::nowhere)
        .method_not_allowed_fallback(gate::no_method)
        .layer(CatchPanicLayer::custom(gate::broken))
        .layer(from_fn_with_state(app.traces.clone(), gate::record))
}

/// Addresses that whoever watches the service asks, and that cost nothing.
fn open() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(service::health))
        .routes(routes!(service::ready))
        .routes(routes!(service::problems))
}

/// Addresses that ask who asks.
fn guarded(app: &Shared) -> OpenApiRouter<Shared> {
    let gate = |action: Action, routes: UtoipaMethodRouter<Shared>| {
        let (schemas, mut paths, methods) =
            routes.layer(from_fn_with_state((app.clone(), action), gate::gate));
        openapi::mark(&mut paths, action);
        (schemas, paths, methods)
    };
    OpenApiRouter::new()
        .routes(gate(Action::Screen, routes!(screenings::screen)))
        .routes(gate(Action::Check, routes!(check::verify)))
        .routes(gate(Action::Check, routes!(check::ruleset)))
        .routes(gate(Action::Check, routes!(proposals::check)))
        .routes(gate(Action::Check, routes!(proposals::compare)))
        .routes(gate(Action::Check, routes!(proposals::questions)))
        .routes(gate(Action::Check, routes!(proposals::deep_check)))
        .routes(gate(Action::Browse, routes!(law::rulesets)))
        .routes(gate(Action::Browse, routes!(law::ruleset)))
        .routes(gate(Action::Browse, routes!(law::rule)))
        .routes(gate(Action::Browse, routes!(law::facts)))
        .routes(gate(Action::Browse, routes!(law::schema)))
        .routes(gate(Action::Browse, routes!(data::tables)))
        .routes(gate(Action::Browse, routes!(data::table)))
        .routes(gate(Action::Browse, routes!(data::destinations)))
        .routes(gate(Action::Browse, routes!(data::destination)))
        .routes(gate(Action::Tables, routes!(jobs::begin)))
        .routes(gate(Action::Tables, routes!(jobs::show)))
        .routes(gate(Action::Tables, routes!(jobs::cancel)))
        .routes(gate(Action::Tables, routes!(jobs::events)))
        .routes(gate(Action::Tables, routes!(jobs::download)))
        .routes(gate(Action::Read, routes!(register::search)))
        .routes(gate(Action::Read, routes!(register::record)))
        .routes(gate(Action::Read, routes!(register::determination)))
        .routes(gate(Action::Read, routes!(register::application)))
        .routes(gate(Action::Read, routes!(register::replay)))
        .routes(gate(Action::Read, routes!(register::decisions)))
        .routes(gate(Action::Read, routes!(register::one_decision)))
        .routes(gate(Action::Decide, routes!(register::decide)))
        .routes(gate(Action::Rescreen, routes!(rescreenings::rescreen)))
        .routes(gate(Action::Reload, routes!(service::reload)))
        .routes(gate(Action::Observe, routes!(service::metrics)))
        .routes(gate(Action::Tokens, routes!(tokens::make)))
        .routes(gate(Action::Tokens, routes!(tokens::list)))
        .routes(gate(Action::Tokens, routes!(tokens::revoke)))
}
