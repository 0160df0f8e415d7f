//! Builds a ruleset from its documents: reads, resolves, checks, and reports everything at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definitions::{Definition, Meaning};
use super::names::RulesetNames;
use super::read::{self, EFFECTS, WrittenEffect};
use super::rule::{Effect, Rule};
use super::{Reading, Ruleset, RulesetFiles, Source, lints, order, parameters, tables};
use crate::condition::{self, Condition, Observed, Reference as Kind};
use crate::facts::{Catalogue, Type};
use crate::reference::Reference;
use crate::source::{
    Collector, Diagnostic, Document, Json, Node, Object, Problems, canonical_hash, nearest,
};
use crate::time::Date;

const HEAD: [&str; 14] = [
    "id",
    "title",
    "jurisdiction",
    "standing",
    "edition",
    "models_from",
    "applies",
    "sources",
    "parameters",
    "definitions",
    "facts",
    "code_sets",
    "coverage",
    "note",
];

const RULE: [&str; 8] = [
    "id", "title", "citation", "in_force", "when", "because", "rights", "affects",
];

pub(super) fn load(
    files: &RulesetFiles,
    catalogue: &Catalogue,
    reference: &Reference,
) -> Result<Ruleset, Problems> {
    let (document, json) = files.head();
    let mut collector = Collector::new(document);
    let head = collector.object(&json.root(), &HEAD);
    let Some(head) = head else {
        return Err(collector.problems);
    };
    let catalogue = match catalogue.extended(document, &head) {
        Ok(catalogue) => Arc::new(catalogue),
        Err(problems) => {
            collector.problems.extend(problems);
            Arc::new(catalogue.clone())
        }
    };
    let mut compiler = Compiler {
        catalogue: &catalogue,
        names: RulesetNames::bare(&catalogue, reference),
    };
    let ruleset = compiler.ruleset(&mut collector, &head, files.rules());
    let mut problems = collector.problems;
    let Some(mut ruleset) = ruleset else {
        return Err(problems);
    };
    ruleset.catalogue = Arc::clone(&catalogue);
    ruleset.hash = canonical_hash(&files.assembled()?);
    problems.extend(lints::check(&ruleset, document));
    let (errors, warnings) = split(problems);
    let errors = told_once(errors, files.rules());
    ruleset.warnings = warnings;
    errors.or(ruleset)
}

/// The errors without those that name a rule as unknown because it has an error of its own.
fn told_once(errors: Problems, rules: &[(Document, Json)]) -> Problems {
    let ids = rules
        .iter()
        .filter_map(|(_, json)| json.value().get("id")?.as_str());
    let ids: Vec<String> = ids.map(unknown).collect();
    let is_other = |error: &Diagnostic| error.code != "R114" || !ids.contains(&error.found);
    let mut told = Problems::new();
    told.extend(errors.into_iter().filter(is_other));
    told
}

fn unknown(id: &str) -> String {
    format!("the unknown rule \"{id}\"")
}

fn split(problems: Problems) -> (Problems, Vec<Diagnostic>) {
    let mut errors = Problems::new();
    let mut warnings = Vec::new();
    for problem in problems {
        match problem.severity {
            crate::source::Severity::Error => errors.push(problem),
            crate::source::Severity::Warning => warnings.push(problem),
        }
    }
    (errors, warnings)
}

struct Compiler<'c> {
    catalogue: &'c Arc<Catalogue>,
    names: RulesetNames<'c>,
}

