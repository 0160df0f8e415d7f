//! What holds of every answer, on generated applications and generated rulesets: learning a fact
//! narrows, no unknown clears, order and exceptions do what they should, and each question's answers
//! lead where they say.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use catchall_engine::facts::{Application, FactId, PartSet, Record, Scope, Type, Value};
use catchall_engine::ruleset::{Effect, Requirement, Rule, Ruleset, RulesetFiles};
use catchall_engine::screening::{Bounds, ItemDetermination, Missing, brief, screen};
use catchall_engine::shipped;
use catchall_engine::source::{Document, canonical};
use catchall_engine::time::{Date, Dates};
use catchall_tests::generate::Choices;
use catchall_tests::generate_rulesets::{Pool, blank, load, number, ruleset};
use catchall_tests::library;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Checks a law on many runs of choices, the same each time.
fn always(cases: u32, law: impl Fn(Choices) -> Result<(), TestCaseError>) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let bytes = proptest::collection::vec(any::<u8>(), 200..3_000);
    let tested =
        TestRunner::new_with_rng(config, rng).run(&bytes, |bytes| law(Choices::new(bytes)));
    if let Err(error) = tested {
        panic!("{error}");
    }
}

/// A shipped ruleset with the facts that it reads.
fn shipped_one(choices: &mut Choices) -> (&'static Ruleset, &'static Pool) {
    static POOLS: OnceLock<Vec<Pool>> = OnceLock::new();
    let pools = POOLS.get_or_init(|| {
        let rulesets = library().rulesets.iter();
        rulesets
            .map(|ruleset| Pool::new(library(), &[ruleset]))
            .collect()
    });
    let at = choices.below(pools.len());
    (&library().rulesets[at], &pools[at])
}

fn bounds(application: &Application, ruleset: &Ruleset, dates: Dates) -> Bounds {
    brief(application, &[ruleset], &library().reference, dates).bounds
}

fn narrows(wide: Bounds, narrow: Bounds, what: &dyn Debug) -> Result<(), TestCaseError> {
    prop_assert!(
        wide.contains(&narrow),
        "{wide:?}\nthen {narrow:?}\n{what:?}"
    );
    Ok(())
}

/// Applications of growing knowledge under one ruleset: each answer lies within the one before.
fn learning_narrows(
    choices: &mut Choices,
    ruleset: &Ruleset,
    pool: &Pool,
) -> Result<(), TestCaseError> {
    let dates = pool.dates(choices);
    let mut known = pool.application(choices, 3);
    let mut before = bounds(&known, ruleset, dates);
    narrows(
        bounds(
            &blank(known.items.len(), &library().catalogue),
            ruleset,
            dates,
        ),
        before,
        &dates,
    )?;
    for once in [4, 2, 1] {
        let told = pool.informed(choices, &known, once);
        let after = bounds(&told, ruleset, dates);
        narrows(before, after, &(&ruleset.id, dates))?;
        (known, before) = (told, after);
    }
    Ok(())
}

#[test]
fn learning_facts_narrows_the_answer_of_shipped_rulesets() {
    always(300, |mut choices| {
        let (ruleset, pool) = shipped_one(&mut choices);
        learning_narrows(&mut choices, ruleset, pool)
    });
}

#[test]
fn learning_facts_narrows_the_answer_of_generated_rulesets() {
    always(300, |mut choices| {
        let ruleset = load(&ruleset(&mut choices), library());
        let pool = Pool::new(library(), &[&ruleset]);
        (0..4).try_for_each(|_| learning_narrows(&mut choices, &ruleset, &pool))
    });
}

/// Forgets one fact, or one field of one party.
fn forget(choices: &mut Choices, application: &Application) -> Application {
    let catalogue = &library().catalogue;
    let known = |id: &FactId| {
        let stated = !application.fact(*id).is_unknown();
        stated
            || application
                .items
                .iter()
                .any(|item| !item.fact(*id).is_unknown())
    };
    let hs = catalogue.by_path("item.hs");
    let ids: Vec<FactId> = catalogue.facts().map(|(id, _)| id).filter(known).collect();
    let entries = |id: FactId| {
        let fact = catalogue.fact(id);
        fact.is_some_and(|fact| matches!(&fact.field.ty, Type::Set(set) if set.ends_with("_entry")))
    };
    // Where no entry is stated, a customs code tells which there may be.
    let forgettable = |id: &FactId| Some(*id) != hs && !entries(*id);
    let ids: Vec<FactId> = ids.into_iter().filter(forgettable).collect();
    if ids.is_empty() {
        return application.clone();
    }
    let id = choices.of(&ids);
    let mut forgotten = match application.fact(id) {
        Value::List(items) if choices.once_in(2) => {
            application.with_fact(id, fields_forgotten(choices, items))
        }
        _ => application.with_fact(id, Value::Unknown),
    };
    for item in &mut forgotten.items {
        *item = item.with_fact(id, Value::Unknown);
    }
    forgotten
}

