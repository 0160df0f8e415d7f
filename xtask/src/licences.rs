//! Every dependency of the program has a licence that the project accepts; none is copyleft.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use spdx::{Expression, ParseMode};

/// Licences that may be in the program.
const ACCEPTED: [&str; 11] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Zlib",
    "0BSD",
    "MIT-0",
    "Unlicense",
    "CDLA-Permissive-2.0",
];

/// The platforms for which the program is built. The lock file also names packages that are only for others.
const PLATFORMS: [&str; 5] = [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-linux-gnu",
];

/// Reads the licence of every package that is built for some platform, and names those that are not accepted.
pub(crate) fn run(root: &Path) -> Result<()> {
    let mut refused = BTreeSet::new();
    for platform in PLATFORMS {
        refused.extend(refused_for(root, platform)?);
    }
    if refused.is_empty() {
        return Ok(());
    }
    let refused: Vec<String> = refused.into_iter().collect();
    bail!("licences that are not accepted:\n{}", refused.join("\n"))
}

fn refused_for(root: &Path, platform: &str) -> Result<Vec<String>> {
    let tree = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "tree",
            "--workspace",
            "--locked",
            "--prefix",
            "none",
            "--edges",
            "all",
        ])
        .args(["--format", "{p}\t{l}", "--target", platform])
        .current_dir(root)
        .output()
        .context("cargo tree")?;
    if !tree.status.success() {
        let text = String::from_utf8_lossy(&tree.stderr).into_owned();
        bail!("cargo tree for {platform}: {text}");
    }
    let text = String::from_utf8(tree.stdout).context("cargo tree")?;
    let packages = text.lines().filter_map(|line| {
        // A package that stands in the tree a second time is marked behind its licence.
        let (package, licence) = line.split_once('\t')?;
        let licence = licence.trim_end_matches(" (*)");
        (!accepted(licence)).then(|| format!("{package}: {licence}"))
    });
    Ok(packages.collect())
}

fn accepted(licence: &str) -> bool {
    // Older manifests write `MIT/Apache-2.0`.
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return false;
    };
    expression.evaluate(|requirement| {
        requirement
            .license
            .id()
            .is_some_and(|id| ACCEPTED.contains(&id.name))
    })
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn accepts_a_choice_and_refuses_copyleft() {
        assert!(accepted("MIT/Apache-2.0"));
        assert!(accepted("GPL-3.0-only OR MIT"));
        assert!(!accepted("GPL-3.0-only"));
        assert!(!accepted("MIT AND MPL-2.0"));
        assert!(!accepted("none stated"));
    }
}
