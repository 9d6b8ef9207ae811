//! One organization within one request: the proof that it may be read, and the loaders that batch what is read.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use domain::{
    disclosure::PeerGroup,
    ids::{ApiKeyId, OrganizationId, RoleConfigurationId, RoleVersionId, UserId},
};
use store::{
    Store,
    access::{Access, Area, Read, TenantScope},
    benchmark::contributing::{NextContribution, Standing},
    organizations::{KnownUser, Member},
    roles::{RoleConfiguration, RoleVersion},
    tenant::TenantReader,
};

use super::error::ApiError;
use crate::rate_limits::Meter;

/// The organization with its loaders. Handed from parent to child; never shared between requests. The request is charged
/// to the organization when something is first read.
#[derive(Clone)]
pub(crate) struct Tenant(Arc<Inner>);

struct Inner {
    gate: Gate,
    loader: DataLoader<TenantLoader>,
}

/// The way to the organization's rows.
#[derive(Clone)]
struct Gate {
    store: Store,
    scope: TenantScope<Read>,
    meter: Arc<Meter>,
}

impl Gate {
    async fn read(&self) -> Result<TenantReader<Read>, ApiError> {
        self.meter.enter(self.scope.organization())?;
        Ok(self.store.read(&self.scope).await?)
    }
}

impl Tenant {
    pub(crate) fn new(store: &Store, scope: TenantScope<Read>, meter: &Arc<Meter>) -> Self {
        let gate = Gate { store: store.clone(), scope, meter: Arc::clone(meter) };
        Self(Arc::new(Inner { loader: batching(TenantLoader(gate.clone())), gate }))
    }

    pub(crate) fn organization(&self) -> OrganizationId {
        self.scope().organization()
    }

    pub(crate) fn scope(&self) -> &TenantScope<Read> {
        &self.0.gate.scope
    }

    /// Refuses what the caller may not see, so that it is not mistaken for an empty list.
    pub(crate) fn require(&self, area: Area) -> Result<(), ApiError> {
        self.scope().rights().level(area).map(|_| ()).ok_or_else(|| ApiError::out_of_reach(area))
    }

    /// For what the sign-in role alone can read; everything else is read through [`Self::read`] and [`Self::read_as`].
    pub(crate) fn store(&self) -> &Store {
        &self.0.gate.store
    }

    /// Opens a unit of work that reads.
    pub(crate) async fn read(&self) -> Result<TenantReader<Read>, ApiError> {
        self.0.gate.read().await
    }

    /// Opens a unit of work that reads with more rights in the same organization.
    pub(crate) async fn read_as<A: Access>(&self, scope: &TenantScope<A>) -> Result<TenantReader<A>, ApiError> {
        let Gate { store, meter, .. } = &self.0.gate;
        meter.enter(scope.organization())?;
        Ok(store.read(scope).await?)
    }

    /// A role configuration, batched with the others asked for at the same time.
    pub(crate) async fn role(&self, id: RoleConfigurationId) -> Result<Option<Arc<RoleConfiguration>>, ApiError> {
        self.0.loader.load_one(id).await
    }

    /// Many role configurations in one statement.
    pub(crate) async fn roles(
        &self,
        ids: impl IntoIterator<Item = RoleConfigurationId>,
    ) -> Result<HashMap<RoleConfigurationId, Arc<RoleConfiguration>>, ApiError> {
        self.0.loader.load_many(ids).await
    }

    /// A version by its number, batched.
    pub(crate) async fn version(
        &self,
        role: RoleConfigurationId,
        number: i32,
    ) -> Result<Option<Arc<RoleVersion>>, ApiError> {
        self.0.loader.load_one((role, number)).await
    }

    /// Many versions in one statement.
    pub(crate) async fn versions_by_ids(
        &self,
        ids: impl IntoIterator<Item = RoleVersionId>,
    ) -> Result<HashMap<RoleVersionId, Arc<RoleVersion>>, ApiError> {
        self.0.loader.load_many(ids).await
    }

    /// A user who is a member or was one, batched; `None` for others, and where the caller may not see members.
    pub(crate) async fn user(&self, id: UserId) -> Result<Option<KnownUser>, ApiError> {
        self.0.loader.load_one(id).await
    }

    /// What the organization calls an API key, batched; `None` where the caller may not see keys.
    pub(crate) async fn key_name(&self, id: ApiKeyId) -> Result<Option<String>, ApiError> {
        self.0.loader.load_one(id).await
    }

    /// The finest peer group of the benchmark that the organization belongs to, asked once.
    pub(crate) async fn own_peer_group(&self) -> Result<PeerGroup, ApiError> {
        let own = self.0.loader.load_one(OwnPeerGroup).await?;
        Ok(own.unwrap_or(PeerGroup::All))
    }

    /// The live member that a user is, batched.
    pub(crate) async fn member_of_user(&self, user: UserId) -> Result<Option<Member>, ApiError> {
        Ok(self.user(user).await?.filter(|known| known.is_live).map(|known| known.member))
    }

