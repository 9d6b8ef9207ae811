//! What clients send to make and change roles.

use async_graphql::{ID, InputObject, MaybeUndefined};
use domain::roles::{CareerPathway, RoleDefinition, Skill, Task};

use super::enums::{SkillPriority, SkillTrend, Stage};

/// A task of a role
#[derive(InputObject)]
pub(crate) struct RoleTaskInput {
    /// Names the task within its role; made from the title when left out
    key: Option<String>,
    /// What the task is called, 1 to 200 characters
    title: String,
    /// What is done, up to 4,000 characters
    description: Option<String>,
    /// Why the task stands at its stage, up to 4,000 characters
    rationale: Option<String>,
    /// How far the task is along the automation journey
    stage: Option<Stage>,
    /// Share of the role's task time, 0 to 1; give it for all tasks, adding up to 1, or for none
    time_share: Option<f64>,
    /// Harm of getting it wrong, 0 to 1; 0.4 when left out
    consequence: Option<f64>,
    /// Key of the canonical task that this one is, such as rolemark:incident-response
    canonical_task_key: Option<String>,
}

/// A skill of a role
#[derive(InputObject)]
pub(crate) struct RoleSkillInput {
    /// What the skill is called, 1 to 200 characters
    name: String,
    /// Where the need for it is going
    trend: SkillTrend,
    /// How urgent it is to build it
    priority: Option<SkillPriority>,
    /// How likely AI takes the skill over, 0 to 1
    automation_risk: Option<f64>,
    /// Expected proficiency, 1 to 5
    proficiency: Option<i32>,
    /// Key of the canonical skill that this one is, such as rolemark:observability
    canonical_skill_key: Option<String>,
}

/// A role that people can go to from here
#[derive(InputObject)]
pub(crate) struct CareerPathwayInput {
    /// Title of the role at the end of the pathway, 1 to 200 characters
    target: String,
    /// Least number of months that it takes, 1 to 600
    months_from: i32,
    /// Greatest number of months that it takes, 1 to 600
    months_to: i32,
    /// What the pathway is like, up to 4,000 characters
    description: Option<String>,
    /// Skills to build on the way
    skills: Option<Vec<String>>,
}

/// A role to be made
#[derive(InputObject)]
pub(crate) struct RoleConfigurationInput {
    /// The role's identifier in another system of the organization, unique within it
    pub(super) external_id: Option<String>,
    /// Title, 1 to 200 characters
    title: String,
    /// Job family, such as Engineering
    family: Option<String>,
    /// Level, such as Senior
    level: Option<String>,
    /// What the role is for, up to 4,000 characters
    summary: Option<String>,
    /// Full-time equivalents in the role, greater than 0; 1 when left out
    headcount: Option<f64>,
    /// Share of time spent aligning with the other roles of a combination, 0 to 0.8
    coordination_share: Option<f64>,
    /// Share of the work for which AI is used today, 0 to 1
    current_ai_adoption: Option<f64>,
    /// Tools and technologies of the role
    technology_stack: Option<Vec<String>>,
    /// Key of the canonical role that this one is, such as rolemark:backend-engineer
    canonical_role_key: Option<String>,
    /// Tasks, up to 200
    tasks: Option<Vec<RoleTaskInput>>,
    /// Skills, up to 200
    skills: Option<Vec<RoleSkillInput>>,
    /// Roles that people can go to from here, up to 50
    career_pathways: Option<Vec<CareerPathwayInput>>,
}

/// Input of createRoleConfiguration
#[derive(InputObject)]
pub(crate) struct CreateRoleConfigurationInput {
    /// Organization that runs the role
    pub(super) organization_id: ID,
    /// The role
    pub(super) role: RoleConfigurationInput,
}

/// Input of createRoleConfigurations
#[derive(InputObject)]
pub(crate) struct CreateRoleConfigurationsInput {
    /// Organization that runs the roles
    pub(super) organization_id: ID,
    /// The roles, 1 to 100; all of them are made, or none
    pub(super) roles: Vec<RoleConfigurationInput>,
}

/// Input of createRoleConfigurationFromCanonicalRole
#[derive(InputObject)]
pub(crate) struct CreateRoleConfigurationFromCanonicalRoleInput {
    /// Organization that runs the role
    pub(super) organization_id: ID,
    /// Key of the canonical role, such as rolemark:backend-engineer
    pub(super) canonical_role_key: String,
    /// The role's identifier in another system of the organization, unique within it
    pub(super) external_id: Option<String>,
    /// Title; the canonical role's when left out
    pub(super) title: Option<String>,
    /// Level, such as Senior
    pub(super) level: Option<String>,
    /// Full-time equivalents in the role, greater than 0; 1 when left out
    pub(super) headcount: Option<f64>,
}

