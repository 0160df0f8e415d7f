//! What a caller is told when a request cannot be answered: RFC 9457 problems with stable codes.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catchall_engine::source::{Diagnostic, Excerpt, Problems, nearest};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A kind of problem: its stable code, its status and what it means.
#[derive(Debug, Serialize)]
pub(crate) struct Kind {
    /// Stable code.
    pub(crate) code: &'static str,
    /// HTTP status.
    pub(crate) status: u16,
    /// What it means, in one sentence.
    pub(crate) title: &'static str,
}

macro_rules! kinds {
    ($($name:ident: $status:literal $code:literal $title:literal;)*) => {
        $(pub(crate) const $name: Kind = Kind { code: $code, status: $status, title: $title };)*
        /// Every kind of problem.
        pub(crate) const KINDS: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    MALFORMED: 400 "malformed" "The body cannot be read.";
    INVALID: 422 "invalid" "The body can be read, and something in it is wrong.";
    OPTION: 400 "option" "A part of the address is unknown or wrong.";
    UNAUTHENTICATED: 401 "unauthenticated" "The token is missing, unknown, expired or revoked.";
    FORBIDDEN: 403 "forbidden" "The role or the scope of the token does not allow this.";
    NOT_FOUND: 404 "not_found" "Nothing stands at this address.";
    METHOD: 405 "method" "This address does not take this method.";
    NOT_ACCEPTABLE: 406 "not_acceptable" "The answer has none of the forms that are asked for.";
    TIMEOUT: 408 "timeout" "The request took longer than is allowed.";
    CONFLICT: 409 "conflict" "The request does not fit what is kept.";
    TOO_LARGE: 413 "too_large" "The body is larger than is allowed.";
    MEDIA: 415 "media_type" "The body is of a kind that is not read here.";
    KEY_REUSED: 422 "idempotency_key_reused" "The idempotency key was used for another request.";
    UNASSESSED: 422 "criteria_unassessed" "A grant needs every criterion that applies or may apply assessed.";
    UNREASONED: 422 "reason_missing" "A decision against the determination needs a written reason.";
    TOO_MANY: 429 "too_many_requests" "There were more requests than are allowed.";
    INTERNAL: 500 "internal" "Something broke that is not the caller's doing.";
    OVERLOADED: 503 "overloaded" "There is more work than can be done now.";
    REGISTER: 503 "register_unavailable" "The register cannot be reached or written now; nothing was kept.";
}

/// One mistake in what was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Mistake {
    /// Stable code of the kind of mistake.
    pub code: String,
    /// RFC 6901 pointer to the value in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The document that it is in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl From<&Diagnostic> for Mistake {
    fn from(diagnostic: &Diagnostic) -> Self {
        let place = &diagnostic.place;
        let at = place.excerpt.as_ref().map(Excerpt::line_and_column);
        Self {
            code: diagnostic.code.to_owned(),
            pointer: place.pointer.clone(),
            document: place.document.clone(),
            line: at.map(|(line, _)| line),
            column: at.map(|(_, column)| column),
            found: diagnostic.found.clone(),
            expected: diagnostic.expected.clone(),
            help: diagnostic.help.clone(),
        }
    }
}

/// Why a request could not be answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Where the kind of problem is described.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the kind means.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: &'static str,
    /// What went wrong here, and what to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Each mistake with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Mistake>,
    /// After how many seconds to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// What handlers return.
pub(crate) type Answer<T> = Result<T, Problem>;

impl Problem {
    pub(crate) fn new(kind: &Kind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", kind.code),
            title: kind.title,
            status: kind.status,
            code: kind.code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Mistakes in what was sent. Where the text itself cannot be read it is malformed, else invalid.
    pub(crate) fn of(problems: &Problems) -> Self {
        let unreadable = |diagnostic: &Diagnostic| diagnostic.code.starts_with('J');
        let kind = if problems.iter().any(unreadable) {
            &MALFORMED
        } else {
            &INVALID
        };
        let errors: Vec<Mistake> = problems.iter().map(Mistake::from).collect();
        let detail = format!("{} mistakes; see `errors`", errors.len());
        Self {
            errors,
            ..Self::new(kind, detail)
        }
    }

    /// One mistake at a place of the body.
    pub(crate) fn mistake(kind: &Kind, pointer: &str, found: &str, expected: &str) -> Self {
        let error = Mistake {
            code: kind.code.to_owned(),
            pointer: Some(pointer.to_owned()),
            document: String::new(),
            line: None,
            column: None,
            found: found.to_owned(),
            expected: expected.to_owned(),
            help: None,
        };
        Self {
            errors: vec![error],
            ..Self::new(kind, format!("{found}; expected {expected}"))
        }
    }

    /// Nothing has this name, with what is called nearly so.
    pub(crate) fn absent<'k>(
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let near = nearest(name, known);
        let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Self::new(&NOT_FOUND, format!("{what}{help}"))
    }

    /// The key of a request was used for another one.
    pub(crate) fn key_reused() -> Self {
        Self::new(&KEY_REUSED, "take a new key for a new request")
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub(crate) fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == UNAUTHENTICATED.status {
            let how = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, how);
        }
    }
}

impl From<Problems> for Problem {
    fn from(problems: Problems) -> Self {
        Self::of(&problems)
    }
}

impl From<Diagnostic> for Problem {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::of(&diagnostic.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.headers(&mut response);
        response.extensions_mut().insert(Told(self.code));
        response
    }
}

/// The code of the problem that a response tells, for counting and logging.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told(pub(crate) &'static str);