    /// The organization's part in the benchmark, read once however often it is asked for at the same time.
    pub(crate) async fn benchmark_standing(&self) -> Result<Arc<Standing>, ApiError> {
        Ok(self.0.loader.load_one(OwnStanding).await?.unwrap_or_default())
    }

    /// What the next release of the benchmark would get, likewise; `None` if the clock is wrong.
    pub(crate) async fn next_contribution(&self) -> Result<Option<Arc<NextContribution>>, ApiError> {
        self.0.loader.load_one(OwnNextContribution).await
    }

    /// A version by its identifier, batched.
    pub(crate) async fn version_by_id(&self, id: RoleVersionId) -> Result<Option<Arc<RoleVersion>>, ApiError> {
        self.0.loader.load_one(id).await
    }
}

/// A loader that answers what was asked within one round of the executor: nothing is waited for.
pub(crate) fn batching<L>(loader: L) -> DataLoader<L> {
    DataLoader::new(loader, TokioSpawner::current(), TokioTimer::default()).delay(Duration::ZERO)
}

pub(crate) struct TenantLoader(Gate);

impl Loader<RoleConfigurationId> for TenantLoader {
    type Value = Arc<RoleConfiguration>;
    type Error = ApiError;

    async fn load(&self, ids: &[RoleConfigurationId]) -> Result<HashMap<RoleConfigurationId, Self::Value>, ApiError> {
        let roles = self.0.read().await?.roles().by_ids(ids).await?;
        Ok(roles.into_iter().map(|(id, role)| (id, Arc::new(role))).collect())
    }
}

impl Loader<(RoleConfigurationId, i32)> for TenantLoader {
    type Value = Arc<RoleVersion>;
    type Error = ApiError;

    async fn load(
        &self,
        keys: &[(RoleConfigurationId, i32)],
    ) -> Result<HashMap<(RoleConfigurationId, i32), Self::Value>, ApiError> {
        let versions = self.0.read().await?.roles().versions_by_number(keys).await?;
        Ok(versions.into_iter().map(|(key, version)| (key, Arc::new(version))).collect())
    }
}

/// The organization's part in the benchmark.
#[derive(Clone, PartialEq, Eq, Hash)]
struct OwnStanding;

/// What the next release would get of the organization.
#[derive(Clone, PartialEq, Eq, Hash)]
struct OwnNextContribution;

impl Loader<OwnStanding> for TenantLoader {
    type Value = Arc<Standing>;
    type Error = ApiError;

    async fn load(&self, _: &[OwnStanding]) -> Result<HashMap<OwnStanding, Self::Value>, ApiError> {
        let standing = self.0.read().await?.benchmark_part().standing().await?;
        Ok(HashMap::from([(OwnStanding, Arc::new(standing))]))
    }
}

impl Loader<OwnNextContribution> for TenantLoader {
    type Value = Arc<NextContribution>;
    type Error = ApiError;

    async fn load(&self, _: &[OwnNextContribution]) -> Result<HashMap<OwnNextContribution, Self::Value>, ApiError> {
        let standing = self.0.read().await?.benchmark_part().standing().await?;
        let next = self.0.store.next_contribution(&self.0.scope, &standing).await?;
        Ok(next.into_iter().map(|next| (OwnNextContribution, Arc::new(next))).collect())
    }
}

impl Loader<RoleVersionId> for TenantLoader {
    type Value = Arc<RoleVersion>;
    type Error = ApiError;

    async fn load(&self, ids: &[RoleVersionId]) -> Result<HashMap<RoleVersionId, Self::Value>, ApiError> {
        let versions = self.0.read().await?.roles().versions_by_ids(ids).await?;
        Ok(versions.into_iter().map(|(id, version)| (id, Arc::new(version))).collect())
    }
}

impl Loader<UserId> for TenantLoader {
    type Value = KnownUser;
    type Error = ApiError;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, KnownUser>, ApiError> {
        Ok(self.0.read().await?.actors().users(ids).await?)
    }
}

impl Loader<ApiKeyId> for TenantLoader {
    type Value = String;
    type Error = ApiError;

    async fn load(&self, ids: &[ApiKeyId]) -> Result<HashMap<ApiKeyId, String>, ApiError> {
        Ok(self.0.read().await?.actors().key_names(ids).await?)
    }
}

/// Names the organization's own peer group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OwnPeerGroup;

impl Loader<OwnPeerGroup> for TenantLoader {
    type Value = PeerGroup;
    type Error = ApiError;

    async fn load(&self, keys: &[OwnPeerGroup]) -> Result<HashMap<OwnPeerGroup, PeerGroup>, ApiError> {
        let own = self.0.read().await?.own_peer_group().await?;
        Ok(keys.iter().map(|key| (*key, own)).collect())
    }
}
