//! A map of the world on which destinations are darker the more there is of something.

use std::collections::BTreeMap;

use askama::Template;

use crate::number::grouped;
use crate::shapes::{SIZE, shapes};
use crate::tone::Tone;

/// Destinations with a number each.
#[derive(Clone, Debug)]
pub struct Map {
    /// What the map shows.
    pub name: String,
    /// What can be seen in it, in a sentence.
    pub about: String,
    /// What is counted.
    pub counted: String,
    /// Its colour.
    pub tone: Tone,
    /// The destinations by their codes. Those with nothing are drawn as those that are not named.
    pub spots: BTreeMap<String, Spot>,
}

/// One destination.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    /// Its name.
    pub name: String,
    /// How much.
    pub number: u128,
}

/// Shades at most.
const SHADES: usize = 6;

#[derive(Template)]
#[template(path = "map.html", whitespace = "minimize")]
struct View<'m> {
    all: &'m Map,
    id: String,
    size: (u32, u32),
    land: Vec<&'static str>,
    spots: Vec<Drawn<'m>>,
    dots: Vec<Dot<'m>>,
    shades: Vec<Shade>,
    /// Destinations that have no place on the map, with their numbers.
    elsewhere: Vec<String>,
}

struct Drawn<'m> {
    code: &'m str,
    shade: usize,
    title: String,
}

struct Dot<'m> {
    drawn: Drawn<'m>,
    x: u32,
    y: u32,
}

/// A step of the legend.
struct Shade {
    number: usize,
    label: String,
}

impl Map {
    pub(crate) fn html(&self, id: &str) -> String {
        let limits = self.limits();
        let mut view = View {
            all: self,
            id: id.to_owned(),
            size: SIZE,
            land: Vec::new(),
            spots: Vec::new(),
            dots: Vec::new(),
            shades: shades(&limits),
            elsewhere: Vec::new(),
        };
        view.place(&limits);
        // Writing to a String cannot fail.
        view.render().unwrap_or_default()
    }

    fn shown(&self) -> impl Iterator<Item = (&String, &Spot)> {
        self.spots.iter().filter(|(_, spot)| spot.number > 0)
    }

    /// The least number of each shade: 1, 3, 10, 30 and so on up to the greatest number, the last few of them.
    fn limits(&self) -> Vec<u128> {
        let most = self.shown().map(|(_, spot)| spot.number).max().unwrap_or(0);
        let mut limits = Vec::new();
        let mut ten = 1_u128;
        while ten <= most {
            limits.extend(
                [ten, ten.saturating_mul(3)]
                    .into_iter()
                    .filter(|limit| *limit <= most),
            );
            let Some(next) = ten.checked_mul(10) else {
                break;
            };
            ten = next;
        }
        let last = limits.len().saturating_sub(SHADES);
        let mut limits = limits.split_off(last);
        if let Some(first) = limits.first_mut() {
            *first = 1;
        }
        limits
    }
}

impl View<'_> {
    fn place(&mut self, limits: &[u128]) {
        let all = self.all;
        for shape in shapes() {
            let drawn = all
                .spots
                .get_key_value(shape.code)
                .filter(|(_, spot)| spot.number > 0);
            let drawn = drawn.map(|(code, spot)| drawn_as(code, spot, all, limits));
            match (drawn, shape.dot) {
                (Some(drawn), Some((x, y))) => {
                    self.land.extend(shape.path.map(|_| shape.code));
                    self.dots.push(Dot { drawn, x, y });
                }
                (Some(drawn), None) => self.spots.push(drawn),
                (None, _) => self.land.extend(shape.path.map(|_| shape.code)),
            }
        }
        let known = |code: &str| shapes().iter().any(|shape| shape.code == code);
        let elsewhere = all.shown().filter(|(code, _)| !known(code));
        self.elsewhere = elsewhere.map(|(_, spot)| title(spot, all)).collect();
    }
}

fn drawn_as<'m>(code: &'m str, spot: &Spot, map: &Map, limits: &[u128]) -> Drawn<'m> {
    Drawn {
        code,
        shade: limits.iter().filter(|limit| **limit <= spot.number).count(),
        title: title(spot, map),
    }
}

fn title(spot: &Spot, map: &Map) -> String {
    format!("{}: {} {}", spot.name, grouped(spot.number), map.counted)
}

/// The legend: from each limit to before the next.
fn shades(limits: &[u128]) -> Vec<Shade> {
    let ends = limits.iter().skip(1).map(Some).chain([None]);
    let shades = (1..).zip(limits.iter().zip(ends));
    let shades = shades.map(|(number, (from, end))| {
        let last = end.map(|end| end.saturating_sub(1));
        let label = match last {
            Some(last) if last == *from => grouped(*from),
            Some(last) => format!("{}–{}", grouped(*from), grouped(last)),
            None => format!("{} or more", grouped(*from)),
        };
        Shade { number, label }
    });
    shades.collect()
}
