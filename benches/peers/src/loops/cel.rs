//! cel: one expression over variables that are looked up in the row itself.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use cel::common::types::{CelBool, CelInt};
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::{Context, Env, Program, Value};

use super::Engine;
use crate::answer::{Answer, named};
use crate::facts::{Fact, Facts, NAMES};

pub(super) struct Cel {
    env: Arc<Env>,
    program: Program,
}

impl Cel {
    pub(super) fn new(source: &str) -> Result<Self> {
        let program = Program::compile(source).map_err(|error| anyhow!("rules.cel: {error}"))?;
        Ok(Self {
            env: Arc::new(Env::stdlib()),
            program,
        })
    }
}

impl Engine for Cel {
    fn answer(&mut self, facts: &Facts) -> Result<Answer> {
        let row = Row(facts.all());
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.set_variable_resolver(&row);
        match self
            .program
            .execute(&context)
            .map_err(|error| anyhow!("cel: {error}"))?
        {
            Value::String(text) => named(&text),
            other => bail!("cel: {other:?} is no answer"),
        }
    }
}

/// A row as variables, without a map that is filled for each.
struct Row([Fact; 16]);

impl VariableResolver for Row {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let at = NAMES.iter().position(|known| *known == name)?;
        Some(match self.0.get(at)? {
            Fact::Flag(flag) => CowVal::owned(CelBool::from(*flag)),
            Fact::Number(number) => CowVal::owned(CelInt::from(*number)),
        })
    }
}
