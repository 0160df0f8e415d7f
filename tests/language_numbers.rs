//! Arithmetic gives what whole numbers give: 34 digits, rounded half to even.

use catchall_engine::facts::Decimal;
use catchall_tests::exact::Exact;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn settings() -> ProptestConfig {
    let mut settings = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        settings.cases = 2_000;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        settings.rng_seed = RngSeed::Fixed(2_021_821);
    }
    settings.failure_persistence = None;
    settings
}

/// Digits of every length, often all nines, fives or noughts, where rounding shows.
fn digits() -> impl Strategy<Value = String> {
    prop_oneof![
        "[1-9][0-9]{0,33}",
        "[1-9]0{0,32}[0-9]",
        "9{1,34}",
        "[1-9]{0,3}49{0,20}",
        "[1-9]{0,3}50{0,20}[01]",
        Just("0".to_owned()),
    ]
}

fn number() -> impl Strategy<Value = String> {
    let exponent = prop_oneof![
        4 => -40..40_i32,
        1 => -6_140..6_140_i32,
        1 => Just(0),
    ];
    (any::<bool>(), digits(), exponent).prop_map(|(negative, digits, exponent)| {
        let sign = if negative { "-" } else { "" };
        format!("{sign}{digits}e{exponent}")
    })
}

/// One text for a number of either kind.
fn told(number: Option<&Decimal>) -> Option<String> {
    number
        .and_then(|number| Exact::parse(&number.to_string()))
        .map(|number| number.text())
}

type Exactly = fn(&Exact, &Exact) -> Option<Exact>;
type Engine = fn(&Decimal, &Decimal) -> Option<Decimal>;

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn operations_are_exact(a in number(), b in number()) {
        let (Some(x), Some(y)) = (Decimal::parse(&a), Decimal::parse(&b)) else {
            return Err(TestCaseError::reject("out of range"));
        };
        let (Some(p), Some(q)) = (Exact::parse(&a), Exact::parse(&b)) else {
            return Err(TestCaseError::fail("no number"));
        };
        let operations: [(&str, Engine, Exactly); 5] = [
            ("+", Decimal::add, Exact::add),
            ("-", Decimal::subtract, Exact::subtract),
            ("*", Decimal::multiply, Exact::multiply),
            ("/", Decimal::divide, Exact::divide),
            ("modulo", Decimal::modulo, Exact::modulo),
        ];
        for (name, engine, exactly) in operations {
            let found = told(engine(&x, &y).as_ref());
            let expected = exactly(&p, &q).map(|number| number.text());
            prop_assert_eq!(found, expected, "{} {} {}", a, name, b);
        }
        prop_assert_eq!(x.compare(&y), p.compare(&q));
        prop_assert_eq!(told(Some(&x.floor())), Some(p.floor().text()));
        prop_assert_eq!(told(Some(&x.ceiling())), Some(p.negate().floor().negate().text()));
    }

    #[test]
    fn a_number_reads_back_as_it_is_printed(a in number()) {
        if let Some(number) = Decimal::parse(&a) {
            let printed = number.to_string();
            prop_assert_eq!(Decimal::parse(&printed), Some(number), "{}", printed);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+.0-9eE]{0,40}") {
        if let Some(number) = Decimal::parse(&text) {
            prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
        }
    }
}
