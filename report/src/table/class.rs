//! Pairs of bounds in six classes: what a reader asks first of each record.

use catchall_engine::bulk::Outcomes;
use catchall_engine::ruleset::Requirement;
use catchall_engine::screening::Interval;

use crate::plot::Series;
use crate::tone::Tone;

/// What is known of the requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// It is prohibited for certain.
    Prohibited,
    /// A licence is needed for certain; more may be.
    Licence,
    /// A licence may be needed.
    Open,
    /// At most a notification or a general authorisation is needed.
    Lesser,
    /// Nothing is required by the rules.
    NotRequired,
    /// The rules do not govern it.
    OutOfScope,
}

impl Class {
    pub(super) const ALL: [Self; 6] = [
        Self::Prohibited,
        Self::Licence,
        Self::Open,
        Self::Lesser,
        Self::NotRequired,
        Self::OutOfScope,
    ];

    /// The class of a pair of bounds. No pair that leaves a licence possible is in a milder class.
    pub(super) fn of(bounds: Interval<Requirement>) -> Self {
        let Interval { at_least, at_most } = bounds;
        if at_least >= Requirement::Prohibited {
            Self::Prohibited
        } else if at_least >= Requirement::LicenceRequired {
            Self::Licence
        } else if at_most >= Requirement::LicenceRequired {
            Self::Open
        } else if at_most >= Requirement::GeneralAuthorisation {
            Self::Lesser
        } else if at_most >= Requirement::NotRequired {
            Self::NotRequired
        } else {
            Self::OutOfScope
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Prohibited => "prohibited",
            Self::Licence => "licence required at least",
            Self::Open => "open: a licence may be required",
            Self::Lesser => "at most a notification or general authorisation",
            Self::NotRequired => "not required (no approval)",
            Self::OutOfScope => "outside these rules",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Prohibited => Tone::Prohibited,
            Self::Licence => Tone::Licence,
            Self::Open => Tone::Open,
            Self::Lesser => Tone::Lesser,
            Self::NotRequired => Tone::Clear,
            Self::OutOfScope => Tone::Outside,
        }
    }
}

/// How many of each class, in the order of [`Class::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(pub(super) [u128; 6]);

impl Classes {
    /// Counts records.
    pub(super) fn rows(outcomes: &[Outcomes<Requirement>]) -> Self {
        Self::measured(outcomes, |outcome| outcome.rows.into())
    }

    /// Sums up something about records.
    pub(super) fn measured(
        outcomes: &[Outcomes<Requirement>],
        measure: impl Fn(&Outcomes<Requirement>) -> u128,
    ) -> Self {
        let of = |class: Class| {
            let own = outcomes
                .iter()
                .filter(|outcome| Class::of(outcome.bounds) == class);
            own.map(&measure).fold(0, u128::saturating_add)
        };
        Self(Class::ALL.map(of))
    }

    pub(super) fn get(&self, class: Class) -> u128 {
        let found = Class::ALL
            .iter()
            .zip(self.0)
            .find(|(known, _)| **known == class);
        found.map_or(0, |(_, number)| number)
    }

    /// Those for which a licence is needed for certain, or which are prohibited.
    pub(super) fn certain(&self) -> u128 {
        self.get(Class::Prohibited)
            .saturating_add(self.get(Class::Licence))
    }

    /// The order in which rows stand: the most that are certain first, then the most that are open.
    pub(super) fn weight(&self) -> (u128, u128, u128) {
        let all = self
            .0
            .iter()
            .fold(0_u128, |sum, number| sum.saturating_add(*number));
        (self.certain(), self.get(Class::Open), all)
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (number, more) in self.0.iter_mut().zip(other.0) {
            *number = number.saturating_add(more);
        }
    }
}

/// Kinds of a plot: the classes that occur at all, with the numbers of each row.
pub(super) struct Shown {
    pub(super) series: Vec<Series>,
    pub(super) rows: Vec<Vec<u128>>,
}

impl Shown {
    /// Leaves out the classes that are empty in all rows.
    pub(super) fn of(rows: &[Classes]) -> Self {
        let mut sum = Classes::default();
        rows.iter().for_each(|row| sum.add(row));
        let occurs: Vec<bool> = sum.0.iter().map(|number| *number > 0).collect();
        let kept = Class::ALL
            .iter()
            .zip(&occurs)
            .filter(|(_, occurs)| **occurs);
        let numbers = |row: &Classes| {
            let own = row.0.iter().zip(&occurs).filter(|(_, occurs)| **occurs);
            own.map(|(number, _)| *number).collect()
        };
        Self {
            series: kept
                .map(|(class, _)| Series::new(class.name(), class.tone()))
                .collect(),
            rows: rows.iter().map(numbers).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use catchall_engine::ruleset::Requirement;
    use catchall_engine::screening::Interval;

    use super::Class;

    #[test]
    fn no_pair_of_bounds_is_milder_than_what_it_leaves_possible() {
        for at_least in Requirement::ALL {
            for at_most in Requirement::ALL
                .into_iter()
                .filter(|most| *most >= at_least)
            {
                let class = Class::of(Interval { at_least, at_most });
                let expected = match (at_least, at_most) {
                    (Requirement::Prohibited, _) => Class::Prohibited,
                    (Requirement::LicenceRequired, _) => Class::Licence,
                    (_, Requirement::Prohibited | Requirement::LicenceRequired) => Class::Open,
                    (_, Requirement::Notify | Requirement::GeneralAuthorisation) => Class::Lesser,
                    (_, Requirement::NotRequired) => Class::NotRequired,
                    (_, Requirement::OutOfScope) => Class::OutOfScope,
                };
                assert_eq!(class, expected, "{at_least} to {at_most}");
            }
        }
    }
}
