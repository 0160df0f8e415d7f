//! What the tables tell of a control entry, and which entries a customs code may cover.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use catchall_engine::reference::{
    Counterpart, Entries, MayCover, Note, Reason, Reference, Relation,
};
use catchall_engine::ruleset::Library;
use catchall_engine::source::{Diagnostic, Place, nearest};
use catchall_engine::time::Period;

use crate::exit::Failure;

/// The lists whose entries the tables hold.
pub(crate) const LISTS: [&str; 2] = ["annex_i", "ccl"];

/// An entry of one list, or of each list that has it.
pub(crate) fn entry(library: &Library, code: &str, list: Option<&str>) -> Result<String, Failure> {
    let entries = &library.reference.entries;
    let wanted = |held: &&str| list.is_none_or(|list| list == *held);
    let found: Vec<String> = LISTS
        .into_iter()
        .filter(wanted)
        .filter_map(|list| Some((list, held(entries, list, code)?)))
        .map(|(list, code)| shown(library, list, code))
        .collect();
    if found.is_empty() {
        return Err(unknown(&library.reference, code, list).into());
    }
    Ok(found.join("\n"))
}

/// The code as the list writes it, whatever its letters' case.
fn held<'e>(entries: &'e Entries, list: &str, code: &str) -> Option<&'e str> {
    let mut codes = entries.list(list).map(|(held, _)| held.as_ref());
    codes.find(|held| held.eq_ignore_ascii_case(code.trim()))
}

fn unknown(reference: &Reference, code: &str, list: Option<&str>) -> Diagnostic {
    let entries = &reference.entries;
    let found = match list {
        Some(list) => format!("the code \"{code}\", which {} does not have", name(list)),
        None => format!("the unknown control entry \"{code}\""),
    };
    let elsewhere = LISTS
        .iter()
        .find_map(|list| Some((held(entries, list, code)?, list)));
    let help = match elsewhere {
        Some((code, list)) => Some(format!(
            "{code} is in {}: ask with --list {list}",
            name(list)
        )),
        None => near(reference, code).map(|near| format!("did you mean {near}?")),
    };
    let expected = "an entry of EU Annex I or of the US Commerce Control List, such as 5A001.j";
    Diagnostic::error("D202", found, expected)
        .maybe_help(help)
        .at(asked("data entry"))
}

/// The code that was perhaps meant: by its Wassenaar number, else one of the same stem, else any.
fn near<'r>(reference: &'r Reference, code: &str) -> Option<&'r str> {
    let wassenaar = reference.crosswalk.of("wassenaar", code);
    if let [first, ..] = wassenaar {
        return Some(&first.code);
    }
    let upper = code.to_uppercase();
    let stem = |code: &str| code.split('.').next().map(str::to_uppercase);
    let all = || LISTS.iter().flat_map(|list| reference.entries.list(list));
    let codes = || all().map(|(code, _)| code.as_ref());
    let same_stem = codes().filter(|held| stem(held) == stem(code));
    nearest(code, same_stem).or_else(|| nearest(&upper, codes()))
}

/// The part of the command that a mistake is in.
fn asked(command: &str) -> Place {
    Place {
        document: command.to_owned(),
        ..Place::default()
    }
}

/// A list's name.
fn name(list: &str) -> &str {
    match list {
        "annex_i" => "EU Annex I",
        "ccl" => "the US Commerce Control List",
        "uk" => "the UK lists",
        "wassenaar" => "Wassenaar",
        other => other,
    }
}

fn shown(library: &Library, list: &str, code: &str) -> String {
    let reference = &library.reference;
    let mut out = format!("{code} in {}\n", name(list));
    titles(&mut out, &reference.entries, list, code);
    dates(&mut out, &reference.entries, list, code);
    words(&mut out, library, list, code);
    reasons(&mut out, &reference.entries, list, code);
    notes(&mut out, library, list, code);
    counterparts(&mut out, reference, list, code);
    customs(&mut out, reference, list, code);
    out
}

