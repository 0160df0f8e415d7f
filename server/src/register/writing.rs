//! The one task that writes: what waits goes into one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::screening::Determination;
use sqlx::{Any, Connection, Transaction};
use tokio::sync::{mpsc, oneshot};

use super::connect::Link;
use super::decision::{Stated, guard, is_against};
use super::record::{self, OPEN};
use super::{documents, reading, unavailable};
use crate::access::Token;
use crate::app::now;
use crate::problem::{Answer, FORBIDDEN, NOT_FOUND, Problem};
use crate::world::World;

/// Writes that share a transaction at most.
const BATCH: usize = 512;
/// How hard determinations are compressed; more costs time and gains little.
const LEVEL: i32 = 1;

/// A key under which a caller sends something once.
#[derive(Clone, Debug)]
pub(crate) struct Idempotency {
    pub(crate) caller: String,
    pub(crate) key: Option<String>,
    pub(crate) request_sha256: String,
}

impl Idempotency {
    /// What nobody sends, or sends without a key.
    pub(crate) fn none(caller: &str) -> Self {
        Self {
            caller: caller.to_owned(),
            key: None,
            request_sha256: String::new(),
        }
    }
}

/// What became of something that was sent: where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is written now.
    New(String),
    /// The same was sent before under the same key.
    Known(String),
}

/// A determination to keep.
#[derive(Debug)]
pub(crate) struct Keep {
    pub(crate) id: String,
    pub(crate) destination: String,
    pub(crate) application: String,
    pub(crate) determination: Determination,
    pub(crate) world: Arc<World>,
    pub(crate) bytes: Compressed,
}

/// A determination's bytes, compressed, with their hash.
#[derive(Debug)]
pub(crate) struct Compressed {
    pub(crate) sha256: String,
    pub(crate) content: Vec<u8>,
}

impl Compressed {
    /// Compresses a text.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        Ok(Self {
            sha256: catchall_engine::source::sha256(text.as_bytes()),
            content: zstd::encode_all(text.as_bytes(), LEVEL).map_err(|error| error.to_string())?,
        })
    }
}

/// A decision to record.
#[derive(Debug)]
pub(crate) struct Decide {
    pub(crate) determination: String,
    pub(crate) stated: Stated,
    pub(crate) may_decide_against: bool,
}

/// What is to be written.
#[derive(Debug)]
pub(crate) enum What {
    Keep(Box<Keep>),
    Decide(Box<Decide>),
    GiveToken(Box<Token>),
    RevokeToken(String),
    /// Where something stands that was made elsewhere, or what was answered.
    Remember(String, Option<Compressed>),
    /// Answered once all before it is durable.
    Nothing,
}

/// Something to write, under which key, and where its answer goes.
#[derive(Debug)]
pub(super) struct Write {
    idempotency: Idempotency,
    now: String,
    what: What,
    reply: oneshot::Sender<Answer<Outcome>>,
}

impl Write {
    /// Something to write now, and where it will be answered.
    pub(super) fn new(
        idempotency: Idempotency,
        what: What,
    ) -> (Self, oneshot::Receiver<Answer<Outcome>>) {
        let (reply, answer) = oneshot::channel();
        let write = Self {
            idempotency,
            now: now().to_string(),
            what,
            reply,
        };
        (write, answer)
    }

    fn fail(self, problem: Problem) {
        let _ = self.reply.send(Err(problem));
    }
}

/// Writes whatever comes, until nobody is left who could send something.
pub(super) async fn run(mut link: Link, mut waiting: mpsc::Receiver<Write>) {
    let mut known = BTreeSet::new();
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = together(&mut link, &mut batch, &mut known).await {
            metrics::counter!("catchall_register_failures_total").increment(1);
            let refused = matches!(error, sqlx::Error::Database(_));
            if refused && batch.len() > 1 {
                one_by_one(&mut link, &mut batch, &mut known).await;
            }
            batch
                .drain(..)
                .for_each(|write| write.fail(unavailable(&error)));
        }
    }
}

/// Each in a transaction of its own: one that the database refuses must not take others with it.
async fn one_by_one(link: &mut Link, batch: &mut Vec<Write>, known: &mut BTreeSet<String>) {
    for write in std::mem::take(batch) {
        let mut alone = vec![write];
        if let Err(error) = together(link, &mut alone, known).await {
            alone
                .drain(..)
                .for_each(|write| write.fail(unavailable(&error)));
        }
    }
}

