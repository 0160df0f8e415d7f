//! The facts and figures that a finding rests on, each with its source.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use super::environment::ItemEnvironment;
use crate::condition::{Read, notation};
use crate::facts::{FactId, Truth, Value};
use crate::reference::Table;
use crate::ruleset::chart_group;
use crate::time::{Date, Period};

/// One fact or figure that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Its path or name: `exporter.aware_of`, `parties[0].type`, `wgi.rule_of_law`.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// Its value in the notation of the conformance cases; `"unknown"` where it is not known.
    pub value: Json,
    /// Its value for people.
    pub shown: String,
    /// Whether all of it is known.
    pub known: bool,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Provenance {
    /// The application states it.
    Stated,
    /// Nobody states it.
    NotStated,
    /// A parameter of the ruleset.
    Parameter {
        /// The provision that sets it.
        citation: String,
        /// Whether that was checked.
        verified: bool,
    },
    /// A table of the reference data.
    Table {
        /// The table's id.
        table: String,
        /// Its publisher.
        publisher: String,
        /// The year of a figure.
        #[serde(skip_serializing_if = "Option::is_none")]
        year: Option<i16>,
        /// The period of a membership or listing.
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<Period>,
        /// When it was published.
        #[serde(skip_serializing_if = "Option::is_none")]
        published: Option<Date>,
        /// Standard error of a figure.
        #[serde(skip_serializing_if = "Option::is_none")]
        standard_error: Option<String>,
        /// The act or notice that says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        basis: Option<String>,
        /// Whether the row was checked against its source.
        verified: bool,
    },
}

/// What the reads of one item found, with its sources: rules read the same again and again.
pub(super) struct Sources<'e> {
    pub(super) environment: &'e ItemEnvironment<'e>,
    known: HashMap<Read, Option<Arc<Used>>>,
}

impl<'e> Sources<'e> {
    pub(super) fn new(environment: &'e ItemEnvironment<'e>) -> Self {
        Self {
            environment,
            known: HashMap::new(),
        }
    }

    /// The facts that were read, each once, in the order in which they were read.
    pub(super) fn of(&mut self, reads: &[&Read]) -> Vec<Arc<Used>> {
        let mut found: Vec<Arc<Used>> = Vec::new();
        let mut seen = HashSet::new();
        for read in reads.iter().filter(|read| seen.insert(**read)) {
            if let Some(used) = self.one(read)
                && !found.iter().any(|known| known.name == used.name)
            {
                found.push(used);
            }
        }
        found
    }

    fn one(&mut self, read: &Read) -> Option<Arc<Used>> {
        if let Some(known) = self.known.get(read) {
            return known.clone();
        }
        let used = one(read, self.environment).map(Arc::new);
        self.known.insert(read.clone(), used.clone());
        used
    }
}

/// What a read found, with its source; none where it is shown by its parts.
pub(super) fn one(read: &Read, environment: &ItemEnvironment<'_>) -> Option<Used> {
    match read {
        Read::Fact(id, value) => fact(*id, value, environment),
        Read::Member(list, index, field, value) => member(*list, *index, field, value, environment),
        Read::Group(country, group, truth) => Some(membership(country, group, *truth, environment)),
        Read::Charted(column, truth) => {
            let country = environment.destination()?;
            Some(membership(
                &country,
                &chart_group(column),
                *truth,
                environment,
            ))
        }
        Read::Indicator(name, country, value) => {
            indicator(name, country.as_ref(), value, environment)
        }
        Read::Parameter(name, value) => parameter(name, value, environment),
        Read::Listed(index, list, truth) => Some(listed(*index, list, *truth, environment)),
    }
}

fn of(name: String, label: String, value: &Value, provenance: Provenance) -> Used {
    Used {
        name,
        label,
        value: notation(value),
        shown: value.to_string(),
        known: value.is_settled(),
        provenance,
    }
}

fn stated(value: &Value) -> Provenance {
    if value.is_unknown() {
        Provenance::NotStated
    } else {
        Provenance::Stated
    }
}

fn fact(id: FactId, value: &Value, environment: &ItemEnvironment<'_>) -> Option<Used> {
    let fact = environment.ruleset.catalogue.fact(id)?;
    let record_list = matches!(value, Value::List(items) if items.iter().any(|item| matches!(item, Value::Record(_))));
    if record_list {
        // A list of parties is shown by the fields that were read of each.
        return None;
    }
    let derived = !value.is_unknown()
        && environment.item.fact(id).is_unknown()
        && environment.application.fact(id).is_unknown();
    let provenance = if derived {
        Provenance::from_table(environment, "hs_correlation", None, None, None)
    } else {
        stated(value)
    };
    Some(of(
        fact.field.name.to_string(),
        fact.field.label.to_string(),
        value,
        provenance,
    ))
}

