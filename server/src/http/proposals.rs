//! Proposals: checked, compared and searched. Nothing that is sent here changes the rulesets in force.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use catchall_engine::comparison::{
    Never, Pair, Proposal, Question, Subject, Subjected, Unconfirmed, ask, deep, members, prove,
};
use catchall_engine::condition::compile_boolean;
use catchall_engine::facts::{Application, Catalogue};
use catchall_engine::ruleset::{Ruleset, RulesetFiles, read_cases};
use catchall_engine::screening::NOTICE;
use catchall_engine::shipped;
use catchall_engine::source::{Document, Problems};
use catchall_engine::time::{Date, Dates};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::body;
use super::check::Checked;
use super::options::NoOptions;
use crate::access::{Caller, Limits};
use crate::app::{Shared, overloaded};
use crate::problem::{Answer, INTERNAL, INVALID, Problem, TOO_LARGE};
use crate::screening::HOW;
use crate::world::World;

/// Searches that run at the same time. One that takes too long for its caller keeps the place until it ends, so that
/// searches never take what screening needs.
static SEARCHES: Semaphore = Semaphore::const_new(1);

/// Members of lists in a search.
const MEMBERS: usize = 3;

/// Applications of one comparison at most, for each line that the caller may send.
const APPLICATIONS: usize = 10;

/// A comparison that is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparison {
    base: String,
    proposals: Vec<Value>,
    #[serde(default)]
    applications: Vec<Value>,
    #[serde(default)]
    prove: bool,
    never: Option<String>,
    assume: Option<String>,
    as_of: Option<String>,
    known_at: Option<String>,
}

/// What a question or a deep check is asked of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    ruleset: String,
    application: Option<Value>,
    as_of: Option<String>,
    known_at: Option<String>,
}

/// Two rulesets with the facts of both.
struct Both<'w> {
    base: &'w Ruleset,
    amended: Ruleset,
    catalogue: Arc<Catalogue>,
}

/// What is sent, as JSON of a known shape.
async fn sent<T: serde::de::DeserializeOwned>(
    headers: &HeaderMap,
    request: Body,
    limits: &Limits,
) -> Answer<T> {
    body::parsed(&body::json(headers, request, limits).await?)
}

fn mistake(pointer: &str, found: &str, expected: &str) -> Problem {
    Problem::mistake(&INVALID, pointer, found, expected)
}

fn day(pointer: &str, text: Option<&str>) -> Answer<Option<Date>> {
    let expected = "a day that exists, written YYYY-MM-DD";
    let wrong = |text: &str| mistake(pointer, &format!("`{text}`"), expected);
    text.map(|text| Date::parse(text).ok_or_else(|| wrong(text)))
        .transpose()
}

/// The days of a search, on the law of an edition unless others are asked for.
fn dates(as_of: Option<&str>, known_at: Option<&str>, edition: Date) -> Answer<Dates> {
    let as_of = day("/as_of", as_of)?.unwrap_or(edition);
    let known_at = day("/known_at", known_at)?.unwrap_or(as_of);
    Ok(Dates { as_of, known_at })
}

fn no_ruleset(world: &World, id: &str, pointer: &str) -> Problem {
    let expected = format!("the id of a ruleset; {}", world.rulesets_like(id));
    mistake(pointer, &format!("`{id}`"), &expected)
}

/// The documents of a ruleset that is in force here.
fn files<'w>(world: &'w World, id: &str, pointer: &str) -> Answer<&'w RulesetFiles> {
    let known = world.material.rulesets.iter().find(|files| files.is_of(id));
    known.ok_or_else(|| no_ruleset(world, id, pointer))
}

/// A ruleset that is in force here.
fn ruleset<'w>(world: &'w World, id: &str, pointer: &str) -> Answer<&'w Ruleset> {
    let known = world.library.ruleset(id);
    known.ok_or_else(|| no_ruleset(world, id, pointer))
}

