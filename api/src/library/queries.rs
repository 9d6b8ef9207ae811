//! Root fields of the library.

use async_graphql::{Context, Enum, InputObject, Object};
use domain::roles::is_canonical_key;
use store::library::{LibraryFilter, LibraryOrder, LibraryOrderField, SearchError};

use super::{
    editions::{CanonicalRoleSearchHit, CombinationOfLibrary, LibraryEdition},
    method::Method,
    types::{CanonicalRole, CanonicalRoleConnection},
};
use crate::{
    graphql::{
        connection::{count, with_cursors},
        context::{ContextExt, RequestContext},
        error::ApiError,
        page::{CursorScope, OrderKind, PageArguments},
    },
    roles::{OrderDirection, refuse_text},
};

/// Which canonical roles are wanted; all that are given must hold
#[derive(Debug, Default, InputObject)]
pub(crate) struct CanonicalRoleFilter {
    /// Source of the edition, such as rolemark or onet
    source: Option<String>,
    /// Job family
    family: Option<String>,
    /// The title contains this text, whatever its case
    title_contains: Option<String>,
    /// Occupation code of O*NET-SOC 2019
    occupation_code: Option<String>,
}

/// By what canonical roles are ordered
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "LibraryOrderField")]
pub(crate) enum CanonicalRoleOrderField {
    /// By title
    Title,
    /// By AI impact score; roles without one come below all others
    Score,
}

/// An order of canonical roles
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct CanonicalRoleOrder {
    /// By what
    field: CanonicalRoleOrderField,
    /// In which direction
    direction: OrderDirection,
}

/// Most hits that one search gives.
const HITS_MAXIMUM: i32 = 50;
const HITS_DEFAULT: i32 = 10;

/// Root fields of the library.
#[derive(Default)]
pub(crate) struct LibraryQueries;

#[Object]
impl LibraryQueries {
    /// The method behind every computed figure
    async fn method(&self) -> Method {
        Method
    }

    /// Editions of the Platform Roles Library, current ones first
    async fn library_editions(&self, ctx: &Context<'_>) -> Option<Result<Vec<LibraryEdition>, ApiError>> {
        Some(editions(ctx.request()).await)
    }

    /// The canonical role with this key
    async fn canonical_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Key, such as rolemark:backend-engineer")] key: String,
    ) -> Option<Result<CanonicalRole, ApiError>> {
        if let Err(error) = ctx.request().library_reader() {
            return Some(Err(error));
        }
        if !is_canonical_key(&key) {
            let message = "key is a source and a code, such as rolemark:backend-engineer.";
            return Some(Err(ApiError::BadUserInput(message.to_owned())));
        }
        CanonicalRole::load(ctx, &key).await.transpose()
    }

    /// Canonical roles of the current editions
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn canonical_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
        #[graphql(desc = "Which canonical roles")] filter: Option<CanonicalRoleFilter>,
        #[graphql(desc = "In what order; by title when left out")] order_by: Option<CanonicalRoleOrder>,
    ) -> Option<Result<CanonicalRoleConnection, ApiError>> {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let arguments = PageArguments { first, after, last, before };
        Some(page(ctx.request(), filter, order_by, &arguments, wants_total).await)
    }

    /// Canonical roles by title, other titles and text of tasks, the best fit first; small typing errors do not matter
    async fn search_canonical_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Text to look for, up to 200 characters")] text: String,
        #[graphql(desc = "Only this source, such as rolemark or onet")] source: Option<String>,
        #[graphql(desc = "How many hits, 1 to 50; 10 when left out")] limit: Option<i32>,
    ) -> Option<Result<Vec<CanonicalRoleSearchHit>, ApiError>> {
        Some(search(ctx.request(), &text, source.as_deref(), limit.unwrap_or(HITS_DEFAULT)).await)
    }

    /// Combinations that the current editions suggest
    async fn library_combinations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this source, such as rolemark")] source: Option<String>,
    ) -> Option<Result<Vec<CombinationOfLibrary>, ApiError>> {
        Some(combinations(ctx.request(), source.as_deref()).await)
    }
}

async fn editions(request: &RequestContext) -> Result<Vec<LibraryEdition>, ApiError> {
    request.library_reader()?;
    Ok(request.store().library().editions().await?.into_iter().map(LibraryEdition).collect())
}

async fn combinations(request: &RequestContext, source: Option<&str>) -> Result<Vec<CombinationOfLibrary>, ApiError> {
    request.library_reader()?;
    source.map_or(Ok(()), refuse_text)?;
    let combinations = request.store().library().combinations(source).await?;
    Ok(combinations.into_iter().map(CombinationOfLibrary).collect())
}

async fn page(
    request: &RequestContext,
    filter: Option<CanonicalRoleFilter>,
    order: Option<CanonicalRoleOrder>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<CanonicalRoleConnection, ApiError> {
    request.library_reader()?;
    let filter = filter.unwrap_or_default();
    let texts = [&filter.source, &filter.family, &filter.title_contains, &filter.occupation_code];
    for text in texts.into_iter().flatten() {
        refuse_text(text)?;
    }
    let filter = LibraryFilter {
        source: filter.source,
        family: filter.family,
        title_contains: filter.title_contains,
        occupation_code: filter.occupation_code,
    };
    let by_title = CanonicalRoleOrder { field: CanonicalRoleOrderField::Title, direction: OrderDirection::Ascending };
    let order = order.unwrap_or(by_title);
    let order = LibraryOrder { field: order.field.into(), direction: order.direction.into() };
    let kind = match order.field {
        LibraryOrderField::Title => OrderKind::Text,
        LibraryOrderField::Score => OrderKind::Number,
    };
    let scope = CursorScope::of_library(("canonical", format!("{filter:?} {order:?}")), kind);
    let page_request = arguments.request(scope)?;
    let library = request.store().library();
    let page = library.page(&filter, order, &page_request).await?;
    let total = if wants_total { Some(count(library.count(&filter).await?)) } else { None };
    Ok(CanonicalRoleConnection::new(with_cursors(page, &page_request, scope).map(CanonicalRole), total))
}

async fn search(
    request: &RequestContext,
    text: &str,
    source: Option<&str>,
    limit: i32,
) -> Result<Vec<CanonicalRoleSearchHit>, ApiError> {
    request.library_reader()?;
    refuse_text(text)?;
    source.map_or(Ok(()), refuse_text)?;
    let limit = match usize::try_from(limit) {
        Ok(valid) if (1..=HITS_MAXIMUM).contains(&limit) => valid,
        _ => return Err(ApiError::BadUserInput(format!("limit is {limit}; give 1 to {HITS_MAXIMUM}."))),
    };
    match request.store().library().search(text, source, limit).await {
        Ok(hits) => Ok(hits.into_iter().map(CanonicalRoleSearchHit).collect()),
        Err(SearchError::Store(error)) => Err(error.into()),
        Err(error) => Err(ApiError::BadUserInput(error.to_string())),
    }
}
