//! Reading API keys.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::ApiKeyId;
use entity::{api_key, api_key_client};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::{ApiKey, KeyState};
use crate::{
    access::Access,
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

/// The API keys of an organization, whatever their state.
pub struct ApiKeys<'a, A: Access>(&'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// The API keys; none are there for a scope without rights to grants and keys.
    pub fn api_keys(&self) -> ApiKeys<'_, A> {
        ApiKeys(self)
    }
}

/// Keys in one of these states at an instant.
fn in_states(states: &[KeyState], at: DateTime<Utc>) -> Condition {
    let unended = || Condition::all().add(api_key::Column::EndedAt.is_null());
    let of_state = |state: &KeyState| match state {
        KeyState::Live => unended().add(api_key::Column::ExpiresAt.gt(at)),
        KeyState::Expired => unended().add(api_key::Column::ExpiresAt.lte(at)),
        KeyState::Revoked => Condition::all().add(api_key::Column::EndedAt.is_not_null()),
    };
    // Without any state there is no key.
    states.iter().map(of_state).fold(Condition::any().add(Expr::value(false)), Condition::add)
}

impl<A: Access> ApiKeys<'_, A> {
    /// The keys with these identifiers, in the order of their identifiers; unknown ones are absent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_ids(&self, ids: &[ApiKeyId]) -> Result<Vec<ApiKey>, StoreError> {
        let of_ids = api_key::Column::Id.is_in(ids.iter().map(|id| id.0));
        let query = self.0.select::<api_key::Entity>().filter(of_ids).order_by_asc(api_key::Column::Id);
        self.with_clients(query).await
    }

    /// The key with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.by_ids(&[id]).await?.pop())
    }

    /// A page of keys in any of these states at an instant, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        states: &[KeyState],
        at: DateTime<Utc>,
        request: &PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        let key: SimpleExpr = Expr::col(api_key::Column::CreatedAt);
        let id: SimpleExpr = Expr::col(api_key::Column::Id);
        let query = paged(self.filtered(states, at), &key, &id, Direction::Descending, request);
        let keys = self.with_clients(query).await?.into_iter().map(|key| {
            let position = Position { value: CursorValue::Instant(key.created_at), id: RowId::Uuid(key.id.0) };
            (position, key)
        });
        Ok(Page::from_rows(keys.collect(), request))
    }

    /// How many keys there are in these states at an instant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, states: &[KeyState], at: DateTime<Utc>) -> Result<u64, StoreError> {
        Ok(self.filtered(states, at).count(self.0.connection()).await?)
    }

    fn filtered(&self, states: &[KeyState], at: DateTime<Utc>) -> Select<api_key::Entity> {
        self.0.select::<api_key::Entity>().filter(in_states(states, at))
    }

    /// The keys that can be used at an instant.
    pub(super) async fn live(&self, at: DateTime<Utc>) -> Result<Vec<ApiKey>, StoreError> {
        self.with_clients(self.filtered(&[KeyState::Live], at)).await
    }

    /// The keys of a query with their clients: one statement more for any number of keys.
    async fn with_clients(&self, query: Select<api_key::Entity>) -> Result<Vec<ApiKey>, StoreError> {
        let rows = query.all(self.0.connection()).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let clients = self
            .0
            .select::<api_key_client::Entity>()
            .filter(api_key_client::Column::ApiKeyId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(api_key_client::Column::ClientOrgId)
            .all(self.0.connection())
            .await?;
        let mut of_key: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for client in clients {
            of_key.entry(client.api_key_id).or_default().push(client.client_org_id);
        }
        rows.into_iter()
            .map(|row| {
                let clients = of_key.remove(&row.id).unwrap_or_default();
                ApiKey::from_row(row, clients)
            })
            .collect()
    }
}
