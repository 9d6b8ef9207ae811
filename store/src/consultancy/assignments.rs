//! Which of a firm's members may enter which client: the firm's own word.
//!
//! An assignment names the client and not a grant, so that it goes on when the client renews. It names the membership and
//! not the user, so that it ends for good when the member leaves.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{FirmAssignmentId, MemberId, OrganizationId};
use entity::{
    firm_assignment::{Column, Entity, Model},
    member,
};
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, Query},
};

use crate::{
    access::{Admin, AtLeast, Write},
    error::StoreError,
    organizations::Member,
    tenant::{TenantReader, TenantTx},
};

/// A member of a firm who may enter a client.
#[derive(Clone, Debug)]
pub struct FirmAssignment {
    /// Identifier.
    pub id: FirmAssignmentId,
    /// The member; `None` once the membership has ended.
    pub member: Option<Member>,
    /// The client.
    pub client: OrganizationId,
    /// When the member was assigned.
    pub assigned_at: DateTime<Utc>,
    /// When the assignment was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The assignments of a firm. Only admins reach them.
pub struct Assignments<'a, A: AtLeast<Admin>>(&'a TenantReader<A>);

impl<A: AtLeast<Admin>> TenantReader<A> {
    /// The assignments of the firm's members to clients.
    pub fn assignments(&self) -> Assignments<'_, A> {
        Assignments(self)
    }
}

impl<A: AtLeast<Admin>> Assignments<'_, A> {
    /// The live assignments to these clients, in the order in which they were made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn to_clients(&self, clients: &[OrganizationId]) -> Result<Vec<FirmAssignment>, StoreError> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = Column::ClientOrgId.is_in(clients.iter().map(|client| client.0));
        let query = self.live().filter(wanted).order_by_asc(Column::AssignedAt).order_by_asc(Column::Id);
        self.with_members(query.all(self.0.connection()).await?).await
    }

    /// The assignment with this identifier, ended or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: FirmAssignmentId) -> Result<Option<FirmAssignment>, StoreError> {
        let query = self.0.select::<Entity>().filter(Column::Id.eq(id.0));
        let row = query.one(self.0.connection()).await?;
        Ok(self.with_members(row.into_iter().collect()).await?.pop())
    }

    /// How many live assignments to a client there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_to_client(&self, client: OrganizationId) -> Result<u64, StoreError> {
        let query = self.live().filter(Column::ClientOrgId.eq(client.0));
        Ok(query.count(self.0.connection()).await?)
    }

    /// Those that have not ended, by themselves or with the membership.
    fn live(&self) -> Select<Entity> {
        let members = Query::select()
            .column(member::Column::Id)
            .from(member::Entity)
            .and_where(member::Column::OrgId.eq(self.0.organization().0))
            .and_where(member::Column::EndedAt.is_null())
            .to_owned();
        let query = self.0.select::<Entity>().filter(Column::EndedAt.is_null());
        query.filter(Column::MemberId.in_subquery(members))
    }

    async fn with_members(&self, rows: Vec<Model>) -> Result<Vec<FirmAssignment>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = member::Column::Id.is_in(rows.iter().map(|row| row.member_id));
        let members = self.0.select::<member::Entity>().filter(wanted).filter(member::Column::EndedAt.is_null());
        let mut found: HashMap<_, Member> = HashMap::new();
        for row in members.all(self.0.connection()).await? {
            found.insert(row.id, row.try_into()?);
        }
        let assignment = |row: Model| FirmAssignment {
            id: FirmAssignmentId(row.id),
            member: found.get(&row.member_id).cloned(),
            client: OrganizationId(row.client_org_id),
            assigned_at: row.assigned_at,
            ended_at: row.ended_at,
        };
        Ok(rows.into_iter().map(assignment).collect())
    }
}

impl<A: AtLeast<Admin> + AtLeast<Write>> TenantTx<A> {
    /// Lets a member enter a client.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if the member is assigned already; the transaction can only be rolled back then.
    pub async fn assign(&self, member: &Member, client: OrganizationId) -> Result<FirmAssignment, StoreError> {
        let assignment = FirmAssignment {
            id: FirmAssignmentId(self.next_id()),
            member: Some(member.clone()),
            client,
            assigned_at: self.now(),
            ended_at: None,
        };
        let MemberId(member_id) = member.id;
        self.insert(Model {
            org_id: self.reader().organization().0,
            id: assignment.id.0,
            member_id,
            client_org_id: client.0,
            assigned_by: self.reader().scope().actor().id(),
            assigned_at: assignment.assigned_at,
            ended_at: None,
        })
        .await?;
        Ok(assignment)
    }

    /// Ends an assignment; whether it had not ended before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unassign(&self, id: FirmAssignmentId) -> Result<bool, StoreError> {
        let ended = self
            .update::<Entity>()?
            .col_expr(Column::EndedAt, Expr::value(self.now()))
            .filter(Column::Id.eq(id.0))
            .filter(Column::EndedAt.is_null())
            .exec(self.reader().connection())
            .await?;
        Ok(ended.rows_affected == 1)
    }
}
