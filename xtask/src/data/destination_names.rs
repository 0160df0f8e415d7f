//! Spellings of destinations: names, alpha-3 and numeric codes, each meaning one code at any date.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use unicode_normalization::UnicodeNormalization;

use super::comtrade_codes::OLD;
use super::destinations::padded;
use super::source::{Row, Source};
use super::table::{Rows, row};

/// The rows of `destination_names`.
pub(super) fn rows(source: &Source, destinations: &Rows) -> Result<Rows> {
    let mut rows = Rows::new();
    for destination in destinations {
        of_destination(destination, &mut rows);
    }
    official(source, &mut rows)?;
    comtrade(source, &mut rows)?;
    for fact in source.facts("destination_names.csv")? {
        rows.push(by_hand(&fact)?);
    }
    keep_first_source(&mut rows);
    check(&rows, destinations)?;
    Ok(rows)
}

/// What the matcher compares: NFKC, lower case, letters and digits only.
pub(super) fn key(name: &str) -> String {
    name.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Our own name, the alpha-3 code and the numeric code in both styles.
fn of_destination(destination: &[String], rows: &mut Rows) {
    let [code, alpha3, numeric, name, _, until] = destination else {
        return;
    };
    rows.push(row([name, code, "", "", "catchall"]));
    let source = if until.is_empty() {
        "iso-3166-1"
    } else {
        "iso-3166-3"
    };
    let short = numeric.trim_start_matches('0');
    for spelling in [alpha3, numeric, short] {
        if !spelling.is_empty() {
            rows.push(row([spelling, code, "", "", source]));
        }
    }
}

/// Columns of names in the source, and whose spelling each is.
const COLUMNS: [(&str, &str); 4] = [
    ("official_name_en", "iso-3166-1"),
    ("UNTERM English Short", "unterm"),
    ("UNTERM English Formal", "unterm"),
    ("CLDR display name", "cldr"),
];

/// The short names of ISO and Unicode, and the short and formal names of the UN.
fn official(source: &Source, rows: &mut Rows) -> Result<()> {
    for fact in source.sheet("countries/country-codes.csv")? {
        let code = fact.get("ISO3166-1-Alpha-2")?;
        for (column, source) in COLUMNS {
            let name = plain(fact.get(column)?);
            if !name.is_empty() {
                rows.push(row([name, code, "", "", source]));
            }
        }
    }
    Ok(())
}

/// A name without the article and the footnote marks that UNTERM puts around it.
fn plain(name: &str) -> &str {
    let name = name
        .trim_end_matches(['*', ' '])
        .trim_end_matches("(the)")
        .trim();
    name.strip_prefix("the ").unwrap_or(name)
}

/// The names of UN Comtrade and its numeric codes, which differ from ISO in places.
///
/// The file's own two-letter codes are old: the alpha-3 code, or failing that a row of our facts,
/// says which destination is meant.
fn comtrade(source: &Source, rows: &mut Rows) -> Result<()> {
    let known: BTreeMap<String, String> = rows
        .iter()
        .filter_map(|r| Some((key(r.first()?), r.get(1)?.clone())))
        .collect();
    let old = BTreeMap::from(OLD);
    for fact in source.sheet("countries/comtrade_country_codes.csv")? {
        let alpha3 = fact.get("iso3_digit_alpha")?;
        let code = old.get(alpha3).map(|code| (*code).to_owned());
        let Some(code) = code.or_else(|| known.get(&key(alpha3)).cloned()) else {
            continue;
        };
        let numeric = fact.get("country_code")?.trim_end_matches(".0");
        let name = fact.get("country_name_english")?;
        for spelling in [name, numeric, &padded(numeric)] {
            rows.push(row([spelling, &code, "", "", "un-comtrade"]));
        }
    }
    Ok(())
}

fn by_hand(fact: &Row) -> Result<Vec<String>> {
    let (from, until) = (fact.date("from")?, fact.date("until")?);
    let [name, code, source] = [fact.get("name")?, fact.get("code")?, fact.get("source")?];
    Ok(row([name, code, &from, &until, source]))
}

/// Keeps one row for each spelling, code and period: the one whose source comes first.
fn keep_first_source(rows: &mut Rows) {
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| match row.as_slice() {
        [name, code, from, until, _] => {
            seen.insert((name.clone(), code.clone(), from.clone(), until.clone()))
        }
        _ => true,
    });
}

/// Fails when a name could mean two codes on one day, or a code is not a destination.
fn check(rows: &Rows, destinations: &Rows) -> Result<()> {
    let mut by_key: BTreeMap<String, Vec<&[String]>> = BTreeMap::new();
    for row in rows {
        let [name, code, ..] = row.as_slice() else {
            bail!("destination_names: a short row")
        };
        if !destinations.iter().any(|d| d.first() == Some(code)) {
            bail!("destination_names: {name}: found code {code}; expected one in destinations");
        }
        by_key.entry(key(name)).or_default().push(row);
    }
    for (key, rows) in by_key {
        one_meaning(&rows).with_context(|| format!("destination_names: \"{key}\""))?;
    }
    Ok(())
}

fn one_meaning(rows: &[&[String]]) -> Result<()> {
    for (n, a) in rows.iter().enumerate() {
        for b in rows.iter().skip(n.saturating_add(1)) {
            if let ([_, x, from, until, _], [_, y, other_from, other_until, _]) = (*a, *b)
                && x != y
                && before(from, other_until)
                && before(other_from, until)
            {
                bail!("found both {x} and {y} on one day; expected one meaning");
            }
        }
    }
    Ok(())
}

/// Whether a start lies before an end, where an empty cell is open.
fn before(from: &str, until: &str) -> bool {
    from.is_empty() || until.is_empty() || from < until
}

#[cfg(test)]
mod tests {
    use super::{key, one_meaning, plain};
    use crate::data::table::row;

    #[test]
    fn a_key_has_letters_and_digits_only() {
        assert_eq!(key("Côte d’Ivoire"), "côtedivoire");
        assert_eq!(key("KOREA, Republic of"), "korearepublicof");
        assert_eq!(key("ＮＺ"), "nz");
    }

    #[test]
    fn an_article_is_no_part_of_a_name() {
        assert_eq!(plain("Cook Islands (the) **"), "Cook Islands");
        assert_eq!(plain("the Republic of Korea"), "Republic of Korea");
        assert_eq!(plain("Theland"), "Theland");
    }

    #[test]
    fn a_name_may_change_its_meaning_but_not_have_two() {
        let before = row(["58", "BE", "", "1999-01-01", "un-comtrade"]);
        let after = row(["58", "LU", "1999-01-01", "", "un-comtrade"]);
        let always = row(["58", "LU", "", "", "un-comtrade"]);
        assert!(one_meaning(&[&before, &after]).is_ok());
        assert!(one_meaning(&[&before, &always]).is_err());
    }
}
