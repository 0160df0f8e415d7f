//! Screening once more, in the plainest way: each definition and each rule is worked out anew wherever
//! it is needed, nothing is remembered, and every table is searched row by row.
//!
//! It shares with the engine only how one condition is evaluated.

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::condition::{Environment, Problem, Trace};
use catchall_engine::facts::{
    Application, FactId, ItemFacts, PartSet, Record, Scope, Truth, Type, Value,
};
use catchall_engine::reference::Reference;
use catchall_engine::ruleset::{Effect, Meaning, Requirement, Review, Rule, Ruleset};
use catchall_engine::time::{Dates, Period};

/// What the oracle says of an application, or of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What is required, at least and at most.
    pub requirement: (Requirement, Requirement),
    /// How it is reviewed, at least and at most.
    pub review: (Option<Review>, Option<Review>),
    /// Rules that stand.
    pub stands: BTreeSet<Arc<str>>,
    /// Rules that may stand.
    pub may: BTreeSet<Arc<str>>,
    /// Rules that are lifted.
    pub lifted: BTreeSet<Arc<str>>,
}

impl Said {
    fn nothing() -> Self {
        Self {
            requirement: (Requirement::OutOfScope, Requirement::OutOfScope),
            review: (None, None),
            stands: BTreeSet::new(),
            may: BTreeSet::new(),
            lifted: BTreeSet::new(),
        }
    }

    /// Both: the worst of each, and all findings.
    fn join(&mut self, other: Self) {
        self.requirement.0 = self.requirement.0.max(other.requirement.0);
        self.requirement.1 = self.requirement.1.max(other.requirement.1);
        self.review.0 = self.review.0.max(other.review.0);
        self.review.1 = self.review.1.max(other.review.1);
        self.stands.extend(other.stands);
        self.may.extend(other.may);
        self.lifted.extend(other.lifted);
    }
}

/// What a ruleset says of an application on a day.
pub fn screen(
    application: &Application,
    ruleset: &Ruleset,
    reference: &Reference,
    dates: Dates,
) -> Said {
    let mut said = Said::nothing();
    if dates.as_of < ruleset.models_from {
        said.requirement.1 = Requirement::Prohibited;
        said.review.1 = Some(Review::MustRefuse);
        return said;
    }
    for item in &application.items {
        let case = Case {
            application,
            item,
            ruleset,
            reference,
            dates,
        };
        said.join(case.said());
    }
    said
}

struct Case<'c> {
    application: &'c Application,
    item: &'c ItemFacts,
    ruleset: &'c Ruleset,
    reference: &'c Reference,
    dates: Dates,
}

