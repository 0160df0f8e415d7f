//! Screening by classes gives each record the answer that it has alone.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::path::PathBuf;

use catchall_engine::bulk::{Profile, Stated, TableScreener};
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::brief;
use catchall_engine::shipped;
use catchall_tests::random::Random;
use catchall_tests::{library, root};
use csv::ReaderBuilder;

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
    let library = library();
    let (header, columns) = columns(path);
    let header: Vec<&[u8]> = header.iter().map(Vec::as_slice).collect();
    let profile = Profile::compile(&shipped::profile(profile).unwrap(), library).unwrap();
    let profile = profile.for_header(library, path, &header).unwrap();
    let stated = Stated::default();
    let sets = rulesets.to_vec();
    let screener = TableScreener::new(&profile, library, sets, stated, path, &header).unwrap();
    let mut worker = screener.worker();
    let mut random = Random::new(7);
    let mut read = 0;
    for _ in 0..records {
        let needed = screener.needed().iter();
        let cells: Vec<&[u8]> = needed
            .map(|at| columns[*at][random.below(columns[*at].len())].as_slice())
            .collect();
        let found = worker.row(&cells);
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
    assert_eq!(worker.take_counts().read(), records as u64);
    read
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
