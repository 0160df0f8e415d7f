//! Whatever is sent that should not be: each time a problem that says what, and never an error of ours.

use std::io::Write;

use catchall_tests::http::{Reply, read};
use serde_json::json;

use crate::running::service;

fn post(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let client = service().public();
    client.send("POST", path, headers, body).unwrap()
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// What is wrong, the address, a header, the body, the status, the code.
type Case = (
    &'static str,
    &'static str,
    (&'static str, &'static str),
    &'static [u8],
    u16,
    &'static str,
);

const ONE: &str = "/v1/screenings";
const GZIP: (&str, &str) = ("content-encoding", "gzip");
const PICTURE: (&str, &str) = ("accept", "image/png");
const FORM: (&str, &str) = ("content-type", "text/plain");
const NONE: (&str, &str) = ("x-nothing", "");
const CASES: [Case; 16] = [
    ("no body", ONE, JSON, b"", 400, "malformed"),
    ("no JSON", ONE, JSON, b"{", 400, "malformed"),
    ("not UTF-8", ONE, JSON, b"\xff\xfe", 400, "malformed"),
    (
        "a key twice",
        ONE,
        JSON,
        br#"{"items":[{}],"items":[{}]}"#,
        400,
        "malformed",
    ),
    (
        "a fraction",
        ONE,
        JSON,
        br#"{"items":[{}],"x":0.5}"#,
        400,
        "malformed",
    ),
    (
        "an unknown key",
        ONE,
        JSON,
        br#"{"itms":[{}]}"#,
        422,
        "invalid",
    ),
    ("no day", ONE, JSON, br#"{"items":[{}]}"#, 422, "invalid"),
    ("an empty list", ONE, JSON, b"[]", 422, "invalid"),
    ("no media type", ONE, NONE, b"{}", 415, "media_type"),
    ("a form", ONE, FORM, b"{}", 415, "media_type"),
    ("compressed", ONE, GZIP, b"{}", 415, "media_type"),
    (
        "an unknown option",
        "/v1/screenings?asof=2021-11-15",
        JSON,
        b"{}",
        400,
        "option",
    ),
    (
        "no such day",
        "/v1/screenings?as_of=2021-02-30",
        JSON,
        b"{}",
        400,
        "option",
    ),
    (
        "two days",
        "/v1/screenings?as_of=2021-02-01&as_of=2021-02-01",
        JSON,
        b"{}",
        400,
        "option",
    ),
    ("a picture", ONE, PICTURE, b"{}", 406, "not_acceptable"),
    (
        "an unknown ruleset",
        "/v1/screenings?ruleset=eu&as_of=2021-11-15",
        JSON,
        br#"{"items":[{}]}"#,
        422,
        "invalid",
    ),
];

fn told(what: &str, reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (status, code),
        "{what}: {}",
        reply.text()
    );
    assert_eq!(
        reply.header("content-type"),
        "application/problem+json",
        "{what}"
    );
    assert_eq!(reply.json()["type"], format!("/problems/{code}"));
}

#[test]
fn each_bad_request_has_its_problem() {
    for (what, path, header, body, status, code) in CASES {
        let also = [GZIP, PICTURE].contains(&header);
        let headers = if also {
            vec![JSON, header]
        } else {
            vec![header]
        };
        told(what, &post(path, &headers, body), status, code);
    }
}

#[test]
fn what_is_too_deep_too_long_or_too_large_is_refused() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    told(
        "nested deeply",
        &post(ONE, &[JSON], deep.as_bytes()),
        400,
        "malformed",
    );
    let large = vec![b' '; 300 * 1024];
    told("too large", &post(ONE, &[JSON], &large), 413, "too_large");
    let many = json!({"as_of": "2021-11-15", "items": vec![json!({}); 21]}).to_string();
    told(
        "too many lines",
        &post(ONE, &[JSON], many.as_bytes()),
        413,
        "too_large",
    );
}

#[test]
fn addresses_and_methods_that_are_not_there_say_so() {
    let client = service().public();
    for path in [
        "/v2",
        "/v1/rulesets/eu-dual-us",
        "/v1/rules/none",
        "/v1/data/grups",
        "/v1/destinations/Atlantis",
        "/v1/schemas/x",
        "/v1/rulesets/eu-dual-use@2021-02-30",
    ] {
        let reply = client.get(path, &[]).unwrap();
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (404, "not_found"),
            "{path}"
        );
    }
    assert!(
        client
            .get("/v1/data/grups", &[])
            .unwrap()
            .text()
            .contains("groups")
    );
    let reply = client.send("PUT", "/v1/rulesets", &[], b"").unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (405, "method"));
}

#[test]
fn mistakes_carry_pointers_and_places() {
    let reply = post(
        "/v1/screenings",
        &[JSON],
        b"{\n  \"destination\": {\"cuntry\": \"EG\"},\n  \"items\": [{}]}",
    );
    let error = &reply.json()["errors"][0];
    assert_eq!(error["pointer"], "/destination/cuntry");
    assert_eq!(
        (&error["line"], &error["code"]),
        (&json!(2), &json!("A101"))
    );
    assert!(error["help"].as_str().unwrap().contains("country"));
}

#[test]
fn a_request_that_never_ends_is_ended() {
    let mut slow = service().public().connect().unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")
        .unwrap();
    // No more comes: the service gives up, and closes.
    assert!(read(slow).map_or(true, |reply| reply.status == 408));
    assert_eq!(service().public().get("/healthz", &[]).unwrap().status, 200);
}

#[test]
fn bytes_that_are_no_request_close_the_connection() {
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
    ] {
        let mut stream = service().public().connect().unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(
            read(stream).map_or(true, |reply| reply.status == 400),
            "{bytes:?}"
        );
    }
}
