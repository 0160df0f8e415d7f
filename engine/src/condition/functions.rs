//! The functions of the language: FEEL's own, and those of this field.

/// A function by its name in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is named as FEEL or docs/LANGUAGE.md names it"
)]
pub enum Function {
    Not,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    ListContains,
    Count,
    All,
    Any,
    Date,
    Duration,
    Min,
    Max,
    Sum,
    Abs,
    Floor,
    Ceiling,
    Modulo,
    StringLength,
    UpperCase,
    LowerCase,
    SubstringBefore,
    SubstringAfter,
    YearsAndMonthsDuration,
    Under,
    Group,
    Indicator,
    Param,
    Define,
    Charted,
    Listed,
    Known,
}

/// Every function with its name and the numbers of arguments it takes.
const FUNCTIONS: [(Function, &str, usize, usize); 32] = [
    (Function::Not, "not", 1, 1),
    (Function::Contains, "contains", 2, 2),
    (Function::StartsWith, "starts with", 2, 2),
    (Function::EndsWith, "ends with", 2, 2),
    (Function::Matches, "matches", 2, 2),
    (Function::ListContains, "list contains", 2, 2),
    (Function::Count, "count", 1, 1),
    (Function::All, "all", 1, 1),
    (Function::Any, "any", 1, 1),
    (Function::Date, "date", 1, 3),
    (Function::Duration, "duration", 1, 1),
    (Function::Min, "min", 1, usize::MAX),
    (Function::Max, "max", 1, usize::MAX),
    (Function::Sum, "sum", 1, usize::MAX),
    (Function::Abs, "abs", 1, 1),
    (Function::Floor, "floor", 1, 1),
    (Function::Ceiling, "ceiling", 1, 1),
    (Function::Modulo, "modulo", 2, 2),
    (Function::StringLength, "string length", 1, 1),
    (Function::UpperCase, "upper case", 1, 1),
    (Function::LowerCase, "lower case", 1, 1),
    (Function::SubstringBefore, "substring before", 2, 2),
    (Function::SubstringAfter, "substring after", 2, 2),
    (
        Function::YearsAndMonthsDuration,
        "years and months duration",
        2,
        2,
    ),
    (Function::Under, "under", 2, 2),
    (Function::Group, "group", 1, 1),
    (Function::Indicator, "indicator", 1, 2),
    (Function::Param, "param", 1, 1),
    (Function::Define, "define", 1, 1),
    (Function::Charted, "charted", 1, 1),
    (Function::Listed, "listed", 2, 2),
    (Function::Known, "known", 1, 1),
];

impl Function {
    /// The function of a name.
    pub fn named(name: &str) -> Option<Self> {
        FUNCTIONS
            .iter()
            .find(|(_, known, ..)| *known == name)
            .map(|(function, ..)| *function)
    }

    /// Its name in the text.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, ..)| name)
    }

    /// The least and the greatest number of arguments.
    pub fn arity(self) -> (usize, usize) {
        self.row()
            .map_or((0, 0), |(_, _, least, most)| (least, most))
    }

    /// All names, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FUNCTIONS.iter().map(|(_, name, ..)| *name)
    }

    fn row(self) -> Option<(Self, &'static str, usize, usize)> {
        FUNCTIONS
            .iter()
            .find(|(function, ..)| *function == self)
            .copied()
    }
}
