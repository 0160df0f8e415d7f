//! A small server on this machine, for what the service itself asks: it answers, and remembers what came.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

/// A server that gives one answer, which can be changed.
pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    /// Every request, head and body.
    pub(crate) came: Arc<Mutex<Vec<String>>>,
    pub(crate) answer: Arc<Mutex<String>>,
}

impl Collector {
    pub(crate) fn start(answer: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let collector = Self {
            address: listener.local_addr().unwrap(),
            came: Arc::default(),
            answer: Arc::new(Mutex::new(answer.to_owned())),
        };
        let (came, answer) = (Arc::clone(&collector.came), Arc::clone(&collector.answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                if let Some(request) = request(&mut stream) {
                    came.lock().unwrap().push(request);
                    let answer = answer.lock().unwrap().clone();
                    let _ = write!(
                        stream,
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}",
                        answer.len()
                    );
                }
            }
        });
        collector
    }

    /// How many requests came.
    pub(crate) fn count(&self) -> usize {
        self.came.lock().unwrap().len()
    }
}

/// A whole request.
fn request(stream: &mut impl Read) -> Option<String> {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return Some(text);
            }
        }
        let length = stream.read(&mut part).ok().filter(|length| *length > 0)?;
        all.extend_from_slice(&part[..length]);
    }
}
