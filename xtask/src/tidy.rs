//! What must hold of the tree and no compiler checks: arrows, purity of the engine and of plots, plain files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Modules of the engine with their rank; a module uses those of lower rank, and of its own family.
const RANKS: [(&str, u8); 12] = [
    ("limits", 0),
    ("time", 0),
    ("source", 0),
    ("facts", 1),
    ("condition", 2),
    ("reference", 3),
    ("ruleset", 4),
    ("screening", 5),
    ("explanation", 6),
    ("bulk", 6),
    ("comparison", 6),
    ("shipped", 6),
];

/// What the engine must not do, by the words for it.
const IMPURE: [(&str, &str); 9] = [
    ("std::fs", "reads files"),
    ("std::net", "uses the network"),
    ("std::env", "reads the environment"),
    ("std::process", "starts processes"),
    ("std::io::std", "reads or writes standard streams"),
    ("SystemTime", "reads the clock"),
    ("Instant::", "reads the clock"),
    ("Timestamp::now", "reads the clock"),
    ("async fn", "is async"),
];

/// Pieces that name one machine or one workplace.
const PLACES: [&str; 4] = ["/work/", "/root/", "/home/", "/farm/"];

/// Checks the tree that git tracks, and reports everything at once.
pub(crate) fn run(root: &Path) -> Result<()> {
    let mut found = Vec::new();
    for path in tracked(root)? {
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else {
            continue;
        };
        plain(&path, &text, &mut found);
        if let Ok(inside) = path.strip_prefix("engine/src") {
            arrows(inside, &path, &text, &mut found);
            purity(&path, &text, &mut found);
        }
        if let Ok(inside) = path.strip_prefix("report/src") {
            plots(inside, &path, &text, &mut found);
        }
    }
    if found.is_empty() {
        Ok(())
    } else {
        bail!("{} things to mend:\n{}", found.len(), found.join("\n"))
    }
}

fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .context("git ls-files")?;
    let names = String::from_utf8(output.stdout).context("file names that are not UTF-8")?;
    Ok(names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .collect())
}

/// No trailing blanks in sources, a line feed at the end, no carriage returns, no path of one machine.
fn plain(path: &Path, text: &str, found: &mut Vec<String>) {
    let ours = |extension: &str| path.extension().is_some_and(|known| known == extension);
    if !["rs", "md", "toml", "json", "html"].into_iter().any(ours) {
        return;
    }
    for (number, line) in (1..).zip(text.split('\n')) {
        if line.ends_with([' ', '\t', '\r']) {
            found.push(format!(
                "{}:{number}: a blank at the end of the line",
                path.display()
            ));
        }
        if let Some(place) = PLACES
            .iter()
            .find(|place| line.contains(**place))
            .filter(|_| !path.ends_with("tidy.rs"))
        {
            found.push(format!(
                "{}:{number}: `{place}`, a path of one machine",
                path.display()
            ));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        found.push(format!("{}: no line feed at the end", path.display()));
    }
}

fn rank(module: &str) -> Option<u8> {
    RANKS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, rank)| *rank)
}

/// A module of the engine uses only modules to its right in the list of docs/ARCHITECTURE.md.
fn arrows(inside: &Path, path: &Path, text: &str, found: &mut Vec<String>) {
    let first = inside
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let module = first
        .as_deref()
        .map(|name| name.trim_end_matches(".rs"))
        .unwrap_or_default();
    let Some(own) = rank(module) else {
        if module != "lib" {
            found.push(format!(
                "{}: the module `{module}` has no rank in xtask/src/tidy.rs",
                path.display()
            ));
        }
        return;
    };
    for (number, line) in (1..).zip(text.lines()) {
        for used in line.split("crate::").skip(1) {
            let name: String = used
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            let allowed = name == module
                || rank(&name).is_none_or(|other| other < own || (own == 0 && other == 0));
            if !allowed {
                found.push(format!(
                    "{}:{number}: `{module}` uses `{name}`, against the arrows",
                    path.display()
                ));
            }
        }
    }
}

/// Plots and pages know nothing of what they show; only the reports made of them do.
fn plots(inside: &Path, path: &Path, text: &str, found: &mut Vec<String>) {
    let first = inside
        .components()
        .next()
        .map(std::path::Component::as_os_str);
    if !first.is_some_and(|name| name == "plot" || name == "plot.rs" || name == "page.rs") {
        return;
    }
    for (number, line) in (1..).zip(text.lines()) {
        if line.contains("catchall_engine") || line.contains("crate::table") {
            found.push(format!(
                "{}:{number}: a plot or a page that knows what it shows",
                path.display()
            ));
        }
    }
}

/// The engine reads no clock, file, network or environment, and is not async.
fn purity(path: &Path, text: &str, found: &mut Vec<String>) {
    for (number, line) in (1..).zip(text.lines()) {
        for (piece, what) in IMPURE.iter().filter(|(piece, _)| line.contains(piece)) {
            found.push(format!(
                "{}:{number}: `{piece}`: the engine {what}",
                path.display()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        let mut found = Vec::new();
        let path = Path::new(path);
        plain(path, text, &mut found);
        if let Ok(inside) = path.strip_prefix("engine/src") {
            arrows(inside, path, text, &mut found);
            purity(path, text, &mut found);
        }
        if let Ok(inside) = path.strip_prefix("report/src") {
            plots(inside, path, text, &mut found);
        }
        found.len()
    }

    #[test]
    fn sees_an_arrow_that_points_left() {
        assert_eq!(
            complaints(
                "engine/src/facts/value.rs",
                "use crate::screening::Bounds;\n"
            ),
            1
        );
        assert_eq!(
            complaints(
                "engine/src/screening/bounds.rs",
                "use crate::facts::Truth;\n"
            ),
            0
        );
        assert_eq!(
            complaints(
                "engine/src/reference/groups.rs",
                "use crate::ruleset::Rule;\n"
            ),
            1
        );
    }

    #[test]
    fn sees_a_plot_that_knows_what_it_shows() {
        let text = "use catchall_engine::bulk::Summary;\n";
        assert_eq!(complaints("report/src/plot/bars.rs", text), 1);
        assert_eq!(complaints("report/src/page.rs", text), 1);
        assert_eq!(complaints("report/src/table/years.rs", text), 0);
    }

    #[test]
    fn sees_a_clock_and_a_blank() {
        assert_eq!(
            complaints("engine/src/time.rs", "let now = SystemTime::now();\n"),
            1
        );
        assert_eq!(complaints("README.md", "text \n"), 1);
        assert_eq!(complaints("README.md", "text"), 1);
    }
}
