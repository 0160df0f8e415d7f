//! Profiles: each that is shipped reads a table in its publisher's layout, mistakes are told all at once, and a
//! proposal for a table is a profile.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catchall_engine::bulk::{Profile, Stated, TableScreener};
use catchall_engine::facts::{Application, Decimal, Value as Fact};
use catchall_engine::reference::CodeSystem;
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_engine::time::{Date, Dates};
use catchall_tests::program::{self, program};
use catchall_tests::{library, root};
use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Value, json};

fn tables() -> PathBuf {
    root().join("tests/data/profiles")
}

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    program::folder(env!("CARGO_TARGET_TMPDIR"), "profiles", name)
}

fn catchall(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(program().unwrap());
    command
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn json_of(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn records(path: &Path) -> Vec<ByteRecord> {
    let mut reader = ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_path(path).unwrap();
    reader.byte_records().map(Result::unwrap).collect()
}

#[test]
fn each_shipped_profile_reads_its_publishers_table() {
    for case in json_of(&tables().join("cases.json")).as_array().unwrap() {
        let (table, profile) = (
            case["table"].as_str().unwrap(),
            case["profile"].as_str().unwrap(),
        );
        let to = folder(profile);
        let path = tables().join(table);
        let output = catchall(
            &[
                "screen",
                path.to_str().unwrap(),
                "--profile",
                profile,
                "--ruleset",
                "eu-dual-use",
                "-o",
                "out.csv",
                "--rejects",
                "rejects.csv",
                "--summary",
                "summary.json",
            ],
            &to,
        );
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            output.status.code().map(i64::from),
            case["exit"].as_i64(),
            "{told}"
        );
        as_said(case, &to);
    }
}

fn as_said(case: &Value, to: &Path) {
    let summary = json_of(&to.join("summary.json"));
    let counts = ["read", "determined", "undetermined", "rejected"].map(|key| &summary[key]);
    assert_eq!(json!(counts), case["counts"], "{case}");
    let rejects = records(&to.join("rejects.csv"));
    let cells = |record: &ByteRecord| -> Vec<String> {
        let cells = record.iter();
        cells
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
            .collect()
    };
    let rejects: Vec<Vec<String>> = rejects.iter().skip(1).map(cells).collect();
    assert_eq!(json!(rejects), case["rejects"], "{case}");
    let destinations: Vec<&String> = summary["destinations"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(json!(destinations), case["destinations"], "{case}");
    let unresolved = summary["unresolved"].as_array().unwrap();
    let unresolved: BTreeMap<String, &Value> = unresolved
        .iter()
        .map(|value| {
            let name = value["name"].as_str().unwrap();
            (
                format!("{}: {name}", value["column"].as_str().unwrap()),
                &value["reason"],
            )
        })
        .collect();
    assert_eq!(json!(unresolved), case["unresolved"], "{case}");
}

/// The applications as which the records of a table are screened, in their order.
fn applications(table: &str, profile: &str) -> Vec<Application> {
    let table = records(&tables().join(table));
    let cells =
        |record: &'_ ByteRecord| -> Vec<Vec<u8>> { record.iter().map(<[u8]>::to_vec).collect() };
    let table: Vec<Vec<Vec<u8>>> = table.iter().map(cells).collect();
    let borrowed = |record: &'_ [Vec<u8>]| -> Vec<Vec<u8>> { record.to_vec() };
    let header = borrowed(&table[0]);
    let header: Vec<&[u8]> = header.iter().map(Vec::as_slice).collect();
    let profile = Profile::compile(&shipped::profile(profile).unwrap(), library()).unwrap();
    let profile = profile.for_header(library(), "table", &header).unwrap();
    let rulesets = library().rulesets.iter().take(1).collect();
    let stated = Stated::default();
    let screener =
        TableScreener::new(&profile, library(), rulesets, stated, "table", &header).unwrap();
    let read = table.iter().skip(1).filter_map(|record| {
        let needed = screener.needed().iter();
        let cells: Vec<&[u8]> = needed.map(|at| record[*at].as_slice()).collect();
        Some(screener.record(&cells).ok()?.application)
    });
    read.collect()
}

fn item(application: &Application, path: &str) -> Fact {
    let id = library().catalogue.by_path(path).unwrap();
    application.items[0].fact(id).clone()
}

#[test]
fn thousands_of_dollars_become_dollars_and_a_dropped_zero_comes_back() {
    let found = applications("baci.csv", "baci");
    let dollars = |at: usize| item(&found[at], "item.value_usd");
    assert_eq!(dollars(0), Fact::Number(Decimal::parse("12345").unwrap()));
    assert_eq!(dollars(1), Fact::Number(Decimal::parse("1500").unwrap()));
    assert_eq!(dollars(2), Fact::Unknown);
    assert_eq!(item(&found[1], "item.hs"), Fact::Text("010121".into()));
    assert_eq!(item(&found[1], "item.value_eur"), Fact::Unknown);
}

#[test]
fn a_code_of_another_edition_is_unknown_and_clears_nothing() {
    let found = applications("comtrade.csv", "comtrade");
    let codes: Vec<Fact> = found
        .iter()
        .map(|application| item(application, "item.hs"))
        .collect();
    let known = Fact::Text("851762".into());
    assert_eq!(
        codes,
        [
            known.clone(),
            known.clone(),
            Fact::Unknown,
            Fact::Unknown,
            known
        ]
    );
    let shipments = applications("shipments.csv", "shipments");
    assert_eq!(item(&shipments[4], "item.hs"), Fact::Unknown);
}

#[test]
fn a_value_is_in_the_currency_of_its_own_record() {
    let found = applications("shipments.csv", "shipments");
    let euros = |at: usize| item(&found[at], "item.value_eur");
    assert_eq!(euros(0), Fact::Number(Decimal::parse("12000.50").unwrap()));
    assert_eq!(euros(1), Fact::Unknown);
    assert_eq!(
        item(&found[1], "item.value_usd"),
        Fact::Number(Decimal::parse("12000").unwrap())
    );
    for path in [
        "item.value_eur",
        "item.value_usd",
        "item.value_gbp",
        "item.value_nzd",
    ] {
        assert_eq!(item(&found[2], path), Fact::Unknown, "yen feed {path}");
    }
}

#[test]
fn whoever_else_took_part_in_a_shipment_stays_open() {
    let parties = library().catalogue.by_path("parties").unwrap();
    for application in applications("shipments.csv", "shipments") {
        let Fact::List(parties) = application.fact(parties) else {
            panic!("the parties are not a list")
        };
        let Fact::Record(last) = parties.last().unwrap() else {
            panic!("a party is not a record")
        };
        assert!(last.fields.iter().all(|(_, value)| *value == Fact::Unknown));
    }
}

#[test]
fn every_mistake_beside_a_reading_is_told_at_once() {
    for (name, texts) in json_of(&tables().join("mistakes.json"))
        .as_object()
        .unwrap()
    {
        let path = tables().join(name);
        let output = catchall(&["profile", "check", path.to_str().unwrap()], &root());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{told}");
        for text in texts.as_array().unwrap() {
            assert!(
                told.contains(text.as_str().unwrap()),
                "{name} is not told {text}:\n{told}"
            );
        }
    }
}

#[test]
fn shipped_profiles_are_right_and_told_in_words() {
    let ids = shipped::profile_ids();
    let mut arguments = vec!["profile", "check"];
    arguments.extend(ids.iter().map(String::as_str));
    let output = catchall(&arguments, &root());
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8(output.stdout).unwrap();
    for text in [
        "number times 1000 in USD",
        "edition of the code: H6 keeps it",
        "country of the exporter",
    ] {
        assert!(told.contains(text), "{text}");
    }
    let listed = String::from_utf8(catchall(&["profile", "list"], &root()).stdout).unwrap();
    assert!(ids.iter().all(|id| listed.contains(id.as_str())));
}

#[test]
fn a_slip_in_a_header_of_facts_is_an_error() {
    let path = tables().join("slips.csv");
    let output = catchall(
        &[
            "screen",
            path.to_str().unwrap(),
            "--profile",
            "applications",
        ],
        &root(),
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        told.contains("T125") && told.contains("did you mean `item.capabilities`?"),
        "{told}"
    );
}

#[test]
fn a_table_in_the_layout_of_a_publisher_is_recognised() {
    for case in json_of(&tables().join("cases.json")).as_array().unwrap() {
        let path = tables().join(case["table"].as_str().unwrap());
        let output = catchall(&["profile", "guess", path.to_str().unwrap()], &root());
        let told = String::from_utf8_lossy(&output.stderr);
        let wanted = format!("--profile {}\n", case["profile"].as_str().unwrap());
        assert!(output.status.success() && told.contains(&wanted), "{told}");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["id"], case["profile"]);
    }
}

#[test]
fn a_proposal_is_a_profile_and_says_what_it_cannot_know() {
    let to = folder("guess");
    let path = tables().join("guess.csv");
    let told = catchall(
        &[
            "profile",
            "guess",
            path.to_str().unwrap(),
            "-o",
            "mine.json",
        ],
        &to,
    );
    assert!(told.status.success());
    let told = String::from_utf8(told.stderr).unwrap();
    for text in [
        "no column names its currency",
        "Nothing tells the activity",
        "edition of the Harmonized System",
    ] {
        assert!(told.contains(text), "{text}: {told}");
    }
    assert!(
        catchall(&["profile", "check", "mine.json"], &to)
            .status
            .success()
    );
    let found = json_of(&to.join("mine.json"));
    let places: Vec<&str> = found["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["to"].as_str().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "/exporter/country",
            "/destination/country",
            "/items/0/hs",
            "/items/0/description"
        ]
    );
    assert_eq!(found["delimiter"], ";");
    let again = catchall(
        &[
            "profile",
            "guess",
            path.to_str().unwrap(),
            "-o",
            "mine.json",
        ],
        &to,
    );
    assert_eq!(again.status.code(), Some(2));
    let screened = catchall(
        &[
            "screen",
            path.to_str().unwrap(),
            "--profile",
            "mine.json",
            "-o",
            "out.csv",
        ],
        &to,
    );
    assert!(screened.status.success());
}

