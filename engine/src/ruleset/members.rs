//! What conditions can tell of the members of a set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::condition::{Constant, Graph, Observable, Observation};

/// The constants that conditions compare a set's members with, each with the parts that do so.
///
/// Two members that meet the same constants of the same parts are one to the conditions: what one leads
/// to, the other does.
#[derive(Clone, Debug, Default)]
pub struct Members {
    texts: BTreeMap<Arc<str>, Vec<Place>>,
    parameters: Vec<(Arc<str>, Place)>,
}

/// Where a constant is compared with members.
#[derive(Clone, Copy, Debug)]
struct Place {
    part: usize,
    /// Which of the part's constants it is; none where the part cannot tell one from another.
    constant: Option<usize>,
    /// Whether a member meets it only if it is the constant, and not if it stands under it.
    exact: bool,
}

/// All that conditions can tell of a member of a set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberClass(BTreeSet<(usize, Option<(usize, bool)>)>);

impl Members {
    /// For each set of a graph's facts, unless no constants tell all that is asked of it.
    pub(super) fn all(graph: &Graph) -> BTreeMap<Observable, Self> {
        let mut found = BTreeMap::new();
        let mut computed = BTreeSet::new();
        for (part, observation) in graph.observations().enumerate() {
            let Observation {
                observed,
                is_membership,
            } = observation;
            for (key, constants) in observed.facts {
                if constants.contains(&Constant::Computed) {
                    computed.insert(key.clone());
                }
                let members: &mut Self = found.entry(key).or_default();
                for (at, constant) in constants.iter().enumerate() {
                    members.add(constant, part, (!is_membership).then_some(at));
                }
            }
        }
        found.retain(|key, _| !computed.contains(key));
        found
    }

    fn add(&mut self, compared: &Constant, part: usize, constant: Option<usize>) {
        let place = |exact| Place {
            part,
            constant,
            exact,
        };
        match compared {
            Constant::Ancestor(text) => self.at(text).push(place(false)),
            Constant::Value(value) => {
                if let Some(text) = value.as_text() {
                    self.at(&text.into()).push(place(true));
                }
            }
            Constant::Parameter(name) => self.parameters.push((Arc::clone(name), place(false))),
            Constant::Group(_) | Constant::Computed => {}
        }
    }

    fn at(&mut self, text: &Arc<str>) -> &mut Vec<Place> {
        self.texts.entry(Arc::clone(text)).or_default()
    }

    /// The same, with the texts that each parameter holds on the day in its place.
    #[must_use]
    pub fn with_parameters<'t>(&self, texts: impl Fn(&str) -> Vec<Arc<str>> + 't) -> Self {
        let mut whole = self.clone();
        for (name, place) in std::mem::take(&mut whole.parameters) {
            for text in texts(&name) {
                whole.at(&text).push(place);
            }
        }
        whole
    }

    /// What can be told of a code, given with all that it stands under.
    pub fn class<'t>(&self, code: &str, line: impl Iterator<Item = &'t str>) -> MemberClass {
        let met = line.flat_map(|text| {
            let places = self.texts.get(text).into_iter().flatten();
            let met = places.filter(move |place| !place.exact || text == code);
            met.map(move |place| (place.part, place.constant.map(|at| (at, text == code))))
        });
        MemberClass(met.collect())
    }
}
