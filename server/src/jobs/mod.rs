//! Tables as jobs: each in a folder of its own, screened one after another, gone on with after a restart.

mod run;
mod state;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::{mpsc, watch};

pub(crate) use state::{Output, Phase, Progress, Spec};

use crate::app::App;

/// What a job is, in its folder.
const SPEC: &str = "job.json";
/// How it ended, in its folder; not there before it did.
const END: &str = "end.json";
/// The table that was sent.
const INPUT: &str = "input";

/// A job.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) spec: Spec,
    pub(crate) folder: PathBuf,
    /// How far it has come.
    progress: watch::Sender<Progress>,
    /// Set to stop it; it can go on later.
    stop: AtomicBool,
    /// Whether it is not to go on later.
    cancelled: AtomicBool,
}

/// All jobs.
#[derive(Debug)]
pub(crate) struct Jobs {
    folder: PathBuf,
    all: Mutex<BTreeMap<String, Arc<Job>>>,
    queue: mpsc::UnboundedSender<Arc<Job>>,
    closing: AtomicBool,
}

/// Jobs that wait to be run.
pub(crate) type Waiting = mpsc::UnboundedReceiver<Arc<Job>>;

impl Job {
    fn new(spec: Spec, folder: PathBuf, progress: Progress) -> Self {
        Self {
            spec,
            folder,
            progress: watch::Sender::new(progress),
            stop: AtomicBool::new(false),
            cancelled: AtomicBool::new(false),
        }
    }

    /// How far it has come.
    pub(crate) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Tells whenever it has come further.
    pub(crate) fn follow(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// A file of it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn end(&self, progress: Progress) -> io::Result<()> {
        state::write(&self.folder, END, &progress)?;
        self.progress.send_replace(progress);
        Ok(())
    }
}

impl Jobs {
    /// Finds the jobs of a folder; those that did not end are run again from where they were.
    pub(crate) fn open(folder: &Path) -> io::Result<(Self, Waiting)> {
        let (queue, waiting) = mpsc::unbounded_channel();
        let mut all = BTreeMap::new();
        for job in state::found(folder)? {
            let job = Arc::new(job);
            if !job.progress().phase.is_end() {
                let _ = queue.send(Arc::clone(&job));
            }
            all.insert(job.spec.id.clone(), job);
        }
        let jobs = Self {
            folder: folder.to_path_buf(),
            all: Mutex::new(all),
            queue,
            closing: AtomicBool::new(false),
        };
        Ok((jobs, waiting))
    }

    /// The folder for a new job, in which its table can be put.
    pub(crate) fn make(&self, id: &str) -> io::Result<PathBuf> {
        let folder = self.folder.join(id);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Where the table of a job is put.
    pub(crate) fn input(folder: &Path) -> PathBuf {
        folder.join(INPUT)
    }

    /// Begins a job whose table is there.
    pub(crate) fn begin(&self, spec: Spec, folder: PathBuf) -> io::Result<Arc<Job>> {
        state::write(&folder, SPEC, &spec)?;
        let progress = Progress::new(&spec);
        let job = Arc::new(Job::new(spec, folder, progress));
        if let Ok(mut all) = self.all.lock() {
            all.insert(job.spec.id.clone(), Arc::clone(&job));
        }
        let _ = self.queue.send(Arc::clone(&job));
        Ok(job)
    }

    /// A job by its number.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Job>> {
        self.all.lock().ok()?.get(id).cloned()
    }

    /// Stops a job, and throws away all of it.
    pub(crate) fn cancel(&self, job: &Job) -> io::Result<()> {
        job.cancelled.store(true, Ordering::Relaxed);
        job.stop.store(true, Ordering::Relaxed);
        let mut cancelled = job.progress();
        cancelled.phase = Phase::Cancelled;
        job.progress.send_replace(cancelled);
        if let Ok(mut all) = self.all.lock() {
            all.remove(&job.spec.id);
        }
        // A run that has not noticed yet throws the rest away when it does.
        std::fs::remove_dir_all(&job.folder)
    }

    /// Stops all jobs where they can go on.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        if let Ok(all) = self.all.lock() {
            all.values()
                .for_each(|job| job.stop.store(true, Ordering::Relaxed));
        }
    }
}

/// Runs jobs one after another, until the service ends.
pub(crate) async fn work(app: Weak<App>, mut waiting: Waiting) {
    while let Some(job) = waiting.recv().await {
        let Some(app) = app.upgrade() else { return };
        if app.jobs.closing.load(Ordering::Relaxed) {
            return;
        }
        let world = app.world.load_full();
        let threads = app.threads;
        drop(app);
        let _ = tokio::task::spawn_blocking(move || run::run(&job, &world, threads)).await;
    }
}
