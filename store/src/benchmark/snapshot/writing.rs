//! The rows that a snapshot writes.

use sea_orm::{ConnectionTrait, Value};

use super::{
    candidates::Tenant,
    contributions::{Contributor, Given, Row},
    insert::insert,
};
use crate::StoreError;

const CONTRIBUTIONS: &str = "
INSERT INTO contribution (release_number, role_number, group_hash, atom, admitted, is_exempt, is_waiting, score, ratio,
    mix_human, mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills, value_hash, digest_1, digest_2, digest_3)
VALUES ";
const TENANTS: &str = "INSERT INTO tenant_group (release_number, tenant_id, group_hash) VALUES ";
const SEGMENTS: &str = "INSERT INTO frozen_segment (tenant_id, atom, since_release) VALUES ";
const SEGMENTS_ANEW: &str = "
ON CONFLICT (tenant_id) DO UPDATE SET atom = excluded.atom, since_release = excluded.since_release
WHERE frozen_segment.since_release <> excluded.since_release OR frozen_segment.atom <> excluded.atom";
const GROUPS: &str = "INSERT INTO control_group (group_hash, first_release, is_by_contract) VALUES ";
const GROUPS_ANEW: &str = "
ON CONFLICT (group_hash) DO UPDATE SET is_by_contract = excluded.is_by_contract
WHERE control_group.is_by_contract <> excluded.is_by_contract";

/// Writes what holds beyond the release: who was admitted when, and which segments are frozen.
pub(super) async fn write_groups(
    connection: &impl ConnectionTrait,
    contributors: impl Iterator<Item = Contributor>,
    tenants: impl Iterator<Item = &Tenant>,
) -> Result<(), StoreError> {
    let contributors = contributors.map(|by| [by.group.to_vec().into(), by.admitted.into(), by.is_by_contract.into()]);
    insert(connection, GROUPS, contributors, GROUPS_ANEW).await?;
    let segments =
        tenants.map(|tenant| [tenant.id.into(), (tenant.atom.index() as i16).into(), tenant.since_release.into()]);
    insert(connection, SEGMENTS, segments, SEGMENTS_ANEW).await
}

/// Writes which organizations contribute, and in which control groups.
pub(super) async fn write_tenants(
    connection: &impl ConnectionTrait,
    release: i32,
    tenants: impl Iterator<Item = &Tenant>,
) -> Result<(), StoreError> {
    let rows = tenants.map(|tenant| [release.into(), tenant.id.into(), tenant.group.to_vec().into()]);
    insert(connection, TENANTS, rows, "").await
}

/// Writes contributions; none of them waits yet.
pub(super) async fn write_contributions(
    connection: &impl ConnectionTrait,
    release: i32,
    given: &[Given],
) -> Result<(), StoreError> {
    let rows = given.iter().flat_map(|group| group.rows.iter().map(move |row| values(release, group.by, row)));
    insert(connection, CONTRIBUTIONS, rows, "").await
}

fn values(release: i32, by: Contributor, row: &Row) -> [Value; 19] {
    let contribution = &row.contribution;
    let small = |value: i64| Value::from(value as i32);
    let [human, at_risk, assisted, automated] = contribution.mix.map(small);
    let [value_hash, digest_1, digest_2, digest_3] = row.hashes.map(Value::from);
    [
        release.into(),
        row.role_number.into(),
        by.group.to_vec().into(),
        row.atom.into(),
        by.admitted.into(),
        by.is_by_contract.into(),
        false.into(),
        small(contribution.score),
        small(contribution.ratio),
        human,
        at_risk,
        assisted,
        automated,
        contribution.tasks.as_str().into(),
        contribution.skills.as_str().into(),
        value_hash,
        digest_1,
        digest_2,
        digest_3,
    ]
}
