//! Tables as files: threads, order, compression, interruptions; whatever happens, the same bytes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use catchall_tests::program::{self, program, said};
use catchall_tests::random::Random;
use catchall_tests::root;

/// What a run writes.
const FILES: [&str; 5] = [
    "out.csv",
    "rejects.csv",
    "summary.json",
    "answers.csv",
    "explained.ndjson",
];

/// The options that name them.
const OPTIONS: [&str; 5] = [
    "--output",
    "--rejects",
    "--summary",
    "--answers",
    "--explanations",
];

/// Records that take long enough to be interrupted.
const SLOW: usize = 300_000;

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    program::folder(env!("CARGO_TARGET_TMPDIR"), "table_files", name)
}

/// So many records of trade, some with quoted line feeds, some that must be rejected.
fn trade(records: usize) -> String {
    let sample = fs::read_to_string(root().join("data/samples/trade-sample.csv")).unwrap();
    let mut lines = sample.lines();
    let mut table = format!("{}\n", lines.next().unwrap());
    let lines: Vec<&str> = lines.collect();
    let mut random = Random::new(7);
    for _ in 0..records {
        let line = lines[random.below(lines.len())];
        let _ = match random.below(200) {
            0 => writeln!(table, "{}", line.replacen("2025", "2O25", 1)),
            1 => writeln!(table, "{line},more"),
            2 => write!(table, "{line}\r\n\r\n"),
            3 => writeln!(
                table,
                "{}",
                line.replacen('"', "\"first line\nsecond, \"\"line\"\" ", 1)
            ),
            _ => writeln!(table, "{line}"),
        };
    }
    table
}

/// A run on a table of trade; options come behind.
fn command(tables: &[&Path], to: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(program().unwrap());
    command.arg("screen").args(tables);
    command.args(["--profile", "stats-nz", "--ruleset", "eu-dual-use"]);
    for (option, file) in OPTIONS.iter().zip(FILES) {
        if !more.contains(option) {
            command.arg(option).arg(to.join(file));
        }
    }
    command.args(more).stdin(Stdio::null());
    command
}

fn run(tables: &[&Path], to: &Path, more: &[&str]) -> Output {
    command(tables, to, more).output().unwrap()
}

/// What a run wrote, without any file beside.
fn written(to: &Path) -> Vec<Vec<u8>> {
    let names = fs::read_dir(to).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut files = FILES;
    files.sort_unstable();
    assert_eq!(names, files, "in {}", to.display());
    FILES
        .iter()
        .map(|name| fs::read(to.join(name)).unwrap())
        .collect()
}

