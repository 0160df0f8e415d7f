//! What the documents show is true: every command runs and ends as they say, the answer in the README is
//! the one that is printed, the files of the worked example work, and every link leads somewhere.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use catchall_tests::program::{program, said};
use catchall_tests::root;
use tempfile::TempDir;

/// How the README writes the program before it is installed.
const UNINSTALLED: &str = "cargo run --release -- ";

/// Commands that set up, or that continuous integration runs by itself: shown, not run here.
const NOT_RUN: [&str; 9] = [
    "cargo test --workspace",
    "cargo fmt --all",
    "cargo clippy --workspace --all-targets -- -D warnings",
    "cargo xtask tidy",
    "cargo xtask licences",
    "cargo xtask pages",
    "cargo xtask data --from FOLDER",
    "git switch -c my-rule",
    ".ci/run",
];

/// A fenced block: what stands before it, its language, its lines.
struct Block {
    before: String,
    language: String,
    lines: Vec<String>,
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    let mut before = "";
    for line in text.lines() {
        let fence = line.strip_prefix("```");
        match (fence, open) {
            (Some(language), false) => {
                let (before, language) = (before.to_owned(), language.to_owned());
                found.push(Block {
                    before,
                    language,
                    lines: Vec::new(),
                });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => found.last_mut().unwrap().lines.push(line.to_owned()),
            (None, false) if !line.trim().is_empty() => before = line,
            (None, false) => {}
        }
    }
    assert!(!open, "a block without an end");
    found
}

/// A command with the exit code that is written after it.
fn command(line: &str) -> (&str, i32) {
    match line.split_once("# exit ") {
        Some((command, code)) => (command.trim(), code.trim().parse().unwrap()),
        None => (line.trim(), 0),
    }
}

/// A folder that holds the project's own documents, and whatever commands write.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for shown in ["data", "rulesets", "profiles"] {
        symlink(root().join(shown), folder.path().join(shown)).unwrap();
    }
    folder
}

fn run(command: &str, folder: &Path) -> Output {
    let program = program().unwrap();
    let mut paths = OsString::from(program.parent().unwrap());
    paths.push(":");
    paths.push(std::env::var_os("PATH").unwrap_or_default());
    let installed = command.replacen(UNINSTALLED, "catchall ", 1);
    Command::new("sh")
        .args(["-c", &installed])
        .current_dir(folder)
        .env("PATH", paths)
        .output()
        .unwrap()
}