impl Compiler<'_> {
    fn ruleset(
        &mut self,
        collector: &mut Collector<'_>,
        head: &Object<'_>,
        rules: &[(Document, Json)],
    ) -> Option<Ruleset> {
        let sources = read::sources(collector, head);
        let parameters = parameters::read(collector, head, self.catalogue, &sources);
        let types = parameters
            .iter()
            .map(|(name, parameter)| (Arc::clone(name), parameter.ty.clone()));
        self.names.parameters = types.collect();
        let definitions = self.definitions(collector, head);
        let applies = collector
            .required(head, "applies")
            .and_then(|node| self.condition(collector, &node));
        let mut rules = self.rules(collector, rules, &sources);
        let order = order::link_lifts(&mut rules, collector);
        observe_through(&mut rules, &definitions);
        let rules: Vec<Rule> = rules.into_iter().map(|written| written.rule).collect();
        let applies = applies?;
        Some(Ruleset {
            id: collector.text(head, "id")?.into(),
            title: collector.text(head, "title")?.into(),
            jurisdiction: collector.text(head, "jurisdiction")?.into(),
            standing: read::standing(collector, head)?,
            edition: day(collector, head, "edition")?,
            models_from: day(collector, head, "models_from")?,
            reading: Reading::new(self.catalogue, &applies, &definitions, &rules),
            applies,
            coverage: read::coverage(collector, head, &sources),
            sources,
            parameters,
            definitions,
            rules,
            order,
            catalogue: Arc::clone(self.catalogue),
            hash: String::new(),
            warnings: Vec::new(),
        })
    }

    /// Compiles the condition that stands as text at a place, and reports what is wrong with it there.
    fn condition(&self, collector: &mut Collector<'_>, node: &Node<'_>) -> Option<Condition> {
        let Some(text) = node.value().as_str() else {
            collector.report(
                node,
                Diagnostic::error("R102", node.kind(), "a condition, as text"),
            );
            return None;
        };
        let compiled = condition::compile_boolean(text, &self.names);
        placed(collector, node, compiled)
    }

    fn definitions(&mut self, collector: &mut Collector<'_>, head: &Object<'_>) -> Vec<Definition> {
        let written = collector.entries(head, "definitions");
        for (name, node) in &written {
            let ty = tables::declared_type(node, self.catalogue).unwrap_or(Type::Boolean);
            self.names.definitions.insert(Arc::from(*name), ty);
        }
        let mut definitions = Vec::new();
        for (name, node) in written {
            let Some(object) = collector.object(&node, &["title", "when", "table"]) else {
                continue;
            };
            definitions.extend(self.definition(collector, name, &node, &object));
        }
        order::sort_definitions(&definitions, collector)
    }

    fn definition(
        &self,
        collector: &mut Collector<'_>,
        name: &str,
        node: &Node<'_>,
        object: &Object<'_>,
    ) -> Option<Definition> {
        let title = collector.text(object, "title")?.into();
        let meaning = match (object.get("when"), object.get("table")) {
            (Some(when), None) => Meaning::When(self.condition(collector, &when)?),
            (None, Some(table)) => Meaning::Table(tables::read(
                collector,
                &table,
                &self.names,
                self.catalogue,
            )?),
            _ => {
                collector.report(
                    node,
                    Diagnostic::error(
                        "R112",
                        "a definition with both or neither",
                        "either `when` or `table`",
                    ),
                );
                return None;
            }
        };
        let observed = match &meaning {
            Meaning::When(condition) => condition.observed(),
            Meaning::Table(table) => table.observed(),
        };
        Some(Definition {
            name: name.into(),
            title,
            meaning,
            observed,
        })
    }

    fn rules(
        &mut self,
        head: &mut Collector<'_>,
        documents: &[(Document, Json)],
        sources: &BTreeMap<Arc<str>, Source>,
    ) -> Vec<WrittenRule> {
        let mut rules: Vec<WrittenRule> = Vec::new();
        for (document, json) in documents {
            let mut collector = Collector::new(document);
            let root = json.root();
            let mut known = RULE.to_vec();
            known.extend(EFFECTS);
            known.push("leaves");
            if let Some(object) = collector.object(&root, &known)
                && let Some(rule) = self.rule(&mut collector, &object, sources)
            {
                if rules.iter().any(|other| other.rule.id == rule.rule.id) {
                    let error = Diagnostic::error(
                        "R113",
                        format!("a second rule `{}`", rule.rule.id),
                        "an id of its own",
                    );
                    collector.report(&root, error);
                }
                rules.push(rule);
            }
            head.problems.extend(collector.problems);
        }
        rules.sort_by(|one, other| one.rule.id.cmp(&other.rule.id));
        rules
    }

    fn rule(
        &mut self,
        collector: &mut Collector<'_>,
        object: &Object<'_>,
        sources: &BTreeMap<Arc<str>, Source>,
    ) -> Option<WrittenRule> {
        let citation = read::citation(collector, object, sources);
        let in_force = read::periods(collector, object);
        let effect = read::effect(collector, object);
        self.names.allows_known = matches!(
            effect,
            Some(WrittenEffect::Flags(_) | WrittenEffect::Duty(_))
        );
        let when = collector
            .required(object, "when")
            .and_then(|node| self.condition(collector, &node));
        self.names.allows_known = false;
        let id = collector.text(object, "id");
        let title = collector.text(object, "title");
        let because = collector.text(object, "because");
        let rights = collector
            .texts(object, "rights")
            .into_iter()
            .map(Arc::from)
            .collect();
        let affects = collector
            .texts(object, "affects")
            .into_iter()
            .map(Arc::from)
            .collect();
        let when = when?;
        let (effect, lifts) = placeholder(effect?);
        let rule = Rule {
            id: id?.into(),
            title: title?.into(),
            citation: citation?,
            in_force,
            observed: when.observed(),
            when,
            effect,
            because: because?.into(),
            rights,
            affects,
            lifted_by: Vec::new(),
        };
        Some(WrittenRule {
            rule,
            lifts,
            document: collector.document.clone(),
        })
    }
}

