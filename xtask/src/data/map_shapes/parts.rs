//! Which outline is drawn as which destination.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};

use super::super::source::{Row, Source};
use super::super::table::Rows;
use super::topology::{Degrees, Feature, Ring, Topology};

/// Outlines that are drawn as another destination than the feature that they stand under.
pub(super) struct Parts {
    /// Codes of destinations by their number in ISO 3166-1.
    numbers: BTreeMap<String, String>,
    /// By feature: the code of it as a whole.
    whole: BTreeMap<String, String>,
    /// A place, and the code of the part of a feature around it.
    around: Vec<(Place, String)>,
}

/// A place in a feature, with the record that names it.
struct Place {
    feature: String,
    degrees: Degrees,
    row: Row,
}

impl Parts {
    pub(super) fn read(source: &Source, destinations: &Rows) -> Result<Self> {
        let numbers = destinations.iter().filter_map(|row| match row.as_slice() {
            [code, _, number, ..] if !number.is_empty() => Some((number.clone(), code.clone())),
            _ => None,
        });
        let mut parts = Self {
            numbers: numbers.collect(),
            whole: BTreeMap::new(),
            around: Vec::new(),
        };
        for row in source.facts("map_parts.csv")? {
            let (feature, code) = (row.get("feature")?.to_owned(), row.get("code")?.to_owned());
            if row.get("longitude_tenths")?.is_empty() {
                parts.whole.insert(feature, code);
                continue;
            }
            let degrees = degrees(&row)?;
            let place = Place {
                feature,
                degrees,
                row,
            };
            parts.around.push((place, code));
        }
        Ok(parts)
    }

    /// The rings of each destination that is drawn.
    pub(super) fn areas(mut self, topology: &Topology) -> Result<BTreeMap<String, Vec<Ring>>> {
        let mut areas: BTreeMap<String, Vec<Ring>> = BTreeMap::new();
        for feature in topology.features() {
            let own = self.code(feature)?;
            let elsewhere = self.elsewhere(feature, topology)?;
            for (number, part) in feature.parts().into_iter().enumerate() {
                let code = elsewhere.get(&number).unwrap_or(&own);
                if !code.is_empty() {
                    areas.entry(code.clone()).or_default().extend(part.clone());
                }
            }
        }
        match (self.whole.keys().next(), self.around.first()) {
            (Some(feature), _) => Err(anyhow!(
                "xtask/facts/map_parts.csv: found {feature}; expected a feature of the source"
            )),
            (None, Some((place, _))) => {
                Err(place
                    .row
                    .wrong("feature", &place.feature, "a feature of the source"))
            }
            (None, None) => Ok(areas),
        }
    }

    /// The code of a feature as a whole; empty if it is not drawn.
    fn code(&mut self, feature: &Feature) -> Result<String> {
        if let Some(code) = self.whole.remove(feature.name()) {
            return Ok(code);
        }
        let code = feature.id.as_ref().and_then(|id| self.numbers.get(id));
        code.cloned().with_context(|| {
            let name = feature.name();
            format!(
                "{name}: found no destination; expected one, or a row in xtask/facts/map_parts.csv"
            )
        })
    }

    /// The parts of a feature that are drawn as other destinations.
    fn elsewhere(
        &mut self,
        feature: &Feature,
        topology: &Topology,
    ) -> Result<BTreeMap<usize, String>> {
        let mut found = BTreeMap::new();
        let here = |(place, _): &(Place, String)| place.feature == feature.name();
        for (place, code) in self.around.extract_if(.., |entry| here(entry)) {
            let around = smallest_around(place.degrees, feature, topology)?;
            let around = around.ok_or_else(|| {
                let expected = "a place in a part of the feature";
                place
                    .row
                    .wrong("longitude_tenths", &place.feature, expected)
            })?;
            found.insert(around, code);
        }
        Ok(found)
    }
}

/// The smallest part of a feature whose frame holds a place.
fn smallest_around(
    (x, y): Degrees,
    feature: &Feature,
    topology: &Topology,
) -> Result<Option<usize>> {
    let mut best: Option<(usize, f64)> = None;
    for (number, part) in feature.parts().into_iter().enumerate() {
        let Some(outer) = part.first() else { continue };
        let [(left, low), (right, high)] = topology.reach(outer)?;
        let holds = (left..=right).contains(&x) && (low..=high).contains(&y);
        let width = width(left, right);
        if holds && best.is_none_or(|(_, least)| width < least) {
            best = Some((number, width));
        }
    }
    Ok(best.map(|(number, _)| number))
}

#[expect(
    clippy::float_arithmetic,
    reason = "a drawing; these operations are exact to the bit on every machine"
)]
fn width(left: f64, right: f64) -> f64 {
    right - left
}

#[expect(
    clippy::float_arithmetic,
    reason = "a drawing; these operations are exact to the bit on every machine"
)]
fn degrees(row: &Row) -> Result<Degrees> {
    let tenths = |column| Ok::<f64, anyhow::Error>(f64::from(tenths(row, column)?) / 10.0);
    Ok((tenths("longitude_tenths")?, tenths("latitude_tenths")?))
}

/// A coordinate in tenths of a degree.
pub(super) fn tenths(row: &Row, column: &str) -> Result<i32> {
    let text = row.get(column)?;
    let number = text.parse().ok();
    number
        .filter(|number| (-1800..=1800).contains(number))
        .ok_or_else(|| row.wrong(column, text, "tenths of a degree, from -1800 to 1800"))
}
