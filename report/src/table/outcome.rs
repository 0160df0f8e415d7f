//! What became of all records: the answer in a sentence, the counts that add up, and the bounds.

use catchall_engine::bulk::{Outcomes, Summary};
use catchall_engine::screening::Interval;

use super::class::{Class, Classes, Shown};
use super::{Screened, records};
use crate::page::{Figure, Part, Section, Table};
use crate::plot::Divided;
use crate::tone::Tone;
use crate::{grouped, share};

pub(super) fn section(screened: &Screened<'_>) -> Section {
    super::section("outcome", "What the rules say", parts(screened))
}

fn parts(screened: &Screened<'_>) -> Vec<Part> {
    let summary = screened.summary;
    let classes = Classes::rows(&summary.requirement);
    let shown = Shown::of(&[classes]);
    let divided = Divided {
        name: "Records by what is required of them".to_owned(),
        counted: "records".to_owned(),
        series: shown.series,
        numbers: shown.rows.into_iter().flatten().collect(),
    };
    let mut parts = vec![Part::Lead(lead(summary, &classes), tone(&classes))];
    parts.push(Part::Divided(divided));
    parts.push(Part::Figures(figures(summary)));
    parts.push(Part::Text(
        "Determined means that what is required is settled. A record for which a licence is certain counts as \
         undetermined while it is open whether more is required."
            .to_owned(),
    ));
    parts.push(Part::Notice(summary.notice.to_owned()));
    if !summary.notes.is_empty() {
        parts.push(Part::Heading("Mind".to_owned()));
        parts.push(Part::List(
            summary.notes.iter().map(ToString::to_string).collect(),
        ));
    }
    parts.push(Part::Table(bounds_table(
        "The bounds of the requirement, at least and at most",
        &summary.requirement,
        summary.read,
        &|level| level.short().to_owned(),
    )));
    parts.push(Part::Table(bounds_table(
        "How an authority would review an application, at least and at most",
        &summary.review,
        summary.read,
        &|review| {
            review
                .map_or("no review", |review| review.label())
                .to_owned()
        },
    )));
    parts
}

fn lead(summary: &Summary, classes: &Classes) -> String {
    let screened = summary.determined.saturating_add(summary.undetermined);
    let some = |number: u128| match number {
        0 => "none".to_owned(),
        all if all == u128::from(screened) => format!("all {}", grouped(all)),
        some => grouped(some),
    };
    let (certain, open) = (classes.certain(), classes.get(Class::Open));
    let rest = u128::from(screened).saturating_sub(certain.saturating_add(open));
    let mut text = format!(
        "Of {} screened, a licence is certainly needed, or the export prohibited, for {}.",
        records(screened),
        some(certain)
    );
    if open > 0 {
        let more = format!(
            " For {} it is open: facts are missing that would settle it.",
            some(open)
        );
        text.push_str(&more);
    }
    if rest > 0 {
        let more = format!(" For {} these rules ask for less or nothing.", some(rest));
        text.push_str(&more);
    }
    text
}

fn tone(classes: &Classes) -> Tone {
    if classes.get(Class::Prohibited) > 0 {
        Tone::Prohibited
    } else if classes.get(Class::Licence) > 0 {
        Tone::Licence
    } else if classes.get(Class::Open) > 0 {
        Tone::Open
    } else {
        Tone::Clear
    }
}

/// Read = determined + undetermined + rejected.
fn figures(summary: &Summary) -> Vec<Figure> {
    let figures = [
        ("", summary.read, "read"),
        (
            "=",
            summary.determined,
            "determined: settled what is required",
        ),
        ("+", summary.undetermined, "undetermined: facts are missing"),
        ("+", summary.rejected, "rejected: could not be read"),
    ];
    let figures = figures.map(|(sign, number, name)| Figure {
        sign,
        number: grouped(number.into()),
        name: name.to_owned(),
    });
    figures.to_vec()
}

fn bounds_table<T: Copy + PartialEq>(
    caption: &str,
    outcomes: &[Outcomes<T>],
    read: u64,
    words: &dyn Fn(T) -> String,
) -> Table {
    let heads = ["at least", "at most", "records", "share of read"];
    let heads = heads.into_iter().zip([false, false, true, true]);
    let rows = outcomes.iter().map(|outcome| {
        let Interval { at_least, at_most } = outcome.bounds;
        vec![
            words(at_least),
            words(at_most),
            grouped(outcome.rows.into()),
            share(outcome.rows.into(), read.into()),
        ]
    });
    Table {
        caption: caption.to_owned(),
        heads: heads
            .map(|(head, number)| (head.to_owned(), number))
            .collect(),
        rows: rows.collect(),
        folded: true,
    }
}
