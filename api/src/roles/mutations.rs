//! Making and changing role configurations.

use async_graphql::{Context, Object};

use super::{
    changes::{archive, delete_draft, publish, restore, update, update_task},
    creation::{create_from_canonical, create_many, create_one},
    inputs::{
        CreateRoleConfigurationFromCanonicalRoleInput, CreateRoleConfigurationInput, CreateRoleConfigurationsInput,
        PublishRoleConfigurationInput, RoleConfigurationRevisionInput, UpdateRoleConfigurationInput,
        UpdateRoleTaskInput,
    },
    payloads::{
        ArchiveRoleConfigurationPayload, CreateRoleConfigurationFromCanonicalRolePayload,
        CreateRoleConfigurationPayload, CreateRoleConfigurationsPayload, DeleteRoleConfigurationDraftPayload,
        PublishRoleConfigurationPayload, RestoreRoleConfigurationPayload, UpdateRoleConfigurationPayload,
        UpdateRoleTaskPayload,
    },
};
use crate::graphql::{context::ContextExt, error::ApiError};

/// Mutations of role configurations.
#[derive(Default)]
pub(crate) struct RoleMutations;

#[Object]
impl RoleMutations {
    /// Makes a role configuration as a draft
    async fn create_role_configuration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role and its organization")] input: CreateRoleConfigurationInput,
    ) -> Option<Result<CreateRoleConfigurationPayload, ApiError>> {
        Some(create_one(ctx.request(), &input.organization_id, input.role).await.map(Into::into))
    }

    /// Makes several role configurations as drafts: all of them, or none
    async fn create_role_configurations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The roles and their organization")] input: CreateRoleConfigurationsInput,
    ) -> Option<Result<CreateRoleConfigurationsPayload, ApiError>> {
        Some(create_many(ctx.request(), input).await.map(|outcome| match outcome {
            Ok(roles) => CreateRoleConfigurationsPayload { role_configurations: Some(roles), user_errors: vec![] },
            Err(user_errors) => CreateRoleConfigurationsPayload { role_configurations: None, user_errors },
        }))
    }

    /// Makes a role configuration as a draft with everything that a canonical role has
    async fn create_role_configuration_from_canonical_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The canonical role and the organization")]
        input: CreateRoleConfigurationFromCanonicalRoleInput,
    ) -> Option<Result<CreateRoleConfigurationFromCanonicalRolePayload, ApiError>> {
        Some(create_from_canonical(ctx.request(), input).await.map(Into::into))
    }

    /// Changes the draft of a role configuration
    async fn update_role_configuration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes")] input: UpdateRoleConfigurationInput,
    ) -> Option<Result<UpdateRoleConfigurationPayload, ApiError>> {
        Some(update(ctx.request(), input).await.map(Into::into))
    }

    /// Changes one task in the draft of a role configuration
    async fn update_role_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes")] input: UpdateRoleTaskInput,
    ) -> Option<Result<UpdateRoleTaskPayload, ApiError>> {
        Some(update_task(ctx.request(), input).await.map(Into::into))
    }

    /// Publishes the draft of a role configuration as a new, immutable version
    async fn publish_role_configuration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role configuration and the revision to publish")] input: PublishRoleConfigurationInput,
    ) -> Option<Result<PublishRoleConfigurationPayload, ApiError>> {
        Some(publish(ctx.request(), input).await.map(|outcome| match outcome {
            Ok((role, version)) => PublishRoleConfigurationPayload {
                role_configuration: Some(role),
                version: Some(version),
                user_errors: vec![],
            },
            Err(user_errors) => PublishRoleConfigurationPayload { user_errors, ..Default::default() },
        }))
    }

    /// Takes a role configuration out of use; nothing is lost
    async fn archive_role_configuration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role configuration")] input: RoleConfigurationRevisionInput,
    ) -> Option<Result<ArchiveRoleConfigurationPayload, ApiError>> {
        Some(archive(ctx.request(), input).await.map(Into::into))
    }

    /// Takes an archived role configuration back into use
    async fn restore_role_configuration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role configuration")] input: RoleConfigurationRevisionInput,
    ) -> Option<Result<RestoreRoleConfigurationPayload, ApiError>> {
        Some(restore(ctx.request(), input).await.map(Into::into))
    }

    /// Gives up the unpublished changes: the draft becomes the version in force again, and a role configuration that was
    /// never published is deleted
    async fn delete_role_configuration_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role configuration")] input: RoleConfigurationRevisionInput,
    ) -> Option<Result<DeleteRoleConfigurationDraftPayload, ApiError>> {
        Some(delete_draft(ctx.request(), input).await)
    }
}
