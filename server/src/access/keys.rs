//! The public keys of an issuer: of a file, or of an address that is asked again when they may have changed.

use std::path::Path;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use tokio::sync::Mutex;

use crate::fetch::Address;

/// How long keys are taken without asking again: a key that the issuer withdrew ends here too.
const AGE: Duration = Duration::from_hours(1);
/// How long to wait before asking again, whatever tokens are shown.
const PAUSE: Duration = Duration::from_secs(30);

/// The keys of an issuer.
#[derive(Debug)]
pub(super) struct Keys {
    known: ArcSwap<JwkSet>,
    /// Where they are asked for; nowhere if they are a file's.
    address: Option<Address>,
    /// When they were asked for last, and last came.
    asked: Mutex<Asked>,
}

#[derive(Debug)]
struct Asked {
    last: Instant,
    came: Option<Instant>,
}

impl Keys {
    /// Reads keys. An address that does not answer is no error: until it does, no token of the issuer opens
    /// anything.
    pub(super) async fn open(place: &str, authorities: Option<&Path>) -> Result<Self, String> {
        if !place.contains("://") {
            let wrong = |error: &dyn ToString| {
                format!("the keys of the issuer, {place}: {}", error.to_string())
            };
            let text = std::fs::read_to_string(place).map_err(|error| wrong(&error))?;
            let keys = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
            return Ok(Self::new(keys, None));
        }
        let address = Address::read(place, authorities)?;
        if !address.is_safe() {
            let why = "whoever stands on the way could change the keys; expected https";
            return Err(format!("the keys of the issuer, {place}: {why}"));
        }
        let keys = Self::new(JwkSet { keys: Vec::new() }, Some(address));
        keys.ask(&mut *keys.asked.lock().await).await;
        Ok(keys)
    }

    fn new(keys: JwkSet, address: Option<Address>) -> Self {
        Self {
            known: ArcSwap::from_pointee(keys),
            address,
            asked: Mutex::new(Asked {
                last: Instant::now(),
                came: None,
            }),
        }
    }

    /// The key of a name; without one, the only key. One that is unknown may be new: then they are asked for.
    pub(super) async fn find(&self, name: Option<&str>) -> Option<DecodingKey> {
        let found = self.known_key(name);
        if self.address.is_none() || !self.is_due(found.is_none()).await {
            return found;
        }
        self.known_key(name)
    }

    fn known_key(&self, name: Option<&str>) -> Option<DecodingKey> {
        let known = self.known.load();
        let key = match name {
            Some(name) => known.find(name)?,
            None => known.keys.first().filter(|_| known.keys.len() == 1)?,
        };
        DecodingKey::from_jwk(key).ok()
    }

    /// Asks for the keys if one is unknown or they are old, and it was not done just now; whether it was done.
    async fn is_due(&self, unknown: bool) -> bool {
        // Whoever comes while another asks takes what is known.
        let Ok(mut asked) = self.asked.try_lock() else {
            return false;
        };
        let old = asked.came.is_none_or(|came| came.elapsed() > AGE);
        if !(unknown || old) || asked.last.elapsed() < PAUSE {
            return false;
        }
        self.ask(&mut asked).await;
        true
    }

    async fn ask(&self, asked: &mut Asked) {
        let Some(address) = &self.address else { return };
        asked.last = Instant::now();
        let read = |bytes: axum::body::Bytes| {
            serde_json::from_slice::<JwkSet>(&bytes).map_err(|error| error.to_string())
        };
        match address.get().await.and_then(read) {
            Ok(keys) => {
                self.known.store(keys.into());
                asked.came = Some(asked.last);
            }
            Err(error) => {
                tracing::warn!(target: "access", error, "the keys of the issuer do not come; those that are known stay");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Instant, Keys, PAUSE};
    use crate::fetch::tests::{file, serve};
    use std::sync::{Arc, Mutex};

    #[tokio::test]
    async fn a_key_that_is_new_is_found_once_it_may_be_asked_for_again() {
        let answer = Arc::new(Mutex::new("{\"keys\": []}".to_owned()));
        let at = serve(Arc::clone(&answer), false).await;
        let keys = Keys::open(&format!("http://{at}/keys"), None)
            .await
            .unwrap();
        assert!(keys.find(Some("test")).await.is_none());
        *answer.lock().unwrap() = std::fs::read_to_string(file("issuer-keys.json")).unwrap();
        assert!(
            keys.find(Some("test")).await.is_none(),
            "it was asked just now"
        );
        keys.asked.lock().await.last = Instant::now().checked_sub(PAUSE).unwrap();
        assert!(keys.find(Some("test")).await.is_some());
        // What is known stays where the issuer answers no longer.
        *answer.lock().unwrap() = String::new();
        keys.asked.lock().await.came = None;
        keys.asked.lock().await.last = Instant::now().checked_sub(PAUSE).unwrap();
        assert!(keys.find(Some("test")).await.is_some());
        assert!(
            keys.find(None).await.is_some(),
            "the only key needs no name"
        );
    }

    #[tokio::test]
    async fn keys_are_not_asked_for_where_they_could_be_changed_on_the_way() {
        let why = Keys::open("http://issuer.example/keys", None)
            .await
            .unwrap_err();
        assert!(why.contains("expected https"), "{why}");
        assert!(Keys::open("no/such/file.json", None).await.is_err());
    }
}
