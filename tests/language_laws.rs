//! Laws that every condition keeps, tried on thousands of made-up conditions and worlds.
//!
//! The runs are the same each time. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` give others.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::condition::{Condition, Constant, Environment, Observable, compile, parse};
use catchall_engine::facts::{FactId, PartSet, Type, Value};
use catchall_engine::source::Problems;
use catchall_tests::generate::{Choices, Expressions, expression, informed, world};
use catchall_tests::oracle;
use catchall_tests::world::World;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseError};

fn settings() -> ProptestConfig {
    let mut settings = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        settings.cases = 1_000;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        settings.rng_seed = RngSeed::Fixed(2_021_821);
    }
    settings.failure_persistence = None;
    settings
}

fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u8>(), 0..300).prop_map(Choices::new)
}

/// Whether all that is wrong is a constant without a value, such as `P1Y + P1D`.
fn only_constants(problems: &Problems) -> bool {
    problems
        .iter()
        .all(|problem| problem.code.starts_with("E30"))
}

/// The condition of a made-up text, which must be well typed.
fn compiled(text: &str, world: &World) -> Result<Condition, TestCaseError> {
    match compile(text, world) {
        Ok(condition) => Ok(condition),
        Err(problems) if only_constants(&problems) => Err(TestCaseError::reject("constants")),
        Err(problems) => Err(TestCaseError::fail(format!("{text}\n{problems}"))),
    }
}

/// Whether what was known of a value still holds, and at most more is known now.
fn narrows(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Unknown, _) => true,
        (Value::Set(before), Value::Set(after)) => {
            let named = |code| before.certain.contains(code) || before.possible.contains(code);
            before.certain.is_subset(&after.certain)
                && (before.open || (!after.open && after.members().all(|(code, _)| named(code))))
        }
        (Value::List(before), Value::List(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after.iter())
                    .all(|(before, after)| narrows(before, after))
        }
        (before, after) => before == after,
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn a_condition_reads_back_as_it_is_printed(choices in choices()) {
        let text = Expressions::new(choices, true).any(5);
        let world = World::new();
        let condition = compiled(&text, &world)?;
        let printed = condition.expr().to_string();
        let again = parse(&printed).map_err(|problems| TestCaseError::fail(problems.to_string()))?;
        prop_assert_eq!(&again, condition.expr(), "{}", printed);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn a_trace_says_what_the_evaluation_says(text in choices(), facts in choices()) {
        let text = Expressions::new(text, true).any(5);
        let mut facts = facts;
        let world = world(&mut facts);
        let condition = compiled(&text, &world)?;
        prop_assert_eq!(condition.trace(&world).value, condition.evaluate(&world), "{}", text);
    }

    #[test]
    fn two_evaluators_agree(text in choices(), facts in choices()) {
        let text = Expressions::new(text, true).any(5);
        let mut facts = facts;
        let world = world(&mut facts);
        let condition = compiled(&text, &world)?;
        prop_assert_eq!(
            oracle::evaluate(condition.expr(), &world),
            condition.evaluate(&world),
            "{}\n{:?}", text, world.facts
        );
    }

    #[test]
    fn learning_never_takes_back_what_was_known(
        text in choices(), facts in choices(), learned in choices()
    ) {
        let text = Expressions::new(text, false).any(5);
        let (mut facts, mut learned) = (facts, learned);
        let before = world(&mut facts);
        let after = informed(&mut learned, &before);
        let condition = compiled(&text, &before)?;
        let (then, now) = (condition.evaluate(&before), condition.evaluate(&after));
        prop_assert!(narrows(&then, &now), "{}: {:?} became {:?}", text, then, now);
    }

    #[test]
    fn the_order_of_two_conditions_is_without_effect(
        a in choices(), b in choices(), facts in choices()
    ) {
        let (a, b) = (expression(a, true), expression(b, true));
        let mut facts = facts;
        let world = world(&mut facts);
        let value = |text: String| compiled(&text, &world).map(|made| made.evaluate(&world));
        for word in ["and", "or"] {
            let one = value(format!("({a}) {word} ({b})"))?;
            let other = value(format!("({b}) {word} ({a})"))?;
            prop_assert_eq!(one, other, "{} {} {}", a, word, b);
        }
        let outside = value(format!("not(({a}) and ({b}))"))?;
        let inside = value(format!("not({a}) or not({b})"))?;
        prop_assert_eq!(outside, inside);
    }

    #[test]
    fn what_is_not_observed_is_without_effect(
        text in choices(), facts in choices(), others in choices()
    ) {
        let text = expression(text, true);
        let (mut facts, mut others) = (facts, others);
        let (before, other) = (world(&mut facts), world(&mut others));
        let condition = compiled(&text, &before)?;
        let observed = condition.observed();
        let mut after = before.clone();
        for (id, _) in before.catalogue().facts() {
            if !observed.facts.keys().any(|key| key.fact == id) {
                after.set(id, other.facts.get(id.index()).cloned().unwrap());
            }
        }
        prop_assert_eq!(condition.evaluate(&before), condition.evaluate(&after), "{}", text);
    }

    #[test]
    fn values_of_one_class_are_treated_alike(
        text in choices(), facts in choices(), others in choices()
    ) {
        let text = expression(text, true);
        let (mut facts, mut others) = (facts, others);
        let (before, other) = (world(&mut facts), world(&mut others));
        let condition = compiled(&text, &before)?;
        let observed = condition.observed();
        let mut after = before.clone();
        for (id, fact) in before.catalogue().facts() {
            let key = Observable { fact: id, field: None };
            let (old, new) = (value(&before, id), value(&other, id));
            if let Some(constants) = observed.facts.get(&key) {
                let open = constants.iter().any(|constant| {
                    matches!(constant, Constant::Computed | Constant::Parameter(_))
                });
                if !open && alike(constants, &fact.field.ty, old, new) {
                    after.set(id, new.clone());
                }
            }
        }
        prop_assert_eq!(condition.evaluate(&before), condition.evaluate(&after), "{}", text);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,60}") {
        answered(&text);
    }

    #[test]
    fn any_row_of_words_is_answered(words in prop::collection::vec(0..WORDS.len(), 0..40)) {
        let words: Vec<&str> = words.into_iter().map(|at| *WORDS.get(at).unwrap()).collect();
        answered(&words.join(" "));
        answered(&words.concat());
    }
}

