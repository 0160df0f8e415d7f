//! Engines that answer one row at a time, each in its best form: compiled once, and given looked-up facts.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use csv::ByteRecord;

use crate::answer::{Answer, COLUMNS};
use crate::contender::BUFFER;
use crate::facts::{Facts, Lookup};

mod cedar;
mod cel;
mod plain;
mod rego;
mod zen;

/// Something that answers one row.
trait Engine {
    fn answer(&mut self, facts: &Facts) -> Result<Answer>;
}

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Loop {
    /// The ten rules written out in Rust.
    Plain,
    /// `GoRules` ZEN: a decision table.
    Zen,
    /// regorus: Rego on its virtual machine.
    Regorus,
    /// cel: one expression.
    Cel,
    /// Cedar: a policy a rule.
    Cedar,
}

impl Loop {
    fn engine(self, policies: &Path) -> Result<Box<dyn Engine>> {
        let text = |name: &str| {
            let path = policies.join(name);
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        Ok(match self {
            Self::Plain => Box::new(plain::Plain),
            Self::Zen => Box::new(zen::Zen::new(&text("zen.json")?)?),
            Self::Regorus => Box::new(rego::Rego::new(&text("rules.rego")?)?),
            Self::Cel => Box::new(cel::Cel::new(&text("rules.cel")?)?),
            Self::Cedar => Box::new(cedar::Cedar::new(&text("rules.cedar")?)?),
        })
    }

    /// Screens a table row by row, and returns the seconds without reading policies and looking-up tables.
    pub(crate) fn run(
        self,
        lookup: &Lookup,
        policies: &Path,
        from: &Path,
        to: &Path,
    ) -> Result<f64> {
        let mut engine = self.engine(policies)?;
        let start = Instant::now();
        let mut reader = csv::ReaderBuilder::new()
            .buffer_capacity(BUFFER)
            .from_path(from)?;
        let mut writer = BufWriter::with_capacity(BUFFER, File::create(to)?);
        let header: Vec<&str> = reader.headers()?.iter().chain(COLUMNS).collect();
        writeln!(writer, "{}", header.join(","))?;
        let mut row = ByteRecord::new();
        while reader.read_byte_record(&mut row)? {
            let answer = engine.answer(&lookup.facts(&row)?)?;
            for cell in &row {
                writer.write_all(cell)?;
                writer.write_all(b",")?;
            }
            writer.write_all(answer.as_bytes())?;
            writer.write_all(b"\n")?;
        }
        writer.flush()?;
        Ok(start.elapsed().as_secs_f64())
    }
}
