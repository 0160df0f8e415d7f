//! The file of answers: one line for each, so that records need only name it.

use std::path::Path;

use catchall_engine::bulk::{Added, AnswerCount, Counts};

use crate::csv::write as csv;
use crate::failure::Failure;
use crate::format::Form;
use crate::members::{members, text};

/// The column that counts the records with an answer.
const ROWS: &str = "rows";

/// How a file of answers is written, by its name.
pub(crate) fn form(path: &Path) -> Result<Form, Failure> {
    match Form::of_name(path, b',') {
        None => Ok(Form::Csv(b',')),
        Some(form @ (Form::Csv(_) | Form::Ndjson)) => Ok(form),
        #[cfg(feature = "arrow")]
        Some(Form::Parquet) => {
            let text = format!("{}: answers are written as CSV or NDJSON", path.display());
            Err(Failure::Usage(text))
        }
    }
}

/// All answers, the most frequent first.
pub(crate) fn answers(counts: &Counts, form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    if let Form::Csv(delimiter) = form {
        let names = columns().map(|column| column.name().as_bytes());
        csv::record(&mut out, names.chain([ROWS.as_bytes()]), delimiter);
    }
    for answer in counts.answers() {
        line(&mut out, &answer, form);
    }
    out
}

fn columns() -> impl Iterator<Item = Added> {
    [Added::AnswerId].into_iter().chain(Added::WHOLE)
}

fn line(out: &mut Vec<u8>, answer: &AnswerCount, form: Form) {
    let rows = answer.rows.to_string();
    let cells = columns().map(|column| (column, answer.cell(column)));
    if let Form::Csv(delimiter) = form {
        let cells = cells.map(|(_, cell)| cell.as_bytes());
        csv::record(out, cells.chain([rows.as_bytes()]), delimiter);
        return;
    }
    out.push(b'{');
    members(out, cells);
    out.push(b',');
    text(out, ROWS);
    out.push(b':');
    out.extend_from_slice(rows.as_bytes());
    out.extend_from_slice(b"}\n");
}
