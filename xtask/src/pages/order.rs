//! The order of provisions: as an instrument has them, numbers as numbers.

/// A part of a provision's name: `Article 3 with Schedule 2` stands before `Article 3(1)`, and that before `Article 3A`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A word that joins provisions.
    Joint(String),
    Number(u64),
    Word(String),
}

const JOINTS: [&str; 5] = ["and", "as", "by", "to", "with"];

/// Where a provision stands in its instrument: what names no number is general and comes first, annexes last.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u8, Vec<Part>);

impl Place {
    /// The place of a provision such as `Article 12A(3)`.
    pub(super) fn of(provision: &str) -> Self {
        let parts = parts(provision);
        Self(group(&parts), parts)
    }
}

fn group(parts: &[Part]) -> u8 {
    let annexed = ["annex", "schedule", "supplement"];
    match parts.first() {
        Some(Part::Word(word)) if annexed.contains(&word.as_str()) => 2,
        _ if parts.iter().any(|part| matches!(part, Part::Number(_))) => 1,
        _ => 0,
    }
}

fn parts(provision: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for text in provision.split(|letter: char| !letter.is_alphanumeric()) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest.find(|letter: char| letter.is_ascii_digit() != digits);
            let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
            parts.push(part(run));
            rest = after;
        }
    }
    parts
}

/// A number, or a word without the `s` of a plural: `Articles 3 and 4` stand with `Article 3`.
fn part(run: &str) -> Part {
    if JOINTS.contains(&run) {
        return Part::Joint(run.to_owned());
    }
    run.parse().map_or_else(
        |_| Part::Word(run.to_lowercase().trim_end_matches('s').to_owned()),
        Part::Number,
    )
}

/// Whether a title begins with the provision already, as `Criterion 2: …` does for `Criterion 2(a)`.
pub(super) fn begins(title: &str, provision: &str) -> bool {
    let (title, provision) = (parts(title), parts(provision));
    title.len() > 1
        && title
            .iter()
            .zip(&provision)
            .take(2)
            .filter(|(a, b)| a == b)
            .count()
            == 2
}

#[cfg(test)]
mod tests {
    use super::{Place, begins};

    #[test]
    fn provisions_stand_as_in_their_instrument() {
        let ordered = [
            "Scope",
            "Article 3 with Schedule 2",
            "Articles 3(1) and 6(1)",
            "Article 3(2)",
            "Article 12(1)",
            "Article 12A",
            "Article 12A(1)",
            "Articles 21 to 23",
            "Annex II Section A",
            "Schedule 2",
            "Schedule 10",
        ];
        assert!(ordered.is_sorted_by_key(|provision| Place::of(provision)));
    }

    #[test]
    fn a_title_that_names_its_provision_needs_no_other_name() {
        assert!(begins("Criterion 2: clear risk", "Criterion 2(a)"));
        assert!(!begins("Criterion 2: clear risk", "Criterion 3"));
        assert!(!begins("Item listed in Annex I", "Article 3(1)"));
    }
}
