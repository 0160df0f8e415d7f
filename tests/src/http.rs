//! A small HTTP client, for suites that talk to the service as curl does, and as nobody should.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A caller of the service.
#[derive(Clone, Debug)]
pub struct Client {
    /// Where the service listens.
    pub address: SocketAddr,
    /// The token that is shown, if any.
    pub token: Option<String>,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of the problem that it tells; empty where it tells none.
    pub fn code(&self) -> String {
        let json = self.json();
        let code = json.get("code").and_then(Value::as_str);
        code.unwrap_or_default().to_owned()
    }
}

impl Client {
    /// The same caller with another token.
    #[must_use]
    pub fn with(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// Asks without a body.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> io::Result<Reply> {
        self.send("GET", path, headers, b"")
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> io::Result<Reply> {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send("POST", path, &all, body.to_string().as_bytes())
    }

    /// Sends a request, and reads the whole response.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Reply> {
        let length = body.len().to_string();
        let token = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let own = [
            ("host", "test"),
            ("connection", "close"),
            ("content-length", &length),
        ];
        let shown = token.as_deref().map(|token| ("authorization", token));
        let all = own.iter().chain(headers).copied().chain(shown);
        let lines: Vec<String> = all
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!("{method} {path} HTTP/1.1\r\n{}\r\n", lines.concat());
        let mut stream = self.connect()?;
        // A service may answer before it has read everything.
        let _ = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body));
        read(stream)
    }

    /// A connection, for what no client would send.
    pub fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}

/// Reads a response to the end of its connection.
pub fn read(mut stream: impl Read) -> io::Result<Reply> {
    let mut all = Vec::new();
    match stream.read_to_end(&mut all) {
        Err(error) if all.is_empty() => Err(error),
        _ => parse(&all),
    }
}

fn parse(all: &[u8]) -> io::Result<Reply> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "no HTTP response");
    let end = all
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(wrong)?;
    let (head, rest) = all.split_at(end);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status
        .and_then(|code| code.parse().ok())
        .ok_or_else(wrong)?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let mut reply = Reply {
        status,
        headers,
        body: rest.get(4..).unwrap_or_default().to_vec(),
    };
    if reply.header("transfer-encoding") == "chunked" {
        reply.body = joined(&reply.body);
    }
    Ok(reply)
}

/// The parts of a body joined, each of which comes with its length.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let (length, after) = rest.split_at(end);
        let length = std::str::from_utf8(length).unwrap_or_default();
        let length = usize::from_str_radix(length, 16).unwrap_or_default();
        let part = after.get(2..).unwrap_or_default();
        if length == 0 || part.len() < length {
            break;
        }
        let (part, next) = part.split_at(length);
        whole.extend_from_slice(part);
        rest = next.get(2..).unwrap_or_default();
    }
    whole
}
