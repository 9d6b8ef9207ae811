//! Giving, renewing and revoking grants. A grant is ended, never overwritten: a renewal is a row of its own.

use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, UserId};
use entity::{
    access_secret,
    consultant_grant::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, UpdateMany,
    sea_query::{Expr, SimpleExpr},
};

use super::{ConsultantGrant, Grantee};
use crate::{
    access::{Admin, AtLeast, Level, Write},
    error::StoreError,
    secret::{NewSecret, SecretKind},
    tenant::{TenantTx, all_set},
};

/// A grant to be given, checked.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// What the organization calls the consultant or the firm.
    pub name: String,
    /// Whom access is lent to.
    pub grantee: Grantee,
    /// What it allows.
    pub level: Level,
    /// The families of roles that it is limited to; `None` for all.
    pub families: Option<Vec<String>>,
    /// Why it is given.
    pub reason: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// Changes the grants of an organization within a transaction.
pub struct GrantWriter<'a, A: AtLeast<Admin> + AtLeast<Write>>(&'a TenantTx<A>);

impl<A: AtLeast<Admin> + AtLeast<Write>> TenantTx<A> {
    /// Changes consultant grants.
    pub fn grant_writer(&self) -> GrantWriter<'_, A> {
        GrantWriter(self)
    }
}

impl<A: AtLeast<Admin> + AtLeast<Write>> GrantWriter<'_, A> {
    /// How many grants are in force or wait for being accepted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_live(&self) -> Result<u64, StoreError> {
        let live = self.0.reader().select::<Entity>().filter(Column::EndedAt.is_null());
        Ok(live.filter(Column::ExpiresAt.gt(self.0.now())).count(self.0.reader().connection()).await?)
    }

    /// Gives a grant. With it comes the token to accept it with, if somebody has to: it is known here only.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if the grantee has a live grant; the transaction can only be rolled back then.
    pub async fn create(&self, new: NewGrant) -> Result<(ConsultantGrant, Option<String>), StoreError> {
        self.close_expired(&new.grantee).await?;
        self.keep(ConsultantGrant {
            id: ConsultantGrantId(self.0.next_id()),
            name: new.name,
            grantee: new.grantee,
            user: None,
            level: new.level,
            families: new.families,
            reason: new.reason,
            granted_at: self.0.now(),
            accepted_at: None,
            expires_at: new.expires_at,
            ended_at: None,
            renewed_from: None,
        })
        .await
    }

    /// Ends a grant and gives one in its place, to the same grantee: whoever has accepted it need not do so again, and a
    /// firm's assignments go on. `None` if it has ended already; one that has expired can be renewed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(
        &self,
        grant: ConsultantGrant,
        expires_at: DateTime<Utc>,
        reason: Option<String>,
    ) -> Result<Option<(ConsultantGrant, Option<String>)>, StoreError> {
        let now = self.0.now();
        if !self.end(grant.id, now.min(grant.expires_at)).await? {
            return Ok(None);
        }
        let renewed = ConsultantGrant {
            id: ConsultantGrantId(self.0.next_id()),
            reason: reason.unwrap_or(grant.reason),
            granted_at: now,
            expires_at,
            renewed_from: Some(grant.id),
            ..grant
        };
        self.keep(renewed).await.map(Some)
    }

    /// Ends a grant now; whether it had not ended or expired before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke(&self, grant: &ConsultantGrant) -> Result<bool, StoreError> {
        let now = self.0.now();
        Ok(now < grant.expires_at && self.end(grant.id, now).await?)
    }

    /// Of two at the same moment one ends it.
    async fn end(&self, id: ConsultantGrantId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let ended = self
            .open()?
            .col_expr(Column::EndedAt, Expr::value(at))
            .col_expr(Column::EndedBy, Expr::value(self.0.reader().scope().actor().id()))
            .filter(Column::Id.eq(id.0))
            .exec(self.0.reader().connection())
            .await?;
        Ok(ended.rows_affected == 1)
    }

    /// What has expired is ended at that instant, so that at most one grant of a grantee is open.
    async fn close_expired(&self, grantee: &Grantee) -> Result<(), StoreError> {
        let of_grantee = match grantee {
            Grantee::Email(email) => Column::Email.eq(email.as_str()),
            Grantee::Firm(firm) => Column::FirmId.eq(firm.0),
        };
        let expiry: SimpleExpr = Expr::col(Column::ExpiresAt);
        self.open()?
            .col_expr(Column::EndedAt, expiry)
            .filter(of_grantee)
            .filter(Column::ExpiresAt.lte(self.0.now()))
            .exec(self.0.reader().connection())
            .await?;
        Ok(())
    }

    fn open(&self) -> Result<UpdateMany<Entity>, StoreError> {
        Ok(self.0.update::<Entity>()?.filter(Column::EndedAt.is_null()))
    }

    async fn keep(&self, grant: ConsultantGrant) -> Result<(ConsultantGrant, Option<String>), StoreError> {
        self.0.insert(self.row(&grant)?).await?;
        let token = if grant.is_accepted() { None } else { Some(self.new_token(grant.id).await?) };
        Ok((grant, token))
    }

    /// Secrets are written here and never read, so they are no tenant entity.
    async fn new_token(&self, grant: ConsultantGrantId) -> Result<String, StoreError> {
        let secret = NewSecret::generate(SecretKind::ConsultantGrant)?;
        let row = secret.row(self.0.reader().organization(), grant.0);
        let insert = access_secret::Entity::insert(all_set::<_, access_secret::ActiveModel>(row));
        insert.exec_without_returning(self.0.reader().connection()).await?;
        Ok(secret.text)
    }

    fn row(&self, grant: &ConsultantGrant) -> Result<Model, StoreError> {
        let (email, firm_id) = match &grant.grantee {
            Grantee::Email(email) => (Some(email.clone()), None),
            Grantee::Firm(firm) => (None, Some(firm.0)),
        };
        Ok(Model {
            org_id: self.0.reader().organization().0,
            id: grant.id.0,
            name: grant.name.clone(),
            email,
            user_id: grant.user.map(|UserId(user)| user),
            firm_id,
            level: grant.level.as_str().to_owned(),
            families: grant.families.as_ref().map(serde_json::to_string).transpose()?,
            reason: grant.reason.clone(),
            granted_by: self.0.reader().scope().actor().id(),
            granted_at: grant.granted_at,
            accepted_at: grant.accepted_at,
            expires_at: grant.expires_at,
            ended_at: None,
            ended_by: None,
            renewed_from: grant.renewed_from.map(|id| id.0),
        })
    }
}
