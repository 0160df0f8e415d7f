//! Proposals over HTTP: anybody may ask what one would do, and none changes the rulesets in force.

use catchall_engine::comparison::{Pair, Proposal, Subject};
use catchall_engine::ruleset::{Ruleset, read_cases};
use catchall_engine::shipped;
use catchall_tests::library;
use serde_json::{Value, json};

use crate::running::service;

fn post(path: &str, body: &Value) -> (u16, Value) {
    let reply = service().public().post(path, &[], body).unwrap();
    (reply.status, reply.json())
}

#[test]
fn a_comparison_is_that_of_the_library_and_changes_nothing() {
    let id = "p09-denial-threshold";
    let before = service().public().get("/v1/rulesets", &[]).unwrap().json();
    let (status, told) = post(
        "/v1/comparisons",
        &json!({"base": "eu-dual-use", "proposals": [id]}),
    );
    assert_eq!(status, 200, "{told}");
    let proposal = Proposal::read(&shipped::proposal(id).unwrap()).unwrap();
    let changed = proposal
        .apply(&shipped::ruleset("eu-dual-use").unwrap())
        .unwrap();
    let base = library().ruleset("eu-dual-use").unwrap();
    let reference = &library().reference;
    let amended = Ruleset::load(&changed, &library().catalogue, reference).unwrap();
    let documents = shipped::cases("eu-dual-use").unwrap();
    let cases = documents
        .iter()
        .flat_map(|document| read_cases(document).unwrap());
    let subjects: Vec<Subject> = cases
        .map(|case| Subject::of_case(&case, &amended.catalogue).unwrap())
        .collect();
    let pair = Pair {
        base,
        amended: &amended,
        catalogue: &amended.catalogue,
        reference,
    };
    let impact = json!(pair.impact(&subjects));
    assert!(impact["moved"].as_array().unwrap().len() > 1);
    assert_eq!(told["impact"], impact);
    assert_eq!(told["amended"]["sha256"], json!(amended.hash));
    let after = service().public().get("/v1/rulesets", &[]).unwrap().json();
    assert_eq!(before, after);
}

#[test]
fn what_is_wrong_with_a_proposal_is_told_with_its_place() {
    let mut proposal: Value = shipped::proposal("p09-denial-threshold")
        .unwrap()
        .json()
        .unwrap()
        .value()
        .clone();
    let (status, told) = post("/v1/proposals/check", &proposal);
    assert_eq!((status, &told["valid"]), (200, &json!(true)), "{told}");
    proposal["patch"]["rules"]["no-such-rule"] = Value::Null;
    let (status, told) = post("/v1/proposals/check", &proposal);
    assert_eq!((status, &told["valid"]), (200, &json!(false)));
    assert!(
        told["errors"].to_string().contains("no-such-rule"),
        "{told}"
    );
    let sent = json!({"base": "eu-dual-use", "proposals": [proposal]});
    assert_eq!(post("/v1/comparisons", &sent).0, 422);
    let unknown = json!({"base": "eu-dual", "proposals": []});
    let (status, told) = post("/v1/comparisons", &unknown);
    assert_eq!(status, 422, "{told}");
    assert!(told.to_string().contains("eu-dual-use"), "{told}");
}
