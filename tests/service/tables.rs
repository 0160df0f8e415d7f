//! Tables as jobs: the same bytes as the tables' own machinery, with progress and a way to stop.

use std::time::{Duration, Instant};

use catchall_tests::http::{Client, Reply};
use catchall_tests::root;
use serde_json::Value;

use crate::running::service;

/// How long a small job may take.
const PATIENCE: Duration = Duration::from_mins(2);

fn begin(client: &Client, query: &str, table: &[u8]) -> Reply {
    client
        .send(
            "POST",
            &format!("/v1/jobs?{query}"),
            &[("content-type", "text/csv")],
            table,
        )
        .unwrap()
}

/// Waits until a job ends; its progress.
fn end(client: &Client, place: &str) -> Value {
    let started = Instant::now();
    loop {
        let progress = client.get(place, &[]).unwrap().json()["progress"].clone();
        if ["done", "failed"].contains(&progress["phase"].as_str().unwrap()) {
            return progress;
        }
        assert!(started.elapsed() < PATIENCE, "{progress}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn sample() -> Vec<u8> {
    std::fs::read(root().join("data/samples/trade-sample.csv")).unwrap()
}

#[test]
fn a_table_comes_back_with_its_columns_and_counts() {
    let client = service().caller("applicant_system");
    let begun = begin(&client, "profile=stats-nz&ruleset=eu-dual-use", &sample());
    assert_eq!(begun.status, 201, "{}", begun.text());
    let place = begun.header("location").to_owned();
    let events = client.get(&format!("{place}/events"), &[]).unwrap();
    assert_eq!(events.header("content-type"), "text/event-stream");
    assert!(
        events.text().contains("\"phase\":\"done\""),
        "{}",
        events.text()
    );
    let progress = end(&client, &place);
    assert_eq!(progress["read"], progress["bytes"]);
    let output = client.get(&format!("{place}/output"), &[]).unwrap().text();
    assert_eq!(
        output.lines().count(),
        String::from_utf8(sample()).unwrap().lines().count()
    );
    assert!(output.lines().next().unwrap().contains("requirement"));
    let summary = client.get(&format!("{place}/summary"), &[]).unwrap().json();
    let count = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(
        count("read"),
        count("determined") + count("undetermined") + count("rejected")
    );
    let stranger = service().caller("rule_editor");
    assert_eq!(stranger.get(&place, &[]).unwrap().status, 404);
    assert_eq!(service().senior.get(&place, &[]).unwrap().status, 200);
    assert_eq!(client.send("DELETE", &place, &[], b"").unwrap().status, 204);
    assert_eq!(client.get(&place, &[]).unwrap().status, 404);
}

#[test]
fn a_table_that_cannot_be_read_says_why() {
    let client = service().caller("officer");
    let begun = begin(&client, "profile=stats-nz", b"no,such,columns\n1,2,3\n");
    let place = begun.header("location").to_owned();
    let progress = end(&client, &place);
    assert_eq!(progress["phase"], "failed");
    let why = progress["why"].as_str().unwrap();
    assert!(
        why.contains("expected") && !why.contains("/databases/"),
        "{why}"
    );
    assert_eq!(
        client.get(&format!("{place}/output"), &[]).unwrap().status,
        404
    );
    for query in [
        "profile=none",
        "profile=stats-nz&ruleset=none",
        "profile=stats-nz&output=xls",
        "",
    ] {
        assert_eq!(begin(&client, query, b"").status, 400, "{query}");
    }
}
