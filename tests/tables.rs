//! Tables: records and counts as they should be, mistakes told, and row for row what single screening says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use catchall_engine::bulk::{
    Added, Against, Answer, Class, Profile, Record, Rejection, Selection, Stated, Summary,
    TableScreener, Tally,
};
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::{
    Determination, Direction, Finding, Stands, brief, screen, sensitivity, shifted,
};
use catchall_engine::shipped;
use catchall_engine::time::{Date, Dates};
use catchall_tests::program::{self, program};
use catchall_tests::{library, root, shared};
use csv::{ByteRecord, ReaderBuilder};
use serde_json::Value;

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    program::folder(env!("CARGO_TARGET_TMPDIR"), "tables", name)
}

fn run(table: &Path, profile: &str, to: &Path, more: &[&str]) -> Output {
    run_against("eu-dual-use", table, profile, to, more)
}

fn run_against(ruleset: &str, table: &Path, profile: &str, to: &Path, more: &[&str]) -> Output {
    Command::new(program().unwrap())
        .arg("screen")
        .arg(table)
        .args(["--profile", profile, "--ruleset", ruleset])
        .arg("-o")
        .arg(to.join("out.csv"))
        .arg("--rejects")
        .arg(to.join("rejects.csv"))
        .arg("--summary")
        .arg(to.join("summary.json"))
        .args(more)
        .output()
        .unwrap()
}

fn tables() -> PathBuf {
    root().join("tests/data/tables")
}

fn records(path: &Path, delimiter: u8) -> Vec<ByteRecord> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_path(path)
        .unwrap();
    reader.byte_records().map(Result::unwrap).collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn small_tables_give_what_their_cases_say() {
    let cases = json(&tables().join("cases.json"));
    for (number, case) in cases.as_array().unwrap().iter().enumerate() {
        let table = tables().join(case["table"].as_str().unwrap());
        let named = case["profile"].as_str().unwrap_or("uk-licences");
        let own = tables().join(named);
        let profile = if own.is_file() {
            own.to_str().unwrap()
        } else {
            named
        };
        let to = folder(&number.to_string());
        let output = run(&table, profile, &to, &[]);
        let told = format!(
            "{case}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(
            output.status.code().map(i64::from),
            case["exit"].as_i64(),
            "{told}"
        );
        for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            for text in case[stream].as_array().into_iter().flatten() {
                let found = String::from_utf8_lossy(bytes).contains(text.as_str().unwrap());
                assert!(found, "{stream} does not say {text}: {told}");
            }
        }
        match case["counts"].as_array() {
            Some(counts) => counted(case, counts, &to),
            None => assert_eq!(std::fs::read_dir(&to).unwrap().count(), 0, "{told}"),
        }
    }
}

fn counted(case: &Value, counts: &[Value], to: &Path) {
    let summary = json(&to.join("summary.json"));
    let keys = ["read", "determined", "undetermined", "rejected"];
    let found: Vec<&Value> = keys.iter().map(|key| &summary[*key]).collect();
    assert_eq!(found, counts.iter().collect::<Vec<_>>(), "{case}");
    let rejects = records(&to.join("rejects.csv"), b',');
    let rejects = rejects.iter().skip(1).map(|record| {
        let cells = record
            .iter()
            .map(|cell| String::from_utf8_lossy(cell).into_owned());
        Value::from(cells.collect::<Vec<_>>())
    });
    let expected = case["rejects"].as_array().cloned().unwrap_or_default();
    assert_eq!(rejects.collect::<Vec<_>>(), expected, "{case}");
}

#[test]
fn the_columns_of_the_input_come_out_byte_for_byte() {
    for (name, table) in [
        (
            "faithful",
            root().join("data/samples/uk-decisions-sample.csv"),
        ),
        ("faithful-bytes", tables().join("bad_utf8.csv")),
    ] {
        let to = folder(name);
        run(&table, "uk-licences", &to, &[]);
        let rejected: BTreeSet<String> = records(&to.join("rejects.csv"), b',')
            .iter()
            .map(|record| String::from_utf8_lossy(&record[0]).into_owned())
            .collect();
        let input = records(&table, b',');
        let kept = input
            .iter()
            .enumerate()
            .filter(|(number, _)| !rejected.contains(&number.to_string()));
        let output = records(&to.join("out.csv"), b',');
        let cells = |record: &ByteRecord, most: usize| -> Vec<Vec<u8>> {
            record.iter().take(most).map(<[u8]>::to_vec).collect()
        };
        let kept: Vec<_> = kept.map(|(_, record)| cells(record, 7)).collect();
        let found: Vec<_> = output.iter().map(|record| cells(record, 7)).collect();
        assert_eq!(kept, found);
        assert!(
            output
                .iter()
                .all(|record| record.len() == 7 + Added::WHOLE.len())
        );
    }
}

