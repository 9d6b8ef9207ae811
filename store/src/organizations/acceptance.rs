//! Accepting an invitation: by the user with the invited address, or by a new user, whose account is made on the way.
//!
//! It is done as the sign-in role, which alone sees that a token is right.

use domain::ids::{InvitationId, MemberId, OrganizationId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::json;
use uuid::Uuid;

use super::joining::{Newcomer, level_change};
use crate::{
    RequestOrigin, Store,
    access::{Actor, Caller, Level},
    audit::{AuditEntry, Author, ObjectName, append},
    database::Connection,
    error::StoreError,
    identity::{NewAccount, SessionTokens, SignUp, SignUpFault, insert},
    secret::{Presented, SecretKind},
};

/// Open invitations of open organizations whose token is named so.
const OPEN: &str = "
SELECT x.digest, i.org_id, i.id, i.credential_id, i.email, i.level, o.name,
    EXISTS (SELECT 1 FROM user_account u WHERE u.email = i.email) AS has_account
FROM access_secret x
JOIN invitation i ON i.org_id = x.org_id AND i.credential_id = x.id
JOIN organization o ON o.org_id = i.org_id AND o.closed_at IS NULL
WHERE x.kind = 'INVITATION' AND x.lookup = $1
    AND i.accepted_at IS NULL AND i.ended_at IS NULL AND i.expires_at > $2";

/// Of several who accept the same invitation at once, or while it is revoked or sent anew, one changes its row.
const CLAIM: &str = "
UPDATE invitation SET accepted_at = $4
WHERE org_id = $1 AND id = $2 AND credential_id = $3 AND accepted_at IS NULL AND ended_at IS NULL AND expires_at > $4
    AND EXISTS (SELECT 1 FROM organization o WHERE o.org_id = $1 AND o.closed_at IS NULL)";

/// What came of accepting an invitation.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The organization.
    pub organization: OrganizationId,
    /// The new membership.
    pub member: MemberId,
}

/// Why an invitation was not accepted.
#[derive(Debug)]
pub enum AcceptError {
    /// There is no open invitation with this token, or it is somebody else's.
    Unknown,
    /// The invited address has an account, whose user must sign in first.
    HasAccount,
    /// The user is a member already.
    IsMember,
    /// Name or password have faults.
    Invalid(Vec<SignUpFault>),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for AcceptError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

struct Found {
    organization: OrganizationId,
    organization_name: String,
    id: InvitationId,
    secret: Uuid,
    email: String,
    level: Level,
    has_account: bool,
}

impl Store {
    /// Makes the actor a member, if the actor is whom the invitation with this token is for.
    ///
    /// # Errors
    /// See [`AcceptError`]; nothing is kept then.
    pub async fn accept_invitation(
        &self,
        token: &str,
        actor: &Actor,
        name_of: ObjectName,
    ) -> Result<Accepted, AcceptError> {
        let found = self.open_invitation(token).await?;
        let newcomer = match actor.caller() {
            Caller::User { id, name, email, .. } if *email == found.email => {
                Newcomer { user: *id, name: name.clone(), email: email.clone() }
            }
            _ => return Err(AcceptError::Unknown),
        };
        let connection = self.begin_auth(Some(found.organization.0)).await?;
        let joined = self.join(&connection, &found, &newcomer, actor.origin(), name_of).await;
        let accepted = keep(connection, joined).await?;
        self.forget_rights(newcomer.user);
        Ok(accepted)
    }

