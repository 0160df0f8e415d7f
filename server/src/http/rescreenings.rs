//! `POST /v1/rescreenings`: which kept cases come out otherwise today, and why.

use std::collections::BTreeSet;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use catchall_engine::time::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::data::today;
use super::once::{idempotency, json, once};
use super::options::NoOptions;
use super::register::asked_again;
use crate::access::Caller;
use crate::app::Shared;
use crate::problem::{Answer, INVALID, Problem};
use crate::register::{Bounds, OPEN, Record, Search, stands};
use crate::screening::Answered;

/// Cases of one request where nothing else is asked, and at most.
const CASES: (usize, usize) = (200, 1_000);
/// The states of cases in which a change of law or data still matters.
const MATTER: [&str; 3] = [OPEN, "granted", "granted_with_conditions"];

/// Which cases are screened again, and on which day.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    /// The day whose law and facts apply; today if none.
    as_of: Option<String>,
    /// The day up to which data had been published; else the same.
    known_at: Option<String>,
    /// Cases in one of these states; `open`, `granted` and `granted_with_conditions` if none is named.
    status: Vec<String>,
    /// Only cases of this application.
    application_id: Option<String>,
    /// Only cases before this number, as `next` says.
    after: Option<String>,
    /// How many, up to 1000.
    limit: Option<usize>,
}

/// What became of cases that were screened again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rescreened {
    /// The day whose law and facts applied.
    as_of: String,
    /// The state of law and data now.
    edition: String,
    /// How many were screened again.
    screened: usize,
    /// Those that come out otherwise.
    moved: Vec<Moved>,
    /// Those that could not be screened again.
    failed: Vec<Failed>,
    /// Where the next cases are, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A case that comes out otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Moved {
    /// Its number in the register.
    id: String,
    /// The application's own number.
    application_id: String,
    /// Its state.
    status: String,
    /// What was kept.
    before: Bounds,
    /// What comes out now.
    after: Bounds,
    /// Rules that certainly stand now, and did not.
    stand_now: BTreeSet<String>,
    /// Rules that certainly stood, and do no longer.
    stand_no_longer: BTreeSet<String>,
    /// What is otherwise than it was: `day`, `law: ID` for each ruleset, `data`, `engine`.
    because: Vec<String>,
}

/// A case that could not be screened again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failed {
    /// Its number in the register.
    id: String,
    /// Why not.
    problem: Problem,
}

/// Screen kept cases again with the law and data of today, and list those that come out otherwise.
///
/// A page at a time: `next` of one answer is `after` of the next request. Nothing is kept or changed.
#[utoipa::path(
    post,
    path = "/v1/rescreenings",
    tag = "register",
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of your own for what is to be done once.")),
    request_body(content = Wanted, example = json!({"as_of": "2021-11-15", "application_id": "none"})),
    responses((status = 200, description = "What moved, and why.", body = Rescreened))
)]
pub(crate) async fn rescreen(
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
    once(&app, idempotency, async {
        Ok(json(&again(&app, &wanted).await?))
    })
    .await
}

async fn again(app: &Shared, wanted: &Wanted) -> Answer<Rescreened> {
    let (search, days) = asked(wanted)?;
    let page = app.register.search(&search).await?;
    let mut told = Rescreened {
        as_of: days.0.to_string(),
        edition: app.world.load().edition.clone(),
        screened: page.determinations.len(),
        moved: Vec::new(),
        failed: Vec::new(),
        next: page.next,
    };
    for record in page.determinations {
        let (world, days) = (app.world.load_full(), [Some(days.0), Some(days.1)]);
        match asked_again(app, &record, world, days).await {
            Ok(answered) => told.moved.extend(compared(app, record, &answered).await?),
            Err(problem) => told.failed.push(Failed {
                id: record.id,
                problem,
            }),
        }
    }
    Ok(told)
}

fn asked(wanted: &Wanted) -> Answer<(Search, (Date, Date))> {
    let as_of = day("/as_of", wanted.as_of.as_deref())?.unwrap_or_else(today);
    let known_at = day("/known_at", wanted.known_at.as_deref())?.unwrap_or(as_of);
    let limit = wanted.limit.unwrap_or(CASES.0);
    if !(1..=CASES.1).contains(&limit) {
        let expected = format!("a whole number from 1 to {}", CASES.1);
        return Err(Problem::mistake(
            &INVALID,
            "/limit",
            "another number",
            &expected,
        ));
    }
    let mut status = wanted.status.clone();
    if status.is_empty() {
        status.extend(MATTER.map(str::to_owned));
    }
    let mut equal = vec![("status", status)];
    equal.extend(
        wanted
            .application_id
            .clone()
            .map(|id| ("application_id", vec![id])),
    );
    let search = Search {
        equal,
        after: wanted.after.clone(),
        limit,
        ..Search::default()
    };
    Ok((search, (as_of, known_at)))
}

fn day(pointer: &str, stated: Option<&str>) -> Answer<Option<Date>> {
    let read = |text: &str| {
        let expected = "a day that exists, written YYYY-MM-DD";
        Date::parse(text)
            .ok_or_else(|| Problem::mistake(&INVALID, pointer, "another text", expected))
    };
    stated.map(read).transpose()
}

/// What is otherwise; none if nothing is.
async fn compared(app: &Shared, record: Record, answered: &Answered) -> Answer<Option<Moved>> {
    let told = &answered.determination;
    let (before, after) = (record.bounds.clone(), Bounds::from(told.bounds));
    let now = stands(told);
    if before == after && now == record.stands {
        return Ok(None);
    }
    let mut because = Vec::new();
    if told.as_of.to_string() != record.as_of || told.known_at.to_string() != record.known_at {
        because.push("day".to_owned());
    }
    let changed = told
        .rulesets
        .iter()
        .filter(|one| record.rulesets.get(one.id.as_ref()) != Some(&one.sha256));
    because.extend(changed.map(|one| format!("law: {}", one.id)));
    let then = app.register.manifest(&record.edition).await?;
    if then.data != answered.question.world.manifest.data {
        because.push("data".to_owned());
    }
    if record.engine != told.engine.version {
        because.push("engine".to_owned());
    }
    Ok(Some(Moved {
        stand_now: now.difference(&record.stands).cloned().collect(),
        stand_no_longer: record.stands.difference(&now).cloned().collect(),
        id: record.id,
        application_id: record.application_id,
        status: record.status,
        before,
        after,
        because,
    }))
}
