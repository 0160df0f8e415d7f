//! Many applications in one request: each has its own id, options and result.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catchall_engine::source::{Document, Json, nearest, sha256};
use catchall_engine::time::Date;
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;

use super::form::Form;
use super::lines::lines_of;
use super::once::key;
use super::options::Options;
use super::screenings::asked;
use crate::access::Caller;
use crate::app::{Shared, overloaded};
use crate::problem::{Answer, INVALID, MALFORMED, Problem};
use crate::register::{Idempotency, Outcome};
use crate::screening::{Asked, Question};

/// Applications of one request that are screened or wait to be kept at the same time.
const TOGETHER: usize = 32;

/// What one application of several comes to.
#[derive(Debug, Serialize)]
struct Result {
    #[serde(skip_serializing_if = "Value::is_null")]
    id: Value,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    determination: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// What all applications of a request share.
struct Shares {
    app: Shared,
    caller: Caller,
    asked: Asked,
    key: Option<String>,
}

/// Applications, one a line; results come as they are ready, in the same order.
pub(crate) fn lines(
    app: Shared,
    caller: Caller,
    options: &Options,
    headers: &HeaderMap,
    body: Body,
) -> Answer<Response> {
    let (shares, room) = shares(app, caller, options, headers)?;
    let lines = lines_of(body, shares.caller.limits);
    Ok(streamed(
        Form::Lines,
        room,
        answers(lines, shares).map(|result| line(&result)),
    ))
}

/// Applications in an array.
pub(crate) fn array(
    app: Shared,
    caller: Caller,
    options: &Options,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Answer<Response> {
    let (shares, room) = shares(app, caller, options, headers)?;
    let entries: Vec<Box<RawValue>> = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(&MALFORMED, error.to_string()))?;
    if entries.is_empty() {
        return Err(Problem::mistake(
            &INVALID,
            "",
            "an empty list",
            "applications",
        ));
    }
    let entries = entries
        .into_iter()
        .map(|entry| Ok(entry.get().as_bytes().to_vec()));
    let results = answers(stream::iter(entries), shares).enumerate();
    let inner = results.map(|(at, result)| {
        let mut text = if at == 0 { vec![b'['] } else { vec![b','] };
        text.extend(json(&result));
        Bytes::from(text)
    });
    let whole = inner.chain(stream::iter([Bytes::from_static(b"]\n")]));
    Ok(streamed(Form::Json, room, whole))
}

fn shares(
    app: Shared,
    caller: Caller,
    options: &Options,
    headers: &HeaderMap,
) -> Answer<(Arc<Shares>, OwnedSemaphorePermit)> {
    let room = Arc::clone(&app.room).try_acquire_owned();
    let shares = Shares {
        app,
        caller,
        asked: asked(options)?,
        key: key(headers)?,
    };
    Ok((Arc::new(shares), room.map_err(|_| overloaded())?))
}

/// A response that comes part by part; as long as it does, it takes room.
fn streamed(
    form: Form,
    room: OwnedSemaphorePermit,
    parts: impl Stream<Item = Bytes> + Send + 'static,
) -> Response {
    let body = Body::from_stream(parts.map(move |part| {
        let _ = &room;
        Ok::<_, std::convert::Infallible>(part)
    }));
    let headers = [(header::CONTENT_TYPE, form.media_type())];
    (StatusCode::OK, headers, body).into_response()
}

fn answers(
    entries: impl Stream<Item = Answer<Vec<u8>>> + Send + 'static,
    shares: Arc<Shares>,
) -> impl Stream<Item = Result> + Send {
    let answer = move |entry: Answer<Vec<u8>>| {
        let shares = Arc::clone(&shares);
        async move {
            match entry {
                Ok(bytes) => result(&shares, &bytes).await,
                Err(problem) => failed(Value::Null, problem),
            }
        }
    };
    entries.map(answer).buffered(TOGETHER)
}

fn json(result: &Result) -> Vec<u8> {
    serde_json::to_vec(result).unwrap_or_default()
}

fn line(result: &Result) -> Bytes {
    let mut text = json(result);
    text.push(b'\n');
    Bytes::from(text)
}

fn failed(id: Value, problem: Problem) -> Result {
    Result {
        id,
        status: problem.status,
        kept: None,
        determination: None,
        problem: Some(problem),
    }
}

async fn result(shares: &Shares, bytes: &[u8]) -> Result {
    let entry = match Entry::read(bytes, &shares.asked) {
        Ok(entry) => entry,
        Err((id, problem)) => return failed(id, problem),
    };
    let id = entry.id.clone();
    match entry.answer(shares, bytes).await {
        Ok((determination, kept)) => Result {
            id,
            status: if kept.is_some() { 201 } else { 200 },
            kept,
            determination: RawValue::from_string(determination.trim_end().to_owned()).ok(),
            problem: None,
        },
        Err(problem) => failed(id, problem),
    }
}

/// One application of several.
struct Entry {
    id: Value,
    document: Document,
    application: Json,
    asked: Asked,
}

impl Entry {
    /// Reads `{"id", "application", "options"}`; with a mistake, its id as far as there is one.
    fn read(bytes: &[u8], defaults: &Asked) -> std::result::Result<Self, (Value, Problem)> {
        let none = |problem: Problem| (Value::Null, problem);
        let document = Document::from_bytes("entry", bytes).map_err(|error| none(error.into()))?;
        let json = document.json().map_err(|error| none(error.into()))?;
        let Value::Object(mut entry) = json.into_value() else {
            let expected = "an object with `id`, `application` and `options`";
            return Err(none(Problem::mistake(&INVALID, "", "no object", expected)));
        };
        let id = entry.remove("id").unwrap_or_default();
        if !(id.is_string() || id.is_i64() || id.is_null()) {
            let problem =
                Problem::mistake(&INVALID, "/id", "another value", "a text or a whole number");
            return Err((Value::Null, problem));
        }
        let read = Self::inside(&mut entry, defaults);
        let (application, asked) = read.map_err(|problem| (id.clone(), problem))?;
        Ok(Self {
            id,
            document: document.part("/application"),
            application,
            asked,
        })
    }

