//! regorus: the policy compiled for its virtual machine, which is faster here than its interpreter.

use anyhow::{Result, anyhow};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::{Engine as Reader, Rc, Value};

use super::Engine;
use crate::answer::{Answer, named};
use crate::facts::{Fact, Facts, NAMES};

/// The rule that gives the answer.
const ENTRY: &str = "data.bench.answer";

#[derive(Debug)]
pub(super) struct Rego {
    machine: RegoVM,
    names: Vec<Value>,
}

impl Rego {
    pub(super) fn new(source: &str) -> Result<Self> {
        let mut reader = Reader::new();
        reader.add_policy("rules.rego".to_owned(), source.to_owned())?;
        let entry: Rc<str> = Rc::from(ENTRY);
        let policy = reader.compile_with_entrypoint(&entry)?;
        let program = Compiler::compile_from_policy(&policy, &[ENTRY]);
        let mut machine = RegoVM::new();
        machine.load_program(program.map_err(|error| anyhow!("rules.rego: {error}"))?);
        let names = NAMES.iter().map(|name| Value::from(*name)).collect();
        Ok(Self { machine, names })
    }
}

impl Engine for Rego {
    fn answer(&mut self, facts: &Facts) -> Result<Answer> {
        let values = facts.all().map(|fact| match fact {
            Fact::Flag(flag) => Value::from(flag),
            Fact::Number(number) => Value::from(number),
        });
        let input: std::collections::BTreeMap<Value, Value> =
            self.names.iter().cloned().zip(values).collect();
        self.machine.set_input(Value::from(input));
        let answer = self
            .machine
            .execute()
            .map_err(|error| anyhow!("regorus: {error}"))?;
        named(answer.as_string()?)
    }
}
