//! Reference data: destinations, groups, control entries, correlations, listings and indicators.
//!
//! Each table is a CSV file beside a JSON file that names its publisher, licence and SHA-256.
//! What a table does not tell is unknown: no missing row clears an export.

mod changes;
mod correlation;
mod crosswalk;
mod destinations;
mod entries;
mod entry_sets;
mod groups;
mod indicators;
mod listings;
mod rows;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

pub use correlation::{Correlation, MayCover};
pub use crosswalk::{Counterpart, Crosswalk, Relation};
pub use destinations::{CodeSystem, Destination, Destinations};
pub use entries::{Entries, Entry, Note, Reason};
pub(crate) use entry_sets::{ENTRY_SETS, entry_facts, entry_list};
pub use groups::{Group, Groups, Membership};
pub use indicators::{Figure, Indicators, Series};
pub use listings::{Listing, Listings};
pub use table::{Column, Table};

use crate::facts::Catalogue;
use crate::source::{Diagnostic, Place, Problems};
use crate::time::Date;

/// The files of the reference data: path from the data folder, such as `wgi/wgi.csv`, and bytes.
pub type Files<'f> = BTreeMap<&'f str, &'f [u8]>;

/// All reference data.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What each table is, by its id.
    pub tables: BTreeMap<Arc<str>, Table>,
    /// Countries and territories, and the names by which publishers know them.
    pub destinations: Destinations,
    /// Country groups, with dates.
    pub groups: Groups,
    /// Entries of control lists.
    pub entries: Entries,
    /// How the entries of control lists compare.
    pub crosswalk: Crosswalk,
    /// What control entries an HS code may cover.
    pub correlation: Correlation,
    /// Parties on lists.
    pub listings: Listings,
    /// Figures about destinations.
    pub indicators: Indicators,
    /// SHA-256 over all tables' hashes.
    pub hash: String,
    changes: OnceLock<BTreeSet<Date>>,
}

impl Reference {
    /// Reads the tables, checks each against its SHA-256, and reports everything wrong at once.
    pub fn read(files: &Files<'_>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let tables = table::read_all(files, &mut problems);
        let mut rows = rows::Reader {
            files,
            tables: &tables,
            problems,
        };
        let reference = Self {
            destinations: Destinations::read(&mut rows),
            groups: Groups::read(&mut rows),
            entries: Entries::read(&mut rows),
            crosswalk: Crosswalk::read(&mut rows),
            correlation: Correlation::read(&mut rows),
            listings: Listings::read(&mut rows),
            indicators: Indicators::read(&mut rows),
            hash: table::hash_of(&tables),
            tables: BTreeMap::new(),
            changes: OnceLock::new(),
        };
        let problems = rows.problems;
        problems.or(Self {
            tables,
            ..reference
        })
    }

    /// The same data with other figures; the days on which something changes stay.
    pub(crate) fn with_indicators(&self, indicators: Indicators) -> Self {
        Self {
            indicators,
            ..self.clone()
        }
    }

    /// Gives the catalogue's code sets the codes that the tables hold.
    pub fn fill(&self, catalogue: &mut Catalogue) {
        catalogue.fill("country", self.destinations.labels(), BTreeMap::new());
        for (set, list) in ENTRY_SETS {
            let (labels, parents) = self.entries.codes(list);
            catalogue.fill(set, labels, parents);
        }
    }
}

fn missing(path: &str) -> Diagnostic {
    Diagnostic::error(
        "D101",
        format!("no file `{path}`"),
        "every table's .csv and .json in the data folder",
    )
    .help("run `cargo xtask data`, or name the right folder with --data")
    .at(Place {
        document: path.to_owned(),
        ..Place::default()
    })
}
