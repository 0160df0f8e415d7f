//! Documents that determinations were made from, each kept once.

use std::collections::BTreeMap;

use catchall_engine::ruleset::RulesetFiles;
use catchall_engine::source::Document;
use sqlx::{Any, AnyPool, Row, Transaction};

use super::unavailable;
use crate::problem::{Answer, INTERNAL, NOT_FOUND, Problem};
use crate::world::{Manifest, Material, World};

/// How hard documents are compressed: they are written once.
const LEVEL: i32 = 9;

/// Keeps the documents of a state of law and data.
pub(super) async fn keep(
    transaction: &mut Transaction<'_, Any>,
    world: &World,
    now: &str,
) -> Result<(), sqlx::Error> {
    let known = sqlx::query("SELECT sha256 FROM editions WHERE sha256 = $1")
        .bind(&world.edition)
        .fetch_optional(&mut **transaction)
        .await?;
    if known.is_some() {
        return Ok(());
    }
    for (sha256, bytes) in world.documents() {
        let content = zstd::encode_all(bytes.as_slice(), LEVEL)?;
        sqlx::query(
            "INSERT INTO documents (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING",
        )
        .bind(sha256)
        .bind(content)
        .execute(&mut **transaction)
        .await?;
    }
    sqlx::query(
        "INSERT INTO editions (sha256, manifest, kept_at) VALUES ($1, $2, $3) \
         ON CONFLICT (sha256) DO NOTHING",
    )
    .bind(&world.edition)
    .bind(serde_json::to_string(&world.manifest).unwrap_or_default())
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// What a state of law and data that was kept is made of.
pub(super) async fn manifest(pool: &AnyPool, edition: &str) -> Answer<Manifest> {
    let row = sqlx::query("SELECT manifest FROM editions WHERE sha256 = $1")
        .bind(edition)
        .fetch_optional(pool)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or_else(|| Problem::new(&NOT_FOUND, "this state of law and data was never kept"))?;
    let manifest: String = row.try_get(0).map_err(|error| unavailable(&error))?;
    serde_json::from_str(&manifest).map_err(|_| broken())
}

/// The documents of a state of law and data that was kept.
pub(super) async fn read(pool: &AnyPool, edition: &str) -> Answer<Material> {
    let manifest = manifest(pool, edition).await?;
    let mut data = BTreeMap::new();
    for (path, sha256) in &manifest.data {
        data.insert(path.clone(), document(pool, sha256).await?);
    }
    let mut rulesets = Vec::new();
    for (id, sha256) in &manifest.rulesets {
        let document = Document::from_bytes(id, &document(pool, sha256).await?)?;
        rulesets.push(RulesetFiles::from_assembled(&document)?);
    }
    let facts = Document::from_bytes("facts.json", &document(pool, &manifest.facts).await?)?;
    Ok(Material {
        facts,
        data,
        rulesets,
    })
}

/// A document by its SHA-256.
pub(super) async fn document(pool: &AnyPool, sha256: &str) -> Answer<Vec<u8>> {
    let row = sqlx::query("SELECT content FROM documents WHERE sha256 = $1")
        .bind(sha256)
        .fetch_optional(pool)
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or_else(|| Problem::new(&NOT_FOUND, "no document of this SHA-256"))?;
    let content: Vec<u8> = row.try_get(0).map_err(|error| unavailable(&error))?;
    zstd::decode_all(content.as_slice()).map_err(|_| broken())
}

fn broken() -> Problem {
    Problem::new(
        &INTERNAL,
        "the register holds a document that cannot be read",
    )
}
