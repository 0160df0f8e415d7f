//! Impact: which cases a change to a ruleset moves, in which direction, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::facts::{Application, Catalogue, FactId, ItemFacts, Scope, Value};
use crate::reference::Reference;
use crate::ruleset::{Case, Ruleset};
use crate::screening::{Bounds, Brief, Direction, Found, brief, differing};
use crate::source::{Document, Json, Problems};
use crate::time::Dates;

/// What is known of a case beside its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// An everyday export that does no harm.
    Benign,
    /// An export that is known to have done harm.
    Harmful,
}

/// A case to be screened with both rulesets.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its id.
    pub id: Arc<str>,
    /// What it is.
    pub title: Arc<str>,
    /// What is known of it.
    pub label: Option<Label>,
    /// Its facts.
    pub application: Application,
    /// The days whose law and data apply.
    pub dates: Dates,
}

/// How a person states the day of a case that names none.
const HOW: &str = "give --as-of YYYY-MM-DD";

impl Subject {
    /// A case of a ruleset.
    pub fn of_case(case: &Case, catalogue: &Catalogue) -> Result<Self, Problems> {
        let document = Document::new(format!("case {}", case.id), case.application.to_string());
        let json = Json::from(case.application.clone());
        let application = Application::from_json(json, &document, catalogue)?;
        let harmful = |scenario: &Arc<str>| scenario.starts_with('H');
        let label = if case.kind.as_ref() == "benign" {
            Some(Label::Benign)
        } else {
            case.scenario
                .as_ref()
                .filter(|one| harmful(one))
                .map(|_| Label::Harmful)
        };
        let subject = Self {
            id: Arc::clone(&case.id),
            title: Arc::clone(&case.title),
            label,
            dates: application.dates(case.as_of, case.known_at, &document, HOW)?,
            application,
        };
        Ok(subject)
    }

    /// An application that stands alone.
    pub fn of_application(document: &Document, application: Application, dates: Dates) -> Self {
        let name: Arc<str> = document.name().into();
        Self {
            id: application.id.clone().unwrap_or_else(|| Arc::clone(&name)),
            title: name,
            label: None,
            dates,
            application,
        }
    }
}

/// A case that both rulesets do not answer alike.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// Its id.
    pub id: Arc<str>,
    /// What it is.
    pub title: Arc<str>,
    /// What is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Which way its bounds move.
    pub direction: Direction,
    /// What the ruleset says as it is.
    pub base: Bounds,
    /// What it would say.
    pub amended: Bounds,
    /// What it is counted under.
    pub traits: Traits,
    /// The rules that differ in whether they stand, with the condition of each.
    pub rules: Vec<Responsible>,
    /// The facts that would settle what it would say.
    pub settled_by: BTreeSet<String>,
}

/// A rule that does not stand alike, and its condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Responsible {
    /// Whether it stands under each.
    #[serde(flatten)]
    pub found: Found,
    /// What it is.
    pub title: Arc<str>,
    /// When it applies; of a rule that is changed, as it would be.
    pub when: Arc<str>,
}

/// What cases are counted under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traits {
    /// The destination's code.
    pub destination: Option<Arc<str>>,
    /// Control entries of all items.
    pub entries: BTreeSet<Arc<str>>,
    /// Types of end users.
    pub end_users: BTreeSet<Arc<str>>,
    /// The year whose law applies.
    pub year: i16,
    /// The value of all items, in steps of powers of ten, with its unit.
    pub value: Option<String>,
}

/// What a change does to cases.
#[derive(Clone, Debug, Serialize)]
pub struct Impact {
    /// How many cases there are.
    pub cases: usize,
    /// How many move, by direction.
    pub directions: BTreeMap<Direction, usize>,
    /// Everyday exports of which more would be, or may be, asked.
    pub benign_caught: Vec<Arc<str>>,
    /// Harmful exports of which less would be, or may be, asked.
    pub harmful_released: Vec<Arc<str>>,
    /// How many move, by what they are counted under and by direction.
    pub by: BTreeMap<&'static str, BTreeMap<String, BTreeMap<Direction, usize>>>,
    /// Every case that moves.
    pub moved: Vec<Moved>,
}

/// Two rulesets with the data that cases are screened with.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The ruleset as it is.
    pub base: &'a Ruleset,
    /// The ruleset as it would be.
    pub amended: &'a Ruleset,
    /// All facts of both.
    pub catalogue: &'a Catalogue,
    /// The reference data.
    pub reference: &'a Reference,
}

