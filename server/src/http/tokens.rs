//! `/v1/tokens`: tokens are given out, listed and revoked.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::options::NoOptions;
use super::register::created;
use crate::access::{Action, Caller, Role, Token};
use crate::app::{Shared, now};
use crate::problem::{Answer, INTERNAL, INVALID, NOT_FOUND, Problem};
use crate::register::Write;

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
    /// The token itself. It is shown here once, and nowhere else.
    secret: String,
}

/// Give out a token. It is shown once.
#[utoipa::path(
    post,
    path = "/v1/tokens",
    tag = "access",
    request_body(content = Wanted, example = json!({"name": "intake", "role": "applicant_system", "days": 365})),
    responses((status = 201, description = "The token.", body = Given))
)]
pub(crate) async fn make(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Response> {
    let wanted: Wanted = body::json(&headers, request, &caller.limits).await?;
    let expires_at = checked(&wanted)?;
    let made = Token::make(wanted.name, wanted.role, wanted.scopes, expires_at, now())
        .map_err(|error| Problem::new(&INTERNAL, error))?;
    let token = made.token.clone();
    app.register
        .write(|reply| Write::PutToken(token, reply))
        .await?;
    app.access.know(app.register.tokens().await?);
    let location = format!("/v1/tokens/{}", made.token.id);
    let given = Given {
        token: made.token,
        secret: made.text,
    };
    created(&location, false, Json(given))
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
    params(("id" = String, Path, description = "Its number.")),
    responses((status = 204, description = "It is no longer taken."))
)]
pub(crate) async fn revoke(
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<StatusCode> {
    let revoked = app
        .register
        .write(|reply| Write::RevokeToken(id, now().to_string(), reply))
        .await?;
    app.access.know(app.register.tokens().await?);
    if revoked {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(
            &NOT_FOUND,
            "no token of this number that is not revoked",
        ))
    }
}