#[test]
fn a_rating_of_the_military_list_leaves_no_ban_on_police_goods_open() {
    let to = folder("ratings");
    let table = root().join("data/samples/uk-decisions-sample.csv");
    run_against("uk", &table, "uk-licences", &to, &[]);
    let output = records(&to.join("out.csv"), b',');
    let column = |name: &str| output[0].iter().position(|cell| cell == name.as_bytes());
    let rating = column("rating").unwrap();
    let most = column("requirement_at_most").unwrap();
    let rated = |start: &str| -> BTreeSet<String> {
        let records = output.iter().skip(1);
        let records = records.filter(|record| record[rating].starts_with(start.as_bytes()));
        let most = records.map(|record| String::from_utf8_lossy(&record[most]).into_owned());
        most.collect()
    };
    assert_eq!(rated("ML"), BTreeSet::from(["licence_required".into()]));
    assert_eq!(rated("PL5001"), BTreeSet::from(["prohibited".into()]));
}

#[test]
fn nothing_is_written_over_without_force_and_equal_input_gives_equal_bytes() {
    let to = folder("force");
    let table = tables().join("good.csv");
    let read = |name: &str| std::fs::read(to.join(name)).unwrap();
    assert_eq!(run(&table, "uk-licences", &to, &[]).status.code(), Some(0));
    let first = (read("out.csv"), read("summary.json"));
    assert_eq!(run(&table, "uk-licences", &to, &[]).status.code(), Some(2));
    let forced = run(&table, "uk-licences", &to, &["--force"]);
    assert_eq!(forced.status.code(), Some(0));
    assert_eq!((read("out.csv"), read("summary.json")), first);
    assert_eq!(
        std::fs::read_dir(&to).unwrap().count(),
        3,
        "a part was left behind"
    );
}

