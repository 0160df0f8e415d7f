//! HTTP and the library give the same bytes, one by one and many at once.

use catchall_engine::explanation;
use catchall_engine::facts::Application;
use catchall_engine::ruleset::{Case, read_cases};
use catchall_engine::screening::screen;
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_engine::time::{Date, Dates};
use catchall_tests::library;
use serde_json::{Value, json};

use crate::running::service;

/// Every so many cases are asked alone as well: all of them are asked together.
const ALONE: usize = 40;

fn cases(id: &str) -> Vec<Case> {
    let documents = shipped::cases(id).unwrap();
    documents
        .iter()
        .flat_map(|one| read_cases(one).unwrap())
        .collect()
}

/// The two days of a case.
fn dates(case: &Case) -> Dates {
    let stated = |key: &str| case.application.get(key)?.as_str().and_then(Date::parse);
    let as_of = case.as_of.or(stated("as_of")).unwrap();
    let known_at = case.known_at.or(stated("known_at")).unwrap_or(as_of);
    Dates { as_of, known_at }
}

fn by_library(case: &Case, ruleset: &str) -> String {
    let document = Document::new("application", case.application.to_string());
    let application = Application::read(&document, &library().catalogue).unwrap();
    let ruleset = library().ruleset(ruleset).unwrap();
    explanation::json(&screen(
        &application,
        &[ruleset],
        &library().reference,
        dates(case),
    ))
}

#[test]
fn every_case_has_the_bytes_of_the_library() {
    let client = service().caller("applicant_system");
    for id in shipped::ruleset_ids() {
        let cases = cases(&id);
        let line = |case: &Case| {
            let options = json!({"as_of": dates(case).as_of, "known_at": dates(case).known_at, "rulesets": [id]});
            format!(
                "{}\n",
                json!({"id": case.id, "application": case.application, "options": options})
            )
        };
        let lines: String = cases.iter().map(line).collect();
        let headers = [("content-type", "application/x-ndjson")];
        let reply = client
            .send("POST", "/v1/screenings", &headers, lines.as_bytes())
            .unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        let text = reply.text();
        let results: Vec<&str> = text.lines().collect();
        assert_eq!(results.len(), cases.len());
        for (at, (case, result)) in cases.iter().zip(results).enumerate() {
            let expected = by_library(case, &id);
            let whole = format!(
                "{{\"id\":{},\"status\":200,\"determination\":{}}}",
                json!(case.id),
                expected.trim_end()
            );
            assert!(
                result == whole,
                "{id}, {}: {}",
                case.id,
                &result[..result.len().min(300)]
            );
            if at % ALONE == 0 {
                let Dates { as_of, known_at } = dates(case);
                let path = format!("/v1/screenings?as_of={as_of}&known_at={known_at}&ruleset={id}");
                let alone = client.post(&path, &[], &case.application).unwrap();
                assert!(alone.text() == expected, "{id}, {}, alone", case.id);
            }
        }
    }
}