/// An application that is sent, of no more items than the caller may send.
fn application(document: &Document, catalogue: &Catalogue, limits: &Limits) -> Answer<Application> {
    let application = Application::read(document, catalogue)?;
    if application.items.len() > limits.lines {
        let detail = format!("at most {} items for your role", limits.lines);
        return Err(Problem::new(&TOO_LARGE, detail));
    }
    Ok(application)
}

/// A proposal: one that is sent, or the id of one that is shipped.
fn proposal(sent: &Value, at: usize) -> Result<Proposal, Problems> {
    let document = match sent.as_str() {
        Some(id) if shipped::proposal_ids().iter().any(|known| known == id) => {
            shipped::proposal(id)?
        }
        _ => Document::new(format!("proposals/{at}"), sent.to_string()),
    };
    Proposal::read(&document)
}

fn both<'w>(world: &'w World, asked: &Comparison) -> Answer<Both<'w>> {
    let files = files(world, &asked.base, "/base")?;
    let proposals = asked.proposals.iter().enumerate();
    let proposals: Result<Vec<Proposal>, Problems> =
        proposals.map(|(at, sent)| proposal(sent, at)).collect();
    let changed = Proposal::apply_all(&proposals?, files)?;
    let base = ruleset(world, &asked.base, "/base")?;
    let amended = Ruleset::load(&changed, &base.catalogue, &world.library.reference)?;
    Ok(Both {
        catalogue: Arc::clone(&amended.catalogue),
        base,
        amended,
    })
}

/// Runs a search in the one place for it.
async fn searched<T: Send + 'static>(
    work: impl FnOnce() -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let permit = SEARCHES.try_acquire().map_err(|_| overloaded())?;
    let run = move || {
        let _permit = permit;
        work()
    };
    let done = tokio::task::spawn_blocking(run).await;
    done.map_err(|_| Problem::new(&INTERNAL, "the search was broken off"))?
}

fn unconfirmed(Unconfirmed(text): Unconfirmed) -> Problem {
    Problem::new(&INTERNAL, text)
}

