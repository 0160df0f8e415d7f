//! The search over all possible applications.

use catchall_engine::comparison::{Never, Proof, Question, Unconfirmed, Verdict, prove};
use catchall_engine::condition::{Condition, compile_boolean};
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::source::Problems;
use catchall_engine::time::Dates;
use clap::ValueEnum;

use super::Compare;
use crate::exit::{Exit, Failure};

/// What must never happen to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Must {
    /// A bound of requirement or review is lower under the change.
    MoreLenient,
    /// A bound is higher under the change.
    MoreStrict,
    /// A bound differs.
    Different,
}

impl From<Must> for Never {
    fn from(must: Must) -> Self {
        match must {
            Must::MoreLenient => Self::MoreLenient,
            Must::MoreStrict => Self::MoreStrict,
            Must::Different => Self::Different,
        }
    }
}

impl Compare {
    pub(super) fn proofs(
        &self,
        library: &Library,
        base: &Ruleset,
        amended: &Ruleset,
        dates: Dates,
    ) -> Result<Vec<Proof>, Failure> {
        let assume = self.assumption(amended, library)?;
        let asked: Vec<Never> = match self.never {
            Some(must) => vec![must.into()],
            None => vec![Never::MoreLenient, Never::MoreStrict],
        };
        let proofs = asked.into_iter().map(|never| {
            let question = Question {
                base,
                amended,
                catalogue: &library.catalogue,
                reference: &library.reference,
                dates,
                never,
                assume: assume.as_ref(),
                members: usize::from(self.parties),
            };
            prove(&question).map_err(|Unconfirmed(text)| Failure::Internal(text))
        });
        proofs.collect()
    }

    fn assumption(
        &self,
        amended: &Ruleset,
        library: &Library,
    ) -> Result<Option<Condition>, Problems> {
        let Some(text) = &self.assume else {
            return Ok(None);
        };
        let compiled = compile_boolean(text, &amended.names(&library.reference));
        compiled.map(Some).map_err(|problems| {
            let mut named = Problems::new();
            named.extend(
                problems
                    .into_iter()
                    .map(|problem| problem.within("--assume", "")),
            );
            named
        })
    }

    /// Whether what must never happen does.
    pub(super) fn exit(&self, proofs: &[Proof]) -> Exit {
        let refuted = proofs
            .iter()
            .any(|proof| matches!(proof.verdict, Verdict::Refuted(_)));
        if refuted && self.never.is_some() {
            Exit::Happens
        } else {
            Exit::Done
        }
    }
}
