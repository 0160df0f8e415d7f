//! V-Dem: democracy indices (version 15) and three rights indices (version 14).

use anyhow::Result;

use super::codes::Codes;
use super::output::Output;
use super::source::{Row, Source};
use super::table::{Rows, row};

/// Version 15, by country code: the publisher's variable and our indicator.
const V15: [(&str, &str); 2] = [
    ("v2x_libdem", "vdem.liberal_democracy"),
    ("v2x_polyarchy", "vdem.electoral_democracy"),
];

/// Version 14, by Gleditsch–Ward number.
const V14: [(&str, &str); 3] = [
    ("v2x_freexp_altinf", "vdem.freedom_of_expression"),
    ("v2xcl_rol", "vdem.rule_of_law"),
    ("v2xcs_ccsi", "vdem.civil_society"),
];

const LICENCE: &str = "\
The table vdem.csv and its description vdem.json are adapted from datasets of the V-Dem Institute
(Varieties of Democracy), University of Gothenburg: version 15 (2025) for electoral and liberal
democracy, version 14 (2024) for freedom of expression, rule of law and civil society.
https://www.v-dem.net/

They are licensed under the Creative Commons Attribution-ShareAlike 4.0 International licence,
and so must be any adaptation of them:
https://creativecommons.org/licenses/by-sa/4.0/

Changes: country codes replaced, columns turned into rows, empty figures left out, a column with
an approximate day of publication added. The licence of the rest of this repository does not
apply to these two files.
";

/// The rows of `vdem`.
pub(super) fn rows(source: &Source, codes: &Codes) -> Result<Rows> {
    let mut rows = Rows::new();
    for fact in source.sheet("risk/vdem_v15_highlevel_1970_2024.csv")? {
        let code = fact.get("country_text_id")?.to_owned();
        let at = codes.country("vdem", &code, fact.year("year")?);
        figures(&fact, "country_text_id", at, &V15, &mut rows)?;
    }
    for fact in source.sheet("risk/vdem_v14_demspaces_1968_2023.csv")? {
        let code = fact.get("gwcode")?.to_owned();
        let at = codes.scheme("gw", &code, fact.year("year")?);
        figures(&fact, "gwcode", at, &V14, &mut rows)?;
    }
    Ok(rows)
}

/// The statement that goes with the table, whose licence is not the repository's.
pub(super) fn licence() -> Output {
    Output {
        path: "vdem/LICENSE.txt".to_owned(),
        bytes: LICENCE.as_bytes().to_vec(),
    }
}

/// One record's figures, or an error when nothing is known of its code.
fn figures(
    fact: &Row,
    column: &str,
    destination: Option<&str>,
    indicators: &[(&str, &str)],
    rows: &mut Rows,
) -> Result<()> {
    let Some(destination) = destination else {
        let found = fact.get(column)?;
        return Err(fact.wrong(column, found, "a code that is known or is in schemes.csv"));
    };
    let year = fact.year("year")?;
    for (from, to) in indicators {
        let value = fact.get(from)?;
        if !value.is_empty() && !destination.is_empty() {
            let published = published(year);
            rows.push(row([
                to,
                destination,
                &year.to_string(),
                value,
                "",
                &published,
            ]));
        }
    }
    Ok(())
}

/// The end of the next March, and never before the first public release of 2016-01-04.
fn published(year: i16) -> String {
    if year < 2015 {
        "2016-01-04".to_owned()
    } else {
        format!("{}-03-31", year.saturating_add(1))
    }
}
