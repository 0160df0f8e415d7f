//! Areas whose common borders are kept once, as `TopoJSON` has them.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The arcs of one ring; a negative number is an arc that is passed backwards.
pub(super) type Ring = Vec<i32>;

/// A point in degrees: longitude and latitude.
pub(super) type Degrees = (f64, f64);

/// The outlines of areas.
#[derive(Debug, Deserialize)]
pub(super) struct Topology {
    objects: Objects,
    arcs: Vec<Vec<(i32, i32)>>,
    transform: Transform,
}

#[derive(Debug, Deserialize)]
struct Objects {
    countries: Collection,
}

#[derive(Debug, Deserialize)]
struct Collection {
    geometries: Vec<Feature>,
}

#[derive(Debug, Deserialize)]
struct Transform {
    scale: Degrees,
    translate: Degrees,
}

/// One area with its name, and its number in ISO 3166-1 if it has one.
#[derive(Debug, Deserialize)]
pub(super) struct Feature {
    pub(super) id: Option<String>,
    properties: Properties,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Debug, Deserialize)]
struct Properties {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

impl Feature {
    pub(super) fn name(&self) -> &str {
        &self.properties.name
    }

    /// Its parts, each with an outer ring and holes.
    pub(super) fn parts(&self) -> Vec<&Vec<Ring>> {
        match &self.shape {
            Shape::Polygon(part) => vec![part],
            Shape::MultiPolygon(parts) => parts.iter().collect(),
        }
    }
}

impl Topology {
    pub(super) fn features(&self) -> &[Feature] {
        &self.objects.countries.geometries
    }

    /// The outline of areas taken together: arcs between two of them are left out.
    pub(super) fn border(&self, rings: &[Ring]) -> Result<Vec<Vec<Degrees>>> {
        let all: Vec<i32> = rings.iter().flatten().copied().collect();
        let outer = all.iter().filter(|arc| !all.contains(&!**arc));
        let mut left: Vec<Vec<(i32, i32)>> = Vec::new();
        for arc in outer {
            left.push(self.arc(*arc)?);
        }
        let mut found = Vec::new();
        while !left.is_empty() {
            let ring = closed(&mut left)?;
            found.push(ring.into_iter().map(|point| self.degrees(point)).collect());
        }
        Ok(found)
    }

    /// The first and last longitude and latitude of a ring.
    pub(super) fn reach(&self, ring: &Ring) -> Result<[Degrees; 2]> {
        let mut reach = [(f64::MAX, f64::MAX), (f64::MIN, f64::MIN)];
        for arc in ring {
            for point in self.arc(*arc)? {
                let (x, y) = self.degrees(point);
                let [(left, low), (right, high)] = reach;
                reach = [(left.min(x), low.min(y)), (right.max(x), high.max(y))];
            }
        }
        Ok(reach)
    }

    /// The points of an arc in the publisher's steps.
    fn arc(&self, arc: i32) -> Result<Vec<(i32, i32)>> {
        let backwards = arc < 0;
        let index = usize::try_from(if backwards { !arc } else { arc })?;
        let steps = self.arcs.get(index);
        let steps = steps.with_context(|| format!("found arc {arc}; expected one that exists"))?;
        let mut at = (0_i32, 0_i32);
        let points = steps.iter().map(|(dx, dy)| {
            at = (at.0.saturating_add(*dx), at.1.saturating_add(*dy));
            at
        });
        let mut points: Vec<(i32, i32)> = points.collect();
        if backwards {
            points.reverse();
        }
        Ok(points)
    }

    #[expect(
        clippy::float_arithmetic,
        reason = "a drawing; these operations are exact to the bit on every machine"
    )]
    fn degrees(&self, (x, y): (i32, i32)) -> Degrees {
        let Transform { scale, translate } = &self.transform;
        (
            f64::from(x) * scale.0 + translate.0,
            f64::from(y) * scale.1 + translate.1,
        )
    }
}

/// Takes arcs that join one another until they close.
fn closed(left: &mut Vec<Vec<(i32, i32)>>) -> Result<Vec<(i32, i32)>> {
    let mut ring = left.remove(0);
    while ring.first() != ring.last() {
        let end = ring.last().copied();
        let Some(next) = left.iter().position(|arc| arc.first().copied() == end) else {
            bail!("found an outline that ends at {end:?}; expected that it closes");
        };
        ring.extend(left.remove(next).into_iter().skip(1));
    }
    Ok(ring)
}
