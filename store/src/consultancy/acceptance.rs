//! The consultant's own word: accepting a grant, and giving it back. Done as the sign-in role, bound to the client: the
//! consultant is nobody there before, and no admin ever.

use chrono::Duration;
use domain::ids::{ConsultantGrantId, OrganizationId, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store,
    access::{Actor, Admin, Area, Caller},
    audit::{AuditEntry, Author, ObjectName, append},
    error::StoreError,
    secret::{Presented, SecretKind},
};

/// How long the token of a grant works, in days; after that the client renews the grant.
pub const GRANT_TOKEN_DAYS: i64 = 7;

/// Why a grant was not accepted.
#[derive(Debug)]
pub enum AcceptError {
    /// The caller is no person.
    NoUser,
    /// The token is malformed, unknown, used, too old, of a grant that has ended, or for another address. Which, is
    /// nobody's business.
    Invalid,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for AcceptError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

const SECRET: &str = "SELECT org_id, id, digest FROM access_secret WHERE kind = 'CONSULTANT_GRANT' AND lookup = $1";

const ACCEPT: &str = "
UPDATE consultant_grant SET user_id = $3, accepted_at = $4
WHERE org_id = $1 AND id = $2 AND email = $5 AND user_id IS NULL AND ended_at IS NULL AND expires_at > $4
    AND granted_at > $6 AND EXISTS (SELECT 1 FROM organization o WHERE o.org_id = $1 AND o.closed_at IS NULL)";

const GRANTEE: &str = "
SELECT user_id, firm_id FROM consultant_grant WHERE org_id = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3";

const DECLINE: &str = "
UPDATE consultant_grant SET ended_at = $3, ended_by = $4
WHERE org_id = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3";

impl Store {
    /// Accepts a grant with its token, as the user whose e-mail address it was given to; gives the client.
    ///
    /// # Errors
    /// See [`AcceptError`]; nothing is kept then.
    pub async fn accept_consultant_grant(
        &self,
        actor: &Actor,
        token: &str,
        name_of: ObjectName,
    ) -> Result<OrganizationId, AcceptError> {
        let Caller::User { id: user, email, .. } = actor.caller() else { return Err(AcceptError::NoUser) };
        let presented = Presented::parse(SecretKind::ConsultantGrant, token).ok_or(AcceptError::Invalid)?;
        let (client, grant) = self.grant_of(&presented).await?.ok_or(AcceptError::Invalid)?;
        let now = self.clock().now();
        let values: [Value; 6] = [
            client.0.into(),
            grant.0.into(),
            user.0.into(),
            now.into(),
            email.as_str().into(),
            (now - Duration::days(GRANT_TOKEN_DAYS)).into(),
        ];
        let author = Author { grant: Some(grant.0), ..Author::user(client, *user, actor.origin()) };
        let entry = entry("consultantGrant.accept", client, grant, name_of);
        if !self.change_as_sign_in_role(&author, ACCEPT, values, entry).await? {
            return Err(AcceptError::Invalid);
        }
        self.identities().forget_user(*user);
        Ok(client)
    }

    /// Gives a live grant back: one of the caller's own, or of a firm that the caller administers. `false` if it is
    /// neither.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decline_consultant_grant(
        &self,
        actor: &Actor,
        client: OrganizationId,
        grant: ConsultantGrantId,
        name_of: ObjectName,
    ) -> Result<bool, StoreError> {
        let Some(user) = actor.user() else { return Ok(false) };
        let now = self.clock().now();
        let rows = self.ask_auth(GRANTEE, [client.0.into(), grant.0.into(), now.into()]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        let is_own = row.try_get::<Option<Uuid>>("", "user_id")?.map(UserId) == Some(user);
        let firm = row.try_get::<Option<Uuid>>("", "firm_id")?.map(OrganizationId);
        let administers = |firm| actor.scope::<Admin>(firm, Area::Access).is_ok();
        if !is_own && !firm.is_some_and(administers) {
            return Ok(false);
        }
        let values = [client.0.into(), grant.0.into(), now.into(), user.0.into()];
        let firm = firm.map(|firm| firm.0);
        let author = Author { grant: Some(grant.0), firm, ..Author::user(client, user, actor.origin()) };
        let entry = entry("consultantGrant.decline", client, grant, name_of);
        let is_done = self.change_as_sign_in_role(&author, DECLINE, values, entry).await?;
        self.identities().forget_organization(client);
        Ok(is_done)
    }

    /// The grant that a token opens.
    async fn grant_of(&self, presented: &Presented) -> Result<Option<(OrganizationId, ConsultantGrantId)>, StoreError> {
        for row in self.ask_auth(SECRET, [presented.lookup.as_str().into()]).await? {
            if presented.is(&row.try_get::<Vec<u8>>("", "digest")?) {
                let (client, grant) = (row.try_get("", "org_id")?, row.try_get("", "id")?);
                return Ok(Some((OrganizationId(client), ConsultantGrantId(grant))));
            }
        }
        Ok(None)
    }

    /// Changes one row of the author's organization together with its audit entry; nothing if the row is not there.
    async fn change_as_sign_in_role<const N: usize>(
        &self,
        author: &Author<'_>,
        sql: &str,
        values: [Value; N],
        entry: AuditEntry,
    ) -> Result<bool, StoreError> {
        let connection = self.begin_auth(Some(author.organization.0)).await?;
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        if connection.execute_raw(statement).await?.rows_affected() != 1 {
            connection.rollback().await?;
            return Ok(false);
        }
        append(&connection, author, entry, self.clock().now(), self.ids().next()).await?;
        connection.commit().await?;
        Ok(true)
    }
}

fn entry(action: &'static str, client: OrganizationId, grant: ConsultantGrantId, name_of: ObjectName) -> AuditEntry {
    AuditEntry::new(action, "ConsultantGrant", name_of(client, "ConsultantGrant", grant.0), json!({}))
}
