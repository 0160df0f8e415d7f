//! Puts a backup into a new register, whole or not at all.

use std::io::BufRead;

use catchall_engine::source::{Diagnostic, Problems};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::backup::{Counts, End, Head, Line, broken};
use super::tables::{Column, Kind, TABLES};
use super::{connect, migrate};
use crate::access::hexadecimal;
use crate::running::Failure;

/// Stable code of what is wrong with a backup.
const CODE: &str = "B100";
/// How hard packed texts are compressed when they are put back.
const LEVEL: i32 = 3;

/// Puts a backup into a new register, whole or not at all.
pub(crate) async fn restore(url: &str, from: impl BufRead + Send) -> Result<Counts, Failure> {
    connect::close(connect::one(url).await?).await;
    let pool = connect::pool(url, 1).await?;
    migrate(&pool).await?;
    let mut transaction = pool.begin().await.map_err(|error| broken(&error))?;
    empty(&mut transaction).await?;
    let counts = put(&mut transaction, from).await?;
    transaction.commit().await.map_err(|error| broken(&error))?;
    pool.close().await;
    Ok(counts)
}

/// Nothing is ever written over.
async fn empty(transaction: &mut Transaction<'_, Any>) -> Result<(), Failure> {
    for table in TABLES {
        let sql = format!("SELECT COUNT(*) FROM {}", table.name);
        let row = sqlx::query(AssertSqlSafe(sql))
            .fetch_one(&mut **transaction)
            .await
            .map_err(|error| broken(&error))?;
        let count: i64 = row.try_get(0).map_err(|error| broken(&error))?;
        if count > 0 {
            let text = format!(
                "the register holds {count} {} already; name a new one with --register",
                table.name
            );
            return Err(Failure::Setting(text));
        }
    }
    Ok(())
}

async fn put(
    transaction: &mut Transaction<'_, Any>,
    from: impl BufRead,
) -> Result<Counts, Failure> {
    let (mut hash, mut rows, mut counts) = (Sha256::new(), 0_u64, Counts::new());
    let mut schema = None;
    for (at, line) in from.lines().enumerate() {
        let number = at.saturating_add(1);
        let line = line.map_err(|error| wrong(number, &error.to_string(), "lines of text"))?;
        if let Ok(end) = serde_json::from_str::<End>(&line) {
            let sha256 = hexadecimal(&hash.finalize());
            return if end == (End { rows, sha256 }) {
                Ok(counts)
            } else {
                let found = "other lines than those that were written";
                Err(wrong(
                    number,
                    found,
                    "as many rows, and the SHA-256, of this line",
                ))
            };
        }
        hash.update(line.as_bytes());
        hash.update(b"\n");
        let Some(schema) = schema else {
            schema = Some(head(&line)?);
            continue;
        };
        let name = row(transaction, &line, schema, number).await?;
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(1);
        rows = rows.saturating_add(1);
    }
    let found = "the end before the last line";
    Err(wrong(0, found, "a whole backup; nothing was restored"))
}

/// The schema that a backup is of.
fn head(line: &str) -> Result<i64, Failure> {
    let head: Head = serde_json::from_str(line).map_err(|_| {
        let expected = "what `catchall register backup` wrote";
        wrong(1, "another first line", expected)
    })?;
    let newest = super::newest();
    if head.catchall_register > newest {
        let found = format!("a register of schema {}", head.catchall_register);
        let expected = format!("at most {newest}; a newer version of the program wrote it");
        return Err(wrong(1, &found, &expected));
    }
    Ok(head.catchall_register)
}

/// Puts back one row; the name of its table.
async fn row(
    transaction: &mut Transaction<'_, Any>,
    line: &str,
    schema: i64,
    number: usize,
) -> Result<&'static str, Failure> {
    let Line { table, mut row } = serde_json::from_str(line)
        .map_err(|error| wrong(number, &error.to_string(), "a row with its table"))?;
    let found = TABLES.iter().find(|known| known.name == table);
    let found = found.ok_or_else(|| {
        let expected = "a table of the register";
        wrong(number, &format!("the table `{table}`"), expected)
    })?;
    let columns: Vec<&Column> = found.columns_of(schema).collect();
    let sql = found.insert(&columns);
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for column in &columns {
        let value = row.remove(column.name).unwrap_or_default();
        query = bound(query, column.kind, value).map_err(|found| {
            let found = format!("{found} for `{}`", column.name);
            wrong(number, &found, "what the column holds")
        })?;
    }
    if let Some(key) = row.keys().next() {
        return Err(wrong(number, &format!("the column `{key}`"), "a known one"));
    }
    query
        .execute(&mut **transaction)
        .await
        .map_err(|error| wrong(number, &error.to_string(), "a row that can be put back"))?;
    Ok(found.name)
}

/// Binds a value to the next place; what was found instead where it does not fit there.
fn bound(
    query: Query<'_, Any, AnyArguments>,
    kind: Kind,
    value: Value,
) -> Result<Query<'_, Any, AnyArguments>, String> {
    match (kind, value) {
        (Kind::Text, Value::String(text)) => Ok(query.bind(text)),
        (Kind::Number, Value::Number(count)) => Ok(query.bind(count.as_i64())),
        (Kind::Packed, value) => Ok(query.bind(packed(&value)?)),
        (_, other) => Err(format!("`{other}`")),
    }
}

fn packed(value: &Value) -> Result<Option<Vec<u8>>, String> {
    let bytes = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone().into_bytes(),
        other => other
            .get("hexadecimal")
            .and_then(Value::as_str)
            .and_then(bytes_of)
            .ok_or_else(|| "another value".to_owned())?,
    };
    let packed = zstd::encode_all(bytes.as_slice(), LEVEL).map_err(|error| error.to_string())?;
    Ok(Some(packed))
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?).ok(),
        _ => None,
    };
    digits.as_bytes().chunks(2).map(pair).collect()
}

fn wrong(line: usize, found: &str, expected: &str) -> Failure {
    let mut diagnostic = Diagnostic::error(CODE, found, expected);
    "the backup".clone_into(&mut diagnostic.place.document);
    if line > 0 {
        diagnostic.found = format!("{found}, in line {line}");
    }
    Failure::Input(Problems::from(diagnostic.help("nothing was restored")))
}
