//! Role definitions: what a role is made of, and the rules that its parts obey.

mod definition;
mod key;
mod limits;
mod skill;
mod text_rules;
mod validation;
mod validation_parts;

pub use definition::{RoleDefinition, Task};
pub use key::{is_canonical_key, normalized_key};
pub(crate) use key::{is_code, is_source};
pub use limits::RoleLimits;
pub use skill::{CareerPathway, Priority, Skill, Trend};

pub(crate) use definition::is_false;
pub(crate) use text_rules::{TextRule, check_number, check_text};