#[test]
fn numbers_of_destinations_and_dropped_zeros_are_recognised() {
    let path = tables().join("guess_numbers.csv");
    let output = catchall(&["profile", "guess", path.to_str().unwrap()], &root());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fields = json!([
        { "to": "/exporter/country", "column": "reporter code", "as": "country_code", "codes": "comtrade" },
        { "to": "/destination/country", "column": "partner code", "as": "country_code", "codes": "comtrade" },
        { "to": "/items/0/hs", "column": "tariff", "as": "hs", "edition": "in_force", "digits": 6 },
        { "to": "/items/0/value", "column": "fob (USD)", "as": "number", "unit": "USD" }
    ]);
    assert_eq!(found["fields"], fields);
    assert_eq!(
        found["date"],
        json!({ "column": "year", "format": "%Y", "month": 12, "day": "last" })
    );
}

#[test]
fn a_number_means_what_its_publisher_means_by_it_in_its_years() {
    let destinations = &library().reference.destinations;
    let found = |number: &str, system, year| {
        let day = Date::new(year, 12, 31).unwrap();
        destinations
            .of_code(number, system, day)
            .map(ToString::to_string)
    };
    let comtrade = |number, year| found(number, CodeSystem::Comtrade, year);
    for (number, code) in [
        ("842", "US"),
        ("757", "CH"),
        ("699", "IN"),
        ("579", "NO"),
        ("251", "FR"),
        ("490", "TW"),
    ] {
        assert_eq!(comtrade(number, 2023).as_deref(), Some(code));
        assert_eq!(found(number, CodeSystem::Iso, 2023), None);
    }
    for (number, year, code) in [
        ("810", 1991, Some("SU")),
        ("810", 1992, None),
        ("643", 1992, Some("RU")),
        ("200", 1992, Some("CS")),
        ("200", 1993, None),
        ("203", 1993, Some("CZ")),
        ("890", 1991, Some("YU")),
        ("891", 2002, Some("YU")),
        ("891", 2005, Some("CSXX")),
        ("891", 2006, None),
        ("736", 2011, Some("SD")),
        ("736", 2012, None),
        ("729", 2012, Some("SD")),
        ("728", 2012, Some("SS")),
        ("58", 1998, Some("BE")),
        ("058", 1999, None),
        ("56", 1999, Some("BE")),
        ("711", 1998, None),
        ("710", 2000, Some("ZA")),
        ("530", 2010, Some("AN")),
        ("530", 2011, None),
        ("4", 2023, Some("AF")),
        ("0", 2023, None),
        ("899", 2023, None),
    ] {
        assert_eq!(
            comtrade(number, year).as_deref(),
            code,
            "{number} in {year}"
        );
    }
    for (text, code) in [
        ("FR", "FR"),
        ("FRA", "FR"),
        ("250", "FR"),
        ("4", "AF"),
        ("004", "AF"),
    ] {
        assert_eq!(found(text, CodeSystem::Iso, 2023).as_deref(), Some(code));
    }
}

