//! Who asks, and what they may do.

mod keys;
mod oidc;
mod rate;
mod role;
mod token;

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use arc_swap::ArcSwap;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;

pub use oidc::Issuer;
pub(crate) use oidc::Oidc;
pub use role::{Action, Limits, Role, permitted};
pub(crate) use token::{Token, hexadecimal};

use crate::problem::{Answer, FORBIDDEN, Problem, TOO_MANY, UNAUTHENTICATED};
use rate::Buckets;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The name under which what they do is kept.
    pub(crate) name: String,
    pub(crate) role: Role,
    scopes: Vec<Action>,
    /// What they may use at most.
    pub(crate) limits: Limits,
}

impl Caller {
    /// The register itself, which computes again what was kept: with no limit on what was taken before.
    pub(crate) fn of_the_register() -> Self {
        Self {
            name: "register".to_owned(),
            role: Role::Auditor,
            scopes: Vec::new(),
            limits: Limits {
                lines: usize::MAX,
                ..Limits::of(Role::Auditor)
            },
        }
    }

    /// Whether they may do this.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.role.may(action) && (self.scopes.is_empty() || self.scopes.contains(&action))
    }

    /// An error unless they may do this.
    pub(crate) fn must(&self, action: Action) -> Answer<()> {
        if self.may(action) {
            return Ok(());
        }
        let detail = if self.role.may(action) {
            format!("the token's scopes do not hold `{}`", action.code())
        } else if self.role == Role::Public {
            format!(
                "to {}, show a token: Authorization: Bearer …",
                action.label()
            )
        } else {
            format!("the role `{}` may not {}", self.role.code(), action.label())
        };
        let kind = if self.role == Role::Public {
            &UNAUTHENTICATED
        } else {
            &FORBIDDEN
        };
        Err(Problem::new(kind, detail))
    }
}

/// Who is known, and what each may use.
#[derive(Debug)]
pub(crate) struct Access {
    tokens: ArcSwap<HashMap<String, Token>>,
    oidc: Option<Oidc>,
    limits: BTreeMap<Role, Limits>,
    buckets: Buckets<String>,
}

impl Access {
    pub(crate) fn new(oidc: Option<Oidc>, limits: &BTreeMap<Role, Limits>) -> Self {
        let of = |role: Role| {
            limits
                .get(&role)
                .copied()
                .unwrap_or_else(|| Limits::of(role))
        };
        Self {
            tokens: ArcSwap::default(),
            oidc,
            limits: Role::ALL.into_iter().map(|role| (role, of(role))).collect(),
            buckets: Buckets::default(),
        }
    }

    /// Takes the tokens that the register holds.
    pub(crate) fn know(&self, tokens: Vec<Token>) {
        let by_id = tokens.into_iter().map(|token| (token.id.clone(), token));
        self.tokens.store(by_id.collect::<HashMap<_, _>>().into());
    }

    /// Who asks: the owner of the token that is shown, or the public where none is.
    pub(crate) async fn caller(
        &self,
        headers: &HeaderMap,
        peer: &str,
        now: Timestamp,
    ) -> Answer<Caller> {
        let Some(shown) = headers.get(header::AUTHORIZATION) else {
            return Ok(self.of(Role::Public, format!("public:{peer}"), Vec::new()));
        };
        let unknown = || {
            let detail =
                "the token is unknown, expired or revoked; leave it out to ask as the public";
            Problem::new(&UNAUTHENTICATED, detail)
        };
        let text = shown.to_str().ok().and_then(bearer).ok_or_else(unknown)?;
        if let Some((id, secret)) = Token::parts(text) {
            let tokens = self.tokens.load();
            let token = tokens
                .get(id)
                .filter(|token| token.is_secret(secret) && token.is_valid(now))
                .ok_or_else(unknown)?;
            return Ok(self.of(token.role, token.name.clone(), token.scopes.clone()));
        }
        let oidc = self.oidc.as_ref().ok_or_else(unknown)?;
        let (name, role) = oidc.caller(text).await.ok_or_else(unknown)?;
        Ok(self.of(role, name, Vec::new()))
    }

    fn of(&self, role: Role, name: String, scopes: Vec<Action>) -> Caller {
        let limits = self.limits.get(&role).copied();
        Caller {
            name,
            role,
            scopes,
            limits: limits.unwrap_or_else(|| Limits::of(role)),
        }
    }

    /// Counts a request; an error where there were too many.
    pub(crate) fn count(&self, caller: &Caller, now: Instant) -> Answer<()> {
        let taken = self.buckets.take(&caller.name, &caller.limits, now);
        taken.map_err(|wait| {
            let seconds = u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            let allowed = caller.limits.requests_per_second;
            let detail = format!("the role `{}` has {allowed} a second", caller.role.code());
            Problem::new(&TOO_MANY, detail).after(seconds)
        })
    }
}

fn bearer(text: &str) -> Option<&str> {
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::{Access, Action, Caller, Role};
    use std::collections::BTreeMap;

    fn caller(role: Role, scopes: Vec<Action>) -> Caller {
        Access::new(None, &BTreeMap::new()).of(role, "a test".to_owned(), scopes)
    }

    #[test]
    fn a_scope_takes_away_and_never_gives() {
        let officer = caller(Role::Officer, vec![Action::Screen, Action::Tokens]);
        assert!(officer.may(Action::Screen));
        assert!(!officer.may(Action::Read));
        assert!(!officer.may(Action::Tokens));
        assert!(caller(Role::Officer, Vec::new()).may(Action::Read));
    }
}
