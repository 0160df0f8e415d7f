//! Groups of destinations that law defines, with their dates, and the index of groups.
//!
//! Membership comes from two places: the stored US country groups and chart, which are one day's
//! picture, and `xtask/facts/groups.csv`, which holds everything with a history. A fact that
//! reaches the picture's day replaces its row.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use super::codes::Codes;
use super::source::{Row, Source};
use super::table::Rows;
use super::us_groups;

/// One row of `groups`.
#[derive(Debug, Clone)]
pub(super) struct Membership {
    pub(super) group: String,
    pub(super) destination: String,
    pub(super) status: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) published: String,
    pub(super) basis: String,
    pub(super) verified: String,
}

/// The columns of `group_index`.
const INDEX: [&str; 8] = [
    "id",
    "title",
    "issuer",
    "complete",
    "known_from",
    "citation",
    "url",
    "verified",
];

/// The rows of `group_index` and of `groups`.
pub(super) fn rows(source: &Source, codes: &Codes) -> Result<(Rows, Rows)> {
    let index = index(source)?;
    let mut by_place = Places::new();
    let mut pictured = us_groups::country_groups(source, codes)?;
    pictured.extend(us_groups::chart_columns(source, codes)?);
    for member in pictured {
        by_place.insert(place(&member), vec![member]);
    }
    for (place, facts) in by_hand(source, codes, &by_place)? {
        let members = by_place.entry(place).or_default();
        members.retain(|pictured| !facts.iter().any(|fact| fact.overlaps(pictured)));
        members.extend(facts);
    }
    check(&by_place, &index)?;
    let groups = by_place
        .into_values()
        .flatten()
        .map(Membership::into_row)
        .collect();
    Ok((index, groups))
}

fn place(member: &Membership) -> (String, String) {
    (member.group.clone(), member.destination.clone())
}

fn index(source: &Source) -> Result<Rows> {
    let mut rows = Rows::new();
    for fact in source.facts("group_index.csv")? {
        fact.flag("complete")?;
        fact.flag("verified")?;
        fact.date("known_from")?;
        rows.push(fact.pick(&INDEX)?);
    }
    Ok(rows)
}

type Places = BTreeMap<(String, String), Vec<Membership>>;

/// The hand-written memberships. `REST` stands for every present destination that the group has
/// no other row for, less those after a minus sign; `CHART` for every destination that the picture
/// gives the same status and the facts do not name.
fn by_hand(source: &Source, codes: &Codes, pictured: &Places) -> Result<Places> {
    let mut places = Places::new();
    let mut rests = Vec::new();
    for fact in source.facts("groups.csv")? {
        let destinations = fact.get("destinations")?.to_owned();
        if destinations.starts_with("REST") || destinations == "CHART" {
            rests.push((destinations, fact));
            continue;
        }
        for code in destinations.split_whitespace() {
            let member = membership(&fact, code, codes)?;
            places.entry(place(&member)).or_default().push(member);
        }
    }
    for (destinations, fact) in rests {
        if destinations == "CHART" {
            as_pictured(&fact, codes, pictured, &mut places)?;
        } else {
            rest(&destinations, &fact, codes, &mut places)?;
        }
    }
    Ok(places)
}

fn as_pictured(fact: &Row, codes: &Codes, pictured: &Places, places: &mut Places) -> Result<()> {
    let (group, status) = (fact.get("group")?, fact.get("status")?);
    for member in pictured.values().flatten() {
        if member.group == group
            && member.status == status
            && let Entry::Vacant(vacant) = places.entry(place(member))
        {
            vacant.insert(vec![membership(fact, &member.destination, codes)?]);
        }
    }
    Ok(())
}

fn rest(destinations: &str, fact: &Row, codes: &Codes, places: &mut Places) -> Result<()> {
    let group = fact.get("group")?.to_owned();
    let less: BTreeSet<&str> = destinations
        .split_whitespace()
        .filter_map(|d| d.strip_prefix('-'))
        .collect();
    for code in codes.current().filter(|code| !less.contains(code)) {
        let at = (group.clone(), code.to_owned());
        if let Entry::Vacant(vacant) = places.entry(at) {
            vacant.insert(vec![membership(fact, code, codes)?]);
        }
    }
    Ok(())
}

fn membership(fact: &Row, code: &str, codes: &Codes) -> Result<Membership> {
    if !codes.knows(code) {
        return Err(fact.wrong("destinations", code, "a code of the destinations table"));
    }
    Ok(Membership {
        group: fact.get("group")?.to_owned(),
        destination: code.to_owned(),
        status: fact.word("status", &["in", "out"])?,
        from: fact.date("from")?,
        until: fact.date("until")?,
        published: fact.date("published")?,
        basis: fact.get("basis")?.to_owned(),
        verified: fact.flag("verified")?,
    })
}

impl Membership {
    fn into_row(self) -> Vec<String> {
        vec![
            self.group,
            self.destination,
            self.status,
            self.from,
            self.until,
            self.published,
            self.basis,
            self.verified,
        ]
    }

    /// Whether both rows cover some day.
    fn overlaps(&self, other: &Self) -> bool {
        let before = |from: &str, until: &str| from.is_empty() || until.is_empty() || from < until;
        before(&self.from, &other.until) && before(&other.from, &self.until)
    }
}

/// Fails when a group is not in the index, a period is empty, or two rows cover one day.
fn check(places: &Places, index: &Rows) -> Result<()> {
    let known: BTreeSet<&String> = index.iter().filter_map(|row| row.first()).collect();
    for ((group, destination), members) in places {
        if !known.contains(group) {
            bail!("groups: found group {group}; expected one in xtask/facts/group_index.csv");
        }
        for (n, member) in members.iter().enumerate() {
            let rest = members.iter().skip(n.saturating_add(1));
            let wrong = rest.filter(|other| member.overlaps(other)).count();
            let empty = !member.until.is_empty() && member.until <= member.from;
            if wrong > 0 || empty {
                bail!("groups: {group} {destination}: found periods that overlap or are empty");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Membership;

    fn member(from: &str, until: &str) -> Membership {
        Membership {
            group: "eu".to_owned(),
            destination: "GB".to_owned(),
            status: "in".to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
            published: String::new(),
            basis: String::new(),
            verified: "true".to_owned(),
        }
    }

    #[test]
    fn periods_that_meet_do_not_overlap() {
        let before = member("1973-01-01", "2020-02-01");
        assert!(!before.overlaps(&member("2020-02-01", "")));
        assert!(before.overlaps(&member("2020-01-31", "")));
        assert!(before.overlaps(&member("", "")));
    }
}
