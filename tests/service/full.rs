//! A disk that is full: what cannot be written is refused, what is answered is kept, and it ends by itself.

use std::process::Command;

use catchall_tests::http::Client;
use catchall_tests::program::folder;
use serde_json::json;

use crate::process::Process;

/// Largest file, in blocks of 512 bytes: room for law and data, and a few determinations.
const BLOCKS: u32 = 20_000;
/// Refusals in a row by which the disk is full.
const REFUSALS: usize = 20;

/// Keeps something under its number; the status.
fn keep(client: &Client, id: &str) -> u16 {
    let application = json!({"id": id, "as_of": "2021-11-15", "items": [{"entries": ["5A001.j"]}]});
    let path = "/v1/screenings?keep=true&ruleset=eu-dual-use";
    let reply = client.post(path, &[], &application).unwrap();
    if reply.status == 503 {
        assert_eq!(reply.code(), "register_unavailable");
        assert!(!reply.header("retry-after").is_empty());
    }
    reply.status
}

/// How often something is kept.
fn count(client: &Client, id: &str) -> usize {
    let path = format!("/v1/register?application_id={id}");
    let found = client.get(&path, &[]).unwrap().json();
    found["determinations"].as_array().unwrap().len()
}

#[test]
fn what_is_answered_while_the_disk_is_full_is_kept() {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", "full");
    let process = Process::start_limited("register.db", &place, BLOCKS);
    let client = &process.client;
    let (mut kept, mut refused) = (Vec::new(), 0);
    for number in 0..5_000 {
        let id = format!("full-{number}");
        match keep(client, &id) {
            201 => kept.push(id),
            status => {
                assert_eq!(status, 503);
                refused += 1;
            }
        }
        if refused >= REFUSALS {
            break;
        }
    }
    assert_eq!(
        refused,
        REFUSALS,
        "the disk is not full after {}",
        kept.len()
    );
    let id = process.child.id().to_string();
    let mut lift = Command::new("prlimit");
    lift.args(["--pid", &id, "--fsize=unlimited:"]);
    assert!(lift.status().unwrap().success());
    assert_eq!(keep(client, "after"), 201, "it does not recover by itself");
    kept.push("after".to_owned());
    for id in kept {
        assert_eq!(
            count(client, &id),
            1,
            "{id} was answered, and is kept otherwise than once"
        );
    }
}
