//! What records are screened with beside their rulesets, to see which answers that moves.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::answer::Record;
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::screening::{Brief, Direction, Shifted, brief};

/// What records are also screened with, to see which answers that moves.
#[derive(Clone, Copy, Debug)]
pub enum Against<'l> {
    /// The ruleset as it is; the records' own is as it would be.
    Base(&'l Ruleset),
    /// Data in which the figures of one indicator each lie elsewhere within their published intervals.
    Figures(&'l [Shifted]),
}

impl<'l> Against<'l> {
    /// The rulesets and data that records are screened with beside their own.
    pub(super) fn sets(
        self,
        rulesets: &[&'l Ruleset],
        reference: &'l Reference,
    ) -> Vec<(&'l Ruleset, &'l Reference)> {
        match self {
            Self::Base(base) => vec![(base, reference)],
            Self::Figures(all) => all
                .iter()
                .flat_map(|shifted| rulesets.iter().map(|set| (*set, &shifted.reference)))
                .collect(),
        }
    }

    /// What an answer says about the difference.
    pub(super) fn beside(
        self,
        found: &Brief,
        record: &Record,
        rulesets: &[&Ruleset],
        reference: &Reference,
    ) -> Beside {
        let (application, dates) = (&record.application, record.dates);
        match self {
            Self::Base(base) => {
                let base = brief(application, &[base], reference, dates);
                Beside {
                    moves: Direction::of(&base.bounds, &found.bounds),
                    base: Some(base),
                    hangs_on: BTreeSet::new(),
                }
            }
            Self::Figures(all) => {
                let moved = all.iter().filter(|shifted| {
                    let other = brief(application, rulesets, &shifted.reference, dates);
                    other.differs(found)
                });
                Beside {
                    hangs_on: moved
                        .map(|shifted| Arc::clone(&shifted.indicator))
                        .collect(),
                    ..Beside::default()
                }
            }
        }
    }
}

/// What an answer says about the difference that something else makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// What the ruleset says as it is.
    pub base: Option<Brief>,
    /// Which way the bounds move from there, if they do.
    pub moves: Option<Direction>,
    /// The indicators within whose published intervals a bound moves, or a rule stands otherwise.
    pub hangs_on: BTreeSet<Arc<str>>,
}
