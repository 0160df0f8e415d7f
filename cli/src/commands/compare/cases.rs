//! The effect on cases.

use std::path::Path;

use catchall_engine::comparison::{Impact, Pair, Subject};
use catchall_engine::facts::Application;
use catchall_engine::ruleset::{Library, Ruleset, read_cases};
use catchall_engine::source::{Document, Problems};

use super::Compare;
use crate::commands::screen::HOW;
use crate::exit::Failure;
use crate::input::{document, json_files};
use crate::sources::case_documents;

impl Compare {
    pub(super) fn impact(
        &self,
        library: &Library,
        base: &Ruleset,
        amended: &Ruleset,
    ) -> Result<Impact, Failure> {
        let mut subjects = Vec::new();
        let mut problems = Problems::new();
        for read in self.documents()? {
            match self.subjects(&read, library) {
                Ok(found) => subjects.extend(found),
                Err(wrong) => problems.extend(wrong),
            }
        }
        problems.or(())?;
        let pair = Pair {
            base,
            amended,
            catalogue: &library.catalogue,
            reference: &library.reference,
        };
        Ok(pair.impact(&subjects))
    }

    fn documents(&self) -> Result<Vec<Document>, Failure> {
        let mut documents = Vec::new();
        for path in &self.cases {
            documents.extend(of_path(path)?);
        }
        Ok(documents)
    }

    fn subjects(&self, read: &Document, library: &Library) -> Result<Vec<Subject>, Problems> {
        if read.json()?.value().get("cases").is_some() {
            let cases = read_cases(read)?;
            return cases
                .iter()
                .map(|case| Subject::of_case(case, &library.catalogue))
                .collect();
        }
        let application = Application::read(read, &library.catalogue)?;
        let dates = application.dates(self.as_of, self.known_at, read, HOW)?;
        Ok(vec![Subject::of_application(read, application, dates)])
    }
}

/// The documents of a file, of a folder, of a ruleset's folder, or of a shipped ruleset's cases.
fn of_path(path: &Path) -> Result<Vec<Document>, Failure> {
    if path.is_dir() && !path.join("ruleset.json").is_file() {
        return json_files(path)?
            .iter()
            .map(|file| document(file))
            .collect();
    }
    if path.is_file() || path.as_os_str() == "-" {
        return Ok(vec![document(path)?]);
    }
    let found = case_documents(&path.to_string_lossy())?;
    if found.is_empty() {
        return Ok(vec![document(path)?]);
    }
    Ok(found)
}
