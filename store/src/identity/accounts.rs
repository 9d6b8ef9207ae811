//! Users as they are stored. They belong to no organization, so their queries do not start at one.

use domain::ids::UserId;
use entity::user_account::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select, Statement, Value, sea_query::Expr,
};

use super::input::normalized_email;
use crate::{
    Store,
    database::{Connection, Door},
    error::StoreError,
};

const ORGANIZATIONS: &str = "
SELECT o.name FROM member m JOIN organization o ON o.org_id = m.org_id WHERE m.user_id = $1 AND m.ended_at IS NULL";

/// No address is longer or holds a NUL, which PostgreSQL would refuse with an error of its own.
const LONGEST_EMAIL: usize = 1_000;

/// An address as it is looked up; `None` if no account can have it.
pub(super) fn lookup_email(typed: &str) -> Option<String> {
    let email = normalized_email(typed);
    (email.len() <= LONGEST_EMAIL && !email.contains('\0')).then_some(email)
}

impl Store {
    /// Reads as the sign-in role; again with another connection where the server went away meanwhile.
    pub(super) async fn read_identity<E: EntityTrait>(&self, query: Select<E>) -> Result<Vec<E::Model>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::Auth).await?;
            match query.clone().all(&connection).await {
                Ok(rows) => return Ok(rows),
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }

    /// The same with one column of text, by SQL.
    pub(super) async fn read_identity_texts(&self, sql: &str, values: Vec<Value>) -> Result<Vec<String>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::Auth).await?;
            let backend = connection.get_database_backend();
            match connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values.clone())).await {
                Ok(rows) => return Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?),
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "users belong to no organization")]
    pub(super) async fn account_by_email(&self, typed: &str) -> Result<Option<Model>, StoreError> {
        let Some(email) = lookup_email(typed) else { return Ok(None) };
        let query = Entity::find().filter(Column::Email.eq(email));
        Ok(self.read_identity(query).await?.pop())
    }

    #[expect(clippy::disallowed_methods, reason = "users belong to no organization")]
    pub(super) async fn account_by_id(&self, user: UserId) -> Result<Option<Model>, StoreError> {
        let query = Entity::find().filter(Column::Id.eq(user.0));
        Ok(self.read_identity(query).await?.pop())
    }

    /// What others may know about a user, and would try as a password first.
    pub(super) async fn about(&self, account: &Model) -> Result<Vec<String>, StoreError> {
        let mut about = self.read_identity_texts(ORGANIZATIONS, vec![account.id.into()]).await?;
        about.extend([account.email.clone(), account.name.clone()]);
        Ok(about)
    }
}

/// Whether the user's password is still the one that was compared, and keeps it so until the transaction ends.
#[expect(clippy::disallowed_methods, reason = "users belong to no organization")]
pub(super) async fn hold_password(connection: &Connection, account: &Model) -> Result<bool, StoreError> {
    let query = Entity::find().filter(Column::Id.eq(account.id)).lock_shared();
    let current = query.one(connection).await?;
    Ok(current.is_some_and(|current| current.password_hash == account.password_hash))
}

/// Puts another hash in the place of the one that was compared; `false` if somebody else has done so meanwhile.
#[expect(clippy::disallowed_methods, reason = "users belong to no organization")]
pub(super) async fn replace_password(connection: &Connection, account: &Model, hash: &str) -> Result<bool, StoreError> {
    let result = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .filter(Column::Id.eq(account.id))
        .filter(Column::PasswordHash.eq(account.password_hash.as_str()))
        .exec(connection)
        .await?;
    Ok(result.rows_affected == 1)
}
