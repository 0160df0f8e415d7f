//! `catchall screen FILE.csv --profile …`: every record of a table, in constant memory.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use catchall_engine::bulk::{
    COLUMNS, Intake, Profile, RECORD_BYTES, Rejection, RowOutcome, Stated, Summary, TableScreener,
};
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::shipped;
use catchall_engine::source::{Diagnostic, Document, Place, nearest};
use clap::Args;
use csv::{ByteRecord, Reader, ReaderBuilder};
use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::written::{Written, json_text};
use crate::exit::{Exit, Failure, Outcome};
use crate::input::{document, unreadable};
use crate::output::print;

/// Options of tables.
#[derive(Debug, Args)]
pub(crate) struct Table {
    /// How a table is read: the name of a shipped profile, or a profile's JSON file. Makes FILE a table.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// Where to write the table with the columns that screening adds.
    #[arg(short, long, value_name = "OUT.csv")]
    output: Option<PathBuf>,
    /// Where to write the records that could not be read, each with its cause.
    #[arg(long, value_name = "REJECTS.csv")]
    rejects: Option<PathBuf>,
    /// Where to write the counts, as JSON.
    #[arg(long, value_name = "SUMMARY.json")]
    summary: Option<PathBuf>,
    /// Write over files that exist.
    #[arg(long)]
    force: bool,
}

/// The header of the file of rejects.
const REJECT_COLUMNS: [&str; 5] = ["record", "line", "column", "found", "cause"];

impl Table {
    /// Whether the files are a table: by the ending `.csv`, or because an option of tables is given.
    pub(crate) fn is_meant(&self, files: &[PathBuf]) -> bool {
        let csv = |path: &PathBuf| {
            path.extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
        };
        let targets = [&self.output, &self.rejects, &self.summary];
        self.profile.is_some() || targets.iter().any(|path| path.is_some()) || files.iter().any(csv)
    }

    /// Screens a table, and says what became of its records.
    pub(crate) fn run(
        &self,
        files: &[PathBuf],
        library: &Library,
        rulesets: Vec<&Ruleset>,
        stated: Stated,
    ) -> Outcome {
        let [file] = files else {
            let text = format!("{} files: tables are screened one at a time", files.len());
            return Err(Failure::Usage(text));
        };
        let profile = Profile::compile(&self.profile_document()?, library)?;
        let mut targets = self.targets(file, profile.delimiter)?;
        let (progress, source) = open(file)?;
        let mut reader = reader(source, profile.delimiter);
        let header = header(&mut reader, file)?;
        let cells: Vec<&[u8]> = header.iter().collect();
        let name = file.display().to_string();
        let mut screener = TableScreener::new(&profile, library, rulesets, stated, &name, &cells)?;
        targets.start(&cells)?;
        let input = screen(&mut reader, &mut screener, &mut targets, file)?;
        let summary = screener.finish(input);
        progress.finish_and_clear();
        targets.finish(&summary)?;
        print(&text(&summary, file, targets.names_rejects()))?;
        Ok(if summary.rejected > 0 {
            Exit::BadInput
        } else {
            Exit::Done
        })
    }

    fn profile_document(&self) -> Result<Document, Failure> {
        let ids = shipped::profile_ids();
        let known = ids.join(", ");
        let Some(name) = &self.profile else {
            let text = format!(
                "a table needs --profile, which says what its columns mean: one of {known}, or a JSON file"
            );
            return Err(Failure::Usage(text));
        };
        if ids.contains(name) {
            return Ok(shipped::profile(name)?);
        }
        let path = Path::new(name);
        if path.is_file() {
            return document(path);
        }
        let help = nearest(name, ids.iter().map(String::as_str)).map_or_else(
            || format!("shipped: {known}; a file must exist"),
            |near| format!("did you mean `{near}`?"),
        );
        let expected = "the name of a shipped profile, or a profile's JSON file";
        let found = format!("the unknown profile `{name}`");
        Err(Diagnostic::error("T100", found, expected)
            .help(help)
            .at(place("--profile"))
            .into())
    }

    fn targets(&self, file: &Path, delimiter: u8) -> Result<Targets, Failure> {
        let paths = [&self.output, &self.rejects, &self.summary];
        let mut taken: Vec<PathBuf> = vec![file.to_path_buf()];
        for path in paths.into_iter().flatten() {
            if taken.iter().any(|known| same(known, path)) {
                let text = format!("{} is named twice", path.display());
                return Err(Failure::Usage(text));
            }
            taken.push(path.clone());
        }
        let target = |path: &Option<PathBuf>| {
            let written = path.as_ref().map(|path| Written::new(path, self.force));
            written.transpose()
        };
        let csv = |written: Written| {
            csv::WriterBuilder::new()
                .delimiter(delimiter)
                .flexible(true)
                .from_writer(written)
        };
        Ok(Targets {
            output: target(&self.output)?.map(csv),
            rejects: target(&self.rejects)?.map(csv::Writer::from_writer),
            summary: target(&self.summary)?,
        })
    }
}

