//! What Catchall's own tables tell of destinations, in the form in which the peers are given it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use csv::StringRecord;

/// First and last year of the rows.
pub(crate) const YEARS: [u16; 2] = [2018, 2023];

/// One more than the greatest number of a destination.
const NUMBERS: usize = 1000;

/// The day up to which data had been published: by then, figures of all years were.
pub(crate) const KNOWN_AT: &str = "2026-01-01";

/// The groups that the ten rules ask for.
const GROUPS: [&str; 4] = ["eu.customs", "eu001", "eu.arms_embargo", "us.746_8"];

/// The figures that they read.
const FIGURES: [&str; 4] = [
    "wgi.rule_of_law",
    "wgi.voice_and_accountability",
    "vdem.freedom_of_expression",
    "ucdp.conflict_intensity",
];

/// A destination in one year: groups on the last day, figures in millionths.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) customs: bool,
    pub(crate) general: bool,
    pub(crate) embargo: bool,
    pub(crate) sanctions: bool,
    pub(crate) law: i64,
    pub(crate) voice: i64,
    pub(crate) expression: i64,
    pub(crate) conflict: i64,
}

/// All destinations of which every fact is known in every year.
#[derive(Debug)]
pub(crate) struct Places {
    /// Their numbers and codes, by number.
    pub(crate) named: BTreeMap<u16, String>,
    facts: Vec<Option<Place>>,
}

impl Places {
    /// Reads Catchall's tables.
    pub(crate) fn read(data: &Path) -> Result<Self> {
        let groups = groups(&data.join("groups/groups.csv"))?;
        let mut figures = BTreeMap::new();
        for table in ["wgi", "vdem", "ucdp"] {
            read_figures(&data.join(format!("{table}/{table}.csv")), &mut figures)?;
        }
        let (mut named, mut all) = (BTreeMap::new(), Vec::new());
        for (number, code) in numbers(&data.join("comtrade_codes/comtrade_codes.csv"))? {
            let years = YEARS[0]..=YEARS[1];
            let places = years.map(|year| Some((year, place(&code, year, &groups, &figures)?)));
            if let Some(places) = places.collect::<Option<Vec<_>>>() {
                all.extend(
                    places
                        .into_iter()
                        .map(|(year, place)| (year, number, place)),
                );
                named.insert(number, code);
            }
        }
        if named.is_empty() {
            bail!("{}: no destination of which all is known", data.display());
        }
        let mut found = Self {
            named,
            facts: vec![None; NUMBERS * 6],
        };
        for (year, number, place) in all {
            if let Some(slot) = slot(year, number).and_then(|at| found.facts.get_mut(at)) {
                *slot = Some(place);
            }
        }
        Ok(found)
    }

    /// The facts of a destination in a year.
    pub(crate) fn get(&self, year: u16, number: u16) -> Option<&Place> {
        self.facts.get(slot(year, number)?)?.as_ref()
    }

    /// Writes them as a table, for peers that join.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let mut file = File::create(path)?;
        writeln!(
            file,
            "t,n,customs,general,embargo,sanctions,law,voice,expression,conflict"
        )?;
        for year in YEARS[0]..=YEARS[1] {
            for number in self.named.keys() {
                let Some(it) = self.get(year, *number) else {
                    continue;
                };
                let (one, two) = ([it.customs, it.general], [it.embargo, it.sanctions]);
                writeln!(
                    file,
                    "{year},{number},{},{},{},{},{},{},{},{}",
                    one[0], one[1], two[0], two[1], it.law, it.voice, it.expression, it.conflict
                )?;
            }
        }
        Ok(())
    }
}

fn slot(year: u16, number: u16) -> Option<usize> {
    let year = usize::from(year.checked_sub(YEARS[0])?);
    let number = usize::from(number);
    (number < NUMBERS).then_some(year * NUMBERS + number)
}

type Groups = BTreeSet<(String, String, String, String)>;
type Figures = BTreeMap<(String, String, u16), i64>;

fn place(code: &str, year: u16, groups: &Groups, figures: &Figures) -> Option<Place> {
    let day = format!("{year}-12-31");
    let member = |group: &str| {
        groups.iter().any(|(name, member, from, until)| {
            name == group && member == code && *from <= day && (until.is_empty() || day < *until)
        })
    };
    let figure = |name: &str| {
        figures
            .get(&(name.to_owned(), code.to_owned(), year))
            .copied()
    };
    Some(Place {
        customs: member(GROUPS[0]),
        general: member(GROUPS[1]),
        embargo: member(GROUPS[2]),
        sanctions: member(GROUPS[3]),
        law: figure(FIGURES[0])?,
        voice: figure(FIGURES[1])?,
        expression: figure(FIGURES[2])?,
        conflict: figure(FIGURES[3])?,
    })
}

/// Calls back with every record of a table.
fn each(path: &Path, mut with: impl FnMut(&StringRecord) -> Result<()>) -> Result<()> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    for record in reader.records() {
        with(&record?)?;
    }
    Ok(())
}

fn cell(record: &StringRecord, at: usize) -> String {
    record.get(at).unwrap_or_default().to_owned()
}

/// Numbers that mean one destination in all years.
fn numbers(path: &Path) -> Result<BTreeMap<u16, String>> {
    let mut found = BTreeMap::new();
    each(path, |record| {
        let (from, until) = (cell(record, 2), cell(record, 3));
        if until.is_empty() && from.as_str() <= "2018-01-01" {
            found.insert(cell(record, 0).parse()?, cell(record, 1));
        }
        Ok(())
    })?;
    Ok(found)
}

/// Group, member, first day, end.
fn groups(path: &Path) -> Result<Groups> {
    let mut found = Groups::new();
    each(path, |record| {
        if record.get(2) == Some("in") && GROUPS.contains(&record.get(0).unwrap_or_default()) {
            let [group, member] = [cell(record, 0), cell(record, 1)];
            found.insert((group, member, cell(record, 3), cell(record, 4)));
        }
        Ok(())
    })?;
    Ok(found)
}

fn read_figures(path: &Path, into: &mut Figures) -> Result<()> {
    each(path, |record| {
        if FIGURES.contains(&record.get(0).unwrap_or_default()) {
            let year = cell(record, 2).parse()?;
            let figure = millionths(&cell(record, 3))?;
            into.insert((cell(record, 0), cell(record, 1), year), figure);
        }
        Ok(())
    })
}

/// A decimal number in millionths, exactly.
fn millionths(text: &str) -> Result<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.len() > 6 {
        bail!("`{text}` has more than six decimals");
    }
    let (whole, part): (i64, i64) = (whole.parse()?, format!("{part:0<6}").parse()?);
    Ok(sign * (whole * 1_000_000 + part))
}

#[cfg(test)]
mod tests {
    use super::millionths;

    #[test]
    fn reads_decimals_exactly() -> anyhow::Result<()> {
        assert_eq!(millionths("-0.5")?, -500_000);
        assert_eq!(millionths("2")?, 2_000_000);
        assert_eq!(millionths("1.318143")?, 1_318_143);
        assert!(millionths("0.1234567").is_err());
        Ok(())
    }
}
