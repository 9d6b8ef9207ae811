//! A draft that was built before, and is built again: only what became different is made anew.
//!
//! A version of a role that was in force at an instant of the past stays so. What becomes different is who contributes: an
//! organization leaves, is closed, erased, verified otherwise. So only the control groups of such organizations are read
//! again; all of them when an edition of the library was imported since.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::disclosure::Policy;
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::{
    SnapshotSummary,
    axes::{axis_numbers, write_axes},
    candidates::{GroupHash, Tenant},
    changes::Changes,
    contributions::{Made, Making},
    partners::write_partners,
    waiting::Hold,
    writing::write_groups,
};
use crate::{
    StoreError,
    benchmark::builder::{Builder, BuilderError, DraftRelease, execute},
    library::Progress,
};

const TENANTS: &str = "SELECT tenant_id, group_hash FROM tenant_group WHERE release_number = $1";
/// Groups of which every organization was erased.
const ORPHANS: &str = "
SELECT DISTINCT group_hash FROM contribution WHERE release_number = $1
AND group_hash NOT IN (SELECT group_hash FROM tenant_group WHERE release_number = $1)";
const CONTRACTS: &str = "SELECT group_hash, is_by_contract FROM control_group";
const IMPORTED: &str = "
SELECT 1 AS found FROM library_edition e JOIN draft_release r ON e.imported_at > r.begun_at
WHERE e.is_current AND r.number = $1";
const NOT_ADMITTED: &str = "
DELETE FROM control_group WHERE first_release = $1
AND group_hash NOT IN (SELECT group_hash FROM tenant_group WHERE release_number = $1)";

/// What is known of the draft as it was built.
struct Built {
    tenants: HashMap<Uuid, GroupHash>,
    orphans: Vec<GroupHash>,
    contracts: HashMap<GroupHash, bool>,
    /// Whether the library is another one now.
    is_outdated: bool,
}

impl Builder {
    /// Brings the snapshot of a draft up to date, and leaves in `contribution_change` what the sums lack of it. If it is
    /// interrupted, nothing of it is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn update_snapshot(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        progress: &dyn Progress,
    ) -> Result<SnapshotSummary, BuilderError> {
        let mut summary = SnapshotSummary::default();
        self.remove_aside(release).await?;
        progress.start("organizations", None);
        let axes = self.axes(policy).await?;
        let candidates = self.candidates(release, policy, &mut summary).await?;
        let built = self.built(release).await?;
        progress.finish();
        let groups = built.different_groups(&candidates.tenants);
        let again: Vec<Tenant> =
            candidates.tenants.iter().filter(|tenant| groups.contains(&tenant.group)).copied().collect();
        let making = Making { release, policy, axes: &axes, is_aside: true, progress };
        let made = self.make_contributions(&making, &again, &mut summary).await?;
        let partners = self.partners(release, policy, &candidates.owners, &built.tenants_with(&groups, &made)).await?;
        let centres = self.centres(release, policy).await?;

        let tx = self.begin().await?;
        let mut changes = Changes { connection: &tx, release, roles: BTreeSet::new(), count: 0 };
        let groups: Vec<GroupHash> = groups.into_iter().collect();
        changes.apply(&groups).await?;
        replace_tenants(&tx, release, &groups).await?;
        write_groups(&tx, made.contributors.iter(), made.tenants.iter()).await?;
        execute(&tx, NOT_ADMITTED, [release.number.into()]).await?;
        let numbers = axis_numbers(&tx, release).await?.union(&made.numbers).copied().collect();
        write_axes(&tx, release, (&axes, &numbers), &centres).await?;
        write_partners(&tx, release.number, &partners).await?;
        changes.settle_waiting(&Hold { release, policy }).await?;
        summary.changes = changes.count;
        summary.count_rows(&tx, release).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(summary)
    }

    async fn built(&self, release: &DraftRelease) -> Result<Built, StoreError> {
        let number = || [release.number.into()];
        let mut built = Built {
            tenants: HashMap::new(),
            orphans: self.rows(ORPHANS, number()).await?.iter().map(group).collect::<Result<_, _>>()?,
            contracts: HashMap::new(),
            is_outdated: !self.rows(IMPORTED, number()).await?.is_empty(),
        };
        for row in self.rows(TENANTS, number()).await? {
            built.tenants.insert(row.try_get("", "tenant_id")?, group(&row)?);
        }
        for row in self.rows(CONTRACTS, []).await? {
            built.contracts.insert(group(&row)?, row.try_get("", "is_by_contract")?);
        }
        Ok(built)
    }

    /// Removes what an interrupted update has written aside.
    async fn remove_aside(&self, release: &DraftRelease) -> Result<(), StoreError> {
        for table in ["contribution", "tenant_group"] {
            let sql = format!("DELETE FROM {table} WHERE release_number = $1");
            self.execute(&sql, [(-release.number).into()]).await?;
        }
        Ok(())
    }
}