    fn inside(entry: &mut Map<String, Value>, defaults: &Asked) -> Answer<(Json, Asked)> {
        let application = entry.remove("application").ok_or_else(|| {
            Problem::mistake(&INVALID, "", "no `application`", "the facts of one export")
        })?;
        let options = entry.remove("options").unwrap_or_default();
        if let Some(key) = entry.keys().next() {
            return Err(unknown("", key, &["id", "application", "options"]));
        }
        Ok((Json::from(application), own(&options, defaults)?))
    }

    async fn answer(self, shares: &Shares, bytes: &[u8]) -> Answer<(String, Option<String>)> {
        let Self {
            id,
            document,
            application,
            asked,
        } = self;
        let text = application.value().to_string();
        let world = shares.app.world.load_full();
        let question = Question::read(world, application, &document, &asked, &shares.caller)?;
        let answered = question.answered(&shares.app).await?;
        let json = answered.told(Form::Json, catchall_engine::explanation::Length::Full);
        if !asked.keep {
            return Ok((json, None));
        }
        let idempotency = Idempotency {
            caller: shares.caller.name.clone(),
            key: shares.key.as_ref().map(|key| format!("{key} {id}")),
            request_sha256: sha256(bytes),
        };
        let outcome = answered
            .keep(&shares.app, &shares.caller, idempotency, text, &json)
            .await?;
        match outcome {
            Outcome::New(id) => Ok((json, Some(id))),
            Outcome::Known(id) => {
                let bytes = shares.app.register.determination(&id).await?;
                Ok((String::from_utf8_lossy(&bytes).into_owned(), Some(id)))
            }
        }
    }
}

fn unknown(pointer: &str, key: &str, known: &[&str]) -> Problem {
    let expected = match nearest(key, known.iter().copied()) {
        Some(near) => format!("a known key; did you mean `{near}`?"),
        None => format!("one of {}", known.join(", ")),
    };
    let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    Problem::mistake(
        &INVALID,
        &pointer,
        &format!("the unknown key `{key}`"),
        &expected,
    )
}

/// The options of one application, over those of the address.
fn own(options: &Value, defaults: &Asked) -> Answer<Asked> {
    let mut asked = defaults.clone();
    let options = match options {
        Value::Null => return Ok(asked),
        Value::Object(options) => options,
        _ => {
            return Err(Problem::mistake(
                &INVALID,
                "/options",
                "another value",
                "an object",
            ));
        }
    };
    for (key, value) in options {
        match key.as_str() {
            "as_of" => asked.as_of = Some(day(key, value)?),
            "known_at" => asked.known_at = Some(day(key, value)?),
            "rulesets" => asked.rulesets = names(value)?,
            "keep" => asked.keep = flag(value)?,
            _ => {
                let known = ["as_of", "known_at", "rulesets", "keep"];
                return Err(unknown("/options", key, &known));
            }
        }
    }
    Ok(asked)
}

fn day(key: &str, value: &Value) -> Answer<Date> {
    let day = value.as_str().and_then(Date::parse);
    day.ok_or_else(|| {
        let (pointer, expected) = (
            format!("/options/{key}"),
            "a day that exists, written YYYY-MM-DD",
        );
        Problem::mistake(&INVALID, &pointer, "another value", expected)
    })
}

fn names(value: &Value) -> Answer<Vec<String>> {
    let names: Option<Vec<String>> = value.as_array().and_then(|items| {
        items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect()
    });
    names.ok_or_else(|| {
        Problem::mistake(
            &INVALID,
            "/options/rulesets",
            "another value",
            "a list of ids of rulesets",
        )
    })
}

fn flag(value: &Value) -> Answer<bool> {
    value.as_bool().ok_or_else(|| {
        Problem::mistake(&INVALID, "/options/keep", "another value", "true or false")
    })
}
