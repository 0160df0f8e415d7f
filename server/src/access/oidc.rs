//! Bearer tokens of an OpenID Connect issuer: signed, in time, for this service, with a role.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;

use super::keys::Keys;
use super::role::Role;

/// Signatures that are taken: asymmetric ones only, so that whoever checks a token cannot make one.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::EdDSA,
];

/// Longest name of a caller, in bytes.
const NAME_BYTES: usize = 255;

/// Whose tokens are taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The issuer, as tokens name it.
    pub issuer: String,
    /// This service, as tokens name it.
    pub audience: String,
    /// The issuer's public keys (a JWK set): a file, or an address (`https://…`) that is asked.
    pub jwks: String,
    /// File of certificates that are trusted for that address, instead of the public ones.
    #[serde(default)]
    pub jwks_authorities: Option<PathBuf>,
    /// The claim that holds the role: a text or a list of texts.
    #[serde(default = "role_claim")]
    pub role_claim: String,
    /// What the issuer calls each role; by their own codes if none are given.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
}

/// Whether what somebody does can be kept under this name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_BYTES && !name.chars().any(char::is_control)
}

fn role_claim() -> String {
    "roles".to_owned()
}

/// The keys and names of an issuer.
#[derive(Debug)]
pub(crate) struct Oidc {
    issuer: Issuer,
    keys: Keys,
}

impl Oidc {
    /// Reads the issuer's keys.
    pub(crate) async fn open(issuer: Issuer) -> Result<Self, String> {
        let keys = Keys::open(&issuer.jwks, issuer.jwks_authorities.as_deref()).await?;
        Ok(Self { issuer, keys })
    }

    /// Whose token it is, with the strongest of their roles; none if it is not good.
    pub(crate) async fn caller(&self, token: &str) -> Option<(String, Role)> {
        let header = decode_header(token).ok()?;
        let algorithm = ALGORITHMS.into_iter().find(|known| *known == header.alg)?;
        let key = self.keys.find(header.kid.as_deref()).await?;
        let claims: Value = decode(token, &key, &self.validation(algorithm))
            .ok()?
            .claims;
        let subject = claims.get("sub")?.as_str().filter(|name| is_name(name))?;
        Some((format!("oidc:{subject}"), self.role(&claims)?))
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.issuer.issuer]);
        validation.set_audience(&[&self.issuer.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation
    }

    fn role(&self, claims: &Value) -> Option<Role> {
        let stated = match claims.get(&self.issuer.role_claim)? {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            Value::String(text) => text.split_whitespace().collect(),
            _ => Vec::new(),
        };
        let role = |name: &str| {
            if self.issuer.roles.is_empty() {
                Role::parse(name)
            } else {
                self.issuer.roles.get(name).copied()
            }
        };
        let order = [
            Role::SeniorOfficer,
            Role::Officer,
            Role::Auditor,
            Role::RuleEditor,
            Role::ApplicantSystem,
            Role::Public,
        ];
        let held: Vec<Role> = stated.into_iter().filter_map(role).collect();
        order.into_iter().find(|role| held.contains(role))
    }
}
