//! The program, for suites that run it as a person does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The binary `catchall`, built once by the cargo that runs the tests; what is wrong if it cannot be.
pub fn program() -> Result<PathBuf, String> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PROGRAM.get_or_init(build).clone()
}

/// An empty folder of its own for a test; `place` is where cargo lets its suite write.
///
/// # Panics
///
/// If there can be none.
#[expect(clippy::expect_used, reason = "a test stops at what it did not expect")]
pub fn folder(place: &str, suite: &str, name: &str) -> PathBuf {
    let folder = Path::new(place).join(suite).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// All that a run of the program said, on standard output and then on standard error.
pub fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts.map(|text| String::from_utf8_lossy(text)).concat()
}

fn build() -> Result<PathBuf, String> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--package", "catchall", "--message-format", "json"])
        .current_dir(crate::root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| error.to_string())?;
    if !built.status.success() {
        return Err("the program cannot be built".to_owned());
    }
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = |line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let ours = message.pointer("/target/name")?.as_str()? == "catchall";
        let path = message.get("executable")?.as_str()?;
        ours.then(|| PathBuf::from(path))
    };
    messages
        .lines()
        .find_map(executable)
        .ok_or_else(|| "cargo does not name the program".to_owned())
}
