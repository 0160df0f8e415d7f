//! Outlines of destinations on a world map: SVG paths in an equal-area projection, and a place for a dot
//! where an outline is too small to be seen.

mod outline;
mod parts;
mod projection;
mod topology;

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::source::Source;
use super::table::Rows;
use outline::Outline;
use parts::Parts;
use topology::Topology;

/// The outlines, as their publisher issues them.
const OUTLINES: &str = "world-atlas/countries-110m.json";

/// An outline that is smaller than this in both directions gets a dot, in units of the map.
const SMALL: i32 = 14;

/// The rows of `map_shapes`.
pub(super) fn rows(source: &Source, destinations: &Rows) -> Result<Rows> {
    let mut rows = outlines(source, destinations)?;
    let known = |code: &str| {
        destinations
            .iter()
            .any(|row| row.first().is_some_and(|known| known == code))
    };
    for place in source.facts("map_places.csv")? {
        let code = place.get("code")?;
        if !known(code) || rows.contains_key(code) {
            return Err(place.wrong("code", code, "the code of a destination without an outline"));
        }
        let longitude = parts::tenths(&place, "longitude_tenths")?;
        let latitude = parts::tenths(&place, "latitude_tenths")?;
        let dot = projection::place(longitude, latitude)?;
        rows.insert(code.to_owned(), cells(code, Some(dot), ""));
    }
    Ok(rows.into_values().collect())
}

/// The destinations of which the source has an outline.
fn outlines(source: &Source, destinations: &Rows) -> Result<BTreeMap<String, Vec<String>>> {
    let topology: Topology = source.kept_json(OUTLINES)?;
    let areas = Parts::read(source, destinations)?.areas(&topology)?;
    let mut rows = BTreeMap::new();
    for (code, rings) in areas {
        let border = topology.border(&rings).with_context(|| code.clone())?;
        let outline = Outline::of(&border).with_context(|| code.clone())?;
        let dot = outline.middle().filter(|_| outline.extent() < SMALL);
        let row = cells(&code, dot, &outline.path());
        rows.insert(code, row);
    }
    Ok(rows)
}

fn cells(code: &str, dot: Option<(i32, i32)>, path: &str) -> Vec<String> {
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let (x, y) = (number(dot.map(|dot| dot.0)), number(dot.map(|dot| dot.1)));
    vec![code.to_owned(), x, y, path.to_owned()]
}