fn member(
    list: Option<FactId>,
    index: usize,
    field: &Arc<str>,
    value: &Value,
    environment: &ItemEnvironment<'_>,
) -> Option<Used> {
    let fact = environment.ruleset.catalogue.fact(list?)?;
    let record = environment
        .ruleset
        .catalogue
        .record_of(&fact.field.notation)?;
    let label = record
        .fields
        .iter()
        .find(|known| known.name == *field)?
        .label
        .to_string();
    let name = format!("{}[{index}].{field}", fact.field.name);
    Some(of(name, label, value, stated(value)))
}

fn membership(country: &str, group: &str, truth: Truth, environment: &ItemEnvironment<'_>) -> Used {
    let known = environment.reference.groups.get(group);
    let row = known.and_then(|group| group.membership(country, environment.dates).1);
    let title = known.map_or(group, |group| &group.title);
    let label = format!(
        "{} in {title}",
        environment.reference.destinations.name(country)
    );
    let period = row.map(|row| row.period);
    let basis = row
        .map(|row| row.basis.to_string())
        .or_else(|| known.map(|group| group.citation.to_string()));
    let verified = row.map_or(known.is_some_and(|group| group.verified), |row| {
        row.verified
    });
    let mut provenance =
        Provenance::from_table(environment, "groups", period, basis, Some(verified));
    if let (Provenance::Table { published, .. }, Some(row)) = (&mut provenance, row) {
        *published = row.published;
    }
    of(
        format!("group {group} of {country}"),
        label,
        &Value::from(truth),
        provenance,
    )
}

fn indicator(
    name: &str,
    country: Option<&Arc<str>>,
    value: &Value,
    environment: &ItemEnvironment<'_>,
) -> Option<Used> {
    let series = environment.reference.indicators.get(name)?;
    let country = country.cloned().or_else(|| environment.destination());
    let figure = country
        .as_ref()
        .and_then(|country| series.latest(country, environment.dates));
    let mut provenance = Provenance::from_table(environment, &series.table, None, None, Some(true));
    if let (
        Provenance::Table {
            year,
            published,
            standard_error,
            ..
        },
        Some(figure),
    ) = (&mut provenance, figure)
    {
        *year = Some(figure.year);
        *published = figure.published;
        *standard_error = figure.standard_error.as_ref().map(ToString::to_string);
    }
    let place = country.map_or_else(
        || "the destination".to_owned(),
        |code| environment.reference.destinations.name(&code).to_owned(),
    );
    Some(of(
        name.to_owned(),
        format!("{} of {place}", words(name)),
        value,
        provenance,
    ))
}

/// `wgi.rule_of_law` as words: rule of law (WGI).
fn words(name: &str) -> String {
    match name.split_once('.') {
        Some((table, figure)) => format!("{} ({})", figure.replace('_', " "), table.to_uppercase()),
        None => name.to_owned(),
    }
}

fn parameter(name: &str, value: &Value, environment: &ItemEnvironment<'_>) -> Option<Used> {
    let parameter = environment.ruleset.parameters.get(name)?;
    let citation = parameter
        .values
        .iter()
        .find(|(period, ..)| period.contains(environment.dates.as_of))
        .map(|(.., citation)| citation);
    let provenance = match citation {
        Some(citation) => Provenance::Parameter {
            citation: format!("{}, {}", citation.provision, citation.instrument),
            verified: citation.verified,
        },
        None => Provenance::NotStated,
    };
    Some(of(
        format!("parameter {name}"),
        parameter.title.to_string(),
        value,
        provenance,
    ))
}

fn listed(index: usize, list: &str, truth: Truth, environment: &ItemEnvironment<'_>) -> Used {
    let title = environment
        .ruleset
        .catalogue
        .code_set("list")
        .and_then(|set| set.values.get(list).cloned());
    let label = format!(
        "party {} on {}",
        index.saturating_add(1),
        title.as_deref().unwrap_or(list)
    );
    let listing = environment.listing_of(index, list);
    let provenance = match listing {
        Some(listing) => {
            let basis = Some(listing.citation.to_string());
            Provenance::from_table(
                environment,
                "listings",
                Some(listing.period),
                basis,
                Some(listing.verified),
            )
        }
        None if truth == Truth::Unknown => Provenance::NotStated,
        None => Provenance::Stated,
    };
    of(
        format!("parties[{index}] on {list}"),
        label,
        &Value::from(truth),
        provenance,
    )
}

impl Provenance {
    fn from_table(
        environment: &ItemEnvironment<'_>,
        table: &str,
        period: Option<Period>,
        basis: Option<String>,
        verified: Option<bool>,
    ) -> Self {
        let described: Option<&Table> = environment.reference.tables.get(table);
        Self::Table {
            table: table.to_owned(),
            publisher: described
                .map(|table| table.publisher.clone())
                .unwrap_or_default(),
            year: None,
            period,
            published: None,
            standard_error: None,
            basis,
            verified: verified.unwrap_or_else(|| described.is_some_and(|table| table.verified)),
        }
    }
}
