//! The page of a determination: well formed, self-contained, safe whatever an application says, and
//! never silent about what is unknown or unverified. `table_page.rs` asks the same of a screened table.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of the suite that fails is a test that fails"
)]

mod table_page;

use std::collections::BTreeSet;

use catchall_engine::explanation::html;
use catchall_engine::facts::Application;
use catchall_engine::reference::Reference;
use catchall_engine::ruleset::{Ruleset, RulesetFiles, read_cases};
use catchall_engine::screening::{Determination, Stands, run_case, screen};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_engine::time::{Date, Dates};
use catchall_tests::library;
use serde_json::{Value, json};

/// One case of so many is shown.
const SAMPLE: usize = 60;

fn reference() -> &'static Reference {
    &library().reference
}

fn screened(application: &Value, rulesets: &[&Ruleset]) -> Determination {
    let document = Document::new("application", application.to_string());
    let application = Application::read(&document, &library().catalogue).unwrap();
    let day = Date::parse("2025-06-01").unwrap();
    let dates = Dates {
        as_of: day,
        known_at: day,
    };
    screen(&application, rulesets, reference(), dates)
}

/// Determinations of all kinds: a sample of the cases, and an application of two lines under all rulesets.
fn determinations() -> Vec<Determination> {
    let mut found = Vec::new();
    for ruleset in &library().rulesets {
        let documents = shipped::cases(&ruleset.id).unwrap();
        let cases = documents
            .iter()
            .flat_map(|document| read_cases(document).unwrap());
        for case in cases.step_by(SAMPLE) {
            found.push(run_case(&case, library(), ruleset).unwrap().determination);
        }
    }
    let all: Vec<&Ruleset> = library().rulesets.iter().collect();
    let application = json!({"id": "two lines", "items": [{"entries": ["5A001.j"]}, {}], "destination": {"country": "MM"}});
    found.push(screened(&application, &all));
    found
}

/// The tags of a page in their order: name, attributes, and whether it closes.
fn tags(page: &str) -> Vec<(String, String, bool)> {
    let after_style = page.split_once("</style>").unwrap().1;
    let tags = after_style.split('<').skip(1).map(|rest| {
        let tag = rest.split_once('>').unwrap().0;
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let closes = name.starts_with('/');
        (
            name.trim_start_matches('/').to_owned(),
            attributes.to_owned(),
            closes,
        )
    });
    tags.collect()
}

/// The values of an attribute.
fn attribute(page: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    page.split(&start)
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0.to_owned())
        .collect()
}

fn assert_well_formed(page: &str) {
    let mut open: Vec<String> = vec!["html".to_owned(), "head".to_owned()];
    for (name, _, closes) in tags(page) {
        if closes {
            assert_eq!(open.pop(), Some(name));
        } else if name != "br" {
            open.push(name);
        }
    }
    assert_eq!(open, [""; 0]);
}

/// Every id stands once, and every link leads to one of them, or out to where it may.
fn assert_links(page: &str, may_lead_out: impl Fn(&str) -> bool) {
    let ids = attribute(page, "id");
    let places: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), places.len(), "an id twice");
    for link in attribute(page, "href") {
        match link.strip_prefix('#') {
            Some(place) => assert!(ids.iter().any(|id| id == place), "no #{place}"),
            None => assert!(may_lead_out(&link), "{link}"),
        }
    }
}

#[test]
fn pages_are_well_formed_and_stand_alone() {
    for determination in determinations() {
        let page = html(&determination, reference(), Some("MM"));
        assert_well_formed(&page);
        assert_links(&page, |link| link.starts_with("http"));
        for outside in [" src=", "@import", "url(", "<script", "<link", "<iframe"] {
            assert!(!page.contains(outside), "the page has {outside}");
        }
        assert_eq!(page, html(&determination, reference(), Some("MM")));
    }
}

#[test]
fn the_outcome_comes_first_and_is_no_approval() {
    for determination in determinations() {
        let page = html(&determination, reference(), Some("MM"));
        let at = |text: &str| page.find(text).unwrap_or(usize::MAX);
        assert!(at("id=\"outcome\"") < at("class=\"ruleset\""));
        assert!(at("class=\"ruleset\"") < at("id=\"identity-heading\""));
        assert_eq!(page.matches(&determination.input).count(), 1);
        let notice = "&#34;Not required&#34; is never &#34;approved&#34;";
        assert!(at(notice) < at("class=\"ruleset\""), "no notice");
        let open = !determination.bounds.is_settled();
        assert_eq!(page.contains("<h3>Possible</h3>"), open);
    }
}

#[test]
fn every_finding_is_shown_with_its_citation_and_its_doubts() {
    for determination in determinations() {
        let page = html(&determination, reference(), None);
        let findings: Vec<_> = determination
            .rulesets
            .iter()
            .flat_map(|ruleset| &ruleset.items)
            .flat_map(|item| &item.findings)
            .collect();
        let shown = page.matches("<article class=\"finding\"").count();
        assert_eq!(shown, findings.len());
        let unverified = findings
            .iter()
            .filter(|finding| !finding.citation.verified)
            .count();
        assert_eq!(
            page.matches("<strong>Unverified:</strong>").count(),
            unverified
        );
        let linked = findings
            .iter()
            .map(|finding| finding.citation.url.replace('&', "&#38;"))
            .all(|url| page.contains(&format!("href=\"{url}\"")));
        assert!(linked, "a citation without its link");
        let stands = findings.iter().any(|finding| finding.stands == Stands::Yes);
        assert!(stands || !page.contains("<h4>Stands</h4>"));
    }
}

const SCRIPT: &str = "<script>alert(\"it's \u{e9}\")</script>";

/// The first ruleset, with hostile words and a hostile address in every rule.
fn hostile() -> Ruleset {
    let files = shipped::ruleset(&shipped::ruleset_ids()[0]).unwrap();
    let mut whole = files.assembled().unwrap();
    whole["title"] = json!(SCRIPT);
    for rule in whole["rules"].as_object_mut().unwrap().values_mut() {
        rule["title"] = json!(SCRIPT);
        rule["because"] = json!(SCRIPT);
        rule["rights"] = json!([SCRIPT]);
        rule["affects"] = json!([SCRIPT]);
        rule["citation"]["provision"] = json!(SCRIPT);
        rule["citation"]["note"] = json!(SCRIPT);
        rule["citation"]["url"] = json!("javascript:alert(1)");
    }
    let files = RulesetFiles::from_assembled(&Document::new("hostile", whole.to_string()));
    Ruleset::load(&files.unwrap(), &library().catalogue, reference()).unwrap()
}

#[test]
fn no_word_of_an_application_or_a_ruleset_becomes_markup() {
    let hostile = hostile();
    let application = json!({
        "id": SCRIPT,
        "items": [{"description": SCRIPT, "entries": ["5A001.j"]}],
        "destination": {"country": "MM"},
        "parties": [{"role": "end_user", "name": SCRIPT, "type": "police"}]
    });
    let determination = screened(&application, &[&hostile]);
    let page = html(&determination, reference(), Some(SCRIPT));
    assert!(!page.contains("<script"), "a script");
    assert!(!page.contains("href=\"javascript:"), "a script as a link");
    assert!(page.contains("&#60;script&#62;alert(&#34;it&#39;s \u{e9}&#34;)"));
    assert_well_formed(&page);
}
