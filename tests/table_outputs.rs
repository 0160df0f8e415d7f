//! What a run on a table writes beside the table, and which records and columns it writes.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catchall_engine::bulk::Added;
use catchall_tests::program::{self, program, said};
use catchall_tests::root;
use serde_json::Value;

type Row = BTreeMap<String, String>;

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    program::folder(env!("CARGO_TARGET_TMPDIR"), "table_outputs", name)
}

/// Screens a sample of trade; files are named within the folder.
fn run(to: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(program().unwrap());
    command.arg("screen");
    command.arg(root().join("data/samples/trade-sample.csv"));
    command.args(["--profile", "stats-nz", "--ruleset", "eu-dual-use"]);
    command.args(options).current_dir(to);
    command.output().unwrap()
}

fn screened(to: &Path, options: &[&str]) {
    let output = run(to, options);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize().map(Result::unwrap);
    rows.collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn short_records_and_their_answers_say_what_whole_records_say() {
    let to = folder("answers");
    screened(&to, &["-o", "whole.csv", "--summary", "summary.json"]);
    for threads in ["1", "3"] {
        let short = ["-o", "short.csv", "--answers", "answers.csv", "--force"];
        screened(&to, &[&short[..], &["--threads", threads]].concat());
        let answers = rows(&to.join("answers.csv")).into_iter();
        let answers: BTreeMap<String, Row> =
            answers.map(|row| (row["answer_id"].clone(), row)).collect();
        assert_eq!(json(&to.join("summary.json"))["answers"], answers.len());
        let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
        let (short, whole) = (rows(&to.join("short.csv")), rows(&to.join("whole.csv")));
        assert_eq!(short.len(), whole.len());
        for (short, whole) in short.iter().zip(&whole) {
            let id = short["answer_id"].as_str();
            *counted.entry(id).or_default() += 1;
            for column in Added::WHOLE.map(Added::name) {
                assert_eq!(answers[id][column], whole[column]);
                assert!(short.get(column).is_none_or(|cell| *cell == whole[column]));
            }
        }
        for (id, rows) in counted {
            assert_eq!(answers[id]["rows"], rows.to_string());
        }
    }
}

#[test]
fn answers_are_written_as_json_lines_too() {
    let to = folder("json");
    screened(&to, &["--answers", "answers.csv"]);
    screened(&to, &["--answers", "answers.ndjson"]);
    let lines = fs::read_to_string(to.join("answers.ndjson")).unwrap();
    for (line, row) in lines.lines().zip(rows(&to.join("answers.csv"))) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["answer_id"], row["answer_id"]);
        let missing = line["missing"].as_array().unwrap().iter();
        let missing: Vec<&str> = missing.map(|fact| fact.as_str().unwrap()).collect();
        assert_eq!(missing.join("|"), row["missing"]);
        assert_eq!(line["rows"].to_string(), row["rows"]);
    }
}

#[test]
fn only_the_records_that_are_asked_for_are_written_and_all_are_counted() {
    let to = folder("only");
    screened(&to, &["-o", "all.csv", "--summary", "all.json"]);
    let (all, summary) = (rows(&to.join("all.csv")), json(&to.join("all.json")));
    let may = |row: &Row| {
        matches!(
            row["requirement_at_most"].as_str(),
            "licence_required" | "prohibited"
        )
    };
    let open = |row: &Row| row["determined"] == "false";
    for ending in ["csv", "ndjson", "parquet"] {
        let table = format!("some.{ending}");
        let options = ["--only", "licence_required?", "--only", "undetermined"];
        let files = ["-o", &table, "--summary", "some.json", "--force"];
        screened(&to, &[&options[..], &files].concat());
        let kept: Vec<Row> = all
            .iter()
            .filter(|row| may(row) || open(row))
            .cloned()
            .collect();
        let some = json(&to.join("some.json"));
        assert_eq!(some["selected"], kept.len());
        assert_eq!(some["requirement"], summary["requirement"]);
        assert_eq!(some["read"], summary["read"]);
        if ending == "csv" {
            assert_eq!(rows(&to.join("some.csv")), kept);
        }
        if ending == "ndjson" {
            let text = fs::read_to_string(to.join("some.ndjson")).unwrap();
            assert_eq!(text.lines().count(), kept.len());
        }
    }
}

#[test]
fn the_first_records_of_each_answer_are_explained_as_single_screening_explains_them() {
    let to = folder("explained");
    let only = ["--only", "licence_required+", "--only", "determined"];
    let files = [
        "-o",
        "all.csv",
        "--explanations",
        "explained.ndjson",
        "--explain",
        "2",
    ];
    let columns = ["--columns", "answer_id", "--threads", "3"];
    screened(&to, &[&only[..], &files, &columns].concat());
    let text = fs::read_to_string(to.join("explained.ndjson")).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut explained: BTreeMap<String, usize> = BTreeMap::new();
    for line in &lines {
        *explained
            .entry(line["answer_id"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(&to.join("all.csv")) {
        let count = expected.entry(row["answer_id"].clone()).or_default();
        *count = (*count + 1).min(2);
    }
    assert_eq!(explained, expected);
    let numbers: Vec<u64> = lines
        .iter()
        .map(|line| line["record"].as_u64().unwrap())
        .collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    let line = &lines[0];
    fs::write(to.join("one.json"), line["application"].to_string()).unwrap();
    let mut command = Command::new(program().unwrap());
    command.args([
        "screen",
        "one.json",
        "--ruleset",
        "eu-dual-use",
        "--format",
        "json",
    ]);
    let alone = command.current_dir(&to).output().unwrap();
    let alone: Value = serde_json::from_slice(&alone.stdout).unwrap();
    assert_eq!(alone, line["determination"]);
}

#[test]
fn what_cannot_be_written_so_is_said_before_anything_is_read() {
    let to = folder("wrong");
    for (options, said_to_be) in [
        (
            &["--only", "license_required"][..],
            "did you mean `licence_required`?",
        ),
        (&["--only", "stands:art-99"], "no rule `art-99`"),
        (
            &["-o", "o.csv", "--columns", "answer"],
            "expected one of requirement_at_least",
        ),
        (
            &["-o", "o.csv", "--columns", "missing,missing"],
            "names missing twice",
        ),
        (&["--answers", "a.parquet"], "written as CSV or NDJSON"),
        (&["-o", "o.csv", "--answers", "o.csv"], "named twice"),
        (&["--explain", "3"], "--explanations"),
    ] {
        let output = run(&to, options);
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(said(&output).contains(said_to_be), "{}", said(&output));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 0, "{options:?}");
    }
}
