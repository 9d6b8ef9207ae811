//! Units of work in one organization.

mod snapshot;

use std::sync::Arc;

use domain::ids::OrganizationId;
use entity::role_configuration;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Select,
    sea_query::{Expr, ExprTrait, Query},
};

pub(crate) use snapshot::Snapshot;

use crate::{
    Store,
    access::{Access, Area, AtLeast, Level, Rights, TenantScope, Write},
    audit::{AuditEntry, Author, append},
    clock::{Clock, IdSource},
    database::{Connection, Door},
    error::StoreError,
};

/// How a grant that is limited to families of roles sees the rows of a table.
pub(crate) enum FamilyRule<C> {
    /// Not at all.
    Hidden,
    /// Those with one of the families in this column.
    Family(C),
    /// Those of a role that it sees, by this column.
    OfRole(C),
}

/// A table with an `org_id`; the only source of queries here.
pub(crate) trait TenantEntity: EntityTrait {
    /// The column of the organization.
    const ORGANIZATION: Self::Column;
    /// The part of the organization that the rows belong to.
    const AREA: Area;
    /// What the schema calls the rows.
    const OBJECT: &'static str;
    /// How the rows are seen by a grant that is limited to families.
    const FAMILY: FamilyRule<Self::Column>;
}

macro_rules! tenant_entities {
    ($($table:ident: $area:ident, $object:literal $(, $rule:ident $column:ident)?;)+) => {$(
        impl TenantEntity for entity::$table::Entity {
            const ORGANIZATION: Self::Column = entity::$table::Column::OrgId;
            const AREA: Area = Area::$area;
            const OBJECT: &'static str = $object;
            const FAMILY: FamilyRule<Self::Column> = tenant_entities!(@rule $table $($rule $column)?);
        }
    )+};
    (@rule $table:ident) => { FamilyRule::Hidden };
    (@rule $table:ident $rule:ident $column:ident) => { FamilyRule::$rule(entity::$table::Column::$column) };
}

tenant_entities! {
    api_key: Access, "ApiKey";
    api_key_client: Access, "ApiKey";
    audit_event: Audit, "AuditEvent";
    audit_head: Audit, "AuditEvent";
    audit_payload: Audit, "AuditEvent";
    benchmark_participation: Benchmark, "BenchmarkParticipation";
    benchmark_receipt: Benchmark, "BenchmarkReceipt";
    consultant_grant: Access, "ConsultantGrant";
    firm_assignment: Access, "FirmAssignment";
    invitation: Members, "Invitation";
    member: Members, "Member";
    organization: Organization, "Organization";
    organization_segment: Benchmark, "OrganizationSegment";
    organization_verification: Benchmark, "OrganizationVerification";
    role_configuration: Roles, "RoleConfiguration", Family FamilyKey;
    role_version: Roles, "RoleVersion", OfRole RoleId;
    scenario: Scenarios, "Scenario";
    scenario_source: Scenarios, "Scenario";
}

/// What the rights of a scope leave of a table, besides the organization.
fn visible<E: TenantEntity>(organization: OrganizationId, rights: &Rights) -> Condition {
    let all = Condition::all();
    if rights.level(E::AREA).is_none() {
        return all.add(Expr::value(false));
    }
    let Some(families) = rights.families() else { return all };
    match E::FAMILY {
        FamilyRule::Hidden => all.add(Expr::value(false)),
        FamilyRule::Family(column) => all.add(column.is_in(families)),
        FamilyRule::OfRole(column) => {
            let roles = Query::select()
                .column(role_configuration::Column::Id)
                .from(role_configuration::Entity)
                .and_where(role_configuration::Column::OrgId.eq(organization.0))
                .and_where(role_configuration::Column::FamilyKey.is_in(families))
                .to_owned();
            all.add(column.in_subquery(roles))
        }
    }
}

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

    /// The rows of the organization that the scope may see: every query of a repository starts here.
    #[expect(clippy::disallowed_methods, reason = "the filter is added right here")]
    pub(crate) fn select<E: TenantEntity>(&self) -> Select<E> {
        self.note::<E>([]);
        E::find()
            .filter(E::ORGANIZATION.eq(self.organization().0))
            .filter(visible::<E>(self.organization(), self.scope.rights()))
    }

    /// Notes which rows were read, if reads leave a trace.
    pub(crate) fn note<E: TenantEntity>(&self, ids: impl IntoIterator<Item = uuid::Uuid>) {
        self.scope.note_reads(E::OBJECT, ids);
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
        self.insert_many(vec![model]).await
    }

    pub(crate) async fn insert_many<M>(&self, models: Vec<M>) -> Result<(), StoreError>
    where
        M: IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + sea_orm::ModelTrait,
        M::Entity: TenantEntity,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        self.require_write(M::Entity::AREA, true)?;
        let rows = models.into_iter().map(all_set::<M, <M::Entity as EntityTrait>::ActiveModel>);
        <M::Entity as EntityTrait>::insert_many(rows).exec_without_returning(self.reader.connection()).await?;
        Ok(())
    }

    /// An update of rows of the organization that the scope may see.
    #[expect(clippy::disallowed_methods, reason = "the filter is added right here")]
    pub(crate) fn update<E: TenantEntity>(&self) -> Result<sea_orm::UpdateMany<E>, StoreError> {
        self.require_write(E::AREA, false)?;
        let organization = self.reader.organization();
        let visible = visible::<E>(organization, self.reader.scope.rights());
        Ok(E::update_many().filter(E::ORGANIZATION.eq(organization.0)).filter(visible))
    }

    /// A deletion of rows of the organization that the scope may see.
    #[expect(clippy::disallowed_methods, reason = "the filter is added right here")]
    pub(crate) fn delete<E: TenantEntity>(&self) -> Result<sea_orm::DeleteMany<E>, StoreError> {
        self.require_write(E::AREA, false)?;
        let organization = self.reader.organization();
        let visible = visible::<E>(organization, self.reader.scope.rights());
        Ok(E::delete_many().filter(E::ORGANIZATION.eq(organization.0)).filter(visible))
    }

    /// A second wall behind the gate: a defect, if it is ever reached.
    fn require_write(&self, area: Area, is_new: bool) -> Result<(), StoreError> {
        let rights = self.reader.scope.rights();
        let may_add = is_new && area == Area::Roles && rights.level(Area::Import) >= Some(Level::Write);
        if may_add || rights.level(area) >= Some(Level::Write) {
            return Ok(());
        }
        Err(StoreError::internal(format!("the scope does not allow changes in {area:?}")))
    }

    /// Keeps what was written. The audit entry is its last statement; there is no other way to keep a write.
    ///
    /// # Errors
    /// When the database fails; then nothing is kept.
    pub async fn commit(self, entry: AuditEntry) -> Result<(), StoreError> {
        let author = Author::of(&self.reader.scope);
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
