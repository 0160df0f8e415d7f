//! Tables in other forms than CSV: the same records give the same answers in all of them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::DataType;
use catchall_engine::bulk::{Profile, Stated, TableScreener};
use catchall_engine::shipped;
use catchall_tables::{Wanted, screen_batch};
use catchall_tests::program::{self, program, said};
use catchall_tests::{library, root};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};

fn folder(name: &str) -> PathBuf {
    program::folder(env!("CARGO_TARGET_TMPDIR"), "table_formats", name)
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

/// The sample in columns: days and amounts as Arrow has them, the rest as text.
fn batch() -> RecordBatch {
    let mut reader = csv::Reader::from_path(sample()).unwrap();
    let names = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let columns = names.iter().enumerate().map(|(at, name)| {
        let cells = records
            .iter()
            .map(|record| Some(&record[at]).filter(|cell| !cell.is_empty()));
        let text: ArrayRef = Arc::new(cells.collect::<StringArray>());
        let column = match name {
            "date" => arrow_cast::cast(&text, &DataType::Date32).unwrap(),
            "value" => arrow_cast::cast(&text, &DataType::Float64).unwrap(),
            "country" => {
                let words =
                    DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8));
                arrow_cast::cast(&text, &words).unwrap()
            }
            _ => text,
        };
        (name.to_owned(), column)
    });
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet_file(path: &Path, batch: &RecordBatch) {
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn ipc_file(path: &Path, batch: &RecordBatch) {
    let file = File::create(path).unwrap();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(file, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
}

fn ipc_stream(path: &Path, batch: &RecordBatch) {
    let file = File::create(path).unwrap();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(file, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
}

/// Only what screening added.
fn answers(records: Vec<Map<String, Value>>) -> Vec<Vec<Value>> {
    let columns = catchall_engine::bulk::Added::WHOLE;
    let of = |record: Map<String, Value>| {
        columns
            .iter()
            .map(|name| record[name.name()].clone())
            .collect()
    };
    records.into_iter().map(of).collect()
}

/// The rows of a Parquet file, as text.
fn parquet_records(path: &Path) -> Vec<Map<String, Value>> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap());
    let mut records = Vec::new();
    for batch in reader.unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let texts: Vec<ArrayRef> = batch
            .columns()
            .iter()
            .map(|column| arrow_cast::cast(column, &DataType::Utf8).unwrap())
            .collect();
        for row in 0..batch.num_rows() {
            let cells = texts.iter().map(AsArray::as_string::<i32>);
            let cells = cells.map(|column| {
                if column.is_null(row) {
                    ""
                } else {
                    column.value(row)
                }
            });
            let schema = batch.schema();
            let names = schema.fields().iter().map(|field| field.name().clone());
            records.push(names.zip(cells.map(Value::from)).collect());
        }
    }
    records
}

#[test]
fn parquet_and_arrow_give_the_answers_of_csv() {
    let folder = folder("columns");
    let file = |name: &str| folder.join(name);
    let batch = batch();
    parquet_file(&file("in.parquet"), &batch);
    ipc_file(&file("in.arrow"), &batch);
    ipc_stream(&file("stream.arrow"), &batch);
    run(&sample(), &file("csv.csv"), &[]);
    let expected = answers(csv_records(&file("csv.csv")));
    for input in ["in.parquet", "in.arrow", "stream.arrow"] {
        for form in ["csv", "ndjson", "parquet"] {
            let out = file(&format!("{input}.{form}"));
            let output = run(&file(input), &out, &["--threads", "2"]);
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            match form {
                "csv" => assert_eq!(answers(csv_records(&out)), expected),
                "parquet" => assert_eq!(answers(parquet_records(&out)), expected),
                _ => assert_eq!(lines(&out).len(), expected.len()),
            }
        }
    }
    let typed =
        ParquetRecordBatchReaderBuilder::try_new(File::open(file("in.parquet.parquet")).unwrap())
            .unwrap();
    let date = typed.schema().field_with_name("date").unwrap().clone();
    assert_eq!(date.data_type(), &DataType::Date32);
}

#[test]
fn csv_and_ndjson_become_parquet() {
    let folder = folder("to-columns");
    let (table, records) = ndjson(&folder);
    for (input, out) in [(&sample(), "a.parquet"), (&table, "b.parquet")] {
        let out = folder.join(out);
        let output = run(input, &out, &[]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let found = parquet_records(&out);
        assert_eq!(found.len(), records.len());
        for (found, record) in found.iter().zip(&records) {
            assert!(record.iter().all(|(name, cell)| found[name] == *cell));
        }
    }
}

#[test]
fn a_damaged_parquet_file_is_an_error_and_leaves_nothing() {
    let folder = folder("damaged");
    let whole = folder.join("whole.parquet");
    parquet_file(&whole, &batch());
    let bytes = fs::read(&whole).unwrap();
    let to = folder.join("out");
    fs::create_dir(&to).unwrap();
    // The head of the first page, and the description of all at the end. What is damaged within a page
    // shows only where its writer left a checksum.
    for place in [4..44, bytes.len() - 8..bytes.len()] {
        let mut damaged = bytes.clone();
        damaged[place.clone()].fill(0xa5);
        let table = folder.join("damaged.parquet");
        fs::write(&table, damaged).unwrap();
        let output = run(&table, &to.join("out.csv"), &[]);
        assert_eq!(
            output.status.code(),
            Some(3),
            "{place:?}: {}",
            said(&output)
        );
        assert!(said(&output).contains("T118"), "{}", said(&output));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
    }
    let cut = folder.join("cut.parquet");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let output = run(&cut, &to.join("out.csv"), &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
}

#[test]
fn another_engine_hands_over_a_batch_and_gets_one_back() {
    let library = library();
    let profile = Profile::compile(&shipped::profile("uk-licences").unwrap(), library).unwrap();
    let batch = batch();
    let schema = batch.schema();
    let names: Vec<&[u8]> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_bytes())
        .collect();
    let rulesets = vec![library.ruleset("eu-dual-use").unwrap()];
    let screener = TableScreener::new(
        &profile,
        library,
        rulesets,
        Stated::default(),
        "batch",
        &names,
    )
    .unwrap();
    let mut worker = screener.worker();
    let answered = screen_batch(&screener, &mut worker, &batch, &Wanted::default()).unwrap();
    assert_eq!(answered.batch.num_rows(), batch.num_rows());
    assert_eq!(answered.batch.num_columns(), batch.num_columns() + 8);
    assert!(answered.rejects.is_empty());
    assert_eq!(worker.take_counts().read(), 300);
}
