//! `POST /v1/screenings`: one application, or many.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use catchall_engine::explanation::Length;
use catchall_engine::source::Document;

use super::batch;
use super::body::{self, JSON, LINES};
use super::form::Form;
use super::once::idempotency;
use super::options::Options;
use super::register::{self, created};
use crate::access::{Action, Caller};
use crate::app::Shared;
use crate::problem::{Answer, Problem};
use crate::register::{Idempotency, Outcome};
use crate::screening::{Answered, Asked, Question};

/// The forms of a determination.
pub(crate) const FORMS: [Form; 3] = [Form::Json, Form::Text, Form::Html];
/// The options of a screening.
const OPTIONS: [&str; 5] = ["as_of", "known_at", "ruleset", "length", "keep"];

/// Screen one application, or many.
///
/// One application is a JSON object, with its options in the address; the answer is the determination, byte for
/// byte what `catchall screen --format json` prints. Many are a JSON array, or one JSON object a line, each with
/// its own `id`, `application` and `options`; one that fails does not stop the others. With `keep=true` the
/// determination goes into the register, and `Location` says where; an `Idempotency-Key` makes sure that it goes
/// there once. "Not required" is never "approved".
#[utoipa::path(
    post,
    path = "/v1/screenings",
    tag = "screening",
    params(
        ("as_of" = Option<String>, Query, description = "The day whose law and facts apply, instead of the application's own.", example = "2021-11-15"),
        ("known_at" = Option<String>, Query, description = "The day up to which data had been published; else the same as `as_of`."),
        ("ruleset" = Option<Vec<String>>, Query, description = "Ruleset to screen with; repeat for several; all law if none.", example = json!(["eu-dual-use"])),
        ("length" = Option<String>, Query, description = "Of a text: `brief` or `full`."),
        ("keep" = Option<bool>, Query, description = "Whether the determination is kept in the register."),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be kept once."),
    ),
    request_body(content(
        (Object = "application/json", example = json!({"destination": {"country": "EG"}, "items": [{"kind": "goods", "entries": ["5A001.j"]}]})),
        (String = "application/x-ndjson", example = "{\"id\": \"a\", \"application\": {\"items\": [{}]}, \"options\": {\"as_of\": \"2021-11-15\"}}\n"),
    )),
    responses(
        (status = 200, description = "The determination, or one result for each application.", content(
            (Object = "application/json"), (String = "text/plain"), (String = "text/html"), (String = "application/x-ndjson"),
        )),
        (status = 201, description = "The determination, which is kept.", headers(("Location", description = "Where it is kept."))),
    )
)]
pub(crate) async fn screen(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
    request: Body,
) -> Answer<Response> {
    let kind = body::media_type(&headers, &[JSON, LINES])?;
    let asked = Options::read(&uri, &OPTIONS)?;
    if LINES.contains(&kind) {
        return batch::lines(app, caller, &asked, &headers, request);
    }
    let bytes = body::bytes(request, &caller.limits).await?;
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return batch::array(app, caller, &asked, &headers, &bytes);
    }
    one(&app, &caller, &asked, &headers, &bytes, &uri).await
}

/// What the address asks of an application.
pub(crate) fn asked(options: &Options) -> Answer<Asked> {
    Ok(Asked {
        as_of: options.day("as_of")?,
        known_at: options.day("known_at")?,
        rulesets: options.all("ruleset"),
        keep: options.flag("keep")?,
    })
}

/// How long a text is to be.
pub(super) fn length(options: &Options) -> Answer<Length> {
    let lengths = [("brief", Length::Brief), ("full", Length::Full)];
    Ok(options.word("length", &lengths)?.unwrap_or(Length::Brief))
}

async fn one(
    app: &Shared,
    caller: &Caller,
    options: &Options,
    headers: &HeaderMap,
    bytes: &[u8],
    uri: &Uri,
) -> Answer<Response> {
    let asked = asked(options)?;
    let length = length(options)?;
    let form = Form::wanted(headers, &FORMS)?;
    let document = Document::from_bytes("application", bytes)?;
    let idempotency = if asked.keep {
        caller.must(Action::Keep)?;
        let idempotency = idempotency(caller, headers, uri, bytes)?;
        if let Some(outcome) = app.register.claimed(&idempotency).await? {
            return known(app, outcome, form, length).await;
        }
        Some(idempotency)
    } else {
        None
    };
    let world = app.world.load_full();
    let question = Question::read(world, document.json()?, &document, &asked, caller)?;
    let answered = question.answered(app).await?;
    let told = answered.told(form, length);
    let Some(idempotency) = idempotency else {
        return Ok(text(StatusCode::OK, form, told));
    };
    keep(
        app,
        caller,
        answered,
        idempotency,
        &document,
        (form, length, told),
    )
    .await
}

async fn keep(
    app: &Shared,
    caller: &Caller,
    answered: Answered,
    idempotency: Idempotency,
    document: &Document,
    (form, length, told): (Form, Length, String),
) -> Answer<Response> {
    let json = if form == Form::Json {
        told.clone()
    } else {
        answered.told(Form::Json, length)
    };
    let application = document.text().to_string();
    let outcome = answered
        .keep(app, caller, idempotency, application, &json)
        .await?;
    match outcome {
        Outcome::New(id) => created(&place(&id), false, text(StatusCode::OK, form, told)),
        known @ Outcome::Known(_) => self::known(app, known, form, length).await,
    }
}

/// The answer that was given before under the same key.
async fn known(app: &Shared, outcome: Outcome, form: Form, length: Length) -> Answer<Response> {
    let (Outcome::New(id) | Outcome::Known(id)) = outcome;
    if id.contains('/') {
        return Err(Problem::key_reused());
    }
    let told = register::told(app, &id, form, length).await?;
    created(&place(&id), true, text(StatusCode::OK, form, told))
}

/// A response with a text in a form.
pub(crate) fn text(status: StatusCode, form: Form, text: String) -> Response {
    let media_type = HeaderValue::from_static(form.media_type());
    (status, [(header::CONTENT_TYPE, media_type)], text).into_response()
}

/// Where a kept determination is read.
fn place(id: &str) -> String {
    format!("/v1/register/{id}")
}
