//! The program as a process of its own, which can be signalled and killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use catchall_tests::http::Client;
use catchall_tests::program::program;

use crate::collector::Collector;

/// What the log is written into.
const LOG: &str = "log.ndjson";
/// Limits that a test does not meet.
const SETTINGS: &str = "[limits.senior_officer]\nbody_bytes = 1000000\ntable_bytes = 1000000000\nseconds = 60\n\
    lines = 10\nrequests_per_second = 100000\nburst = 100000\n";

/// The program, serving.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) client: Client,
}

impl Process {
    /// Starts the program in a folder, and waits until it says where it listens.
    pub(crate) fn start(register: &str, place: &Path) -> Self {
        Self::start_with(register, place, &[])
    }

    /// The same, with more words on its command line.
    pub(crate) fn start_with(register: &str, place: &Path, more: &[&str]) -> Self {
        Self::run(Command::new(program().unwrap()), register, place, more)
    }

    /// The same, with traces.
    pub(crate) fn start_traced(register: &str, place: &Path, collector: &Collector) -> Self {
        let traces = format!("http://{}/v1/traces", collector.address);
        let mut command = Command::new(program().unwrap());
        command.env("CATCHALL_TRACES", traces);
        Self::run(command, register, place, &[])
    }

    /// The same, with files of so many blocks of 512 bytes at most: past that, it is as if the disk were full.
    pub(crate) fn start_limited(register: &str, place: &Path, blocks: u32) -> Self {
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
        command.arg("-c").arg(script).arg(program().unwrap());
        Self::run(command, register, place, &[])
    }

    fn run(mut command: Command, register: &str, place: &Path, more: &[&str]) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(place.join(LOG));
        std::fs::write(place.join("settings.toml"), SETTINGS).unwrap();
        let mut child = command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--config",
                "settings.toml",
            ])
            .args(["--register", register])
            .args(more)
            .current_dir(place)
            .stdout(Stdio::piped())
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        let (mut address, mut token) = (None, None);
        for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(rest) = line.strip_prefix("Catchall listens on http://") {
                address = Some(rest.parse().unwrap());
            }
            if line.trim().starts_with("catchall_") {
                token = Some(line.trim().to_owned());
            }
            if line.contains("Stop: Ctrl-C") {
                break;
            }
        }
        let address =
            address.unwrap_or_else(|| panic!("the service does not start: {}", said(place)));
        Self {
            child,
            client: Client { address, token },
        }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the service logged.
pub(crate) fn said(place: &Path) -> String {
    std::fs::read_to_string(place.join(LOG)).unwrap()
}
