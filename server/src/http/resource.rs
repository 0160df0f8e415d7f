//! A resource that rarely changes: sent with an ETag, and not sent again to who has it.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catchall_engine::source::sha256;
use serde::Serialize;

use super::form::Form;
use crate::problem::{Answer, INTERNAL, Problem};

/// Bytes in a form, with the hash that names them.
#[derive(Debug)]
pub(crate) struct Resource {
    form: Form,
    bytes: Vec<u8>,
    etag: String,
}

impl Resource {
    /// Bytes as they are.
    pub(crate) fn new(form: Form, bytes: Vec<u8>) -> Self {
        let etag = format!("\"{}\"", sha256(&bytes));
        Self { form, bytes, etag }
    }

    /// A value as JSON.
    pub(crate) fn json(value: &impl Serialize) -> Answer<Self> {
        let bytes = serde_json::to_vec(value)
            .map_err(|error| Problem::new(&INTERNAL, error.to_string()))?;
        Ok(Self::new(Form::Json, bytes))
    }

    /// The response to a caller, who may have it already.
    pub(crate) fn respond(self, headers: &HeaderMap) -> Response {
        let unchanged = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|known| known == "*" || known.split(',').any(|one| self.is(one)));
        let mut response = if unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let media_type = HeaderValue::from_static(self.form.media_type());
            ([(header::CONTENT_TYPE, media_type)], self.bytes).into_response()
        };
        let kept = response.headers_mut();
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            kept.insert(header::ETAG, etag);
        }
        kept.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        kept.insert(header::VARY, HeaderValue::from_static("accept"));
        response
    }

    fn is(&self, known: &str) -> bool {
        let known = known.trim();
        known.strip_prefix("W/").unwrap_or(known) == self.etag
    }
}