impl Built {
    /// The control groups that may give something else now. Organizations that could contribute and gave nothing are looked
    /// at again too: why they gave nothing is counted.
    fn different_groups(&self, candidates: &[Tenant]) -> BTreeSet<GroupHash> {
        let mut groups: BTreeSet<GroupHash> = self.orphans.iter().copied().collect();
        if self.is_outdated {
            groups.extend(self.tenants.values().copied());
            groups.extend(candidates.iter().map(|tenant| tenant.group));
            return groups;
        }
        let present: HashSet<Uuid> = candidates.iter().map(|tenant| tenant.id).collect();
        groups.extend(self.tenants.iter().filter(|(id, _)| !present.contains(id)).map(|(_, group)| *group));
        for members in candidates.chunk_by(|a, b| a.group == b.group) {
            let group = members[0].group;
            let known: Vec<&Tenant> = members.iter().filter(|tenant| self.tenants.contains_key(&tenant.id)).collect();
            let is_by_contract = known.iter().any(|tenant| tenant.is_by_contract);
            let is_same = known.len() == members.len()
                && !members.iter().any(|tenant| tenant.is_moved)
                && self.contracts.get(&group) == Some(&is_by_contract);
            if !is_same {
                groups.insert(group);
            }
            // Where it was before has one less.
            let former = members.iter().filter_map(|tenant| self.tenants.get(&tenant.id));
            for former in former.filter(|former| **former != group) {
                groups.extend([*former, group]);
            }
        }
        groups
    }

    /// The organizations that contribute now: those of these groups as they were made, all others as they were.
    fn tenants_with(&self, groups: &BTreeSet<GroupHash>, made: &Made) -> HashMap<Uuid, GroupHash> {
        let kept = self.tenants.iter().filter(|(_, group)| !groups.contains(*group)).map(|(id, group)| (*id, *group));
        kept.chain(made.tenants.iter().map(|tenant| (tenant.id, tenant.group))).collect()
    }
}

/// Puts the organizations that are written aside in the place of those of these groups.
async fn replace_tenants(
    connection: &impl ConnectionTrait,
    release: &DraftRelease,
    groups: &[GroupHash],
) -> Result<(), StoreError> {
    for groups in groups.chunks(500) {
        let places: Vec<String> = (2..groups.len() + 2).map(|place| format!("${place}")).collect();
        let places = places.join(", ");
        let sql = format!("DELETE FROM tenant_group WHERE release_number = $1 AND group_hash IN ({places})");
        let values = std::iter::once(release.number.into()).chain(groups.iter().map(|group| group.to_vec().into()));
        execute(connection, &sql, values).await?;
    }
    let sql = "UPDATE tenant_group SET release_number = $1 WHERE release_number = $2";
    execute(connection, sql, [release.number.into(), (-release.number).into()]).await?;
    Ok(())
}

fn group(row: &QueryResult) -> Result<GroupHash, StoreError> {
    let hash: Vec<u8> = row.try_get("", "group_hash")?;
    GroupHash::try_from(hash).map_err(|_| StoreError::internal("a control group without its hash"))
}
