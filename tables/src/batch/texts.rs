//! The values of a column of Arrow, as the text of cells.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};

/// A column, read as text.
pub(super) enum Texts<'a> {
    Short(&'a StringArray),
    Long(&'a LargeStringArray),
    View(&'a StringViewArray),
    /// Numbers, days and all else are written as Arrow writes them: 2025-02-01, 1.5, true.
    Other(&'a ArrayRef, Box<ArrayFormatter<'a>>),
}

impl<'a> Texts<'a> {
    /// Reads a column.
    pub(super) fn new(column: &'a ArrayRef) -> Result<Self, ArrowError> {
        Ok(match column.data_type() {
            DataType::Utf8 => Self::Short(column.as_string()),
            DataType::LargeUtf8 => Self::Long(column.as_string()),
            DataType::Utf8View => Self::View(column.as_string_view()),
            _ => {
                let formatter = ArrayFormatter::try_new(column, &OPTIONS)?;
                Self::Other(column, Box::new(formatter))
            }
        })
    }

    /// The value of a row; none where it is null.
    pub(super) fn at(&self, row: usize) -> Option<Cow<'a, str>> {
        let is_null = match self {
            Self::Short(column) => column.is_null(row),
            Self::Long(column) => column.is_null(row),
            Self::View(column) => column.is_null(row),
            Self::Other(column, _) => column.is_null(row),
        };
        (!is_null).then(|| match self {
            Self::Short(column) => Cow::Borrowed(column.value(row)),
            Self::Long(column) => Cow::Borrowed(column.value(row)),
            Self::View(column) => Cow::Borrowed(column.value(row)),
            Self::Other(_, formatter) => Cow::Owned(formatter.value(row).to_string()),
        })
    }
}

/// What cannot be written as text says so in its place, and is then not understood.
const OPTIONS: FormatOptions<'static> = FormatOptions::new().with_display_error(true);
