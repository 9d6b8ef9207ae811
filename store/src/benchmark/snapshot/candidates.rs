//! Which organizations may contribute, as far as their own data need not be read: rule E1, most of E2, R3 and E4.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::disclosure::{Atom, Attributes, Candidate, Policy, Segment, control_groups, eligibility};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{SnapshotSummary, segments::Segments};
use crate::{
    StoreError,
    benchmark::builder::{Builder, BuilderError, DraftRelease},
};

/// How many organizations are read at a time.
const PAGE: i32 = 5_000;

/// Names a control group; only the benchmark's key makes it.
pub(super) type GroupHash = [u8; 16];

const VERIFICATIONS: &str = "
SELECT v.org_id, v.legal_entity, v.legal_group, v.registrant_domain, v.payment_instrument, v.beneficial_owner,
    v.is_by_contract, EXISTS (
        SELECT 1 FROM organization_verification e
        WHERE e.org_id = v.org_id AND e.verified_at <= $1 AND (e.ended_at IS NULL OR e.ended_at > $1)) AS was_verified
FROM organization_verification v WHERE v.ended_at IS NULL AND v.org_id > $2 ORDER BY v.org_id LIMIT $3";

const PARTICIPANTS: &str = "
SELECT o.org_id, o.created_at, o.closed_at IS NOT NULL OR o.audit_seq IS NOT NULL AS is_closed, p.joined_at
FROM benchmark_participation p JOIN organization o ON o.org_id = p.org_id
WHERE p.left_at IS NULL AND o.org_id > $1 ORDER BY o.org_id LIMIT $2";

/// An organization that may contribute, if its roles are enough.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tenant {
    pub(super) id: Uuid,
    pub(super) atom: Atom,
    /// Since which release the atom holds.
    pub(super) since_release: i32,
    /// Whether the atom is not the one of the last snapshot.
    pub(super) is_moved: bool,
    pub(super) group: GroupHash,
    pub(super) is_by_contract: bool,
    pub(super) age_days: i64,
}

impl Tenant {
    /// Everything that keeps it out, now that its roles are known.
    pub(super) fn faults(
        &self,
        policy: &Policy,
        headcount: f64,
        qualified_roles: u32,
    ) -> Vec<domain::disclosure::Ineligible> {
        let candidate = Candidate {
            has_joined: true,
            age_days: self.age_days,
            is_verified: true,
            headcount,
            qualified_roles,
            is_closed: false,
            has_segment: true,
        };
        eligibility(policy, &candidate)
    }
}

/// A live verification.
struct Verified {
    is_by_contract: bool,
    /// Whether the organization was verified at the snapshot too.
    was_verified: bool,
    group: GroupHash,
}

/// What is known about every verified organization, and those that may contribute in the order of their groups.
pub(super) struct Candidates {
    /// In the order of the hashes of their groups, and then of their identifiers.
    pub(super) tenants: Vec<Tenant>,
    /// The control group of each verified organization, whether it contributes or not.
    pub(super) owners: HashMap<Uuid, GroupHash>,
}

impl Builder {
    /// The organizations that may contribute to a release.
    pub(super) async fn candidates(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        summary: &mut SnapshotSummary,
    ) -> Result<Candidates, BuilderError> {
        let verified = self.verified(release.snapshot_at).await?;
        let segments = self.segments(release, policy).await?;
        let mut tenants = Vec::new();
        let mut after = Uuid::nil();
        loop {
            let rows = self.rows(PARTICIPANTS, [after.into(), PAGE.into()]).await?;
            for row in &rows {
                after = row.try_get("", "org_id").map_err(StoreError::from)?;
                tenants.extend(participant(row, release, policy, (&verified, &segments), summary)?);
            }
            if rows.len() < PAGE as usize {
                break;
            }
        }
        tenants.sort_by_key(|tenant| (tenant.group, tenant.id));
        Ok(Candidates { tenants, owners: verified.into_iter().map(|(id, verified)| (id, verified.group)).collect() })
    }