#[test]
fn a_former_state_is_named_by_nothing_once_it_was_no_more() {
    let destinations = &library().reference.destinations;
    let found = |name, year| {
        destinations
            .resolve(name, Date::new(year, 6, 1).unwrap())
            .map(AsRef::as_ref)
    };
    assert_eq!(found("USSR", 1990), Some("SU"));
    assert_eq!(found("USSR", 2024), None);
    assert_eq!(found("810", 2024), None);
    assert_eq!(found("Netherlands Antilles", 2011), None);
    assert_eq!(found("Southern African Customs Union", 1995), None);
}

#[test]
fn reading_belgium_luxembourg_as_belgium_hides_nothing() {
    for (name, group) in library().reference.groups.iter() {
        for year in 1988..1999 {
            let day = Date::new(year, 12, 31).unwrap();
            let dates = Dates {
                as_of: day,
                known_at: day,
            };
            let of = |code| group.membership(code, dates).0;
            assert_eq!(of("BE"), of("LU"), "{name} in {year}");
        }
    }
}

#[test]
fn an_unbound_profile_of_facts_screens_nothing() {
    let profile = Profile::compile(&shipped::profile("applications").unwrap(), library()).unwrap();
    let rulesets = library().rulesets.iter().take(1).collect();
    let header: [&[u8]; 1] = [b"destination"];
    let screener = TableScreener::new(
        &profile,
        library(),
        rulesets,
        Stated::default(),
        "table",
        &header,
    );
    assert!(
        screener
            .unwrap_err()
            .iter()
            .any(|problem| problem.code == "T126")
    );
}

