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
    pub const ALL: [Self; 9] = [
        Self::RequirementAtLeast,
        Self::RequirementAtMost,
        Self::ReviewAtLeast,
        Self::ReviewAtMost,
        Self::Stands,
        Self::MayStand,
        Self::Missing,
        Self::Determined,
        Self::AnswerId,
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
    pub const NAMES: [&'static str; 9] = [
        "requirement_at_least",
        "requirement_at_most",
        "review_at_least",
        "review_at_most",
        "stands",
        "may_stand",
        "missing",
        "determined",
        "answer_id",
    ];

    /// Its place among [`Self::ALL`].
    pub(super) fn place(self) -> usize {
        self as usize
    }

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self.place()).copied().unwrap_or_default()
    }

    /// The column with a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// What its cells are.
    pub fn kind(self) -> AddedKind {
        match self {
            Self::Stands | Self::MayStand | Self::Missing => AddedKind::List,
            Self::Determined => AddedKind::Boolean,
            _ => AddedKind::Text,
        }
    }
}