fn sample() -> Value {
    let text = include_str!("../../data/samples/predator-madagascar-2021.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn text_and_pages_are_those_of_the_library() {
    let text = sample().to_string();
    let document = Document::new("application", text);
    let application = Application::read(&document, &library().catalogue).unwrap();
    let day = Date::parse("2021-11-15").unwrap();
    let law: Vec<_> = library()
        .rulesets
        .iter()
        .filter(|one| one.standing == catchall_engine::ruleset::Standing::Law)
        .collect();
    let told = screen(
        &application,
        &law,
        &library().reference,
        Dates {
            as_of: day,
            known_at: day,
        },
    );
    let client = service().public();
    let ask = |accept: &str| {
        client
            .post(
                "/v1/screenings?length=full",
                &[("accept", accept)],
                &sample(),
            )
            .unwrap()
    };
    let words = explanation::text(
        &told,
        &library().reference,
        Some("MG"),
        explanation::Length::Full,
    );
    assert_eq!(ask("text/plain").text(), words);
    let page = ask("text/html");
    assert_eq!(
        page.text(),
        explanation::html(&told, &library().reference, Some("MG"))
    );
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let client = service().public();
    let good = json!({"id": 1, "application": {"items": [{}]}, "options": {"as_of": "2021-11-15"}});
    let bad = json!({"id": "b", "application": {"itms": []}, "options": {"as_of": "2021-11-15"}});
    let odd =
        json!({"id": "c", "application": {"items": [{}]}, "options": {"as_off": "2021-11-15"}});
    let reply = client
        .post("/v1/screenings", &[], &json!([good, bad, odd, 7]))
        .unwrap();
    let results = reply.json();
    let statuses: Vec<&Value> = (0..4).map(|at| &results[at]["status"]).collect();
    assert_eq!(statuses, [200, 422, 422, 422]);
    assert_eq!(results[0]["id"], 1);
    assert_eq!(
        results[1]["problem"]["errors"][0]["pointer"],
        "/application/itms"
    );
    assert_eq!(
        results[2]["problem"]["errors"][0]["pointer"],
        "/options/as_off"
    );
    let lines = format!("{good}\n\nnonsense\n{good}");
    let headers = [("content-type", "application/x-ndjson")];
    let reply = client
        .send("POST", "/v1/screenings", &headers, lines.as_bytes())
        .unwrap();
    let statuses: Vec<u64> = reply
        .text()
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["status"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(statuses, [200, 400, 200]);
}

#[test]
fn a_determination_is_verified_and_a_changed_one_is_not() {
    let client = service().public();
    let told = client
        .post("/v1/screenings?ruleset=eu-dual-use", &[], &sample())
        .unwrap()
        .json();
    let verify = |determination: &Value| {
        let body = json!({"determination": determination, "application": sample()});
        client
            .post("/v1/determinations/verify", &[], &body)
            .unwrap()
            .json()
    };
    assert_eq!(verify(&told), json!({"same": true, "differences": []}));
    let mut changed = told;
    changed["requirement"]["at_least"] = json!("not_required");
    assert_eq!(
        verify(&changed)["differences"],
        json!(["/requirement/at_least"])
    );
}

#[test]
fn what_is_unchanged_is_not_sent_again() {
    let client = service().public();
    for path in [
        "/v1/rulesets",
        "/v1/rulesets/eu-dual-use",
        "/v1/rulesets/eu-dual-use@2024-11-08",
        "/v1/facts",
        "/v1/data",
        "/v1/data/groups",
        "/v1/destinations",
        "/v1/destinations/EG?as_of=2021-11-15",
        "/v1/schemas/application",
    ] {
        let first = client.get(path, &[]).unwrap();
        assert_eq!(first.status, 200, "{path}");
        let again = client
            .get(path, &[("if-none-match", first.header("etag"))])
            .unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}

#[test]
fn a_ruleset_is_the_same_by_id_and_by_hash_and_smaller_on_a_day() {
    let client = service().public();
    let list = client.get("/v1/rulesets", &[]).unwrap().json();
    let rulesets = list.as_array().unwrap();
    assert_eq!(rulesets.len(), library().rulesets.len());
    for ruleset in rulesets {
        let by_id = client.get(ruleset["href"].as_str().unwrap(), &[]).unwrap();
        let hash = ruleset["sha256"].as_str().unwrap();
        assert_eq!(
            client
                .get(&format!("/v1/rulesets/{hash}"), &[])
                .unwrap()
                .body,
            by_id.body
        );
        assert_eq!(catchall_engine::source::canonical_hash(&by_id.json()), hash);
        let checked = client.post("/v1/rulesets/check", &[], &by_id.json());
        // The public's bodies are small; whoever writes rules has a role.
        assert!([200, 413].contains(&checked.unwrap().status));
    }
    let count = |path: &str| {
        client.get(path, &[]).unwrap().json()["rules"]
            .as_object()
            .unwrap()
            .len()
    };
    assert!(count("/v1/rulesets/eu-dual-use@2024-11-08") < count("/v1/rulesets/eu-dual-use"));
    let editor = service().caller("rule_editor");
    let mut broken = client.get("/v1/rulesets/eu-dual-use", &[]).unwrap().json();
    broken["rules"]["eu.2021-821.art-5-1"]["when"] = json!("under(item.entrys, \"5A001\")");
    let checked = editor
        .post("/v1/rulesets/check", &[], &broken)
        .unwrap()
        .json();
    assert_eq!(checked["valid"], false);
    let error = &checked["errors"][0];
    assert!(
        error["pointer"].as_str().unwrap().ends_with("/when"),
        "{error}"
    );
    assert!(
        error["help"].as_str().unwrap().contains("item.entries"),
        "{error}"
    );
}
