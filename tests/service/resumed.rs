//! A table that is being screened when the service is killed: it is gone on with, and ends in the same bytes.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use catchall_tests::http::Client;
use catchall_tests::program::folder;
use catchall_tests::root;

use crate::process::Process;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// A table in which the sample's records stand so many times.
fn table(times: usize) -> Vec<u8> {
    let sample = std::fs::read_to_string(root().join("data/samples/trade-sample.csv")).unwrap();
    let (head, records) = sample.split_once('\n').unwrap();
    format!("{head}\n{}", records.repeat(times)).into_bytes()
}

fn begin(client: &Client, table: &[u8]) -> String {
    let path = "/v1/jobs?profile=stats-nz&ruleset=eu-dual-use";
    let headers = [("content-type", "text/csv")];
    let begun = client.send("POST", path, &headers, table).unwrap();
    assert_eq!(begun.status, 201, "{}", begun.text());
    begun.header("location").to_owned()
}

fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until a job is done.
fn done(client: &Client, job: &str) {
    until("the end of the job", || {
        let progress = client.get(job, &[]).unwrap().json()["progress"].clone();
        assert_ne!(progress["phase"], "failed", "{progress}");
        (progress["phase"] == "done").then_some(())
    });
}

/// Begins jobs on ever longer tables until one is long enough to be marked before it is done.
fn marked(client: &Client, place: &Path) -> (String, Vec<u8>) {
    let mut times = 8_000_usize;
    loop {
        let table = table(times);
        let job = begin(client, &table);
        let is_marked = until("a checkpoint, or the end", || {
            let is_whole = folder_of(place, &job).join("output.csv").exists();
            let is_marked = is_marked(place, &job);
            (is_marked || is_whole).then_some(is_marked && !is_whole)
        });
        if is_marked {
            return (job, table);
        }
        times = times.saturating_mul(2);
    }
}

fn folder_of(place: &Path, job: &str) -> PathBuf {
    let number = job.rsplit('/').next().unwrap();
    place.join("catchall-jobs").join(number)
}

/// Whether a place is kept from which a job can go on.
fn is_marked(place: &Path, job: &str) -> bool {
    std::fs::read_dir(folder_of(place, job))
        .unwrap()
        .any(|file| {
            let name = file.unwrap().file_name();
            name.to_string_lossy().ends_with(".checkpoint")
        })
}

/// The result of a job.
fn result(client: &Client, job: &str) -> [Vec<u8>; 2] {
    ["output", "summary"].map(|part| {
        let reply = client.get(&format!("{job}/{part}"), &[]).unwrap();
        assert_eq!(reply.status, 200, "{part}: {}", reply.text());
        reply.body
    })
}

/// Changes the first byte of what is written already: only who goes on with it leaves it so.
fn sign(place: &Path, job: &str) {
    let part = folder_of(place, job).join("output.csv.part");
    let mut file = File::options().write(true).open(part).unwrap();
    file.write_all(b"#").unwrap();
}

#[test]
fn a_job_that_was_killed_goes_on_and_ends_in_the_same_bytes() {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", "resumed");
    let process = Process::start("register.db", &place);
    let token = process.client.token.clone();
    let (job, table) = marked(&process.client, &place);
    process.signal("-KILL");
    drop(process);
    sign(&place, &job);

    let mut again = Process::start("register.db", &place);
    again.client.token = token;
    done(&again.client, &job);
    let [mut output, summary] = result(&again.client, &job);
    assert_eq!(output[0], b'#', "the job began anew");
    let whole = begin(&again.client, &table);
    done(&again.client, &whole);
    let [uninterrupted, counted] = result(&again.client, &whole);
    output[0] = uninterrupted[0];
    assert!(output == uninterrupted, "other bytes");
    assert_eq!(
        String::from_utf8_lossy(&summary),
        String::from_utf8_lossy(&counted)
    );
}
