//! Reaches a database, and says what is wrong where it cannot be reached.

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Executor};
use tokio::time::{Instant, sleep, timeout};

/// How long a request waits for the database.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How long a start waits for a database that does not answer: it may be starting too.
const START: Duration = Duration::from_secs(30);
/// How long a start waits between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

/// SQLite: readers and the writer do not wait for one another, and a commit is on the disk when it returns.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";

/// Connections to a database that answered once.
pub(super) async fn pool(url: &str, connections: u32) -> Result<AnyPool, String> {
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
        .connect_with(options(url)?)
        .await
        .map_err(|error| wrong(url, &error))
}

/// One connection. A server that does not answer is asked again for a while; each time the log says so.
pub(super) async fn one(url: &str) -> Result<AnyConnection, String> {
    let (options, named) = (options(url)?, without_password(url));
    tracing::info!(target: "register", register = named, "the register is opened");
    let started = Instant::now();
    loop {
        let error = match timeout(PATIENCE, options.connect()).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => error,
            Err(_) => sqlx::Error::PoolTimedOut,
        };
        let left = START.saturating_sub(started.elapsed());
        if left.is_zero() || is_sqlite(url) || !may_pass(&error) {
            return Err(wrong(url, &error));
        }
        let (error, seconds) = (told(&error), left.as_secs());
        tracing::warn!(target: "register", register = named, error, "no answer; tried again for {seconds} s");
        sleep(PAUSE.min(left)).await;
    }
}

/// The writer's own connection, so that it never waits for readers; made when it is needed.
#[derive(Debug)]
pub(super) struct Link {
    options: AnyConnectOptions,
    sqlite: bool,
    connection: Option<AnyConnection>,
}

impl Link {
    pub(super) fn new(url: &str) -> Result<Self, String> {
        Ok(Self {
            options: options(url)?,
            sqlite: is_sqlite(url),
            connection: None,
        })
    }

    /// A connection that answers. Whoever does not give it back had no luck with it.
    pub(super) async fn take(&mut self) -> Result<AnyConnection, sqlx::Error> {
        let taken = timeout(PATIENCE, self.fresh_or_known()).await;
        taken.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    /// Gives back a connection on which nothing is open.
    pub(super) fn give_back(&mut self, connection: AnyConnection) {
        self.connection = Some(connection);
    }

    async fn fresh_or_known(&mut self) -> Result<AnyConnection, sqlx::Error> {
        if let Some(mut known) = self.connection.take()
            && known.ping().await.is_ok()
        {
            return Ok(known);
        }
        let mut fresh = self.options.connect().await?;
        if self.sqlite {
            fresh.execute(PRAGMAS).await?;
        }
        Ok(fresh)
    }
}

/// Closes a connection; whatever is wrong with that changes nothing.
pub(super) async fn close(connection: AnyConnection) {
    let _ = connection.close().await;
}

fn options(url: &str) -> Result<AnyConnectOptions, String> {
    sqlx::any::install_default_drivers();
    AnyConnectOptions::from_str(url).map_err(|error| wrong(url, &error))
}

/// Whether an attempt may succeed later: the server is not there, does not answer, or is starting.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code == "57P03"),
        _ => false,
    }
}

fn told(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::PoolTimedOut => format!("no answer within {} s", PATIENCE.as_secs()),
        other => other.to_string(),
    }
}

fn wrong(url: &str, error: &sqlx::Error) -> String {
    let expected = if is_sqlite(url) {
        "a file, in a folder that is there and may be written"
    } else {
        "postgres://USER:PASSWORD@HOST/NAME of a database that runs and may be used"
    };
    format!(
        "the register `{}`: {}; expected {expected}; see --register",
        without_password(url),
        told(error)
    )
}

/// Whether a URL names a file of SQLite.
pub(super) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

fn without_password(url: &str) -> String {
    let file = url.strip_prefix("sqlite:");
    match (file, url.split_once("://"), url.rsplit_once('@')) {
        (Some(file), ..) => file.split('?').next().unwrap_or(file).to_owned(),
        (_, Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn no_password_is_told() {
        let told = without_password("postgres://user:pass@word@host/name");
        assert_eq!(told, "postgres://…@host/name");
        assert_eq!(without_password("sqlite:a.db?mode=rwc"), "a.db");
    }
}
