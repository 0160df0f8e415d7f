//! The page of a screened table: self-contained, and every figure in it is one of the summary.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catchall_report::{grouped, share};
use catchall_tests::program::{self, program, said};
use catchall_tests::root;
use serde_json::Value;

use super::{assert_links, assert_well_formed};

fn folder(name: &str) -> PathBuf {
    program::folder(env!("CARGO_TARGET_TMPDIR"), "table_page", name)
}

/// Screens a sample of decisions, two records of which cannot be read; files are named within the folder.
fn run(to: &Path, options: &[&str]) -> Output {
    let sample = fs::read_to_string(root().join("data/samples/uk-decisions-sample.csv")).unwrap();
    let broken = sample.lines().nth(1).unwrap().replace("20", "no date ");
    fs::write(
        to.join("decisions.csv"),
        format!("{sample}{broken}\n{broken}\n"),
    )
    .unwrap();
    let mut command = Command::new(program().unwrap());
    command.args(["screen", "decisions.csv", "--profile", "uk-licences"]);
    command.args(["--ruleset", "eu-dual-use"]).args(options);
    command.current_dir(to).output().unwrap()
}

/// The summary and the page of a run.
fn reported(name: &str) -> (Value, String) {
    let to = folder(name);
    let output = run(&to, &["--summary", "s.json", "--report", "r.html"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let summary = fs::read(to.join("s.json")).unwrap();
    let page = fs::read_to_string(to.join("r.html")).unwrap();
    (serde_json::from_slice(&summary).unwrap(), page)
}

/// A text without all that stands between two marks, and the marks.
fn without(text: &str, start: &str, end: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        left.push_str(before);
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    left + rest
}

/// Markup as it is read.
fn words(markup: &str) -> String {
    let text = without(&without(markup, "<svg", "</svg>"), "<", ">");
    let marks = [
        ("&#38;", "&"),
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    let text = marks
        .iter()
        .fold(text, |text, (mark, sign)| text.replace(mark, sign));
    text.trim().to_owned()
}

/// The rows of all tables: the words of their cells, without small print and what is only spoken.
fn rows(page: &str) -> BTreeSet<Vec<String>> {
    let page = without(
        &without(page, "<span class=\"note\">", "</span>"),
        "<span class=\"unseen\">",
        "</span>",
    );
    let rows = page.split("<tr").skip(1).map(|row| {
        let row = row.split("</tr>").next().unwrap().replace("<td", "<th");
        let cells = row.split("<th").skip(1);
        let cells = cells.map(|cell| words(cell.split_once('>').unwrap().1));
        cells.filter(|cell| !cell.is_empty()).collect()
    });
    rows.collect()
}

fn number(value: &Value) -> String {
    grouped(u128::from(value.as_u64().unwrap()))
}

fn sum(outcomes: &Value) -> u128 {
    let rows = outcomes.as_array().unwrap().iter();
    rows.map(|outcome| u128::from(outcome["rows"].as_u64().unwrap()))
        .sum()
}

/// Rows that the page must have, by what the summary says.
fn expected(summary: &Value) -> Vec<Vec<String>> {
    let read = u128::from(summary["read"].as_u64().unwrap());
    let of_read = |count: u128| [grouped(count), share(count, read)];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for outcome in summary["requirement"].as_array().unwrap() {
        let level = |end: &str| outcome[end].as_str().unwrap().replace('_', " ");
        let bounds = [level("at_least"), level("at_most")];
        let count = of_read(outcome["rows"].as_u64().unwrap().into());
        rows.push([bounds.clone(), count].concat());
        for value in outcome["values"].as_object().unwrap().values() {
            let sum = value["sum"].as_str().unwrap().to_owned();
            rows.push([&bounds[..], &[sum, number(&value["rows"])]].concat());
        }
    }
    let reference = &catchall_tests::library().reference;
    for (code, tally) in summary["destinations"].as_object().unwrap() {
        let name = match code.as_str() {
            "unknown" => "destination not known",
            code => reference.destinations.name(code),
        };
        let count = of_read(sum(&tally["requirement"]));
        rows.push([vec![name.to_owned()], count.to_vec()].concat());
    }
    for (fact, count) in summary["missing"].as_object().unwrap() {
        let catalogue = &catchall_tests::library().catalogue;
        let Some(fact) = catalogue.by_path(fact).and_then(|id| catalogue.fact(id)) else {
            continue;
        };
        let count = of_read(count.as_u64().unwrap().into());
        rows.push([vec![fact.field.question.to_string()], count.to_vec()].concat());
    }
    for value in summary["unresolved"].as_array().unwrap() {
        let cell = |key: &str| value[key].as_str().unwrap_or("names nothing that is known");
        let cells = ["column", "name", "reason"].map(cell).map(str::to_owned);
        rows.push([&cells[..], &[number(&value["rows"])]].concat());
    }
    for reject in summary["rejects"].as_array().unwrap() {
        let cell = |key: &str| reject[key].as_str().unwrap().to_owned();
        rows.push(vec![cell("column"), cell("cause"), number(&reject["rows"])]);
    }
    rows
}

#[test]
fn every_count_of_the_summary_is_on_the_page() {
    let (summary, page) = reported("counts");
    assert_eq!(summary["rejected"], 2);
    let rows = rows(&page);
    for row in expected(&summary) {
        assert!(rows.contains(&row), "no row {row:?} among {rows:?}");
    }
    for (year, tally) in summary["years"].as_object().unwrap() {
        let all = grouped(sum(&tally["requirement"]));
        let found = |row: &Vec<String>| row.first() == Some(year) && row.last() == Some(&all);
        assert!(rows.iter().any(found), "{year}");
    }
    for (id, count) in summary["rules"].as_object().unwrap() {
        let ruleset = catchall_tests::library().ruleset("eu-dual-use").unwrap();
        let rule = ruleset
            .rules
            .iter()
            .find(|rule| rule.id.as_ref() == id)
            .unwrap();
        let row = [
            rule.title.to_string(),
            number(&count["stands"]),
            number(&count["may_stand"]),
        ];
        assert!(rows.contains(row.as_slice()), "{row:?}");
    }
    for key in ["read", "determined", "undetermined", "rejected"] {
        assert!(words(&page).contains(&number(&summary[key])), "{key}");
    }
    for hash in ["input", "data", "profile_sha256"] {
        assert_eq!(page.matches(summary[hash].as_str().unwrap()).count(), 1);
    }
}

#[test]
fn the_page_needs_nothing_but_itself_and_says_what_it_is_not() {
    let (summary, page) = reported("alone");
    assert_well_formed(&page);
    assert_links(&page, |link| page.contains(&format!("<a href=\"{link}\"")));
    for outside in [
        " src=", "@import", "url(http", "<script", "<link", "<iframe",
    ] {
        assert!(!page.contains(outside), "the page has {outside}");
    }
    assert!(words(&page).contains(summary["notice"].as_str().unwrap()));
    for note in summary["notes"].as_array().unwrap() {
        assert!(words(&page).contains(note.as_str().unwrap()));
    }
}

#[test]
fn the_page_is_the_same_each_time_and_replaces_nothing_unasked() {
    let to = folder("again");
    let page = || fs::read(to.join("r.html")).unwrap();
    assert_eq!(run(&to, &["--report", "r.html"]).status.code(), Some(3));
    let first = page();
    let refused = run(&to, &["--report", "r.html"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("--force"), "{}", said(&refused));
    let forced = run(&to, &["--report", "r.html", "--force", "--threads", "1"]);
    assert_eq!(forced.status.code(), Some(3));
    assert_eq!(first, page());
}

/// Headings, captions and heads of tables, in their order.
fn skeleton(page: &str) -> String {
    let body = page.split_once("<body>").unwrap().1;
    let body = without(body, "<svg", "</svg>");
    let mut lines = String::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = tag.split(' ').next().unwrap();
        if ["h1", "h2", "h3", "summary", "caption", "figcaption"].contains(&name) {
            let _ = writeln!(lines, "{name:<10} {}", words(text));
        }
    }
    lines
}

#[test]
fn a_page_has_these_parts() {
    let (_, page) = reported("skeleton");
    insta::assert_snapshot!(skeleton(&page));
}
