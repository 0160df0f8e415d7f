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

#[test]
fn each_bad_request_has_its_problem() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let large = vec![b' '; 300 * 1024];
    let many = json!({"as_of": "2021-11-15", "items": vec![json!({}); 21]}).to_string();
    let path = "/v1/screenings";
    let cases: [(&str, Reply, u16, &str); 19] = [
        ("no body", post(path, &[JSON], b""), 400, "malformed"),
        ("no JSON", post(path, &[JSON], b"{"), 400, "malformed"),
        (
            "not UTF-8",
            post(path, &[JSON], b"\xff\xfe"),
            400,
            "malformed",
        ),
        (
            "a key twice",
            post(path, &[JSON], br#"{"items":[{}],"items":[{}]}"#),
            400,
            "malformed",
        ),
        (
            "a fraction",
            post(path, &[JSON], br#"{"items":[{}],"x":0.5}"#),
            400,
            "malformed",
        ),
        (
            "nested deeply",
            post(path, &[JSON], format!("{{\"a\":{deep}}}").as_bytes()),
            400,
            "malformed",
        ),
        (
            "an unknown key",
            post(path, &[JSON], br#"{"itms":[{}]}"#),
            422,
            "invalid",
        ),
        (
            "no day",
            post(path, &[JSON], br#"{"items":[{}]}"#),
            422,
            "invalid",
        ),
        ("an empty list", post(path, &[JSON], b"[]"), 422, "invalid"),
        ("too large", post(path, &[JSON], &large), 413, "too_large"),
        (
            "too many lines",
            post(path, &[JSON], many.as_bytes()),
            413,
            "too_large",
        ),
        ("no media type", post(path, &[], b"{}"), 415, "media_type"),
        (
            "a form",
            post(path, &[("content-type", "text/plain")], b"{}"),
            415,
            "media_type",
        ),
        (
            "compressed",
            post(path, &[JSON, ("content-encoding", "gzip")], b"{}"),
            415,
            "media_type",
        ),
        (
            "an unknown option",
            post("/v1/screenings?asof=2021-11-15", &[JSON], b"{}"),
            400,
            "option",
        ),
        (
            "no such day",
            post("/v1/screenings?as_of=2021-02-30", &[JSON], b"{}"),
            400,
            "option",
        ),
        (
            "two days",
            post(
                "/v1/screenings?as_of=2021-02-01&as_of=2021-02-01",
                &[JSON],
                b"{}",
            ),
            400,
            "option",
        ),
        (
            "a picture",
            post(path, &[JSON, ("accept", "image/png")], b"{}"),
            406,
            "not_acceptable",
        ),
        (
            "an unknown ruleset",
            post(
                "/v1/screenings?ruleset=eu&as_of=2021-11-15",
                &[JSON],
                br#"{"items":[{}]}"#,
            ),
            422,
            "invalid",
        ),
    ];
    for (what, reply, status, code) in cases {
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
        let kind = reply.json()["type"].as_str().unwrap().to_owned();
        assert_eq!(kind, format!("/problems/{code}"));
    }
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
