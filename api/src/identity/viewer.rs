//! The caller of the request.

use async_graphql::{Context, Object};
use store::{
    access::{Actor, Caller, Via},
    page::{CursorValue, Page, Position, RowId},
};

use crate::{
    graphql::{
        connection::{count, with_cursors},
        context::{ContextExt, RequestContext},
        error::ApiError,
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
}

impl Viewer {
    /// The memberships are known since the caller was authenticated: nothing is read here.
    fn page(&self, request: &RequestContext, arguments: &PageArguments) -> Result<OrganizationConnection, ApiError> {
        let scope = CursorScope::of(("viewer", self.actor.id()), OrderKind::Text);
        let page_request = arguments.request(scope)?;
        let mut keyed: Vec<_> = self
            .actor
            .entries()
            .filter(|entry| !matches!(entry.via, Via::Grant { .. }))
            .map(|entry| (entry.organization_name.to_lowercase(), entry.organization))
            .collect();
        keyed.sort();
        let total = count(keyed.len() as u64);
        let key_of = |position: &Position| match (&position.value, &position.id) {
            (CursorValue::Text(name), RowId::Uuid(id)) => Some((name.clone(), *id)),
            _ => None,
        };
        let after = page_request.after.as_ref().and_then(key_of);
        let before = page_request.before.as_ref().and_then(key_of);
        keyed.retain(|(name, id)| {
            let key = (name.clone(), id.0);
            after.as_ref().is_none_or(|after| key > *after) && before.as_ref().is_none_or(|before| key < *before)
        });
        let limit = usize::try_from(page_request.limit).unwrap_or(usize::MAX);
        let has_more = keyed.len() > limit;
        let keyed = if page_request.is_backward && has_more { keyed.split_off(keyed.len() - limit) } else { keyed };
        let mut items = Vec::new();
        for (name, id) in keyed.into_iter().take(limit) {
            let Some(tenant) = request.tenant(id)? else { continue };
            let position = Position { value: CursorValue::Text(name), id: RowId::Uuid(id.0) };
            items.push((position, Organization::new(tenant)));
        }
        let page = with_cursors(Page { items, has_more }, &page_request, scope);
        Ok(OrganizationConnection::new(page, Some(total)))
    }
}
