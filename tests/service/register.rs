//! The register: what is kept is kept once, can be found, decided on within the guards, and replayed.

use catchall_tests::http::{Client, Reply};
use serde_json::{Value, json};

use crate::running::{Service, services};

fn sample(id: &str) -> Value {
    let text = include_str!("../../data/samples/predator-madagascar-2021.json");
    let mut sample: Value = serde_json::from_str(text).unwrap();
    sample["id"] = json!(id);
    sample
}

/// An application by which nothing is required, of a party with a name.
fn harmless(id: &str, party: &str) -> Value {
    json!({
        "id": id,
        "as_of": "2021-11-15",
        "activity": "export",
        "exporter": {"country": "US", "informed_of": [], "aware_of": [], "suspects": []},
        "destination": {"country": "CA"},
        "parties": [{"role": "end_user", "name": party, "country": "CA"}],
        "items": [{"kind": "goods", "entries": []}],
    })
}

/// Keeps a determination; its number in the register.
fn keep(client: &Client, application: &Value, key: &str) -> (String, Reply) {
    let path = "/v1/screenings?keep=true&ruleset=eu-dual-use";
    let headers: &[(&str, &str)] = if key.is_empty() {
        &[]
    } else {
        &[("idempotency-key", key)]
    };
    let reply = client.post(path, headers, application).unwrap();
    assert_eq!(reply.status, 201, "{}", reply.text());
    let id = reply
        .header("location")
        .strip_prefix("/v1/register/")
        .unwrap()
        .to_owned();
    (id, reply)
}

