//! What every ruleset must keep to, beyond being well formed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::compile::{defined, unknown_rule};
use super::{Modelled, Ruleset};
use crate::condition::{Constant, Observed, Reference as Kind};
use crate::facts::Type;
use crate::source::{Diagnostic, Document, Problems};

pub(super) fn check(ruleset: &Ruleset, head: &Document) -> Problems {
    let mut problems = Problems::new();
    names_no_country(ruleset, head, &mut problems);
    covers_every_rule(ruleset, head, &mut problems);
    uses_what_it_defines(ruleset, head, &mut problems);
    problems
}

/// A rule names a criterion, or a group that law defines; never a country.
fn names_no_country(ruleset: &Ruleset, head: &Document, problems: &mut Problems) {
    let applies = ruleset.applies.observed();
    let rules = ruleset
        .rules
        .iter()
        .map(|rule| (rule.id.as_ref(), &rule.observed));
    for (id, observed) in rules.chain([("applies", &applies)]) {
        for country in countries(ruleset, observed) {
            let error = Diagnostic::error(
                "R118",
                format!("`{id}` names the country {country}"),
                "a criterion, or a group that law defines",
            );
            problems.push(
                error
                    .help("write `destination in group(\"…\")`; `catchall data` lists the groups")
                    .at(head.place("")),
            );
        }
    }
}

fn countries(ruleset: &Ruleset, observed: &Observed) -> BTreeSet<String> {
    let is_country = |ty: &Type| matches!(ty, Type::Code(set) if set.as_ref() == "country");
    let mut found = BTreeSet::new();
    for (key, constants) in &observed.facts {
        let Some(field) = ruleset.catalogue.fact(key.fact).map(|fact| &fact.field) else {
            continue;
        };
        let ty = match (&key.field, field.ty.member()) {
            (Some(name), Some(member)) => member.field(name).cloned(),
            _ => Some(field.ty.clone()),
        };
        if ty.as_ref().is_some_and(is_country) {
            found.extend(constants.iter().filter_map(|constant| match constant {
                Constant::Value(value) => Some(value.to_string()),
                _ => None,
            }));
        }
    }
    found
}

/// The list of provisions and the rules agree.
fn covers_every_rule(ruleset: &Ruleset, head: &Document, problems: &mut Problems) {
    let covered: BTreeSet<&Arc<str>> = ruleset
        .coverage
        .iter()
        .flat_map(|provision| &provision.rules)
        .collect();
    for rule in ruleset
        .rules
        .iter()
        .filter(|rule| !covered.contains(&rule.id))
    {
        let error = Diagnostic::error(
            "R120",
            format!("the rule `{}` in no provision of `coverage`", rule.id),
            "every rule under the provision that it models",
        );
        problems.push(error.at(head.place("/coverage")));
    }
    for provision in &ruleset.coverage {
        for id in provision
            .rules
            .iter()
            .filter(|id| ruleset.rule(id).is_none())
        {
            let known = ruleset.rules.iter().map(|rule| rule.id.as_ref());
            problems.push(unknown_rule(id, known).at(head.place("/coverage")));
        }
        if provision.rules.is_empty() && provision.status != Modelled::PointerOnly {
            let found = format!(
                "{} {} without a rule",
                provision.provision,
                provision.status.code()
            );
            problems.push(
                Diagnostic::error("R121", found, "its rules, or the status pointer_only")
                    .at(head.place("/coverage")),
            );
        }
    }
}

/// Parameters and definitions that nothing refers to.
fn uses_what_it_defines(ruleset: &Ruleset, head: &Document, problems: &mut Problems) {
    let mut observed = ruleset.applies.observed();
    ruleset
        .rules
        .iter()
        .for_each(|rule| observed.merge(&rule.observed));
    let applied: Vec<Arc<str>> = defined(&observed);
    for definition in ruleset
        .definitions
        .iter()
        .filter(|definition| applied.contains(&definition.name))
    {
        observed.merge(&definition.observed);
    }
    let used =
        |kind: Kind, name: &Arc<str>| observed.references.contains(&(kind, Arc::clone(name)));
    let unused = |what: &str, name: &str| {
        Diagnostic::warning(
            "R122",
            format!("the {what} \"{name}\", which nothing uses"),
            "a use, or none of it",
        )
        .at(head.place(""))
    };
    for definition in ruleset
        .definitions
        .iter()
        .filter(|definition| !used(Kind::Definition, &definition.name))
    {
        problems.push(unused("definition", &definition.name));
    }
    for name in ruleset
        .parameters
        .keys()
        .filter(|name| !used(Kind::Parameter, name))
    {
        problems.push(unused("parameter", name));
    }
}