impl Pair<'_> {
    /// Screens every case with both.
    pub fn impact(&self, subjects: &[Subject]) -> Impact {
        let mut impact = Impact {
            cases: subjects.len(),
            directions: BTreeMap::new(),
            benign_caught: Vec::new(),
            harmful_released: Vec::new(),
            by: BTreeMap::new(),
            moved: Vec::new(),
        };
        for moved in subjects.iter().filter_map(|subject| self.moved(subject)) {
            impact.add(moved);
        }
        impact
    }

    /// How a case moves; none where both rulesets answer alike.
    pub fn moved(&self, subject: &Subject) -> Option<Moved> {
        let screen = |ruleset| {
            brief(
                &subject.application,
                &[ruleset],
                self.reference,
                subject.dates,
            )
        };
        let (base, amended) = (screen(self.base), screen(self.amended));
        let direction = Direction::of(&base.bounds, &amended.bounds)?;
        Some(Moved {
            id: Arc::clone(&subject.id),
            title: Arc::clone(&subject.title),
            label: subject.label,
            direction,
            base: base.bounds,
            amended: amended.bounds,
            traits: self.traits(subject),
            rules: self.responsible(&base, &amended),
            settled_by: if amended.bounds.is_settled() {
                BTreeSet::new()
            } else {
                amended.missing
            },
        })
    }

    fn responsible(&self, base: &Brief, amended: &Brief) -> Vec<Responsible> {
        let found = differing(base, amended).into_iter().map(|found| {
            let rule = self
                .amended
                .rule(&found.rule)
                .or_else(|| self.base.rule(&found.rule));
            Responsible {
                title: rule.map_or_else(|| "".into(), |rule| Arc::clone(&rule.title)),
                when: rule.map_or_else(|| "".into(), |rule| Arc::clone(rule.when.source())),
                found,
            }
        });
        found.collect()
    }

    fn traits(&self, subject: &Subject) -> Traits {
        let application = &subject.application;
        let mut traits = Traits {
            year: subject.dates.as_of.year(),
            ..Traits::default()
        };
        for (id, fact) in self.catalogue.facts() {
            let values: Vec<&Value> = match fact.scope {
                Scope::Application => vec![application.fact(id)],
                Scope::Item => application.items.iter().map(|item| item.fact(id)).collect(),
            };
            match fact.field.name.as_ref() {
                "destination" => {
                    traits.destination = values
                        .iter()
                        .find_map(|value| value.as_text().map(Arc::from));
                }
                "item.entries" | "item.eccns" | "item.uk_entries" => {
                    values.iter().for_each(|value| {
                        if let Value::Set(set) = value {
                            traits.entries.extend(set.certain.iter().cloned());
                        }
                    });
                }
                "parties" => values
                    .iter()
                    .for_each(|value| end_users(value, &mut traits.end_users)),
                name if name.starts_with("item.value_") => {
                    traits.value = traits
                        .value
                        .or_else(|| step(&application.items, id, fact.field.unit.as_deref()));
                }
                _ => {}
            }
        }
        traits
    }
}

fn end_users(parties: &Value, found: &mut BTreeSet<Arc<str>>) {
    let Value::List(parties) = parties else {
        return;
    };
    for party in parties.iter() {
        let Value::Record(party) = party else {
            continue;
        };
        let role = party.field("role");
        if matches!(role.as_text(), Some("end_user" | "ultimate_end_user")) {
            found.extend(party.field("type").as_text().map(Arc::from));
        }
    }
}

/// The power of ten that the value of all items reaches.
fn step(items: &[ItemFacts], id: FactId, unit: Option<&str>) -> Option<String> {
    let mut sum = crate::facts::Decimal::zero();
    for item in items {
        let Value::Number(value) = item.fact(id) else {
            return None;
        };
        sum = sum.add(value)?;
    }
    let digits = sum.floor().to_string().len();
    let unit = unit.unwrap_or_default();
    let low = "0".repeat(digits.saturating_sub(1));
    Some(if sum < crate::facts::Decimal::from(1_i64) {
        format!("under 1 {unit}")
    } else {
        format!("1{low} to under 10{low} {unit}")
    })
}

impl Impact {
    fn add(&mut self, moved: Moved) {
        let count = self.directions.entry(moved.direction).or_default();
        *count = count.saturating_add(1);
        match (moved.label, moved.direction) {
            (Some(Label::Benign), Direction::Stricter | Direction::Both) => {
                self.benign_caught.push(Arc::clone(&moved.id));
            }
            (Some(Label::Harmful), Direction::Milder | Direction::Both) => {
                self.harmful_released.push(Arc::clone(&moved.id));
            }
            _ => {}
        }
        let traits = &moved.traits;
        let or_unknown = |value: Option<String>| value.unwrap_or_else(|| "not stated".to_owned());
        let mut keys = vec![
            (
                "destination",
                or_unknown(traits.destination.as_ref().map(ToString::to_string)),
            ),
            ("value", or_unknown(traits.value.clone())),
            ("year", traits.year.to_string()),
        ];
        keys.extend(
            traits
                .entries
                .iter()
                .map(|entry| ("item", entry.to_string())),
        );
        keys.extend(
            traits
                .end_users
                .iter()
                .map(|ty| ("end user", ty.to_string())),
        );
        keys.extend(
            moved
                .rules
                .iter()
                .map(|rule| ("rule", rule.found.rule.to_string())),
        );
        for (dimension, key) in keys {
            let counts = self
                .by
                .entry(dimension)
                .or_default()
                .entry(key)
                .or_default();
            let count = counts.entry(moved.direction).or_default();
            *count = count.saturating_add(1);
        }
        self.moved.push(moved);
    }
}
