//! The program as a process: killed in the middle of writing, asked to stop, and read over its shoulder.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use catchall_tests::http::Client;
use catchall_tests::program::folder;
use serde_json::{Value, json};

use crate::collector::Collector;
use crate::process::{Process, said};
use crate::running::postgres;

/// How often a service is killed; this many times unless `CATCHALL_KILLS` says otherwise.
const KILLS: u32 = 3;
/// Callers that write at the same time.
const CALLERS: usize = 4;

fn application(key: &str) -> Value {
    json!({"id": key, "as_of": "2021-11-15", "destination": {"country": "EG"}, "items": [{"entries": ["5A001.j"]}]})
}

/// Keeps something under a key; its number, if that was answered.
fn keep(client: &Client, key: &str) -> Option<String> {
    let path = "/v1/screenings?keep=true&ruleset=eu-dual-use";
    let reply = client
        .post(path, &[("idempotency-key", key)], &application(key))
        .ok()?;
    let place = reply
        .header("location")
        .strip_prefix("/v1/register/")?
        .to_owned();
    (reply.status == 201 && !reply.body.is_empty()).then_some(place)
}

/// Decides on what was kept; whether that was answered.
fn decide(client: &Client, key: &str, id: &str) -> bool {
    let path = format!("/v1/register/{id}/decisions");
    let key = format!("{key} decision");
    let reply = client.post(
        &path,
        &[("idempotency-key", &key)],
        &json!({"decision": "returned"}),
    );
    reply.is_ok_and(|reply| reply.status == 201)
}

/// What was answered before the kill, by its key: its number, and whether a decision was answered too.
type Answered = BTreeMap<String, (String, bool)>;

/// Writes from several callers until the service is killed in the middle.
fn write_and_kill(process: &Process, round: u32, keys: &Mutex<Vec<String>>) -> Answered {
    let (answered, number, over) = (
        Mutex::new(Answered::new()),
        AtomicU64::new(0),
        AtomicBool::new(false),
    );
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let key = format!("{round}-{}", number.fetch_add(1, Ordering::Relaxed));
                    keys.lock().unwrap().push(key.clone());
                    if let Some(id) = keep(&process.client, &key) {
                        let decided = decide(&process.client, &key, &id);
                        answered.lock().unwrap().insert(key, (id, decided));
                    }
                }
            });
        }
        let wait = 150 + 37 * u64::from(round % 7);
        std::thread::sleep(Duration::from_millis(wait));
        process.signal("-KILL");
        over.store(true, Ordering::Relaxed);
    });
    answered.into_inner().unwrap()
}

/// All that was answered is there once, and what was not can be sent again under its key.
fn compare(client: &Client, answered: &Answered, keys: &[String]) {
    for key in keys {
        let id = keep(client, key).unwrap();
        let found = client
            .get(&format!("/v1/register?application_id={key}"), &[])
            .unwrap()
            .json();
        let found = found["determinations"].as_array().unwrap().clone();
        assert_eq!(found.len(), 1, "{key} is kept {} times", found.len());
        assert_eq!(found[0]["id"], json!(id));
        let Some((answered, decided)) = answered.get(key) else {
            continue;
        };
        assert_eq!(answered, &id, "{key} was answered with another number");
        let record = client
            .get(&format!("/v1/register/{id}"), &[])
            .unwrap()
            .json();
        let decisions = record["decisions"].as_array().map_or(0, Vec::len);
        assert!(
            decisions <= 1 && (decisions == 1 || !decided),
            "{key}: {decisions} decisions"
        );
    }
}

fn survive(name: &str, register: &str) {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", name);
    let kills = std::env::var("CATCHALL_KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    let mut token = None;
    let mut kept = 0;
    for round in 0..kills.unwrap_or(KILLS) {
        let mut process = Process::start(register, &place);
        token = process.client.token.take().or(token);
        process.client.token.clone_from(&token);
        let keys = Mutex::new(Vec::new());
        let answered = write_and_kill(&process, round, &keys);
        drop(process);
        let mut again = Process::start(register, &place);
        again.client.token.clone_from(&token);
        compare(&again.client, &answered, &keys.into_inner().unwrap());
        kept += answered.len();
    }
    assert!(kept > 0, "nothing was kept before the kills");
}

#[test]
fn nothing_that_was_answered_is_lost_on_sqlite() {
    survive("killed-sqlite", "register.db");
}

#[test]
fn nothing_that_was_answered_is_lost_on_postgres() {
    if let Some(url) = postgres("killed") {
        survive("killed-postgres", &url);
    }
}

/// A party and an item that nobody would log by chance.
const CANARY: &str = "Zyzzyvale Quagmire Holdings";

#[test]
fn neither_log_nor_traces_hold_what_was_sent_and_the_service_stops_when_asked() {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", "log");
    let collector = Collector::start("{}");
    let mut process = Process::start_traced("register.db", &place, &collector);
    let mut application = application(CANARY);
    application["parties"] = json!([{"role": "end_user", "name": CANARY}]);
    application["items"][0]["description"] = json!(CANARY);
    let client = process.client.clone();
    let escaped = CANARY.replace(' ', "%20");
    let paths = [
        "/v1/screenings?keep=true".to_owned(),
        format!("/v1/screenings?as_of={escaped}"),
        format!("/v1/register?q={escaped}"),
        format!("/{escaped}"),
    ];
    for path in &paths {
        client
            .post(
                path,
                &[("idempotency-key", CANARY), ("x-other", CANARY)],
                &application,
            )
            .unwrap();
        client.get(path, &[]).unwrap();
    }
    application["itms"] = json!(CANARY);
    client.post("/v1/screenings", &[], &application).unwrap();
    process.signal("-TERM");
    assert!(process.child.wait().unwrap().success());
    let log = said(&place);
    assert!(log.lines().count() >= 9, "{log}");
    let spans = collector.came.lock().unwrap().concat();
    assert!(spans.contains("\"POST /v1/screenings\""), "{spans}");
    assert_eq!(
        spans.matches("spanId").count(),
        log.matches("\"request\"").count()
    );
    for piece in ["Zyzzyvale", "Quagmire", client.token.as_deref().unwrap()] {
        assert!(!log.contains(piece), "the log holds `{piece}`:\n{log}");
        assert!(!spans.contains(piece), "a span holds `{piece}`:\n{spans}");
    }
    for line in log.lines() {
        assert!(
            serde_json::from_str::<Value>(line).is_ok(),
            "no JSON: {line}"
        );
    }
}
