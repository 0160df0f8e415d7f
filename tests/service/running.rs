//! Services to talk to: one on SQLite, one on PostgreSQL where there is one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use catchall_server::{Config, Layer, Limits, Material, Role, Running};
use catchall_tests::http::Client;
use catchall_tests::program::folder;
use serde_json::json;
use tokio::runtime::Runtime;

/// Names the PostgreSQL server that the suites may use: a URL of a database in which they may make others.
const POSTGRES: &str = "CATCHALL_TEST_POSTGRES";

/// A service that runs as long as the suite.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// Its register: a file or a URL.
    pub(crate) register: String,
    /// A caller with the first token, a senior officer.
    pub(crate) senior: Client,
    _running: Running,
}

impl Service {
    /// A caller without a token.
    pub(crate) fn public(&self) -> Client {
        Client {
            token: None,
            ..self.senior.clone()
        }
    }

    /// A caller of a role.
    pub(crate) fn caller(&self, role: &str) -> Client {
        if role == "public" {
            return self.public();
        }
        let wanted = json!({"name": format!("{role} of a test"), "role": role});
        let given = self.senior.post("/v1/tokens", &[], &wanted).unwrap();
        assert_eq!(given.status, 201, "{}", given.text());
        self.senior.with(given.json()["secret"].as_str().unwrap())
    }
}

/// Every database that is there.
pub(crate) fn services() -> &'static [Service] {
    static SERVICES: OnceLock<Vec<Service>> = OnceLock::new();
    SERVICES.get_or_init(|| {
        let on = |register: String| Layer {
            register: Some(register),
            ..Layer::default()
        };
        let postgres = postgres("service").map(|url| start("postgres", on(url)));
        std::iter::once(start("sqlite", Layer::default()))
            .chain(postgres)
            .collect()
    })
}

/// The service on SQLite, where the database makes no difference.
pub(crate) fn service() -> &'static Service {
    &services()[0]
}

/// A folder for the suite.
pub(crate) fn place() -> PathBuf {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    let make = || folder(env!("CARGO_TARGET_TMPDIR"), "service", "databases");
    PLACE.get_or_init(make).clone()
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// Waits for what is done with a database.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    runtime().block_on(work)
}

/// A new database on the PostgreSQL server, if there is one.
pub(crate) fn postgres(name: &str) -> Option<String> {
    let Ok(server) = std::env::var(POSTGRES) else {
        #[expect(clippy::print_stderr, reason = "a skipped test says why")]
        {
            eprintln!("skipped: {POSTGRES} names no PostgreSQL server");
        }
        return None;
    };
    let database = format!("catchall_{name}_{}", std::process::id());
    runtime().block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&server).await.unwrap();
        let make = format!("CREATE DATABASE {database}");
        sqlx::query(sqlx::AssertSqlSafe(make))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    });
    let (before, _) = server.rsplit_once('/').unwrap();
    Some(format!("{before}/{database}"))
}

/// Starts a service with these settings; what they leave out is a register and a folder of its own.
pub(crate) fn start(name: &'static str, settings: Layer) -> Service {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // Many tests ask at the same time.
    let generous = Role::ALL.map(|role| {
        let limits = Limits {
            requests_per_second: 100_000,
            burst: 100_000,
            ..Limits::of(role)
        };
        (role, limits)
    });
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let own = place().join(format!("{name}-{number}"));
    std::fs::create_dir_all(&own).unwrap();
    let layer = settings.over(Layer {
        listen: Some("127.0.0.1:0".to_owned()),
        register: Some(own.join("register.db").display().to_string()),
        jobs: Some(own.join("jobs")),
        limits: BTreeMap::from(generous),
        ..Layer::default()
    });
    let register = layer.register.clone().unwrap();
    let config = Config::try_from(layer).unwrap();
    let starting = Running::start(config, Arc::new(Material::shipped));
    let running = runtime().block_on(starting).unwrap();
    Service {
        name,
        register,
        senior: Client {
            address: running.address,
            token: running.first_token.clone(),
        },
        _running: running,
    }
}