fn fields_forgotten(choices: &mut Choices, items: &[Value]) -> Value {
    let items = items.iter().map(|item| {
        let Value::Record(record) = item else {
            return item.clone();
        };
        let fields = record.fields.iter().map(|(name, value)| {
            // A list may be matched by a name; what was stated of lists then answers no more.
            let kept = ["name", "country", "listed_on"].contains(&name.as_ref());
            let value = if kept || choices.below(2) == 0 {
                value.clone()
            } else {
                Value::Unknown
            };
            (Arc::clone(name), value)
        });
        Value::Record(Arc::new(Record {
            index: record.index,
            fields: fields.collect(),
        }))
    });
    Value::List(items.collect())
}

#[test]
fn forgetting_a_fact_widens_the_answer() {
    always(300, |mut choices| {
        let (ruleset, pool) = shipped_one(&mut choices);
        let dates = pool.dates(&mut choices);
        let known = pool.application(&mut choices, 8);
        let before = bounds(&known, ruleset, dates);
        for _ in 0..3 {
            let forgotten = forget(&mut choices, &known);
            narrows(
                bounds(&forgotten, ruleset, dates),
                before,
                &(&ruleset.id, dates),
            )?;
        }
        Ok(())
    });
}

/// Whether an answer clears the export: nothing is required, for certain.
fn clears(bounds: &Bounds) -> bool {
    bounds.requirement.at_most <= Requirement::NotRequired
}

fn stays_clear(
    choices: &mut Choices,
    ruleset: &Ruleset,
    pool: &Pool,
) -> Result<bool, TestCaseError> {
    let dates = pool.dates(choices);
    let known = pool.application(choices, 6);
    let cleared = clears(&bounds(&known, ruleset, dates));
    if cleared {
        for _ in 0..6 {
            let whole = pool.informed(choices, &known, 1);
            let found = bounds(&whole, ruleset, dates);
            prop_assert!(clears(&found), "{}: cleared, then {found:?}", ruleset.id);
        }
    }
    Ok(cleared)
}

#[test]
fn no_unknown_clears_an_export() {
    let cleared = std::cell::Cell::new(0_u32);
    always(300, |mut choices| {
        let (ruleset, pool) = shipped_one(&mut choices);
        cleared.set(cleared.get() + u32::from(stays_clear(&mut choices, ruleset, pool)?));
        let ruleset = load(
            &catchall_tests::generate_rulesets::ruleset(&mut choices),
            library(),
        );
        let pool = Pool::new(library(), &[&ruleset]);
        cleared.set(cleared.get() + u32::from(stays_clear(&mut choices, &ruleset, &pool)?));
        Ok(())
    });
    assert!(
        cleared.get() > 30,
        "only {} were cleared at all",
        cleared.get()
    );
}

#[test]
fn nothing_known_never_clears() {
    for ruleset in &library().rulesets {
        let application = blank(1, &library().catalogue);
        let requires = |rule: &&Rule| matches!(rule.effect, Effect::Requires(_));
        let rules = ruleset.rules.iter().filter(requires);
        let days = rules.flat_map(|rule| &rule.in_force);
        for as_of in days.filter_map(|period| period.from) {
            let dates = Dates {
                as_of,
                known_at: as_of,
            };
            let found = bounds(&application, ruleset, dates);
            assert!(!clears(&found), "{} {as_of}: {found:?}", ruleset.id);
        }
    }
}

#[test]
fn before_the_first_modelled_day_everything_is_open() {
    always(40, |mut choices| {
        let (ruleset, pool) = shipped_one(&mut choices);
        let application = pool.application(&mut choices, 5);
        let as_of = ruleset.models_from.yesterday().unwrap();
        for as_of in [as_of, Date::new(1900, 1, 1).unwrap()] {
            let dates = Dates {
                as_of,
                known_at: as_of,
            };
            prop_assert_eq!(bounds(&application, ruleset, dates), Bounds::OPEN);
            let whole = screen(&application, &[ruleset], &library().reference, dates);
            prop_assert_eq!(whole.bounds, Bounds::OPEN);
            prop_assert!(whole.rulesets[0].not_modelled.is_some());
        }
        let dates = Dates {
            as_of: ruleset.models_from,
            known_at: ruleset.models_from,
        };
        let whole = screen(&application, &[ruleset], &library().reference, dates);
        prop_assert!(whole.rulesets[0].not_modelled.is_none());
        Ok(())
    });
}

