//! An outline in whole units of the map, as an SVG path.

use std::fmt::Write as _;

use anyhow::Result;

use super::projection;
use super::topology::Degrees;

/// The rings of an outline; what is inside an odd number of them is inside.
#[derive(Debug)]
pub(super) struct Outline {
    rings: Vec<Vec<(i32, i32)>>,
}

impl Outline {
    /// The outline on the map, without points that nobody would see.
    pub(super) fn of(rings: &[Vec<Degrees>]) -> Result<Self> {
        let rings: Result<Vec<Vec<(i32, i32)>>> = rings
            .iter()
            .map(|ring| Ok(simpler(&projection::ring(ring)?)))
            .collect();
        let mut rings = rings?;
        rings.retain(|ring| ring.len() > 2);
        Ok(Self { rings })
    }

    fn points(&self) -> impl Iterator<Item = &(i32, i32)> {
        self.rings.iter().flatten()
    }

    /// Its least and greatest coordinates.
    fn reach(&self) -> Option<[(i32, i32); 2]> {
        let (xs, ys) = (|| self.points().map(|p| p.0), || self.points().map(|p| p.1));
        Some([(xs().min()?, ys().min()?), (xs().max()?, ys().max()?)])
    }

    /// The greater of its width and its height.
    pub(super) fn extent(&self) -> i32 {
        self.reach().map_or(0, |[(left, top), (right, bottom)]| {
            let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
            width.max(height)
        })
    }

    /// The middle of its frame.
    pub(super) fn middle(&self) -> Option<(i32, i32)> {
        let [(left, top), (right, bottom)] = self.reach()?;
        let half = |one: i32, other: i32| one.saturating_add(other).checked_div(2);
        Some((half(left, right)?, half(top, bottom)?))
    }

    /// The path: a place for each ring, and steps from there.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for ring in &self.rings {
            let mut before: Option<(i32, i32)> = None;
            for (x, y) in ring {
                let _ = match before {
                    None => write!(path, "M{x} {y}l"),
                    Some((left, top)) => {
                        let steps = (x.saturating_sub(left), y.saturating_sub(top));
                        write!(path, "{} {} ", steps.0, steps.1)
                    }
                };
                before = Some((*x, *y));
            }
            path.truncate(path.trim_end().len());
            path.push('z');
        }
        // A minus sign separates by itself.
        path.replace(" -", "-")
    }
}

/// A closed ring without its last point, repeated points, and points on a straight line between others.
fn simpler(ring: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for point in ring.iter().copied() {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., first, second] = kept.as_slice()
            && is_between(*first, *second, point)
        {
            kept.pop();
        }
        kept.push(point);
    }
    if kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

/// Whether the second point lies on the straight way from the first to the third.
fn is_between(first: (i32, i32), second: (i32, i32), third: (i32, i32)) -> bool {
    let step = |from: (i32, i32), to: (i32, i32)| {
        let x = i64::from(to.0).saturating_sub(i64::from(from.0));
        (x, i64::from(to.1).saturating_sub(i64::from(from.1)))
    };
    let ((ax, ay), (bx, by)) = (step(first, second), step(second, third));
    let turns = ax.saturating_mul(by) != ay.saturating_mul(bx);
    let forward = ax.saturating_mul(bx).saturating_add(ay.saturating_mul(by)) > 0;
    !turns && forward
}
