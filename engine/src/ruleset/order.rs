//! Puts rules after those that lift them, and definitions after those that they rest on.

use std::sync::Arc;

use super::compile::{WrittenRule, defined, unknown_rule};
use super::definitions::Definition;
use super::rule::Effect;
use crate::source::{Collector, Diagnostic};

/// Finds the rules that lifts name, and the order in which rules can be evaluated.
pub(super) fn link_lifts(rules: &mut [WrittenRule], collector: &mut Collector<'_>) -> Vec<usize> {
    let ids: Vec<Arc<str>> = rules
        .iter()
        .map(|written| Arc::clone(&written.rule.id))
        .collect();
    for at in 0..rules.len() {
        let targets = targets(rules, at, &ids, collector);
        for target in &targets {
            if let Some(lifted) = rules.get_mut(*target) {
                lifted.rule.lifted_by.push(at);
            }
        }
        if let Some(Effect::Lifts(found, _)) =
            rules.get_mut(at).map(|written| &mut written.rule.effect)
        {
            *found = targets;
        }
    }
    let before: Vec<Vec<usize>> = rules
        .iter()
        .map(|written| written.rule.lifted_by.clone())
        .collect();
    sorted(&before).unwrap_or_else(|cycle| {
        let named: Vec<&str> = cycle
            .iter()
            .filter_map(|at| ids.get(*at))
            .map(AsRef::as_ref)
            .collect();
        let found = format!("a cycle of lifts: {}", named.join(" is lifted by "));
        let error = Diagnostic::error("R115", found, "exceptions that do not cancel themselves");
        let document = cycle
            .first()
            .and_then(|at| rules.get(*at))
            .map(|written| written.document.place(""));
        collector.problems.push(
            error
                .help("let one of them give way")
                .at(document.unwrap_or_default()),
        );
        Vec::new()
    })
}

fn targets(
    rules: &[WrittenRule],
    at: usize,
    ids: &[Arc<str>],
    collector: &mut Collector<'_>,
) -> Vec<usize> {
    let Some(written) = rules.get(at) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for id in &written.lifts {
        if let Some(target) = ids.iter().position(|known| known.as_ref() == id) {
            found.push(target);
        } else {
            let place = written.document.place("/lifts");
            collector
                .problems
                .push(unknown_rule(id, ids.iter().map(AsRef::as_ref)).at(place));
        }
    }
    found
}

/// Puts definitions in an order in which each comes after those that it rests on.
pub(super) fn sort_definitions(
    definitions: &[Definition],
    collector: &mut Collector<'_>,
) -> Vec<Definition> {
    let before: Vec<Vec<usize>> = definitions
        .iter()
        .map(|definition| {
            let used = defined(&definition.observed);
            used.iter()
                .filter_map(|name| definitions.iter().position(|other| other.name == *name))
                .collect()
        })
        .collect();
    let order = match sorted(&before) {
        Ok(order) => order,
        Err(cycle) => {
            let named: Vec<&str> = cycle
                .iter()
                .filter_map(|at| definitions.get(*at))
                .map(|definition| definition.name.as_ref())
                .collect();
            let found = format!("a cycle of definitions: {}", named.join(" rests on "));
            let error = Diagnostic::error("R116", found, "definitions that end")
                .at(collector.document.place("/definitions"));
            collector.problems.push(error);
            return Vec::new();
        }
    };
    let mut done: Vec<Definition> = Vec::new();
    for at in order {
        let Some(mut definition) = definitions.get(at).cloned() else {
            continue;
        };
        for name in defined(&definition.observed) {
            if let Some(other) = done.iter().find(|other| other.name == name) {
                definition.observed.merge(&other.observed);
            }
        }
        done.push(definition);
    }
    done
}

/// Positions so that each comes after those before it; or a cycle.
fn sorted(before: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order: Vec<usize> = Vec::new();
    let mut open: Vec<usize> = (0..before.len()).collect();
    while !open.is_empty() {
        let ready = |at: &usize| {
            before
                .get(*at)
                .is_none_or(|earlier| earlier.iter().all(|other| order.contains(other)))
        };
        let (now, later): (Vec<usize>, Vec<usize>) = open.iter().partition(|at| ready(at));
        if now.is_empty() {
            return Err(cycle(before, &later));
        }
        order.extend(now);
        open = later;
    }
    Ok(order)
}

/// A cycle among positions each of which has another of them before it.
fn cycle(before: &[Vec<usize>], open: &[usize]) -> Vec<usize> {
    let mut path: Vec<usize> = open.first().copied().into_iter().collect();
    loop {
        let here = path.last().and_then(|at| before.get(*at));
        let Some(next) = here.and_then(|earlier| earlier.iter().find(|at| open.contains(at)))
        else {
            return path;
        };
        if let Some(start) = path.iter().position(|at| at == next) {
            path.push(*next);
            return path.split_off(start);
        }
        path.push(*next);
    }
}