/// Check a proposal: a change to a ruleset, with a title, an author and a reason. Nothing is kept.
#[utoipa::path(
    post,
    path = "/v1/proposals/check",
    tag = "proposals",
    request_body(content = Object, example = json!({
        "id": "mine", "title": "No licence for what is listed", "author": "Example", "date": "2026-01-01",
        "source": "https://example.org/", "reason": "To see what it does.", "base": "wassenaar",
        "patch": {"title": "Another title"}
    })),
    responses((status = 200, description = "What was found; `valid` says whether it can be used.", body = Checked))
)]
pub(crate) async fn check(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Json<Checked>> {
    let sent = body::document(&headers, request, &caller.limits).await?;
    let world = app.world.load_full();
    let checked = app.work(false, move || -> Answer<Checked> {
        let proposal = match Proposal::read(&sent) {
            Ok(proposal) => proposal,
            Err(problems) => return Ok(Checked::of(None, Err(problems))),
        };
        let files = files(&world, &proposal.base, "/base")?;
        let library = &world.library;
        let loaded = proposal
            .apply(files)
            .and_then(|changed| Ruleset::load(&changed, &library.catalogue, &library.reference));
        Ok(Checked::of(None, loaded))
    });
    Ok(Json(checked.await??))
}

/// Compare a ruleset with what it would be: on cases, and where `prove` is true on all possible applications.
///
/// `proposals` are proposals, or ids of shipped ones. `applications` are applications or cases; if there are none, the
/// ruleset's own cases are compared. `never` is `more_lenient`, `more_strict` or `different`; without it both directions are
/// searched. The answer is what `catchall compare --format json` prints.
#[utoipa::path(
    post,
    path = "/v1/comparisons",
    tag = "proposals",
    request_body(content = Object, example = json!({"base": "eu-dual-use", "proposals": ["p09-denial-threshold"]})),
    responses((status = 200, description = "What moves, which way, and why; proofs or counterexamples.", body = Object))
)]
pub(crate) async fn compare(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Json<Value>> {
    let asked: Comparison = sent(&headers, request, &caller.limits).await?;
    let (world, limits) = (app.world.load_full(), caller.limits);
    let compared = if asked.prove {
        searched(move || compared(&world, &asked, &limits)).await?
    } else {
        app.work(false, move || compared(&world, &asked, &limits))
            .await??
    };
    Ok(Json(compared))
}

fn compared(world: &World, asked: &Comparison, limits: &Limits) -> Answer<Value> {
    let both = both(world, asked)?;
    let subjects = subjects(asked, &both, limits)?;
    let pair = Pair {
        base: both.base,
        amended: &both.amended,
        catalogue: &both.catalogue,
        reference: &world.library.reference,
    };
    let side = |one: &Ruleset| json!({"id": one.id, "title": one.title, "sha256": one.hash});
    let mut whole = json!({
        "base": side(both.base),
        "amended": side(&both.amended),
        "data": world.library.reference.hash,
        "impact": pair.impact(&subjects),
        "notice": NOTICE,
    });
    if asked.prove
        && let Some(object) = whole.as_object_mut()
    {
        object.extend(proofs(world, asked, &both)?);
    }
    Ok(whole)
}

fn subjects(asked: &Comparison, both: &Both<'_>, limits: &Limits) -> Answer<Vec<Subject>> {
    let most = limits.lines.saturating_mul(APPLICATIONS);
    if asked.applications.len() > most {
        let detail = format!("at most {most} applications for your role");
        return Err(Problem::new(&TOO_LARGE, detail));
    }
    let as_of = day("/as_of", asked.as_of.as_deref())?;
    let known_at = day("/known_at", asked.known_at.as_deref())?;
    if asked.applications.is_empty() {
        return own_cases(asked, both);
    }
    let numbered = asked.applications.iter().enumerate();
    let read = numbered.map(|(at, sent)| {
        let document = Document::new(format!("applications/{at}"), sent.to_string());
        let application = application(&document, &both.catalogue, limits)?;
        let dates = application.dates(as_of, known_at, &document, HOW)?;
        Ok(Subject::of_application(&document, application, dates))
    });
    read.collect()
}

/// The cases that are shipped with a ruleset.
fn own_cases(asked: &Comparison, both: &Both<'_>) -> Answer<Vec<Subject>> {
    let mut subjects = Vec::new();
    if !shipped::ruleset_ids().contains(&asked.base) {
        return Ok(subjects);
    }
    for document in shipped::cases(&asked.base)? {
        for case in read_cases(&document)? {
            subjects.push(Subject::of_case(&case, &both.catalogue)?);
        }
    }
    Ok(subjects)
}

/// The proofs that are asked for, with the days that they speak of.
fn proofs(
    world: &World,
    asked: &Comparison,
    both: &Both<'_>,
) -> Answer<serde_json::Map<String, Value>> {
    let edition = both.base.edition.max(both.amended.edition);
    let dates = dates(asked.as_of.as_deref(), asked.known_at.as_deref(), edition)?;
    let reference = &world.library.reference;
    let assume = match &asked.assume {
        Some(text) => Some(compile_boolean(text, &both.amended.names(reference))?),
        None => None,
    };
    let mut proofs = Vec::new();
    for never in never(asked.never.as_deref())? {
        let question = Question {
            base: both.base,
            amended: &both.amended,
            catalogue: &both.catalogue,
            reference,
            dates,
            never,
            assume: assume.as_ref(),
            members: MEMBERS,
        };
        proofs.push(prove(&question).map_err(unconfirmed)?);
    }
    let mut told = serde_json::Map::new();
    told.insert("as_of".to_owned(), json!(dates.as_of));
    told.insert("known_at".to_owned(), json!(dates.known_at));
    told.insert("proofs".to_owned(), json!(proofs));
    Ok(told)
}

fn never(word: Option<&str>) -> Answer<Vec<Never>> {
    match word {
        None => Ok(vec![Never::MoreLenient, Never::MoreStrict]),
        Some("more_lenient") => Ok(vec![Never::MoreLenient]),
        Some("more_strict") => Ok(vec![Never::MoreStrict]),
        Some("different") => Ok(vec![Never::Different]),
        Some(other) => {
            let expected = "more_lenient, more_strict or different";
            Err(mistake("/never", &format!("`{other}`"), expected))
        }
    }
}

/// Ask which facts settle an answer, in the order to ask for them, and what would make it milder.
#[utoipa::path(
    post,
    path = "/v1/questions",
    tag = "proposals",
    request_body(content = Object, example = json!({
        "ruleset": "wassenaar", "as_of": "2024-12-01",
        "application": {"destination": {"country": "EG"}, "items": [{"kind": "goods"}]}
    })),
    responses((status = 200, description = "The questions for each item.", body = Object))
)]
pub(crate) async fn questions(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Json<Value>> {
    let asked: Asked = sent(&headers, request, &caller.limits).await?;
    let (world, limits) = (app.world.load_full(), caller.limits);
    let found = searched(move || {
        let library = &world.library;
        let ruleset = ruleset(&world, &asked.ruleset, "/ruleset")?;
        let Some(sent) = &asked.application else {
            return Err(mistake("", "no `application`", "the facts of one export"));
        };
        let document = Document::new("application", sent.to_string());
        let application = application(&document, &library.catalogue, &limits)?;
        let as_of = day("/as_of", asked.as_of.as_deref())?;
        let known_at = day("/known_at", asked.known_at.as_deref())?;
        let dates = application.dates(as_of, known_at, &document, HOW)?;
        let members = members(&application, &library.catalogue);
        let subject = subject(&world, ruleset, dates, members);
        let items = ask(&subject, &application).map_err(unconfirmed)?;
        Ok(json!({"ruleset": ruleset.id, "sha256": ruleset.hash, "items": items, "notice": NOTICE}))
    });
    Ok(Json(found.await?))
}

fn subject<'w>(
    world: &'w World,
    ruleset: &'w Ruleset,
    dates: Dates,
    members: usize,
) -> Subjected<'w> {
    Subjected {
        ruleset,
        catalogue: &world.library.catalogue,
        reference: &world.library.reference,
        dates,
        members,
    }
}

