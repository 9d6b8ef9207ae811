//! Role configurations and versions as the schema has them.

use std::sync::Arc;

use async_graphql::{Context, ID, MergedObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::ids::RoleConfigurationId;
use store::access::{Area, Write};

use super::{
    definition::{DefinitionFields, Held},
    enums::RoleConfigurationStatus,
};
use crate::{
    graphql::{
        connection::{connection, count, with_cursors},
        error::ApiError,
        id::{GlobalId, Kind},
        page::{CursorScope, OrderKind, PageArguments},
        tenant::Tenant,
    },
    organizations::Organization,
};

/// A role as one organization runs it: the draft that is edited, and its published versions
#[derive(Clone, MergedObject)]
pub(crate) struct RoleConfiguration(IdentityFields, DefinitionFields);

/// The fields that only the draft has.
#[derive(Clone)]
pub(crate) struct IdentityFields {
    tenant: Tenant,
    role: Arc<store::roles::RoleConfiguration>,
}

/// What the caller may do with a role configuration
#[derive(SimpleObject)]
pub(crate) struct RoleConfigurationPermissions {
    /// Whether the caller may change, publish and archive it
    can_edit: bool,
}

connection!(RoleConfiguration, RoleConfigurationConnection, RoleConfigurationEdge, "role configurations", total_count);

impl RoleConfiguration {
    pub(crate) fn new(tenant: Tenant, role: Arc<store::roles::RoleConfiguration>) -> Self {
        let definition = DefinitionFields(Held::Draft(Arc::clone(&role)), tenant.clone());
        Self(IdentityFields { tenant, role }, definition)
    }

    /// The identifier, as the interface `Node` asks for it.
    pub(crate) async fn id(&self, _: &Context<'_>) -> async_graphql::Result<ID> {
        Ok(self.0.global_id())
    }

    /// The role configuration with this identifier, if there is one.
    pub(crate) async fn load(tenant: Tenant, id: RoleConfigurationId) -> Result<Option<Self>, ApiError> {
        let role = tenant.role(id).await?;
        Ok(role.map(|role| Self::new(tenant, role)))
    }
}

#[Object]
impl IdentityFields {
    /// Global identifier
    async fn id(&self) -> ID {
        self.global_id()
    }

    /// Organization that runs the role
    async fn organization(&self) -> Organization {
        Organization::new(self.tenant.clone())
    }

    /// The role's identifier in another system of the organization, unique within it
    async fn external_id(&self) -> Option<&str> {
        self.role.external_id.as_deref()
    }

    /// Where the role configuration is in its life
    async fn status(&self) -> RoleConfigurationStatus {
        self.role.status.into()
    }

    /// Counts the changes of the draft; an update names the revision that it was made from
    async fn revision(&self) -> i32 {
        self.role.revision
    }

    /// Whether the draft differs from the version in force, or there is none
    async fn has_unpublished_changes(&self) -> bool {
        self.role.has_unpublished_changes()
    }

    /// Version in force; null before the first publication
    async fn published_version(&self) -> Option<Result<RoleVersion, ApiError>> {
        let number = self.role.published_number?;
        let version = self.tenant.version(self.role.id, number).await.transpose()?;
        Some(version.map(|version| RoleVersion::new(self.tenant.clone(), version)))
    }

    /// Published versions, the newest first
    async fn versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
    ) -> Option<Result<RoleVersionConnection, ApiError>> {
        let arguments = PageArguments { first, after, last, before };
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        Some(self.versions_page(&arguments, wants_total).await)
    }

    /// When the role configuration was made
    async fn created_at(&self) -> DateTime<Utc> {
        self.role.created_at
    }

    /// When the role configuration was last changed
    async fn updated_at(&self) -> DateTime<Utc> {
        self.role.updated_at
    }

    /// When the role configuration was archived
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.role.archived_at
    }

    /// What the caller may do with the role configuration
    async fn viewer_permissions(&self) -> RoleConfigurationPermissions {
        // Another grant than the one that the role is read by may allow it.
        let scope = self.tenant.scope();
        let writer = scope.actor().scope::<Write>(scope.organization(), Area::Roles);
        let family = self.role.definition.family.as_deref();
        let can_edit = writer.is_ok_and(|writer| writer.rights().allows_family(family));
        RoleConfigurationPermissions { can_edit }
    }
}

impl IdentityFields {
    fn global_id(&self) -> ID {
        let organization = self.tenant.organization();
        GlobalId::Tenant { kind: Kind::RoleConfiguration, organization, id: self.role.id.0 }.encode()
    }

    async fn versions_page(
        &self,
        arguments: &PageArguments,
        wants_total: bool,
    ) -> Result<RoleVersionConnection, ApiError> {
        let scope = CursorScope::of(("versions", self.tenant.organization(), self.role.id), OrderKind::Number);
        let request = arguments.request(scope)?;
        let reader = self.tenant.read().await?;
        let page = reader.roles().versions(self.role.id, &request).await?;
        let total = if wants_total { Some(count(reader.roles().count_versions(self.role.id).await?)) } else { None };
        let page =
            with_cursors(page, &request, scope).map(|version| RoleVersion::new(self.tenant.clone(), Arc::new(version)));
        Ok(RoleVersionConnection::new(page, total))
    }
}

/// An immutable, published state of a role configuration
#[derive(Clone, MergedObject)]
pub(crate) struct RoleVersion(VersionFields, DefinitionFields);

/// The fields that only a version has.
#[derive(Clone)]
pub(crate) struct VersionFields {
    tenant: Tenant,
    version: Arc<store::roles::RoleVersion>,
}

connection!(RoleVersion, RoleVersionConnection, RoleVersionEdge, "published versions of a role", total_count);

impl RoleVersion {
    /// The identifier, as the interface `Node` asks for it.
    pub(crate) async fn id(&self, _: &Context<'_>) -> async_graphql::Result<ID> {
        Ok(self.0.global_id())
    }

    pub(crate) fn new(tenant: Tenant, version: Arc<store::roles::RoleVersion>) -> Self {
        let definition = DefinitionFields(Held::Version(Arc::clone(&version)), tenant.clone());
        Self(VersionFields { tenant, version }, definition)
    }
}

impl VersionFields {
    fn global_id(&self) -> ID {
        let organization = self.tenant.organization();
        GlobalId::Tenant { kind: Kind::RoleVersion, organization, id: self.version.id.0 }.encode()
    }
}

#[Object]
impl VersionFields {
    /// Global identifier
    async fn id(&self) -> ID {
        self.global_id()
    }

    /// The role configuration that was published
    async fn role_configuration(&self) -> Option<Result<RoleConfiguration, ApiError>> {
        RoleConfiguration::load(self.tenant.clone(), self.version.role).await.transpose()
    }

    /// Counts the versions of the role, from 1
    async fn number(&self) -> i32 {
        self.version.number
    }

    /// What the publisher said about it
    async fn note(&self) -> Option<&str> {
        self.version.note.as_deref()
    }

    /// When it was published
    async fn published_at(&self) -> DateTime<Utc> {
        self.version.published_at
    }
}
