//! Listed parties that matter to surveillance, as dated facts.

use anyhow::Result;

use super::codes::Codes;
use super::source::Source;
use super::table::{Rows, row};

/// The rows of `listings`.
pub(super) fn rows(source: &Source, codes: &Codes) -> Result<Rows> {
    let mut rows = Rows::new();
    for fact in source.sheet("parties/us_entity_list_surveillance.csv")? {
        let country = fact.get("country_iso2")?;
        if !codes.knows(country) {
            return Err(fact.wrong("country_iso2", country, "a code of the destinations table"));
        }
        let (from, until) = (fact.date("listed_from")?, fact.date("listed_to")?);
        let verified = fact.flag("verified")?;
        let [name, items] = [fact.get("name")?, fact.get("items")?];
        let [policy, ground] = [fact.get("licence_policy")?, fact.get("ground")?];
        let citation = fact.get("federal_register")?;
        let list = "us.entity_list";
        let cells = [
            list, name, country, &from, &until, items, policy, ground, citation, &verified,
        ];
        rows.push(row(cells));
    }
    Ok(rows)
}
