//! `/v1/tokens`: tokens are given out, listed and revoked.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::once::{idempotency, replayed};
use super::options::NoOptions;
use super::register::created;
use crate::access::{Action, Caller, Role, Token};
use crate::app::{Shared, now};
use crate::problem::{Answer, INTERNAL, INVALID, Problem};
use crate::register::{Outcome, What};

/// Longest name of a token's owner, in characters.
const NAME: usize = 200;
/// Longest life of a token, in days.
const DAYS: u32 = 3_660;

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Whose it is; what they do is kept under this name.
    name: String,
    /// What they are.
    role: Role,
    /// What it may be used for, of what the role may do; everything if none is named.
    #[serde(default)]
    scopes: Vec<Action>,
    /// After how many days it ends.
    #[serde(default)]
    days: Option<u32>,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Given {
    /// What is kept of it.
    #[serde(flatten)]
    token: Token,
    /// The token itself. It is shown once: not when the same is asked again under the same key.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Give out a token. It is shown once.
#[utoipa::path(
    post,
    path = "/v1/tokens",
    tag = "access",
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be done once.")),
    request_body(content = Wanted, example = json!({"name": "intake", "role": "applicant_system", "days": 365})),
    responses((status = 201, description = "The token.", body = Given))
)]
pub(crate) async fn make(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Response> {
    let bytes = body::json(&headers, request, &caller.limits).await?;
    let idempotency = idempotency(&caller, &headers, &uri, &bytes)?;
    let wanted: Wanted = body::parsed(&bytes)?;
    let expires_at = checked(&wanted)?;
    let made = Token::make(wanted.name, wanted.role, wanted.scopes, expires_at, now())
        .map_err(|error| Problem::new(&INTERNAL, error))?;
    let what = What::GiveToken(Box::new(made.token.clone()));
    let outcome = app.register.write(idempotency, what).await?;
    let tokens = app.register.tokens().await?;
    let given = match &outcome {
        Outcome::New(_) => Given {
            token: made.token,
            secret: Some(made.text),
        },
        Outcome::Known(resource) => Given {
            token: earlier(&tokens, resource)?,
            secret: None,
        },
    };
    app.access.know(tokens);
    let before = given.secret.is_none();
    let location = format!("/v1/tokens/{}", given.token.id);
    created(&location, before, Json(given))
}

/// The token that was given out before under a key.
fn earlier(tokens: &[Token], resource: &str) -> Answer<Token> {
    let id = resource.strip_prefix("tokens/");
    let mut tokens = tokens.iter();
    let found = tokens.find(|token| Some(token.id.as_str()) == id);
    found.cloned().ok_or_else(Problem::key_reused)
}

/// When the token ends, if all that is wanted can be.
fn checked(wanted: &Wanted) -> Answer<Option<String>> {
    let length = wanted.name.trim().chars().count();
    if length == 0 || length > NAME || wanted.name.chars().any(char::is_control) {
        let expected = format!("1 to {NAME} characters that can be seen");
        return Err(Problem::mistake(
            &INVALID,
            "/name",
            "another name",
            &expected,
        ));
    }
    if wanted.name.starts_with("oidc:") || wanted.name.starts_with("public:") {
        let expected = "a name that does not begin as names from elsewhere do";
        return Err(Problem::mistake(
            &INVALID,
            "/name",
            "a name of another kind",
            expected,
        ));
    }
    if let Some(scope) = wanted.scopes.iter().find(|scope| !wanted.role.may(**scope)) {
        let found = format!("`{}`", scope.code());
        let expected = format!("what the role `{}` may do", wanted.role.code());
        return Err(Problem::mistake(&INVALID, "/scopes", &found, &expected));
    }
    let Some(days) = wanted.days else {
        return Ok(None);
    };
    end(days).map(|end| Some(end.to_string())).ok_or_else(|| {
        let expected = format!("a whole number from 1 to {DAYS}");
        Problem::mistake(&INVALID, "/days", "another number", &expected)
    })
}

fn end(days: u32) -> Option<Timestamp> {
    let days = Some(days).filter(|days| (1..=DAYS).contains(days))?;
    now()
        .checked_add(SignedDuration::from_hours(i64::from(days).checked_mul(24)?))
        .ok()
}

/// List the tokens, without their secrets.
#[utoipa::path(
    get,
    path = "/v1/tokens",
    tag = "access",
    responses((status = 200, description = "The tokens.", body = Vec<Token>))
)]
pub(crate) async fn list(State(app): State<Shared>, _: NoOptions) -> Answer<Json<Vec<Token>>> {
    Ok(Json(app.register.tokens().await?))
}

/// Revoke a token.
#[utoipa::path(
    delete,
    path = "/v1/tokens/{id}",
    tag = "access",
    params(
        ("id" = String, Path, description = "Its number."),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be done once."),
    ),
    responses((status = 204, description = "It is no longer taken."))
)]
pub(crate) async fn revoke(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let idempotency = idempotency(&caller, &headers, &uri, b"")?;
    let what = What::RevokeToken(id);
    let outcome = app.register.write(idempotency, what).await?;
    app.access.know(app.register.tokens().await?);
    let response = StatusCode::NO_CONTENT.into_response();
    Ok(match outcome {
        Outcome::New(_) => response,
        Outcome::Known(_) => replayed(response),
    })
}
