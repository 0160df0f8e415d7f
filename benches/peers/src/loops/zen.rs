//! ZEN: one decision table, compiled, in which the first row that fits answers.

use anyhow::{Context, Result, anyhow};
use futures_executor::block_on;
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use super::Engine;
use crate::answer::{Answer, named};
use crate::facts::{Fact, Facts, NAMES};

#[derive(Debug)]
pub(super) struct Zen(Decision);

impl Zen {
    pub(super) fn new(source: &str) -> Result<Self> {
        let graph: GraphContent = serde_json::from_str(source).context("zen.json")?;
        let mut decision = Decision::from(graph);
        decision
            .validate()
            .map_err(|error| anyhow!("zen.json: {error:?}"))?;
        decision.compile();
        Ok(Self(decision))
    }
}

impl Engine for Zen {
    fn answer(&mut self, facts: &Facts) -> Result<Answer> {
        let input = Variable::empty_object();
        let object = input.as_object().context("zen: an object that is none")?;
        for (name, fact) in NAMES.iter().zip(facts.all()) {
            let value = match fact {
                Fact::Flag(flag) => Variable::Bool(flag),
                Fact::Number(number) => Variable::Number(number.into()),
            };
            object.borrow_mut().insert_str(name, value);
        }
        let response =
            block_on(self.0.evaluate(input)).map_err(|error| anyhow!("zen: {error:?}"))?;
        let answer = response.result.dot("answer").context("zen: no answer")?;
        named(answer.as_str().unwrap_or_default())
    }
}
