//! Every dependency of the program has a licence that the project accepts; none is copyleft.

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
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

/// Reads the licence of every package in the lock file, and names those that are not accepted.
pub(crate) fn run(root: &std::path::Path) -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .exec()
        .context("cargo metadata")?;
    let mut refused = Vec::new();
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or("none stated");
        if !accepted(licence) {
            refused.push(format!("{} {}: {licence}", package.name, package.version));
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        bail!("licences that are not accepted:\n{}", refused.join("\n"))
    }
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
