//! Root fields of consultancy, and the list of an organization's grants.

use async_graphql::{Context, InputObject, Object};
use store::{
    access::{Admin, Area},
    consultancy::GrantFilter,
};

use super::{
    comparison::compare_clients,
    comparison_types::{ClientComparison, ClientComparisonInput},
    types::{ConsultantGrant, ConsultantGrantConnection, ConsultantGrantState},
};
use crate::graphql::{
    connection::{count, with_cursors},
    context::ContextExt,
    error::ApiError,
    page::{CursorScope, OrderKind, PageArguments},
    tenant::Tenant,
};

/// Which consultant grants are wanted
#[derive(Debug, Default, InputObject)]
pub(crate) struct ConsultantGrantFilter {
    /// The state is one of these
    state: Option<Vec<ConsultantGrantState>>,
}

/// Root fields of consultancy.
#[derive(Default)]
pub(crate) struct ConsultancyQueries;

#[Object]
impl ConsultancyQueries {
    /// The caller's clients next to the Platform Roles Library, as far as each lets the caller see its roles. The drafts of
    /// the roles count, archived ones do not. Each client finds in its audit log that its roles were read
    async fn client_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which clients, and which canonical roles")] input: ClientComparisonInput,
    ) -> Option<Result<ClientComparison, ApiError>> {
        Some(compare_clients(ctx.request(), input).await)
    }
}

/// A page of the grants that an organization has given.
pub(crate) async fn consultant_grants(
    tenant: &Tenant,
    filter: Option<ConsultantGrantFilter>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<ConsultantGrantConnection, ApiError> {
    let organization = tenant.organization();
    let admin = tenant.scope().actor().scope::<Admin>(organization, Area::Access).map_err(ApiError::insufficient)?;
    let filter = filter.unwrap_or_default();
    let scope = CursorScope::of(("grants", organization, format!("{filter:?}")), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let at = tenant.store().clock().now();
    let states = filter.state.map(|states| states.into_iter().map(Into::into).collect());
    let filter = GrantFilter { states, now: at };
    let reader = tenant.read_as(&admin).await?;
    let page = reader.consultant_grants().page(&filter, &request).await?;
    let total = if wants_total { Some(count(reader.consultant_grants().count(&filter).await?)) } else { None };
    let page = with_cursors(page, &request, scope).map(|grant| ConsultantGrant { organization, grant, at });
    Ok(ConsultantGrantConnection::new(page, total))
}
