//! Proposals: mistakes, templates, several at once, and their effect on cases.

use catchall_engine::comparison::{
    Never, Pair, Proposal, Question, Subject, Verdict, prove, template,
};
use catchall_engine::ruleset::{Library, Ruleset, RulesetFiles, read_cases};
use catchall_engine::screening::{Direction, bounds};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_engine::time::Dates;
use catchall_tests::library;
use serde_json::Value;

fn proposal(json: &Value) -> Result<Proposal, catchall_engine::source::Problems> {
    Proposal::read(&Document::new("proposal", json.to_string()))
}

#[test]
fn mistakes_of_proposals_are_told_in_their_place() {
    let path = catchall_tests::root().join("tests/data/proposals.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let base = shipped::ruleset("eu-dual-use").unwrap();
    for case in &cases {
        let read: Result<Vec<Proposal>, _> = case["proposals"]
            .as_array()
            .unwrap()
            .iter()
            .map(proposal)
            .collect();
        let loaded = read
            .and_then(|proposals| Proposal::apply_all(&proposals, &base))
            .and_then(|files| Ruleset::load(&files, &library().catalogue, &library().reference));
        let problems = loaded.expect_err(case["about"].as_str().unwrap());
        let told = problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<String>>()
            .join("\n");
        for expected in ["code", "pointer", "help"] {
            let expected = case[expected].as_str().unwrap();
            assert!(
                told.contains(expected),
                "{}: `{expected}` in\n{told}",
                case["about"]
            );
        }
    }
}

#[test]
fn a_template_is_a_proposal_that_changes_nothing() {
    for id in shipped::ruleset_ids() {
        let ruleset = library().ruleset(&id).unwrap();
        let proposal = proposal(&template(ruleset, None)).unwrap();
        let files = proposal.apply(&shipped::ruleset(&id).unwrap()).unwrap();
        let amended = Ruleset::load(&files, &library().catalogue, &library().reference).unwrap();
        assert_eq!(amended.rules.len(), ruleset.rules.len(), "{id}");
    }
}

/// A ruleset as it is and with shipped proposals, loaded one after the other.
fn shipped_pair(proposals: &[&str]) -> (Library, Ruleset, Ruleset) {
    let read = |id: &&str| Proposal::read(&shipped::proposal(id).unwrap()).unwrap();
    let proposals: Vec<Proposal> = proposals.iter().map(read).collect();
    let files = shipped::ruleset(&proposals[0].base).unwrap();
    let mut library = Library::load(
        &shipped::facts().unwrap(),
        shipped::reference().unwrap(),
        Vec::new(),
    )
    .unwrap();
    let mut load = |files: &RulesetFiles| {
        let ruleset = Ruleset::load(files, &library.catalogue, &library.reference).unwrap();
        library.catalogue = std::sync::Arc::clone(&ruleset.catalogue);
        ruleset
    };
    let base = load(&files);
    let amended = load(&Proposal::apply_all(&proposals, &files).unwrap());
    (library, base, amended)
}

pub(crate) fn shipped_proof(
    library: &Library,
    base: &Ruleset,
    amended: &Ruleset,
    never: Never,
) -> Verdict {
    let day = base.edition.max(amended.edition);
    let question = Question {
        base,
        amended,
        catalogue: &library.catalogue,
        reference: &library.reference,
        dates: Dates {
            as_of: day,
            known_at: day,
        },
        never,
        assume: None,
        members: 2,
    };
    prove(&question).map_err(|wrong| wrong.0).unwrap().verdict
}

#[test]
fn proposals_combine_and_their_order_has_no_effect() {
    let (library, base, amended) = shipped_pair(&["p14-transparency", "p09-denial-threshold"]);
    let (_, _, other) = shipped_pair(&["p09-denial-threshold", "p14-transparency"]);
    assert_eq!(amended.hash, other.hash);
    // Duties raise no level, and a wider ground of refusal lowers none.
    let milder = shipped_proof(&library, &base, &amended, Never::MoreLenient);
    assert!(matches!(milder, Verdict::Proved));
    let Verdict::Refuted(stricter) = shipped_proof(&library, &base, &amended, Never::MoreStrict)
    else {
        panic!("a wider ground of refusal raises some review");
    };
    assert!(
        stricter.settled && stricter.base.review < stricter.amended.review,
        "{stricter:?}"
    );
}

#[test]
fn cases_that_move_are_those_whose_bounds_differ() {
    let (library, base, amended) = shipped_pair(&["p06-researchers"]);
    let mut subjects = Vec::new();
    for document in shipped::cases("eu-dual-use").unwrap().iter().step_by(7) {
        for case in read_cases(document).unwrap() {
            subjects.push(Subject::of_case(&case, &library.catalogue).unwrap());
        }
    }
    let pair = Pair {
        base: &base,
        amended: &amended,
        catalogue: &library.catalogue,
        reference: &library.reference,
    };
    let impact = pair.impact(&subjects);
    assert_eq!(impact.cases, subjects.len());
    let differs = |subject: &&Subject| {
        let [one, other] = [&base, &amended].map(|ruleset| {
            bounds(
                &subject.application,
                ruleset,
                &library.reference,
                subject.dates,
            )
        });
        one != other
    };
    let expected: Vec<&str> = subjects
        .iter()
        .filter(differs)
        .map(|subject| subject.id.as_ref())
        .collect();
    let found: Vec<&str> = impact.moved.iter().map(|moved| moved.id.as_ref()).collect();
    assert_eq!(found, expected);
    // The proposal frees research, and what it frees is proved never to be treated more strictly.
    assert!(
        impact
            .moved
            .iter()
            .all(|moved| moved.direction != Direction::Stricter)
    );
    assert!(impact.moved.iter().all(|moved| !moved.rules.is_empty()));
}
