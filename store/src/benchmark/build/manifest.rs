//! The manifest: what a release is made of, with the root of a hash tree over its cells, signed.

use chrono::SecondsFormat;
use domain::disclosure::{AuditResult, Budget, MANIFEST_FORMAT, Manifest, MerkleTree, Policy, Quarter};
use sea_orm::QueryResult;

use super::{damaged, hexadecimal, record::ReleaseRecord, sha256, situation::peer_group};
use crate::benchmark::builder::{Builder, BuilderError};

const CELLS: &str = "
SELECT a.role_key, CAST(c.peer_group AS bigint) AS peer_group, c.version_id, r.key AS as_of, v.figures
FROM axis a
JOIN draft_cell c ON c.release_number = a.release_number AND c.role_number = a.role_number
JOIN draft_version v ON v.id = c.version_id
JOIN draft_release r ON r.number = v.release_number
WHERE a.release_number = $1 AND a.role_number = $2
ORDER BY c.peer_group";
const ROLES: &str = "SELECT role_number FROM axis WHERE release_number = $1 ORDER BY role_key";
const CONTRIBUTORS: &str = "
SELECT CAST(count(*) AS bigint) AS number
FROM (SELECT DISTINCT group_hash FROM contribution WHERE release_number = $1 AND NOT is_waiting) g";
const NEW_VERSIONS: &str = "
SELECT CAST(contributors AS bigint) AS contributors, CAST(count(*) AS bigint) AS versions
FROM draft_version WHERE release_number = $1 GROUP BY contributors ORDER BY contributors";
const SEAL: &str = "
UPDATE draft_release SET state = 'AUDITED', audited_at = $2, merkle_root = $3, manifest = $4, signature = $5
WHERE number = $1 AND state = 'DRAFT'";

impl Builder {
    /// Makes and signs the manifest of an audited release; nothing of the release changes from then on.
    pub(super) async fn seal(
        &self,
        record: &ReleaseRecord,
        policy: &Policy,
        audit: Vec<AuditResult>,
    ) -> Result<(), BuilderError> {
        let merkle_root = self.merkle_root(record.release.number).await?;
        let manifest = self.manifest(record, policy, audit, &merkle_root).await?.to_json();
        let signature = self.key().sign(manifest.as_bytes());
        let values =
            [record.release.number.into(), self.now().into(), merkle_root.into(), manifest.into(), signature.into()];
        self.execute(SEAL, values).await?;
        Ok(())
    }

    async fn manifest(
        &self,
        record: &ReleaseRecord,
        policy: &Policy,
        audit: Vec<AuditResult>,
        merkle_root: &str,
    ) -> Result<Manifest, BuilderError> {
        let release = &record.release;
        let quarter: Quarter = release.key.parse().map_err(|_| damaged("a release is named by no quarter"))?;
        let contributors = self.rows(CONTRIBUTORS, [release.number.into()]).await?;
        let contributors: i64 = contributors.first().map(|row| row.try_get("", "number")).transpose()?.unwrap_or(0);
        Ok(Manifest {
            format: MANIFEST_FORMAT,
            release: quarter,
            number: release.number.unsigned_abs(),
            snapshot_at: release.snapshot_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            policy_version: policy.version,
            policy_hash: record.policy_hash.clone(),
            loosened: policy.check(),
            code_revision: record.code_revision.clone(),
            is_synthetic: release.is_synthetic,
            axes: self.rows(ROLES, [release.number.into()]).await?.len() as u64,
            contributors: contributors.unsigned_abs(),
            cells: self.counts_by_reason(release.number).await?,
            budget: self.budget(release.number, policy).await?,
            audit,
            merkle_root: merkle_root.to_owned(),
        })
    }

    /// The root of the hash tree over what a release shows, role by role in the order of their keys, peer group by peer
    /// group in theirs. A leaf is a JSON list: role, peer group, version, release of the version, figures.
    pub(super) async fn merkle_root(&self, release: i32) -> Result<String, BuilderError> {
        let mut tree = MerkleTree::new(sha256);
        for role in self.rows(ROLES, [release.into()]).await? {
            let role: i32 = role.try_get("", "role_number")?;
            for row in self.rows(CELLS, [release.into(), role.into()]).await? {
                tree.push(leaf(&row)?.as_bytes());
            }
        }
        Ok(hexadecimal(&tree.root()))
    }

    async fn budget(&self, release: i32, policy: &Policy) -> Result<Vec<Budget>, BuilderError> {
        let mut budgets: Vec<Budget> = Vec::new();
        for row in self.rows(NEW_VERSIONS, [release.into()]).await? {
            let (count, versions): (i64, i64) = (row.try_get("", "contributors")?, row.try_get("", "versions")?);
            let count = u32::try_from(count).map_err(|_| damaged("a count is negative"))?;
            let from = policy.bands.iter().copied().filter(|from| *from <= count).max().unwrap_or_default();
            match budgets.last_mut().filter(|budget| budget.from == from) {
                Some(budget) => budget.versions += versions.unsigned_abs(),
                // That of the least count of the band: the exact count would be readable from its own.
                None => budgets.push(Budget {
                    from,
                    versions: versions.unsigned_abs(),
                    mu: policy.mu(from),
                    mu_with_second_moment: policy.mu_with_second_moment(from),
                }),
            }
        }
        Ok(budgets)
    }
}

fn leaf(row: &QueryResult) -> Result<String, BuilderError> {
    let (role, as_of, figures): (String, String, String) =
        (row.try_get("", "role_key")?, row.try_get("", "as_of")?, row.try_get("", "figures")?);
    let version: uuid::Uuid = row.try_get("", "version_id")?;
    let group = peer_group(row, "peer_group")?.to_string();
    let leaf = [role, group, version.hyphenated().to_string(), as_of, figures];
    serde_json::to_string(&leaf).map_err(|_| damaged("a cell cannot be written as JSON"))
}
