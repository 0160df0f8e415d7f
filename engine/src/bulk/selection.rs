//! Which records are written, by what screening says about them.

use super::added::Added;
use super::answer::Answer;
use crate::ruleset::{Requirement, Review, Ruleset};
use crate::source::nearest;

/// Chooses records by their answers: those that fit one of its parts, or all if it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    parts: Vec<(String, Part)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// It is settled, or left open, what is required.
    Determined(bool),
    /// What is required compares so with a level.
    Requirement(Test, Requirement),
    /// How strictly an application is reviewed compares so with a level.
    Review(Test, Review),
    /// A rule stands, or may stand.
    Rule(Added, String),
    /// A column says something.
    Says(Added),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    /// It is settled at this level.
    Is,
    /// It is this level or a stricter one, for certain.
    AtLeast,
    /// It may be this level or a stricter one.
    Maybe,
}

impl Test {
    fn holds<T: Ord>(self, level: &T, least: &T, most: &T) -> bool {
        match self {
            Self::Is => least == level && most == level,
            Self::AtLeast => least >= level,
            Self::Maybe => most >= level,
        }
    }
}

impl Selection {
    /// Adds what a person wrote; what is wrong with it, if it is not understood.
    ///
    /// `LEVEL` chooses records settled at a level of requirement or review, `LEVEL+` those that are there or
    /// above for certain, `LEVEL?` those that may be; `determined` and `undetermined` those that are settled
    /// and those that are not; `stands:RULE` and `may_stand:RULE` those to which a rule applies, or may.
    pub fn add(&mut self, text: &str, rulesets: &[&Ruleset]) -> Result<(), String> {
        let part = part(text, rulesets)?;
        self.parts.push((text.to_owned(), part));
        Ok(())
    }

    /// Those of which a bound moves.
    pub fn moving() -> Self {
        Self {
            parts: vec![("moves".to_owned(), Part::Says(Added::Moves))],
        }
    }

    /// The parts as they were written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(text, _)| text.as_str())
    }

    /// Whether it chooses all.
    pub fn is_all(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether it chooses records with an answer.
    pub fn takes(&self, answer: &Answer) -> bool {
        self.takes_cells(|column| answer.cell(column))
    }

    /// Whether it chooses records with an answer of these cells.
    pub(super) fn takes_cells<'c>(&self, cell: impl Fn(Added) -> &'c str) -> bool {
        self.is_all() || self.parts.iter().any(|(_, part)| part.takes(&cell))
    }
}

impl Part {
    fn takes<'c>(&self, cell: &impl Fn(Added) -> &'c str) -> bool {
        match self {
            Self::Determined(settled) => {
                (cell(Added::RequirementAtLeast) == cell(Added::RequirementAtMost)) == *settled
            }
            Self::Requirement(test, level) => {
                let bound = |column| Requirement::parse(cell(column));
                let bounds = [Added::RequirementAtLeast, Added::RequirementAtMost].map(bound);
                let [least, most] = bounds;
                test.holds(&Some(*level), &least, &most)
            }
            Self::Review(test, level) => {
                let bound = |column| Review::parse(cell(column));
                let [least, most] = [Added::ReviewAtLeast, Added::ReviewAtMost].map(bound);
                test.holds(&Some(*level), &least, &most)
            }
            Self::Says(column) => !cell(*column).is_empty(),
            Self::Rule(column, rule) => cell(*column).split('|').any(|known| known == rule),
        }
    }
}

fn part(text: &str, rulesets: &[&Ruleset]) -> Result<Part, String> {
    match text {
        "determined" => return Ok(Part::Determined(true)),
        "undetermined" => return Ok(Part::Determined(false)),
        _ => {}
    }
    for column in [Added::Stands, Added::MayStand] {
        let rule = text.strip_prefix(column.name());
        if let Some(rule) = rule.and_then(|rest| rest.strip_prefix(':')) {
            return known_rule(rule, rulesets).map(|()| Part::Rule(column, rule.to_owned()));
        }
    }
    let (name, way) = match text.strip_suffix('+') {
        Some(name) => (name, Test::AtLeast),
        None => text
            .strip_suffix('?')
            .map_or((text, Test::Is), |name| (name, Test::Maybe)),
    };
    let requirement = Requirement::parse(name).map(|level| Part::Requirement(way, level));
    let review = || Review::parse(name).map(|level| Part::Review(way, level));
    requirement.or_else(review).ok_or_else(|| unknown(name))
}

fn known_rule(rule: &str, rulesets: &[&Ruleset]) -> Result<(), String> {
    let known = || {
        rulesets
            .iter()
            .flat_map(|set| set.rules.iter().map(|rule| rule.id.as_ref()))
    };
    if known().any(|known| known == rule) {
        return Ok(());
    }
    let near = nearest(rule, known());
    let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(format!(
        "no rule `{rule}` in the rulesets that screen{help}"
    ))
}

fn unknown(name: &str) -> String {
    let requirement = Requirement::ALL.map(Requirement::code);
    let review = Review::ALL.map(Review::code);
    let levels: Vec<&str> = requirement.into_iter().chain(review).collect();
    let near = nearest(name, levels.iter().copied());
    let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    format!(
        "no level `{name}`{help} Expected one of {}, with `+` behind for that level or above, or `?` for what \
         may be; or determined, undetermined, stands:RULE or may_stand:RULE",
        levels.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::{Added, Selection};

    fn chosen(text: &str, bounds: [&'static str; 2]) -> bool {
        let mut selection = Selection::default();
        selection.add(text, &[]).unwrap();
        selection.takes_cells(|column| match column {
            Added::RequirementAtLeast => bounds[0],
            Added::RequirementAtMost => bounds[1],
            _ => "",
        })
    }

    #[test]
    fn a_level_is_settled_certain_or_possible() {
        let open = ["not_required", "prohibited"];
        let certain = ["licence_required", "prohibited"];
        let settled = ["licence_required", "licence_required"];
        for (text, expected) in [
            ("licence_required", [false, false, true]),
            ("licence_required+", [false, true, true]),
            ("licence_required?", [true, true, true]),
            ("prohibited?", [true, true, false]),
            ("undetermined", [true, true, false]),
            ("determined", [false, false, true]),
            ("must_refuse?", [false, false, false]),
        ] {
            let found = [open, certain, settled].map(|bounds| chosen(text, bounds));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_with_the_nearest_level() {
        let told = Selection::default().add("license_required+", &[]);
        assert!(
            told.unwrap_err()
                .contains("did you mean `licence_required`?")
        );
        let told = Selection::default().add("stands:art-9", &[]);
        assert!(told.unwrap_err().starts_with("no rule `art-9`"));
    }
}
