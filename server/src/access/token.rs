//! API tokens: 256 random bits that are shown once, and kept as their SHA-256 only.

use catchall_engine::source::sha256;
use jiff::Timestamp;
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::role::{Action, Role};

/// Bytes of a token's secret.
const SECRET_BYTES: usize = 32;
/// How a token begins, so that people and scanners know one when they see it.
const MARK: &str = "catchall_";

/// A token as the register keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Token {
    /// Its public number.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// What its owner is.
    pub role: Role,
    /// What it may be used for, of what the role may do; everything if none is named.
    pub scopes: Vec<Action>,
    /// When it was made.
    pub made_at: String,
    /// From when on it is no longer taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Since when it is no longer taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// SHA-256 of its secret.
    #[serde(skip)]
    pub secret_sha256: String,
}

/// A new token with the text that is shown once.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) token: Token,
    pub(crate) text: String,
}

impl Token {
    /// Makes a token; an error where the system gives no random bits.
    pub(crate) fn make(
        name: String,
        role: Role,
        scopes: Vec<Action>,
        expires_at: Option<String>,
        now: Timestamp,
    ) -> Result<Made, String> {
        let mut secret = [0_u8; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|error| format!("no random bits: {error}"))?;
        let mut number = [0_u8; 8];
        getrandom::fill(&mut number).map_err(|error| format!("no random bits: {error}"))?;
        let (id, secret) = (hexadecimal(&number), hexadecimal(&secret));
        let token = Self {
            id: id.clone(),
            name,
            role,
            scopes,
            made_at: now.to_string(),
            expires_at,
            revoked_at: None,
            secret_sha256: sha256(secret.as_bytes()),
        };
        Ok(Made {
            token,
            text: format!("{MARK}{id}_{secret}"),
        })
    }

    /// The number and the secret of what a caller shows, if it has the form of a token.
    pub(crate) fn parts(text: &str) -> Option<(&str, &str)> {
        text.strip_prefix(MARK)?.split_once('_')
    }

    /// Whether it is this token's secret, in the same time whatever is shown.
    pub(crate) fn is_secret(&self, secret: &str) -> bool {
        let shown = sha256(secret.as_bytes());
        shown.as_bytes().ct_eq(self.secret_sha256.as_bytes()).into()
    }

    /// Whether it is taken now.
    pub(crate) fn is_valid(&self, now: Timestamp) -> bool {
        let expired = self.expires_at.as_deref().map(str::parse::<Timestamp>);
        let current = match expired {
            None => true,
            Some(Ok(until)) => now < until,
            Some(Err(_)) => false,
        };
        current && self.revoked_at.is_none()
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Action, Role, Token};
    use jiff::Timestamp;

    fn made(scopes: Vec<Action>, expires_at: Option<&str>) -> super::Made {
        let expires_at = expires_at.map(str::to_owned);
        Token::make(
            "a test".into(),
            Role::Officer,
            scopes,
            expires_at,
            Timestamp::UNIX_EPOCH,
        )
        .unwrap()
    }

    #[test]
    fn a_token_is_known_by_its_secret_alone() {
        let (one, other) = (made(Vec::new(), None), made(Vec::new(), None));
        let (id, secret) = Token::parts(&one.text).unwrap();
        assert_eq!((id, secret.len()), (one.token.id.as_str(), 64));
        assert!(one.token.is_secret(secret));
        assert!(!other.token.is_secret(secret));
        assert!(
            !serde_json::to_string(&one.token)
                .unwrap()
                .contains("secret")
        );
    }

    #[test]
    fn a_token_ends_when_it_says_or_when_it_is_revoked() {
        let now = Timestamp::UNIX_EPOCH;
        assert!(
            made(Vec::new(), Some("1970-01-01T00:00:01Z"))
                .token
                .is_valid(now)
        );
        assert!(
            !made(Vec::new(), Some("1970-01-01T00:00:00Z"))
                .token
                .is_valid(now)
        );
        assert!(!made(Vec::new(), Some("some day")).token.is_valid(now));
        let mut revoked = made(Vec::new(), None).token;
        revoked.revoked_at = Some(now.to_string());
        assert!(!revoked.is_valid(now));
    }
}
