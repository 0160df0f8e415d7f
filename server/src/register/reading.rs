//! Reads what is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row};

use super::decision::{Decision, Kind};
use super::record::{Bounds, Range, Record};
use super::writing::{Idempotency, Outcome, earlier};
use super::{Register, documents, unavailable};
use crate::problem::{Answer, INTERNAL, NOT_FOUND, Problem};
use crate::world::{Manifest, World};

/// The columns of a record, as [`of_row`] reads them.
pub(super) const COLUMNS: &str = "id, kept_at, kept_by, application_id, destination, as_of, known_at, \
    rulesets, edition, engine, input_sha256, requirement_at_least, requirement_at_most, \
    review_at_least, review_at_most, criteria, stands, status, determination_sha256";

impl Register {
    /// A kept determination with its decisions.
    pub(crate) async fn record(&self, id: &str) -> Answer<Record> {
        let found = record(&self.pool, id)
            .await
            .map_err(|error| unavailable(&error))?;
        let mut record = found.ok_or_else(absent)?;
        record.decisions = decisions(&self.pool, id)
            .await
            .map_err(|error| unavailable(&error))?;
        Ok(record)
    }

    /// The text of the application that a determination was made from.
    pub(crate) async fn application(&self, id: &str) -> Answer<String> {
        let row = sqlx::query("SELECT application FROM determinations WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| unavailable(&error))?;
        let row = row.ok_or_else(absent)?;
        row.try_get(0).map_err(|error| unavailable(&error))
    }

    /// The bytes of a determination, as they were answered.
    pub(crate) async fn determination(&self, id: &str) -> Answer<Vec<u8>> {
        let row = sqlx::query("SELECT determination FROM determinations WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| unavailable(&error))?;
        let content: Vec<u8> = row
            .ok_or_else(absent)?
            .try_get(0)
            .map_err(|error| unavailable(&error))?;
        zstd::decode_all(content.as_slice()).map_err(|_| {
            Problem::new(
                &INTERNAL,
                "the register holds a determination that cannot be read",
            )
        })
    }

    /// What was answered before under a key, if it was used.
    pub(crate) async fn claimed(&self, idempotency: &Idempotency) -> Answer<Option<Outcome>> {
        let found = claimed(&self.pool, idempotency)
            .await
            .map_err(|error| unavailable(&error))?;
        found.transpose()
    }

    /// What was answered under a key that was used.
    pub(crate) async fn answer(&self, idempotency: &Idempotency) -> Answer<String> {
        let row = sqlx::query("SELECT answer FROM idempotency WHERE caller = $1 AND name = $2")
            .bind(&idempotency.caller)
            .bind(idempotency.key.as_deref().unwrap_or_default())
            .fetch_one(&self.pool)
            .await
            .map_err(|error| unavailable(&error))?;
        let answer: Option<Vec<u8>> = row.try_get(0).map_err(|error| unavailable(&error))?;
        let answer = answer.ok_or_else(Problem::key_reused)?;
        let bytes = zstd::decode_all(answer.as_slice()).map_err(|_| {
            Problem::new(
                &INTERNAL,
                "the register holds an answer that cannot be read",
            )
        })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A state of law and data that was kept, loaded again.
    pub(crate) async fn world(&self, edition: &str) -> Answer<World> {
        let kept = documents::read(&self.pool, edition).await?;
        let loaded = tokio::task::spawn_blocking(move || World::load(kept)).await;
        let broken = |_| Problem::new(&INTERNAL, "the kept law and data cannot be loaded");
        Ok(loaded.map_err(broken)??)
    }

    /// What a state of law and data that was kept is made of.
    pub(crate) async fn manifest(&self, edition: &str) -> Answer<Manifest> {
        documents::manifest(&self.pool, edition).await
    }

    /// A document that determinations were made from, by its SHA-256.
    pub(crate) async fn document(&self, sha256: &str) -> Answer<Vec<u8>> {
        documents::document(&self.pool, sha256).await
    }
}

fn absent() -> Problem {
    Problem::new(&NOT_FOUND, "no determination of this number")
}

pub(super) async fn claimed<'e>(
    executor: impl Executor<'e, Database = Any>,
    idempotency: &Idempotency,
) -> Result<Option<Answer<Outcome>>, sqlx::Error> {
    let Some(key) = &idempotency.key else {
        return Ok(None);
    };
    let row = sqlx::query(
        "SELECT request_sha256, resource FROM idempotency WHERE caller = $1 AND name = $2",
    )
    .bind(&idempotency.caller)
    .bind(key)
    .fetch_optional(executor)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let claimed = (row.try_get(0)?, row.try_get(1)?);
    Ok(Some(earlier(&idempotency.request_sha256, claimed)))
}

pub(super) async fn record<'e>(
    executor: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Option<Record>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM determinations WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(executor)
        .await?;
    row.map(|row| of_row(&row)).transpose()
}

pub(super) fn of_row(row: &AnyRow) -> Result<Record, sqlx::Error> {
    let level = |at: usize| -> Result<Option<String>, sqlx::Error> {
        let code: String = row.try_get(at)?;
        Ok((!code.is_empty()).then_some(code))
    };
    Ok(Record {
        id: row.try_get(0)?,
        kept_at: row.try_get(1)?,
        kept_by: row.try_get(2)?,
        application_id: row.try_get(3)?,
        destination: row.try_get(4)?,
        as_of: row.try_get(5)?,
        known_at: row.try_get(6)?,
        rulesets: parsed::<BTreeMap<String, String>>(row, 7)?,
        edition: row.try_get(8)?,
        engine: row.try_get(9)?,
        input: row.try_get(10)?,
        bounds: Bounds {
            requirement: Range {
                at_least: row.try_get(11)?,
                at_most: row.try_get(12)?,
            },
            review: Range {
                at_least: level(13)?,
                at_most: level(14)?,
            },
        },
        criteria: parsed::<BTreeSet<String>>(row, 15)?,
        stands: parsed::<BTreeSet<String>>(row, 16)?,
        status: row.try_get(17)?,
        determination_sha256: row.try_get(18)?,
        decisions: Vec::new(),
    })
}

pub(super) async fn decisions<'e>(
    executor: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Vec<Decision>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT sequence, kind, reasons, conditions, assessments, against, decided_by, decided_at \
         FROM decisions WHERE determination = $1 ORDER BY sequence",
    )
    .bind(id)
    .fetch_all(executor)
    .await?;
    rows.iter().map(decision_of_row).collect()
}

fn decision_of_row(row: &AnyRow) -> Result<Decision, sqlx::Error> {
    let code: String = row.try_get(1)?;
    let kind = Kind::ALL.iter().find(|(known, _)| **known == code);
    let (_, kind) = kind.ok_or_else(|| unreadable(1))?;
    let against: i64 = row.try_get(5)?;
    Ok(Decision {
        sequence: row.try_get(0)?,
        kind: *kind,
        reasons: row.try_get(2)?,
        conditions: parsed(row, 3)?,
        assessments: parsed(row, 4)?,
        against: against != 0,
        decided_by: row.try_get(6)?,
        decided_at: row.try_get(7)?,
    })
}

fn parsed<T: DeserializeOwned>(row: &AnyRow, at: usize) -> Result<T, sqlx::Error> {
    let text: String = row.try_get(at)?;
    serde_json::from_str(&text).map_err(|_| unreadable(at))
}

fn unreadable(at: usize) -> sqlx::Error {
    sqlx::Error::ColumnNotFound(format!("column {at} holds what cannot be read"))
}
