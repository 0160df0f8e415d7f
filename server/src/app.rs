//! What all requests share: law and data, the register, who may do what.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use catchall_engine::source::Problems;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;

use crate::access::Access;
use crate::jobs::Jobs;
use crate::problem::{Answer, INTERNAL, OVERLOADED, Problem};
use crate::register::Register;
use crate::traces::Traces;
use crate::world::{Material, World};

/// Reads law and data again from where they come from.
pub type Loader = Arc<dyn Fn() -> Result<Material, Problems> + Send + Sync>;

/// What all requests share.
pub(crate) struct App {
    /// Law and data now.
    pub(crate) world: ArcSwap<World>,
    pub(crate) register: Register,
    pub(crate) access: Access,
    /// Where law and data come from.
    pub(crate) load: Loader,
    /// Whether the last attempt to load them failed, so that older ones are in use.
    pub(crate) load_failed: AtomicBool,
    /// Tables that are screened as jobs.
    pub(crate) jobs: Jobs,
    /// Threads of a job.
    pub(crate) threads: NonZeroUsize,
    /// Permits for requests that are answered at the same time.
    pub(crate) room: Arc<Semaphore>,
    /// Permits for long work at the same time.
    pub(crate) workers: Semaphore,
    /// After how many days data are stale.
    pub(crate) stale_after_days: u32,
    pub(crate) metrics: PrometheusHandle,
    /// Where spans of requests go.
    pub(crate) traces: Traces,
    /// A state of law and data that was kept and is no longer in use: the last that was asked for.
    earlier: ArcSwap<Option<Arc<World>>>,
}

/// Shared by all requests.
pub(crate) type Shared = Arc<App>;

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("register", &self.register)
            .finish_non_exhaustive()
    }
}

/// Sizes of what all requests share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) requests: usize,
    pub(crate) workers: NonZeroUsize,
    pub(crate) stale_after_days: u32,
}

impl App {
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a part of its own, and this is the one place where they meet"
    )]
    pub(crate) fn new(
        world: World,
        load: Loader,
        register: Register,
        access: Access,
        jobs: Jobs,
        sizes: Sizes,
        metrics: PrometheusHandle,
        traces: Traces,
    ) -> Self {
        Self {
            world: ArcSwap::from_pointee(world),
            register,
            access,
            load,
            load_failed: AtomicBool::new(false),
            jobs,
            threads: sizes.workers,
            room: Arc::new(Semaphore::new(sizes.requests)),
            workers: Semaphore::new(sizes.workers.get()),
            stale_after_days: sizes.stale_after_days,
            metrics,
            traces,
            earlier: ArcSwap::from_pointee(None),
        }
    }

    /// Loads law and data again. What is in use stays in use if anything is wrong with them.
    pub(crate) async fn reload(&self) -> Answer<Arc<World>> {
        let load = Arc::clone(&self.load);
        let loading = tokio::task::spawn_blocking(move || World::load(load()?));
        let loaded = loading
            .await
            .map_err(|_| Problem::new(&INTERNAL, "law and data cannot be loaded"))?;
        self.load_failed.store(loaded.is_err(), Ordering::Relaxed);
        let world = Arc::new(loaded.map_err(|problems| {
            // Law and data are no secret: what is wrong with them may be logged.
            let wrong = problems.to_string();
            tracing::error!(target: "reload", wrong, "what is in use stays in use");
            Problem::of(&problems)
        })?);
        tracing::info!(target: "reload", edition = %world.edition, "law and data are loaded");
        self.world.store(Arc::clone(&world));
        Ok(world)
    }

    /// The state of law and data of a hash: the one in use, or one that was kept.
    pub(crate) async fn edition(&self, edition: &str) -> Answer<Arc<World>> {
        let current = self.world.load_full();
        if current.edition == edition {
            return Ok(current);
        }
        if let Some(earlier) = self.earlier.load().as_ref()
            && earlier.edition == edition
        {
            return Ok(Arc::clone(earlier));
        }
        let world = Arc::new(self.register.world(edition).await?);
        self.earlier.store(Arc::new(Some(Arc::clone(&world))));
        Ok(world)
    }

    /// Does work: at once where it is short, else on a thread of its own, so that others are answered.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        short: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Answer<T> {
        if short {
            return Ok(work());
        }
        let permit = self.workers.acquire().await.map_err(|_| overloaded())?;
        let done = tokio::task::spawn_blocking(work).await;
        drop(permit);
        done.map_err(|_| Problem::new(&INTERNAL, "the work was broken off"))
    }
}

/// There is more work than can be done now.
pub(crate) fn overloaded() -> Problem {
    Problem::new(&OVERLOADED, "try again later").after(1)
}

/// The time now. Only the service reads the clock; the engine is told days.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