/// A part of the answer: its name on the first line, each further line under it.
fn part(out: &mut String, name: &str, lines: &[String]) {
    let names = std::iter::once(name).chain(std::iter::repeat(""));
    for (name, line) in names.zip(lines) {
        let _ = writeln!(out, "  {name:<13} {line}");
    }
}

/// What a row rests on, and that it was not checked.
fn unchecked(verified: bool) -> &'static str {
    if verified { "" } else { " (not checked)" }
}

fn titles(out: &mut String, entries: &Entries, list: &str, code: &str) {
    let mut lineage = entries.lineage(list, code);
    let own = lineage.next().map(|(_, entry)| entry.title.to_string());
    let title = own.filter(|title| !title.is_empty());
    part(
        out,
        "title",
        &[title.unwrap_or_else(|| "no title of ours".to_owned())],
    );
    let above: Vec<String> = lineage
        .map(|(code, entry)| format!("{code}  {}", entry.title).trim_end().to_owned())
        .collect();
    part(out, "under", &above);
}

fn dates(out: &mut String, entries: &Entries, list: &str, code: &str) {
    let Some(entry) = entries.get(list, code) else {
        return;
    };
    let days = |period: &Period| match *period {
        Period::ALWAYS => "no first day recorded: counts as on the list throughout".to_owned(),
        period => period.to_string(),
    };
    let mut lines: Vec<String> = entries.periods(list, code).iter().map(days).collect();
    lines.push(format!("{}{}", entry.basis, unchecked(entry.verified)));
    part(out, "on the list", &lines);
}

fn words(out: &mut String, library: &Library, list: &str, code: &str) {
    let entries = &library.reference.entries;
    let labels: Vec<&str> = entries
        .capabilities(list, code)
        .iter()
        .map(|word| label(library, "capability", word))
        .collect();
    let layers: Vec<&str> = entries
        .layers(list, code)
        .iter()
        .map(AsRef::as_ref)
        .collect();
    let line = |words: Vec<&str>, between: &str| match words.as_slice() {
        [] => "none stated".to_owned(),
        words => words.join(between),
    };
    part(out, "capability", &[line(labels, "; ")]);
    part(out, "layers", &[line(layers, ", ")]);
}

/// What a code of the facts means, in words.
fn label<'l>(library: &'l Library, set: &str, code: &'l str) -> &'l str {
    let set = library.catalogue.code_set(set);
    set.and_then(|set| set.values.get(code))
        .map_or(code, AsRef::as_ref)
}

