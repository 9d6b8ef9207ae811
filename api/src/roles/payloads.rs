//! What mutations of roles answer.

use async_graphql::{ID, SimpleObject};

use super::types::{RoleConfiguration, RoleVersion};
use crate::graphql::user_error::UserError;

/// Answer of a mutation that makes or changes one role configuration
macro_rules! role_payload {
    ($name:ident, $mutation:literal) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The role configuration; null when there are errors
            role_configuration: Option<RoleConfiguration>,
            /// What is wrong with the input; nothing was changed then
            user_errors: Vec<UserError>,
        }

        impl From<Result<RoleConfiguration, Vec<UserError>>> for $name {
            fn from(result: Result<RoleConfiguration, Vec<UserError>>) -> Self {
                match result {
                    Ok(role) => Self { role_configuration: Some(role), user_errors: Vec::new() },
                    Err(user_errors) => Self { role_configuration: None, user_errors },
                }
            }
        }
    };
}

role_payload!(CreateRoleConfigurationPayload, "createRoleConfiguration");
role_payload!(CreateRoleConfigurationFromCanonicalRolePayload, "createRoleConfigurationFromCanonicalRole");
role_payload!(UpdateRoleConfigurationPayload, "updateRoleConfiguration");
role_payload!(UpdateRoleTaskPayload, "updateRoleTask");
role_payload!(ArchiveRoleConfigurationPayload, "archiveRoleConfiguration");
role_payload!(RestoreRoleConfigurationPayload, "restoreRoleConfiguration");

/// Answer of createRoleConfigurations
#[derive(Default, SimpleObject)]
pub(crate) struct CreateRoleConfigurationsPayload {
    /// The role configurations in the order of the input; null when there are errors
    pub(super) role_configurations: Option<Vec<RoleConfiguration>>,
    /// What is wrong with the input; nothing was made then
    pub(super) user_errors: Vec<UserError>,
}

/// Answer of publishRoleConfiguration
#[derive(Default, SimpleObject)]
pub(crate) struct PublishRoleConfigurationPayload {
    /// The role configuration; null when there are errors
    pub(super) role_configuration: Option<RoleConfiguration>,
    /// The new version; null when there are errors
    pub(super) version: Option<RoleVersion>,
    /// What is wrong with the input; nothing was published then
    pub(super) user_errors: Vec<UserError>,
}

/// Answer of deleteRoleConfigurationDraft
#[derive(Default, SimpleObject)]
pub(crate) struct DeleteRoleConfigurationDraftPayload {
    /// The role configuration as it is now: the version in force; null when it was deleted or there are errors
    pub(super) role_configuration: Option<RoleConfiguration>,
    /// Identifier of the role configuration, when it had never been published and is deleted
    pub(super) deleted_role_configuration_id: Option<ID>,
    /// What is wrong with the input; nothing was deleted then
    pub(super) user_errors: Vec<UserError>,
}
