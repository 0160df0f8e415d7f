//! US country groups and Commerce Country Chart, from the stored text of the eCFR.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::codes::Codes;
use super::groups::Membership;
use super::source::Source;

const CHART: &str = "regimes/country-chart.json";
/// The day whose text the two files hold.
const SNAPSHOT: &str = "2026-07-23";
const GROUPS: &str = "regimes/country-groups.json";

#[derive(Debug, Deserialize)]
struct GroupFile {
    citation: String,
    groups: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChartFile {
    citation: String,
    columns: Vec<String>,
    countries: BTreeMap<String, ChartRow>,
    embargoed: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct ChartRow {
    marks: Vec<String>,
}

/// A destination that has no line of its own, the one whose line it follows, and why.
const FOLLOWS: [(&str, &str, &str); 3] = [
    (
        "HK",
        "CN",
        "85 FR 83765: no destination of its own since 2020-12-23; follows CN",
    ),
    ("KY", "GB", "738.3(b): follows GB"),
    ("LI", "CH", "738.3(b) and chart footnote 5: follows CH"),
];

/// The groups A:1 to E:2, with an `out` row for every destination that the chart or Part 746 names.
pub(super) fn country_groups(source: &Source, codes: &Codes) -> Result<Vec<Membership>> {
    let file: GroupFile = source.json(GROUPS)?;
    let mut named = charted(&chart(source)?, codes)?;
    named.insert("US".to_owned());
    let mut rows = Vec::new();
    for (label, names) in &file.groups {
        let members = resolve(names, codes).with_context(|| format!("{GROUPS}: {label}"))?;
        let group = format!("us.{}", label.replace(':', "").to_lowercase());
        rows.extend(named.iter().map(|code| {
            let lead = leader(code);
            let inside = members.contains(code) || members.contains(lead.0);
            member(
                &group,
                code,
                inside,
                &format!("{}{}", file.citation, lead.1),
            )
        }));
    }
    Ok(rows)
}

/// The chart's columns: an X is `in`, a line without X is `out`, no line is no row.
pub(super) fn chart_columns(source: &Source, codes: &Codes) -> Result<Vec<Membership>> {
    let file = chart(source)?;
    let mut marks = BTreeMap::new();
    for (name, row) in &file.countries {
        let code = codes.named(name).with_context(|| CHART.to_owned())?;
        marks.insert(code.to_owned(), &row.marks);
    }
    let mut rows = Vec::new();
    for column in &file.columns {
        let group = format!("us.chart.{}", column.replace(' ', "").to_lowercase());
        for code in charted_lines(&marks) {
            let (lead, why) = leader(code);
            let inside = marks.get(lead).is_some_and(|marks| marks.contains(column));
            rows.push(member(
                &group,
                code,
                inside,
                &format!("{}{why}", file.citation),
            ));
        }
    }
    Ok(rows)
}

/// The lines of the chart and the destinations that follow one.
fn charted_lines<'a>(marks: &'a BTreeMap<String, &Vec<String>>) -> BTreeSet<&'a str> {
    let followers = FOLLOWS.iter().map(|(code, _, _)| *code);
    marks.keys().map(String::as_str).chain(followers).collect()
}

fn chart(source: &Source) -> Result<ChartFile> {
    source.json(CHART)
}

/// Every destination that the EAR treats by name: chart lines, Part 746, and followers.
fn charted(file: &ChartFile, codes: &Codes) -> Result<BTreeSet<String>> {
    let lines = file.countries.keys().chain(file.embargoed.keys());
    let mut codes = resolve(lines, codes).with_context(|| CHART.to_owned())?;
    codes.extend(FOLLOWS.iter().map(|(code, _, _)| (*code).to_owned()));
    Ok(codes)
}

fn resolve<'a>(
    names: impl IntoIterator<Item = &'a String>,
    codes: &Codes,
) -> Result<BTreeSet<String>> {
    names
        .into_iter()
        .map(|name| codes.named(name).map(str::to_owned))
        .collect()
}

/// The destination whose line this one follows, itself as a rule, and a note for the basis.
fn leader(code: &str) -> (&str, String) {
    let follows = FOLLOWS.iter().find(|(follower, _, _)| *follower == code);
    follows.map_or((code, String::new()), |(_, lead, why)| {
        (lead, format!("; {why}"))
    })
}

fn member(group: &str, code: &str, inside: bool, basis: &str) -> Membership {
    Membership {
        group: group.to_owned(),
        destination: code.to_owned(),
        status: if inside { "in" } else { "out" }.to_owned(),
        from: SNAPSHOT.to_owned(),
        until: String::new(),
        published: String::new(),
        basis: format!("{basis} (eCFR {SNAPSHOT})"),
        verified: "true".to_owned(),
    }
}