fn day(collector: &mut Collector<'_>, head: &Object<'_>, key: &str) -> Option<Date> {
    collector.required(head, key)?;
    collector.date(head, key)
}

fn placed(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    compiled: Result<Condition, Problems>,
) -> Option<Condition> {
    let name = collector.document.name();
    let pointer = collector.document.pointer(node.pointer());
    match compiled {
        Ok(condition) => {
            let warnings = condition.warnings().iter().cloned();
            collector
                .problems
                .extend(warnings.map(|warning| warning.within(name, &pointer)));
            Some(condition)
        }
        Err(problems) => {
            collector.problems.extend(
                problems
                    .into_iter()
                    .map(|problem| problem.within(name, &pointer)),
            );
            None
        }
    }
}

/// A rule whose lifts are still ids.
pub(super) struct WrittenRule {
    pub(super) rule: Rule,
    pub(super) lifts: Vec<String>,
    pub(super) document: Document,
}

fn placeholder(effect: WrittenEffect) -> (Effect, Vec<String>) {
    match effect {
        WrittenEffect::Requires(level) => (Effect::Requires(level), Vec::new()),
        WrittenEffect::Lifts(ids, leaves) => (Effect::Lifts(Vec::new(), leaves), ids),
        WrittenEffect::Review(level) => (Effect::Review(level), Vec::new()),
        WrittenEffect::Flags(text) => (Effect::Flags(text.into()), Vec::new()),
        WrittenEffect::Duty(text) => (Effect::Duty(text.into()), Vec::new()),
    }
}

/// Adds to what each rule observes what its definitions observe.
fn observe_through(rules: &mut [WrittenRule], definitions: &[Definition]) {
    for written in rules {
        let used: Vec<Arc<str>> = defined(&written.rule.observed);
        for definition in definitions
            .iter()
            .filter(|definition| used.contains(&definition.name))
        {
            written.rule.observed.merge(&definition.observed);
        }
    }
}

/// The definitions that are referred to.
pub(super) fn defined(observed: &Observed) -> Vec<Arc<str>> {
    let references = observed.references.iter();
    references
        .filter(|(kind, _)| *kind == Kind::Definition)
        .map(|(_, name)| Arc::clone(name))
        .collect()
}

/// The error for a rule id that nobody knows.
pub(super) fn unknown_rule<'r>(id: &str, known: impl Iterator<Item = &'r str>) -> Diagnostic {
    let help = nearest(id, known).map(|near| format!("did you mean \"{near}\"?"));
    Diagnostic::error("R114", unknown(id), "the id of a rule of this ruleset").maybe_help(help)
}
