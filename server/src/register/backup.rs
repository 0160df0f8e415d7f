//! Takes a register out as text, and puts it into another one: a backup, and a way between databases.
//!
//! One JSON object a line: what it is a backup of, then each row with its table, then how many rows there
//! were and the SHA-256 of all lines before. Texts stand as they are, so that a backup can be read without
//! this program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Executor, Row};

use super::connect;
use super::tables::{Column, Kind, TABLES, Table};
use crate::access::hexadecimal;
use crate::app::now;
use crate::running::Failure;

/// How many rows of each table there were.
pub type Counts = BTreeMap<&'static str, u64>;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    /// The schema's number.
    pub(super) catchall_register: i64,
    engine: String,
    made_at: String,
}

/// A line with a row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'t> {
    pub(super) table: Cow<'t, str>,
    pub(super) row: Map<String, Value>,
}

/// The last line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) rows: u64,
    pub(super) sha256: String,
}

/// Lines that are written, with what the last one says of them.
struct Out<W> {
    to: W,
    hash: Sha256,
    rows: u64,
}

impl<W: Write> Out<W> {
    fn line(&mut self, line: &impl Serialize) -> Result<(), Failure> {
        let mut bytes = serde_json::to_vec(line).map_err(|error| unwritten(&error))?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        self.to.write_all(&bytes).map_err(|error| unwritten(&error))
    }

    fn end(mut self) -> Result<(), Failure> {
        let end = End {
            rows: self.rows,
            sha256: hexadecimal(&self.hash.clone().finalize()),
        };
        self.line(&end)?;
        self.to.flush().map_err(|error| unwritten(&error))
    }
}

/// Writes all that a register holds, as it is at one moment; the service may go on meanwhile.
pub(crate) async fn backup(url: &str, to: impl Write + Send) -> Result<Counts, Failure> {
    let mut connection = connect::one(&there(url)).await?;
    // One state of all tables, whatever is written meanwhile.
    let begin = if connect::is_sqlite(url) {
        "BEGIN"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    };
    connection.execute(begin).await.map_err(|e| broken(&e))?;
    let schema = schema(&mut connection).await?;
    let (hash, rows) = (Sha256::new(), 0);
    let mut out = Out { to, hash, rows };
    out.line(&Head {
        catchall_register: schema,
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now().to_string(),
    })?;
    let mut counts = Counts::new();
    for table in TABLES {
        let before = out.rows;
        write(&mut connection, table, schema, &mut out).await?;
        counts.insert(table.name, out.rows.saturating_sub(before));
    }
    out.end()?;
    connect::close(connection).await;
    Ok(counts)
}

/// A register that is there: none is made where there is none.
fn there(url: &str) -> String {
    url.replace("?mode=rwc", "?mode=rw")
}

/// The number of the schema that a register has.
async fn schema(connection: &mut AnyConnection) -> Result<i64, Failure> {
    let row = sqlx::query("SELECT MAX(version) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await
        .map_err(|error| Failure::Setting(format!("this is no register: {error}")))?;
    row.try_get(0).map_err(|error| broken(&error))
}

async fn write(
    connection: &mut AnyConnection,
    table: &Table,
    schema: i64,
    out: &mut Out<impl Write>,
) -> Result<(), Failure> {
    let columns: Vec<&Column> = table.columns_of(schema).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        names.join(", "),
        table.name,
        table.key
    );
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(connection);
    while let Some(row) = rows.next().await {
        let row = row.map_err(|error| broken(&error))?;
        let line = Line {
            table: table.name.into(),
            row: read(&row, &columns).map_err(|error| broken(&error))?,
        };
        out.line(&line)?;
        out.rows = out.rows.saturating_add(1);
    }
    Ok(())
}

fn read(row: &AnyRow, columns: &[&Column]) -> Result<Map<String, Value>, sqlx::Error> {
    let mut told = Map::new();
    for (at, column) in columns.iter().enumerate() {
        let value = match column.kind {
            Kind::Text => Value::String(row.try_get(at)?),
            Kind::Number => Value::from(row.try_get::<i64, _>(at)?),
            Kind::Packed => {
                let packed: Option<Vec<u8>> = row.try_get(at)?;
                packed.map_or(Ok(Value::Null), |packed| unpacked(&packed))?
            }
        };
        told.insert(column.name.to_owned(), value);
    }
    Ok(told)
}

/// A packed text as it was; what is no text in hexadecimal digits.
fn unpacked(packed: &[u8]) -> Result<Value, std::io::Error> {
    let bytes = zstd::decode_all(packed)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Value::String(text),
        Err(other) => serde_json::json!({"hexadecimal": hexadecimal(other.as_bytes())}),
    })
}

fn unwritten(error: &impl ToString) -> Failure {
    Failure::Output(format!(
        "the backup cannot be written: {}",
        error.to_string()
    ))
}

/// The database does not do what it is asked.
pub(super) fn broken(error: &sqlx::Error) -> Failure {
    Failure::Output(format!("the register cannot be used: {error}"))
}
