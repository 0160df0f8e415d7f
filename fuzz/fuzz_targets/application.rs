//! Any bytes are an application or are told what is wrong with them.

#![no_main]

use std::sync::LazyLock;

use catchall_engine::facts::{Application, Catalogue};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use libfuzzer_sys::fuzz_target;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut catalogue = Catalogue::parse(&shipped::facts().expect("facts")).expect("a catalogue");
    shipped::reference().expect("data").fill(&mut catalogue);
    catalogue
});

fuzz_target!(|bytes: &[u8]| {
    let read = Document::from_bytes("application.json", bytes)
        .and_then(|document| Application::read(&document, &CATALOGUE));
    match read {
        Ok(application) => assert!(!application.items.is_empty()),
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
});
