//! The rows that a snapshot writes.

use sea_orm::ConnectionTrait;

use super::{
    candidates::Tenant,
    contributions::{Contributor, Given, Row},
};
use crate::{
    StoreError,
    benchmark::builder::{Cell, Column, insert},
};

const CONTRIBUTIONS: [Column; 19] = [
    Column::Integer("release_number"),
    Column::Integer("role_number"),
    Column::Bytes("group_hash"),
    Column::Integer("atom"),
    Column::Integer("admitted"),
    Column::Boolean("is_exempt"),
    Column::Boolean("is_waiting"),
    Column::Integer("score"),
    Column::Integer("ratio"),
    Column::Integer("mix_human"),
    Column::Integer("mix_at_risk"),
    Column::Integer("mix_ai_assisted"),
    Column::Integer("mix_automated"),
    Column::Text("tasks"),
    Column::Text("skills"),
    Column::Integer("value_hash"),
    Column::Integer("digest_1"),
    Column::Integer("digest_2"),
    Column::Integer("digest_3"),
];
const TENANTS: [Column; 3] =
    [Column::Integer("release_number"), Column::Uuid("tenant_id"), Column::Bytes("group_hash")];
const SEGMENTS: [Column; 3] = [Column::Uuid("tenant_id"), Column::Integer("atom"), Column::Integer("since_release")];
const SEGMENTS_ANEW: &str = "
ON CONFLICT (tenant_id) DO UPDATE SET atom = excluded.atom, since_release = excluded.since_release
WHERE frozen_segment.since_release <> excluded.since_release OR frozen_segment.atom <> excluded.atom";
const GROUPS: [Column; 3] =
    [Column::Bytes("group_hash"), Column::Integer("first_release"), Column::Boolean("is_by_contract")];
const GROUPS_ANEW: &str = "
ON CONFLICT (group_hash) DO UPDATE SET is_by_contract = excluded.is_by_contract
WHERE control_group.is_by_contract <> excluded.is_by_contract";

/// Writes what holds beyond the release: who was admitted when, and which segments are frozen.
pub(super) async fn write_groups(
    connection: &impl ConnectionTrait,
    contributors: impl Iterator<Item = &Contributor>,
    tenants: impl Iterator<Item = &Tenant>,
) -> Result<(), StoreError> {
    let contributors = contributors
        .map(|by| [Cell::Bytes(&by.group), Cell::Integer(by.admitted.into()), Cell::Boolean(by.is_by_contract)]);
    insert(connection, "control_group", GROUPS, contributors, GROUPS_ANEW).await?;
    let segments = tenants.map(|tenant| {
        let (atom, since) = (i64::from(tenant.atom.index()), i64::from(tenant.since_release));
        [Cell::Uuid(tenant.id), Cell::Integer(atom), Cell::Integer(since)]
    });
    insert(connection, "frozen_segment", SEGMENTS, segments, SEGMENTS_ANEW).await?;
    Ok(())
}

/// Writes which organizations contribute, and in which control groups.
pub(super) async fn write_tenants(
    connection: &impl ConnectionTrait,
    release: i32,
    tenants: impl Iterator<Item = &Tenant>,
) -> Result<(), StoreError> {
    let rows = tenants.map(|tenant| [Cell::Integer(release.into()), Cell::Uuid(tenant.id), Cell::Bytes(&tenant.group)]);
    insert(connection, "tenant_group", TENANTS, rows, "").await?;
    Ok(())
}

/// Writes contributions; none of them waits yet.
pub(super) async fn write_contributions(
    connection: &impl ConnectionTrait,
    release: i32,
    given: &[Given],
) -> Result<(), StoreError> {
    let rows = given.iter().flat_map(|group| group.rows.iter().map(move |row| cells(release, &group.by, row)));
    insert(connection, "contribution", CONTRIBUTIONS, rows, "").await?;
    Ok(())
}

fn cells<'a>(release: i32, by: &'a Contributor, row: &'a Row) -> [Cell<'a>; 19] {
    let contribution = &row.contribution;
    let [human, at_risk, assisted, automated] = contribution.mix.map(Cell::Integer);
    let [value_hash, digest_1, digest_2, digest_3] = row.hashes.map(Cell::Integer);
    [
        Cell::Integer(release.into()),
        Cell::Integer(row.role_number.into()),
        Cell::Bytes(&by.group),
        Cell::Integer(row.atom.into()),
        Cell::Integer(by.admitted.into()),
        Cell::Boolean(by.is_by_contract),
        Cell::Boolean(false),
        Cell::Integer(contribution.score),
        Cell::Integer(contribution.ratio),
        human,
        at_risk,
        assisted,
        automated,
        Cell::Text(&contribution.tasks),
        Cell::Text(&contribution.skills),
        value_hash,
        digest_1,
        digest_2,
        digest_3,
    ]
}
