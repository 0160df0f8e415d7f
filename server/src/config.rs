//! How the service is set: a file, the environment over it, flags over both.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use serde::Deserialize;

use crate::access::{Issuer, Limits, Role};

/// What stands before the names of settings in the environment.
const PREFIX: &str = "CATCHALL_";

/// Settings as one source states them; what it does not state is left to the sources below it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Address and port to listen on.
    pub listen: Option<String>,
    /// The register: a file (SQLite), or a URL (`postgres://…`, `sqlite:…`).
    pub register: Option<String>,
    /// Folder of reference data to use instead of what is compiled in.
    pub data: Option<PathBuf>,
    /// Rulesets beside those that are compiled in: folders or files. One with the same id takes its place.
    pub rulesets: Option<Vec<String>>,
    /// File with the TLS certificate and those above it, in PEM.
    pub tls_certificate: Option<PathBuf>,
    /// File with the key of the certificate, in PEM.
    pub tls_key: Option<PathBuf>,
    /// Folder of the tables that are screened as jobs.
    pub jobs: Option<PathBuf>,
    /// Requests that are answered at the same time at most.
    pub requests: Option<usize>,
    /// Long screenings that are done at the same time at most.
    pub workers: Option<NonZeroUsize>,
    /// After how many days `/readyz` says that data are stale.
    pub stale_after_days: Option<u32>,
    /// What is logged: `error`, `warn`, `info` or `debug`.
    pub log: Option<String>,
    /// How long running requests may go on once the service is asked to stop, in seconds.
    pub stop_seconds: Option<u32>,
    /// Where spans of requests are sent, by OTLP over HTTP: `http://127.0.0.1:4318/v1/traces`.
    pub traces: Option<String>,
    /// The issuer of OpenID Connect tokens that are taken.
    pub oidc: Option<Issuer>,
    /// The limits of roles.
    #[serde(default)]
    pub limits: BTreeMap<Role, Limits>,
}

impl Layer {
    /// The settings of a file, in TOML.
    pub fn of_file(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("the settings, {}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("the settings, {}: {error}", path.display()))
    }

    /// The settings of the environment: `CATCHALL_LISTEN` and so on. A list is separated by commas.
    pub fn of_environment(
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, String> {
        let mut layer = Self::default();
        let ours = variables.filter_map(|(name, value)| {
            let name = name.strip_prefix(PREFIX)?.to_lowercase();
            Some((name, value))
        });
        for (name, value) in ours {
            layer.set(&name, value)?;
        }
        Ok(layer)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        let number = |value: &str| {
            let number = value.parse::<u32>().ok().filter(|number| *number > 0);
            let found = format!("{PREFIX}{}: `{value}`", name.to_uppercase());
            number.ok_or_else(|| format!("{found}; expected a whole number from 1"))
        };
        let size = |value: &str| number(value).map(|number| usize::try_from(number).unwrap_or(1));
        match name {
            "listen" => self.listen = Some(value),
            "register" => self.register = Some(value),
            "data" => self.data = Some(value.into()),
            "rulesets" => self.rulesets = Some(value.split(',').map(str::to_owned).collect()),
            "tls_certificate" => self.tls_certificate = Some(value.into()),
            "tls_key" => self.tls_key = Some(value.into()),
            "jobs" => self.jobs = Some(value.into()),
            "requests" => self.requests = Some(size(&value)?),
            "workers" => self.workers = NonZeroUsize::new(size(&value)?),
            "stale_after_days" => self.stale_after_days = Some(number(&value)?),
            "log" => self.log = Some(value),
            "traces" => self.traces = Some(value),
            "stop_seconds" => self.stop_seconds = Some(number(&value)?),
            // Other programs of this name may have variables of their own.
            _ => {}
        }
        Ok(())
    }

    /// These settings, and below them others.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let mut limits = below.limits;
        limits.extend(self.limits);
        Self {
            listen: self.listen.or(below.listen),
            register: self.register.or(below.register),
            data: self.data.or(below.data),
            rulesets: self.rulesets.or(below.rulesets),
            tls_certificate: self.tls_certificate.or(below.tls_certificate),
            tls_key: self.tls_key.or(below.tls_key),
            jobs: self.jobs.or(below.jobs),
            requests: self.requests.or(below.requests),
            workers: self.workers.or(below.workers),
            stale_after_days: self.stale_after_days.or(below.stale_after_days),
            log: self.log.or(below.log),
            stop_seconds: self.stop_seconds.or(below.stop_seconds),
            traces: self.traces.or(below.traces),
            oidc: self.oidc.or(below.oidc),
            limits,
        }
    }
}

/// How the service is set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The register's URL.
    pub register: String,
    /// Certificate and key, where the service speaks TLS itself.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Folder of the tables that are screened as jobs.
    pub jobs: PathBuf,
    /// Requests that are answered at the same time at most.
    pub requests: usize,
    /// Long screenings that are done at the same time at most.
    pub workers: NonZeroUsize,
    /// After how many days data are stale.
    pub stale_after_days: u32,
    /// What is logged.
    pub log: String,
    /// How long running requests may go on once the service is asked to stop, in seconds.
    pub stop_seconds: u32,
    /// Where spans of requests are sent.
    pub traces: Option<String>,
    /// The issuer of OpenID Connect tokens that are taken.
    pub oidc: Option<Issuer>,
    /// The limits of roles.
    pub limits: BTreeMap<Role, Limits>,
}

