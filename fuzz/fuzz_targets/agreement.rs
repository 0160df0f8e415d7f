//! A well-typed condition made from the input has one value with two evaluators, and keeps what it
//! knew when more is learnt.

#![no_main]

use catchall_engine::condition::compile;
use catchall_engine::facts::Value;
use catchall_tests::generate::{Choices, Expressions, informed, world};
use catchall_tests::oracle;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<u8>, Vec<u8>)| {
    let (text, facts, learnt) = input;
    let text = Expressions::new(Choices::new(text), false).any(5);
    let before = world(&mut Choices::new(facts));
    let condition = match compile(&text, &before) {
        Ok(condition) => condition,
        Err(problems) => {
            let constant = problems.iter().all(|problem| problem.code.starts_with("E30"));
            assert!(constant, "{text}\n{problems}");
            return;
        }
    };
    let value = condition.evaluate(&before);
    assert_eq!(value, oracle::evaluate(condition.expr(), &before), "{text}");
    let after = informed(&mut Choices::new(learnt), &before);
    if matches!(value, Value::Boolean(_) | Value::Number(_) | Value::Text(_) | Value::Date(_)) {
        assert_eq!(value, condition.evaluate(&after), "{text}");
    }
});
