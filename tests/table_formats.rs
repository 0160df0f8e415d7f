//! Tables in other forms than CSV: the same records give the same answers in all of them.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catchall_tests::program::program;
use catchall_tests::root;
use serde_json::{Map, Value};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("table_formats")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn sample() -> PathBuf {
    root().join("data/samples/uk-decisions-sample.csv")
}

fn run(table: &Path, output: &Path, more: &[&str]) -> Output {
    Command::new(program().unwrap())
        .arg("screen")
        .arg(table)
        .args(["--profile", "uk-licences", "--ruleset", "eu-dual-use", "-o"])
        .arg(output)
        .args(more)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

/// A table's records by the names of their columns.
fn csv_records(path: &Path) -> Vec<Map<String, Value>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().clone();
    let records = reader.records().map(Result::unwrap);
    let object = |record: csv::StringRecord| {
        let pairs = names.iter().zip(record.iter());
        pairs
            .map(|(name, cell)| (name.to_owned(), cell.into()))
            .collect()
    };
    records.map(object).collect()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The sample as NDJSON, and its records.
fn ndjson(folder: &Path) -> (PathBuf, Vec<Map<String, Value>>) {
    let path = folder.join("sample.ndjson");
    let records = csv_records(&sample());
    let text = records
        .iter()
        .map(|record| format!("{}\n", Value::from(record.clone())));
    fs::write(&path, text.collect::<String>()).unwrap();
    (path, records)
}

#[test]
fn ndjson_and_csv_give_the_same_answers() {
    let folder = folder("ndjson");
    let (table, records) = ndjson(&folder);
    let file = |name: &str| folder.join(name);
    for (input, output) in [
        (&sample(), "a.csv"),
        (&sample(), "b.ndjson"),
        (&table, "c.csv"),
        (&table, "d.ndjson.gz"),
    ] {
        let output = run(input, &file(output), &[]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    assert_eq!(csv_records(&file("a.csv")), csv_records(&file("c.csv")));
    let unpacked = Command::new("gzip")
        .arg("-d")
        .arg(file("d.ndjson.gz"))
        .status();
    assert!(unpacked.unwrap().success());
    let (from_csv, from_ndjson) = (lines(&file("b.ndjson")), lines(&file("d.ndjson")));
    assert_eq!(from_csv, from_ndjson);
    let answers = csv_records(&file("a.csv"));
    for ((line, record), answer) in from_csv.iter().zip(&records).zip(&answers) {
        for (name, cell) in record {
            assert_eq!(&line[name], cell);
        }
        assert_eq!(line["requirement_at_least"], answer["requirement_at_least"]);
        let list = line["may_stand"].as_array().unwrap().iter();
        let list: Vec<&str> = list.map(|rule| rule.as_str().unwrap()).collect();
        assert_eq!(list.join("|"), answer["may_stand"].as_str().unwrap());
        assert_eq!(
            line["determined"].to_string(),
            answer["determined"].as_str().unwrap()
        );
    }
}

#[test]
fn lines_that_are_no_clear_object_are_rejected_and_the_rest_passes_byte_for_byte() {
    let folder = folder("lines");
    let (_, records) = ndjson(&folder);
    let good = Value::from(records[0].clone()).to_string();
    let spaced = good.replacen('{', "{ \"more\": [1.50, {}],  ", 1);
    let table = folder.join("table.ndjson");
    let twice = good.replacen('{', "{\"country\":\"KE\",", 1);
    let text = format!("{good}\n\n{spaced}\r\n[1]\n{{\"country\n{twice}\n{{}}\n{good}");
    fs::write(&table, text).unwrap();
    let rejects = folder.join("rejects.csv");
    let out = folder.join("out.ndjson");
    let output = run(&table, &out, &["--rejects", rejects.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let lines: Vec<String> = csv_records(&rejects)
        .iter()
        .map(|reject| reject["line"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(lines, ["4", "5", "6", "7"]);
    let written = fs::read_to_string(&out).unwrap();
    let written: Vec<&str> = written.lines().collect();
    assert_eq!(written.len(), 3, "{}", said(&output));
    for (line, own) in written.iter().zip([&good, &spaced, &good]) {
        assert!(line.starts_with(own.trim_end_matches('}')), "{line}");
    }
}

#[test]
fn a_column_that_no_record_has_is_an_error() {
    let folder = folder("missing");
    let (table, _) = ndjson(&folder);
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replace("\"country\"", "\"coutry\"")).unwrap();
    let output = run(&table, &folder.join("out.ndjson"), &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        said(&output).contains("did you mean `coutry`?"),
        "{}",
        said(&output)
    );
}
