//! What control groups contribute: made from the roles of their organizations, page by page, and written at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::disclosure::{Contribution, GroupMember, OrganizationContribution, Policy, group_contribution};
use sea_orm::Value;
use uuid::Uuid;

use super::{
    SnapshotSummary,
    axes::Axes,
    candidates::{GroupHash, Tenant},
    definitions::values_as_of,
    insert::insert,
};
use crate::{
    StoreError,
    benchmark::builder::{BenchmarkKey, Builder, BuilderError, DraftRelease},
    library::Progress,
};

/// How many organizations are read at a time; a control group is never divided.
const PAGE: usize = 128;
/// A keyed hash gives 63 bits for the values, and three times 40 bits for the digests of sets.
const HASH_BITS: u64 = i64::MAX as u64;

const INSERT: &str = "
INSERT INTO contribution (release_number, role_number, group_hash, atom, admitted, is_exempt, is_waiting, score, ratio,
    mix_human, mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills, value_hash, digest_1, digest_2, digest_3)
VALUES ";
const INSERT_TENANTS: &str = "INSERT INTO tenant_group (release_number, tenant_id, group_hash) VALUES ";
const FREEZE: &str = "INSERT INTO frozen_segment (tenant_id, atom, since_release) VALUES ";
const FREEZE_ANEW: &str = "
ON CONFLICT (tenant_id) DO UPDATE SET atom = excluded.atom, since_release = excluded.since_release
WHERE frozen_segment.since_release <> excluded.since_release OR frozen_segment.atom <> excluded.atom";
const ADMIT: &str = "INSERT INTO control_group (group_hash, first_release, is_by_contract) VALUES ";
const ADMIT_AGAIN: &str = "
ON CONFLICT (group_hash) DO UPDATE SET is_by_contract = excluded.is_by_contract
WHERE control_group.is_by_contract <> excluded.is_by_contract";
const ADMITTED: &str = "SELECT group_hash, first_release, is_by_contract FROM control_group";

/// What a control group gives to one axis.
pub(super) struct Row {
    pub(super) role_number: i32,
    atom: i16,
    contribution: Contribution,
    /// 63 bits that stand for the values, and three numbers that stand for the group with its values.
    hashes: [i64; 4],
}

/// A control group that contributes.
pub(super) struct Given {
    pub(super) group: GroupHash,
    admitted: i32,
    is_by_contract: bool,
    /// Its organizations that contribute.
    pub(super) tenants: Vec<Tenant>,
    pub(super) rows: Vec<Row>,
}

/// Where contributions are made and written to.
pub(super) struct Making<'a> {
    pub(super) release: &'a DraftRelease,
    pub(super) policy: &'a Policy,
    pub(super) axes: &'a Axes,
    /// The number that contributions are written under: that of the release, or its negative to compare them first.
    pub(super) number: i32,
    pub(super) progress: &'a dyn Progress,
}

/// What was written.
#[derive(Default)]
pub(super) struct Made {
    /// The organizations that contribute, with their control groups.
    pub(super) tenants: Vec<Tenant>,
    /// The axes that something is contributed to.
    pub(super) numbers: BTreeSet<i32>,
}

impl Builder {
    /// Makes and writes the contributions of these organizations, which are in the order of their groups.
    pub(super) async fn make_contributions(
        &self,
        making: &Making<'_>,
        tenants: &[Tenant],
        summary: &mut SnapshotSummary,
    ) -> Result<Made, BuilderError> {
        let mut made = Made::default();
        let admitted = self.admitted().await?;
        making.progress.start("contributions", Some(tenants.len() as u64));
        for page in pages(tenants) {
            let given = self.page(making, page, &admitted, summary).await?;
            self.keep_page(making, &given).await?;
            for group in given {
                summary.control_groups += 1;
                summary.admitted += u64::from(group.admitted == making.release.number);
                summary.contributing_organizations += group.tenants.len() as u64;
                summary.contributions += group.rows.len() as u64;
                made.numbers.extend(group.rows.iter().map(|row| row.role_number));
                made.tenants.extend(group.tenants);
            }
            making.progress.advance(page.len() as u64);
        }
        making.progress.finish();
        Ok(made)
    }

    /// The releases that admitted the control groups known so far.
    async fn admitted(&self) -> Result<HashMap<GroupHash, (i32, bool)>, StoreError> {
        let mut admitted = HashMap::new();
        for row in self.rows(ADMITTED, []).await? {
            let flags = (row.try_get("", "first_release")?, row.try_get("", "is_by_contract")?);
            if let Ok(group) = GroupHash::try_from(row.try_get::<Vec<u8>>("", "group_hash")?) {
                admitted.insert(group, flags);
            }
        }
        Ok(admitted)
    }

