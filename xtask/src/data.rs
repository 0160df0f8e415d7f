//! `cargo xtask data`: makes the reference tables under `data/` from the publishers' files and
//! from the hand-written facts under `xtask/facts`. A publisher's file that may be kept is under `xtask/sources`.
//!
//! Every table is a CSV file beside a JSON file that says where its figures come from. The same
//! input gives the same bytes: rows are sorted, lines end in LF, and no clock is read.

mod codes;
mod comtrade_codes;
mod control_entries;
mod control_reasons;
mod destination_names;
mod destinations;
mod entry_crosswalk;
mod entry_notes;
mod groups;
mod hs_chapters;
mod hs_correlation;
mod listings;
mod map_shapes;
mod output;
mod samples;
mod source;
mod spellings;
mod table;
mod ucdp;
mod us_groups;
mod vdem;
mod wgi;

use std::path::{Path, PathBuf};

use anyhow::Result;

use codes::Codes;
use output::Output;
use source::Source;
use table::{Meta, Table};

/// Where the publishers' files are, and whether to write or only to compare.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder of the publishers' files (countries/, regimes/, risk/, …).
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Write nothing; fail when a file under data/ would change.
    #[arg(long)]
    check: bool,
}

/// Makes every table, then writes or compares them.
pub(crate) fn run(args: &Args) -> Result<()> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = Source::new(&args.from, home);
    let outputs = make(&source)?;
    let data = home.parent().unwrap_or(home).join("data");
    if args.check {
        output::check(&data, &outputs)
    } else {
        output::write(&data, &outputs)
    }
}

/// Every file that belongs under `data/`.
fn make(source: &Source) -> Result<Vec<Output>> {
    let meta = Meta::read_all(source)?;
    let destinations = destinations::rows(source)?;
    let names = destination_names::rows(source, &destinations)?;
    let numbers = comtrade_codes::rows(source, &destinations)?;
    let codes = Codes::new(source, &destinations, &names)?;
    spellings::check(source, &codes)?;
    let entries = control_entries::rows(source)?;
    let (index, groups) = groups::rows(source, &codes)?;
    let shapes = map_shapes::rows(source, &destinations)?;
    let tables = [
        ("control_reasons", control_reasons::rows(source, &entries)?),
        ("entry_crosswalk", entry_crosswalk::rows(source, &entries)?),
        ("entry_notes", entry_notes::rows(source, &entries)?),
        ("hs_chapters", hs_chapters::rows(source)?),
        ("hs_correlation", hs_correlation::rows(source, &entries)?),
        ("comtrade_codes", numbers),
        ("control_entries", entries),
        ("destination_names", names),
        ("destinations", destinations),
        ("group_index", index),
        ("groups", groups),
        ("listings", listings::rows(source, &codes)?),
        ("map_shapes", shapes),
        ("ucdp", ucdp::rows(source, &codes)?),
        ("vdem", vdem::rows(source, &codes)?),
        ("wgi", wgi::rows(source, &codes)?),
    ];
    let mut outputs = samples::outputs(source)?;
    outputs.push(vdem::licence());
    for (id, rows) in tables {
        outputs.extend(Table::new(id, rows, &meta)?.outputs()?);
    }
    Ok(outputs)
}
