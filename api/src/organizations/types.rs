//! Organizations as the schema has them.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use store::{
    access::{Area, Entry, Level, Via},
    organizations::erased_after,
};

use super::{
    invitations::{InvitationConnection, InvitationFilter, invitations},
    members::{MemberConnection, MemberFilter, MemberOrder, members},
};
use crate::{
    audit::{AuditEventConnection, AuditEventFilter, audit_events},
    benchmark::{BenchmarkParticipation, benchmark_participation},
    consultancy::{
        ConsultantGrantConnection, ConsultantGrantFilter, FirmClientConnection, consultant_grants, firm_clients,
    },
    graphql::{connection::connection, error::ApiError, id::GlobalId, page::PageArguments, tenant::Tenant},
    identity::AccessLevel,
    keys::{ApiKeyConnection, ApiKeyFilter, api_keys},
    roles::{RoleConfigurationConnection, RoleConfigurationFilter, RoleConfigurationOrder, role_configurations},
    scenarios::{ScenarioConnection, ScenarioFilter, ScenarioOrder, scenarios},
};

#[derive(Clone)]
pub(crate) struct Organization {
    tenant: Tenant,
}

connection!(Organization, OrganizationConnection, OrganizationEdge, "organizations", total_count);

/// What the caller may do in an organization
#[derive(SimpleObject)]
pub(crate) struct OrganizationPermissions {
    /// The caller's access level; of an API key, WRITE if it may add or change roles, else READ
    access_level: AccessLevel,
    /// Whether the caller may change roles and scenarios
    can_edit: bool,
    /// Whether the caller may read the audit log
    can_read_audit_log: bool,
    /// Whether the caller may invite people, and change and remove members
    can_manage_members: bool,
    /// Whether the caller may rename, close and restore the organization
    can_administer: bool,
    /// Whether the caller may export all data of the organization
    can_export: bool,
    /// Whether the caller may see, make and revoke API keys
    can_manage_keys: bool,
}

impl Organization {
    pub(crate) fn new(tenant: Tenant) -> Self {
        Self { tenant }
    }

    fn entry(&self) -> &Entry {
        self.tenant.scope().entry()
    }
}

/// A key that reads the audit log or exports is no admin, although these areas know no lower level.
fn access_level(entry: &Entry) -> Level {
    let rights = &entry.rights;
    match entry.via {
        Via::ApiKey => rights.level(Area::Roles).max(rights.level(Area::Import)).unwrap_or(Level::Read),
        _ => rights.highest().unwrap_or(Level::Read),
    }
}

/// An organization: a tenant, with its roles and scenarios
#[Object]
impl Organization {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Organization(self.tenant.organization()).encode()
    }

    /// Name of the organization
    async fn name(&self) -> Option<&str> {
        Some(&self.entry().organization_name)
    }

    /// When the organization was made
    async fn created_at(&self) -> Option<DateTime<Utc>> {
        Some(self.entry().organization_created_at)
    }

    /// When the organization was closed; only its admins still see it then. Null while it is open
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.entry().organization_closed_at
    }

    /// When a closed organization is erased for good; until then it can be restored. Null while it is open
    async fn erased_after(&self) -> Option<DateTime<Utc>> {
        self.entry().organization_closed_at.map(erased_after)
    }

    /// What the caller may do here
    async fn viewer_permissions(&self) -> OrganizationPermissions {
        let rights = self.tenant.scope().rights();
        OrganizationPermissions {
            access_level: access_level(self.entry()).into(),
            can_edit: rights.level(Area::Roles) >= Some(Level::Write),
            can_read_audit_log: rights.level(Area::Audit).is_some(),
            can_manage_members: rights.level(Area::Members) == Some(Level::Admin),
            can_administer: rights.level(Area::Organization) == Some(Level::Admin),
            can_export: rights.level(Area::Export) == Some(Level::Admin),
            can_manage_keys: rights.level(Area::Access) == Some(Level::Admin),
        }
    }

    /// Users with an access level in the organization
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which members")] filter: Option<MemberFilter>,
        #[graphql(desc = "In what order; as they joined when left out")] order_by: Option<MemberOrder>,
    ) -> Option<Result<MemberConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(members(&self.tenant, filter, order_by, &arguments, wants_total).await)
    }

    /// Invitations to become a member, the newest first; for admins
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which invitations")] filter: Option<InvitationFilter>,
    ) -> Option<Result<InvitationConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(invitations(&self.tenant, filter, &arguments, wants_total).await)
    }

    /// Role configurations of the organization
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn role_configurations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which roles; everything but the archived ones when left out")] filter: Option<
            RoleConfigurationFilter,
        >,
        #[graphql(desc = "In what order; by title when left out")] order_by: Option<RoleConfigurationOrder>,
    ) -> Option<Result<RoleConfigurationConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(role_configurations(&self.tenant, filter, order_by, &arguments, wants_total).await)
    }

    /// Saved combinations of the organization
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn scenarios(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which scenarios")] filter: Option<ScenarioFilter>,
        #[graphql(desc = "In what order; the last changed first when left out")] order_by: Option<ScenarioOrder>,
    ) -> Option<Result<ScenarioConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(scenarios(&self.tenant, filter, order_by, &arguments, wants_total).await)
    }

    /// Access that the organization lends to consultants, the latest first; for admins
    async fn consultant_grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which grants")] filter: Option<ConsultantGrantFilter>,
    ) -> Option<Result<ConsultantGrantConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        Some(consultant_grants(&self.tenant, filter, &PageArguments { first, after, last, before }, wants_total).await)
    }

    /// Clients that let the organization in as a firm now, the latest first; for admins
    async fn firm_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
    ) -> Option<Result<FirmClientConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        Some(firm_clients(&self.tenant, &PageArguments { first, after, last, before }, wants_total).await)
    }

    /// The organization's part in the benchmark; null for a consultant whose grant is limited to families of roles
    async fn benchmark_participation(&self) -> Option<Result<BenchmarkParticipation, ApiError>> {
        benchmark_participation(&self.tenant).await.transpose()
    }

    /// Audit log of the organization, the newest entry first; for admins
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which entries")] filter: Option<AuditEventFilter>,
    ) -> Option<Result<AuditEventConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(audit_events(&self.tenant, filter, &arguments, wants_total).await)
    }

    /// API keys of the organization, the newest first; for admins
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which API keys")] filter: Option<ApiKeyFilter>,
    ) -> Option<Result<ApiKeyConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(api_keys(&self.tenant, filter, &arguments, wants_total).await)
    }
}
