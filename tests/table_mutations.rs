//! Ten thousand damaged tables: nothing panics, nothing is lost, counts add up.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use catchall_engine::bulk::{Added, Profile, Stated, Summary};
use catchall_engine::shipped;
use catchall_tables::{Ending, Failure, Job, Quiet, Targets, Wanted, screen};
use catchall_tests::random::Random;
use catchall_tests::{library, root};
use parquet::arrow::ArrowWriter;

/// An empty folder, in memory where there is one: each file waits for its disk.
fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() {
        memory
    } else {
        Path::new(env!("CARGO_TARGET_TMPDIR"))
    };
    let folder = place.join(format!("table_mutations-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn csv() -> String {
    let sample = fs::read_to_string(root().join("data/samples/uk-decisions-sample.csv")).unwrap();
    let mut table: String = sample
        .lines()
        .take(9)
        .map(|line| format!("{line}\n"))
        .collect();
    table.push_str("52,2008-01-07,\"End\nUse\",1,,\"Syria\",1\r\n\r\n\"53\",2008-01-07,5A002,1,\"1\",Kenya,0\n");
    table
}

fn records() -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let table = csv();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names = reader.headers().unwrap().clone();
    (names, reader.records().map(Result::unwrap).collect())
}

fn ndjson() -> String {
    let (names, records) = records();
    let object = |record: &csv::StringRecord| {
        let pairs = names
            .iter()
            .zip(record)
            .map(|(name, cell)| (name.to_owned(), cell.into()));
        format!("{}\n", serde_json::Value::Object(pairs.collect()))
    };
    records.iter().map(object).collect()
}

fn parquet() -> Vec<u8> {
    let (names, records) = records();
    let columns = names.iter().enumerate().map(|(at, name)| {
        let cells = records.iter().map(|record| Some(&record[at]));
        (name, Arc::new(cells.collect::<StringArray>()) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn packed(bytes: &[u8], zstd: bool) -> Vec<u8> {
    if zstd {
        return zstd::encode_all(bytes, 3).unwrap();
    }
    let mut reader = flate2::read::GzEncoder::new(bytes, flate2::Compression::new(6));
    let mut packed = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut packed).unwrap();
    packed
}

/// Changes a few bytes: others in their place, some more, some fewer, or an early end.
fn mutated(table: &[u8], random: &mut Random) -> Vec<u8> {
    let mut table = table.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(table.len());
        let byte = [
            b'"',
            b',',
            b'\n',
            b'\r',
            0,
            0xff,
            random.number().to_le_bytes()[0],
        ];
        let byte = byte[random.below(byte.len())];
        match random.below(8) {
            0 => table.truncate(at.max(1)),
            1 => table.insert(at, byte),
            2 => drop(table.remove(at)),
            3 => table.extend_from_within(at..(at + 20).min(table.len())),
            _ => table[at] = byte,
        }
        if table.is_empty() {
            table.push(byte);
        }
    }
    table
}

struct Bench {
    folder: PathBuf,
    profile: Profile,
    stop: AtomicBool,
}

impl Bench {
    fn screen(&self, number: usize, table: &[u8]) -> Result<Ending, Failure> {
        let input = [self.folder.join("table")];
        fs::write(&input[0], table).unwrap();
        let targets = Targets {
            output: Some(self.folder.join("out.csv")),
            rejects: Some(self.folder.join("rejects.csv")),
            answers: Some(self.folder.join("answers.csv")),
            ..Targets::default()
        };
        let wanted = Wanted {
            columns: Added::SHORT.to_vec(),
            ..Wanted::default()
        };
        screen(&Job {
            profile: &self.profile,
            library: library(),
            rulesets: &[library().ruleset("eu-dual-use").unwrap()],
            against: None,
            stated: Stated::default(),
            inputs: &input,
            targets: &targets,
            wanted: &wanted,
            reporter: None,
            force: false,
            resume: false,
            threads: NonZeroUsize::new(1 + number % 2).unwrap(),
            pace: Duration::from_secs(10),
            stop: &self.stop,
            watch: &Quiet,
        })
    }

    fn rows(&self, file: &str) -> u64 {
        let path = self.folder.join(file);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(&path)
            .unwrap();
        let rows = reader.byte_records().map(Result::unwrap).count();
        fs::remove_file(path).unwrap();
        rows as u64
    }

    fn adds_up(&self, summary: &Summary) {
        let answered = summary.determined + summary.undetermined;
        assert_eq!(summary.read, answered + summary.rejected);
        assert_eq!(self.rows("out.csv"), answered);
        assert_eq!(self.rows("rejects.csv"), summary.rejected);
        assert_eq!(self.rows("answers.csv"), summary.answers);
    }
}

#[test]
fn ten_thousand_damaged_tables_are_screened_or_refused() {
    let document = shipped::profile("uk-licences").unwrap();
    let bench = Bench {
        folder: folder(),
        profile: Profile::compile(&document, library()).unwrap(),
        stop: AtomicBool::new(false),
    };
    let (csv, ndjson) = (csv().into_bytes(), ndjson().into_bytes());
    let tables = [
        (5_000, csv.clone()),
        (3_000, ndjson),
        (500, packed(&csv, false)),
        (500, packed(&csv, true)),
        (1_000, parquet()),
    ];
    let mut random = Random::new(2026);
    let (mut complete, mut refused) = (0, 0);
    for (times, table) in tables {
        for number in 0..times {
            let damaged = mutated(&table, &mut random);
            match bench.screen(number, &damaged) {
                Ok(Ending::Complete(summary)) => {
                    bench.adds_up(&summary);
                    complete += 1;
                }
                Ok(Ending::Stopped { .. }) => panic!("nobody stops it"),
                Err(Failure::Input(_)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
            let left: Vec<_> = fs::read_dir(&bench.folder).unwrap().collect();
            assert_eq!(left.len(), 1, "{left:?}");
        }
    }
    fs::remove_dir_all(&bench.folder).unwrap();
    assert_eq!(complete + refused, 10_000);
    assert!(complete > 3_000 && refused > 1_000, "{complete} {refused}");
}