#[test]
fn a_table_is_never_its_own_output_and_needs_a_profile() {
    let to = folder("usage");
    let table = to.join("table.csv");
    std::fs::copy(tables().join("good.csv"), &table).unwrap();
    let told = |more: &[&str]| {
        let mut command = Command::new(program().unwrap());
        command
            .arg("screen")
            .arg(&table)
            .args(more)
            .output()
            .unwrap()
    };
    let own = table.to_str().unwrap();
    let output = told(&["--profile", "uk-licences", "-o", own, "--force"]);
    assert_eq!(output.status.code(), Some(2));
    let output = told(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stats-nz"));
}

/// Screens a table; with every so many records, compares with single screening.
fn screened(path: &Path, profile: &str, rulesets: &[&str], every: usize) -> Summary {
    let library = library();
    let rulesets: Vec<&Ruleset> = rulesets
        .iter()
        .map(|id| library.ruleset(id).unwrap())
        .collect();
    let profile = Profile::compile(&shipped::profile(profile).unwrap(), library).unwrap();
    let mut records = ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap()
        .into_byte_records();
    let header = records.next().unwrap().unwrap();
    let names: Vec<&[u8]> = header.iter().collect();
    let screener = TableScreener::new(
        &profile,
        library,
        rulesets.clone(),
        Stated::default(),
        "table",
        &names,
    )
    .unwrap();
    let mut worker = screener.worker();
    for (number, record) in records.enumerate() {
        let record = record.unwrap();
        assert_eq!(record.len(), screener.width());
        let needed = screener.needed().iter();
        let cells: Vec<&[u8]> = needed.map(|at| &record[*at]).collect();
        let outcome = worker.row(&cells);
        if number % every == 0 {
            same_as_single(&screener, &rulesets, &cells, &outcome);
        }
    }
    screener.summary(worker.take_counts(), String::new(), &Selection::default())
}

fn same_as_single(
    screener: &TableScreener<'_>,
    rulesets: &[&Ruleset],
    cells: &[&[u8]],
    outcome: &Result<Class, Rejection>,
) {
    let class = match outcome {
        Ok(class) => *class,
        Err(rejection) => {
            assert_eq!(screener.record(cells).unwrap_err(), *rejection);
            return;
        }
    };
    let Record {
        application, dates, ..
    } = screener.record(cells).unwrap();
    let single = screen(&application, rulesets, &library().reference, dates);
    agree(&screener.answer(class), &single);
}

fn agree(answer: &Answer, single: &Determination) {
    assert_eq!(answer.brief.bounds, single.bounds);
    let items = || single.rulesets.iter().flat_map(|ruleset| &ruleset.items);
    let rules = |stands: Stands| -> BTreeSet<_> {
        let findings = items().flat_map(|item| &item.findings);
        let wanted = findings.filter(|finding: &&Finding| finding.stands == stands);
        wanted.map(|finding| finding.rule.clone()).collect()
    };
    assert_eq!(answer.brief.stands, rules(Stands::Yes));
    assert_eq!(answer.brief.may, rules(Stands::May));
    let missing = items().flat_map(|item| &item.missing);
    let missing: BTreeSet<String> = missing.map(|missing| missing.fact.clone()).collect();
    assert_eq!(answer.brief.missing, missing);
}

fn adds_up(summary: &Summary) {
    let three = summary.determined + summary.undetermined + summary.rejected;
    assert_eq!(summary.read, three);
    let answered = summary.read - summary.rejected;
    let bounds: u64 = summary.requirement.iter().map(|outcome| outcome.rows).sum();
    let reviews: u64 = summary.review.iter().map(|outcome| outcome.rows).sum();
    let places = summary.destinations.values();
    let places: u64 = places
        .map(|tally| tally.determined + tally.undetermined)
        .sum();
    let rows = |tallies: &BTreeMap<Arc<str>, Tally>| -> u64 {
        let outcomes = tallies.values().flat_map(|tally| &tally.requirement);
        outcomes.map(|outcome| outcome.rows).sum()
    };
    for tallies in [&summary.destinations, &summary.years, &summary.hs] {
        assert_eq!(rows(tallies), answered);
    }
    let causes: u64 = summary.rejects.iter().map(|reject| reject.rows).sum();
    assert_eq!(
        (bounds, reviews, places, causes),
        (answered, answered, answered, summary.rejected)
    );
}

fn unresolved_destinations(summary: &Summary) -> u64 {
    let destinations = summary.unresolved.iter();
    let destinations = destinations.filter(|value| value.to.as_ref() == "/destination/country");
    destinations.map(|value| value.rows).sum()
}

#[test]
fn every_record_of_the_samples_is_screened_as_if_it_were_single() {
    let samples = root().join("data/samples");
    let both = ["eu-dual-use", "us-ear"];
    let trade = screened(&samples.join("trade-sample.csv"), "stats-nz", &both, 1);
    let licences = samples.join("uk-decisions-sample.csv");
    let licences = screened(&licences, "uk-licences", &both[..1], 1);
    for summary in [&trade, &licences] {
        adds_up(summary);
        assert_eq!(summary.rejected, 0);
    }
    assert_eq!((trade.read, licences.read), (200, 300));
}

#[test]
fn every_month_of_trade_is_screened() {
    for month in ["Jan", "Feb"] {
        let name = format!("data/trade/{month}_2025_Exports_HS10_by_Country.csv");
        let Some(path) = shared(&name) else {
            return;
        };
        let summary = screened(&path, "stats-nz", &["eu-dual-use", "us-ear"], 1_999);
        whole(&summary, if month == "Jan" { 17_705 } else { 21_147 });
    }
}

#[test]
fn every_decision_on_a_licence_is_screened() {
    let Some(path) = shared("data/licensing/uk_decisions_2008_2011.csv") else {
        return;
    };
    let summary = screened(&path, "uk-licences", &["eu-dual-use"], 997);
    whole(&summary, 49_047);
}

#[test]
fn screening_the_channel_islands_as_guernsey_hides_nothing() {
    let reference = &library().reference;
    for (name, group) in reference.groups.iter() {
        for year in [2008, 2011, 2020, 2026] {
            let day = Date::new(year, 1, 1).unwrap();
            let dates = Dates {
                as_of: day,
                known_at: day,
            };
            let of = |code| group.membership(code, dates).0;
            assert_eq!(of("GG"), of("JE"), "{name} in {year}");
        }
    }
    let figures = |code: &str| {
        let day = Date::new(2026, 1, 1).unwrap();
        let dates = Dates {
            as_of: day,
            known_at: day,
        };
        let series = reference.indicators.iter();
        series
            .filter(|(_, series)| series.latest(code, dates).is_some())
            .count()
    };
    assert_eq!(figures("GG"), 0);
}

fn whole(summary: &Summary, records: u64) {
    adds_up(summary);
    assert_eq!((summary.read, summary.rejected), (records, 0));
    let unresolved = unresolved_destinations(summary);
    assert!(
        unresolved * 200 < records,
        "{unresolved} destinations are not resolved"
    );
}

/// Screens the sample of licence records, also against something else; what is told of each record, and all.
fn against(
    ruleset: &Ruleset,
    against: Against<'_>,
    each: &mut dyn FnMut(&Record, &Answer),
) -> Summary {
    let library = library();
    let profile = Profile::compile(&shipped::profile("uk-licences").unwrap(), library).unwrap();
    let path = root().join("data/samples/uk-decisions-sample.csv");
    let reader = ReaderBuilder::new().has_headers(false).from_path(path);
    let mut records = reader.unwrap().into_byte_records();
    let header = records.next().unwrap().unwrap();
    let names: Vec<&[u8]> = header.iter().collect();
    let (rulesets, stated) = (vec![ruleset], Stated::default());
    let screener = TableScreener::against(
        &profile,
        library,
        rulesets,
        Some(against),
        stated,
        "table",
        &names,
    );
    let screener = screener.unwrap();
    let mut worker = screener.worker();
    for record in records.map(Result::unwrap) {
        let needed = screener.needed().iter();
        let cells: Vec<&[u8]> = needed.map(|at| &record[*at]).collect();
        let class = worker.row(&cells).unwrap();
        each(&screener.record(&cells).unwrap(), &screener.answer(class));
    }
    screener.summary(worker.take_counts(), String::new(), &Selection::default())
}

#[test]
fn a_record_moves_as_the_answers_of_two_rulesets_to_it_alone() {
    let reference = &library().reference;
    let sets = ["eu-dual-use", "uk"].map(|id| library().ruleset(id).unwrap());
    let mut rows = 0;
    let summary = against(sets[1], Against::Base(sets[0]), &mut |record, answer| {
        let [base, amended] =
            sets.map(|set| brief(&record.application, &[set], reference, record.dates));
        let beside = answer.beside.as_ref().unwrap();
        assert_eq!(answer.brief, amended);
        assert_eq!(beside.moves, Direction::of(&base.bounds, &amended.bounds));
        assert_eq!(beside.base.as_ref(), Some(&base));
        rows += u64::from(beside.moves.is_some());
    });
    let change = summary.change.unwrap();
    assert!(rows > 100, "{rows}");
    assert_eq!(change.rows, rows);
    let pairs = change.pairs.iter().map(|pair| pair.counted.rows);
    assert_eq!(pairs.sum::<u64>(), rows);
    for kind in ["destination", "year", "item"] {
        let each = change.by[kind].values().flat_map(BTreeMap::values);
        let sum: u64 = each.map(|counted| counted.rows).sum();
        // An item is under no entry that is known, or under one or more.
        assert!(
            sum == rows || (kind == "item" && sum > rows),
            "{kind} {sum} {rows}"
        );
    }
}

#[test]
fn a_record_hangs_on_the_indicators_that_its_application_alone_does() {
    let reference = &library().reference;
    let ruleset = library().ruleset("uk").unwrap();
    let figures = shifted(&[ruleset], reference);
    let destination = library().catalogue.by_path("destination").unwrap();
    let mut hanging: BTreeMap<Arc<str>, u64> = BTreeMap::new();
    let summary = against(
        ruleset,
        Against::Figures(&figures),
        &mut |record, answer| {
            let found = &answer.beside.as_ref().unwrap().hangs_on;
            let application = &record.application;
            let alone = application
                .fact(destination)
                .as_text()
                .map(|place| sensitivity(application, place, &[ruleset], reference, record.dates));
            let figures = alone.into_iter().flat_map(|alone| alone.figures);
            let moved = figures.filter(|sensed| !sensed.moves.is_empty());
            let moved: BTreeSet<Arc<str>> = moved.map(|sensed| sensed.indicator).collect();
            assert_eq!(*found, moved);
            for indicator in moved {
                *hanging.entry(indicator).or_default() += 1;
            }
        },
    );
    let told = summary.hangs_on.unwrap().into_iter();
    let told: BTreeMap<Arc<str>, u64> = told.map(|(name, one)| (name, one.all.rows)).collect();
    assert!(
        told.values().sum::<u64>() > 0,
        "no record hangs on a margin"
    );
    assert_eq!(told, hanging);
}