#[test]
fn the_order_of_rules_is_irrelevant() {
    always(60, |mut choices| {
        let json = ruleset(&mut choices);
        let ruleset = load(&json, library());
        let mut shuffled = json.clone();
        let rules = shuffled["rules"].as_object_mut().unwrap();
        let mut entries: Vec<_> = std::mem::take(rules).into_iter().collect();
        while !entries.is_empty() {
            let (id, rule) = entries.remove(choices.below(entries.len()));
            rules.insert(id, rule);
        }
        let other = load(&shuffled, library());
        prop_assert_eq!(&ruleset.hash, &other.hash);
        let pool = Pool::new(library(), &[&ruleset]);
        for _ in 0..5 {
            let (application, dates) =
                (pool.application(&mut choices, 3), pool.dates(&mut choices));
            let bytes = |ruleset: &Ruleset| {
                let whole = screen(&application, &[ruleset], &library().reference, dates);
                canonical(&serde_json::to_value(whole).unwrap())
            };
            prop_assert_eq!(bytes(&ruleset), bytes(&other));
        }
        Ok(())
    });
}

#[test]
fn the_order_of_documents_is_irrelevant() {
    for id in shipped::ruleset_ids() {
        let whole = shipped::ruleset(&id).unwrap().assembled().unwrap();
        let mut head = whole.clone();
        let rules = head.as_object_mut().unwrap().remove("rules").unwrap();
        let document = |json: &serde_json::Value| Document::new("rule", json.to_string());
        let documents = rules.as_object().unwrap().values().rev().map(document);
        let files = RulesetFiles::read(document(&head), documents.collect()).unwrap();
        let reversed = Ruleset::load(&files, &base_catalogue(), &library().reference).unwrap();
        let shipped = library().ruleset(&id).unwrap();
        assert_eq!(reversed.hash, shipped.hash);
        let ids = |ruleset: &Ruleset| -> Vec<Arc<str>> {
            ruleset
                .rules
                .iter()
                .map(|rule| Arc::clone(&rule.id))
                .collect()
        };
        assert_eq!(ids(&reversed), ids(shipped));
        assert_eq!(reversed.order, shipped.order);
    }
}

/// The catalogue without what rulesets add to it.
fn base_catalogue() -> catchall_engine::facts::Catalogue {
    let mut catalogue =
        catchall_engine::facts::Catalogue::parse(&shipped::facts().unwrap()).unwrap();
    library().reference.fill(&mut catalogue);
    catalogue
}

/// Whether removing an exception must not lower: it lifts requirements only, none of which another
/// exception lifts too, and leaves no more than each of them requires.
fn only_lowers(ruleset: &Ruleset, at: usize) -> bool {
    let Effect::Lifts(lifted, leaves) = &ruleset.rules[at].effect else {
        return false;
    };
    lifted.iter().all(|target| {
        let target = &ruleset.rules[*target];
        let alone = target.lifted_by.len() == 1;
        matches!(target.effect, Effect::Requires(level) if alone && *leaves <= level)
    })
}

/// The ruleset as if a rule were never in force.
fn without(ruleset: &Ruleset, at: usize) -> Ruleset {
    let mut changed = ruleset.clone();
    changed.rules[at].in_force.clear();
    changed
}

#[test]
fn removing_an_exception_never_lowers() {
    let tried = std::cell::Cell::new(0_u32);
    always(200, |mut choices| {
        let ruleset = load(&ruleset(&mut choices), library());
        let pool = Pool::new(library(), &[&ruleset]);
        for at in (0..ruleset.rules.len()).filter(|at| only_lowers(&ruleset, *at)) {
            let stricter = without(&ruleset, at);
            for _ in 0..4 {
                tried.set(tried.get() + 1);
                let (application, dates) =
                    (pool.application(&mut choices, 3), pool.dates(&mut choices));
                let with = bounds(&application, &ruleset, dates).requirement;
                let found = bounds(&application, &stricter, dates).requirement;
                prop_assert!(found.at_least >= with.at_least, "{with:?} then {found:?}");
                prop_assert!(found.at_most >= with.at_most, "{with:?} then {found:?}");
            }
        }
        Ok(())
    });
    assert!(tried.get() > 200, "only {} were tried", tried.get());
}

