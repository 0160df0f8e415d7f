//! The command, as a person meets it: bad input is answered with its place, what was found, what was
//! expected and what to do; good input with the same bytes each time.
//!
//! `data/cli/*.json` holds the cases of bad input; adding one needs no Rust.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use catchall_tests::program::program;
use catchall_tests::{root, shared};
use serde_json::{Map, Value};

/// A folder in which the program runs, with files made for it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        let parent = path.parent().expect("a file stands in a folder");
        std::fs::create_dir_all(parent).expect("a folder can be made");
        std::fs::write(path, bytes).expect("a file can be written");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(program().expect("the program can be built"))
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("it listens");
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        child.wait_with_output().expect("the program ends")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

/// The good application and the good ruleset that cases are changes of.
fn base(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("data/cli/base.json")).expect("JSON");
    all[name].clone()
}

/// A JSON Merge Patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let object = target.as_object_mut().expect("an object");
    for (key, change) in changes {
        if change.is_null() {
            object.shift_remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

/// A text as a case gives it: plainly, or as `{"repeat": [before, [part, times], after]}`.
fn written(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let [before, times, after] = value["repeat"].as_array()?.as_slice() else {
        return None;
    };
    let count = usize::try_from(times[1].as_u64()?).ok()?;
    let parts = times[0].as_str()?.repeat(count);
    Some(format!("{}{parts}{}", before.as_str()?, after.as_str()?))
}

/// A file as a case gives it: a text, bytes in hexadecimal, or a change of a good document.
fn contents(value: &Value) -> Vec<u8> {
    if let Some(text) = written(value) {
        return text.into_bytes();
    }
    if let Some(digits) = value["hex"].as_str() {
        let pairs = digits.as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        return pairs.filter_map(byte).collect();
    }
    let (name, patch) = value
        .as_object()
        .and_then(|one| one.iter().next())
        .expect("a change");
    let mut document = base(name);
    merge(&mut document, patch);
    serde_json::to_vec_pretty(&document).expect("JSON")
}

/// The cases of a file.
fn cases(file: &str) -> Vec<Value> {
    let path = root().join("tests/data/cli").join(file);
    let read = std::fs::read_to_string(path).expect("the cases stand beside the suites");
    serde_json::from_str(&read).expect("cases are JSON")
}

/// What is wrong with the answer to a case.
fn wrong(case: &Value) -> Vec<String> {
    let folder = Folder::new();
    for (name, file) in case["files"].as_object().into_iter().flatten() {
        folder.write(name, contents(file));
    }
    let arguments = case["args"].as_array().expect("arguments");
    let arguments: Vec<String> = arguments.iter().filter_map(written).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = folder.run_with(&arguments, case["stdin"].as_str().unwrap_or_default());
    let told = text(&output.stderr);
    let mut found = Vec::new();
    if output.status.code().map(i64::from) != case["exit"].as_i64() {
        found.push(format!(
            "exit {:?} instead of {}",
            output.status.code(),
            case["exit"]
        ));
    }
    let wanted = case["stderr_contains"].as_array().into_iter().flatten();
    for part in wanted
        .filter_map(Value::as_str)
        .filter(|part| !told.contains(part))
    {
        found.push(format!("it does not say {part:?}"));
    }
    if case["exit"] == 3 {
        let parts = ["error[", "--> ", "expected ", "help: "];
        let missing = parts.iter().filter(|part| !told.contains(**part));
        let missing = missing.filter(|part| **part != "help: " || !is_without_help(&told));
        found.extend(missing.map(|part| format!("it lacks {part:?}")));
    }
    if told.contains("panicked") {
        found.push("it panicked".to_owned());
    }
    if !found.is_empty() {
        found.push(told.chars().take(2_000).collect());
    }
    found
}

/// Codes whose `expected` says already what to write; they are told without help beside it.
const WITHOUT_HELP: [&str; 24] = [
    "A102", "A201", "A203", "A205", "A206", "A207", "E103", "E104", "E105", "E203", "E204", "E209",
    "E301", "E302", "E303", "E304", "E404", "J102", "J103", "J104", "J106", "R105", "R107", "R120",
];

fn is_without_help(told: &str) -> bool {
    WITHOUT_HELP
        .iter()
        .any(|code| told.contains(&format!("error[{code}]")))
}

fn all_are_answered(file: &str) {
    let mut report = String::new();
    let cases = cases(file);
    for case in &cases {
        let found = wrong(case);
        if !found.is_empty() {
            writeln!(report, "{}:\n  {}\n", case["name"], found.join("\n  ")).unwrap();
        }
    }
    assert!(report.is_empty(), "{file}\n{report}");
    assert!(cases.len() > 10, "{file} holds only {} cases", cases.len());
}

#[test]
fn applications_that_cannot_be_read_are_answered() {
    all_are_answered("applications.json");
}

#[test]
fn commands_that_make_no_sense_are_answered() {
    all_are_answered("commands.json");
}

#[test]
fn expressions_with_each_kind_of_mistake_are_answered() {
    all_are_answered("expressions.json");
}

#[test]
fn rulesets_that_cannot_be_used_are_answered() {
    all_are_answered("rulesets.json");
}

/// A folder with the good application, and its determination.
fn screened() -> (Folder, Value) {
    let folder = Folder::new();
    folder.write("a.json", base("application").to_string());
    let arguments = [
        "screen",
        "a.json",
        "--ruleset",
        "eu-dual-use",
        "--format",
        "json",
    ];
    let output = folder.run(&arguments);
    assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
    folder.write("d.json", &output.stdout);
    let determination = serde_json::from_slice(&output.stdout).expect("JSON");
    (folder, determination)
}

#[test]
fn the_same_application_gives_the_same_bytes() {
    let sample = root().join("data/samples/predator-madagascar-2021.json");
    let sample = sample.display().to_string();
    let folder = Folder::new();
    for format in ["text", "json"] {
        let run = || folder.run(&["screen", &sample, "--full", "--format", format]);
        let (first, second) = (run(), run());
        assert!(!first.stdout.is_empty(), "{}", text(&first.stderr));
        assert_eq!(first.stdout, second.stdout, "{format}");
        assert_eq!(first.status, second.status);
    }
}

fn verify(folder: &Folder) -> (Option<i32>, String) {
    let output = folder.run(&["verify", "d.json", "--application", "a.json"]);
    (output.status.code(), text(&output.stdout))
}

#[test]
fn a_determination_can_be_computed_again() {
    let (folder, _) = screened();
    let (code, told) = verify(&folder);
    assert_eq!(
        (code, told.starts_with("The same, byte for byte")),
        (Some(0), true),
        "{told}"
    );
}

#[test]
fn a_changed_byte_of_an_application_is_told() {
    let (folder, _) = screened();
    let mut application = base("application");
    merge(&mut application, &serde_json::json!({"id": "another"}));
    folder.write("a.json", application.to_string());
    let (code, told) = verify(&folder);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("/input: "), "{told}");
}

#[test]
fn a_changed_fact_is_told() {
    let (folder, _) = screened();
    let mut application = base("application");
    merge(
        &mut application,
        &serde_json::json!({"destination": {"country": "FR"}}),
    );
    folder.write("a.json", application.to_string());
    let (code, told) = verify(&folder);
    assert_eq!(code, Some(3), "{told}");
    for part in [
        "/input: ",
        "/requirement/at_least: \"licence_required\" / \"out_of_scope\"",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn a_changed_determination_is_told() {
    let changes = [
        (serde_json::json!({"known_at": "2026-03-03"}), None),
        (
            serde_json::json!({"requirement": {"at_least": "not_required"}}),
            Some("/requirement/at_least: "),
        ),
        (
            serde_json::json!({"data": {"sha256": "0"}}),
            Some("/data/sha256: "),
        ),
        (
            serde_json::json!({"engine": {"version": "0.0.0"}}),
            Some("/engine/version: "),
        ),
        (
            serde_json::json!({"notice": "Approved."}),
            Some("/notice: "),
        ),
        (
            serde_json::json!({"approved": true}),
            Some("/approved: true / null"),
        ),
    ];
    let (folder, screened) = screened();
    for (change, expected) in changes {
        let mut determination = screened.clone();
        merge(&mut determination, &change);
        folder.write("d.json", determination.to_string());
        let (code, told) = verify(&folder);
        match expected {
            Some(part) => assert!(code == Some(3) && told.contains(part), "{change}: {told}"),
            // A day of publication on which no more was known gives the same answer for that day.
            None => assert_eq!(code, Some(0), "{change}: {told}"),
        }
    }
}

#[test]
fn a_day_before_publication_is_told() {
    let (folder, mut determination) = screened();
    merge(
        &mut determination,
        &serde_json::json!({"known_at": "2009-09-01"}),
    );
    folder.write("d.json", determination.to_string());
    let (code, told) = verify(&folder);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("/rulesets/0/items/0"), "{told}");
}

#[test]
fn the_public_cases_pass_through_the_program() {
    let Some(path) = shared("conformance/feel.jsonl") else {
        return;
    };
    let path = path.canonicalize().unwrap();
    let output = Folder::new().run(&["eval", "--cases", &path.display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).lines().count() > 400);
}

#[test]
fn exit_codes_say_what_was_found() {
    let folder = Folder::new();
    let mut banned = base("application")["items"][0].clone();
    merge(
        &mut banned,
        &serde_json::json!({"entries": [], "torture_annex": "annex_ii"}),
    );
    let cases = [
        (serde_json::json!({}), 10),
        (serde_json::json!({"destination": {"country": "FR"}}), 0),
        (serde_json::json!({"items": [{"kind": "goods"}]}), 20),
        (serde_json::json!({"items": [banned]}), 30),
    ];
    for (change, code) in cases {
        let mut application = base("application");
        merge(&mut application, &change);
        folder.write("a.json", application.to_string());
        let output = folder.run(&["screen", "a.json", "--ruleset", "eu-dual-use"]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{change}\n{}",
            text(&output.stdout)
        );
    }
}

/// An answer without the parts of hashes in its last line, which change with every word of the law.
fn unhashed(answer: &str) -> String {
    let is_hash =
        |word: &str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lines = answer.lines().map(|line| {
        let words = line
            .split(' ')
            .map(|word| if is_hash(word) { "(hash)" } else { word });
        words.collect::<Vec<&str>>().join(" ")
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// What people read. Whoever changes an answer reads it here, as its readers will.
#[test]
fn answers_read_well() {
    let sample = root().join("data/samples/predator-madagascar-2021.json");
    let folder = Folder::new();
    folder.write("ear.json", include_str!("data/cli/ear.json"));
    let shown = |arguments: &[&str]| unhashed(&text(&folder.run(arguments).stdout));
    insta::assert_snapshot!(
        "predator",
        shown(&["screen", &sample.display().to_string()])
    );
    let ear = ["screen", "ear.json", "--ruleset", "us-ear"];
    insta::assert_snapshot!("ear", shown(&ear));
    insta::assert_snapshot!("rule", shown(&["rules", "eu.2021-821.art-5-1"]));
}

#[test]
fn errors_read_well() {
    let folder = Folder::new();
    let mut application = base("application");
    let change = serde_json::json!({"destinaton": {}, "destination": {"country": "Egypt"}});
    merge(&mut application, &change);
    folder.write("a.json", serde_json::to_vec_pretty(&application).unwrap());
    let mut ruleset = base("ruleset");
    let cycle =
        serde_json::json!({"rules": {"a": {"requires": null, "lifts": ["b"], "leaves": "notify"}}});
    merge(&mut ruleset, &cycle);
    folder.write("r.json", serde_json::to_vec_pretty(&ruleset).unwrap());
    let told = |arguments: &[&str]| text(&folder.run(arguments).stderr);
    insta::assert_snapshot!("bad_application", told(&["screen", "a.json"]));
    insta::assert_snapshot!("bad_ruleset", told(&["check", "r.json"]));
    let expression = "destination == \"FR\"";
    insta::assert_snapshot!("bad_expression", told(&["eval", expression]));
}
