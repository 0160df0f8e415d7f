//! What figures within their published intervals do to an answer, for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use catchall_engine::bulk::Hanging;
use catchall_engine::screening::{INTERVAL, Sensed, Sensitivity, Shift};
use catchall_report::change::bounds;
use catchall_report::grouped;

/// What moves one answer.
pub(crate) fn of_one(found: &Sensitivity) -> String {
    let mut out = format!("\nSensitivity: {}\n", found.interval);
    for sensed in &found.figures {
        figure(&mut out, sensed);
    }
    if found.figures.iter().all(|sensed| sensed.moves.is_empty()) {
        out.push_str("  no figure changes the answer within its interval\n");
    }
    for name in &found.without_interval {
        _ = writeln!(out, "  {name}: no interval is published");
    }
    for name in &found.without_figure {
        _ = writeln!(out, "  {name}: no figure is known");
    }
    out
}

fn figure(out: &mut String, sensed: &Sensed) {
    let Sensed {
        indicator,
        year,
        value,
        low,
        high,
        ..
    } = sensed;
    let steady = if sensed.moves.is_empty() {
        "; nothing changes"
    } else {
        ""
    };
    _ = writeln!(
        out,
        "  {indicator} {value} ({year}), {low} to {high}{steady}"
    );
    sensed.moves.iter().for_each(|shift| moved(out, shift));
}

fn moved(out: &mut String, shift: &Shift) {
    let way = match (shift.beyond, shift.up) {
        (false, _) => "at",
        (true, true) => "above",
        (true, false) => "below",
    };
    let far = if shift.up { "higher" } else { "lower" };
    let moves = match shift.direction {
        Some(direction) => format!("{} ({})", bounds(&shift.bounds), direction.words()),
        None => "the bounds stay".to_owned(),
    };
    _ = writeln!(out, "    {way} {}, {} {far}: {moves}", shift.at, shift.by);
    for found in &shift.rules {
        let (base, amended) = (found.base.words(), found.amended.words());
        _ = writeln!(out, "      {}: {base} → {amended}", found.rule);
    }
}

/// How many records hang on which indicator.
pub(crate) fn of_table(found: &BTreeMap<Arc<str>, Hanging>) -> String {
    let mut out = format!("\nRecords that hang on the margin: {INTERVAL}\n");
    if found.is_empty() {
        out.push_str("  none\n");
    }
    for (indicator, hanging) in found {
        let values = hanging.all.values.iter();
        let worth: String = values
            .map(|(unit, value)| format!(" · {unit} {}", value.sum()))
            .collect();
        let rows = grouped(hanging.all.rows.into());
        _ = writeln!(out, "  {rows:>10}  {indicator}{worth}");
        let mut places: Vec<_> = hanging.destinations.iter().collect();
        places.sort_by_key(|(_, counted)| std::cmp::Reverse(counted.rows));
        let places = places.iter().take(10);
        let places = places.map(|(code, one)| format!("{code} {}", grouped(one.rows.into())));
        _ = writeln!(
            out,
            "              {}",
            places.collect::<Vec<String>>().join(", ")
        );
    }
    out
}
