//! Margins: whether an answer would be another if an indicator lay elsewhere within its published interval.
//!
//! What is published is an estimate with a standard error. The Worldwide Governance Indicators' own documentation
//! gives an interval of ninety per cent, 1.64 standard errors to either side; so do we. The rules cut the
//! interval at the constants that they compare the indicator with; one figure of each piece is screened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::bounds::Bounds;
use super::brief::{Brief, brief};
use super::moves::{Direction, Found, differing};
use crate::condition::{Constant, Observed};
use crate::facts::{Application, Decimal, Value};
use crate::reference::{Figure, Reference};
use crate::ruleset::Ruleset;
use crate::time::Dates;

/// Standard errors to either side of an estimate, in hundredths.
const REACH: i64 = 164;

/// What the interval is, for people.
pub const INTERVAL: &str = "the estimate and 1.64 standard errors to either side: ninety per cent, as the \
    publisher of the Worldwide Governance Indicators gives it";

/// Reference data in which the figures of one indicator lie elsewhere within their intervals.
#[derive(Clone, Debug)]
pub struct Shifted {
    /// The indicator.
    pub indicator: Arc<str>,
    /// The data.
    pub reference: Reference,
}

/// What the figures of an application's destination are worth to its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Sensitivity {
    /// The interval within which figures are moved.
    pub interval: &'static str,
    /// What is said on the figures as they are.
    pub bounds: Bounds,
    /// The indicators that the rules read and whose figure has a published standard error.
    pub figures: Vec<Sensed>,
    /// The indicators that the rules read and for whose figure none is published.
    pub without_interval: BTreeSet<Arc<str>>,
    /// The indicators that the rules read and of which no figure is known for the destination.
    pub without_figure: BTreeSet<Arc<str>>,
}

/// A figure with its interval, and what happens within.
#[derive(Clone, Debug, Serialize)]
pub struct Sensed {
    /// The indicator.
    pub indicator: Arc<str>,
    /// The year that the figure is about.
    pub year: i16,
    /// The figure.
    pub value: Decimal,
    /// Its standard error, as published.
    pub standard_error: Decimal,
    /// The lower end of the interval.
    pub low: Decimal,
    /// The upper end.
    pub high: Decimal,
    /// The least moves down and up that change the answer.
    pub moves: Vec<Shift>,
}

/// A move of a figure by which a bound moves, or a rule stands otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Shift {
    /// Where the rules cut.
    pub at: Decimal,
    /// Whether the figure must lie beyond that; else to reach it is enough.
    pub beyond: bool,
    /// How far that is from the figure.
    pub by: Decimal,
    /// Whether the figure is higher then.
    pub up: bool,
    /// Which way the bounds move, if they do.
    pub direction: Option<Direction>,
    /// What would be said.
    pub bounds: Bounds,
    /// The rules that would stand otherwise.
    pub rules: Vec<Found>,
}

/// One figure of a piece of an interval.
struct Piece {
    /// A figure of it.
    figure: Decimal,
    at: Decimal,
    beyond: bool,
}

/// The constants that rules compare indicators with, on any day.
struct Constants(BTreeMap<Arc<str>, BTreeSet<Decimal>>);

impl Constants {
    fn of(rulesets: &[&Ruleset]) -> Self {
        let mut all: BTreeMap<Arc<str>, BTreeSet<Decimal>> = BTreeMap::new();
        for ruleset in rulesets {
            let mut observed: Observed = ruleset.applies.observed();
            let definitions = ruleset.definitions.iter().map(|one| &one.observed);
            let rules = ruleset.rules.iter().map(|rule| &rule.observed);
            definitions.chain(rules).for_each(|one| observed.merge(one));
            for (name, constants) in observed.indicators {
                let numbers = constants.iter().flat_map(|one| numbers(one, ruleset));
                all.entry(name).or_default().extend(numbers);
            }
        }
        Self(all)
    }
}

fn numbers(constant: &Constant, ruleset: &Ruleset) -> Vec<Decimal> {
    let values: Vec<&Value> = match constant {
        Constant::Value(value) => vec![value],
        Constant::Parameter(name) => {
            let parameter = ruleset.parameters.get(name).into_iter();
            let values = parameter.flat_map(|parameter| &parameter.values);
            values.map(|(_, value, _)| value).collect()
        }
        _ => Vec::new(),
    };
    let numbers = values.into_iter().filter_map(|value| match value {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    });
    numbers.collect()
}

/// A figure's interval; none where no standard error is published, or one too large to compute with.
fn interval(figure: &Figure) -> Option<(Decimal, Decimal)> {
    let error = figure.standard_error.as_ref()?;
    let reach = Decimal::from(REACH)
        .multiply(error)?
        .divide(&Decimal::from(100_i64))?;
    Some((figure.value.subtract(&reach)?, figure.value.add(&reach)?))
}