#[test]
fn every_fact_of_the_catalogue_can_be_a_column() {
    let profile = Profile::compile(&shipped::profile("applications").unwrap(), library()).unwrap();
    let catalogue = &library().catalogue;
    let mut places: Vec<&str> = Vec::new();
    let mut names: Vec<String> = vec!["as_of".to_owned()];
    for (_, fact) in catalogue.facts() {
        if let Some(record) = catalogue.record_of(&fact.field.notation) {
            let fields = record.fields.iter();
            names.extend(fields.map(|field| format!("{}[0].{}", fact.field.name, field.name)));
        } else if !places.contains(&fact.pointer.as_str()) {
            places.push(&fact.pointer);
            names.push(fact.field.name.to_string());
        }
    }
    let header: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let bound = profile.for_header(library(), "table", &header).unwrap();
    assert_eq!(bound.column_names().count(), names.len());
    assert_eq!(bound.hash, profile.hash);
}

#[test]
fn what_the_schema_refuses_the_engine_refuses_too() {
    let schema = catchall_engine::bulk::profile_schema(&library().catalogue);
    let validator = jsonschema::validator_for(&schema).unwrap();
    for id in shipped::profile_ids() {
        let document: Value = serde_json::from_str(shipped::profile(&id).unwrap().text()).unwrap();
        assert!(validator.is_valid(&document), "{id}");
    }
    for name in ["beside.json", "both.json"] {
        assert!(
            !validator.is_valid(&json_of(&tables().join(name))),
            "{name}"
        );
    }
    let good = json_of(&root().join("profiles/baci.json"));
    for (place, wrong) in [
        ("/fields/2/codes", json!("isso")),
        ("/fields/2/to", json!("/exporter/countri")),
        ("/fields/4/edition", json!("HS2018")),
        ("/fields/4/digits", json!(7)),
        ("/fields/5/times", json!(1000)),
        ("/fields/5/as", json!("numbers")),
        ("/fields/5/missing", json!("NA")),
        ("/date/month", json!(13)),
        ("/source", json!({ "publisher": "CEPII" })),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(place).unwrap() = wrong;
        assert!(!validator.is_valid(&changed), "{place}");
        let document = Document::new("changed", changed.to_string());
        assert!(Profile::compile(&document, library()).is_err(), "{place}");
    }
}
