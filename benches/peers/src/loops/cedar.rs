//! Cedar: a policy a rule; the response names those that hold.

use std::str::FromStr;

use anyhow::{Result, bail};
use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, PolicyId, PolicySet, Request, RestrictedExpression,
};

use super::Engine;
use crate::answer::{Answer, Holding, of};
use crate::facts::{Fact, Facts, NAMES};

#[derive(Debug)]
pub(super) struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    /// Principal, action and resource are the same for all rows: everything is in the context.
    who: EntityUid,
    what: EntityUid,
}

impl Cedar {
    pub(super) fn new(source: &str) -> Result<Self> {
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: numbered(&PolicySet::from_str(source)?)?,
            entities: Entities::empty(),
            who: EntityUid::from_str("Trade::\"row\"")?,
            what: EntityUid::from_str("Action::\"screen\"")?,
        })
    }
}

/// Policies by the numbers of their rules, as their `@id` says.
fn numbered(policies: &PolicySet) -> Result<PolicySet> {
    let named = policies.policies().map(|policy| {
        let id = policy.annotation("id").unwrap_or_default();
        policy.new_id(PolicyId::new(id))
    });
    Ok(PolicySet::from_policies(named)?)
}

impl Engine for Cedar {
    fn answer(&mut self, facts: &Facts) -> Result<Answer> {
        let pairs = NAMES.iter().zip(facts.all()).map(|(name, fact)| {
            let value = match fact {
                Fact::Flag(flag) => RestrictedExpression::new_bool(flag),
                Fact::Number(number) => RestrictedExpression::new_long(number),
            };
            ((*name).to_owned(), value)
        });
        let context = Context::from_pairs(pairs)?;
        let (who, what) = (self.who.clone(), self.what.clone());
        let request = Request::new(who.clone(), what, who, context, None)?;
        let response = self
            .authorizer
            .is_authorized(&request, &self.policies, &self.entities);
        if let Some(error) = response.diagnostics().errors().next() {
            bail!("cedar: {error}");
        }
        let mut holds = Holding::default();
        for id in response.diagnostics().reason() {
            let text: &str = id.as_ref();
            if let Some(slot) = text.parse().ok().and_then(|at: usize| holds.get_mut(at)) {
                *slot = true;
            }
        }
        Ok(of(&holds))
    }
}