/// The value that an answer means, where its words tell.
fn meant(words: &str, ty: &Type, current: &Value) -> Option<Value> {
    let reference = &library().reference;
    let label = |set: &str, words: &str| {
        let codes = library().catalogue.code_set(set)?;
        let mut named = codes.values.iter().filter(|(code, label)| {
            if set.ends_with("_entry") {
                code.as_ref() == words
            } else {
                label.as_ref() == words
            }
        });
        let found = named.next().map(|(code, _)| Arc::clone(code));
        found.filter(|_| named.next().is_none())
    };
    match ty {
        Type::Boolean => Some(Value::Boolean(words == "yes")),
        Type::Number(_) => number(words),
        Type::Date => Date::parse(words).map(Value::Date),
        Type::Code(set) if set.as_ref() == "country" => {
            let name = words.strip_prefix("a country such as ")?;
            let place = reference
                .destinations
                .iter()
                .find(|place| place.name.as_ref() == name)?;
            Some(Value::Text(Arc::clone(&place.code)))
        }
        Type::Code(set) => label(set, words).map(Value::Text),
        Type::Set(set) => {
            let mut certain = match current {
                Value::Set(known) => known.certain.clone(),
                _ => PartSet::default().certain,
            };
            if !["none", "nothing more"].contains(&words) {
                certain.insert(label(set, words)?);
            }
            Some(Value::Set(Arc::new(PartSet::known(certain))))
        }
        Type::List(_) if words == "none" => Some(Value::List(Arc::from([]))),
        _ => None,
    }
}

/// The application in which a missing fact, or a party's field, has the value that an answer means.
fn answered(application: &Application, missing: &Missing, words: &str) -> Option<Application> {
    let catalogue = &library().catalogue;
    let Some((list, rest)) = missing.fact.split_once('[') else {
        let id = catalogue.by_path(&missing.fact)?;
        let fact = catalogue.fact(id)?;
        if fact.scope == Scope::Item {
            let mut changed = application.clone();
            let item = changed.items.first()?;
            let value = meant(words, &fact.field.ty, item.fact(id))?;
            changed.items = vec![item.with_fact(id, value)];
            return Some(changed);
        }
        let value = meant(words, &fact.field.ty, application.fact(id))?;
        return Some(application.with_fact(id, value));
    };
    let (index, name) = rest.split_once("].")?;
    let index: usize = index.parse().ok()?;
    let id = catalogue.by_path(list)?;
    let fields = &catalogue
        .record_of(&catalogue.fact(id)?.field.notation)?
        .fields;
    let ty = &fields.iter().find(|field| field.name.as_ref() == name)?.ty;
    let Value::List(items) = application.fact(id) else {
        return None;
    };
    let mut items = items.to_vec();
    let Some(Value::Record(record)) = items.get(index).cloned() else {
        return None;
    };
    let value = meant(words, ty, &record.field(name))?;
    let fields = record.fields.iter().map(|(known, old)| {
        (
            Arc::clone(known),
            if known.as_ref() == name {
                value.clone()
            } else {
                old.clone()
            },
        )
    });
    items[index] = Value::Record(Arc::new(Record {
        index,
        fields: fields.collect(),
    }));
    Some(application.with_fact(id, Value::List(items.into())))
}

fn leads_where_it_says(
    application: &Application,
    item: &ItemDetermination,
    ruleset: &Ruleset,
    dates: Dates,
) -> Result<u32, TestCaseError> {
    let mut checked = 0;
    for missing in &item.missing {
        let mut moves = false;
        for answer in &missing.answers {
            moves |= answer.leads_to != item.bounds;
            narrows(item.bounds, answer.leads_to, &missing.fact)?;
            for words in answer.answers.iter().take(6) {
                if let Some(changed) = answered(application, missing, words) {
                    checked += 1;
                    let found = bounds(&changed, ruleset, dates);
                    prop_assert_eq!(
                        found,
                        answer.leads_to,
                        "{} {:?}: {} is {}",
                        ruleset.id,
                        dates,
                        missing.fact,
                        words
                    );
                }
            }
        }
        prop_assert_eq!(moves, missing.decisive, "{}", missing.fact);
    }
    Ok(checked)
}

#[test]
fn each_answer_leads_where_the_question_says() {
    let checked = std::cell::Cell::new(0_u32);
    always(250, |mut choices| {
        let (ruleset, pool) = shipped_one(&mut choices);
        let mut application = pool.application(&mut choices, 6);
        application.items.truncate(1);
        let dates = pool.dates(&mut choices);
        let whole = screen(&application, &[ruleset], &library().reference, dates);
        for item in whole.rulesets.iter().flat_map(|one| &one.items) {
            let found = leads_where_it_says(&application, item, ruleset, dates)?;
            checked.set(checked.get() + found);
        }
        Ok(())
    });
    assert!(
        checked.get() > 1_000,
        "only {} answers were checked",
        checked.get()
    );
}
