//! Idempotency keys: what a caller sends twice under one key is done once, and answered twice.

use std::future::Future;

use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::form::Form;
use super::screenings::text;
use crate::access::{Caller, hexadecimal};
use crate::app::Shared;
use crate::problem::{Answer, INTERNAL, INVALID, Problem};
use crate::register::{Compressed, Idempotency, Outcome, What};

/// Longest idempotency key, in bytes.
const KEY_BYTES: usize = 255;

/// The caller's key for this request, if they state one.
pub(crate) fn idempotency(
    caller: &Caller,
    headers: &HeaderMap,
    uri: &Uri,
    body: &[u8],
) -> Answer<Idempotency> {
    let mut request = Request::new(caller, headers, uri)?;
    request.add(body);
    Ok(request.end())
}

/// A request with its key, whose body comes in parts.
pub(crate) struct Request {
    idempotency: Idempotency,
    hash: Sha256,
}

impl Request {
    pub(crate) fn new(caller: &Caller, headers: &HeaderMap, uri: &Uri) -> Answer<Self> {
        let address = uri.path_and_query().map_or("", |whole| whole.as_str());
        let mut hash = Sha256::new();
        hash.update(address);
        hash.update("\n");
        let idempotency = Idempotency {
            key: key(headers)?,
            ..Idempotency::none(&caller.name)
        };
        Ok(Self { idempotency, hash })
    }

    /// Adds a part of the body.
    pub(crate) fn add(&mut self, part: &[u8]) {
        if self.idempotency.key.is_some() {
            self.hash.update(part);
        }
    }

    /// The key, with the hash of all that was sent under it.
    pub(crate) fn end(self) -> Idempotency {
        Idempotency {
            request_sha256: hexadecimal(&self.hash.finalize()),
            ..self.idempotency
        }
    }
}

/// The idempotency key of a request.
pub(crate) fn key(headers: &HeaderMap) -> Answer<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > KEY_BYTES {
        let detail = format!("an Idempotency-Key has 1 to {KEY_BYTES} visible ASCII characters");
        return Err(Problem::new(&INVALID, detail));
    }
    Ok(Some(text.to_owned()))
}

/// Does what leaves nothing behind that could be read again, and remembers what it answered under the key.
pub(crate) async fn once(
    app: &Shared,
    idempotency: Idempotency,
    work: impl Future<Output = Answer<String>>,
) -> Answer<Response> {
    if app.register.claimed(&idempotency).await?.is_some() {
        return remembered(app, &idempotency).await;
    }
    let told = work.await?;
    if idempotency.key.is_none() {
        return Ok(answered(told));
    }
    let broken = |error: String| Problem::new(&INTERNAL, error);
    let answer = Some(Compressed::new(&told).map_err(broken)?);
    let what = What::Remember(String::new(), answer);
    match app.register.write(idempotency.clone(), what).await? {
        Outcome::New(_) => Ok(answered(told)),
        Outcome::Known(_) => remembered(app, &idempotency).await,
    }
}

/// An answer as JSON.
pub(crate) fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

async fn remembered(app: &Shared, idempotency: &Idempotency) -> Answer<Response> {
    let told = app.register.answer(idempotency).await?;
    Ok(replayed(answered(told)))
}

fn answered(told: String) -> Response {
    if told.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    text(StatusCode::OK, Form::Json, told)
}

/// Says that an answer was given before.
pub(crate) fn replayed(mut response: Response) -> Response {
    let replayed = axum::http::HeaderValue::from_static("true");
    response
        .headers_mut()
        .insert("idempotency-replayed", replayed);
    response
}
