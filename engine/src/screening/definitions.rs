//! The definitions that the traces of an item's findings name, each told once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::finding::Finding;
use crate::condition::{Told, Trace};

/// Definitions by their names, each with how its value came about.
pub type Definitions = BTreeMap<Arc<str>, Told>;

/// Every definition that findings rest on, also through other definitions.
pub(super) fn definitions(findings: &[Finding]) -> Definitions {
    let mut found = Definitions::new();
    for finding in findings {
        collect(&finding.trace, &mut found);
    }
    found
}

fn collect(trace: &Arc<Trace>, found: &mut Definitions) {
    if let Some(name) = &trace.definition {
        if found.contains_key(name) {
            return;
        }
        found.insert(Arc::clone(name), Told(Arc::clone(trace)));
    }
    for child in &trace.children {
        collect(child, found);
    }
}
