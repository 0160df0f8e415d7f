//! Bodies of requests, read within limits of size and time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use catchall_engine::source::Document;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_path_to_error::Segment;
use tokio::time::timeout;

use crate::access::Limits;
use crate::problem::{Answer, INVALID, MALFORMED, MEDIA, Problem, TIMEOUT, TOO_LARGE};

/// The media types of a JSON document.
pub(crate) const JSON: &[&str] = &["application/json"];
/// The media types of one JSON document a line.
pub(crate) const LINES: &[&str] = &["application/x-ndjson", "application/jsonl"];

/// The media type of a body, which must be among those that are read here, and not compressed.
pub(crate) fn media_type<'k>(headers: &HeaderMap, known: &[&'k [&'k str]]) -> Answer<&'k str> {
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
        && encoding != "identity"
    {
        return Err(Problem::new(
            &MEDIA,
            "send the body as it is, not compressed",
        ));
    }
    let stated = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let name = stated.split(';').next().unwrap_or_default().trim();
    let mut all = known.iter().flat_map(|names| names.iter().copied());
    all.find(|known| known.eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            let names: Vec<&str> = known
                .iter()
                .flat_map(|names| names.iter().copied())
                .collect();
            let found = if name.is_empty() {
                "no Content-Type"
            } else {
                "another Content-Type"
            };
            Problem::new(
                &MEDIA,
                format!("{found}; this address reads {}", names.join(", ")),
            )
        })
}

/// The whole body.
pub(crate) async fn bytes(body: Body, limits: &Limits) -> Answer<Vec<u8>> {
    let most = limits.body_bytes;
    let seconds = Duration::from_secs(u64::from(limits.seconds));
    let collected = timeout(seconds, Limited::new(body, most).collect())
        .await
        .map_err(|_| late(limits))?;
    match collected {
        Ok(whole) => Ok(whole.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(most)),
        Err(_) => Err(Problem::new(
            &MALFORMED,
            "the body ended before it was complete",
        )),
    }
}

/// The whole body, which must be stated to be JSON.
pub(crate) async fn json(headers: &HeaderMap, body: Body, limits: &Limits) -> Answer<Vec<u8>> {
    media_type(headers, &[JSON])?;
    bytes(body, limits).await
}

/// The whole body as a JSON document.
pub(crate) async fn document(headers: &HeaderMap, body: Body, limits: &Limits) -> Answer<Document> {
    let bytes = json(headers, body, limits).await?;
    Ok(Document::from_bytes("body", &bytes)?)
}

/// A request that took too long.
pub(crate) fn late(limits: &Limits) -> Problem {
    Problem::new(&TIMEOUT, format!("at most {} seconds", limits.seconds))
}

/// A body that is too large.
pub(crate) fn too_large(most: usize) -> Problem {
    Problem::new(&TOO_LARGE, format!("at most {most} bytes for your role"))
}

/// A body as a value of a known shape; an unknown key or a wrong kind is a mistake with its pointer.
pub(crate) fn parsed<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let document = Document::from_bytes("body", bytes)?;
    let value = document.json()?.into_value();
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error
            .path()
            .iter()
            .filter_map(|part| match part {
                Segment::Seq { index } => Some(format!("/{index}")),
                Segment::Map { key } => Some(format!("/{key}")),
                _ => None,
            })
            .collect();
        let found = error.inner().to_string();
        Problem::mistake(&INVALID, &pointer, &found, "what /openapi.json describes")
    })
}
