//! Units of work in one organization.

use std::sync::Arc;

use domain::ids::OrganizationId;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Store,
    access::{Access, AtLeast, TenantScope, Write},
    audit::{AuditEntry, append},
    clock::{Clock, IdSource},
    database::{Connection, Door},
    error::StoreError,
};

/// A table with an `org_id`; the only source of queries here.
pub(crate) trait TenantEntity: EntityTrait {
    /// The column of the organization.
    const ORGANIZATION: Self::Column;
}

macro_rules! tenant_entities {
    ($($table:ident),+ $(,)?) => {$(
        impl TenantEntity for entity::$table::Entity {
            const ORGANIZATION: Self::Column = entity::$table::Column::OrgId;
        }
    )+};
}

tenant_entities!(audit_event, audit_payload, member, role_configuration, role_version, scenario, scenario_source,);

/// A connection bound to one organization, to read with. On PostgreSQL row-level security sees the binding.
///
/// Each statement sees its own snapshot; what needs several to agree reads from one statement or in a [`TenantTx`].
pub struct TenantReader<A: Access> {
    scope: TenantScope<A>,
    connection: Connection,
}

/// A transaction bound to one organization. Dropped without [`TenantTx::commit`], it is rolled back.
pub struct TenantTx<A: Access> {
    reader: TenantReader<A>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl Store {
    /// Opens a unit of work that reads.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if no connection is to be had in time.
    pub async fn read<A: Access>(&self, scope: &TenantScope<A>) -> Result<TenantReader<A>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::App).await?;
            match connection.bind(scope.organization().0).await {
                Ok(()) => return Ok(TenantReader { scope: scope.clone(), connection }),
                // The server went away and came back since this connection was pooled: take another.
                Err(error) => retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }

    /// Opens a unit of work that writes: a transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if no connection is to be had in time.
    pub async fn begin<A: AtLeast<Write>>(&self, scope: &TenantScope<A>) -> Result<TenantTx<A>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().writer(Door::App).await?;
            match connection.begin(Some(scope.organization().0)).await {
                Ok(()) => {
                    return Ok(TenantTx {
                        reader: TenantReader { scope: scope.clone(), connection },
                        clock: self.clock(),
                        ids: self.ids(),
                    });
                }
                Err(error) => retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

/// Takes one attempt away, or gives the error back when none is left or another attempt would not help.
pub(crate) fn retry_or_fail(error: impl Into<StoreError>, attempts_left: &mut usize) -> Result<(), StoreError> {
    let error = error.into();
    if *attempts_left == 0 || !matches!(error, StoreError::Unavailable(_)) {
        return Err(error);
    }
    *attempts_left -= 1;
    Ok(())
}

impl<A: Access> TenantReader<A> {
    /// The scope that the unit of work was opened with.
    pub fn scope(&self) -> &TenantScope<A> {
        &self.scope
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn organization(&self) -> OrganizationId {
        self.scope.organization()
    }

    /// The rows of the organization: every query of a repository starts here.
    #[expect(clippy::disallowed_methods, reason = "the filter is added right here")]
    pub(crate) fn select<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::ORGANIZATION.eq(self.organization().0))
    }
}

impl<A: AtLeast<Write>> TenantTx<A> {
    /// The instant now.
    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// A new identifier.
    pub(crate) fn next_id(&self) -> uuid::Uuid {
        self.ids.next()
    }

    /// Reading within the transaction.
    pub fn reader(&self) -> &TenantReader<A> {
        &self.reader
    }

    pub(crate) async fn insert<M>(&self, model: M) -> Result<(), StoreError>
    where
        M: IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + sea_orm::ModelTrait,
        M::Entity: TenantEntity,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let active = all_set(model);
        <M::Entity as EntityTrait>::insert(active).exec_without_returning(self.reader.connection()).await?;
        Ok(())
    }

    /// An update of rows of the organization.
    #[expect(clippy::disallowed_methods, reason = "the filter is added right here")]
    pub(crate) fn update<E: TenantEntity>(&self) -> sea_orm::UpdateMany<E> {
        E::update_many().filter(E::ORGANIZATION.eq(self.reader.organization().0))
    }

    /// A deletion of rows of the organization.
    #[expect(clippy::disallowed_methods, reason = "the filter is added right here")]
    pub(crate) fn delete<E: TenantEntity>(&self) -> sea_orm::DeleteMany<E> {
        E::delete_many().filter(E::ORGANIZATION.eq(self.reader.organization().0))
    }

    /// Keeps what was written. The audit entry is its last statement; there is no other way to keep a write.
    ///
    /// # Errors
    /// When the database fails; then nothing is kept.
    pub async fn commit(self, entry: AuditEntry) -> Result<(), StoreError> {
        let actor = self.reader.scope.actor();
        let author = crate::audit::Author {
            organization: self.reader.organization(),
            actor_kind: "USER",
            actor: Some(actor.user().0),
            request_id: &actor.origin().request_id,
        };
        append(self.reader.connection(), &author, entry, self.now(), self.next_id()).await?;
        self.reader.connection().commit().await?;
        Ok(())
    }

    /// Gives up what was written and hands the connection back.
    ///
    /// # Errors
    /// When the database fails; the write is given up all the same.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.reader.connection().rollback().await?;
        Ok(())
    }
}

/// All columns of a model as values to insert.
pub(crate) fn all_set<M, A>(model: M) -> A
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    model.into_active_model().reset_all()
}

/// A column compared with a lower-cased text, for filters that ignore case.
pub(crate) fn contains_ignoring_case(column: impl ColumnTrait, text: &str) -> sea_orm::sea_query::SimpleExpr {
    let escaped = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    Expr::col(column).like(sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('!'))
}
