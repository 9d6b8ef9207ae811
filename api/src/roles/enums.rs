//! The enumerations of roles, as the schema has them.

use async_graphql::Enum;

/// How far a task is along the automation journey
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::stage::Stage")]
pub(crate) enum Stage {
    /// People do it; between T0 and T1 of the automation rubric
    Human,
    /// People do it today, and AI could take over much of it; T2
    AtRisk,
    /// People do it with the help of AI; T3
    AiAssisted,
    /// AI does it; T4
    Automated,
}

/// What to do about a task
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::stage::Quadrant")]
pub(crate) enum Quadrant {
    /// Hand it to AI: it is automated, and a mistake does little harm
    Automate,
    /// Give people AI to help with it
    Augment,
    /// Keep it with people
    Protect,
    /// Watch it: it is automated, and a mistake does much harm
    Monitor,
}

/// Where the need for a skill is going
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::roles::Trend")]
pub(crate) enum SkillTrend {
    /// It is becoming more important
    Emerging,
    /// It stays as important as it is
    Stable,
    /// It is becoming less important
    Declining,
}

/// How urgent it is to build a skill
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::roles::Priority")]
pub(crate) enum SkillPriority {
    /// Now
    High,
    /// Soon
    Medium,
    /// When there is time
    Low,
}

/// Where a role configuration is in its life
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "store::roles::RoleStatus")]
pub(crate) enum RoleConfigurationStatus {
    /// Never published
    Draft,
    /// It has a published version
    Published,
    /// Out of use, and kept
    Archived,
}

/// How a task of the role was matched with a task of the canonical role
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::comparison::AlignmentBasis")]
pub(crate) enum AlignmentBasis {
    /// The organization linked them
    Linked,
    /// They have the same key
    SameKey,
    /// Their texts are alike; nobody has confirmed it
    Proposed,
    /// Nothing was found
    Unmatched,
}

/// A published measure of how exposed an occupation is to AI
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::exposure::ExposureName")]
pub(crate) enum ExposureName {
    /// Share of tasks that a language model alone speeds up, as labelled by GPT-4
    #[graphql(name = "GPT4_ALPHA")]
    Gpt4Alpha,
    /// As alpha, and half of the tasks that need software built on a model
    #[graphql(name = "GPT4_BETA")]
    Gpt4Beta,
    /// As alpha, and all of the tasks that need software built on a model
    #[graphql(name = "GPT4_GAMMA")]
    Gpt4Gamma,
    /// Share of tasks that a language model alone speeds up, as labelled by people
    HumanAlpha,
    /// As alpha, and half of the tasks that need software built on a model
    HumanBeta,
    /// As alpha, and all of the tasks that need software built on a model
    HumanGamma,
    /// Share of the occupation's work seen in real use of an AI assistant
    ObservedExposure,
}

/// Ascending or descending
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "store::page::Direction")]
pub(crate) enum OrderDirection {
    /// From low to high
    #[graphql(name = "ASC")]
    Ascending,
    /// From high to low
    #[graphql(name = "DESC")]
    Descending,
}
