//! The rows of organizations, and writing many of them at once.

use chrono::{DateTime, Duration, Utc};
use domain::{
    ids::{OrganizationId, RoleConfigurationId},
    library::CanonicalRole,
    score::score_value,
};
use entity::{
    audit_event, audit_head, audit_payload, benchmark_participation, consultant_grant, firm_assignment, member,
    organization, organization_segment, organization_verification, role_configuration, role_version,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryTrait,
    sea_query::OnConflict,
};
use serde_json::json;

use super::{
    draw::{Draw, Purpose},
    partners::{Access, member},
    plan::{Planned, Standing},
    roles::{PublishedRole, roles_of},
    spec::{Calendar, WorldSpec},
};
use crate::{
    access::Level,
    audit::{AuditEntry, FirstEntry},
    error::StoreError,
    roles::{RoleConfiguration, RoleStatus, row_of},
    tenant::all_set,
};

/// What the rows are made from.
pub(super) struct Source<'a> {
    pub(super) spec: WorldSpec,
    pub(super) library: &'a [CanonicalRole],
    pub(super) audit_name: fn(OrganizationId) -> String,
    pub(super) now: DateTime<Utc>,
}

/// Rows of some organizations.
#[derive(Default)]
pub(super) struct Rows {
    organizations: Vec<organization::Model>,
    members: Vec<member::Model>,
    verifications: Vec<organization_verification::Model>,
    segments: Vec<organization_segment::Model>,
    participations: Vec<benchmark_participation::Model>,
    roles: Vec<role_configuration::Model>,
    versions: Vec<role_version::Model>,
    grants: Vec<consultant_grant::Model>,
    assignments: Vec<firm_assignment::Model>,
    heads: Vec<audit_head::Model>,
    events: Vec<audit_event::Model>,
    payloads: Vec<audit_payload::Model>,
}

impl Rows {
    /// Adds an organization with all that belongs to it.
    pub(super) fn add(
        &mut self,
        source: &Source<'_>,
        planned: &Planned,
        access: Option<Access>,
    ) -> Result<(), StoreError> {
        let draw = &mut Draw::new(source.spec.seed, Purpose::Partners, planned.number + 1);
        self.organizations.push(organization(planned));
        let admin = member(draw, planned, &planned.admin, Level::Admin);
        self.members.push(member::Model { id: planned.member, ..admin });
        self.add_standing(draw, planned);
        let calendar = Calendar::of(&source.spec);
        for role in roles_of(&source.spec, &calendar, source.library, planned) {
            self.add_role(planned, role)?;
        }
        let access = access.unwrap_or_default();
        self.members.extend(access.members);
        self.grants.extend(access.grants);
        self.assignments.extend(access.assignments);
        self.add_audit_entry(draw, source, planned);
        Ok(())
    }

    /// Its segment, its verification and its taking part.
    fn add_standing(&mut self, draw: &mut Draw, planned: &Planned) {
        let verified_at = (planned.created_at + Duration::days(draw.whole(1, 14))).min(planned.joined_at);
        let is_verified = planned.standing != Standing::NotVerified;
        self.segments.push(organization_segment::Model {
            org_id: planned.id,
            id: draw.id(planned.created_at),
            industry: planned.segment.industry.as_str().to_owned(),
            size_band: planned.segment.size_band.as_str().to_owned(),
            region: planned.segment.region.as_str().to_owned(),
            declared_at: planned.created_at,
            declared_by: planned.admin.id,
            verified_at: is_verified.then_some(verified_at),
            ended_at: None,
        });
        if is_verified {
            let verification = verification(draw, planned);
            self.verifications.push(organization_verification::Model { verified_at, ..verification });
        }
        if planned.standing != Standing::NotTaking {
            self.participations.push(benchmark_participation::Model {
                org_id: planned.id,
                id: draw.id(planned.joined_at),
                joined_at: planned.joined_at,
                joined_by: planned.admin.id,
                left_at: None,
                left_by: None,
            });
        }
    }

