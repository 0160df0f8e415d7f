//! Limits on what is read, each a named number with its unit.
//!
//! Past a limit an input is refused with an error that names the limit; nothing is cut short.

/// Largest JSON document that is read, in bytes: an application, a ruleset, a profile.
pub const DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of a JSON document that are gone through, over all of its mistakes, to show each in its
/// text. The mistakes after that are told with their pointers alone.
pub const EXCERPT_BYTES: usize = DOCUMENT_BYTES;
/// Deepest nesting of a JSON document, in levels.
pub const DOCUMENT_DEPTH: usize = 64;
/// Longest condition, in characters.
pub const EXPRESSION_CHARACTERS: usize = 10_000;
/// Deepest nesting of a condition, in levels.
pub const EXPRESSION_DEPTH: usize = 64;
/// Largest condition, in nodes of its syntax tree.
pub const EXPRESSION_NODES: usize = 1_000;
/// Names that quantifiers may bind within one another: each multiplies the work by its list.
pub const QUANTIFIED_NAMES: usize = 3;
/// Digits that a number keeps, as in FEEL: results are rounded half to even.
pub const NUMBER_DIGITS: u64 = 34;
/// Largest exponent of a number in scientific notation, as in IEEE 754 decimal128; it is also the
/// smallest with its sign turned.
pub const NUMBER_EXPONENT: i128 = 6_144;
/// Items or parties in one application.
pub const APPLICATION_LINES: usize = 10_000;
/// Longest text that a condition may put together, in bytes.
pub const JOINED_BYTES: usize = 1 << 20;
/// Size of a compiled text pattern, in bytes of its automaton.
pub const PATTERN_BYTES: usize = 1 << 20;
