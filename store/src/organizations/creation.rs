//! New organizations: of somebody who signs up, and of somebody who has signed in.

use domain::ids::{MemberId, OrganizationId, UserId};
use entity::{organization, user_account};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Statement, sea_query::LockType};
use serde_json::json;

use super::joining::Newcomer;
use crate::{
    RequestOrigin, Store,
    access::{Actor, Level},
    audit::{AuditEntry, Author, append, begin_chain},
    database::Connection,
    error::StoreError,
    identity::{SignUpFault, checked_name, insert},
};

/// Most organizations, closed ones left aside, of which a user who founds another is an admin.
pub const ORGANIZATIONS_MAXIMUM: i64 = 20;

const LIVE_ORGANIZATIONS: &str = "
SELECT count(*) AS number FROM member m JOIN organization o ON o.org_id = m.org_id
WHERE m.user_id = $1 AND m.level = 'ADMIN' AND m.ended_at IS NULL AND o.closed_at IS NULL";

/// Why no organization was made.
#[derive(Debug)]
pub enum CreateOrganizationError {
    /// The actor is no user, but a program.
    NoUser,
    /// The name has faults.
    Invalid(Vec<SignUpFault>),
    /// The user is an admin of 20 organizations.
    TooMany,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for CreateOrganizationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Makes an organization and the actor its admin. `audit_name` is how the audit log names an organization.
    ///
    /// # Errors
    /// See [`CreateOrganizationError`]; nothing is kept then.
    pub async fn create_organization(
        &self,
        actor: &Actor,
        name: &str,
        audit_name: fn(OrganizationId) -> String,
    ) -> Result<OrganizationId, CreateOrganizationError> {
        let user = actor.user().ok_or(CreateOrganizationError::NoUser)?;
        let mut faults = Vec::new();
        let name = checked_name("name", name, &mut faults);
        if !faults.is_empty() {
            return Err(CreateOrganizationError::Invalid(faults));
        }
        let organization = OrganizationId(self.ids().next());
        let connection = self.begin_auth(Some(organization.0)).await?;
        let founder = locked_user(&connection, user).await?;
        if live_organizations(&connection, user).await? >= ORGANIZATIONS_MAXIMUM {
            connection.rollback().await.map_err(StoreError::from)?;
            return Err(CreateOrganizationError::TooMany);
        }
        let audit_name = audit_name(organization);
        self.found_organization(&connection, organization, &name, &founder, audit_name, actor.origin()).await?;
        connection.commit().await.map_err(StoreError::from)?;
        self.forget_rights(user);
        Ok(organization)
    }

    /// Adds an organization with its first admin and the beginning of its audit log.
    pub(crate) async fn found_organization(
        &self,
        connection: &Connection,
        organization: OrganizationId,
        name: &str,
        founder: &Newcomer,
        audit_name: String,
        origin: &RequestOrigin,
    ) -> Result<(), StoreError> {
        let now = self.clock().now();
        let row = organization::Model {
            org_id: organization.0,
            name: name.to_owned(),
            created_at: now,
            closed_at: None,
            closed_by: None,
            erased_at: None,
            audit_seq: None,
            audit_hash: None,
        };
        insert(connection, row).await?;
        let id = MemberId(self.ids().next());
        insert(connection, founder.member(organization, id, Level::Admin, now)).await?;
        begin_chain(connection, organization).await?;
        let payload = json!({ "after": { "name": name, "admin": founder.email } });
        let entry = AuditEntry::new("organization.create", "Organization", audit_name, payload);
        let author = Author::user(organization, founder.user, origin);
        append(connection, &author, entry, now, self.ids().next()).await
    }
}

/// The user, held so that two organizations made at once count each other.
#[expect(clippy::disallowed_methods, reason = "users belong to no organization")]
async fn locked_user(connection: &Connection, user: UserId) -> Result<Newcomer, StoreError> {
    let query = user_account::Entity::find().filter(user_account::Column::Id.eq(user.0));
    let row = query.lock(LockType::NoKeyUpdate).one(connection).await?;
    let row = row.ok_or_else(|| StoreError::internal("the user of a session is gone"))?;
    Ok(Newcomer { user, name: row.name, email: row.email })
}

async fn live_organizations(connection: &Connection, user: UserId) -> Result<i64, StoreError> {
    let backend = connection.get_database_backend();
    let query = Statement::from_sql_and_values(backend, LIVE_ORGANIZATIONS, [user.0.into()]);
    let row = connection.query_one_raw(query).await?;
    let row = row.ok_or_else(|| StoreError::internal("a count gave no row"))?;
    Ok(row.try_get("", "number")?)
}
