//! Signing up: a user, an organization and the membership that makes the one the admin of the other.

use domain::ids::OrganizationId;
use sea_orm::EntityTrait;

use super::{SessionTokens, SignUp, SignUpFault, admission::Throttled, password::Password};
use crate::{
    RequestOrigin, Store,
    database::{Connection, Door},
    error::StoreError,
    organizations::Newcomer,
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
        let input = self.checked_sign_up(input).await?.map_err(SignUpError::Invalid)?;
        let account = self.new_account(&input, origin).await?;
        let organization = OrganizationId(self.ids().next());
        let connection = self.begin_auth(Some(organization.0)).await?;
        match account.insert(&connection).await {
            Err(StoreError::Taken(_)) => {
                connection.rollback().await.map_err(StoreError::from)?;
                return Err(SignUpError::EmailTaken);
            }
            other => other?,
        }
        let founder = Newcomer { user: account.user, name: input.name, email: input.email };
        let name = audit_name(organization);
        self.found_organization(&connection, organization, &input.organization_name, &founder, name, origin).await?;
        connection.commit().await.map_err(StoreError::from)?;
        Ok(SignedUp { organization, tokens: account.into_tokens() })
    }

    /// The input as it is kept, or everything that is wrong with it.
    pub(crate) async fn checked_sign_up(&self, input: SignUp) -> Result<Result<SignUp, Vec<SignUpFault>>, StoreError> {
        let (input, mut faults) = input.checked();
        let about = vec![input.email.clone(), input.name.clone(), input.organization_name.clone()];
        if let Some(fault) = self.password_fault(&Password::new(&input.password), about).await? {
            faults.push(SignUpFault { field: "password", kind: fault.kind, message: fault.message });
        }
        Ok(if faults.is_empty() { Ok(input) } else { Err(faults) })
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

/// Inserts a row of an identity table, outside any tenant scope.
pub(crate) async fn insert<M, A>(connection: &Connection, model: M) -> Result<(), StoreError>
where
    M: sea_orm::IntoActiveModel<A>,
    A: sea_orm::ActiveModelTrait + Send,
{
    A::Entity::insert(all_set::<M, A>(model)).exec_without_returning(connection).await?;
    Ok(())
}
