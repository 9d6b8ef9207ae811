//! What a request carries: who asks, and one [`Tenant`] for each organization that it touches.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{Context, ID, dataloader::DataLoader};
use domain::ids::OrganizationId;
use store::{
    RequestOrigin, Store,
    access::{Access, Actor, Area, AtLeast, Denied, Read, TenantScope},
    identity::{AuthenticationError, SessionTokens},
};

use super::{
    error::ApiError,
    id::{Kind, organization_id, tenant_id},
    tenant::{Tenant, batching},
};
use crate::{benchmark::BenchmarkOfRequest, library::LibraryLoader, mail::Post, rate_limits::Meter};

/// Data of one request.
pub(crate) struct RequestContext {
    store: Store,
    actor: Option<Actor>,
    origin: Arc<RequestOrigin>,
    post: Post,
    meter: Arc<Meter>,
    tenants: Mutex<HashMap<OrganizationId, Tenant>>,
    library: DataLoader<LibraryLoader>,
    benchmark: BenchmarkOfRequest,
}

impl RequestContext {
    pub(crate) fn new(store: &Store, actor: Option<Actor>, origin: Arc<RequestOrigin>, post: Post) -> Self {
        Self {
            store: store.clone(),
            benchmark: BenchmarkOfRequest::new(store, actor.as_ref()),
            actor,
            origin,
            post,
            meter: Arc::default(),
            tenants: Mutex::default(),
            library: batching(LibraryLoader::new(store)),
        }
    }

    /// The same, with what the request is charged by.
    pub(crate) fn metered(self, meter: Arc<Meter>) -> Self {
        Self { meter, ..self }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Where the request comes from.
    pub(crate) fn origin(&self) -> &RequestOrigin {
        &self.origin
    }

    /// Sends letters.
    pub(crate) fn post(&self) -> &Post {
        &self.post
    }

    pub(crate) fn library(&self) -> &DataLoader<LibraryLoader> {
        &self.library
    }

    pub(crate) fn benchmark(&self) -> &BenchmarkOfRequest {
        &self.benchmark
    }

    /// The caller, or UNAUTHENTICATED.
    pub(crate) fn actor(&self) -> Result<&Actor, ApiError> {
        self.actor.as_ref().ok_or(ApiError::Unauthenticated)
    }

    /// Lets the caller read the Platform Roles Library: everybody but an API key that was not made for it.
    pub(crate) fn library_reader(&self) -> Result<(), ApiError> {
        let actor = self.actor()?;
        let may_read = actor.user().is_some() || actor.entries().any(|e| e.rights.level(Area::Benchmark).is_some());
        if may_read { Ok(()) } else { Err(ApiError::out_of_reach(Area::Benchmark)) }
    }

    /// The organization, if the caller may read it; hidden ones are `None`.
    pub(crate) fn tenant(&self, organization: OrganizationId) -> Result<Option<Tenant>, ApiError> {
        let Some(scope) = self.actor()?.enter(organization) else { return Ok(None) };
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(tenants.entry(organization).or_insert_with(|| Tenant::new(&self.store, scope, &self.meter)).clone()))
    }

    /// A fresh tenant for the payload of a mutation: what it loads was read after the commit.
    pub(crate) fn fresh_tenant<A: AtLeast<Read>>(&self, scope: &TenantScope<A>) -> Tenant {
        let tenant = Tenant::new(&self.store, scope.narrow(), &self.meter);
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.insert(scope.organization(), tenant.clone());
        tenant
    }

    /// The organization with what the caller may do there now, after a change of that; `None` if it is nothing any more.
    pub(crate) async fn renewed_tenant(&self, organization: OrganizationId) -> Result<Option<Tenant>, ApiError> {
        let actor = self.store.renew(self.actor()?).await?;
        let scope = actor.and_then(|actor| actor.enter(organization));
        Ok(scope.map(|scope| self.fresh_tenant(&scope)))
    }

    /// The organization of a user who has just signed up, by the very token that the user was given.
    pub(crate) async fn organization_of(
        &self,
        tokens: &SessionTokens,
        organization: OrganizationId,
    ) -> Result<Option<Tenant>, ApiError> {
        let actor = match self.store.authenticate(&tokens.access_token, &self.origin).await {
            Ok(actor) => actor,
            Err(AuthenticationError::Invalid) => return Ok(None),
            Err(AuthenticationError::Store(error)) => return Err(error.into()),
        };
        Ok(actor.enter(organization).map(|scope| Tenant::new(&self.store, scope, &self.meter)))
    }

    /// The right to a part of an organization; `None` if the caller may not know that the organization exists.
    pub(crate) fn scope<A: Access>(
        &self,
        organization: OrganizationId,
        area: Area,
    ) -> Result<Option<TenantScope<A>>, ApiError> {
        match self.actor()?.scope::<A>(organization, area) {
            Ok(scope) => self.meter.enter(organization).map(|()| Some(scope)),
            Err(Denied::Hidden) => Ok(None),
            Err(denied) => Err(ApiError::insufficient(denied)),
        }
    }

    /// The right to a part of the organization with this identifier.
    pub(crate) fn organization_scope<A: Access>(
        &self,
        id: &ID,
        area: Area,
    ) -> Result<Option<TenantScope<A>>, ApiError> {
        self.scope(organization_id(id)?, area)
    }

    /// The right to the part of its organization that the object with this identifier belongs to, and the object's own.
    pub(crate) fn object_scope<A: Access>(
        &self,
        id: &ID,
        kind: Kind,
        area: Area,
    ) -> Result<Option<(TenantScope<A>, uuid::Uuid)>, ApiError> {
        let (organization, id) = tenant_id(id, kind)?;
        Ok(self.scope(organization, area)?.map(|scope| (scope, id)))
    }
}

/// The one way to the request's data.
pub(crate) trait ContextExt {
    /// Data of the request.
    fn request(&self) -> &RequestContext;
}

impl ContextExt for Context<'_> {
    #[expect(clippy::disallowed_methods, reason = "the one place that takes data out of the context")]
    fn request(&self) -> &RequestContext {
        self.data_unchecked()
    }
}
