//! Colours by what they mean, so that a plot in one place means what it means in another.

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Prohibited.
    Prohibited,
    /// A licence is required.
    Licence,
    /// Open: not known yet; hatched, so that it is told without colour.
    Open,
    /// Less than a licence: a notification or a general authorisation.
    Lesser,
    /// Nothing is required by the rules.
    Clear,
    /// Outside the rules.
    Outside,
    /// A number that has no meaning of its own.
    Plain,
}

impl Tone {
    /// All, in the order in which they stand beside one another.
    pub const ALL: [Self; 7] = [
        Self::Prohibited,
        Self::Licence,
        Self::Open,
        Self::Lesser,
        Self::Clear,
        Self::Outside,
        Self::Plain,
    ];

    /// The name in the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prohibited => "prohibited",
            Self::Licence => "licence",
            Self::Open => "open",
            Self::Lesser => "lesser",
            Self::Clear => "clear",
            Self::Outside => "outside",
            Self::Plain => "plain",
        }
    }
}