fn reasons(out: &mut String, entries: &Entries, list: &str, code: &str) {
    let found = entries.reasons(list, code);
    let line = |reason: &&Reason| {
        let column = reason.column.as_deref().map_or_else(
            || "no chart column".to_owned(),
            |column| format!("chart column {column}"),
        );
        format!("{}  {column}: {}", reason.reason, reason.basis)
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    part(out, "reasons", &lines);
}

/// Whether one code is the other, or stands above or beneath it.
fn related(one: &str, other: &str) -> bool {
    let beneath = |code: &str, above: &str| {
        let rest = code.strip_prefix(above);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    beneath(one, other) || beneath(other, one)
}

fn notes(out: &mut String, library: &Library, list: &str, code: &str) {
    let notes = library.reference.entries.notes(list).iter();
    let line = |note: &Note| {
        let words = label(library, "exclusion", &note.exclusion);
        let unchecked = unchecked(note.verified);
        let Note {
            code,
            exclusion,
            basis,
            ..
        } = note;
        format!("{code} not if {words} ({exclusion}): {basis}{unchecked}")
    };
    let lines: Vec<String> = notes
        .filter(|note| related(&note.code, code))
        .map(line)
        .collect();
    part(out, "notes", &lines);
}

/// The counterparts of the entry, or of the nearest above it that has any.
fn counterparts(out: &mut String, reference: &Reference, list: &str, code: &str) {
    let lineage = reference.entries.lineage(list, code);
    let found = lineage
        .map(|(at, _)| (at, reference.crosswalk.of(list, at)))
        .find(|(_, found)| !found.is_empty());
    let Some((at, found)) = found else {
        return part(
            out,
            "elsewhere",
            &["no counterpart that can be justified".to_owned()],
        );
    };
    let lines: Vec<String> = found.iter().map(|other| compared(at, other)).collect();
    part(out, "elsewhere", &lines);
}

fn compared(code: &str, other: &Counterpart) -> String {
    let relation = match other.relation {
        Relation::Same => "the same as",
        Relation::Narrower => "narrower than",
        Relation::Wider => "wider than",
        Relation::Overlaps => "overlaps with",
    };
    let (list, unchecked) = (name(&other.list), unchecked(other.verified));
    format!(
        "{code} {relation} {} in {list}: {}{unchecked}",
        other.code, other.note
    )
}

fn customs(out: &mut String, reference: &Reference, list: &str, code: &str) {
    let mut lines = Vec::new();
    for (hs, covers) in reference.correlation.iter() {
        let mut fitting = covers
            .iter()
            .filter(|cover| cover.list.as_ref() == list && related(&cover.code, code));
        if let Some(cover) = fitting.next() {
            lines.push(format!(
                "{hs}  {}{}",
                cover.basis,
                unchecked(cover.verified)
            ));
        }
    }
    part(out, "HS may cover", &lines);
}

/// The entries that a customs code may cover, and why.
pub(crate) fn customs_code(reference: &Reference, text: &str) -> Result<String, Failure> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    let plain = digits.chars().all(|c| c.is_ascii_digit());
    let six = digits.get(..6).filter(|_| plain);
    let mut known = reference.correlation.iter();
    let Some((hs, covers)) = known.find(|(hs, _)| Some(hs.as_ref()) == six) else {
        return Err(unknown_customs_code(reference, text, &digits).into());
    };
    let mut out = format!("HS {hs} may cover (our reading; other entries stay possible)\n");
    let bases: BTreeSet<&str> = covers.iter().map(|cover| cover.basis.as_ref()).collect();
    for basis in bases {
        let of_basis = covers.iter().filter(|cover| cover.basis.as_ref() == basis);
        because(
            &mut out,
            &reference.entries,
            basis,
            &of_basis.collect::<Vec<_>>(),
        );
    }
    Ok(out)
}

/// One reason, and the entries of each list for which it speaks.
fn because(out: &mut String, entries: &Entries, basis: &str, covers: &[&MayCover]) {
    let verified = covers.iter().all(|cover| cover.verified);
    part(out, "because", &[format!("{basis}{}", unchecked(verified))]);
    for list in LISTS {
        let lines: Vec<String> = covers
            .iter()
            .filter(|cover| cover.list.as_ref() == list)
            .map(|cover| titled(entries, cover))
            .collect();
        part(out, list, &lines);
    }
}

fn titled(entries: &Entries, cover: &MayCover) -> String {
    let entry = entries.get(&cover.list, &cover.code);
    let title = entry.map_or("", |entry| entry.title.as_ref());
    format!("{:<10} {title}", cover.code).trim_end().to_owned()
}

fn unknown_customs_code(reference: &Reference, text: &str, digits: &str) -> Diagnostic {
    let known = reference.correlation.iter().map(|(hs, _)| hs.as_ref());
    let near = nearest(digits.get(..6).unwrap_or(digits), known);
    let near = near
        .map(|near| format!("did you mean {near}? "))
        .unwrap_or_default();
    Diagnostic::error(
        "D203",
        format!("the customs code \"{text}\", of which the table tells nothing"),
        "an HS code of six or more digits that the table correlates, such as 851762",
    )
    .help(format!(
        "{near}A code without a row is not free: its items may still be controlled"
    ))
    .at(asked("data hs"))
}

#[cfg(test)]
mod tests {
    use super::related;

    #[test]
    fn a_code_is_related_to_those_above_and_beneath_it() {
        assert!(related("5A001.f.1", "5A001.f"));
        assert!(related("5A001", "5A001.f"));
        assert!(related("5A001.f", "5A001.f"));
        assert!(!related("5A001.f.1", "5A001.f.2"));
        assert!(!related("5A001", "5A0010"));
    }
}