/// A table in a folder of its own, and what an uninterrupted run with one thread writes for it.
fn expected(name: &str, records: usize) -> (PathBuf, PathBuf, Vec<Vec<u8>>) {
    let folder = folder(name);
    let table = folder.join("trade.csv");
    fs::write(&table, trade(records)).unwrap();
    let to = folder.join("whole");
    fs::create_dir(&to).unwrap();
    let output = run(&[&table], &to, &["--threads", "1"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let written = written(&to);
    (folder, table, written)
}

fn fresh(folder: &Path, name: &str) -> PathBuf {
    let to = folder.join(name);
    fs::create_dir(&to).unwrap();
    to
}

#[test]
fn one_thread_and_many_write_the_same_bytes() {
    let (folder, table, whole) = expected("threads", 12_000);
    for threads in ["2", "3", "16"] {
        let to = fresh(&folder, threads);
        run(&[&table], &to, &["--threads", threads]);
        assert_eq!(written(&to), whole, "{threads} threads");
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn packed(table: &Path, program: &str, ending: &str) -> Option<PathBuf> {
    let Ok(output) = Command::new(program).arg("-c").arg(table).output() else {
        eprintln!("skipped: there is no {program}");
        return None;
    };
    let to = PathBuf::from(format!("{}.{ending}", table.display()));
    fs::write(&to, output.stdout).unwrap();
    Some(to)
}

fn unpacked(file: &Path, program: &str) -> Vec<u8> {
    Command::new(program)
        .arg("-dc")
        .arg(file)
        .output()
        .unwrap()
        .stdout
}

#[test]
fn compressed_tables_are_read_and_written() {
    let (folder, table, whole) = expected("compressed", 4_000);
    for (program, ending) in [("gzip", "gz"), ("zstd", "zst")] {
        let Some(packed) = packed(&table, program, ending) else {
            continue;
        };
        let to = fresh(&folder, ending);
        let out = to.join(format!("out.csv.{ending}"));
        run(
            &[&packed],
            &to,
            &["--output", out.to_str().unwrap(), "--threads", "2"],
        );
        assert_eq!(unpacked(&out, program), whole[0], "{program}");
        assert_eq!(fs::read(to.join("rejects.csv")).unwrap(), whole[1]);
        let one = to.join(format!("one.csv.{ending}"));
        let more = [
            "--output",
            one.to_str().unwrap(),
            "--threads",
            "1",
            "--force",
        ];
        run(&[&packed], &to, &more);
        assert_eq!(fs::read(one).unwrap(), fs::read(out).unwrap(), "{program}");
    }
}

#[test]
fn a_compressed_table_that_was_cut_short_is_an_error_and_leaves_nothing() {
    let (folder, table, _) = expected("cut", 6_000);
    for (program, ending) in [("gzip", "gz"), ("zstd", "zst")] {
        let Some(packed) = packed(&table, program, ending) else {
            continue;
        };
        let bytes = fs::read(&packed).unwrap();
        for length in [bytes.len() / 2, bytes.len() - 3, 10] {
            fs::write(&packed, &bytes[..length]).unwrap();
            let to = fresh(&folder, &format!("{ending}-{length}"));
            let output = run(&[&packed], &to, &["--checkpoint", "0"]);
            assert_eq!(output.status.code(), Some(3), "{}", said(&output));
            assert!(said(&output).contains("cut short"), "{}", said(&output));
            assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
        }
    }
}

/// The table in three files with a header each, cut between records.
fn in_three(table: &Path, folder: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(table).unwrap();
    let (header, rest) = text.split_once('\n').unwrap();
    let records: Vec<&str> = rest.split_inclusive("Final\n").collect();
    let parts = records.chunks(records.len().div_ceil(3)).enumerate();
    let part = |(number, records): (usize, &[&str])| {
        let path = folder.join(format!("part-{number}.csv"));
        fs::write(&path, format!("{header}\n{}", records.concat())).unwrap();
        path
    };
    parts.map(part).collect()
}

#[test]
fn several_tables_with_one_header_are_screened_into_one() {
    let (folder, table, whole) = expected("several", 3_000);
    let parts = in_three(&table, &folder);
    let to = fresh(&folder, "out");
    let output = run(&[&folder.join("part-?.csv")], &to, &["--threads", "2"]);
    assert!(said(&output).contains("3 tables"), "{}", said(&output));
    let found = written(&to);
    assert_eq!(found[0], whole[0]);
    let rejects = String::from_utf8(found[1].clone()).unwrap();
    assert!(rejects.starts_with("file,record,line,column,found,cause\n"));
    for part in &parts {
        assert!(
            rejects.contains(part.to_str().unwrap()),
            "{}",
            part.display()
        );
    }
    assert_eq!(
        rejects.lines().count(),
        whole[1].split(|byte| *byte == b'\n').count() - 1
    );
}

#[test]
fn tables_with_different_headers_are_an_error() {
    let folder = folder("headers");
    let (one, other) = (folder.join("one.csv"), folder.join("other.csv"));
    fs::write(&one, trade(5)).unwrap();
    fs::write(&other, trade(5).replacen("uom", "unit", 1)).unwrap();
    let to = fresh(&folder, "out");
    let output = run(&[&one, &other], &to, &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("T143"), "{}", said(&output));
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
}

#[test]
fn standard_input_and_output_take_and_give_the_same_bytes() {
    let (folder, table, whole) = expected("standard", 2_000);
    let to = fresh(&folder, "out");
    let mut child = command(&[Path::new("-")], &to, &["--output", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = fs::read(&table).unwrap();
    let sender = std::thread::spawn(move || input.write_all(&bytes).unwrap());
    let output = child.wait_with_output().unwrap();
    sender.join().unwrap();
    assert_eq!(output.stdout, whole[0]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("2000 records"));
}

#[test]
fn the_delimiter_is_found_where_the_profile_states_none() {
    let folder = folder("delimiter");
    let text = "month;hs;hs_desc;uom;country;Export_FOB;Export_Qty;Re_export_FOB;Re_export_Qty;\
                total_export_FOB;total_export_qty;status\n202502;8517620000;a, b;;Kenya;0;;1;;1;;Final\n";
    let mut found = Vec::new();
    for delimiter in [";", "\t", "|"] {
        let table = folder.join("table.csv");
        fs::write(&table, text.replace(';', delimiter)).unwrap();
        run(&[&table], &folder, &["--force"]);
        let out = fs::read_to_string(folder.join("out.csv")).unwrap();
        assert_eq!(
            out.lines().next().unwrap().split(delimiter).count(),
            15,
            "{out}"
        );
        found.push(out.lines().count());
    }
    assert_eq!(found, [2, 2, 2]);
}

#[test]
fn a_quote_that_is_never_closed_does_not_draw_a_file_into_one_record() {
    let folder = folder("quote");
    let table = folder.join("table.csv");
    let mut text = trade(3);
    let line = format!("(at line {})", text.lines().count() + 1);
    text.push('"');
    text.extend(std::iter::repeat_n("no end of it\n", 1_500_000));
    fs::write(&table, text).unwrap();
    let to = fresh(&folder, "out");
    let output = run(&[&table], &to, &[]);
    assert_eq!(output.status.code(), Some(3));
    let said = said(&output);
    assert!(
        said.contains("a quote was opened and never closed"),
        "{said}"
    );
    assert!(said.contains(&line), "{said}");
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
}

/// Kills runs at random moments until so many were killed; one more goes on to the end.
fn killed(table: &Path, to: &Path, kills: usize, more: &[&str]) {
    let mut random = Random::new(kills as u64);
    let mut done = 0;
    let mut options = vec!["--resume", "--checkpoint", "0"];
    options.extend(more);
    for _ in 0..kills * 20 {
        let mut child = command(&[table], to, &options)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(random.below(700) as u64));
        if child.try_wait().unwrap().is_some() {
            // It was done before it could be killed.
            clear(to);
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        done += 1;
        if done == kills {
            break;
        }
    }
    let output = run(&[table], to, &options);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert_eq!(done, kills, "too fast to be killed");
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_with_the_same_bytes() {
    let (folder, table, whole) = expected("killed", SLOW);
    for threads in ["1", "3"] {
        let to = fresh(&folder, threads);
        killed(&table, &to, 4, &["--threads", threads]);
        assert_eq!(written(&to), whole);
    }
}

/// `cargo test -p catchall-tests --test table_files -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn fifty_kills_change_nothing() {
    let (folder, table, whole) = expected("fifty", SLOW);
    let to = fresh(&folder, "out");
    killed(&table, &to, 50, &[]);
    assert_eq!(written(&to), whole);
}

/// A run that was interrupted when part of the table was behind it.
#[cfg(unix)]
fn interrupted(table: &Path, to: &Path) -> Output {
    let part = to.join("out.csv.part");
    let written = || fs::metadata(&part).map_or(0, |part| part.len());
    loop {
        let mut child = command(&[table], to, &["--threads", "2", "--checkpoint", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while written() < 1 << 20 && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        let pid = child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        if !to.join(FILES[0]).exists() {
            return output;
        }
        // It was done before it could be interrupted.
        clear(to);
    }
}

/// Removes what a run wrote, so that the next begins anew.
fn clear(to: &Path) {
    FILES
        .iter()
        .for_each(|name| drop(fs::remove_file(to.join(name))));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on_and_does() {
    let (folder, table, whole) = expected("interrupted", SLOW);
    let to = fresh(&folder, "out");
    let output = interrupted(&table, &to);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(said(&output).contains("--resume"), "{}", said(&output));
    let again = run(&[&table], &to, &[]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    assert!(said(&again).contains("--resume"), "{}", said(&again));
    let other = run(&[&table], &to, &["--resume", "--as-of", "2025-02-01"]);
    assert_eq!(other.status.code(), Some(3), "{}", said(&other));
    assert!(
        said(&other).contains("with other --as-of"),
        "{}",
        said(&other)
    );
    run(&[&table], &to, &["--resume"]);
    assert_eq!(written(&to), whole);
}

#[cfg(unix)]
#[test]
fn a_table_that_was_changed_since_is_not_gone_on_with() {
    let (folder, table, _) = expected("changed", SLOW);
    let to = fresh(&folder, "out");
    interrupted(&table, &to);
    let text = fs::read_to_string(&table).unwrap();
    let changed = text.replacen("\n202502", "\n202501", 1);
    assert_ne!(text, changed);
    fs::write(&table, changed).unwrap();
    let output = run(&[&table], &to, &["--resume"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("T142"), "{}", said(&output));
    fs::write(&table, text).unwrap();
    run(&[&table], &to, &["--resume"]);
    written(&to);
}

/// Runs with files limited to so many blocks of 512 or 1024 bytes, as on a full disk.
#[cfg(unix)]
fn limited(table: &Path, to: &Path, more: &[&str]) -> Output {
    let whole = command(&[table], to, more);
    Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$@\"", "sh"])
        .arg(whole.get_program())
        .args(whole.get_args())
        .output()
        .unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_the_run_goes_on_when_there_is_room() {
    let (folder, table, whole) = expected("full", 16_000);
    let to = fresh(&folder, "out");
    let output = limited(&table, &to, &["--checkpoint", "0"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(
        said(&output).contains("cannot be written"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("--resume"), "{}", said(&output));
    assert!(FILES.iter().all(|name| !to.join(name).exists()));
    run(&[&table], &to, &["--resume"]);
    assert_eq!(written(&to), whole);
    let to = fresh(&folder, "without");
    let output = limited(&table, &to, &["--checkpoint", "1000"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0, "{}", said(&output));
}