/// Say what is odd about a ruleset, over all possible applications: rules that never stand, contradictions, gaps.
#[utoipa::path(
    post,
    path = "/v1/rulesets/deep-checks",
    tag = "proposals",
    request_body(content = Object, example = json!({"ruleset": "wassenaar"})),
    responses((status = 200, description = "What is odd, with an application where one shows it.", body = Object))
)]
pub(crate) async fn deep_check(
    State(app): State<Shared>,
    Extension(caller): Extension<Caller>,
    _: NoOptions,
    headers: HeaderMap,
    request: Body,
) -> Answer<Json<Value>> {
    let asked: Asked = sent(&headers, request, &caller.limits).await?;
    let world = app.world.load_full();
    let found = searched(move || {
        let ruleset = ruleset(&world, &asked.ruleset, "/ruleset")?;
        if asked.application.is_some() {
            return Err(mistake("/application", "an application", "a ruleset alone"));
        }
        let dates = dates(
            asked.as_of.as_deref(),
            asked.known_at.as_deref(),
            ruleset.edition,
        )?;
        let subject = subject(&world, ruleset, dates, 2);
        let found = deep(&subject).map_err(unconfirmed)?;
        Ok(json!({
            "ruleset": ruleset.id, "sha256": ruleset.hash, "as_of": dates.as_of, "known_at": dates.known_at,
            "found": found, "notice": NOTICE,
        }))
    });
    Ok(Json(found.await?))
}
