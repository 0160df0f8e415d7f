//! Starts the service, and stops it without losing what was begun.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use catchall_engine::source::Problems;
use hyper_util::rt::TokioTimer;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use rustls::ServerConfig;
use tokio::task::JoinHandle;

use crate::access::{Access, Oidc, Role, Token};
use crate::app::{App, Loader, Shared, Sizes, now};
use crate::config::Config;
use crate::fetch::Address;
use crate::http;
use crate::jobs::{self, Jobs};
use crate::register::{Idempotency, Register, What};
use crate::traces::Traces;
use crate::world::World;

/// How long a caller may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// How often tokens are read again, so that one that was revoked elsewhere ends here too, and figures summed up.
const UPKEEP: Duration = Duration::from_secs(10);

/// Why the service cannot run.
#[derive(Debug)]
pub enum Failure {
    /// Something is wrong with law or data.
    Input(Problems),
    /// What was set cannot be used: a setting, the register or the network.
    Setting(String),
    /// Something cannot be written.
    Output(String),
    /// Something broke that is nobody's doing.
    Internal(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(problems) => problems.fmt(f),
            Self::Setting(text) | Self::Output(text) | Self::Internal(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Setting(text)
    }
}

/// Something broke that is nobody's doing.
pub(crate) fn internal(error: &impl ToString) -> Failure {
    Failure::Internal(error.to_string())
}

/// A service that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The token of a register that had none with which others are given out: shown once.
    pub first_token: Option<String>,
    app: Shared,
    handle: Handle<SocketAddr>,
    server: JoinHandle<std::io::Result<()>>,
    stop: Duration,
}

impl Running {
    /// Starts a service.
    pub async fn start(config: Config, load: Loader) -> Result<Self, Failure> {
        let loading = Arc::clone(&load);
        let world = tokio::task::spawn_blocking(move || World::load(loading()?));
        let register = Register::open(&config.register).await?;
        let world = world.await.map_err(|error| internal(&error))??;
        let oidc = match config.oidc.clone() {
            Some(issuer) => Some(Oidc::open(issuer).await?),
            None => None,
        };
        let traces = traces(&config)?;
        let access = Access::new(oidc, &config.limits);
        let first_token = first_token(&register).await?;
        access.know(
            register
                .tokens()
                .await
                .map_err(|problem| problem.title.to_owned())?,
        );
        let sizes = Sizes {
            requests: config.requests,
            workers: config.workers,
            stale_after_days: config.stale_after_days,
        };
        let (jobs, waiting) = Jobs::open(&config.jobs).map_err(|error| {
            format!(
                "jobs: {}: {error}; expected a folder",
                config.jobs.display()
            )
        })?;
        let metrics = recorder().map_err(Failure::Internal)?;
        let app = App::new(world, load, register, access, jobs, sizes, metrics, traces);
        let app = Arc::new(app);
        let handle = Handle::new();
        let server = listen(&config, http::router(&app), handle.clone()).await?;
        let listening = handle.listening().await;
        let Some(address) = listening else {
            return Err(refused(&config, server).await.into());
        };
        tokio::spawn(keep_up(Arc::downgrade(&app)));
        tokio::spawn(jobs::work(Arc::downgrade(&app), waiting));
        Ok(Self {
            address,
            first_token,
            app,
            handle,
            server,
            stop: Duration::from_secs(u64::from(config.stop_seconds)),
        })
    }

    /// Loads law and data again; what is in use stays in use if anything is wrong with them.
    pub async fn reload(&self) {
        let _ = self.app.reload().await;
    }

    /// Takes no more requests, lets those that run end, and closes the register.
    pub async fn stop(self) {
        self.app.jobs.close();
        self.handle.graceful_shutdown(Some(self.stop));
        let _ = self.server.await;
        self.app.traces.flush().await;
        self.app.register.close().await;
    }
}

/// Where spans go, if they go anywhere.
fn traces(config: &Config) -> Result<Traces, String> {
    let read =
        |text: &String| Address::read(text, None).map_err(|error| format!("traces: {error}"));
    Ok(Traces::to(config.traces.as_ref().map(read).transpose()?))
}

async fn refused(config: &Config, server: JoinHandle<std::io::Result<()>>) -> String {
    let why = match server.await {
        Ok(Err(error)) => error.to_string(),
        _ => "nothing is said why".to_owned(),
    };
    format!(
        "listen: {} cannot be listened on: {why}; expected an address of this machine with a free port; \
         see --listen",
        config.listen
    )
}