/// Input of updateRoleConfiguration: what is left out stays as it is, null clears, a list replaces the whole list
#[derive(InputObject)]
pub(crate) struct UpdateRoleConfigurationInput {
    /// The role configuration
    pub(super) id: ID,
    /// The revision that the change was made from
    pub(super) expected_revision: i32,
    /// The role's identifier in another system of the organization, unique within it
    pub(super) external_id: MaybeUndefined<String>,
    /// Title, 1 to 200 characters
    pub(super) title: MaybeUndefined<String>,
    /// Job family, such as Engineering
    pub(super) family: MaybeUndefined<String>,
    /// Level, such as Senior
    pub(super) level: MaybeUndefined<String>,
    /// What the role is for, up to 4,000 characters
    pub(super) summary: MaybeUndefined<String>,
    /// Full-time equivalents in the role, greater than 0; null means 1
    pub(super) headcount: MaybeUndefined<f64>,
    /// Share of time spent aligning with the other roles of a combination, 0 to 0.8
    pub(super) coordination_share: MaybeUndefined<f64>,
    /// Share of the work for which AI is used today, 0 to 1
    pub(super) current_ai_adoption: MaybeUndefined<f64>,
    /// Tools and technologies of the role
    pub(super) technology_stack: MaybeUndefined<Vec<String>>,
    /// Key of the canonical role that this one is, such as rolemark:backend-engineer
    pub(super) canonical_role_key: MaybeUndefined<String>,
    /// Tasks, up to 200
    pub(super) tasks: MaybeUndefined<Vec<RoleTaskInput>>,
    /// Skills, up to 200
    pub(super) skills: MaybeUndefined<Vec<RoleSkillInput>>,
    /// Roles that people can go to from here, up to 50
    pub(super) career_pathways: MaybeUndefined<Vec<CareerPathwayInput>>,
}

/// Input of updateRoleTask: what is left out stays as it is, null clears
#[derive(InputObject)]
pub(crate) struct UpdateRoleTaskInput {
    /// The role configuration
    pub(super) id: ID,
    /// The revision that the change was made from
    pub(super) expected_revision: i32,
    /// Key of the task
    pub(super) key: String,
    /// What the task is called, 1 to 200 characters
    pub(super) title: MaybeUndefined<String>,
    /// What is done, up to 4,000 characters
    pub(super) description: MaybeUndefined<String>,
    /// Why the task stands at its stage, up to 4,000 characters
    pub(super) rationale: MaybeUndefined<String>,
    /// How far the task is along the automation journey; null leaves it out of the score
    pub(super) stage: MaybeUndefined<Stage>,
    /// Harm of getting it wrong, 0 to 1; null means 0.4
    pub(super) consequence: MaybeUndefined<f64>,
    /// Key of the canonical task that this one is
    pub(super) canonical_task_key: MaybeUndefined<String>,
}

/// A role configuration at a revision
#[derive(InputObject)]
pub(crate) struct RoleConfigurationRevisionInput {
    /// The role configuration
    pub(super) id: ID,
    /// The revision that the caller has seen
    pub(super) expected_revision: i32,
}

/// Input of publishRoleConfiguration
#[derive(InputObject)]
pub(crate) struct PublishRoleConfigurationInput {
    /// The role configuration
    pub(super) id: ID,
    /// The revision to publish
    pub(super) expected_revision: i32,
    /// What there is to say about the version, up to 4,000 characters
    pub(super) note: Option<String>,
}

impl From<RoleTaskInput> for Task {
    fn from(input: RoleTaskInput) -> Self {
        Self {
            key: input.key.unwrap_or_default(),
            title: input.title,
            description: input.description,
            rationale: input.rationale,
            stage: input.stage.map(Into::into),
            stage_is_derived: false,
            time_share: input.time_share,
            consequence: input.consequence,
            canonical_task: input.canonical_task_key,
        }
    }
}

impl From<RoleSkillInput> for Skill {
    fn from(input: RoleSkillInput) -> Self {
        Self {
            name: input.name,
            trend: input.trend.into(),
            priority: input.priority.map(Into::into),
            automation_risk: input.automation_risk,
            // What does not fit is out of range, which validation says with the field's name.
            proficiency: input.proficiency.map(|level| u8::try_from(level).unwrap_or(u8::MAX)),
            canonical_skill: input.canonical_skill_key,
        }
    }
}

impl From<CareerPathwayInput> for CareerPathway {
    fn from(input: CareerPathwayInput) -> Self {
        let months = |number: i32| u16::try_from(number).unwrap_or(if number < 0 { 0 } else { u16::MAX });
        Self {
            target: input.target,
            months_from: months(input.months_from),
            months_to: months(input.months_to),
            description: input.description,
            skills: input.skills.unwrap_or_default(),
        }
    }
}

/// All of a list turned into what the domain has.
pub(super) fn all<I, T: From<I>>(inputs: Vec<I>) -> Vec<T> {
    inputs.into_iter().map(Into::into).collect()
}

impl From<RoleConfigurationInput> for RoleDefinition {
    fn from(input: RoleConfigurationInput) -> Self {
        let definition = Self {
            title: input.title.trim().to_owned(),
            family: input.family,
            level: input.level,
            summary: input.summary,
            headcount: input.headcount.unwrap_or(1.0),
            coordination_share: input.coordination_share,
            current_ai_adoption: input.current_ai_adoption,
            technology_stack: input.technology_stack.unwrap_or_default(),
            canonical_role: input.canonical_role_key,
            tasks: all(input.tasks.unwrap_or_default()),
            skills: all(input.skills.unwrap_or_default()),
            pathways: all(input.career_pathways.unwrap_or_default()),
        };
        definition.with_normalized_keys()
    }
}