fn value(world: &World, id: FactId) -> &Value {
    world.facts.get(id.index()).unwrap()
}

/// Whether no constant tells two values of a fact apart. Unknown is a class of its own, and so is
/// each value of a fact that is true or false.
fn alike(constants: &[Constant], ty: &Type, old: &Value, new: &Value) -> bool {
    match (ty, old, new) {
        (Type::Set(_), Value::Set(old), Value::Set(new)) => {
            members(old, constants) == members(new, constants)
        }
        (Type::Number(_) | Type::Date | Type::Text | Type::Duration | Type::Code(_), _, _)
            if !old.is_unknown() && !new.is_unknown() =>
        {
            let mut constants = constants.iter();
            constants.all(|constant| told(constant, old) == told(constant, new))
        }
        _ => old == new,
    }
}

/// What the constants tell of the members of a set: of the certain, of the possible, and whether
/// there may be others. How many are told the same does not matter.
fn members(set: &PartSet, constants: &[Constant]) -> (BTreeSet<Told>, BTreeSet<Told>, bool) {
    let of = |codes: &BTreeSet<Arc<str>>| {
        let each = codes.iter().map(|code| {
            let code = Value::Text(Arc::clone(code));
            let told = constants.iter().map(|constant| told(constant, &code));
            told.collect::<Vec<_>>().concat()
        });
        each.collect()
    };
    (of(&set.certain), of(&set.possible), set.open)
}

type Told = Vec<Option<Ordering>>;

/// What a comparison with a constant can tell of a value.
fn told(constant: &Constant, value: &Value) -> Told {
    let world = World::new();
    let yes_or_no = |so: bool| vec![so.then_some(Ordering::Equal)];
    match (constant, value.as_text()) {
        (Constant::Value(Value::List(items)), _) => {
            items.iter().map(|item| order(value, item)).collect()
        }
        (Constant::Value(constant), _) => vec![order(value, constant)],
        (Constant::Group(group), Some(country)) => {
            yes_or_no(world.group(country, group).certainly())
        }
        (Constant::Ancestor(ancestor), Some(code)) => yes_or_no(world.is_under(code, ancestor)),
        _ => Vec::new(),
    }
}

fn order(value: &Value, constant: &Value) -> Option<Ordering> {
    match (value, constant) {
        (Value::Number(a), Value::Number(b)) => Some(a.compare(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => a.compare(*b),
        _ => None,
    }
}

const WORDS: [&str; 46] = [
    "and",
    "or",
    "not",
    "(",
    ")",
    "[",
    "]",
    "..",
    ",",
    "in",
    "between",
    "some",
    "every",
    "satisfies",
    "if",
    "then",
    "else",
    "true",
    "null",
    "1",
    "2.5",
    "-",
    "+",
    "*",
    "/",
    "=",
    "<",
    ">=",
    "!=",
    "\"FR\"",
    "@\"P1Y\"",
    "x",
    "p.role",
    "parties",
    "destination",
    "item.quantity",
    "item.entries",
    "signed",
    "under",
    "count",
    "list contains",
    "date",
    "known",
    "group(\"eu\")",
    "//",
    "/*",
];

/// Compiles a text and, if it is a condition, does all that can be done with it; it must end.
fn answered(text: &str) {
    let world = World::new();
    match compile(text, &world) {
        Ok(condition) => {
            assert_eq!(condition.trace(&world).value, condition.evaluate(&world));
            condition.observed();
            let printed = condition.expr().to_string();
            assert_eq!(
                &parse(&printed).unwrap(),
                condition.expr(),
                "{text}: {printed}"
            );
        }
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
}

/// Conditions whose size and depth are allowed end, whatever they nest.
#[test]
fn nesting_costs_no_more_than_its_size() {
    let world = World::new();
    for (before, middle, after, times) in [
        ("(", "1", " between 0 and 2)", 60),
        ("(if ", "true", " then true else false)", 30),
        (
            "(if ",
            "1 between 0 and 2",
            " then 1 else 2) between 0 and 2",
            30,
        ),
        ("(", "true", " in (true, false, true))", 60),
        ("not(", "true", ")", 60),
        ("(some x in [", "1", "] satisfies x = 1)", 3),
        ("max(", "1", ", 2, 3)", 60),
        ("[", "1", "] = [1]", 3),
    ] {
        let text = before.repeat(times) + middle + &after.repeat(times);
        answered(&text);
        if let Ok(condition) = compile(&text, &world) {
            condition.evaluate(&world);
        }
    }
    let long = "a".repeat(3_000);
    let times = |name: &str| vec![name; 100].join(" + ");
    let (a, b, c) = (times("a"), times("b"), times("c"));
    let text = format!("some a in [\"{long}\"], b in [{a}], c in [{b}] satisfies {c} = \"\"");
    let condition = compile(&text, &world).unwrap();
    assert_eq!(condition.evaluate(&world), Value::Unknown);
    for text in ["true and ", "1 + 1 = 2 or ", "null.b = "] {
        answered(&(text.repeat(60) + "true"));
    }
}