/// Whether two paths name one file, as far as that can be told before both exist.
fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    real(one) == real(other)
}

fn place(name: &str) -> Place {
    Place {
        document: name.to_owned(),
        ..Place::default()
    }
}

/// A table's bytes as they pass.
struct Watched<R> {
    source: R,
    intake: Intake,
    ended: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.ended = length == 0;
        self.intake.see(buffer.get(..length).unwrap_or_default());
        if self.intake.is_too_long() {
            let text = format!(
                "a record of more than {RECORD_BYTES} bytes: a quote was opened and never closed"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(length)
    }
}

type Source = Box<dyn Read>;

/// Opens a table, with a progress bar that shows on a terminal only.
fn open(path: &Path) -> Result<(ProgressBar, Source), Failure> {
    if path.as_os_str() == "-" {
        let progress = ProgressBar::new_spinner();
        let source = progress.wrap_read(io::stdin().lock());
        return Ok((progress, Box::new(source)));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let bytes = file.metadata().map_or(0, |metadata| metadata.len());
    let progress = ProgressBar::new(bytes);
    let style = "{wide_bar} {bytes} of {total_bytes}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        progress.set_style(style);
    }
    let source = progress.wrap_read(file);
    Ok((progress, Box::new(source)))
}

fn reader(source: Source, delimiter: u8) -> Reader<Watched<Source>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Watched {
            source,
            intake: Intake::new(delimiter),
            ended: false,
        })
}

fn header(reader: &mut Reader<Watched<Source>>, file: &Path) -> Result<ByteRecord, Failure> {
    let mut header = ByteRecord::new();
    if next(reader, &mut header, file)? {
        reader.get_mut().intake.next_line();
        return Ok(header);
    }
    let error = Diagnostic::error("T119", "an empty table", "a header and records");
    Err(error.at(place(&file.display().to_string())).into())
}

fn next(
    reader: &mut Reader<Watched<Source>>,
    record: &mut ByteRecord,
    file: &Path,
) -> Result<bool, Failure> {
    reader.read_byte_record(record).map_err(|error| {
        let line = reader.get_mut().intake.next_line();
        let found = format!("{error} (at line {line})").to_lowercase();
        let error = Diagnostic::error("T118", found, "a table that can be read to its end");
        error.at(place(&file.display().to_string())).into()
    })
}

/// Screens record by record; the SHA-256 of the bytes that were read.
fn screen(
    reader: &mut Reader<Watched<Source>>,
    screener: &mut TableScreener<'_>,
    targets: &mut Targets,
    file: &Path,
) -> Result<String, Failure> {
    let mut record = ByteRecord::new();
    let mut number = 0_u64;
    while next(reader, &mut record, file)? {
        number = number.saturating_add(1);
        let source = reader.get_mut();
        let line = source.intake.next_line();
        let outcome = if source.ended && source.intake.ends_within_quotes() {
            screener.reject(cut_short(&record))
        } else {
            let cells: Vec<&[u8]> = record.iter().collect();
            screener.row(&cells)
        };
        match outcome {
            RowOutcome::Determined(answer) | RowOutcome::Undetermined(answer) => {
                targets.answered(&record, &answer.cells)?;
            }
            RowOutcome::Rejected(rejection) => targets.rejected(number, line, &rejection)?,
        }
    }
    Ok(reader.get_ref().intake.sha256())
}

fn cut_short(record: &ByteRecord) -> Rejection {
    let last = record.iter().next_back().unwrap_or_default();
    let start: String = String::from_utf8_lossy(last).chars().take(80).collect();
    Rejection {
        column: "".into(),
        found: start,
        cause: "expected a quote at the end of the last cell: the file was cut short, or a quote is stray"
            .to_owned(),
    }
}

/// The files that are written, each to a name of its own until all are complete.
struct Targets {
    output: Option<csv::Writer<Written>>,
    rejects: Option<csv::Writer<Written>>,
    summary: Option<Written>,
}

impl Targets {
    fn start(&mut self, header: &[&[u8]]) -> Result<(), Failure> {
        let added = COLUMNS.iter().map(|name| name.as_bytes());
        if let Some(output) = &mut self.output {
            output
                .write_record(header.iter().copied().chain(added))
                .map_err(|error| unwritable(&error))?;
        }
        if let Some(rejects) = &mut self.rejects {
            rejects
                .write_record(REJECT_COLUMNS)
                .map_err(|error| unwritable(&error))?;
        }
        Ok(())
    }

    fn answered(&mut self, record: &ByteRecord, cells: &[String; 8]) -> Result<(), Failure> {
        let Some(output) = &mut self.output else {
            return Ok(());
        };
        let added = cells.iter().map(String::as_bytes);
        output
            .write_record(record.iter().chain(added))
            .map_err(|error| unwritable(&error))
    }

