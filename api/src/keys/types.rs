//! API keys as the schema has them.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use store::{access::KeyScope, keys::KeyState};

use super::loader::KeyLoader;
use crate::{
    graphql::{
        connection::connection,
        error::ApiError,
        id::{GlobalId, Kind},
        tenant::Tenant,
    },
    organizations::Member,
};

/// What an API key may be used for
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash, clap::ValueEnum)]
#[graphql(remote = "KeyScope")]
pub(crate) enum ApiKeyScope {
    /// Read role configurations and their versions
    ReadRoles,
    /// Read the Platform Roles Library and its benchmark
    ReadBenchmark,
    /// Read scenarios
    ReadScenarios,
    /// Read the audit log
    ReadAudit,
    /// Read, add, change and publish role configurations
    WriteRoles,
    /// Add role configurations, without reading those that are there
    Import,
    /// Export all data of the organization
    Export,
}

/// Whether an API key can be used
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "KeyState")]
pub(crate) enum ApiKeyState {
    /// It can
    Live,
    /// Its time is over
    Expired,
    /// An admin ended it
    Revoked,
}

#[derive(Clone)]
pub(crate) struct ApiKey {
    key: Arc<store::keys::ApiKey>,
    loader: Arc<DataLoader<KeyLoader>>,
}

connection!(ApiKey, ApiKeyConnection, ApiKeyEdge, "API keys", total_count);

impl ApiKey {
    pub(super) fn new(key: store::keys::ApiKey, loader: &Arc<DataLoader<KeyLoader>>) -> Self {
        Self { key: Arc::new(key), loader: Arc::clone(loader) }
    }

    fn tenant(&self) -> &Tenant {
        self.loader.loader().tenant()
    }

    async fn creator(&self) -> Result<Option<Member>, ApiError> {
        let Some(user) = self.key.created_by else { return Ok(None) };
        let member = self.loader.load_one(user).await?;
        Ok(member.map(|member| Member::new(self.tenant().clone(), member)))
    }

    async fn predecessor(&self) -> Result<Option<Self>, ApiError> {
        let Some(id) = self.key.rotated_from else { return Ok(None) };
        let key = self.loader.load_one(id).await?;
        Ok(key.map(|key| Self::new(key, &self.loader)))
    }
}

/// A credential for programs, without its secret. It belongs to the organization: it goes on when the person who made it
/// leaves, until it expires or is revoked
#[Object]
impl ApiKey {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        let organization = self.tenant().organization();
        GlobalId::Tenant { kind: Kind::ApiKey, organization, id: self.key.id.0 }.encode()
    }

    /// What the organization calls it
    async fn name(&self) -> &str {
        &self.key.name
    }

    /// How its secret begins: enough to recognize it by, and not enough to use it
    async fn prefix(&self) -> &str {
        &self.key.prefix
    }

    /// What it may be used for
    async fn scopes(&self) -> Vec<ApiKeyScope> {
        self.key.scopes.iter().copied().map(Into::into).collect()
    }

    /// Whether it can be used
    async fn state(&self) -> ApiKeyState {
        self.key.state(self.tenant().scope().actor().at()).into()
    }

    /// Who made it; null for one made at the command line, and when that person is no member any more
    async fn created_by(&self) -> Option<Result<Member, ApiError>> {
        self.creator().await.transpose()
    }

    /// When it was made
    async fn created_at(&self) -> DateTime<Utc> {
        self.key.created_at
    }

    /// When its time is over, or would be if it had not been revoked
    async fn expires_at(&self) -> DateTime<Utc> {
        self.key.expires_at
    }

    /// When it was used last, to the minute; null when it never was
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.key.last_used_at
    }

    /// When it was revoked
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.key.revoked_at
    }

    /// The key that it takes the place of
    async fn rotated_from(&self) -> Option<Result<ApiKey, ApiError>> {
        self.predecessor().await.transpose()
    }

    /// Identifiers of the clients' organizations in which it has its scopes too, as far as the clients' grants allow now
    async fn client_organization_ids(&self) -> Vec<ID> {
        self.key.clients.iter().map(|client: &OrganizationId| GlobalId::Organization(*client).encode()).collect()
    }
}
