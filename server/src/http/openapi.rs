//! The description of the service, made from its handlers: OpenAPI 3.1.

use axum::response::Redirect;
use serde_json::json;
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::access::{Action, Role, permitted};
use crate::problem::{self, Problem};

/// What stands before the addresses.
pub(super) fn head() -> OpenApi {
    let licence = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"))
        .build();
    let info = InfoBuilder::new()
        .title("Catchall")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Screens proposed exports of surveillance and dual-use technology against export-control law and \
             human-rights criteria. Answers are advice from stated facts, not decisions. \"Not required\" is \
             never \"approved\".",
        ))
        .license(Some(licence))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// Says at each operation what it does, who may do it, and how problems are told.
pub(super) fn mark(paths: &mut Paths, action: Action) {
    for item in paths.paths.values_mut() {
        for operation in operations(item) {
            mark_operation(operation, action);
        }
    }
}

fn mark_operation(operation: &mut Operation, action: Action) {
    let roles: Vec<&str> = permitted(action).iter().map(|role| role.code()).collect();
    let who = format!("\n\nWho may: {}.", roles.join(", "));
    operation
        .description
        .get_or_insert_with(String::new)
        .push_str(&who);
    let extension = utoipa::openapi::extensions::Extensions::builder()
        .add("x-action", json!(action.code()))
        .build();
    operation
        .extensions
        .get_or_insert_default()
        .merge(extension);
    let bearer = SecurityRequirement::new("token", Vec::<String>::new());
    operation.security = Some(if permitted(action).contains(&Role::Public) {
        vec![SecurityRequirement::default(), bearer]
    } else {
        vec![bearer]
    });
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}

/// Adds what all operations share.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    components
        .schemas
        .insert(Problem::name().into_owned(), Problem::schema());
    let mistake = problem::Mistake::name().into_owned();
    components
        .schemas
        .insert(mistake, problem::Mistake::schema());
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "A token of this service, or of an OpenID Connect issuer that it trusts.",
        ))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
    let reference = utoipa::openapi::Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new()
        .schema(Some(RefOr::Ref(reference)))
        .build();
    let response = ResponseBuilder::new()
        .description("A problem; `code` says which, /problems lists them all.")
        .content(problem::MEDIA_TYPE, content)
        .build();
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let responses = &mut operation.responses.responses;
            responses.insert("default".to_owned(), RefOr::T(response.clone()));
        }
    }
}

/// Who opens the service in a browser sees what there is.
pub(super) async fn front() -> Redirect {
    Redirect::temporary("/docs/")
}
