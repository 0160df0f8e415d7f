//! What became of a table's records, as a page for people.

use std::path::PathBuf;

use catchall_engine::bulk::Summary;
use catchall_engine::ruleset::Library;
use catchall_report::table::{Screened, page};
use catchall_tables::Reporter;

/// Makes the page of `--report`.
#[derive(Debug)]
pub(crate) struct TablePage<'p> {
    library: &'p Library,
    tables: Vec<String>,
}

impl<'p> TablePage<'p> {
    pub(crate) fn new(library: &'p Library, inputs: &[PathBuf]) -> Self {
        let name = |path: &PathBuf| match path.file_name() {
            Some(name) if path.as_os_str() != "-" => name.to_string_lossy().into_owned(),
            _ => "standard input".to_owned(),
        };
        Self {
            library,
            tables: inputs.iter().map(name).collect(),
        }
    }
}

impl Reporter for TablePage<'_> {
    fn page(&self, summary: &Summary) -> String {
        page(&Screened {
            summary,
            library: self.library,
            tables: &self.tables,
        })
        .html()
    }
}