    async fn page(
        &self,
        making: &Making<'_>,
        page: &[Tenant],
        admitted: &HashMap<GroupHash, (i32, bool)>,
        summary: &mut SnapshotSummary,
    ) -> Result<Vec<Given>, BuilderError> {
        let ids: Vec<Uuid> = page.iter().map(|tenant| tenant.id).collect();
        let mut in_force = self.in_force(&ids, values_as_of(making.release, making.policy)).await?;
        let mut given = Vec::new();
        for group in page.chunk_by(|a, b| a.group == b.group) {
            let mut members = Vec::new();
            for tenant in group {
                let Some(of) = in_force.remove(&tenant.id) else { continue };
                let made = OrganizationContribution::of(&of.roles, &making.axes.of(&of.roles), making.policy);
                let faults = tenant.faults(making.policy, made.total_heads, made.qualified_roles);
                if !faults.is_empty() {
                    summary.count_ineligible(&faults);
                    continue;
                }
                summary.count_left_out(&made.left_out, &of.faults);
                if !made.rows.is_empty() {
                    members.push((*tenant, made));
                }
            }
            let first = admitted.get(&group[0].group).map_or(making.release.number, |(release, _)| *release);
            given.extend(give(self.key(), making.axes, members, first));
        }
        Ok(given)
    }

    /// Writes what the groups of a page give.
    async fn keep_page(&self, making: &Making<'_>, given: &[Given]) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let groups =
            given.iter().map(|group| [group.group.to_vec().into(), group.admitted.into(), group.is_by_contract.into()]);
        insert(&tx, ADMIT, groups, ADMIT_AGAIN).await?;
        let tenants = || given.iter().flat_map(|group| &group.tenants);
        let segments = tenants()
            .map(|tenant| [tenant.id.into(), (tenant.atom.index() as i16).into(), tenant.since_release.into()]);
        insert(&tx, FREEZE, segments, FREEZE_ANEW).await?;
        let in_groups = tenants().map(|tenant| [making.number.into(), tenant.id.into(), tenant.group.to_vec().into()]);
        insert(&tx, INSERT_TENANTS, in_groups, "").await?;
        let rows = given.iter().flat_map(|group| group.rows.iter().map(move |row| values(making.number, group, row)));
        insert(&tx, INSERT, rows, "").await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Slices of so many organizations, or a few more where a control group would be divided.
fn pages(tenants: &[Tenant]) -> impl Iterator<Item = &[Tenant]> {
    let mut rest = tenants;
    std::iter::from_fn(move || {
        let mut end = rest.len().min(PAGE);
        while end > 0 && end < rest.len() && rest[end].group == rest[end - 1].group {
            end += 1;
        }
        let (page, after) = rest.split_at(end);
        rest = after;
        (!page.is_empty()).then_some(page)
    })
}

/// What the organizations of one group give together (rule E4).
fn give(
    key: &BenchmarkKey,
    axes: &Axes,
    members: Vec<(Tenant, OrganizationContribution)>,
    admitted: i32,
) -> Option<Given> {
    let group = members.first()?.0.group;
    let tenants: Vec<Tenant> = members.iter().map(|(tenant, _)| *tenant).collect();
    let mut by_axis: BTreeMap<String, Vec<GroupMember<Uuid>>> = BTreeMap::new();
    for (tenant, made) in members {
        for row in made.rows {
            let (id, segment, contribution) = (tenant.id, tenant.atom.segment(), row.contribution);
            by_axis.entry(row.axis).or_default().push(GroupMember { id, segment, contribution });
        }
    }
    let rows = by_axis.into_iter().filter_map(|(axis, members)| {
        let (segment, contribution) = group_contribution(&members)?;
        let hashes = hashes(key, &group, &axis, &contribution);
        Some(Row { role_number: axes.number(&axis)?, atom: segment.atom().index() as i16, contribution, hashes })
    });
    let rows = rows.collect();
    let is_by_contract = tenants.iter().any(|tenant| tenant.is_by_contract);
    Some(Given { group, admitted, is_by_contract, tenants, rows })
}

/// The keyed hashes of a group's values: for the same group, role and values they are the same in every release.
fn hashes(key: &BenchmarkKey, group: &GroupHash, axis: &str, contribution: &Contribution) -> [i64; 4] {
    let mut content = group.to_vec();
    content.extend_from_slice(axis.as_bytes());
    content.push(0);
    content.extend_from_slice(contribution.values().as_bytes());
    let hash = key.hash("contribution", &content);
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    [&hash[..8], &hash[8..13], &hash[13..18], &hash[18..23]].map(|bytes| (number(bytes) & HASH_BITS) as i64)
}

fn values(release: i32, group: &Given, row: &Row) -> [Value; 19] {
    let contribution = &row.contribution;
    let small = |value: i64| Value::from(value as i32);
    let [human, at_risk, assisted, automated] = contribution.mix.map(small);
    let [value_hash, digest_1, digest_2, digest_3] = row.hashes.map(Value::from);
    [
        release.into(),
        row.role_number.into(),
        group.group.to_vec().into(),
        row.atom.into(),
        group.admitted.into(),
        group.is_by_contract.into(),
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
