//! Screening by classes gives each record the answer that it has alone.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::path::PathBuf;

use catchall_engine::bulk::{Class, Counts, Profile, Rows, Stated, TableScreener};
use catchall_engine::ruleset::{Library, Ruleset, RulesetFiles};
use catchall_engine::screening::brief;
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_tests::random::Random;
use catchall_tests::{library, root};
use csv::ReaderBuilder;
use serde_json::{Value, json};

/// Small tables, each with the profile that reads it.
const TABLES: [(&str, &str); 7] = [
    ("data/samples/trade-sample.csv", "stats-nz"),
    ("data/samples/uk-decisions-sample.csv", "uk-licences"),
    ("tests/data/profiles/baci.csv", "baci"),
    ("tests/data/profiles/comtrade.csv", "comtrade"),
    ("tests/data/profiles/comtrade_legacy.csv", "comtrade-legacy"),
    ("tests/data/profiles/shipments.csv", "shipments"),
    ("tests/data/profiles/applications.csv", "applications"),
];

/// The cells of each column of a table, and the header.
fn columns(path: &str) -> (Vec<Vec<u8>>, Vec<Vec<Vec<u8>>>) {
    let path: PathBuf = root().join(path);
    let mut reader = ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).from_path(path);
    let mut records = reader.unwrap().into_byte_records();
    let header = records.next().unwrap().unwrap();
    let header: Vec<Vec<u8>> = header.iter().map(<[u8]>::to_vec).collect();
    let mut columns = vec![vec![Vec::new()]; header.len()];
    for record in records {
        let record = record.unwrap();
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(cell.to_vec());
        }
    }
    (header, columns)
}

/// Screens records whose cells are drawn column by column, each also alone, and says how many were read.
fn drawn(path: &str, profile: &str, rulesets: &[&Ruleset], records: usize) -> usize {
    let (header, columns) = columns(path);
    let profile = shipped::profile(profile).unwrap();
    let table = (path, header.as_slice(), columns.as_slice());
    screened(library(), &profile, table, rulesets, records)
}

/// The name of a table, its header, and the cells from which each column is drawn.
type Table<'t> = (&'t str, &'t [Vec<u8>], &'t [Vec<Vec<u8>>]);

fn screened(
    library: &Library,
    profile: &Document,
    (path, header, columns): Table<'_>,
    rulesets: &[&Ruleset],
    records: usize,
) -> usize {
    let header: Vec<&[u8]> = header.iter().map(Vec::as_slice).collect();
    let profile = Profile::compile(profile, library).unwrap();
    let profile = profile.for_header(library, path, &header).unwrap();
    let stated = Stated::default();
    let sets = rulesets.to_vec();
    let screener = TableScreener::new(&profile, library, sets, stated, path, &header).unwrap();
    let mut worker = screener.worker();
    let mut random = Random::new(7);
    let (mut read, mut classes) = (0, Vec::new());
    for _ in 0..records {
        let needed = screener.needed().iter();
        let cells: Vec<&[u8]> = needed
            .map(|at| columns[*at][random.below(columns[*at].len())].as_slice())
            .collect();
        let found = worker.row(&cells);
        classes.push((cells.clone(), found.clone().ok()));
        match screener.record(&cells) {
            Ok(record) => {
                let dates = record.dates;
                let alone = brief(&record.application, rulesets, &library.reference, dates);
                let found = screener.answer(found.unwrap());
                assert_eq!(found.brief, alone, "{path}: {}", shown(&cells));
                read += 1;
            }
            Err(rejection) => assert_eq!(found.unwrap_err(), rejection, "{}", shown(&cells)),
        }
    }
    let counts = worker.take_counts();
    assert_eq!(counts.read(), records as u64);
    let (known, again) = in_runs(&screener, &classes);
    assert_eq!(again, counts, "{path}");
    // Where several rulesets weigh facts together, columns may not come one by one.
    assert!(known > 0 || rulesets.len() > 1, "{path}");
    read
}

/// Records with the classes that they have by themselves.
type Classed<'c> = [(Vec<&'c [u8]>, Option<Class>)];

/// Screens records in runs, which must give each its class; how many were known, and what was counted.
fn in_runs(screener: &TableScreener<'_>, records: &Classed<'_>) -> (usize, Counts) {
    let (width, mut worker, mut known) = (screener.width(), screener.worker(), 0);
    // What is met is kept from when runs are first asked for.
    worker.rows(&Rows::default(), &mut Vec::new());
    for (cells, expected) in records {
        assert_eq!(worker.row(cells).ok(), *expected);
    }
    worker.take_counts();
    for run in records.chunks(40) {
        let (mut text, mut marks, mut classes) = (Vec::new(), vec![u32::MAX], Vec::new());
        for (cells, _) in run {
            for column in 0..width {
                let needed = screener.needed().binary_search(&column);
                text.extend_from_slice(needed.map_or(b"not read", |at| cells[at]));
                marks.push(u32::try_from(text.len()).unwrap());
                text.push(b',');
            }
        }
        worker.rows(&Rows::new(&text, &marks, width, width), &mut classes);
        assert_eq!(classes.len(), run.len());
        known += classes.iter().flatten().count();
        for ((cells, expected), class) in run.iter().zip(classes) {
            let class = class.or_else(|| worker.row(cells).ok());
            assert_eq!(class, *expected, "{}", shown(cells));
        }
    }
    (known, worker.take_counts())
}

