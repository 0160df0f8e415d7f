//! Law that is wrong when it is loaded again: the last that was good stays, and the service says so.

use std::path::Path;
use std::time::{Duration, Instant};

use catchall_tests::http::Client;
use catchall_tests::program::folder;
use serde_json::{Value, json};

use crate::process::{Process, said};

/// A small ruleset of its own.
fn write(place: &Path, condition: &str) {
    let head = json!({
        "id": "own", "title": "A ruleset of one's own", "jurisdiction": "none", "standing": "advisory",
        "edition": "2026-01-01", "models_from": "2020-01-01", "applies": "activity = \"export\"",
        "sources": {"paper": {"title": "A paper", "url": "https://example.org/paper", "verified": true}},
        "coverage": [{"source": "paper", "provision": "Section 1", "status": "modelled", "rules": ["own.one"], "reason": null}],
    });
    let rule = json!({
        "id": "own.one", "title": "One rule", "citation": {"source": "paper", "provision": "Section 1", "verified": true},
        "in_force": [{"from": "2026-01-01"}], "when": condition, "requires": "licence_required",
        "because": "A test asks for it.",
    });
    let folder = place.join("own/rules");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(place.join("own/ruleset.json"), head.to_string()).unwrap();
    std::fs::write(folder.join("one.json"), rule.to_string()).unwrap();
}

fn ready(client: &Client) -> Value {
    let reply = client.get("/readyz", &[]).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Waits until `/readyz` says this of law.
fn law_is(client: &Client, expected: &str) {
    let started = Instant::now();
    while ready(client)["law"] != expected {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "law is not {expected}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn rule(client: &Client) -> String {
    client.get("/v1/rules/own.one", &[]).unwrap().text()
}

#[test]
fn law_that_is_wrong_leaves_the_last_good_in_use() {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", "reloaded");
    write(&place, "\"interception\" in item.capabilities");
    let process = Process::start_with("register.db", &place, &["--ruleset", "own"]);
    let client = &process.client;
    let (before, good) = (ready(client), rule(client));
    assert_eq!(before["law"], "loaded");

    write(&place, "\"filtering\" in item.capabilites");
    process.signal("-HUP");
    law_is(client, "reload_failed");
    let log = said(&place);
    assert!(
        log.contains("one.json") && log.contains("item.capabilites"),
        "{log}"
    );
    let told = client.post("/v1/reload", &[], &json!({})).unwrap();
    assert_eq!((told.status, told.code().as_str()), (422, "invalid"));
    assert!(
        told.text().contains("did you mean `item.capabilities`?"),
        "{}",
        told.text()
    );
    assert_eq!(ready(client)["edition"], before["edition"]);
    assert_eq!(rule(client), good);

    write(&place, "\"filtering\" in item.capabilities");
    process.signal("-HUP");
    law_is(client, "loaded");
    assert_ne!(ready(client)["edition"], before["edition"]);
    assert!(rule(client).contains("filtering"));
}