    fn add_role(&mut self, planned: &Planned, role: PublishedRole) -> Result<(), StoreError> {
        let (mut number, mut created_at, mut updated_at) = (0, planned.created_at, planned.created_at);
        let mut last = None;
        for version in role.versions {
            number += 1;
            created_at = if number == 1 { version.at } else { created_at };
            updated_at = version.at;
            self.versions.push(role_version::Model {
                org_id: planned.id,
                id: version.id,
                role_id: role.id,
                number,
                score: score_value(&version.definition.tasks),
                definition: serde_json::to_string(&version.definition)?,
                note: None,
                published_at: version.at,
                published_by: planned.admin.id,
            });
            last = Some(version.definition);
        }
        let Some(definition) = last else { return Ok(()) };
        let configuration = RoleConfiguration {
            id: RoleConfigurationId(role.id),
            external_id: None,
            status: RoleStatus::Published,
            revision: number,
            published_number: Some(number),
            published_revision: Some(number),
            definition,
            created_at,
            updated_at,
            archived_at: None,
        };
        self.roles.push(row_of(planned.id, &configuration)?);
        Ok(())
    }

    fn add_audit_entry(&mut self, draw: &mut Draw, source: &Source<'_>, planned: &Planned) {
        let payload = json!({ "after": { "name": planned.name }, "world": source.spec });
        let name = (source.audit_name)(OrganizationId(planned.id));
        let entry = AuditEntry::new(super::CREATED, "Organization", name, payload);
        let names = (draw.id(source.now), draw.salt());
        let first = FirstEntry::of_operator(planned.id, entry, "demo", names, source.now);
        self.heads.push(first.head);
        self.events.push(first.event);
        self.payloads.push(first.payload);
    }

    /// Writes all rows, those first to which others refer.
    pub(super) async fn insert(self, connection: &impl ConnectionTrait) -> Result<(), StoreError> {
        insert(connection, self.organizations).await?;
        insert(connection, self.members).await?;
        insert(connection, self.verifications).await?;
        insert(connection, self.segments).await?;
        insert(connection, self.participations).await?;
        insert(connection, self.roles).await?;
        insert(connection, self.versions).await?;
        insert(connection, self.grants).await?;
        insert(connection, self.assignments).await?;
        insert(connection, self.heads).await?;
        insert(connection, self.events).await?;
        insert(connection, self.payloads).await
    }
}

fn organization(planned: &Planned) -> organization::Model {
    organization::Model {
        org_id: planned.id,
        name: planned.name.clone(),
        created_at: planned.created_at,
        closed_at: None,
        closed_by: None,
        erased_at: None,
        audit_seq: None,
        audit_hash: None,
    }
}

/// What the operator found out. Holdings show in different ways: as a group, by what pays, by who owns.
fn verification(draw: &mut Draw, planned: &Planned) -> organization_verification::Model {
    let common = planned.holding.map(|holding| format!("synthetic-{}", holding + 1));
    let as_way = |way: usize| common.clone().filter(|_| planned.holding.map(|holding| holding.min(4)) == Some(way));
    organization_verification::Model {
        org_id: planned.id,
        id: draw.id(planned.created_at),
        legal_entity: format!("SYNTHETIC-{:06}", planned.number + 1),
        legal_group: common.clone().filter(|_| planned.holding < Some(3)),
        registrant_domain: Some(format!("org-{}.synthetic.example", planned.number + 1)),
        payment_instrument: as_way(3),
        beneficial_owner: as_way(4),
        is_by_contract: planned.is_by_contract,
        verified_at: planned.created_at,
        ended_at: None,
    }
}

/// Values of one statement: SQLite takes at most 32,766. More than a few hundred rows gain nothing.
const VALUES_IN_A_STATEMENT: usize = 4_000;

/// Adds rows, many with each statement.
pub(super) async fn insert<M, A>(connection: &impl ConnectionTrait, rows: Vec<M>) -> Result<(), StoreError>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    use sea_orm::Iterable;
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<A> = rows.by_ref().take(VALUES_IN_A_STATEMENT / columns).map(all_set).collect();
        let statement = A::Entity::insert_many(some).build(connection.get_database_backend());
        connection.execute_raw(statement).await?;
    }
    Ok(())
}

/// Adds rows but those that are there.
pub(super) async fn insert_missing<M, A>(connection: &impl ConnectionTrait, rows: Vec<M>) -> Result<(), StoreError>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    for row in rows {
        let insert = A::Entity::insert_many([all_set(row)]).on_conflict(OnConflict::new().do_nothing().to_owned());
        connection.execute_raw(insert.build(connection.get_database_backend())).await?;
    }
    Ok(())
}
