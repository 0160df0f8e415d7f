//! What one ruleset says about one line of the application.

use std::cmp::Reverse;

use super::anchor;
use super::finding::Shown;
use super::outcome::Outcome;
use crate::explanation::words;
use crate::reference::Reference;
use crate::screening::{Answer, Bounds, FindingEffect, ItemDetermination, Missing, Stands};

/// A line with its findings in the order in which the page shows them.
pub(super) struct Line<'d> {
    pub(super) item: &'d ItemDetermination,
    pub(super) anchor: String,
    pub(super) outcome: Outcome,
    pub(super) stands: Vec<Shown<'d>>,
    pub(super) may: Folded<Shown<'d>>,
    pub(super) lifted: Vec<Shown<'d>>,
    pub(super) flags: Split<'d>,
    pub(super) duties: Split<'d>,
    pub(super) questions: Vec<Question<'d>>,
    /// Questions whose answers change nothing by themselves.
    pub(super) together: Vec<&'d Missing>,
    /// Figures that no table holds for the day.
    pub(super) looked_up: Vec<&'d Missing>,
}

/// A list of which the first few are shown, and the rest are folded.
pub(super) struct Folded<T> {
    pub(super) first: Vec<T>,
    pub(super) rest: Vec<T>,
}

/// Flags or duties: those that certainly stand, and those that may.
pub(super) struct Split<'d> {
    pub(super) certain: Vec<Shown<'d>>,
    pub(super) possible: Vec<Shown<'d>>,
}

/// A question that an answer would settle, in part or in whole.
pub(super) struct Question<'d> {
    pub(super) missing: &'d Missing,
    pub(super) answers: Vec<LeadsTo<'d>>,
}

/// Answers that lead to the same outcome.
pub(super) struct LeadsTo<'d> {
    pub(super) first: &'d [String],
    pub(super) rest: &'d [String],
    pub(super) outcome: String,
    /// Whether they leave the outcome as it is.
    pub(super) same: bool,
}

/// So many rules that may stand are shown before the fold.
const MAY_STAND: usize = 3;
/// So many answers are shown before the fold.
const ANSWERS: usize = 6;

impl<'d> Line<'d> {
    pub(super) fn new(
        item: &'d ItemDetermination,
        section: &str,
        number: usize,
        reference: &Reference,
    ) -> Self {
        let anchor = anchor(&[section, "line", &number.to_string()]);
        let shown = |stands, kind| shown(item, &anchor, reference, stands, kind);
        let split = |kind| Split {
            certain: shown(Stands::Yes, kind),
            possible: shown(Stands::May, kind),
        };
        let (asked, looked_up): (Vec<_>, Vec<_>) = item
            .missing
            .iter()
            .partition(|missing| !missing.answers.is_empty());
        let (decisive, together): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|missing| missing.decisive);
        let mut may = shown(Stands::May, Kind::Level);
        let rest = may.split_off(MAY_STAND.min(may.len()));
        Self {
            item,
            outcome: Outcome::of(&item.bounds),
            stands: shown(Stands::Yes, Kind::Level),
            may: Folded { first: may, rest },
            lifted: shown(Stands::Lifted, Kind::Level),
            flags: split(Kind::Flag),
            duties: split(Kind::Duty),
            questions: decisive
                .into_iter()
                .map(|missing| Question::new(missing, &item.bounds))
                .collect(),
            together,
            looked_up,
            anchor,
        }
    }

    /// The findings that bear on a level.
    pub(super) fn levels(&self) -> impl Iterator<Item = &Shown<'d>> {
        self.stands
            .iter()
            .chain(&self.may.first)
            .chain(&self.may.rest)
    }

    /// Whether there is nothing to tell of it beyond its outcome.
    pub(super) fn is_silent(&self) -> bool {
        self.item.findings.is_empty() && self.item.missing.is_empty()
    }
}

/// What findings are shown together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Level,
    Flag,
    Duty,
}

impl Kind {
    fn of(effect: &FindingEffect) -> Self {
        match effect {
            FindingEffect::Flags(_) => Self::Flag,
            FindingEffect::Duty(_) => Self::Duty,
            _ => Self::Level,
        }
    }
}

/// The findings of a kind, weightiest first.
fn shown<'d>(
    item: &'d ItemDetermination,
    line: &str,
    reference: &Reference,
    stands: Stands,
    kind: Kind,
) -> Vec<Shown<'d>> {
    let wanted = item
        .findings
        .iter()
        .filter(|finding| finding.stands == stands && Kind::of(&finding.effect) == kind);
    let mut found: Vec<_> = wanted.collect();
    found.sort_by_key(|finding| Reverse(words::weight(finding)));
    found
        .into_iter()
        .map(|finding| Shown::new(finding, item, line, reference))
        .collect()
}

impl<'d> Question<'d> {
    fn new(missing: &'d Missing, now: &Bounds) -> Self {
        let answers = missing.answers.iter();
        Self {
            missing,
            answers: answers.map(|answer| LeadsTo::new(answer, now)).collect(),
        }
    }
}

impl<'d> LeadsTo<'d> {
    fn new(answer: &'d Answer, now: &Bounds) -> Self {
        let middle = ANSWERS.min(answer.answers.len());
        let (first, rest) = answer.answers.split_at(middle);
        Self {
            first,
            rest,
            outcome: words::short(&answer.leads_to),
            same: answer.leads_to == *now,
        }
    }
}
