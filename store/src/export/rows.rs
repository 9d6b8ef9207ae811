//! What a line of each file says. Secrets and their digests are in none.

use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use entity::{
    api_key, api_key_client, audit_event, audit_payload, benchmark_participation, benchmark_receipt, consultant_grant,
    firm_assignment, invitation, member, organization, organization_segment, organization_verification,
    role_configuration, role_version, scenario, scenario_source,
};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    audit::{Checkpoint, ObjectName},
    error::StoreError,
};

/// Names objects as the schema does.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) organization: OrganizationId,
    pub(super) name_of: ObjectName,
}

impl Names {
    pub(super) fn organization(self) -> String {
        self.other_organization(self.organization.0)
    }

    fn other_organization(self, id: Uuid) -> String {
        (self.name_of)(OrganizationId(id), "Organization", id)
    }

    fn object(self, kind: &'static str, id: Uuid) -> String {
        (self.name_of)(self.organization, kind, id)
    }
}

/// A row that is written as a line.
pub(super) trait Line {
    /// The line with its end.
    fn line(&self, names: Names) -> Result<Vec<u8>, StoreError>;
}

fn line(row: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut line = serde_json::to_vec(row)?;
    line.push(b'\n');
    Ok(line)
}

/// A document as it is stored, to the last digit.
fn document(text: &str) -> Result<&RawValue, StoreError> {
    Ok(serde_json::from_str(text)?)
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Implements [`Line`] for a model by the fields of its line, in their order.
macro_rules! lines {
    ($($model:ty, |$row:ident, $names:ident| { $($field:ident: $kind:ty = $value:expr,)+ })+) => {$(
        impl Line for $model {
            fn line(&self, $names: Names) -> Result<Vec<u8>, StoreError> {
                #[derive(Serialize)]
                #[serde(rename_all = "camelCase")]
                struct Row<'a> { $($field: $kind,)+ #[serde(skip)] of: std::marker::PhantomData<&'a ()> }
                let $row = self;
                line(&Row { $($field: $value,)+ of: std::marker::PhantomData })
            }
        }
    )+};
}

type Instant = DateTime<Utc>;