impl Case<'_> {
    fn governs(&self) -> Truth {
        self.ruleset.applies.evaluate(self).truth()
    }

    /// In force, and its condition holds.
    fn holds(&self, rule: &Rule) -> Truth {
        let mut in_force = false;
        for period in &rule.in_force {
            in_force |= within(*period, self.dates.as_of);
        }
        if in_force && self.governs() != Truth::False {
            rule.when.evaluate(self).truth()
        } else {
            Truth::False
        }
    }

    /// The ruleset governs, the rule holds, and none that lifts it stands.
    fn stands(&self, rule: &Rule) -> Truth {
        let mut lifted = Truth::False;
        for other in &self.ruleset.rules {
            if self.lifts(other).iter().any(|target| target.id == rule.id) {
                lifted = either(lifted, self.stands(other));
            }
        }
        both(both(self.governs(), self.holds(rule)), opposite(lifted))
    }

    fn lifts(&self, rule: &Rule) -> Vec<&Rule> {
        match &rule.effect {
            Effect::Lifts(targets, _) => targets
                .iter()
                .filter_map(|at| self.ruleset.rules.get(*at))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn lifts_something(&self, rule: &Rule) -> Truth {
        let mut any = Truth::False;
        for target in self.lifts(rule) {
            any = either(any, self.holds(target));
        }
        any
    }

    fn said(&self) -> Said {
        let mut said = Said::nothing();
        let governs = self.governs();
        if governs == Truth::True {
            said.requirement.0 = Requirement::NotRequired;
        }
        if governs != Truth::False {
            said.requirement.1 = Requirement::NotRequired;
        }
        for rule in &self.ruleset.rules {
            let (level, truth) = match &rule.effect {
                Effect::Requires(level) => (*level, self.stands(rule)),
                Effect::Lifts(_, leaves) => {
                    (*leaves, both(self.stands(rule), self.lifts_something(rule)))
                }
                _ => continue,
            };
            let certain = match self.left_for_certain(rule, level) {
                _ if truth == Truth::True => Some(level),
                left => left,
            };
            said.requirement.0 = said
                .requirement
                .0
                .max(certain.unwrap_or(said.requirement.0));
            if truth != Truth::False && said.requirement.1 < level {
                said.requirement.1 = level;
            }
        }
        said.review = self.review(said.requirement);
        self.find(&mut said);
        said
    }

    /// What a norm whose condition certainly holds leaves in any case: it stands, or one of its
    /// exceptions does and leaves its own level.
    fn left_for_certain(&self, rule: &Rule, level: Requirement) -> Option<Requirement> {
        let holds = both(self.governs(), self.holds(rule));
        if holds != Truth::True || !matches!(rule.effect, Effect::Requires(_)) {
            return None;
        }
        let mut least = level;
        for other in &self.ruleset.rules {
            let Effect::Lifts(_, leaves) = other.effect else {
                continue;
            };
            let lifts = self.lifts(other).iter().any(|target| target.id == rule.id);
            if lifts && self.stands(other) != Truth::False {
                least = least.min(leaves);
            }
        }
        Some(least)
    }

    /// The least and the greatest review over all ways in which the unknown rules may turn out.
    fn review(&self, requirement: (Requirement, Requirement)) -> (Option<Review>, Option<Review>) {
        let mut certain = Vec::new();
        let mut open = Vec::new();
        for rule in &self.ruleset.rules {
            if let Effect::Review(level) = rule.effect {
                match self.stands(rule) {
                    Truth::True => certain.push(level),
                    Truth::Unknown => open.push(level),
                    Truth::False => {}
                }
            }
        }
        // None of the open ones, each alone, or all: the least and the greatest are among these.
        let mut ways = vec![certain.clone()];
        for level in &open {
            let mut way = certain.clone();
            way.push(*level);
            ways.push(way);
        }
        let results = ways
            .iter()
            .map(|way| way.iter().max().copied().unwrap_or(Review::CaseByCase));
        let results: Vec<Review> = results.collect();
        let needed = |level: Requirement| level >= Requirement::LicenceRequired;
        (
            results
                .iter()
                .min()
                .copied()
                .filter(|_| needed(requirement.0)),
            results
                .iter()
                .max()
                .copied()
                .filter(|_| needed(requirement.1)),
        )
    }

    fn find(&self, said: &mut Said) {
        for rule in &self.ruleset.rules {
            let idle = match rule.effect {
                Effect::Lifts(..) => self.lifts_something(rule) == Truth::False,
                Effect::Review(_) => said.review.1.is_none(),
                _ => false,
            };
            if idle {
                continue;
            }
            let set = match (self.stands(rule), self.holds(rule)) {
                (Truth::True, _) => &mut said.stands,
                (Truth::Unknown, _) => &mut said.may,
                (Truth::False, Truth::False) => continue,
                (Truth::False, _) => &mut said.lifted,
            };
            set.insert(Arc::clone(&rule.id));
        }
    }

    /// The control list whose entries a set of codes holds, if it holds any's.
    fn list_of(&self, set: &str) -> Option<&str> {
        let table = self.ruleset.catalogue.code_set(set)?.table.as_ref()?;
        table.strip_prefix("control_entries/")
    }

    fn destination(&self) -> Option<Arc<str>> {
        match self.fact(self.ruleset.catalogue.by_path("destination")?) {
            Value::Text(code) => Some(code),
            _ => None,
        }
    }

    /// The entries of an item that were in the list on the day; else those that its customs code may cover.
    fn entries(&self, stated: &Value, list: &str) -> Value {
        let set = match stated {
            Value::Set(set) => set.as_ref().clone(),
            _ => match self.covered(list) {
                Some(set) => set,
                None => return Value::Unknown,
            },
        };
        let mut found = PartSet {
            open: set.open,
            ..PartSet::default()
        };
        for code in set.certain.iter().chain(&set.possible) {
            let stood = self
                .reference
                .entries
                .in_force(list, code, self.dates.as_of);
            if stood == Truth::True && set.certain.contains(code) {
                found.certain.insert(Arc::clone(code));
            } else if stood != Truth::False {
                found.possible.insert(Arc::clone(code));
            }
        }
        Value::Set(Arc::new(found))
    }

    fn covered(&self, list: &str) -> Option<PartSet> {
        let hs = self.item.fact(self.ruleset.catalogue.by_path("item.hs")?);
        let covers = self.reference.correlation.entries(hs.as_text()?, list)?;
        let mut set = PartSet {
            open: covers.is_empty(),
            ..PartSet::default()
        };
        for cover in covers {
            set.open |= !cover.verified;
            set.possible.insert(Arc::clone(&cover.code));
        }
        Some(set)
    }
}

impl Environment for Case<'_> {
    fn fact(&self, id: FactId) -> Value {
        let Some(fact) = self.ruleset.catalogue.fact(id) else {
            return Value::Unknown;
        };
        let stated = match fact.scope {
            Scope::Item => self.item.fact(id),
            Scope::Application => self.application.fact(id),
        };
        match &fact.field.ty {
            Type::Set(set) => match self.list_of(set) {
                Some(list) => self.entries(stated, list),
                None => stated.clone(),
            },
            _ => stated.clone(),
        }
    }

    fn group(&self, country: &str, group: &str) -> Truth {
        let Some(group) = self.reference.groups.get(group) else {
            return Truth::Unknown;
        };
        let known = group.known_from.is_none_or(|from| self.dates.as_of >= from);
        for (member, rows) in group.members() {
            for row in rows {
                let unpublished = row.published.is_some_and(|day| day > self.dates.known_at);
                let undated = row.period.from.is_none() && !known;
                if member.as_ref() == country
                    && within(row.period, self.dates.as_of)
                    && !unpublished
                    && !undated
                {
                    return Truth::from(row.member);
                }
            }
        }
        if known && group.complete {
            Truth::False
        } else {
            Truth::Unknown
        }
    }

    fn indicator(&self, name: &str, country: Option<&str>) -> Value {
        let Some(country) = country.map(Arc::from).or_else(|| self.destination()) else {
            return Value::Unknown;
        };
        let Some(series) = self.reference.indicators.get(name) else {
            return Value::Unknown;
        };
        let mut latest = None;
        for figure in series.all(&country) {
            let public = figure
                .published
                .is_none_or(|day| day <= self.dates.known_at);
            if public && figure.year <= self.dates.as_of.year() {
                latest = Some(figure);
            }
        }
        let age = |year: i16| self.dates.as_of.year().saturating_sub(year);
        match latest {
            Some(figure)
                if series
                    .max_age_years
                    .is_none_or(|most| age(figure.year) <= most) =>
            {
                Value::Number(figure.value.clone())
            }
            _ => Value::Unknown,
        }
    }

    fn parameter(&self, name: &str) -> Value {
        for (known, parameter) in &self.ruleset.parameters {
            for (period, value, _) in &parameter.values {
                if known.as_ref() == name && within(*period, self.dates.as_of) {
                    return value.clone();
                }
            }
        }
        Value::Unknown
    }

    fn definition(&self, name: &str) -> Value {
        for definition in &self.ruleset.definitions {
            if definition.name.as_ref() == name {
                return match &definition.meaning {
                    Meaning::When(condition) => condition.evaluate(self),
                    Meaning::Table(table) => table.evaluate(self),
                };
            }
        }
        Value::Unknown
    }

    fn definition_trace(&self, name: &str) -> Trace {
        Trace::leaf(name, self.definition(name))
    }

    fn charted(&self, column: &str) -> Truth {
        let group = format!("us.chart.{}", column.to_lowercase());
        self.destination()
            .map_or(Truth::Unknown, |code| self.group(&code, &group))
    }

    fn listed(&self, party: &Record, list: &str) -> Truth {
        let stated = match party.field("listed_on") {
            Value::Set(lists) => lists.any(|known| known == list),
            _ => Truth::Unknown,
        };
        let name = party.field("name");
        let country = party.field("country");
        let found = name.as_text().map_or(Truth::Unknown, |name| {
            self.reference
                .listings
                .find(list, name, country.as_text(), self.dates.as_of)
                .0
        });
        if stated == Truth::True || found == Truth::True {
            Truth::True
        } else if stated == Truth::False {
            Truth::False
        } else {
            found
        }
    }

    fn is_under(&self, code: &str, ancestor: &str) -> bool {
        if code == ancestor {
            return true;
        }
        for (name, set) in self.ruleset.catalogue.code_sets() {
            let parent = set
                .parents
                .get(code)
                .filter(|_| self.list_of(name).is_some());
            if parent.is_some_and(|parent| self.is_under(parent, ancestor)) {
                return true;
            }
        }
        false
    }

    fn problem(&self, _: Problem) {}
}

fn within(period: Period, day: catchall_engine::time::Date) -> bool {
    let begun = match period.from {
        Some(from) => day >= from,
        None => true,
    };
    let over = match period.until {
        Some(until) => day >= until,
        None => false,
    };
    begun && !over
}

fn both(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Truth::False, _) | (_, Truth::False) => Truth::False,
        (Truth::True, Truth::True) => Truth::True,
        _ => Truth::Unknown,
    }
}

fn either(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Truth::True, _) | (_, Truth::True) => Truth::True,
        (Truth::False, Truth::False) => Truth::False,
        _ => Truth::Unknown,
    }
}

fn opposite(one: Truth) -> Truth {
    match one {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        Truth::Unknown => Truth::Unknown,
    }
}