fn shown(cells: &[&[u8]]) -> String {
    let cells = cells.iter().map(|cell| String::from_utf8_lossy(cell));
    cells.collect::<Vec<_>>().join(" | ")
}

fn all_rulesets() -> Vec<&'static Ruleset> {
    library().rulesets.iter().collect()
}

fn tables(records: usize) {
    let rulesets = all_rulesets();
    for (path, profile) in TABLES {
        let read = drawn(path, profile, &rulesets, records);
        assert!(read * 10 > records, "{path}: {read} of {records} were read");
    }
}

#[test]
fn records_of_one_class_have_the_answer_of_each() {
    tables(600);
}

#[test]
#[ignore = "takes half an hour; run it when classes change"]
fn two_hundred_thousand_records_of_each_profile_have_the_answer_of_each() {
    tables(200_000);
}

/// A document of the benchmark that compares Catchall with others.
fn bench(path: &str) -> Document {
    let path = root().join("benches/peers").join(path);
    Document::new("bench", std::fs::read_to_string(path).unwrap())
}

/// Ten rules, some of which compare the value of an item with numbers; with more rules beside them.
fn thresholds(more: &[&str]) -> Library {
    let mut rules: Vec<Document> = (1..=10)
        .map(|at| bench(&format!("ruleset/rules/{at:02}.json")))
        .collect();
    let mut head: Value = serde_json::from_str(bench("ruleset/ruleset.json").text()).unwrap();
    let value = |from, until, value: &str| {
        let citation = json!({"source": "bench", "provision": "Rule 1", "verified": true});
        json!({"from": from, "until": until, "value": value, "citation": citation})
    };
    head["parameters"] = json!({"floor": {
        "title": "a floor", "type": "number", "unit": "USD",
        "values": [value("2010-01-01", json!("2020-06-01"), "12.5"), value("2020-06-01", Value::Null, "1000.000001")],
    }});
    for (at, when) in more.iter().enumerate() {
        let id = format!("bench.more-{at}");
        head["coverage"][0]["rules"]
            .as_array_mut()
            .unwrap()
            .push(json!(id));
        let rule = json!({
            "id": id, "title": "One more", "because": "It compares the value in another way.",
            "citation": {"source": "bench", "provision": "Rule 1", "verified": true},
            "in_force": [{"from": "2010-01-01"}], "when": when, "flags": "a value",
        });
        rules.push(Document::new("more", rule.to_string()));
    }
    let files = RulesetFiles::read(Document::new("head", head.to_string()), rules).unwrap();
    let (facts, data) = (shipped::facts().unwrap(), shipped::reference().unwrap());
    Library::load(&facts, data, vec![files]).unwrap()
}

#[test]
fn numbers_between_the_same_constants_have_the_answer_of_each() {
    let cells = [
        "t 2018 2020 2021 2023",
        "i 251 276 842 156",
        "j 4 643 842 364 276 710",
        "k 851762 847130 847150 852589 841010 10121 090111 8517.62 x",
        "v 0 9.999 10 10.000 0010.0000 10.001 0.0125 0.012500001 1.000000001 249.999 250 1000 1e3 \
         1.000000000001 999.9999999 12345678901234567 -5 NA x",
        "q 1",
    ];
    let header: Vec<Vec<u8>> = cells.map(|line| line.as_bytes()[..1].to_vec()).into();
    let of_line = |line: &str| {
        line.split(' ')
            .skip(1)
            .map(|cell| cell.as_bytes().to_vec())
            .collect()
    };
    let mut columns: Vec<Vec<Vec<u8>>> = cells.map(of_line).into();
    columns[4].extend([b"   10.5 ".to_vec(), b" 1 0".to_vec(), Vec::new()]);
    let table = ("thresholds", header.as_slice(), columns.as_slice());
    for more in [
        &[][..],
        &[
            "item.value_usd between 0.5 and param(\"floor\")",
            "item.value_usd in (10, (12..250000])",
        ],
        &[
            "item.value_usd * 2 > 21",
            "item.value_usd >= 1000 or item.value_usd < 12.5",
        ],
        &["item.value_usd > 12.50000001"],
    ] {
        let library = thresholds(more);
        let rulesets: Vec<&Ruleset> = library.rulesets.iter().collect();
        let read = screened(&library, &bench("profile.json"), table, &rulesets, 600);
        assert!(read > 120, "{read} were read");
    }
}