    /// All organizations whose verification is live, with their control groups.
    async fn verified(&self, snapshot_at: DateTime<Utc>) -> Result<HashMap<Uuid, Verified>, StoreError> {
        let (mut attributes, mut flags) = (Vec::new(), Vec::new());
        let mut after = Uuid::nil();
        loop {
            let rows = self.rows(VERIFICATIONS, [snapshot_at.into(), after.into(), PAGE.into()]).await?;
            for row in &rows {
                after = row.try_get("", "org_id")?;
                attributes.push((after, attributes_of(row)?));
                flags.push((row.try_get::<bool>("", "is_by_contract")?, row.try_get::<bool>("", "was_verified")?));
            }
            if rows.len() < PAGE as usize {
                break;
            }
        }
        // Those that do not contribute count here too: two subsidiaries may be one owner's by a third one only.
        let groups = control_groups(&attributes).into_iter().zip(flags);
        let verified = groups.map(|((id, first), (is_by_contract, was_verified))| {
            (id, Verified { is_by_contract, was_verified, group: self.group_hash(first) })
        });
        Ok(verified.collect())
    }

    /// The name of the control group whose smallest organization is this one.
    fn group_hash(&self, smallest: Uuid) -> GroupHash {
        let mut hash = GroupHash::default();
        hash.copy_from_slice(&self.key().hash("group", smallest.as_bytes())[..size_of::<GroupHash>()]);
        hash
    }
}

fn attributes_of(row: &QueryResult) -> Result<Attributes, StoreError> {
    Ok(Attributes {
        legal_entity: row.try_get("", "legal_entity")?,
        legal_group: row.try_get("", "legal_group")?,
        registrant_domain: row.try_get("", "registrant_domain")?,
        payment_instrument: row.try_get("", "payment_instrument")?,
        beneficial_owner: row.try_get("", "beneficial_owner")?,
    })
}

/// The organization of a row, if nothing that is known so far keeps it out.
fn participant(
    row: &QueryResult,
    release: &DraftRelease,
    policy: &Policy,
    (verified, segments): (&HashMap<Uuid, Verified>, &Segments),
    summary: &mut SnapshotSummary,
) -> Result<Option<Tenant>, StoreError> {
    summary.organizations += 1;
    let id: Uuid = row.try_get("", "org_id")?;
    let created_at: DateTime<Utc> = row.try_get("", "created_at")?;
    let verification = verified.get(&id).filter(|verified| verified.was_verified);
    let segment = segments.of(id);
    let candidate = Candidate {
        has_joined: row.try_get::<DateTime<Utc>>("", "joined_at")? <= release.snapshot_at,
        age_days: (release.snapshot_at - created_at).num_days(),
        is_verified: verification.is_some(),
        is_closed: row.try_get("", "is_closed")?,
        has_segment: segment.is_some(),
        // What its roles say is known later.
        headcount: f64::INFINITY,
        qualified_roles: u32::MAX,
    };
    let faults = eligibility(policy, &candidate);
    let (Some(verification), Some(frozen), true) = (verification, segment, faults.is_empty()) else {
        summary.count_ineligible(&faults);
        return Ok(None);
    };
    summary.segments_kept += u64::from(frozen.has_to_wait);
    Ok(Some(Tenant {
        id,
        atom: frozen.atom,
        since_release: frozen.since_release,
        is_moved: frozen.is_new,
        group: verification.group,
        is_by_contract: verification.is_by_contract,
        age_days: candidate.age_days,
    }))
}

/// The segment of three texts; nothing if one of them is unknown, as in rows written past the server.
pub(super) fn segment_of(row: &QueryResult) -> Result<Option<Segment>, StoreError> {
    let text = |column: &str| row.try_get::<String>("", column);
    let (industry, size_band, region) = (text("industry")?, text("size_band")?, text("region")?);
    let segment = (industry.parse(), size_band.parse(), region.parse());
    let (Ok(industry), Ok(size_band), Ok(region)) = segment else { return Ok(None) };
    Ok(Some(Segment { industry, size_band, region }))
}