/// One figure of each piece of an interval on one side of an estimate, nearest first.
fn pieces(value: &Decimal, end: &Decimal, constants: &BTreeSet<Decimal>) -> Vec<Piece> {
    let up = end > value;
    let (least, most) = if up { (value, end) } else { (end, value) };
    let mut cuts: Vec<&Decimal> = constants.range(least..=most).collect();
    if !up {
        cuts.reverse();
    }
    let mut pieces = Vec::new();
    for (at, cut) in cuts.iter().enumerate() {
        if *cut != value {
            pieces.push(piece(cut, cut, false));
        }
        let next = cuts.get(at.saturating_add(1)).copied();
        let beyond = next.map_or_else(|| Some(end.clone()), |next| middle(cut, next));
        pieces.extend(
            beyond
                .filter(|figure| figure != *cut)
                .map(|figure| piece(&figure, cut, true)),
        );
    }
    pieces
}

fn piece(figure: &Decimal, at: &Decimal, beyond: bool) -> Piece {
    Piece {
        figure: figure.clone(),
        at: at.clone(),
        beyond,
    }
}

fn middle(one: &Decimal, other: &Decimal) -> Option<Decimal> {
    one.add(other)?.divide(&Decimal::from(2_i64))
}

/// The pieces of a figure's interval, those below it first.
fn all_pieces(figure: &Figure, constants: &BTreeSet<Decimal>) -> Vec<Piece> {
    let Some((low, high)) = interval(figure) else {
        return Vec::new();
    };
    let below = pieces(&figure.value, &low, constants);
    let above = pieces(&figure.value, &high, constants);
    below.into_iter().chain(above).collect()
}

/// All data in which the figures of one indicator lie in another piece of their intervals: in the first, each
/// figure lies in the first of its pieces, and so on.
pub fn shifted(rulesets: &[&Ruleset], reference: &Reference) -> Vec<Shifted> {
    let mut all = Vec::new();
    for (name, constants) in Constants::of(rulesets).0 {
        for step in 0.. {
            let moved = std::cell::Cell::new(false);
            let indicators = reference.indicators.with(&name, |_, figure| {
                let piece = all_pieces(figure, &constants).into_iter().nth(step)?;
                moved.set(true);
                Some(piece.figure)
            });
            if !moved.get() {
                break;
            }
            all.push(Shifted {
                indicator: Arc::clone(&name),
                reference: reference.with_indicators(indicators),
            });
        }
    }
    all
}

/// Whether an application's answer would be another if a figure of its destination lay elsewhere within its
/// published interval, the others staying as they are.
pub fn sensitivity(
    application: &Application,
    destination: &str,
    rulesets: &[&Ruleset],
    reference: &Reference,
    dates: Dates,
) -> Sensitivity {
    let screened = Screened {
        application,
        destination,
        rulesets,
        reference,
        dates,
    };
    let own = screened.brief(reference);
    let mut found = Sensitivity {
        interval: INTERVAL,
        bounds: own.bounds,
        figures: Vec::new(),
        without_interval: BTreeSet::new(),
        without_figure: BTreeSet::new(),
    };
    for (name, constants) in Constants::of(rulesets).0 {
        let series = reference.indicators.get(&name);
        match series.and_then(|series| series.latest(destination, dates)) {
            None => _ = found.without_figure.insert(name),
            Some(figure) => match screened.sensed(&name, figure, &constants, &own) {
                None => _ = found.without_interval.insert(name),
                Some(sensed) => found.figures.push(sensed),
            },
        }
    }
    found
}

/// What is screened again and again.
struct Screened<'s> {
    application: &'s Application,
    destination: &'s str,
    rulesets: &'s [&'s Ruleset],
    reference: &'s Reference,
    dates: Dates,
}

impl Screened<'_> {
    fn brief(&self, reference: &Reference) -> Brief {
        brief(self.application, self.rulesets, reference, self.dates)
    }

    fn sensed(
        &self,
        name: &Arc<str>,
        figure: &Figure,
        constants: &BTreeSet<Decimal>,
        own: &Brief,
    ) -> Option<Sensed> {
        let (low, high) = interval(figure)?;
        let sides = [(&low, false), (&high, true)];
        let moves = sides.into_iter().filter_map(|(end, up)| {
            let pieces = pieces(&figure.value, end, constants);
            let mut moves = pieces
                .into_iter()
                .filter_map(|piece| self.shift(name, figure, piece, up, own));
            moves.next()
        });
        Some(Sensed {
            indicator: Arc::clone(name),
            year: figure.year,
            value: figure.value.clone(),
            standard_error: figure.standard_error.clone()?,
            moves: moves.collect(),
            low,
            high,
        })
    }

    /// What moves if the figure lies in a piece of its interval.
    fn shift(
        &self,
        name: &str,
        figure: &Figure,
        piece: Piece,
        up: bool,
        own: &Brief,
    ) -> Option<Shift> {
        let with = |destination: &str, _: &Figure| {
            (destination == self.destination).then(|| piece.figure.clone())
        };
        let indicators = self.reference.indicators.with(name, with);
        let found = self.brief(&self.reference.with_indicators(indicators));
        if !found.differs(own) {
            return None;
        }
        let (higher, lower) = if up {
            (&piece.at, &figure.value)
        } else {
            (&figure.value, &piece.at)
        };
        Some(Shift {
            by: higher.subtract(lower)?,
            at: piece.at,
            beyond: piece.beyond,
            up,
            direction: Direction::of(&own.bounds, &found.bounds),
            rules: differing(own, &found),
            bounds: found.bounds,
        })
    }
}
