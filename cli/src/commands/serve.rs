//! `catchall serve`: the same answers over HTTP, with a register.

use std::path::PathBuf;
use std::sync::Arc;

use catchall_engine::source::{Diagnostic, Problems};
use catchall_server::{Config, Layer, Loader, Running, serve};
use clap::Args;

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print;
use crate::sources::{Sources, material};

/// Serve over HTTP: screening, law and data to read, and a register of what was asked and decided.
///
/// Settings come from flags, before them from the environment (`CATCHALL_LISTEN` and so on), before that from a
/// file. It runs until Ctrl-C or SIGTERM; on SIGHUP it loads law and data again.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on; 127.0.0.1:8080 if none is set.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The register: a file (SQLite), or a URL such as `postgres://user@host/name`; `catchall.db` if none is set.
    #[arg(long, value_name = "FILE|URL")]
    register: Option<String>,
    /// File of settings, in TOML.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Ruleset beside those that are compiled in: a folder or a file. Repeat for several.
    #[arg(long, value_name = "RULESET")]
    ruleset: Vec<String>,
    /// File with the TLS certificate and those above it, in PEM.
    #[arg(long, value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// File with the key of the certificate, in PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// What is logged: error, warn, info or debug.
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
}

impl Serve {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let layer = self.layer(sources).map_err(Failure::Usage)?;
        let load = loader(&layer);
        let config = Config::try_from(layer).map_err(Failure::Usage)?;
        let tls = config.tls.is_some();
        serve(config, load, |running| greet(running, tls))?;
        Ok(Exit::Done)
    }

    fn layer(&self, sources: &Sources) -> Result<Layer, String> {
        let flags = Layer {
            listen: self.listen.clone(),
            register: self.register.clone(),
            data: sources.data_folder(),
            rulesets: (!self.ruleset.is_empty()).then(|| self.ruleset.clone()),
            tls_certificate: self.tls_certificate.clone(),
            tls_key: self.tls_key.clone(),
            log: self.log.clone(),
            ..Layer::default()
        };
        let file = match &self.config {
            Some(path) => Layer::of_file(path)?,
            None => Layer::default(),
        };
        let environment = Layer::of_environment(std::env::vars())?;
        Ok(flags.over(environment).over(file))
    }
}

/// Reads law and data from where the settings say, each time that they are loaded.
fn loader(layer: &Layer) -> Loader {
    let (data, rulesets) = (
        layer.data.clone(),
        layer.rulesets.clone().unwrap_or_default(),
    );
    Arc::new(move || {
        material(data.as_deref(), &rulesets).map_err(|failure| match failure {
            Failure::Input(problems) => problems,
            other => Problems::from(Diagnostic::error("R100", other.to_string(), "law and data")),
        })
    })
}

/// Says where the service is, and how to make the first call.
fn greet(running: &Running, tls: bool) {
    let scheme = if tls { "https" } else { "http" };
    let address = running.address;
    let token = running.first_token.as_ref().map(|token| {
        format!(
            "\nThe first token, a senior officer's. It is shown this once:\n  {token}\n\
             With it you keep determinations (?keep=true), decide, search, and give out other tokens.\n"
        )
    });
    let text = format!(
        "Catchall listens on {scheme}://{address}\n{token}\nThe first call:\n  \
         curl '{scheme}://{address}/v1/screenings?as_of=2021-11-15' -H 'Accept: text/plain' \\\n    \
         -H 'Content-Type: application/json' -d @data/samples/predator-madagascar-2021.json\n\n\
         All calls: {scheme}://{address}/docs/   Stop: Ctrl-C\n",
        token = token.unwrap_or_default(),
    );
    // Whoever does not read it misses only this.
    let _ = print(&text);
}
