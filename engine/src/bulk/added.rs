//! The columns that screening adds to a table.

/// A column that screening adds to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Added {
    /// What is required for certain.
    RequirementAtLeast,
    /// What may be required.
    RequirementAtMost,
    /// How strictly an application is reviewed for certain; empty where no licence is needed.
    ReviewAtLeast,
    /// How strictly an application may be reviewed.
    ReviewAtMost,
    /// The rules that stand.
    Stands,
    /// The rules that may stand.
    MayStand,
    /// The facts that are not known and could change the answer.
    Missing,
    /// Whether it is settled what is required.
    Determined,
    /// The answer's id: a file of answers tells the rest of it.
    AnswerId,
    /// What the ruleset requires for certain as it is, where it is compared.
    BaseRequirementAtLeast,
    /// What it may require as it is.
    BaseRequirementAtMost,
    /// How strictly an application is reviewed for certain as it is.
    BaseReviewAtLeast,
    /// How strictly one may be reviewed as it is.
    BaseReviewAtMost,
    /// The rules that stand as it is.
    BaseStands,
    /// The rules that may stand as it is.
    BaseMayStand,
    /// Which way the bounds move; empty where they do not.
    Moves,
    /// The indicators within whose published intervals a bound moves, or a rule stands otherwise.
    HangsOn,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedKind {
    /// Text; empty where there is nothing to say.
    Text,
    /// A list, with `|` between its members.
    List,
    /// `true` or `false`.
    Boolean,
}

impl Added {
    /// All columns.
    pub const ALL: [Self; 17] = [
        Self::RequirementAtLeast,
        Self::RequirementAtMost,
        Self::ReviewAtLeast,
        Self::ReviewAtMost,
        Self::Stands,
        Self::MayStand,
        Self::Missing,
        Self::Determined,
        Self::AnswerId,
        Self::BaseRequirementAtLeast,
        Self::BaseRequirementAtMost,
        Self::BaseReviewAtLeast,
        Self::BaseReviewAtMost,
        Self::BaseStands,
        Self::BaseMayStand,
        Self::Moves,
        Self::HangsOn,
    ];

    /// What is added where a ruleset is compared with what it would be.
    pub const COMPARED: [Self; 12] = [
        Self::Moves,
        Self::BaseRequirementAtLeast,
        Self::BaseRequirementAtMost,
        Self::BaseReviewAtLeast,
        Self::BaseReviewAtMost,
        Self::RequirementAtLeast,
        Self::RequirementAtMost,
        Self::ReviewAtLeast,
        Self::ReviewAtMost,
        Self::Stands,
        Self::MayStand,
        Self::Missing,
    ];

    /// All that an answer says: what is added if nothing else is asked for.
    pub const WHOLE: [Self; 8] = [
        Self::RequirementAtLeast,
        Self::RequirementAtMost,
        Self::ReviewAtLeast,
        Self::ReviewAtMost,
        Self::Stands,
        Self::MayStand,
        Self::Missing,
        Self::Determined,
    ];

    /// What is added where a file of answers tells the rest.
    pub const SHORT: [Self; 3] = [
        Self::RequirementAtLeast,
        Self::RequirementAtMost,
        Self::AnswerId,
    ];

    /// The names of all columns.
    pub const NAMES: [&'static str; 17] = [
        "requirement_at_least",
        "requirement_at_most",
        "review_at_least",
        "review_at_most",
        "stands",
        "may_stand",
        "missing",
        "determined",
        "answer_id",
        "base_requirement_at_least",
        "base_requirement_at_most",
        "base_review_at_least",
        "base_review_at_most",
        "base_stands",
        "base_may_stand",
        "moves",
        "hangs_on",
    ];

    /// Its place among [`Self::ALL`].
    pub(super) fn place(self) -> usize {
        self as usize
    }

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self.place()).copied().unwrap_or_default()
    }

    /// The names of the columns that every screening can add.
    pub fn plain() -> &'static [&'static str] {
        let (plain, _) = Self::NAMES.split_at(Self::BaseRequirementAtLeast.place());
        plain
    }

    /// The column with a name, of those that every screening can add.
    pub fn parse(name: &str) -> Option<Self> {
        let at = Self::plain().iter().position(|known| *known == name)?;
        Self::ALL.get(at).copied()
    }

    /// What its cells are.
    pub fn kind(self) -> AddedKind {
        match self {
            Self::Stands
            | Self::MayStand
            | Self::Missing
            | Self::BaseStands
            | Self::BaseMayStand
            | Self::HangsOn => AddedKind::List,
            Self::Determined => AddedKind::Boolean,
            _ => AddedKind::Text,
        }
    }
}