/// Writes a batch in one transaction, and answers when it is durable. On an error nothing is answered
/// and nothing is taken out of the batch.
async fn together(
    link: &mut Link,
    batch: &mut Vec<Write>,
    known: &mut BTreeSet<String>,
) -> Result<(), sqlx::Error> {
    // Where anything fails, the connection is dropped and another one made: one on which a transaction was
    // not ended would take all that is written later into it, and never make it durable.
    let mut connection = link.take().await?;
    let mut transaction = connection.begin().await?;
    let mut answers = Vec::with_capacity(batch.len());
    let mut editions = BTreeSet::new();
    for write in batch.iter() {
        if let What::Keep(keep) = &write.what
            && !known.contains(&keep.world.edition)
            && editions.insert(keep.world.edition.clone())
        {
            documents::keep(&mut transaction, &keep.world, &write.now).await?;
        }
        answers.push(one(&mut transaction, write).await?);
    }
    transaction.commit().await?;
    link.give_back(connection);
    known.extend(editions);
    metrics::histogram!("catchall_register_batch")
        .record(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
    for (write, answer) in batch.drain(..).zip(answers) {
        // Whoever asked may be gone; it is written all the same.
        let _ = write.reply.send(answer);
    }
    Ok(())
}

/// Writes one thing under its key, unless the same was written under it before.
async fn one(
    transaction: &mut Transaction<'_, Any>,
    write: &Write,
) -> Result<Answer<Outcome>, sqlx::Error> {
    let resource = place(transaction, &write.what).await?;
    if let Some(earlier) = claim(transaction, write, &resource).await? {
        return Ok(earlier);
    }
    if let Err(problem) = put(transaction, write).await? {
        release(transaction, &write.idempotency).await?;
        return Ok(Err(problem));
    }
    Ok(Ok(Outcome::New(resource)))
}

/// Where it will stand.
async fn place(transaction: &mut Transaction<'_, Any>, what: &What) -> Result<String, sqlx::Error> {
    Ok(match what {
        What::Keep(keep) => keep.id.clone(),
        What::Decide(decide) => {
            let id = &decide.determination;
            let sequence = next(transaction, id).await?;
            format!("{id}/decisions/{sequence}")
        }
        What::GiveToken(token) => format!("tokens/{}", token.id),
        What::RevokeToken(id) => format!("tokens/{id}"),
        What::Remember(resource, _) => resource.clone(),
        What::Nothing => String::new(),
    })
}

/// The place of the next decision on a determination.
async fn next(transaction: &mut Transaction<'_, Any>, id: &str) -> Result<i64, sqlx::Error> {
    let decisions = reading::decisions(&mut **transaction, id).await?;
    let count = i64::try_from(decisions.len()).unwrap_or(i64::MAX);
    Ok(count.saturating_add(1))
}

async fn put(
    transaction: &mut Transaction<'_, Any>,
    write: &Write,
) -> Result<Answer<()>, sqlx::Error> {
    match &write.what {
        What::Keep(keep) => put_determination(transaction, write, keep).await?,
        What::Decide(decide) => return put_decision(transaction, write, decide).await,
        What::GiveToken(token) => super::tokens::put(transaction, token).await?,
        What::RevokeToken(id) => {
            return super::tokens::revoke(transaction, id, &write.now).await;
        }
        What::Remember(..) | What::Nothing => {}
    }
    Ok(Ok(()))
}

/// Takes an idempotency key for a resource. If it was taken before, says for which, or refuses.
async fn claim(
    transaction: &mut Transaction<'_, Any>,
    write: &Write,
    resource: &str,
) -> Result<Option<Answer<Outcome>>, sqlx::Error> {
    let idempotency = &write.idempotency;
    let Some(key) = &idempotency.key else {
        return Ok(None);
    };
    let answer = match &write.what {
        What::Remember(_, Some(answer)) => Some(answer.content.clone()),
        _ => None,
    };
    let taken = sqlx::query(
        "INSERT INTO idempotency (caller, name, request_sha256, resource, made_at, answer) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (caller, name) DO NOTHING",
    )
    .bind(&idempotency.caller)
    .bind(key)
    .bind(&idempotency.request_sha256)
    .bind(resource)
    .bind(&write.now)
    .bind(answer)
    .execute(&mut **transaction)
    .await?;
    if taken.rows_affected() > 0 {
        return Ok(None);
    }
    reading::claimed(&mut **transaction, idempotency).await
}

/// What stands under a key that was taken before.
pub(super) fn earlier(request_sha256: &str, claimed: (String, String)) -> Answer<Outcome> {
    let (request, resource) = claimed;
    if request == request_sha256 {
        Ok(Outcome::Known(resource))
    } else {
        Err(Problem::key_reused())
    }
}

async fn put_determination(
    transaction: &mut Transaction<'_, Any>,
    write: &Write,
    keep: &Keep,
) -> Result<(), sqlx::Error> {
    let told = &keep.determination;
    let bounds = record::Bounds::from(told.bounds);
    let rulesets: std::collections::BTreeMap<&str, &str> = told
        .rulesets
        .iter()
        .map(|one| (one.id.as_ref(), one.sha256.as_str()))
        .collect();
    sqlx::query(
        "INSERT INTO determinations (id, kept_at, kept_by, application_id, destination, as_of, \
         known_at, rulesets, edition, engine, input_sha256, requirement_at_least, \
         requirement_at_most, review_at_least, review_at_most, criteria, stands, status, \
         application, determination_sha256, determination) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
         $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
    )
    .bind(&keep.id)
    .bind(&write.now)
    .bind(&write.idempotency.caller)
    .bind(plain(told.application.as_deref().unwrap_or_default()))
    .bind(&keep.destination)
    .bind(told.as_of.to_string())
    .bind(told.known_at.to_string())
    .bind(json(&rulesets))
    .bind(&keep.world.edition)
    .bind(told.engine.version)
    .bind(&told.input)
    .bind(bounds.requirement.at_least)
    .bind(bounds.requirement.at_most)
    .bind(bounds.review.at_least.unwrap_or_default())
    .bind(bounds.review.at_most.unwrap_or_default())
    .bind(json(&record::criteria(told)))
    .bind(json(&record::stands(told)))
    .bind(OPEN)
    .bind(&keep.application)
    .bind(&keep.bytes.sha256)
    .bind(&keep.bytes.content)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn put_decision(
    transaction: &mut Transaction<'_, Any>,
    write: &Write,
    decide: &Decide,
) -> Result<Answer<()>, sqlx::Error> {
    let Some(record) = reading::record(&mut **transaction, &decide.determination).await? else {
        let absent = Problem::new(&NOT_FOUND, "no determination of this number");
        return Ok(Err(absent));
    };
    let against = is_against(decide.stated.decision, &record);
    if let Err(problem) = guard(&decide.stated, &record) {
        return Ok(Err(problem));
    }
    if against && !decide.may_decide_against {
        let detail = "a decision against the determination needs a senior officer";
        return Ok(Err(Problem::new(&FORBIDDEN, detail)));
    }
    let sequence = next(transaction, &decide.determination).await?;
    insert_decision(transaction, write, decide, (sequence, against)).await?;
    Ok(Ok(()))
}

/// Gives a key back: what was sent under it was refused, and can be mended and sent again.
async fn release(
    transaction: &mut Transaction<'_, Any>,
    idempotency: &Idempotency,
) -> Result<(), sqlx::Error> {
    let Some(key) = &idempotency.key else {
        return Ok(());
    };
    sqlx::query("DELETE FROM idempotency WHERE caller = $1 AND name = $2")
        .bind(&idempotency.caller)
        .bind(key)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn insert_decision(
    transaction: &mut Transaction<'_, Any>,
    write: &Write,
    decide: &Decide,
    (sequence, against): (i64, bool),
) -> Result<(), sqlx::Error> {
    let stated = &decide.stated;
    sqlx::query(
        "INSERT INTO decisions (determination, sequence, kind, reasons, conditions, assessments, \
         against, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&decide.determination)
    .bind(sequence)
    .bind(stated.decision.code())
    .bind(plain(&stated.reasons))
    .bind(json(&stated.conditions))
    .bind(json(&stated.assessments))
    .bind(i64::from(against))
    .bind(&write.idempotency.caller)
    .bind(&write.now)
    .execute(&mut **transaction)
    .await?;
    sqlx::query("UPDATE determinations SET status = $1 WHERE id = $2")
        .bind(stated.decision.code())
        .bind(&decide.determination)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// A text as both databases take it: PostgreSQL has no place for a NUL.
fn plain(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
