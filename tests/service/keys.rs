//! Idempotency keys on everything that writes: under one key something is done once, and answered twice.

use catchall_tests::http::{Client, Reply};
use serde_json::{Value, json};

use crate::running::services;

fn keyed(client: &Client, method: &str, path: &str, key: &str, body: &Value) -> Reply {
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    client
        .send(method, path, &headers, text.as_bytes())
        .unwrap()
}

/// Sends the same twice, and something else under the same key; what was answered first.
fn twice(client: &Client, method: &str, path: &str, body: &Value, other: &Value) -> Reply {
    let key = format!("twice {method} {path}");
    let first = keyed(client, method, path, &key, body);
    assert!(first.status < 300, "{key}: {}", first.text());
    assert_eq!(first.header("idempotency-replayed"), "", "{key}");
    let second = keyed(client, method, path, &key, body);
    assert_eq!(second.status, first.status, "{key}: {}", second.text());
    assert_eq!(second.header("idempotency-replayed"), "true", "{key}");
    assert_eq!(second.header("location"), first.header("location"), "{key}");
    if !other.is_null() {
        let reused = keyed(client, method, path, &key, other);
        let told = (reused.status, reused.code());
        assert_eq!(told, (422, "idempotency_key_reused".to_owned()), "{key}");
    }
    first
}

#[test]
fn a_token_is_given_out_and_revoked_once() {
    for service in services() {
        let wanted = json!({"name": "given once", "role": "auditor"});
        let other = json!({"name": "another", "role": "auditor"});
        let given = twice(&service.senior, "POST", "/v1/tokens", &wanted, &other);
        assert!(given.json()["secret"].is_string());
        let again = keyed(
            &service.senior,
            "POST",
            "/v1/tokens",
            "twice POST /v1/tokens",
            &wanted,
        );
        assert_eq!(again.json()["id"], given.json()["id"]);
        assert!(again.json()["secret"].is_null(), "a secret is shown once");
        let list = service.senior.get("/v1/tokens", &[]).unwrap().json();
        let named = |token: &&Value| token["name"] == "given once";
        assert_eq!(list.as_array().unwrap().iter().filter(named).count(), 1);
        let place = given.header("location").to_owned();
        twice(
            &service.senior,
            "DELETE",
            &place,
            &Value::Null,
            &Value::Null,
        );
    }
}

#[test]
fn a_job_is_begun_and_cancelled_once() {
    for service in services() {
        let client = service.caller("officer");
        let path = "/v1/jobs?profile=stats-nz&ruleset=eu-dual-use";
        let table = json!("a,table\n1,2\n");
        let begun = twice(&client, "POST", path, &table, &json!("another"));
        let place = begun.header("location").to_owned();
        twice(&client, "DELETE", &place, &Value::Null, &Value::Null);
        let key = format!("twice POST {path}");
        let gone = keyed(&client, "POST", path, &key, &table);
        assert_eq!((gone.status, gone.code().as_str()), (409, "conflict"));
    }
}

#[test]
fn what_was_screened_again_or_loaded_again_is_answered_again() {
    for service in services() {
        let path = "/v1/screenings?keep=true&ruleset=eu-dual-use";
        let application =
            json!({"id": "again", "as_of": "2021-11-15", "items": [{"entries": ["5A001.j"]}]});
        assert_eq!(
            service.senior.post(path, &[], &application).unwrap().status,
            201
        );
        let wanted = json!({"as_of": "2014-11-15", "application_id": "again"});
        let other = json!({"as_of": "2014-11-16", "application_id": "again"});
        let path = "/v1/rescreenings";
        let first = twice(&service.senior, "POST", path, &wanted, &other);
        assert_eq!(first.json()["screened"], 1);
        // One more is kept since; under the old key the old answer stands.
        service
            .senior
            .post(
                "/v1/screenings?keep=true&ruleset=eu-dual-use",
                &[],
                &application,
            )
            .unwrap();
        let again = keyed(
            &service.senior,
            "POST",
            path,
            "twice POST /v1/rescreenings",
            &wanted,
        );
        assert_eq!(again.body, first.body);
        let fresh = keyed(&service.senior, "POST", path, "another key", &wanted);
        assert_eq!(fresh.json()["screened"], 2);
        twice(
            &service.senior,
            "POST",
            "/v1/reload",
            &Value::Null,
            &Value::Null,
        );
    }
}

#[test]
fn every_operation_that_writes_takes_a_key() {
    let description = services()[0]
        .public()
        .get("/openapi.json", &[])
        .unwrap()
        .json();
    // They compute and keep nothing.
    let none = [
        "/v1/comparisons",
        "/v1/determinations/verify",
        "/v1/proposals/check",
        "/v1/questions",
        "/v1/rulesets/check",
        "/v1/rulesets/deep-checks",
    ];
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let writes = method != "get" && !none.contains(&path.as_str());
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let takes = parameters
                .filter(|one| one["name"] == "Idempotency-Key")
                .count();
            assert_eq!(takes, usize::from(writes), "{method} {path}");
        }
    }
}
