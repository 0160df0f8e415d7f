//! The register: what was asked and kept, and what an authority decided beside it.
//!
//! One code for SQLite and PostgreSQL. Whatever is written goes through one task, which puts what waits
//! into one transaction and answers only once that is durable.

mod backup;
mod connect;
mod decision;
mod documents;
mod reading;
mod record;
mod restore;
mod search;
mod tables;
mod tokens;
mod writing;

use sqlx::migrate::Migrator;
use sqlx::{Any, AnyPool, Executor, Pool};
use tokio::sync::mpsc;

pub use backup::Counts;
pub(crate) use backup::backup;
pub(crate) use decision::{Decision, Kind, Stated};
pub(crate) use record::{Bounds, OPEN, Record, stands};
pub(crate) use restore::restore;
pub(crate) use search::{Page, Search};
pub(crate) use writing::{Compressed, Decide, Idempotency, Keep, Outcome, What};

use connect::Link;
use writing::Write;

use crate::problem::{Answer, OVERLOADED, Problem, REGISTER};

/// Writes that may wait; past it, callers are asked to come again.
const WAITING: usize = 4_096;
/// Connections for reading.
const READERS: u32 = 8;
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
        connect::close(connect::one(url).await?).await;
        let pool = connect::pool(url, READERS).await?;
        migrate(&pool).await?;
        let (queue, waiting) = mpsc::channel(WAITING);
        // The writer has a connection of its own, so that it never waits for readers.
        tokio::spawn(writing::run(Link::new(url)?, waiting));
        Ok(Self {
            pool,
            sqlite: connect::is_sqlite(url),
            queue,
        })
    }

    /// Hands over something to write; answers when it is durable. What was written under the key before is not
    /// written again.
    pub(crate) async fn write(&self, idempotency: Idempotency, what: What) -> Answer<Outcome> {
        let (write, answer) = Write::new(idempotency, what);
        self.queue
            .try_send(write)
            .map_err(|_| Problem::new(&OVERLOADED, "too much waits to be written").after(RETRY))?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Whether the database answers.
    pub(crate) async fn is_there(&self) -> bool {
        let asked = sqlx::query("SELECT 1").execute(&self.pool);
        matches!(
            tokio::time::timeout(connect::PATIENCE, asked).await,
            Ok(Ok(_))
        )
    }

    /// Writes that wait now.
    pub(crate) fn waiting(&self) -> usize {
        WAITING.saturating_sub(self.queue.capacity())
    }

    /// Waits until everything that was handed over is written.
    pub(crate) async fn close(&self) {
        let (nothing, written) = Write::new(Idempotency::none(""), What::Nothing);
        if self.queue.send(nothing).await.is_ok() {
            let _ = written.await;
        }
        if self.sqlite {
            // Everything in the one file, so that it can be copied; without it nothing is lost either.
            let _ = self.pool.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
        self.pool.close().await;
    }
}

/// The steps from nothing to the present schema.
static STEPS: Migrator = sqlx::migrate!("./migrations");

/// The number of the present schema.
fn newest() -> i64 {
    STEPS.iter().map(|step| step.version).max().unwrap_or(0)
}

async fn migrate(pool: &AnyPool) -> Result<(), String> {
    STEPS.run(pool).await.map_err(|error| {
        let help = "use the version of the program that wrote it, or one that is newer";
        format!("the register cannot be brought up to date: {error}; {help}")
    })
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
