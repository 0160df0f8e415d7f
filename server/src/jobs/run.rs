//! Runs one job with the tables' own machinery.

use std::num::NonZeroUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use catchall_engine::bulk::{Profile, Stated};
use catchall_engine::shipped;
use catchall_engine::time::Date;
use catchall_tables::{Ending, Failure, Targets, Wanted, Watch};

use super::{Job, Jobs, Output, Phase};
use crate::world::World;

/// How often it is kept how far a job has come: more than this is never done twice.
const PACE: Duration = Duration::from_secs(1);

/// Tells whoever follows a job how far it has come.
#[derive(Debug)]
struct Follower<'j>(&'j Job);

impl Watch for Follower<'_> {
    fn read(&self, bytes: u64) {
        let progress = &self.0.progress;
        progress.send_modify(|now| now.read = now.read.saturating_add(bytes));
    }

    fn records(&self, records: u64) {
        let progress = &self.0.progress;
        progress.send_modify(|now| now.records = now.records.saturating_add(records));
    }
}

/// Runs a job to its end, or to where it is stopped.
pub(super) fn run(job: &Job, world: &World, threads: NonZeroUsize) {
    if job.stop.load(Ordering::Relaxed) {
        return;
    }
    job.progress.send_modify(|now| now.phase = Phase::Running);
    let ended = screen(job, world, threads);
    if job.cancelled.load(Ordering::Relaxed) {
        // It may be gone already.
        let _ = std::fs::remove_dir_all(&job.folder);
        return;
    }
    let mut progress = job.progress();
    match ended {
        Ok(Ending::Stopped { .. }) => return,
        Ok(Ending::Complete(_)) => progress.phase = Phase::Done,
        Err(failure) => {
            progress.phase = Phase::Failed;
            progress.why = Some(told(failure));
        }
    }
    if job.end(progress).is_err() {
        tracing::error!(target: "jobs", "how a job ended cannot be written");
    }
}

fn screen(job: &Job, world: &World, threads: NonZeroUsize) -> Result<Ending, Failure> {
    let spec = &job.spec;
    let profile = Profile::compile(&shipped::profile(&spec.profile)?, &world.library)?;
    let rulesets = world
        .chosen(&spec.rulesets)
        .map_err(|unknown| Failure::Usage(format!("the ruleset `{unknown}` is no longer there")))?;
    let day = |day: &Option<String>| day.as_deref().and_then(Date::parse);
    let targets = Targets {
        output: Some(job.file(spec.output.file())),
        rejects: Some(job.file("rejects.csv")),
        summary: Some(job.file("summary.json")),
        ..Targets::default()
    };
    catchall_tables::screen(&catchall_tables::Job {
        profile: &profile,
        library: &world.library,
        rulesets: &rulesets,
        against: None,
        stated: Stated {
            as_of: day(&spec.as_of),
            known_at: day(&spec.known_at),
        },
        inputs: &[Jobs::input(&job.folder)],
        targets: &targets,
        wanted: &Wanted::default(),
        reporter: None,
        force: spec.output == Output::Parquet,
        resume: spec.output != Output::Parquet,
        threads,
        pace: PACE,
        stop: &job.stop,
        watch: &Follower(job),
    })
}

/// Why a job failed, without the service's own paths.
fn told(failure: Failure) -> String {
    match failure {
        Failure::Input(problems) => {
            let each = problems.iter().map(|one| {
                let help = one.help.as_deref().map(|help| format!("; {help}"));
                format!(
                    "{}: {}; expected {}{}",
                    one.code,
                    one.found,
                    one.expected,
                    help.unwrap_or_default()
                )
            });
            each.collect::<Vec<_>>().join("\n")
        }
        Failure::Usage(text) => text,
        Failure::Output(_) => "the results cannot be written; try again later".to_owned(),
    }
}