/// Writes the files that a document shows and runs its commands, in the order in which they stand.
fn follow(name: &str) {
    let folder = folder();
    let mut wrong = String::new();
    let mut any = false;
    for block in blocks(&document(name)) {
        if let Some(path) = block.before.strip_prefix("File `") {
            let path = folder.path().join(path.split('`').next().unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, block.lines.join("\n")).unwrap();
        }
        let lines = block.lines.iter().filter(|_| block.language == "sh");
        for (command, code) in lines.map(|line| command(line)) {
            if NOT_RUN.contains(&command) {
                continue;
            }
            any = true;
            let output = run(command, folder.path());
            if output.status.code() != Some(code) {
                let said = String::from_utf8_lossy(&output.stderr);
                let ended = output.status;
                writeln!(wrong, "{command}\n  {ended}, not {code}: {said}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{name}:\n{wrong}");
    assert!(any, "{name} shows no command");
    assert_eq!(empty_files(folder.path()), Vec::<PathBuf>::new());
}

/// Files of a folder in which nothing stands: a command that should have written something did not.
fn empty_files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file() && fs::metadata(path).unwrap().len() == 0)
        .collect()
}

#[test]
fn every_command_of_the_readme_ends_as_it_says() {
    follow("README.md");
}

/// The calls of the section on the service run against a service of their own, one after another, each of
/// which must succeed; the last computes again what was kept.
#[test]
fn the_calls_of_the_readme_to_the_service_work() {
    let folder = folder();
    let mut serving = Command::new(program().unwrap())
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "error"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = String::new();
    for line in BufReader::new(serving.stdout.as_mut().unwrap()).lines() {
        let line = line.unwrap();
        greeting.push_str(&line);
        greeting.push('\n');
        if line.contains("Stop: ") {
            break;
        }
    }
    let word = |mark: &str| {
        let words = greeting.split_whitespace();
        words
            .clone()
            .find(|word| word.starts_with(mark))
            .unwrap()
            .to_owned()
    };
    let calls: String = blocks(&document("README.md"))
        .iter()
        .filter(|block| block.language == "bash")
        .flat_map(|block| &block.lines)
        .filter(|line| *line != "catchall serve")
        .map(|line| format!("{line}\n"))
        .collect();
    let calls = calls
        .replace("http://127.0.0.1:8080", &word("http://"))
        .replace("TOKEN=…", &format!("TOKEN={}", word("catchall_")))
        .replace("curl -s", "curl --fail-with-body -sS");
    let ran = Command::new("sh")
        .args(["-ec", &calls])
        .current_dir(folder.path())
        .output();
    serving.kill().unwrap();
    serving.wait().unwrap();
    let ran = ran.unwrap();
    let told = said(&ran);
    assert!(ran.status.success(), "{calls}\n{told}");
    assert!(
        told.contains("licence required") && told.contains("\"same\":true"),
        "{told}"
    );
}

#[test]
fn the_worked_example_works() {
    follow("CONTRIBUTING.md");
}

#[test]
fn the_commands_of_the_page_on_profiles_work() {
    follow("profiles/README.md");
}

#[test]
fn cargo_run_at_the_root_runs_the_program() {
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--", "--version"])
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    assert!(run.stdout.starts_with(b"catchall "));
}

/// A line with its runs of blanks as one.
fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[test]
fn the_answer_in_the_readme_is_the_one_that_is_printed() {
    let blocks = blocks(&document("README.md"));
    let shown = blocks.iter().find(|block| block.language == "text");
    let asked = blocks.iter().find(|block| block.language == "sh");
    let (first, _) = command(&asked.unwrap().lines[0]);
    let printed = run(first, folder().path()).stdout;
    let printed = String::from_utf8(printed).unwrap();
    let mut rest = printed.lines().map(plain);
    let quoted = shown.unwrap().lines.iter().map(|line| plain(line));
    for line in quoted.filter(|line| !line.is_empty() && line != "…") {
        assert!(
            rest.any(|printed| printed == line),
            "not printed, or not in this order: {line}\n\n{printed}"
        );
    }
}

/// The documents that people read first.
fn documents() -> Vec<PathBuf> {
    let folders = ["", "docs", "data/samples", "profiles"];
    let files = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path())
    });
    let mut found: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    found.sort();
    found
}

/// The address by which a heading is linked.
fn anchor(heading: &str) -> String {
    let letters = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = letters
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

fn leads_somewhere(target: &str, from: &Path) -> bool {
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() {
        from.to_path_buf()
    } else {
        from.parent().unwrap().join(path)
    };
    let headings = |text: String| {
        let headings = text.lines().filter(|line| line.starts_with('#'));
        headings.map(anchor).collect::<Vec<String>>()
    };
    file.exists()
        && (fragment.is_empty()
            || headings(fs::read_to_string(&file).unwrap()).contains(&fragment.to_owned()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = String::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| {
            let (target, _) = rest.split_once(')')?;
            (!target.contains("://") && !target.contains(' ')).then_some(target)
        });
        for target in targets.filter(|target| !leads_somewhere(target, &path)) {
            writeln!(broken, "{}: {target}", path.display()).unwrap();
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

/// Whether a piece of code in a document is the path of a file: one that the documents speak of must exist.
fn is_path(piece: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    let source = Path::new(piece)
        .extension()
        .is_some_and(|extension| extension == "rs");
    source && piece.contains('/') && piece.chars().all(plain)
}

#[test]
fn every_source_file_that_is_named_exists() {
    let mut absent = String::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let pieces = text.split('`').skip(1).step_by(2);
        let exists = |piece: &&str| {
            [root().join(piece), root().join("engine/src").join(piece)]
                .iter()
                .any(|file| file.exists())
        };
        for piece in pieces.filter(|piece| is_path(piece) && !exists(piece)) {
            writeln!(absent, "{}: {piece}", path.display()).unwrap();
        }
    }
    assert!(absent.is_empty(), "{absent}");
}
