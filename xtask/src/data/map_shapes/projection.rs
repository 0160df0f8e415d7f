//! From degrees to places on the map: the Equal Earth projection of Šavrič, Patterson and Jenny (2018).
//!
//! Equal areas stay equal, so that a large country does not look larger than it is. The same input must give
//! the same bytes on every machine, so only operations are used whose result the floating-point standard
//! fixes to the bit: sines come from a series, not from the machine's library.

#![expect(
    clippy::float_arithmetic,
    reason = "a drawing; only operations that are exact to the bit on every machine"
)]

use std::f64::consts::PI;

use anyhow::{Result, bail};

use super::topology::Degrees;

/// Width and height of the map, in its units.
pub(super) const SIZE: (i32, i32) = (2000, 868);

/// The longitude in the middle: the map is cut in the Bering Strait, where it cuts no land.
const MIDDLE: f64 = 11.0;

/// Units of the map for one of the projection, whose equator is 5.4133 long.
const UNIT: f64 = 368.0;

/// Height of the northern edge above the equator, in units of the map.
const NORTH: f64 = 484.0;

/// Coefficients of the projection.
const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// The square root of 3.
const ROOT_3: f64 = 1.732_050_807_568_877_2;

/// A place in tenths of a degree, as a place on the map.
pub(super) fn place(longitude: i32, latitude: i32) -> Result<(i32, i32)> {
    let degrees = (f64::from(longitude) / 10.0, f64::from(latitude) / 10.0);
    let points = ring(&[degrees])?;
    let point = points.first().copied();
    Ok(point.unwrap_or_default())
}

/// The points of a ring on the map. A ring that crosses the edge is not torn: it goes on beyond it.
pub(super) fn ring(points: &[Degrees]) -> Result<Vec<(i32, i32)>> {
    let unrolled = unrolled(points);
    let west = unrolled
        .iter()
        .fold(f64::MAX, |least, point| least.min(point.0));
    let east = unrolled
        .iter()
        .fold(f64::MIN, |most, point| most.max(point.0));
    let middle = west.midpoint(east);
    let shift = if middle < MIDDLE - 180.0 {
        360.0
    } else if middle > MIDDLE + 180.0 {
        -360.0
    } else {
        0.0
    };
    unrolled
        .into_iter()
        .map(|(longitude, latitude)| on_map(longitude + shift, latitude))
        .collect()
}

/// The same points, with longitudes that never jump from one end of the scale to the other.
fn unrolled(points: &[Degrees]) -> Vec<Degrees> {
    let mut turns = 0.0;
    let mut before: Option<f64> = None;
    let step = |(longitude, latitude): &Degrees| {
        let jump = before.map_or(0.0, |before| longitude - before);
        if jump > 180.0 {
            turns -= 360.0;
        } else if jump < -180.0 {
            turns += 360.0;
        }
        before = Some(*longitude);
        (longitude + turns, *latitude)
    };
    points.iter().map(step).collect()
}

fn on_map(longitude: f64, latitude: f64) -> Result<(i32, i32)> {
    let t = parameter(latitude / 180.0 * PI);
    let squared = t * t;
    let sixth = squared * squared * squared;
    let [a1, a2, a3, a4] = A;
    let slope = a1 + 3.0 * a2 * squared + sixth * (7.0 * a3 + 9.0 * a4 * squared);
    let turn = (longitude - MIDDLE) / 180.0 * PI;
    let x = 2.0 * ROOT_3 * turn * cosine(t) / (3.0 * slope);
    let y = t * (a1 + a2 * squared + sixth * (a3 + a4 * squared));
    let x = whole(f64::from(SIZE.0) / 2.0 + x * UNIT);
    let y = whole(NORTH - y * UNIT);
    if !(0..=SIZE.0).contains(&x) || !(0..=SIZE.1).contains(&y) {
        bail!("found longitude {longitude}, latitude {latitude}; expected a place on the map");
    }
    Ok((x, y))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the map is a few thousand units wide"
)]
fn whole(number: f64) -> i32 {
    number.round() as i32
}

/// The angle whose sine is √3/2 times that of a latitude, by Newton's method; it is at most 60°.
fn parameter(latitude: f64) -> f64 {
    let sought = ROOT_3 / 2.0 * sine(latitude);
    let mut t = latitude * 0.8;
    for _ in 0..8 {
        t -= (sine(t) - sought) / cosine(t);
    }
    t
}

/// Terms of the series of sine and cosine: enough for a quarter turn.
const TERMS: i32 = 14;

fn sine(angle: f64) -> f64 {
    series(angle, angle, 1)
}

fn cosine(angle: f64) -> f64 {
    series(angle, 1.0, 0)
}

/// The Taylor series that begins with a term of this power.
fn series(angle: f64, first: f64, power: i32) -> f64 {
    let (mut term, mut sum) = (first, first);
    for step in 1..=TERMS {
        let n = f64::from(power) + 2.0 * f64::from(step);
        term *= -angle * angle / (n * (n - 1.0));
        sum += term;
    }
    sum
}
