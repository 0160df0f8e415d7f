//! A body as lines, read as they come, each within limits.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::timeout;

use super::body::{late, too_large};
use crate::access::Limits;
use crate::problem::{Answer, MALFORMED, Problem};

/// The lines of a body that are not blank. After an error there are no more.
pub(crate) fn lines_of(body: Body, limits: Limits) -> impl Stream<Item = Answer<Vec<u8>>> + Send {
    let reader = Reader {
        parts: body.into_data_stream(),
        buffer: Vec::new(),
        searched: 0,
        limits,
        ended: false,
    };
    stream::unfold(reader, |mut reader| async move {
        let line = reader.line().await?;
        Some((line, reader))
    })
}

struct Reader {
    parts: BodyDataStream,
    buffer: Vec<u8>,
    /// Bytes of the buffer in which no line ends.
    searched: usize,
    limits: Limits,
    ended: bool,
}

impl Reader {
    async fn line(&mut self) -> Option<Answer<Vec<u8>>> {
        loop {
            if let Some(line) = self.complete() {
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Some(Ok(line));
            }
            if self.ended {
                return None;
            }
            if let Err(problem) = self.more().await {
                self.ended = true;
                self.buffer.clear();
                self.searched = 0;
                return Some(Err(problem));
            }
        }
    }

    /// The next line, if its end is there.
    fn complete(&mut self) -> Option<Vec<u8>> {
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        match unsearched.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let end = self.searched.saturating_add(at).saturating_add(1);
                self.searched = 0;
                Some(self.buffer.drain(..end).collect())
            }
            None if self.ended && !self.buffer.is_empty() => {
                self.searched = 0;
                Some(std::mem::take(&mut self.buffer))
            }
            None => {
                self.searched = self.buffer.len();
                None
            }
        }
    }

    async fn more(&mut self) -> Answer<()> {
        if self.buffer.len() > self.limits.body_bytes {
            return Err(too_large(self.limits.body_bytes));
        }
        let seconds = Duration::from_secs(u64::from(self.limits.seconds));
        let part = timeout(seconds, self.parts.next()).await;
        match part.map_err(|_| late(&self.limits))? {
            Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
            Some(Err(_)) => {
                return Err(Problem::new(
                    &MALFORMED,
                    "the body ended before it was complete",
                ));
            }
            None => self.ended = true,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Limits, lines_of};
    use crate::access::Role;
    use axum::body::Bytes;
    use futures_util::{StreamExt, stream};

    async fn lines(parts: &[&'static str]) -> Vec<Result<String, u16>> {
        let limits = Limits {
            body_bytes: 8,
            ..Limits::of(Role::Public)
        };
        let parts: Vec<_> = parts
            .iter()
            .map(|part| Ok::<_, std::io::Error>(Bytes::from(*part)))
            .collect();
        let body = Body::from_stream(stream::iter(parts));
        lines_of(body, limits)
            .map(|line| {
                line.map(|line| String::from_utf8(line).unwrap())
                    .map_err(|error| error.status)
            })
            .collect()
            .await
    }

    #[tokio::test]
    async fn lines_come_whole_wherever_the_body_is_cut() {
        let wanted = vec![
            Ok("one\n".to_owned()),
            Ok("two\n".to_owned()),
            Ok("three".to_owned()),
        ];
        assert_eq!(lines(&["one\ntwo\n\n \nthree"]).await, wanted);
        assert_eq!(
            lines(&["o", "ne\nt", "wo\n\n", " \nthr", "ee"]).await,
            wanted
        );
    }

    #[tokio::test]
    async fn an_endless_line_is_refused_and_ends_the_stream() {
        assert_eq!(
            lines(&["0123456789", "0123456789", "\nnext\n"]).await,
            vec![Err(413)]
        );
    }
}
