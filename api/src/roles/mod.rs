//! Role configurations: tasks, skills and pathways, their score, and their comparison with the library.

mod changes;
mod comparison;
mod creation;
mod definition;
mod enums;
mod inputs;
mod merge;
mod mutations;
mod payloads;
mod queries;
mod score;
mod types;

pub(crate) use comparison::ExposureMeasure;
pub(crate) use definition::{CareerPathway, RoleSkill};
pub(crate) use enums::{OrderDirection, Quadrant, SkillTrend, Stage};
pub(crate) use mutations::RoleMutations;
pub(crate) use queries::{RoleConfigurationFilter, RoleConfigurationOrder, refuse_text, role_configurations};
pub(crate) use score::{AiImpactScore, StageShare, tidy};
pub(crate) use types::{RoleConfiguration, RoleConfigurationConnection, RoleVersion};