    fn rejected(&mut self, number: u64, line: u64, rejection: &Rejection) -> Result<(), Failure> {
        let Some(rejects) = &mut self.rejects else {
            return Ok(());
        };
        let cells = [
            &number.to_string(),
            &line.to_string(),
            rejection.column.as_ref(),
            &rejection.found,
            &rejection.cause,
        ];
        rejects
            .write_record(cells)
            .map_err(|error| unwritable(&error))
    }

    fn names_rejects(&self) -> bool {
        self.rejects.is_some()
    }

    /// Gives the files their names, now that all are complete.
    fn finish(&mut self, summary: &Summary) -> Result<(), Failure> {
        if let Some(written) = &mut self.summary {
            written.put(&json_text(summary)?)?;
        }
        for table in [&mut self.output, &mut self.rejects].into_iter().flatten() {
            table.flush().map_err(|error| unwritable(&error.into()))?;
        }
        let tables = [&self.output, &self.rejects].into_iter().flatten();
        tables
            .map(csv::Writer::get_ref)
            .chain(&self.summary)
            .try_for_each(Written::keep)
    }
}

fn unwritable(error: &csv::Error) -> Failure {
    Failure::Internal(format!("the table cannot be written: {error}"))
}

/// The counts in a few lines.
fn text(summary: &Summary, file: &Path, rejects_named: bool) -> String {
    let mut out = String::new();
    let read = summary.read;
    let _ = writeln!(
        out,
        "{} · {} · {} records",
        file.display(),
        summary.profile,
        read
    );
    for (what, rows) in [
        ("determined", summary.determined),
        ("undetermined", summary.undetermined),
        ("rejected", summary.rejected),
    ] {
        let _ = writeln!(out, "  {}{what}", counted(rows, read));
    }
    outcomes(&mut out, summary);
    rules(&mut out, summary);
    unresolved(&mut out, summary);
    rejects(&mut out, summary, rejects_named);
    notes(&mut out, summary);
    let _ = writeln!(out, "\n{}", summary.notice);
    out
}

/// What a reader of the results must know, from the profile.
fn notes(out: &mut String, summary: &Summary) {
    if summary.notes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nMind");
    for note in &summary.notes {
        let _ = writeln!(out, "  {note}");
    }
}

/// At most so many lines of what may be long.
const TOP: usize = 8;

fn outcomes(out: &mut String, summary: &Summary) {
    let _ = writeln!(out, "\nRequirement, at least to at most");
    for outcome in summary.requirement.iter().take(TOP) {
        let (least, most) = (outcome.bounds.at_least, outcome.bounds.at_most);
        let range = if least == most {
            least.to_string()
        } else {
            format!("{least} to {most}")
        };
        let _ = writeln!(out, "  {}{range}", counted(outcome.rows, summary.read));
    }
    further(out, summary.requirement.len());
}

fn rules(out: &mut String, summary: &Summary) {
    let mut standing: Vec<_> = summary.rules.iter().collect();
    standing.retain(|(_, count)| count.stands > 0);
    standing.sort_by_key(|(_, count)| std::cmp::Reverse(count.stands));
    if standing.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nRules that stand");
    for (rule, count) in standing.iter().take(TOP) {
        let _ = writeln!(out, "  {}{rule}", counted(count.stands, summary.read));
    }
    further(out, standing.len());
}

fn further(out: &mut String, length: usize) {
    let more = length.saturating_sub(TOP);
    if more > 0 {
        let _ = writeln!(out, "  and {more} more, in the summary");
    }
}

/// All values that named nothing that is known: a reader must be able to check each.
fn unresolved(out: &mut String, summary: &Summary) {
    if summary.unresolved.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nNot resolved, so unknown");
    for value in &summary.unresolved {
        let reason = value
            .reason
            .as_deref()
            .unwrap_or("names nothing that is known");
        let share = counted(value.rows, summary.read);
        let _ = writeln!(out, "  {share}{}: {} ({reason})", value.column, value.name);
    }
}

fn rejects(out: &mut String, summary: &Summary, named: bool) {
    if summary.rejects.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nRejected");
    for reject in summary.rejects.iter().take(TOP) {
        let column = if reject.column.is_empty() {
            "record"
        } else {
            &reject.column
        };
        let share = counted(reject.rows, summary.read);
        let _ = writeln!(out, "  {share}{column}: {}", reject.cause);
    }
    further(out, summary.rejects.len());
    if !named {
        let _ = writeln!(out, "  give --rejects FILE to have each with its line");
    }
}

/// A number of records and its share, in columns of fixed width.
fn counted(rows: u64, read: u64) -> String {
    let hundredths = u128::from(rows).saturating_mul(10_000);
    let hundredths = hundredths.checked_div(u128::from(read)).unwrap_or(0);
    let whole = hundredths.checked_div(100).unwrap_or(0);
    let part = hundredths.checked_rem(100).unwrap_or(0);
    format!("{rows:>10}  {whole:>3}.{part:02} %  ")
}