lines! {
    (organization::Model, Option<Checkpoint>), |row, names| {
        id: String = names.organization(),
        name: &'a str = &row.0.name,
        created_at: Instant = row.0.created_at,
        closed_at: Option<Instant> = row.0.closed_at,
        closed_by: Option<Uuid> = row.0.closed_by,
        audit_head: Option<String> = row.1.as_ref().map(ToString::to_string),
    }
    member::Model, |row, names| {
        id: String = names.object("Member", row.id),
        user_id: Uuid = row.user_id,
        name: &'a str = &row.name,
        email: &'a str = &row.email,
        access_level: &'a str = &row.level,
        joined_at: Instant = row.joined_at,
        ended_at: Option<Instant> = row.ended_at,
    }
    invitation::Model, |row, names| {
        id: String = names.object("Invitation", row.id),
        email: &'a str = &row.email,
        access_level: &'a str = &row.level,
        invited_by: Uuid = row.invited_by,
        invited_at: Instant = row.invited_at,
        expires_at: Instant = row.expires_at,
        accepted_at: Option<Instant> = row.accepted_at,
        ended_at: Option<Instant> = row.ended_at,
    }
    role_configuration::Model, |row, names| {
        id: String = names.object("RoleConfiguration", row.id),
        external_id: Option<&'a str> = row.external_id.as_deref(),
        status: &'a str = &row.status,
        revision: i32 = row.revision,
        published_number: Option<i32> = row.published_number,
        published_revision: Option<i32> = row.published_revision,
        created_at: Instant = row.created_at,
        updated_at: Instant = row.updated_at,
        archived_at: Option<Instant> = row.archived_at,
        definition: &'a RawValue = document(&row.definition)?,
    }
    role_version::Model, |row, names| {
        id: String = names.object("RoleVersion", row.id),
        role_configuration_id: String = names.object("RoleConfiguration", row.role_id),
        number: i32 = row.number,
        note: Option<&'a str> = row.note.as_deref(),
        published_at: Instant = row.published_at,
        published_by: Uuid = row.published_by,
        definition: &'a RawValue = document(&row.definition)?,
    }
    (scenario::Model, Vec<scenario_source::Model>), |row, names| {
        id: String = names.object("Scenario", row.0.id),
        name: &'a str = &row.0.name,
        description: Option<&'a str> = row.0.description.as_deref(),
        state: &'a str = &row.0.state,
        revision: i32 = row.0.revision,
        method_version: i32 = row.0.method_version,
        gain: f64 = row.0.gain,
        created_at: Instant = row.0.created_at,
        updated_at: Instant = row.0.updated_at,
        assumptions: &'a RawValue = document(&row.0.assumptions)?,
        sources: Vec<Source<'a>> = row.1.iter().map(|source| source_of(source, names)).collect::<Result<_, _>>()?,
    }
    consultant_grant::Model, |row, names| {
        id: String = names.object("ConsultantGrant", row.id),
        name: &'a str = &row.name,
        email: Option<&'a str> = row.email.as_deref(),
        user_id: Option<Uuid> = row.user_id,
        firm_id: Option<String> = row.firm_id.map(|id| names.other_organization(id)),
        access_level: &'a str = &row.level,
        families: Option<&'a RawValue> = row.families.as_deref().map(document).transpose()?,
        reason: &'a str = &row.reason,
        granted_by: Uuid = row.granted_by,
        granted_at: Instant = row.granted_at,
        accepted_at: Option<Instant> = row.accepted_at,
        expires_at: Instant = row.expires_at,
        ended_at: Option<Instant> = row.ended_at,
        ended_by: Option<Uuid> = row.ended_by,
        renewed_from: Option<String> = row.renewed_from.map(|id| names.object("ConsultantGrant", id)),
    }
    firm_assignment::Model, |row, names| {
        id: String = names.object("FirmAssignment", row.id),
        member_id: String = names.object("Member", row.member_id),
        client_organization_id: String = names.other_organization(row.client_org_id),
        assigned_by: Uuid = row.assigned_by,
        assigned_at: Instant = row.assigned_at,
        ended_at: Option<Instant> = row.ended_at,
    }
    (api_key::Model, Vec<api_key_client::Model>), |row, names| {
        id: String = names.object("ApiKey", row.0.id),
        name: &'a str = &row.0.name,
        prefix: &'a str = &row.0.prefix,
        scopes: &'a RawValue = document(&row.0.scopes)?,
        client_organization_ids: Vec<String> =
            row.1.iter().map(|client| names.other_organization(client.client_org_id)).collect(),
        created_by: Option<Uuid> = row.0.created_by,
        created_at: Instant = row.0.created_at,
        expires_at: Instant = row.0.expires_at,
        last_used_at: Option<Instant> = row.0.last_used_at,
        ended_at: Option<Instant> = row.0.ended_at,
        ended_by: Option<Uuid> = row.0.ended_by,
        rotated_from: Option<String> = row.0.rotated_from.map(|id| names.object("ApiKey", id)),
    }
    benchmark_participation::Model, |row, _names| {
        joined_at: Instant = row.joined_at,
        joined_by: Uuid = row.joined_by,
        left_at: Option<Instant> = row.left_at,
        left_by: Option<Uuid> = row.left_by,
    }
    organization_segment::Model, |row, _names| {
        industry: &'a str = &row.industry,
        size_band: &'a str = &row.size_band,
        region: &'a str = &row.region,
        declared_at: Instant = row.declared_at,
        declared_by: Option<Uuid> = (!row.declared_by.is_nil()).then_some(row.declared_by),
        verified_at: Option<Instant> = row.verified_at,
        ended_at: Option<Instant> = row.ended_at,
    }
    organization_verification::Model, |row, _names| {
        legal_entity: &'a str = &row.legal_entity,
        legal_group: Option<&'a str> = row.legal_group.as_deref(),
        registrant_domain: Option<&'a str> = row.registrant_domain.as_deref(),
        payment_instrument: Option<&'a str> = row.payment_instrument.as_deref(),
        beneficial_owner: Option<&'a str> = row.beneficial_owner.as_deref(),
        is_by_contract: bool = row.is_by_contract,
        verified_at: Instant = row.verified_at,
        ended_at: Option<Instant> = row.ended_at,
    }
    benchmark_receipt::Model, |row, names| {
        id: String = names.object("BenchmarkReceipt", row.id),
        release_key: &'a str = &row.release_key,
        sent_at: Instant = row.sent_at,
        payload: &'a RawValue = document(&row.payload)?,
    }
    (audit_event::Model, Option<audit_payload::Model>), |row, names| {
        id: String = names.object("AuditEvent", row.0.id),
        sequence_number: i64 = row.0.seq,
        occurred_at: Instant = row.0.occurred_at,
        actor_kind: &'a str = &row.0.actor_kind,
        actor_id: Option<Uuid> = row.0.actor_id,
        grant_id: Option<String> = row.0.grant_id.map(|id| names.object("ConsultantGrant", id)),
        on_behalf_of_id: Option<String> = row.0.firm_id.map(|id| names.other_organization(id)),
        action: &'a str = &row.0.action,
        object_type: &'a str = &row.0.object_type,
        object_id: Option<&'a str> = row.0.object_id.as_deref(),
        request_id: &'a str = &row.0.request_id,
        address: Option<&'a str> = row.1.as_ref().and_then(|payload| payload.address.as_deref()),
        details: Option<&'a RawValue> = row.1.as_ref().map(|payload| document(&payload.payload)).transpose()?,
        salt: Option<String> = row.1.as_ref().map(|payload| digits(&payload.salt)),
        payload_digest: String = digits(&row.0.payload_digest),
        format: i32 = row.0.format,
        hash: String = digits(&row.0.hash),
    }
}

/// A role that a scenario was made from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    position: i32,
    role_configuration_id: Option<String>,
    version_number: Option<i32>,
    role_revision: Option<i32>,
    canonical_role_key: Option<&'a str>,
    edition_digest: Option<&'a str>,
    snapshot: &'a RawValue,
}

fn source_of(source: &scenario_source::Model, names: Names) -> Result<Source<'_>, StoreError> {
    Ok(Source {
        position: source.position,
        role_configuration_id: source.role_id.map(|id| names.object("RoleConfiguration", id)),
        version_number: source.version_number,
        role_revision: source.role_revision,
        canonical_role_key: source.canonical_role.as_deref(),
        edition_digest: source.edition_digest.as_deref(),
        snapshot: document(&source.snapshot)?,
    })
}
