//! Traces for a collector that speaks OTLP over HTTP, where one is set: one span for each request.
//!
//! A span says what the log says: method, route, status, code and time. Nothing that was sent is in it. The
//! format is the JSON of OpenTelemetry's protocol; what is not used of it needs no library.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, Method};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::interval;

use crate::access::hexadecimal;
use crate::fetch::Address;

/// Spans that may wait; past it they are dropped and counted, so that requests never wait for a collector.
const WAITING: usize = 4_096;
/// Spans that are sent together.
const TOGETHER: usize = 512;
/// How long a span waits for others.
const PACE: Duration = Duration::from_secs(1);

/// What is told of one request.
#[derive(Debug)]
pub(crate) struct Span {
    /// The trace, and the span above it, as the caller names them.
    pub(crate) context: Context,
    pub(crate) method: Method,
    pub(crate) route: String,
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) began: SystemTime,
    pub(crate) took: Duration,
}

/// Where in a trace a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    trace: String,
    above: Option<String>,
    /// Whether it is to be told.
    pub(crate) sampled: bool,
}

impl Context {
    /// What the header `traceparent` says (W3C Trace Context); a new trace where it says nothing.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let stated = headers
            .get("traceparent")
            .and_then(|value| value.to_str().ok());
        stated.and_then(Self::parsed).unwrap_or_else(|| Self {
            trace: random::<16>(),
            above: None,
            sampled: true,
        })
    }

    fn parsed(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, above) = (parts.next()?, parts.next()?, parts.next()?);
        let flags = u8::from_str_radix(parts.next()?, 16).ok()?;
        let known = is_number(version, 2) && version != "ff";
        (known
            && is_number(trace, 32)
            && is_number(above, 16)
            && !is_zero(trace)
            && !is_zero(above))
        .then(|| Self {
            trace: trace.to_owned(),
            above: Some(above.to_owned()),
            sampled: flags & 1 == 1,
        })
    }
}

fn is_number(text: &str, digits: usize) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == digits && text.bytes().all(digit)
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'0')
}

fn random<const BYTES: usize>() -> String {
    let mut bytes = [1_u8; BYTES];
    // A trace with a number that is not random is still a trace.
    let _ = getrandom::fill(&mut bytes);
    hexadecimal(&bytes)
}

/// What the sender is handed.
enum Handed {
    Span(Box<Span>),
    /// Answered once all before it is sent.
    Flush(oneshot::Sender<()>),
}

/// Where spans are handed in; nothing is made of them where no collector is set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces(Option<mpsc::Sender<Handed>>);

impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handed")
    }
}

impl Traces {
    /// Sends spans to a collector.
    pub(crate) fn to(collector: Option<Address>) -> Self {
        Self(collector.map(|collector| {
            let (sender, waiting) = mpsc::channel(WAITING);
            tokio::spawn(send(collector, waiting));
            sender
        }))
    }

    /// Whether anybody is told.
    pub(crate) fn are_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Tells of a request.
    pub(crate) fn tell(&self, span: Span) {
        let Some(sender) = self.0.as_ref().filter(|_| span.context.sampled) else {
            return;
        };
        if sender.try_send(Handed::Span(Box::new(span))).is_err() {
            metrics::counter!("catchall_spans_dropped_total").increment(1);
        }
    }

    /// Waits until all is sent.
    pub(crate) async fn flush(&self) {
        let (reply, sent) = oneshot::channel();
        if let Some(sender) = &self.0
            && sender.try_send(Handed::Flush(reply)).is_ok()
        {
            let _ = sent.await;
        }
    }
}

async fn send(collector: Address, mut waiting: mpsc::Receiver<Handed>) {
    let (mut spans, mut clock) = (Vec::with_capacity(TOGETHER), interval(PACE));
    loop {
        tokio::select! {
            handed = waiting.recv() => match handed {
                Some(Handed::Span(span)) => spans.push(told(&span)),
                Some(Handed::Flush(reply)) => {
                    post(&collector, &mut spans).await;
                    let _ = reply.send(());
                }
                None => return post(&collector, &mut spans).await,
            },
            _ = clock.tick() => post(&collector, &mut spans).await,
        }
        if spans.len() >= TOGETHER {
            post(&collector, &mut spans).await;
        }
    }
}

async fn post(collector: &Address, spans: &mut Vec<Value>) {
    if spans.is_empty() {
        return;
    }
    let service = json!([
        text("service.name", "catchall"),
        text("service.version", env!("CARGO_PKG_VERSION"))
    ]);
    let whole = json!({"resourceSpans": [{
        "resource": {"attributes": service},
        "scopeSpans": [{"scope": {"name": "catchall"}, "spans": std::mem::take(spans)}],
    }]});
    if let Err(error) = collector.post(whole.to_string()).await {
        metrics::counter!("catchall_spans_failed_total").increment(1);
        tracing::warn!(target: "traces", error, "the collector does not take spans");
    }
}

/// A span as OTLP has it in JSON.
fn told(span: &Span) -> Value {
    let began = span.began.duration_since(UNIX_EPOCH).unwrap_or_default();
    let ended = began.saturating_add(span.took);
    let mut attributes = vec![
        text("http.request.method", span.method.as_str()),
        text("http.route", &span.route),
        json!({"key": "http.response.status_code", "value": {"intValue": span.status.to_string()}}),
    ];
    if !span.code.is_empty() {
        attributes.push(text("error.type", span.code));
    }
    json!({
        "traceId": span.context.trace,
        "spanId": random::<8>(),
        "parentSpanId": span.context.above.as_deref().unwrap_or_default(),
        "name": format!("{} {}", span.method, span.route),
        // A server's.
        "kind": 2,
        "startTimeUnixNano": began.as_nanos().to_string(),
        "endTimeUnixNano": ended.as_nanos().to_string(),
        "attributes": attributes,
        // Only a fault of the service is an error of the span; else it says nothing.
        "status": {"code": if span.status >= 500 { 2 } else { 0 }},
    })
}

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

#[cfg(test)]
mod tests {
    use super::Context;
    use axum::http::HeaderMap;

    fn context(text: &str) -> Context {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", text.parse().unwrap());
        Context::read(&headers)
    }

    #[test]
    fn a_trace_goes_on_where_its_caller_names_it_and_begins_else() {
        let stated = context("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assert_eq!(stated.trace, "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(stated.above.as_deref(), Some("b7ad6b7169203331"));
        assert!(stated.sampled);
        assert!(!context("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").sampled);
        for wrong in [
            "",
            "x",
            "00-0af7-b7ad-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        ] {
            let fresh = context(wrong);
            assert!(fresh.above.is_none() && fresh.sampled, "{wrong}");
            assert_eq!(fresh.trace.len(), 32);
        }
    }
}
