//! Roles, what each may do, and the limits of each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose request it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anybody: no token is needed.
    Public,
    /// A system that sends applications, such as an exporter's or an authority's intake.
    ApplicantSystem,
    /// A licensing officer.
    Officer,
    /// An officer who may also decide against a determination, and gives out tokens.
    SeniorOfficer,
    /// Who checks what was asked and decided, and changes nothing.
    Auditor,
    /// Who writes rules.
    RuleEditor,
}

/// What a request does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read rulesets, facts, data and schemas.
    Browse,
    /// Screen without keeping anything.
    Screen,
    /// Check a ruleset or a proposal, compare, ask, or verify a determination.
    Check,
    /// Screen a whole table.
    Tables,
    /// Keep a determination in the register.
    Keep,
    /// Search, read and replay what is kept.
    Read,
    /// Record a decision.
    Decide,
    /// Record a decision against the determination.
    DecideAgainst,
    /// Screen kept cases again.
    Rescreen,
    /// Read figures about the service.
    Observe,
    /// Load law and data again.
    Reload,
    /// Give out, list and revoke tokens.
    Tokens,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Public,
        Self::ApplicantSystem,
        Self::Officer,
        Self::SeniorOfficer,
        Self::Auditor,
        Self::RuleEditor,
    ];

    /// The code in tokens and configuration.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::ApplicantSystem => "applicant_system",
            Self::Officer => "officer",
            Self::SeniorOfficer => "senior_officer",
            Self::Auditor => "auditor",
            Self::RuleEditor => "rule_editor",
        }
    }

    /// The role of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether it may do this.
    pub fn may(self, action: Action) -> bool {
        permitted(action).contains(&self)
    }
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 12] = [
        Self::Browse,
        Self::Screen,
        Self::Check,
        Self::Tables,
        Self::Keep,
        Self::Read,
        Self::Decide,
        Self::DecideAgainst,
        Self::Rescreen,
        Self::Observe,
        Self::Reload,
        Self::Tokens,
    ];

    /// The code in tokens and documents.
    pub fn code(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Screen => "screen",
            Self::Check => "check",
            Self::Tables => "tables",
            Self::Keep => "keep",
            Self::Read => "read",
            Self::Decide => "decide",
            Self::DecideAgainst => "decide_against",
            Self::Rescreen => "rescreen",
            Self::Observe => "observe",
            Self::Reload => "reload",
            Self::Tokens => "tokens",
        }
    }

    /// The action of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }

    /// What it is, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Browse => "read rulesets, facts, data and schemas",
            Self::Screen => "screen without keeping anything",
            Self::Check => "check a ruleset or a proposal, compare, ask, verify a determination",
            Self::Tables => "screen a whole table",
            Self::Keep => "keep a determination in the register",
            Self::Read => "search, read and replay what is kept",
            Self::Decide => "record a decision",
            Self::DecideAgainst => "record a decision against the determination",
            Self::Rescreen => "screen kept cases again",
            Self::Observe => "read figures about the service",
            Self::Reload => "load law and data again",
            Self::Tokens => "give out, list and revoke tokens",
        }
    }
}

/// The one table of who may do what: docs/SERVICE.md shows it, and a test tries each cell.
pub fn permitted(action: Action) -> &'static [Role] {
    use Role::{ApplicantSystem, Auditor, Officer, Public, RuleEditor, SeniorOfficer};
    match action {
        Action::Browse | Action::Screen | Action::Check => &[
            Public,
            ApplicantSystem,
            Officer,
            SeniorOfficer,
            Auditor,
            RuleEditor,
        ],
        Action::Tables => &[ApplicantSystem, Officer, SeniorOfficer, RuleEditor],
        Action::Keep => &[ApplicantSystem, Officer, SeniorOfficer],
        Action::Read => &[Officer, SeniorOfficer, Auditor],
        Action::Decide => &[Officer, SeniorOfficer],
        Action::DecideAgainst | Action::Tokens => &[SeniorOfficer],
        Action::Rescreen => &[Officer, SeniorOfficer, RuleEditor],
        Action::Observe => &[SeniorOfficer, Auditor],
        Action::Reload => &[SeniorOfficer, RuleEditor],
    }
}

/// What one caller may use at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Largest body, in bytes.
    pub body_bytes: usize,
    /// Largest table of a job, in bytes.
    pub table_bytes: u64,
    /// Longest request, in seconds.
    pub seconds: u32,
    /// Most lines of one application; memory and time grow with them.
    pub lines: usize,
    /// Requests a second, on average.
    pub requests_per_second: u32,
    /// Requests that may come at once.
    pub burst: u32,
}

impl Limits {
    /// The limits of a role where nothing else is configured.
    pub fn of(role: Role) -> Self {
        match role {
            Role::Public => Self {
                body_bytes: 256 * 1024,
                table_bytes: 0,
                seconds: 10,
                lines: 20,
                requests_per_second: 20,
                burst: 100,
            },
            Role::ApplicantSystem => Self {
                body_bytes: 16 * 1024 * 1024,
                table_bytes: 16 * 1024 * 1024 * 1024,
                seconds: 60,
                lines: 1_000,
                requests_per_second: 100_000,
                burst: 100_000,
            },
            _ => Self {
                body_bytes: 16 * 1024 * 1024,
                table_bytes: 16 * 1024 * 1024 * 1024,
                seconds: 60,
                lines: 1_000,
                requests_per_second: 200,
                burst: 1_000,
            },
        }
    }
}
