//! The caller of the request.

use async_graphql::{Context, Object};
use store::access::{Actor, Caller, Via};

use super::sessions::{UserSessionConnection, sessions};
use crate::{
    consultancy::{ClientConnection, clients},
    graphql::{
        connection::{count, with_cursors},
        context::{ContextExt, RequestContext},
        error::ApiError,
        in_memory::page_by_name,
        page::{CursorScope, OrderKind, PageArguments},
    },
    keys::ViewerApiKey,
    organizations::{Organization, OrganizationConnection},
};

pub(crate) struct Viewer {
    pub(crate) actor: Actor,
}

/// The caller of the request
#[Object]
impl Viewer {
    /// Name of the user, or of the API key
    async fn name(&self) -> &str {
        match self.actor.caller() {
            Caller::User { name, .. } | Caller::ApiKey { name, .. } => name,
            Caller::Operator => "operator",
        }
    }

    /// E-mail address of the user; null for an API key
    async fn email(&self) -> Option<&str> {
        match self.actor.caller() {
            Caller::User { email, .. } => Some(email),
            Caller::ApiKey { .. } | Caller::Operator => None,
        }
    }

    /// The API key of the request; null for a person
    async fn api_key(&self) -> Option<ViewerApiKey> {
        ViewerApiKey::of(self.actor.caller())
    }

    /// Organizations that the caller is a member of, by name; for an API key, the organization that it belongs to
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
    ) -> Option<Result<OrganizationConnection, ApiError>> {
        Some(self.page(ctx.request(), &PageArguments { first, after, last, before }))
    }

    /// Where the caller is signed in: the live sessions, the one used last first
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
    ) -> Option<Result<UserSessionConnection, ApiError>> {
        let arguments = PageArguments { first, after, last, before };
        Some(sessions(ctx.request().store(), &self.actor, &arguments).await)
    }

    /// Organizations that let the caller in as a consultant, by name; for an API key of a firm, those that it was made for
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
    ) -> Option<Result<ClientConnection, ApiError>> {
        Some(clients(ctx.request(), &self.actor, &PageArguments { first, after, last, before }))
    }
}

impl Viewer {
    /// The memberships are known since the caller was authenticated: nothing is read here.
    fn page(&self, request: &RequestContext, arguments: &PageArguments) -> Result<OrganizationConnection, ApiError> {
        let scope = CursorScope::of(("viewer", self.actor.id()), OrderKind::Text);
        let page_request = arguments.request(scope)?;
        let mut entries = Vec::new();
        for entry in self.actor.entries().filter(|entry| !matches!(entry.via, Via::Grant { .. })) {
            let Some(tenant) = request.tenant(entry.organization)? else { continue };
            entries.push((entry.organization_name.to_lowercase(), entry.organization.0, Organization::new(tenant)));
        }
        let total = count(entries.len() as u64);
        let page = with_cursors(page_by_name(entries, &page_request), &page_request, scope);
        Ok(OrganizationConnection::new(page, Some(total)))
    }
}
