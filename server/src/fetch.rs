//! A small HTTP client for the few addresses that the service itself asks: one request a connection, within
//! limits of size and time, never sent on to another address.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, Uri, header};
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a request may take, from its connection to the end of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer, in bytes.
const ANSWER: usize = 1024 * 1024;

/// An address that can be asked.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    uri: Uri,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

impl Address {
    /// Reads an address. `authorities` is a file of certificates that are trusted instead of the public ones.
    pub(crate) fn read(text: &str, authorities: Option<&Path>) -> Result<Self, String> {
        let wrong = |why: &str| format!("`{text}`: {why}; expected https://HOST/PATH");
        let uri: Uri = text.parse().map_err(|_| wrong("no address"))?;
        let host = uri.host().ok_or_else(|| wrong("no host"))?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let (tls, port) = match uri.scheme_str() {
            Some("https") => (Some(Arc::new(trusting(authorities)?)), 443),
            Some("http") => (None, 80),
            _ => return Err(wrong("neither https nor http")),
        };
        let port = uri.port_u16().unwrap_or(port);
        let address = Self {
            uri,
            host,
            port,
            tls,
        };
        Ok(address)
    }

    /// Whether nobody on the way can change what is answered.
    pub(crate) fn is_safe(&self) -> bool {
        let this = self.host.parse::<std::net::IpAddr>();
        self.tls.is_some() || this.is_ok_and(|address| address.is_loopback())
    }

    /// Reads what is there.
    pub(crate) async fn get(&self) -> Result<Bytes, String> {
        self.ask(Method::GET, Bytes::new()).await
    }

    /// Sends JSON there.
    pub(crate) async fn post(&self, json: String) -> Result<Bytes, String> {
        self.ask(Method::POST, Bytes::from(json)).await
    }

    async fn ask(&self, method: Method, body: Bytes) -> Result<Bytes, String> {
        let answer = timeout(PATIENCE, self.connected(method, body)).await;
        let answer = answer.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()));
        answer
            .and_then(|answer| answer)
            .map_err(|why| format!("{}: {why}", self.uri))
    }

    async fn connected(&self, method: Method, body: Bytes) -> Result<Bytes, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|error| error.to_string())?;
        let Some(tls) = &self.tls else {
            return self.sent(stream, method, body).await;
        };
        let name = ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
        let stream = TlsConnector::from(Arc::clone(tls))
            .connect(name, stream)
            .await;
        let stream = stream.map_err(|error| error.to_string())?;
        self.sent(stream, method, body).await
    }

    async fn sent(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        method: Method,
        body: Bytes,
    ) -> Result<Bytes, String> {
        let told = |error: hyper::Error| error.to_string();
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(told)?;
        let connection = tokio::spawn(connection);
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self.uri.authority().map_or("", |name| name.as_str());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, authority)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(Full::new(body))
            .map_err(|error| error.to_string())?;
        let response = sender.send_request(request).await.map_err(told)?;
        let status = response.status();
        let answer = Limited::new(response.into_body(), ANSWER).collect().await;
        connection.abort();
        if !status.is_success() {
            return Err(format!("the answer {status}; expected 200"));
        }
        answer
            .map(Collected::to_bytes)
            .map_err(|error| error.to_string())
    }
}

fn trusting(authorities: Option<&Path>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match authorities {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let wrong = |why: String| format!("the certificates, {}: {why}", path.display());
            let found = CertificateDer::pem_file_iter(path).map_err(|e| wrong(e.to_string()))?;
            for certificate in found {
                let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
                roots.add(certificate).map_err(|e| wrong(e.to_string()))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Address;
    use axum::Router;
    use axum::routing::get;
    use axum_server::Handle;
    use axum_server::tls_rustls::RustlsConfig;
    use std::net::SocketAddr;
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex};

    /// A file of the suites.
    pub(crate) fn file(name: &str) -> PathBuf {
        let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/service");
        tests.join(name)
    }

    /// A server on this machine that gives one answer; where it listens.
    pub(crate) async fn serve(answer: Arc<Mutex<String>>, tls: bool) -> SocketAddr {
        let give = move || async move { answer.lock().unwrap().clone() };
        let service = Router::new().route("/keys", get(give)).into_make_service();
        let (handle, any) = (Handle::new(), SocketAddr::from(([127, 0, 0, 1], 0)));
        let listening = handle.clone();
        if tls {
            let files = (file("tls-certificate.pem"), file("tls-key.pem"));
            let config = RustlsConfig::from_pem_file(files.0, files.1).await.unwrap();
            let server = axum_server::bind_rustls(any, config).handle(handle);
            tokio::spawn(server.serve(service));
        } else {
            tokio::spawn(axum_server::bind(any).handle(handle).serve(service));
        }
        listening.listening().await.unwrap()
    }

    #[tokio::test]
    async fn over_tls_only_who_is_trusted_is_asked() {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let at = serve(Arc::new(Mutex::new("an answer".to_owned())), true).await;
        let place = format!("https://{at}/keys");
        let trusted = file("tls-certificate.pem");
        let address = Address::read(&place, Some(&trusted)).unwrap();
        assert!(address.is_safe());
        assert_eq!(address.get().await.unwrap(), "an answer");
        let stranger = Address::read(&place, None).unwrap();
        let why = stranger.get().await.unwrap_err();
        assert!(why.contains("certificate"), "{why}");
    }

    #[tokio::test]
    async fn what_is_too_long_or_not_there_is_not_taken() {
        let answer = Arc::new(Mutex::new("x".repeat(super::ANSWER + 1)));
        let at = serve(answer, false).await;
        for (path, told) in [("keys", "length limit"), ("none", "404")] {
            let address = Address::read(&format!("http://{at}/{path}"), None).unwrap();
            let why = address.get().await.unwrap_err();
            assert!(why.contains(told), "{why}");
        }
        let plain = Address::read("http://issuer.example/keys", None).unwrap();
        assert!(!plain.is_safe());
        assert!(Address::read("ftp://issuer.example/keys", None).is_err());
    }
}
