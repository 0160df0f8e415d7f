//! The program, for suites that run it as a person does.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The binary `catchall`, built once by the cargo that runs the tests; what is wrong if it cannot be.
pub fn program() -> Result<PathBuf, String> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PROGRAM.get_or_init(build).clone()
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