async fn listen(
    config: &Config,
    router: Router,
    handle: Handle<SocketAddr>,
) -> Result<JoinHandle<std::io::Result<()>>, String> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let Some((certificate, key)) = &config.tls else {
        let mut server = axum_server::bind(config.listen).handle(handle).http1_only();
        patience(server.http_builder());
        return Ok(tokio::spawn(server.serve(service)));
    };
    // Where another provider was set before, that one serves as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let tls = RustlsConfig::from_pem_file(certificate, key)
        .await
        .map_err(|error| {
            format!(
                "TLS, {} and {}: {error}",
                certificate.display(),
                key.display()
            )
        })?;
    let mut alone = ServerConfig::clone(&tls.get_inner());
    alone.alpn_protocols = vec![b"http/1.1".to_vec()];
    tls.reload_from_config(Arc::new(alone));
    let mut server = axum_server::bind_rustls(config.listen, tls)
        .handle(handle)
        .http1_only();
    patience(server.http_builder());
    Ok(tokio::spawn(server.serve(service)))
}

fn patience<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD);
}

/// Makes a token for a register with none that could give out others, so that nobody is ever locked out.
async fn first_token(register: &Register) -> Result<Option<String>, String> {
    let told = |problem: crate::problem::Problem| format!("the register: {}", problem.title);
    let tokens = register.tokens().await.map_err(told)?;
    let gives_out = |token: &Token| token.role == Role::SeniorOfficer && token.scopes.is_empty();
    if tokens
        .iter()
        .any(|token| gives_out(token) && token.is_valid(now()))
    {
        return Ok(None);
    }
    let made = Token::make(
        "first".to_owned(),
        Role::SeniorOfficer,
        Vec::new(),
        None,
        now(),
    )?;
    let token = made.token;
    register
        .write(Idempotency::none("first"), What::GiveToken(Box::new(token)))
        .await
        .map_err(told)?;
    Ok(Some(made.text))
}

async fn keep_up(app: std::sync::Weak<App>) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        let Some(app) = app.upgrade() else { return };
        // Every time that was measured waits to be summed up; else they would pile up until somebody reads them.
        app.metrics.run_upkeep();
        if let Ok(tokens) = app.register.tokens().await {
            app.access.know(tokens);
        }
    }
}

/// The counter of everything, one for the process.
fn recorder() -> Result<PrometheusHandle, String> {
    static RECORDER: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|error| error.to_string())?;
        Ok(handle)
    };
    RECORDER.get_or_init(install).clone()
}

/// Runs a service until it is asked to stop; `say` is told when it listens.
pub fn serve(
    config: Config,
    load: Loader,
    say: impl FnOnce(&Running) + Send,
) -> Result<(), Failure> {
    log(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| internal(&error))?;
    runtime.block_on(async {
        // Signals are listened for before anybody can know that there is somebody to signal.
        let mut signals = Signals::listen()?;
        let running = tokio::select! {
            started = Running::start(config, load) => started?,
            stop = signals.until_asked_to_stop(None) => return stop,
        };
        say(&running);
        signals.until_asked_to_stop(Some(&running)).await?;
        running.stop().await;
        Ok(())
    })
}

/// What the system may ask of the service.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| internal(&error));
        let kinds = [
            listen(SignalKind::terminate())?,
            listen(SignalKind::interrupt())?,
            listen(SignalKind::hangup())?,
        ];
        Ok(Self(kinds))
    }

    /// A service that is still starting has nothing to load again.
    async fn until_asked_to_stop(&mut self, running: Option<&Running>) -> Result<(), Failure> {
        let [end, interrupt, again] = &mut self.0;
        loop {
            tokio::select! {
                _ = end.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
                _ = again.recv() => if let Some(running) = running {
                    running.reload().await;
                },
            }
        }
    }
}

/// What the system may ask of the service.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Result<Self, Failure> {
        Ok(Self)
    }

    async fn until_asked_to_stop(&mut self, _: Option<&Running>) -> Result<(), Failure> {
        tokio::signal::ctrl_c()
            .await
            .map_err(|error| internal(&error))
    }
}

/// Logs to standard error, one JSON object a line. Nothing that was sent is ever logged.
fn log(level: &str) -> Result<(), String> {
    let filter = tracing_subscriber::EnvFilter::try_new(level)
        .map_err(|error| format!("log: `{level}`: {error}"))?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .map_err(|error| error.to_string())
}
