//! Signing up: a user, an organization and the membership that makes the one the admin of the other.

use domain::ids::{MemberId, OrganizationId, UserId};
use entity::{member, organization, user_account};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{SessionTokens, SignUp, SignUpFault, admission::Throttled, password::Password, sessions::NewSession};
use crate::{
    RequestOrigin, Store,
    access::Level,
    audit::{AuditEntry, Author, append, begin_chain},
    database::{Connection, Door},
    error::StoreError,
    tenant::all_set,
};

/// Why nobody was signed up.
#[derive(Debug)]
pub enum SignUpError {
    /// The input has faults.
    Invalid(Vec<SignUpFault>),
    /// A user with this e-mail address exists.
    EmailTaken,
    /// Nobody may sign up on this server.
    Closed,
    /// Too many sign-ups from the same address; how many seconds to wait.
    Throttled(u64),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for SignUpError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Throttled> for SignUpError {
    fn from(Throttled(seconds): Throttled) -> Self {
        Self::Throttled(seconds)
    }
}

/// What signing up made.
#[derive(Clone, Debug)]
pub struct SignedUp {
    /// The new organization.
    pub organization: OrganizationId,
    /// Tokens of the first session.
    pub tokens: SessionTokens,
}

impl Store {
    /// Makes a user, an organization, and the user its admin; signs the user in. `audit_name` is how the audit log names
    /// an organization, which is how the schema does.
    ///
    /// # Errors
    /// See [`SignUpError`]; nothing is kept then.
    pub async fn sign_up(
        &self,
        input: SignUp,
        origin: &RequestOrigin,
        audit_name: fn(OrganizationId) -> String,
    ) -> Result<SignedUp, SignUpError> {
        if !self.is_sign_up_open() {
            return Err(SignUpError::Closed);
        }
        let attempt = self.admit_sign_up(origin)?;
        let result = self.try_sign_up(input, origin, audit_name).await;
        match &result {
            Ok(_) => attempt.succeed(),
            Err(SignUpError::EmailTaken) => drop(attempt),
            Err(_) => attempt.forgive(),
        }
        result
    }

    async fn try_sign_up(
        &self,
        input: SignUp,
        origin: &RequestOrigin,
        audit_name: fn(OrganizationId) -> String,
    ) -> Result<SignedUp, SignUpError> {
        let input = self.checked(input).await?;
        let hash = self.passwords().hash(Password::new(&input.password)).await?;
        let user = UserId(self.ids().next());
        let organization = OrganizationId(self.ids().next());
        let connection = self.begin_auth(Some(organization.0)).await?;
        let account = user_account::Model {
            id: user.0,
            email: input.email.clone(),
            name: input.name.clone(),
            password_hash: hash,
            created_at: self.clock().now(),
        };
        match insert(&connection, account).await {
            Err(StoreError::Taken(_)) => {
                connection.rollback().await.map_err(StoreError::from)?;
                return Err(SignUpError::EmailTaken);
            }
            other => other?,
        }
        let session = NewSession::of(self, user, origin)?;
        session.insert(&connection).await?;
        self.insert_organization(&connection, organization, user, &input).await?;
        let entry = sign_up_entry(audit_name(organization), &input);
        let author = Author::user(organization, user, origin);
        begin_chain(&connection, organization).await?;
        append(&connection, &author, entry, self.clock().now(), self.ids().next()).await?;
        connection.commit().await.map_err(StoreError::from)?;
        Ok(SignedUp { organization, tokens: session.into_tokens() })
    }

    /// The input as it is kept, or everything that is wrong with it.
    async fn checked(&self, input: SignUp) -> Result<SignUp, SignUpError> {
        let (input, mut faults) = input.checked();
        let about = vec![input.email.clone(), input.name.clone(), input.organization_name.clone()];
        if let Some(fault) = self.password_fault(&Password::new(&input.password), about).await? {
            faults.push(SignUpFault { field: "password", kind: fault.kind, message: fault.message });
        }
        if faults.is_empty() { Ok(input) } else { Err(SignUpError::Invalid(faults)) }
    }

    async fn insert_organization(
        &self,
        connection: &Connection,
        organization: OrganizationId,
        user: UserId,
        input: &SignUp,
    ) -> Result<(), StoreError> {
        let now = self.clock().now();
        let name = input.organization_name.clone();
        insert(
            connection,
            organization::Model {
                org_id: organization.0,
                name,
                created_at: now,
                closed_at: None,
                closed_by: None,
                erased_at: None,
                audit_seq: None,
                audit_hash: None,
            },
        )
        .await?;
        let member = member::Model {
            org_id: organization.0,
            id: MemberId(self.ids().next()).0,
            user_id: user.0,
            name: input.name.clone(),
            email: input.email.clone(),
            level: Level::Admin.as_str().to_owned(),
            joined_at: now,
            ended_at: None,
        };
        insert(connection, member).await
    }

    pub(crate) async fn begin_auth(&self, organization: Option<uuid::Uuid>) -> Result<Connection, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().writer(Door::Auth).await?;
            match connection.begin(organization).await {
                Ok(()) => return Ok(connection),
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

fn sign_up_entry(organization: String, input: &SignUp) -> AuditEntry {
    let payload = json!({ "after": { "name": input.organization_name, "admin": input.email } });
    AuditEntry::new("organization.create", "Organization", organization, payload)
}

/// Inserts a row of an identity table, outside any tenant scope.
pub(super) async fn insert<M, A>(connection: &Connection, model: M) -> Result<(), StoreError>
where
    M: sea_orm::IntoActiveModel<A>,
    A: sea_orm::ActiveModelTrait + Send,
{
    A::Entity::insert(all_set::<M, A>(model)).exec_without_returning(connection).await?;
    Ok(())
}
