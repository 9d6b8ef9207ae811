//! What control groups contribute: made from the roles of their organizations, page by page, and written at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::disclosure::{Contribution, GroupMember, OrganizationContribution, Policy, group_contribution};
use uuid::Uuid;

use super::{
    SnapshotSummary,
    axes::Axes,
    candidates::{GroupHash, Tenant},
    definitions::{InForce, values_as_of},
    writing::{write_contributions, write_groups, write_tenants},
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

const ADMITTED: &str = "SELECT group_hash, first_release FROM control_group";

/// A control group that contributes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contributor {
    pub(super) group: GroupHash,
    /// The release that admitted it.
    pub(super) admitted: i32,
    pub(super) is_by_contract: bool,
}

/// What a control group gives to one axis.
pub(super) struct Row {
    pub(super) role_number: i32,
    pub(super) atom: i16,
    pub(super) contribution: Contribution,
    /// 63 bits that stand for the values, and three numbers that stand for the group with its values.
    pub(super) hashes: [i64; 4],
}

/// What a control group gives.
pub(super) struct Given {
    pub(super) by: Contributor,
    /// Its organizations that contribute.
    pub(super) tenants: Vec<Tenant>,
    pub(super) rows: Vec<Row>,
}

/// How contributions are made, and where they are written to.
pub(super) struct Making<'a> {
    pub(super) release: &'a DraftRelease,
    pub(super) policy: &'a Policy,
    pub(super) axes: &'a Axes,
    /// Whether they are written aside first, under the negative number of the release, to be compared with what is there.
    pub(super) is_aside: bool,
    pub(super) progress: &'a dyn Progress,
}

impl Making<'_> {
    fn number(&self) -> i32 {
        if self.is_aside { -self.release.number } else { self.release.number }
    }
}

/// What was written.
#[derive(Default)]
pub(super) struct Made {
    /// The organizations that contribute.
    pub(super) tenants: Vec<Tenant>,
    /// Their control groups.
    pub(super) contributors: Vec<Contributor>,
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
            let ids: Vec<Uuid> = page.iter().map(|tenant| tenant.id).collect();
            let mut in_force = self.in_force(&ids, values_as_of(making.release, making.policy)).await?;
            let mut given = Vec::new();
            for group in page.chunk_by(|a, b| a.group == b.group) {
                let members = members(making, group, &mut in_force, summary);
                let admitted = admitted.get(&group[0].group).copied().unwrap_or(making.release.number);
                given.extend(give(self.key(), making.axes, members, admitted));
            }
            self.keep_page(making, &given).await?;
            for group in given {
                made.numbers.extend(group.rows.iter().map(|row| row.role_number));
                made.tenants.extend(group.tenants);
                made.contributors.push(group.by);
            }
            making.progress.advance(page.len() as u64);
        }
        making.progress.finish();
        Ok(made)
    }

    /// The releases that admitted the control groups known so far.
    async fn admitted(&self) -> Result<HashMap<GroupHash, i32>, StoreError> {
        let mut admitted = HashMap::new();
        for row in self.rows(ADMITTED, []).await? {
            if let Ok(group) = GroupHash::try_from(row.try_get::<Vec<u8>>("", "group_hash")?) {
                admitted.insert(group, row.try_get("", "first_release")?);
            }
        }
        Ok(admitted)
    }

    async fn keep_page(&self, making: &Making<'_>, given: &[Given]) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        // What holds beyond the release waits until what is written aside counts.
        if !making.is_aside {
            write_groups(&tx, given.iter().map(|group| &group.by), given.iter().flat_map(|group| &group.tenants))
                .await?;
        }
        write_tenants(&tx, making.number(), given.iter().flat_map(|group| &group.tenants)).await?;
        write_contributions(&tx, making.number(), given).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The organizations of a group that contribute, with what each gives.
fn members(
    making: &Making<'_>,
    group: &[Tenant],
    in_force: &mut HashMap<Uuid, InForce>,
    summary: &mut SnapshotSummary,
) -> Vec<(Tenant, OrganizationContribution)> {
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
    members
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

/// What the organizations of one group give together (rule E4); nothing without any.
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
    Some(Given { by: Contributor { group, admitted, is_by_contract }, tenants, rows })
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
