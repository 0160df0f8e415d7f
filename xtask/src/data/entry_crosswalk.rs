//! How entries of four lists compare. One fact tells both directions: the table has a row for each.

use std::collections::BTreeMap;

use anyhow::Result;

use super::control_reasons::codes;
use super::source::{Row, Source};
use super::table::Rows;

const LISTS: [&str; 4] = ["annex_i", "ccl", "uk", "wassenaar"];
const RELATIONS: [&str; 4] = ["same", "narrower", "wider", "overlaps"];

/// Two entries: list and code of the first, list and code of the second.
type Pair = [String; 4];

/// The rows of `entry_crosswalk`.
pub(super) fn rows(source: &Source, entries: &Rows) -> Result<Rows> {
    let mut found: BTreeMap<Pair, [String; 3]> = BTreeMap::new();
    for fact in source.facts("crosswalk.csv")? {
        let relation = fact.word("relation", &RELATIONS)?;
        let (note, verified) = (fact.get("note")?.to_owned(), fact.flag("verified")?);
        for pair in pairs(&fact, entries)? {
            let [list, code, other_list, other_code] = pair.clone();
            let back = [other_list, other_code, list, code];
            let told = |relation: &str| [relation.to_owned(), note.clone(), verified.clone()];
            let first = found.insert(pair.clone(), told(&relation));
            let second = found.insert(back, told(mirrored(&relation)));
            if first.or(second).is_some() {
                return Err(fact.wrong("codes", &pair.join(" "), "each pair of entries once"));
            }
        }
    }
    Ok(found
        .into_iter()
        .map(|(pair, rest)| pair.into_iter().chain(rest).collect())
        .collect())
}

/// The relation seen from the other entry.
fn mirrored(relation: &str) -> &str {
    match relation {
        "narrower" => "wider",
        "wider" => "narrower",
        both => both,
    }
}

/// The pairs of entries that a fact compares.
fn pairs(fact: &Row, entries: &Rows) -> Result<Vec<Pair>> {
    let (list, other_list) = (fact.word("list", &LISTS)?, fact.word("other_list", &LISTS)?);
    if list == other_list {
        return Err(fact.wrong("other_list", &other_list, "another list"));
    }
    let other = fact.get("other")?;
    let mut pairs = Vec::new();
    for code in fact.get("codes")?.split_whitespace() {
        let other = if other.is_empty() { code } else { other };
        let one = numbered(fact, "codes", &list, code, entries)?;
        let two = numbered(fact, "other", &other_list, other, entries)?;
        pairs.push([list.clone(), one, other_list.clone(), two]);
    }
    Ok(pairs)
}

/// A code in the numbering of its list; an error where the list is held and lacks it.
fn numbered(fact: &Row, column: &str, list: &str, code: &str, entries: &Rows) -> Result<String> {
    let held = ["annex_i", "ccl"].contains(&list);
    if held && !codes(entries, list).contains(code) {
        return Err(fact.wrong(
            column,
            code,
            &format!("a code of {list} in control_entries"),
        ));
    }
    if list != "wassenaar" {
        return Ok(code.to_owned());
    }
    wassenaar(code).ok_or_else(|| fact.wrong(column, code, "a code such as 5A001.j"))
}

/// The Wassenaar number of an Annex I code: 5.A.1.j for 5A001.j.
fn wassenaar(code: &str) -> Option<String> {
    let (stem, rest) = code.split_once('.').unwrap_or((code, ""));
    let mut stem = stem.chars();
    let (category, group) = (stem.next()?, stem.next()?);
    let number: u16 = stem.as_str().parse().ok()?;
    let dot = if rest.is_empty() { "" } else { "." };
    Some(format!("{category}.{group}.{number}{dot}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::{mirrored, wassenaar};

    #[test]
    fn numbers_follow_each_list() {
        assert_eq!(wassenaar("5A001.f.1").as_deref(), Some("5.A.1.f.1"));
        assert_eq!(wassenaar("4A005").as_deref(), Some("4.A.5"));
        assert_eq!(wassenaar("5"), None);
    }

    #[test]
    fn relations_are_mirrored() {
        assert_eq!(mirrored("narrower"), "wider");
        assert_eq!(mirrored("wider"), "narrower");
        assert_eq!(mirrored("same"), "same");
        assert_eq!(mirrored("overlaps"), "overlaps");
    }
}
