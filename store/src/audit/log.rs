//! Reading the audit log.

use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, OrganizationId};
use entity::{audit_event, audit_head, audit_payload};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::{ActorKind, Checkpoint};
use crate::{
    access::{Admin, AtLeast},
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

/// An entry of the audit log.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Identifier.
    pub id: Uuid,
    /// Place in the organization's chain, from 1.
    pub seq: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// The user or the API key that acted; `None` for the command line.
    pub actor: Option<Uuid>,
    /// What kind of caller acted.
    pub actor_kind: String,
    /// What was done, such as `roleConfiguration.publish`.
    pub action: String,
    /// The kind of object it was done to.
    pub object_type: String,
    /// Identifier of that object.
    pub object_id: Option<String>,
    /// The request it was done in.
    pub request_id: String,
    /// The consultant grant that let the actor in.
    pub grant: Option<ConsultantGrantId>,
    /// The firm on whose behalf the actor used the grant.
    pub firm: Option<OrganizationId>,
    /// Address that the request came from; `None` for the command line, and once the details have been erased.
    pub address: Option<String>,
    /// Details as JSON; `None` once they have been erased.
    pub payload: Option<String>,
    /// The hash of the chain up to and with this entry.
    pub hash: Vec<u8>,
}

/// Which entries are wanted. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// This action exactly.
    pub action: Option<String>,
    /// This kind of object.
    pub object_type: Option<String>,
    /// This object.
    pub object_id: Option<String>,
    /// This user or API key.
    pub actor: Option<Uuid>,
    /// This kind of caller.
    pub actor_kind: Option<ActorKind>,
    /// This request.
    pub request_id: Option<String>,
    /// What was done under this consultant grant.
    pub grant: Option<ConsultantGrantId>,
    /// Not before this instant.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
}

/// The audit log of an organization. Only admins reach it.
pub struct AuditLog<'a, A: AtLeast<Admin>>(&'a TenantReader<A>);

impl<A: AtLeast<Admin>> TenantReader<A> {
    /// The audit log.
    pub fn audit_log(&self) -> AuditLog<'_, A> {
        AuditLog(self)
    }
}

impl<A: AtLeast<Admin>> AuditLog<'_, A> {
    /// Entries, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, filter: &AuditFilter, request: &PageRequest) -> Result<Page<AuditEvent>, StoreError> {
        let key: SimpleExpr = Expr::col((audit_event::Entity, audit_event::Column::Seq)).cast_as("double precision");
        let id: SimpleExpr = Expr::col((audit_event::Entity, audit_event::Column::Id));
        let rows = paged(self.filtered(filter), &key, &id, Direction::Descending, request)
            .find_also_linked_payload()
            .all(self.0.connection())
            .await?;
        let rows = rows.into_iter().map(|(event, payload)| {
            let position = Position { value: CursorValue::Number(seq_as_number(event.seq)), id: RowId::Uuid(event.id) };
            (position, event_of(event, payload))
        });
        Ok(Page::from_rows(rows.collect(), request))
    }

    /// The entry with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: Uuid) -> Result<Option<AuditEvent>, StoreError> {
        let row = self
            .0
            .select::<audit_event::Entity>()
            .filter(audit_event::Column::Id.eq(id))
            .find_also_linked_payload()
            .one(self.0.connection())
            .await?;
        Ok(row.map(|(event, payload)| event_of(event, payload)))
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        Ok(self.filtered(filter).count(self.0.connection()).await?)
    }

    /// Rows in the order of the chain, beginning after a place in it.
    pub(crate) async fn rows_after(
        &self,
        seq: i64,
        filter: &AuditFilter,
        limit: u64,
    ) -> Result<Vec<(audit_event::Model, Option<audit_payload::Model>)>, StoreError> {
        let query = self.filtered(filter).filter(audit_event::Column::Seq.gt(seq));
        let query = query.order_by_asc(audit_event::Column::Seq).limit(limit);
        Ok(query.find_also_linked_payload().all(self.0.connection()).await?)
    }

    /// The end of the chain; `None` when there is no chain.
    pub(crate) async fn head(&self) -> Result<Option<Checkpoint>, StoreError> {
        let head = self.0.select::<audit_head::Entity>().one(self.0.connection()).await?;
        Ok(head.map(|head| Checkpoint { seq: head.seq, hash: head.hash }))
    }

    fn filtered(&self, filter: &AuditFilter) -> Select<audit_event::Entity> {
        use audit_event::Column;
        self.0
            .select::<audit_event::Entity>()
            .apply_if(filter.action.clone(), |query, action| query.filter(Column::Action.eq(action)))
            .apply_if(filter.object_type.clone(), |query, kind| query.filter(Column::ObjectType.eq(kind)))
            .apply_if(filter.object_id.clone(), |query, id| query.filter(Column::ObjectId.eq(id)))
            .apply_if(filter.actor, |query, user| query.filter(Column::ActorId.eq(user)))
            .apply_if(filter.actor_kind, |query, kind| query.filter(Column::ActorKind.eq(kind.as_str())))
            .apply_if(filter.request_id.clone(), |query, id| query.filter(Column::RequestId.eq(id)))
            .apply_if(filter.grant, |query, grant| query.filter(Column::GrantId.eq(grant.0)))
            .apply_if(filter.from, |query, from| query.filter(Column::OccurredAt.gte(from)))
            .apply_if(filter.until, |query, until| query.filter(Column::OccurredAt.lt(until)))
    }
}

/// Joins an event with its payload within the same organization.
trait WithPayload {
    fn find_also_linked_payload(self) -> sea_orm::SelectTwo<audit_event::Entity, audit_payload::Entity>;
}

impl WithPayload for Select<audit_event::Entity> {
    fn find_also_linked_payload(self) -> sea_orm::SelectTwo<audit_event::Entity, audit_payload::Entity> {
        let relation: sea_orm::RelationDef = audit_event::Entity::belongs_to(audit_payload::Entity)
            .from((audit_event::Column::OrgId, audit_event::Column::Id))
            .to((audit_payload::Column::OrgId, audit_payload::Column::EventId))
            .into();
        self.join(sea_orm::JoinType::LeftJoin, relation).select_also(audit_payload::Entity)
    }
}

/// Exact up to 2^53 entries of one organization.
fn seq_as_number(seq: i64) -> f64 {
    seq as f64
}

fn event_of(event: audit_event::Model, payload: Option<audit_payload::Model>) -> AuditEvent {
    AuditEvent {
        id: event.id,
        seq: event.seq,
        occurred_at: event.occurred_at,
        actor: event.actor_id,
        actor_kind: event.actor_kind,
        action: event.action,
        object_type: event.object_type,
        object_id: event.object_id,
        request_id: event.request_id,
        grant: event.grant_id.map(ConsultantGrantId),
        firm: event.firm_id.map(OrganizationId),
        address: payload.as_ref().and_then(|payload| payload.address.clone()),
        payload: payload.map(|payload| payload.payload),
        hash: event.hash,
    }
}
