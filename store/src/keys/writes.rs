//! Writing API keys. Nothing is kept before the commit of the transaction.

use domain::ids::{ApiKeyId, OrganizationId};
use entity::{api_key, api_key_client, organization};
use sea_orm::{
    ColumnTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};

use super::{ApiKey, MadeApiKey, NewApiKey};
use crate::{
    access::{Admin, AtLeast, Write},
    error::StoreError,
    secret::{NewSecret, SecretKind},
    tenant::TenantTx,
};

/// Changes API keys within a transaction.
pub(super) struct KeyWriter<'a, A: AtLeast<Write> + AtLeast<Admin>>(pub(super) &'a TenantTx<A>);

impl<A: AtLeast<Write> + AtLeast<Admin>> KeyWriter<'_, A> {
    /// The live keys. Until the transaction ends, nobody else changes the organization's keys.
    pub(super) async fn lock(&self) -> Result<Vec<ApiKey>, StoreError> {
        let reader = self.0.reader();
        let organization = reader.select::<organization::Entity>().lock(LockType::NoKeyUpdate);
        organization.one(reader.connection()).await?;
        reader.api_keys().live(self.0.now()).await
    }

    /// Adds a key and the digest of its secret.
    pub(super) async fn insert(
        &self,
        new: NewApiKey,
        rotated_from: Option<ApiKeyId>,
    ) -> Result<MadeApiKey, StoreError> {
        let organization = self.0.reader().organization();
        let secret = NewSecret::generate(SecretKind::ApiKey)?;
        let key = ApiKey {
            id: ApiKeyId(self.0.next_id()),
            name: new.name,
            prefix: secret.prefix(),
            scopes: new.scopes,
            clients: new.clients,
            created_by: self.0.reader().scope().actor().user(),
            created_at: self.0.now(),
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
            rotated_from,
        };
        self.0.insert(key.row(organization)?).await?;
        let client = |client: &OrganizationId| api_key_client::Model {
            org_id: organization.0,
            api_key_id: key.id.0,
            client_org_id: client.0,
        };
        if !key.clients.is_empty() {
            self.0.insert_many(key.clients.iter().map(client).collect()).await?;
        }
        self.0.keep_secret(&secret, key.id.0).await?;
        Ok(MadeApiKey { key, secret: secret.text })
    }

    /// Ends a key that was not revoked.
    pub(super) async fn revoke(&self, key: ApiKey) -> Result<ApiKey, StoreError> {
        let now = self.0.now();
        let by = self.0.reader().scope().actor().user().map(|user| user.0);
        self.0
            .update::<api_key::Entity>()?
            .col_expr(api_key::Column::EndedAt, Expr::value(now))
            .col_expr(api_key::Column::EndedBy, Expr::value(by))
            .filter(api_key::Column::Id.eq(key.id.0))
            .exec(self.0.reader().connection())
            .await?;
        Ok(ApiKey { revoked_at: Some(now), ..key })
    }
}
