//! What a request carries: who asks, and one [`Tenant`] for each organization that it touches.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{Context, ID, dataloader::DataLoader};
use domain::ids::OrganizationId;
use store::{
    RequestOrigin, Store,
    access::{Actor, Denied, Read, TenantScope, Write},
    identity::{AuthenticationError, SessionTokens},
};

use super::{
    error::ApiError,
    id::{Kind, organization_id, tenant_id},
    tenant::{Tenant, batching},
};
use crate::{library::LibraryLoader, mail::Post, rate_limits::Meter};

/// Data of one request.
pub(crate) struct RequestContext {
    store: Store,
    actor: Option<Actor>,
    origin: Arc<RequestOrigin>,
    post: Post,
    meter: Arc<Meter>,
    tenants: Mutex<HashMap<OrganizationId, Tenant>>,
    library: DataLoader<LibraryLoader>,
}

impl RequestContext {
    pub(crate) fn new(store: &Store, actor: Option<Actor>, origin: Arc<RequestOrigin>, post: Post) -> Self {
        Self {
            store: store.clone(),
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

    /// The caller, or UNAUTHENTICATED.
    pub(crate) fn actor(&self) -> Result<&Actor, ApiError> {
        self.actor.as_ref().ok_or(ApiError::Unauthenticated)
    }

    /// The organization, if the caller may read it; hidden ones are `None`.
    pub(crate) fn tenant(&self, organization: OrganizationId) -> Result<Option<Tenant>, ApiError> {
        let scope = match self.actor()?.scope::<Read>(organization) {
            Ok(scope) => scope,
            Err(Denied::Hidden) => return Ok(None),
            Err(denied) => return Err(ApiError::insufficient(denied)),
        };
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(tenants.entry(organization).or_insert_with(|| Tenant::new(&self.store, scope, &self.meter)).clone()))
    }

    /// A fresh tenant for the payload of a mutation: what it loads was read after the commit.
    pub(crate) fn fresh_tenant(&self, scope: &TenantScope<Write>) -> Tenant {
        let tenant = Tenant::new(&self.store, scope.narrow(), &self.meter);
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.insert(scope.organization(), tenant.clone());
        tenant
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
        Ok(actor.scope::<Read>(organization).ok().map(|scope| Tenant::new(&self.store, scope, &self.meter)))
    }

    /// The right to change an organization; `None` if the caller may not know that it exists.
    pub(crate) fn write_scope(&self, organization: OrganizationId) -> Result<Option<TenantScope<Write>>, ApiError> {
        match self.actor()?.scope::<Write>(organization) {
            Ok(scope) => self.meter.enter(organization).map(|()| Some(scope)),
            Err(Denied::Hidden) => Ok(None),
            Err(denied) => Err(ApiError::insufficient(denied)),
        }
    }

    /// The right to change the organization with this identifier.
    pub(crate) fn write_organization(&self, id: &ID) -> Result<Option<TenantScope<Write>>, ApiError> {
        self.write_scope(organization_id(id)?)
    }

    /// The right to change the object with this identifier, and the object's own.
    pub(crate) fn write_object(
        &self,
        id: &ID,
        kind: Kind,
    ) -> Result<Option<(TenantScope<Write>, uuid::Uuid)>, ApiError> {
        let (organization, id) = tenant_id(id, kind)?;
        Ok(self.write_scope(organization)?.map(|scope| (scope, id)))
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
