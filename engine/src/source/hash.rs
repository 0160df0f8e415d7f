//! Canonical JSON (RFC 8785) and its SHA-256.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// SHA-256 of bytes, in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A document's canonical JSON: keys in order, no blanks, one text for one value.
pub fn canonical(value: &Value) -> String {
    // The engine's documents hold texts, whole numbers, booleans and null, all of which have a canonical form.
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

/// SHA-256 of a document's canonical JSON, in lower-case hexadecimal digits.
pub fn canonical_hash(value: &Value) -> String {
    sha256(canonical(value).as_bytes())
}
