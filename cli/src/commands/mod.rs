//! The subcommands, one file each.

pub(crate) mod ask;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod data;
pub(crate) mod entry;
pub(crate) mod eval;
pub(crate) mod facts;
pub(crate) mod profile;
pub(crate) mod propose;
pub(crate) mod register;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod screen;
pub(crate) mod sensitivity;
pub(crate) mod serve;
pub(crate) mod table;
pub(crate) mod table_page;
pub(crate) mod table_report;
pub(crate) mod test;
pub(crate) mod verify;
