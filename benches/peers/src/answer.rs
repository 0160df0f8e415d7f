//! What all are asked for: two columns.

use anyhow::{Context, Result};

/// The columns that screening adds here.
pub(crate) const COLUMNS: [&str; 2] = ["requirement_at_least", "review_at_least"];

/// Every answer that the ten rules can give, as it is written.
const ANSWERS: [&str; 7] = [
    "not_required,",
    "general_authorisation,",
    "notify,",
    "licence_required,case_by_case",
    "licence_required,presumption_of_denial",
    "prohibited,case_by_case",
    "prohibited,presumption_of_denial",
];

/// Requirement and review of a row, ready to be written.
pub(crate) type Answer = &'static str;

/// The answer that an engine named.
pub(crate) fn named(text: &str) -> Result<Answer> {
    let known = ANSWERS.iter().find(|answer| **answer == text);
    known
        .copied()
        .with_context(|| format!("`{text}` is no answer"))
}

/// Which of the ten rules hold: the first is at 1.
pub(crate) type Holding = [bool; 11];

/// The answer that the rules that hold give.
pub(crate) fn of(holds: &Holding) -> Answer {
    let [_, one, two, three, four, five, six, seven, eight, nine, ten] = *holds;
    let pick = |denial, other| if ten { denial } else { other };
    if one || seven {
        pick(
            "prohibited,presumption_of_denial",
            "prohibited,case_by_case",
        )
    } else if (two && !three) || four || five || nine {
        pick(
            "licence_required,presumption_of_denial",
            "licence_required,case_by_case",
        )
    } else if six || eight {
        "notify,"
    } else if two {
        "general_authorisation,"
    } else {
        "not_required,"
    }
}
