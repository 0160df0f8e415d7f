//! Any bytes are a ruleset or are told what is wrong with them.

#![no_main]

use std::sync::LazyLock;

use catchall_engine::facts::Catalogue;
use catchall_engine::reference::Reference;
use catchall_engine::ruleset::{Ruleset, RulesetFiles};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use libfuzzer_sys::fuzz_target;

static GIVEN: LazyLock<(Catalogue, Reference)> = LazyLock::new(|| {
    let mut catalogue = Catalogue::parse(&shipped::facts().expect("facts")).expect("a catalogue");
    let reference = shipped::reference().expect("data");
    reference.fill(&mut catalogue);
    (catalogue, reference)
});

fuzz_target!(|bytes: &[u8]| {
    let (catalogue, reference) = &*GIVEN;
    let read = Document::from_bytes("ruleset.json", bytes)
        .and_then(|document| RulesetFiles::from_assembled(&document))
        .and_then(|files| Ruleset::load(&files, catalogue, reference));
    match read {
        Ok(ruleset) => assert!(!ruleset.id.is_empty()),
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
});