fn get(client: &Client, path: &str) -> Value {
    let reply = client.get(path, &[]).unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

fn decide(client: &Client, id: &str, decision: &Value) -> Reply {
    client
        .post(&format!("/v1/register/{id}/decisions"), &[], decision)
        .unwrap()
}

/// An assessment of each criterion of a kept determination.
fn assessments(client: &Client, id: &str) -> Vec<Value> {
    let record = get(client, &format!("/v1/register/{id}"));
    let criteria = record["criteria"].as_array().unwrap().clone();
    let assess = |criterion| json!({"criterion": criterion, "assessment": "weighed, and no clear risk found"});
    criteria.into_iter().map(assess).collect()
}

fn each(test: impl Fn(&Service)) {
    services().iter().for_each(test);
}

#[test]
fn what_is_kept_is_what_was_answered_and_comes_out_the_same_again() {
    each(|service| {
        let officer = service.caller("officer");
        let (id, reply) = keep(&officer, &sample("kept-1"), "");
        let bytes = officer
            .get(&format!("/v1/register/{id}/determination"), &[])
            .unwrap()
            .body;
        assert_eq!(bytes, reply.body);
        let record = get(&officer, &format!("/v1/register/{id}"));
        assert_eq!(record["requirement"]["at_least"], "licence_required");
        assert_eq!(
            record["determination_sha256"],
            catchall_engine::source::sha256(&bytes)
        );
        assert_eq!(record["kept_by"], "officer of a test");
        let again = get(&officer, &format!("/v1/register/{id}/replay"));
        assert_eq!(again["same"], true, "{again}");
        let application = get(&officer, &format!("/v1/register/{id}/application"));
        assert_eq!(application, sample("kept-1"));
        let words = officer.get(
            &format!("/v1/register/{id}/determination"),
            &[("accept", "text/plain")],
        );
        assert!(words.unwrap().text().contains("kept-1"));
    });
}

#[test]
fn under_one_key_something_is_kept_once() {
    each(|service| {
        let system = service.caller("applicant_system");
        let (first, one) = keep(&system, &sample("key-1"), "key-a");
        let (second, other) = keep(&system, &sample("key-1"), "key-a");
        assert_eq!((&first, &one.body), (&second, &other.body));
        assert_eq!(other.header("idempotency-replayed"), "true");
        let path = "/v1/screenings?keep=true&ruleset=eu-dual-use";
        let reused = system
            .post(path, &[("idempotency-key", "key-a")], &sample("key-2"))
            .unwrap();
        assert_eq!(
            (reused.status, reused.code().as_str()),
            (422, "idempotency_key_reused")
        );
        let neighbour = service.caller("officer");
        assert_ne!(keep(&neighbour, &sample("key-1"), "key-a").0, first);
        let found = get(&service.senior, "/v1/register?application_id=key-1");
        assert_eq!(found["determinations"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn many_at_the_same_time_under_one_key_are_one() {
    each(|service| {
        let system = service.caller("applicant_system");
        let ids: Vec<String> = std::thread::scope(|scope| {
            let asking = || scope.spawn(|| keep(&system, &sample("race"), "race").0);
            let threads: Vec<_> = (0..8).map(|_| asking()).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    });
}

#[test]
fn several_of_one_request_are_kept_each_once() {
    each(|service| {
        let system = service.caller("applicant_system");
        let entry = |id: &str| json!({"id": id, "application": sample(id), "options": {"keep": true, "rulesets": ["eu-dual-use"]}});
        let lines = format!("{}\n{}\n", entry("batch-1"), entry("batch-2"));
        let headers = [
            ("content-type", "application/x-ndjson"),
            ("idempotency-key", "batch"),
        ];
        let send = || {
            system
                .send("POST", "/v1/screenings", &headers, lines.as_bytes())
                .unwrap()
                .text()
        };
        let first = send();
        assert!(
            first.contains("\"status\":201,\"kept\":\""),
            "{}",
            &first[..200.min(first.len())]
        );
        assert_eq!(first, send());
    });
}

#[test]
fn a_grant_waits_until_every_criterion_is_assessed() {
    each(|service| {
        let officer = service.caller("officer");
        let (id, _) = keep(&officer, &sample("guard-1"), "");
        let refused = decide(
            &officer,
            &id,
            &json!({"decision": "granted", "reasons": "it is wanted"}),
        );
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (422, "criteria_unassessed")
        );
        let mut some = assessments(&officer, &id);
        assert!(!some.is_empty());
        some.pop();
        let refused = decide(
            &service.senior,
            &id,
            &json!({"decision": "granted", "reasons": "it is wanted", "assessments": some}),
        );
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (422, "criteria_unassessed")
        );
        let all = assessments(&officer, &id);
        let granted = decide(
            &service.senior,
            &id,
            &json!({"decision": "granted", "reasons": "weighed", "assessments": all}),
        );
        assert_eq!(granted.status, 201, "{}", granted.text());
        assert_eq!(
            get(&officer, &format!("/v1/register/{id}"))["status"],
            "granted"
        );
        let withdrawn = decide(&officer, &id, &json!({"decision": "withdrawn"}));
        assert_eq!(withdrawn.json()["sequence"], 2);
        assert_eq!(
            get(&officer, &format!("/v1/register/{id}/decisions"))
                .as_array()
                .unwrap()
                .len(),
            2
        );
    });
}

#[test]
fn a_decision_against_the_determination_needs_a_reason_and_a_senior_officer() {
    each(|service| {
        let officer = service.caller("officer");
        let (id, _) = keep(&officer, &sample("guard-2"), "");
        let all = assessments(&officer, &id);
        let frees = |reasons: &str| json!({"decision": "no_licence_required", "reasons": reasons, "assessments": all});
        let unreasoned = decide(&service.senior, &id, &frees(" "));
        assert_eq!(
            (unreasoned.status, unreasoned.code().as_str()),
            (422, "reason_missing")
        );
        let not_senior = decide(&officer, &id, &frees("the list does not hold it"));
        assert_eq!(
            (not_senior.status, not_senior.code().as_str()),
            (403, "forbidden")
        );
        let decided = decide(&service.senior, &id, &frees("the list does not hold it"));
        assert_eq!(
            (decided.status, &decided.json()["against"]),
            (201, &json!(true))
        );
        let (id, _) = keep(&officer, &harmless("guard-3", "A Person"), "");
        let record = get(&officer, &format!("/v1/register/{id}"));
        assert_eq!(record["requirement"]["at_most"], "out_of_scope", "{record}");
        let refused = decide(&service.senior, &id, &json!({"decision": "refused"}));
        assert_eq!(refused.code(), "reason_missing");
    });
}

#[test]
fn what_a_decision_states_fits_together() {
    each(|service| {
        let officer = service.caller("officer");
        let (id, _) = keep(&officer, &sample("guard-4"), "");
        let cases = [
            (json!({"decision": "approved"}), "/decision"),
            (json!({"decision": "refused", "reason": "?"}), "/reason"),
            (
                json!({"decision": "granted_with_conditions"}),
                "/conditions",
            ),
            (
                json!({"decision": "refused", "conditions": ["none"]}),
                "/conditions",
            ),
            (
                json!({"decision": "refused", "assessments": [{"criterion": "x", "assessment": "y"}]}),
                "/assessments/0/criterion",
            ),
        ];
        for (body, pointer) in cases {
            let reply = decide(&officer, &id, &body);
            assert_eq!(reply.status, 422, "{body}: {}", reply.text());
            assert_eq!(reply.json()["errors"][0]["pointer"], pointer, "{body}");
        }
        assert_eq!(
            decide(&officer, "no-such", &json!({"decision": "returned"})).status,
            404
        );
        let keyed = |body: &Value| {
            let path = format!("/v1/register/{id}/decisions");
            officer
                .post(&path, &[("idempotency-key", "decide-once")], body)
                .unwrap()
        };
        let (first, second) = (
            keyed(&json!({"decision": "returned"})),
            keyed(&json!({"decision": "returned"})),
        );
        assert_eq!((first.status, first.body), (201, second.body));
        assert_eq!(
            keyed(&json!({"decision": "refused"})).code(),
            "idempotency_key_reused"
        );
    });
}

#[test]
fn kept_determinations_are_found_page_by_page() {
    each(|service| {
        let officer = service.caller("officer");
        let ids: Vec<String> = (0..5)
            .map(|at| keep(&officer, &harmless("page", &format!("Élan {at}")), "").0)
            .collect();
        let mut found: Vec<String> = Vec::new();
        let mut path = "/v1/register?application_id=page&limit=2".to_owned();
        loop {
            let page = get(&officer, &path);
            let numbers = page["determinations"].as_array().unwrap().iter();
            found.extend(numbers.map(|one| one["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => {
                    path = format!("/v1/register?application_id=page&limit=2&after={next}");
                }
                None => break,
            }
        }
        found.reverse();
        assert_eq!(found, ids);
        let count = |query: &str| {
            get(&officer, &format!("/v1/register?{query}"))["determinations"]
                .as_array()
                .unwrap()
                .len()
        };
        assert_eq!(count("application_id=page&q=%C3%89lan%203"), 1);
        assert_eq!(count("application_id=page&q=100%25"), 0);
        assert_eq!(
            count("application_id=page&destination=CA&status=open&status=granted"),
            5
        );
        assert_eq!(count("application_id=page&requirement=licence_required"), 0);
        assert_eq!(
            count("application_id=page&from=2020-01-01&until=2020-01-02"),
            0
        );
        assert_eq!(count("application_id=page&rule=eu.2021-821.art-3-1"), 0);
        let (id, _) = keep(&officer, &sample("page-2"), "");
        assert_eq!(
            count("application_id=page-2&rule=eu.2021-821.art-3-1"),
            1,
            "{id}"
        );
    });
}