    /// Makes an account with the invited address and this name and password, and its user a member; signs the user in.
    ///
    /// # Errors
    /// See [`AcceptError`]; nothing is kept then.
    pub async fn accept_invitation_with_new_account(
        &self,
        token: &str,
        name: String,
        password: String,
        origin: &RequestOrigin,
        name_of: ObjectName,
    ) -> Result<(Accepted, SessionTokens), AcceptError> {
        let found = self.open_invitation(token).await?;
        if found.has_account {
            return Err(AcceptError::HasAccount);
        }
        // The organization's name counts too when the password is judged.
        let (email, organization_name) = (found.email.clone(), found.organization_name.clone());
        let input = SignUp { email, password, name, organization_name };
        let input = self.checked_sign_up(input).await?.map_err(AcceptError::Invalid)?;
        let account = self.new_account(&input, origin).await?;
        let connection = self.begin_auth(Some(found.organization.0)).await?;
        let joined = self.join_with(&connection, &found, &account, input, origin, name_of).await;
        let accepted = keep(connection, joined).await?;
        Ok((accepted, account.into_tokens()))
    }

    async fn join_with(
        &self,
        connection: &Connection,
        found: &Found,
        account: &NewAccount,
        input: SignUp,
        origin: &RequestOrigin,
        name_of: ObjectName,
    ) -> Result<Accepted, AcceptError> {
        match account.insert(connection).await {
            Err(StoreError::Taken(_)) => return Err(AcceptError::HasAccount),
            other => other?,
        }
        let newcomer = Newcomer { user: account.user, name: input.name, email: input.email };
        self.join(connection, found, &newcomer, origin, name_of).await
    }

    async fn open_invitation(&self, token: &str) -> Result<Found, AcceptError> {
        let presented = Presented::parse(SecretKind::Invitation, token).ok_or(AcceptError::Unknown)?;
        let now = self.clock().now();
        for row in self.ask_auth(OPEN, [presented.lookup.as_str().into(), now.into()]).await? {
            let digest: Vec<u8> = row.try_get("", "digest").map_err(StoreError::from)?;
            if presented.is(&digest) {
                return Ok(found(&row)?);
            }
        }
        Err(AcceptError::Unknown)
    }

    /// Claims the invitation and adds the member.
    async fn join(
        &self,
        connection: &Connection,
        found: &Found,
        newcomer: &Newcomer,
        origin: &RequestOrigin,
        name_of: ObjectName,
    ) -> Result<Accepted, AcceptError> {
        let (organization, now) = (found.organization, self.clock().now());
        let values = [organization.0.into(), found.id.0.into(), found.secret.into(), now.into()];
        let claim = Statement::from_sql_and_values(connection.get_database_backend(), CLAIM, values);
        if connection.execute_raw(claim).await.map_err(StoreError::from)?.rows_affected() != 1 {
            return Err(AcceptError::Unknown);
        }
        let member = MemberId(self.ids().next());
        match insert(connection, newcomer.member(organization, member, found.level, now)).await {
            Err(StoreError::Taken(_)) => return Err(AcceptError::IsMember),
            other => other?,
        }
        let payload = json!({
            "email": newcomer.email, "accessLevel": level_change(None, Some(found.level)),
            "invitation": name_of(organization, "Invitation", found.id.0),
        });
        let entry = AuditEntry::new("member.join", "Member", name_of(organization, "Member", member.0), payload);
        let author = Author::user(organization, newcomer.user, origin);
        append(connection, &author, entry, now, self.ids().next()).await?;
        Ok(Accepted { organization, member })
    }
}

/// Keeps what was written, or gives it up.
async fn keep(connection: Connection, joined: Result<Accepted, AcceptError>) -> Result<Accepted, AcceptError> {
    match joined {
        Ok(_) => connection.commit().await.map_err(StoreError::from)?,
        // A connection that failed is thrown away, with its transaction.
        Err(AcceptError::Store(_)) => {}
        Err(_) => connection.rollback().await.map_err(StoreError::from)?,
    }
    joined
}

fn found(row: &QueryResult) -> Result<Found, StoreError> {
    Ok(Found {
        organization: OrganizationId(row.try_get("", "org_id")?),
        organization_name: row.try_get("", "name")?,
        id: InvitationId(row.try_get("", "id")?),
        secret: row.try_get("", "credential_id")?,
        email: row.try_get("", "email")?,
        level: Level::from_database(&row.try_get::<String>("", "level")?)?,
        has_account: row.try_get("", "has_account")?,
    })
}
