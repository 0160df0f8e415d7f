//! `/v1/jobs`: whole tables, with progress, results and a way to stop.

use std::io;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use catchall_engine::shipped;
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use utoipa::ToSchema;

use super::body::{late, too_large};
use super::once::{Request, idempotency, once};
use super::options::{NoOptions, Options, quoted, wrong};
use super::register::created;
use crate::access::{Action, Caller, Limits};
use crate::app::{Shared, now};
use crate::jobs::{Job, Jobs, Output, Progress, Spec};
use crate::problem::{Answer, CONFLICT, INTERNAL, MALFORMED, NOT_FOUND, Problem, REGISTER};
use crate::register::{Outcome, What};

/// Bytes of a file that are sent at once.
const PART: usize = 64 * 1024;

/// A job, and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shown {
    /// What it is to do.
    job: Spec,
    /// How far it has come.
    progress: Progress,
}

impl Shown {
    fn of(job: &Job) -> Self {
        Self {
            job: job.spec.clone(),
            progress: job.progress(),
        }
    }
}

/// Screen a whole table.
///
/// The body is the table: CSV, NDJSON, Parquet or Arrow IPC, also compressed with gzip or zstd. `profile` says what
/// its columns mean. The answer comes at once, the results later: follow `/events`, or ask again.
#[utoipa::path(
    post,
    path = "/v1/jobs",
    tag = "tables",
    params(
        ("profile" = String, Query, description = "What the columns mean: the name of a profile.", example = "stats-nz"),
        ("ruleset" = Option<Vec<String>>, Query, description = "Ruleset to screen with; repeat for several; all law if none.", example = json!(["eu-dual-use"])),
        ("as_of" = Option<String>, Query, description = "The day whose law and facts apply, for all records."),
        ("known_at" = Option<String>, Query, description = "The day up to which data had been published."),
        ("output" = Option<String>, Query, description = "How results are written: `csv`, `ndjson` or `parquet`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be done once."),
    ),
    request_body(content = String, content_type = "text/csv", example = "year,hs6\n2021,851762\n"),
    responses((status = 201, description = "The job is begun.", body = Shown))
)]
pub(crate) async fn begin(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
    request: Body,
) -> Answer<Response> {
    let options = Options::read(&uri, &["profile", "ruleset", "as_of", "known_at", "output"])?;
    let mut spec = spec(&app, &caller, &options)?;
    let keyed = Request::new(&caller, &headers, &uri)?;
    let folder = app
        .jobs
        .make(&spec.id)
        .map_err(|error| unwritable(&error))?;
    let taken = taken(&app, &mut spec, keyed, request, &folder, &caller.limits).await;
    let (job, before) = match taken {
        Ok(Outcome::New(_)) => (app.jobs.begin(spec, folder), false),
        Ok(Outcome::Known(resource)) => {
            let _ = std::fs::remove_dir_all(folder);
            (Ok(begun(&app, &resource)?), true)
        }
        Err(problem) => {
            let _ = std::fs::remove_dir_all(folder);
            return Err(problem);
        }
    };
    let job = job.map_err(|error| unwritable(&error))?;
    let location = format!("/v1/jobs/{}", job.spec.id);
    created(&location, before, Json(Shown::of(&job)))
}

/// Takes in the table of a job, and then its key, if it has one.
async fn taken(
    app: &Shared,
    spec: &mut Spec,
    mut keyed: Request,
    request: Body,
    folder: &FilePath,
    limits: &Limits,
) -> Answer<Outcome> {
    spec.bytes = received(request, &Jobs::input(folder), limits, &mut keyed).await?;
    let idempotency = keyed.end();
    let resource = format!("jobs/{}", spec.id);
    if idempotency.key.is_none() {
        return Ok(Outcome::New(resource));
    }
    let what = What::Remember(resource, None);
    app.register.write(idempotency, what).await
}

/// The job that was begun before under a key.
fn begun(app: &Shared, resource: &str) -> Answer<Arc<Job>> {
    let id = resource
        .strip_prefix("jobs/")
        .ok_or_else(Problem::key_reused)?;
    let gone = "the job that was sent under this key is gone; take a new key to send it again";
    app.jobs
        .get(id)
        .ok_or_else(|| Problem::new(&CONFLICT, gone))
}

fn spec(app: &Shared, caller: &Caller, options: &Options) -> Answer<Spec> {
    let known = shipped::profile_ids();
    let profile = options.one("profile")?.unwrap_or_default().to_owned();
    if !known.contains(&profile) {
        let expected = format!("one of {}", known.join(", "));
        return Err(wrong("profile", &quoted(&profile), &expected));
    }
    let rulesets = options.all("ruleset");
    if let Err(unknown) = app.world.load().chosen(&rulesets) {
        let expected = "the id of a ruleset; see /v1/rulesets";
        return Err(wrong("ruleset", &quoted(&unknown), expected));
    }
    Ok(Spec {
        id: uuid::Uuid::now_v7().to_string(),
        made_by: caller.name.clone(),
        made_at: now().to_string(),
        profile,
        rulesets,
        as_of: options.day("as_of")?.map(|day| day.to_string()),
        known_at: options.day("known_at")?.map(|day| day.to_string()),
        output: options.word("output", &Output::ALL)?.unwrap_or(Output::Csv),
        bytes: 0,
    })
}

