//! The two scales of an answer, each from mild to strict.

use std::fmt;

use serde::{Serialize, Serializer};

/// What is required before an export may leave. "Not required" is never "approved".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// The ruleset does not govern this export.
    OutOfScope,
    /// The rules evaluated require nothing. It is not an approval.
    NotRequired,
    /// A general authorisation or licence exception may be used, on its conditions.
    GeneralAuthorisation,
    /// The authority must be notified, and decides.
    Notify,
    /// An individual or global licence is required.
    LicenceRequired,
    /// No licence can be issued.
    Prohibited,
}

/// How strictly an authority reviews an application, once a licence is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Review {
    /// Generally granted.
    Favourable,
    /// Decided case by case.
    CaseByCase,
    /// Decided case by case with special caution.
    SpecialCaution,
    /// Refused unless shown otherwise.
    PresumptionOfDenial,
    /// Must be refused.
    MustRefuse,
}

impl Requirement {
    /// All levels, mild first.
    pub const ALL: [Self; 6] = [
        Self::OutOfScope,
        Self::NotRequired,
        Self::GeneralAuthorisation,
        Self::Notify,
        Self::LicenceRequired,
        Self::Prohibited,
    ];

    /// The code in documents.
    pub fn code(self) -> &'static str {
        match self {
            Self::OutOfScope => "out_of_scope",
            Self::NotRequired => "not_required",
            Self::GeneralAuthorisation => "general_authorisation",
            Self::Notify => "notify",
            Self::LicenceRequired => "licence_required",
            Self::Prohibited => "prohibited",
        }
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::OutOfScope => "out of scope",
            Self::NotRequired => "nothing required by these rules (not an approval)",
            Self::GeneralAuthorisation => "general authorisation, on its conditions",
            Self::Notify => "notify the authority and wait",
            Self::LicenceRequired => "licence required",
            Self::Prohibited => "prohibited",
        }
    }

    /// A word or two, for tables.
    pub fn short(self) -> &'static str {
        match self {
            Self::NotRequired => "not required",
            Self::GeneralAuthorisation => "general authorisation",
            Self::Notify => "notify",
            other => other.label(),
        }
    }

    /// The level of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

impl Review {
    /// All levels, mild first.
    pub const ALL: [Self; 5] = [
        Self::Favourable,
        Self::CaseByCase,
        Self::SpecialCaution,
        Self::PresumptionOfDenial,
        Self::MustRefuse,
    ];

    /// The code in documents.
    pub fn code(self) -> &'static str {
        match self {
            Self::Favourable => "favourable",
            Self::CaseByCase => "case_by_case",
            Self::SpecialCaution => "special_caution",
            Self::PresumptionOfDenial => "presumption_of_denial",
            Self::MustRefuse => "must_refuse",
        }
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Favourable => "generally granted",
            Self::CaseByCase => "case by case",
            Self::SpecialCaution => "special caution",
            Self::PresumptionOfDenial => "presumption of denial",
            Self::MustRefuse => "must refuse",
        }
    }

    /// The level of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Serialize for Review {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
