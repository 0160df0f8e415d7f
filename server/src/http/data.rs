//! Reference data and destinations, to read.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use catchall_engine::facts::Truth;
use catchall_engine::reference::{Destination, Reference};
use catchall_engine::source::nearest;
use catchall_engine::time::{Date, Dates, Period};
use serde::Serialize;
use utoipa::ToSchema;

use super::form::Form;
use super::options::{NoOptions, Options};
use super::resource::Resource;
use crate::app::{Shared, now};
use crate::problem::{Answer, NOT_FOUND, Problem};

/// List the tables of reference data: publisher, licence, limits, columns, SHA-256.
#[utoipa::path(
    get,
    path = "/v1/data",
    tag = "data",
    responses((status = 200, description = "The tables, by their names.", body = Object))
)]
pub(crate) async fn tables(
    State(app): State<Shared>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let world = app.world.load();
    Ok(Resource::json(&world.library.reference.tables)?.respond(&headers))
}

/// Read a table: its rows as CSV, or its description as JSON.
#[utoipa::path(
    get,
    path = "/v1/data/{table}",
    tag = "data",
    params(("table" = String, Path, description = "Its name.", example = "group_index")),
    responses((status = 200, description = "The table.", content((String = "text/csv"), (Object = "application/json"))))
)]
pub(crate) async fn table(
    State(app): State<Shared>,
    Path(name): Path<String>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let form = Form::wanted(&headers, &[Form::Csv, Form::Json])?;
    let ending = if form == Form::Csv { "csv" } else { "json" };
    let world = app.world.load();
    let known = &world.library.reference.tables;
    if !known.contains_key(name.as_str()) {
        let names = known.keys().map(AsRef::as_ref);
        return Err(Problem::absent("no table of this name", &name, names));
    }
    let bytes = world.material.data.get(&format!("{name}/{name}.{ending}"));
    let bytes = bytes.cloned().unwrap_or_default();
    Ok(Resource::new(form, bytes).respond(&headers))
}

/// A destination in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DestinationLine {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
}

/// List the destinations.
#[utoipa::path(
    get,
    path = "/v1/destinations",
    tag = "data",
    responses((status = 200, description = "Codes and names.", body = Vec<DestinationLine>))
)]
pub(crate) async fn destinations(
    State(app): State<Shared>,
    _: NoOptions,
    headers: HeaderMap,
) -> Answer<Response> {
    let world = app.world.load();
    let lines = world.library.reference.destinations.iter();
    let lines: Vec<DestinationLine> = lines
        .map(|one| DestinationLine {
            code: one.code.to_string(),
            name: one.name.to_string(),
        })
        .collect();
    Ok(Resource::json(&lines)?.respond(&headers))
}

/// What the tables tell of a destination.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DestinationProfile {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// The day whose groups are shown.
    as_of: String,
    /// The day up to which data had been published.
    known_at: String,
    /// The groups that it belongs to, may belong to, or once belonged to.
    groups: Vec<GroupLine>,
    /// Figures, the latest that counts on the day.
    figures: Vec<FigureLine>,
}

/// A group of countries, and whether a destination belongs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupLine {
    /// The group's id, as conditions write it.
    group: String,
    /// Its title.
    title: String,
    /// `true`, `false` or `unknown` on the day.
    member: &'static str,
    /// The periods of membership that are recorded.
    periods: Vec<PeriodLine>,
}

/// Days from `from` until before `until`; an open end is left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeriodLine {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The first day after.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl From<&Period> for PeriodLine {
    fn from(period: &Period) -> Self {
        Self {
            from: period.from.map(|day| day.to_string()),
            until: period.until.map(|day| day.to_string()),
        }
    }
}

/// A figure about a destination.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FigureLine {
    /// Its name, as conditions write it.
    indicator: String,
    /// The table that holds it.
    table: String,
    /// The year it is about; none where no figure counts on the day.
    year: Option<i16>,
    /// The figure, all its digits; null is unknown.
    value: Option<String>,
    /// Its standard error, where one is published.
    standard_error: Option<String>,
}

/// Read what the tables tell of a destination on a day: groups and figures.
#[utoipa::path(
    get,
    path = "/v1/destinations/{destination}",
    tag = "data",
    params(
        ("destination" = String, Path, description = "Code or name.", example = "EG"),
        ("as_of" = Option<String>, Query, description = "The day; today if none.", example = "2021-11-15"),
        ("known_at" = Option<String>, Query, description = "The day up to which data had been published; else the same."),
    ),
    responses((status = 200, description = "Its profile.", body = DestinationProfile))
)]
pub(crate) async fn destination(
    State(app): State<Shared>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer<Response> {
    let options = Options::read(&uri, &["as_of", "known_at"])?;
    let as_of = options.day("as_of")?.unwrap_or_else(today);
    let dates = Dates {
        as_of,
        known_at: options.day("known_at")?.unwrap_or(as_of),
    };
    let world = app.world.load();
    let reference = &world.library.reference;
    let found = find(reference, &name, as_of)?;
    Ok(Resource::json(&profile(reference, found, dates))?.respond(&headers))
}

/// Today, in universal time.
pub(crate) fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(now()).date().into()
}

fn find<'r>(reference: &'r Reference, text: &str, day: Date) -> Answer<&'r Destination> {
    let code = reference.destinations.resolve(text, day);
    let found = code.and_then(|code| reference.destinations.get(code));
    found.ok_or_else(|| {
        let names = reference.destinations.iter().map(|one| one.name.as_ref());
        let near = nearest(text, names);
        let help = near
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        Problem::new(
            &NOT_FOUND,
            format!("no destination of this code or name{help}"),
        )
    })
}

fn profile(reference: &Reference, destination: &Destination, dates: Dates) -> DestinationProfile {
    DestinationProfile {
        code: destination.code.to_string(),
        name: destination.name.to_string(),
        as_of: dates.as_of.to_string(),
        known_at: dates.known_at.to_string(),
        groups: groups(reference, &destination.code, dates),
        figures: figures(reference, &destination.code, dates),
    }
}

fn groups(reference: &Reference, code: &str, dates: Dates) -> Vec<GroupLine> {
    let line = |(id, group): (&std::sync::Arc<str>, &catchall_engine::reference::Group)| {
        let (member, _) = group.membership(code, dates);
        let rows = group
            .members()
            .find(|(country, _)| country.as_ref() == code);
        let rows = rows.map(|(_, rows)| rows).unwrap_or_default();
        let recorded = rows.iter().filter(|row| row.member);
        let periods: Vec<PeriodLine> = recorded.map(|row| PeriodLine::from(&row.period)).collect();
        let told = member != Truth::False || !periods.is_empty();
        told.then(|| GroupLine {
            group: id.to_string(),
            title: group.title.to_string(),
            member: match member {
                Truth::True => "true",
                Truth::False => "false",
                Truth::Unknown => "unknown",
            },
            periods,
        })
    };
    reference.groups.iter().filter_map(line).collect()
}

fn figures(reference: &Reference, code: &str, dates: Dates) -> Vec<FigureLine> {
    let lines = reference.indicators.iter().map(|(name, series)| {
        let figure = series.latest(code, dates);
        FigureLine {
            indicator: name.to_string(),
            table: series.table.to_string(),
            year: figure.map(|figure| figure.year),
            value: figure.map(|figure| figure.value.to_string()),
            standard_error: figure
                .and_then(|figure| figure.standard_error.as_ref())
                .map(ToString::to_string),
        }
    });
    lines.collect()
}
