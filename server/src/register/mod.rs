//! The register: what was asked and kept, and what an authority decided beside it.
//!
//! One code for SQLite and PostgreSQL. Whatever is written goes through one task, which puts what waits
//! into one transaction and answers only once that is durable.

mod decision;
mod documents;
mod reading;
mod record;
mod search;
mod tokens;
mod writing;

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Executor, Pool};
use tokio::sync::mpsc;

pub(crate) use decision::{Decision, Kind, Stated};
pub(crate) use record::{Bounds, OPEN, Record, stands};
pub(crate) use search::{Page, Search};
pub(crate) use writing::{Compressed, Decide, Idempotency, Keep, Outcome, Write};

use crate::problem::{Answer, OVERLOADED, Problem, REGISTER};

/// Writes that may wait; past it, callers are asked to come again.
const WAITING: usize = 4_096;
/// Connections for reading.
const READERS: u32 = 8;
/// How long a request waits for the database.
const PATIENCE: Duration = Duration::from_secs(5);
/// After how many seconds to try again.
const RETRY: u32 = 5;

/// The register.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    pool: Pool<Any>,
    sqlite: bool,
    queue: mpsc::Sender<Write>,
}

impl Register {
    /// Opens the register at a URL, makes it if it is new, and brings its schema up to date.
    pub(crate) async fn open(url: &str) -> Result<Self, String> {
        let pool = connect(url, READERS).await?;
        migrate(&pool).await?;
        let (queue, waiting) = mpsc::channel(WAITING);
        // The writer has a connection of its own, so that it never waits for readers.
        tokio::spawn(writing::run(connect(url, 1).await?, waiting));
        Ok(Self {
            pool,
            sqlite: is_sqlite(url),
            queue,
        })
    }

    /// Hands over something to write; answers when it is durable.
    pub(crate) async fn write<T>(
        &self,
        make: impl FnOnce(writing::Reply<T>) -> Write,
    ) -> Answer<T> {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.queue
            .try_send(make(reply))
            .map_err(|_| Problem::new(&OVERLOADED, "too much waits to be written").after(RETRY))?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Whether the database answers.
    pub(crate) async fn is_there(&self) -> bool {
        let asked = sqlx::query("SELECT 1").execute(&self.pool);
        matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok(_)))
    }

    /// Writes that wait now.
    pub(crate) fn waiting(&self) -> usize {
        WAITING.saturating_sub(self.queue.capacity())
    }

    /// Waits until everything that was handed over is written.
    pub(crate) async fn close(&self) {
        let (reply, written) = tokio::sync::oneshot::channel();
        if self.queue.send(Write::Nothing(reply)).await.is_ok() {
            let _ = written.await;
        }
        if self.sqlite {
            // Everything in the one file, so that it can be copied; without it nothing is lost either.
            let _ = self.pool.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
        self.pool.close().await;
    }
}

/// SQLite: readers and the writer do not wait for one another, and a commit is on the disk when it returns.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";

async fn connect(url: &str, connections: u32) -> Result<AnyPool, String> {
    sqlx::any::install_default_drivers();
    let wrong = |error: sqlx::Error| format!("`{}`: {error}", without_password(url));
    let options = AnyConnectOptions::from_str(url).map_err(wrong)?;
    let sqlite = is_sqlite(url);
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if sqlite {
                    connection.execute(PRAGMAS).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(wrong)
}

async fn migrate(pool: &AnyPool) -> Result<(), String> {
    sqlx::migrate!("./migrations")
        .run(pool)
        .await
        .map_err(|error| format!("the register cannot be brought up to date: {error}"))
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
        _ => url.to_owned(),
    }
}

/// The register cannot be reached; nothing was kept.
fn lost() -> Problem {
    Problem::new(&REGISTER, "try again with the same idempotency key").after(RETRY)
}

/// Tells the log what is wrong with the database, and the caller to come again.
fn unavailable(error: &sqlx::Error) -> Problem {
    tracing::error!(target: "register", error = %error, "the register cannot be used");
    lost()
}