impl TryFrom<Layer> for Config {
    type Error = String;

    fn try_from(layer: Layer) -> Result<Self, String> {
        let listen = layer.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let tls = match (layer.tls_certificate, layer.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err("TLS needs both a certificate and its key".to_owned()),
        };
        let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            listen: listen.parse().map_err(|_| {
                format!("listen: `{listen}`; expected ADDRESS:PORT, such as 127.0.0.1:8080")
            })?,
            register: register_url(layer.register.as_deref().unwrap_or("catchall.db")),
            tls,
            jobs: layer.jobs.unwrap_or_else(|| "catchall-jobs".into()),
            requests: layer.requests.unwrap_or(512),
            workers: layer.workers.unwrap_or(processors),
            stale_after_days: layer.stale_after_days.unwrap_or(180),
            log: layer.log.unwrap_or_else(|| "info".to_owned()),
            stop_seconds: layer.stop_seconds.unwrap_or(30),
            traces: layer.traces,
            oidc: layer.oidc,
            limits: layer.limits,
        })
    }
}

/// The URL of a register that is named by a URL or by a file.
pub fn register_url(named: &str) -> String {
    if named.starts_with("postgres:")
        || named.starts_with("postgresql:")
        || named.starts_with("sqlite:")
    {
        named.to_owned()
    } else {
        format!("sqlite:{named}?mode=rwc")
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Layer};

    fn environment(pairs: &[(&str, &str)]) -> Result<Layer, String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Layer::of_environment(pairs)
    }

    #[test]
    fn flags_stand_over_the_environment_and_that_over_the_file() {
        let file: Layer =
            toml::from_str("listen = \"127.0.0.1:1\"\nregister = \"a.db\"\nrequests = 7").unwrap();
        let environment = environment(&[
            ("CATCHALL_LISTEN", "127.0.0.1:2"),
            ("CATCHALL_REGISTER", "b.db"),
        ])
        .unwrap();
        let flags = Layer {
            listen: Some("127.0.0.1:3".to_owned()),
            ..Layer::default()
        };
        let config = Config::try_from(flags.over(environment).over(file)).unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.register, "sqlite:b.db?mode=rwc");
        assert_eq!(config.requests, 7);
    }

    #[test]
    fn what_is_wrong_with_a_setting_is_said() {
        assert!(toml::from_str::<Layer>("lisen = \"127.0.0.1:1\"").is_err());
        assert!(
            environment(&[("CATCHALL_REQUESTS", "many")])
                .unwrap_err()
                .contains("CATCHALL_REQUESTS")
        );
        let wrong = Layer {
            listen: Some("here".to_owned()),
            ..Layer::default()
        };
        assert!(
            Config::try_from(wrong)
                .unwrap_err()
                .contains("ADDRESS:PORT")
        );
        let half = Layer {
            tls_key: Some("key.pem".into()),
            ..Layer::default()
        };
        assert!(Config::try_from(half).is_err());
    }
}
