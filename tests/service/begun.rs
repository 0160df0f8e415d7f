//! A start that cannot be: what is wrong is said at once, with what to do, and the exit code of a setting.

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use catchall_tests::program::{folder, program, said};

/// Starts a service that cannot run; what it says.
fn refused(name: &str, words: &[&str]) -> String {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", name);
    let run = Command::new(program().unwrap())
        .arg("serve")
        .args(words)
        .current_dir(place)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2), "{}", said(&run));
    said(&run)
}

#[test]
fn what_a_start_lacks_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = refused("port", &["--listen", &address]);
    assert!(
        told.contains(&address) && told.contains("--listen"),
        "{told}"
    );
    let told = refused(
        "folder",
        &[
            "--listen",
            "127.0.0.1:0",
            "--register",
            "not/there/register.db",
        ],
    );
    assert!(
        told.contains("not/there/register.db") && told.contains("a folder that is there"),
        "{told}"
    );
    let told = refused(
        "user",
        &[
            "--listen",
            "127.0.0.1:0",
            "--register",
            "postgres://u:secret@/",
        ],
    );
    assert!(
        told.contains("--register") && !told.contains("secret"),
        "{told}"
    );
}

#[test]
fn a_database_that_does_not_answer_is_said_at_once_and_waited_for() {
    let place = folder(env!("CARGO_TARGET_TMPDIR"), "service", "waiting");
    let log = place.join("log");
    let none = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let register = format!("postgres://somebody:secret@{none}/none");
    let mut child = Command::new(program().unwrap())
        .args(["serve", "--listen", "127.0.0.1:0", "--register", &register])
        .current_dir(&place)
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let told = loop {
        let told = std::fs::read_to_string(&log).unwrap();
        if told.contains("no answer") {
            break told;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{told}");
        std::thread::sleep(Duration::from_millis(20));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        told.contains(&none.to_string()) && !told.contains("secret"),
        "{told}"
    );
}