/// Puts a body into a file; how many bytes it has.
async fn received(
    request: Body,
    path: &FilePath,
    limits: &Limits,
    keyed: &mut Request,
) -> Answer<u64> {
    let mut file = File::create(path)
        .await
        .map_err(|error| unwritable(&error))?;
    let (mut parts, mut bytes) = (request.into_data_stream(), 0_u64);
    let patience = Duration::from_secs(u64::from(limits.seconds));
    while let Some(part) = timeout(patience, parts.next())
        .await
        .map_err(|_| late(limits))?
    {
        let broken = |_| Problem::new(&MALFORMED, "the table ended before it was complete");
        let part = part.map_err(broken)?;
        bytes = bytes.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        if bytes > limits.table_bytes {
            return Err(too_large(
                usize::try_from(limits.table_bytes).unwrap_or(usize::MAX),
            ));
        }
        keyed.add(&part);
        file.write_all(&part)
            .await
            .map_err(|error| unwritable(&error))?;
    }
    file.sync_all().await.map_err(|error| unwritable(&error))?;
    Ok(bytes)
}

/// A file cannot be written: the disk is full, or gone.
fn unwritable(error: &io::Error) -> Problem {
    tracing::error!(target: "jobs", error = %error.kind(), "a job cannot be written");
    Problem::new(&REGISTER, "the table cannot be written now").after(30)
}

/// The job of a number, if the caller may see it: their own, or any for who reads the register.
fn seen(app: &Shared, caller: &Caller, id: &str) -> Answer<Arc<Job>> {
    let job = app.jobs.get(id);
    let mine = |job: &Arc<Job>| job.spec.made_by == caller.name || caller.may(Action::Read);
    job.filter(mine)
        .ok_or_else(|| Problem::new(&NOT_FOUND, "no job of yours of this number"))
}

/// Read how far a job has come.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}",
    tag = "tables",
    params(("id" = String, Path, description = "Its number.")),
    responses((status = 200, description = "The job.", body = Shown))
)]
pub(crate) async fn show(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<Json<Shown>> {
    let job = seen(&app, &caller, &id)?;
    Ok(Json(Shown::of(&job)))
}

/// Follow a job: an event whenever it has come further, at most four a second, until it ends.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}/events",
    tag = "tables",
    params(("id" = String, Path, description = "Its number.")),
    responses((status = 200, description = "Server-sent events `progress`, each with the progress as JSON.", body = String, content_type = "text/event-stream"))
)]
pub(crate) async fn events(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    _: NoOptions,
) -> Answer<Sse<impl Stream<Item = Result<Event, axum::Error>>>> {
    let follow = seen(&app, &caller, &id)?.follow();
    let events = stream::unfold(Some((follow, true)), |state| async move {
        let (mut follow, first) = state?;
        if !first {
            tokio::time::sleep(Duration::from_millis(250)).await;
            follow.changed().await.ok()?;
        }
        let progress = follow.borrow_and_update().clone();
        let event = Event::default().event("progress").json_data(&progress);
        Some((event, (!progress.phase.is_end()).then_some((follow, false))))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Download a part of a job that is done: `output`, `rejects` or `summary`.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}/{part}",
    tag = "tables",
    params(
        ("id" = String, Path, description = "Its number."),
        ("part" = String, Path, description = "`output`: the table with the columns that screening adds; `rejects`: records that could not be read; `summary`: the counts."),
    ),
    responses((status = 200, description = "The file.", body = String, content_type = "application/octet-stream"))
)]
pub(crate) async fn download(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path((id, part)): Path<(String, String)>,
    _: NoOptions,
) -> Answer<Response> {
    let job = seen(&app, &caller, &id)?;
    let name = match part.as_str() {
        "output" => job.spec.output.file(),
        "rejects" => "rejects.csv",
        "summary" => "summary.json",
        _ => {
            return Err(Problem::new(
                &NOT_FOUND,
                "known: output, rejects, summary, events",
            ));
        }
    };
    let media_type = match name.rsplit_once('.') {
        Some((_, "csv")) => "text/csv; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "ndjson")) => "application/x-ndjson",
        _ => "application/vnd.apache.parquet",
    };
    let file = File::open(job.file(name)).await;
    let file =
        file.map_err(|_| Problem::new(&NOT_FOUND, "the job is not done, or rejected nothing"))?;
    let length = file
        .metadata()
        .await
        .map_err(|error| Problem::new(&INTERNAL, error.kind().to_string()))?
        .len();
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(media_type),
    );
    headers.insert(header::CONTENT_LENGTH, header::HeaderValue::from(length));
    Ok((headers, Body::from_stream(parts(file))).into_response())
}

/// A file, part by part.
fn parts(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let mut part = vec![0; PART];
        match file.read(&mut part).await {
            Ok(0) => None,
            Ok(length) => {
                part.truncate(length);
                Some((Ok(Bytes::from(part)), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// Stop a job, and throw away its table and its results.
#[utoipa::path(
    delete,
    path = "/v1/jobs/{id}",
    tag = "tables",
    params(
        ("id" = String, Path, description = "Its number."),
        ("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be done once."),
    ),
    responses((status = 204, description = "It is gone."))
)]
pub(crate) async fn cancel(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let idempotency = idempotency(&caller, &headers, &uri, b"")?;
    once(&app, idempotency, async {
        let job = seen(&app, &caller, &id)?;
        app.jobs.cancel(&job).map_err(|error| unwritable(&error))?;
        Ok(String::new())
    })
    .await
}
