//! Publishing a release to where the server reads, and retracting it.

use chrono::{DateTime, Duration, Utc};
use domain::disclosure::{Manifest, PeerGroup, ReleaseState};

use super::{
    approval::{Approval, REQUIRED_APPROVALS},
    damaged,
    record::ReleaseRecord,
    refused,
};
use crate::benchmark::builder::{Builder, BuilderError, Transaction, execute, rows as query};

const KNOWN: &str = "SELECT merkle_root FROM benchmark_release WHERE key = $1";
const RELEASE: &str = "
INSERT INTO benchmark_release (key, number, snapshot_at, published_at, state, policy_version, policy, policy_hash,
    is_loosened, is_synthetic, code_revision, merkle_root, manifest, signature, public_key)
VALUES ($1, $2, $3, $4, 'PUBLISHED', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const APPROVAL: &str = "
INSERT INTO benchmark_approval (release_key, approver, public_key, signature, approved_at) VALUES ($1, $2, $3, $4, $5)";
/// `{names}` are the texts of the peer groups by their numbers.
const VERSIONS: &str = "
WITH peer (number, name) AS (VALUES {names})
INSERT INTO benchmark_version (id, role_key, peer_group, as_of_release, figures)
SELECT v.id, v.role_key, peer.name, r.key, v.figures
FROM draft_version v
JOIN draft_release r ON r.number = v.release_number
JOIN peer ON peer.number = v.peer_group
WHERE v.id IN (SELECT c.version_id FROM draft_cell c WHERE c.release_number = $1 AND c.version_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM benchmark_version b WHERE b.id = v.id)";
const CELLS: &str = "
WITH peer (number, name) AS (VALUES {names})
INSERT INTO benchmark_cell (release_key, role_key, peer_group, version_id)
SELECT r.key, a.role_key, peer.name, c.version_id
FROM draft_cell c
JOIN draft_release r ON r.number = c.release_number
JOIN axis a ON a.release_number = c.release_number AND a.role_number = c.role_number
JOIN peer ON peer.number = c.peer_group
WHERE c.release_number = $1 AND c.version_id IS NOT NULL";
/// Releases of which this one shows figures again, and which cannot be read themselves.
const NOT_READABLE: &str = "
SELECT DISTINCT r.key, r.number, r.state FROM draft_cell c
JOIN draft_version v ON v.id = c.version_id
JOIN draft_release r ON r.number = v.release_number
WHERE c.release_number = $1 AND r.number <> $1 AND r.state <> 'PUBLISHED' ORDER BY r.number";
const PUBLISHED: &str = "
UPDATE draft_release SET state = 'PUBLISHED', published_at = $2 WHERE number = $1 AND state = 'AUDITED'";
const RETRACT: &str = "
UPDATE benchmark_release SET state = 'RETRACTED', retracted_at = $2, retraction = $3
WHERE key = $1 AND state = 'PUBLISHED'";
const RETRACTED: &str = "
UPDATE draft_release SET state = 'RETRACTED', retracted_at = $2, retraction = $3 WHERE number = $1";

/// Characters of the reason of a retraction.
const REASON_MAXIMUM: usize = 1_000;

impl Builder {
    /// Publishes an audited release: everything that may be read is copied to where the server reads, in one transaction.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] unless two registered approvers have signed this very manifest, the snapshot is old enough,
    /// no later release is published, and the cells are those of the manifest; see [`BuilderError`].
    pub async fn publish(&self, key: &str) -> Result<ReleaseRecord, BuilderError> {
        let releases = self.releases().await?;
        self.refuse_jumped_clock(&releases)?;
        let record = self.release(key).await?;
        record.expect(ReleaseState::Audited, "build and audit it, and have it approved by two people")?;
        refuse_out_of_order(&record, &releases)?;
        self.refuse_too_young(&record)?;
        self.refuse_unreadable_figures(&record).await?;
        let approvals = self.valid_approvals(&record).await?;
        if approvals.len() < REQUIRED_APPROVALS {
            let names: Vec<&str> = approvals.iter().map(|approval| approval.approver.as_str()).collect();
            let by = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
            return Err(refused(format!(
                "the release {key} needs the approval of {REQUIRED_APPROVALS} approvers, and has that of {by}: see \
                 `rolemark benchmark approve --help`"
            )));
        }
        self.refuse_changed_cells(&record).await?;
        let now = self.now();
        let transaction = self.begin().await?;
        self.copy(&transaction, &record, &approvals, now).await?;
        execute(&transaction, PUBLISHED, [record.release.number.into(), now.into()]).await?;
        transaction.commit().await?;
        self.release(key).await
    }

    async fn copy(
        &self,
        transaction: &Transaction,
        record: &ReleaseRecord,
        approvals: &[Approval],
        now: DateTime<Utc>,
    ) -> Result<(), BuilderError> {
        let release = &record.release;
        // The two files of SQLite are not written at one instant: the power may have failed between them.
        if let Some(row) = query(transaction, KNOWN, [release.key.as_str().into()]).await?.first() {
            let root: String = row.try_get("", "merkle_root")?;
            return if record.merkle_root.as_ref() == Some(&root) {
                Ok(())
            } else {
                Err(damaged("another release was published under this name"))
            };
        }
        self.copy_release(transaction, record, now).await?;
        for approval in approvals {
            let values = [
                release.key.as_str().into(),
                approval.approver.as_str().into(),
                approval.public_key.as_str().into(),
                approval.signature.as_str().into(),
                approval.approved_at.into(),
            ];
            execute(transaction, APPROVAL, values).await?;
        }
        for sql in [VERSIONS, CELLS] {
            execute(transaction, &sql.replace("{names}", &names()), [release.number.into()]).await?;
        }
        Ok(())
    }

    async fn copy_release(
        &self,
        transaction: &Transaction,
        record: &ReleaseRecord,
        now: DateTime<Utc>,
    ) -> Result<(), BuilderError> {
        let release = &record.release;
        let values = [
            release.key.as_str().into(),
            release.number.into(),
            release.snapshot_at.into(),
            now.into(),
            i64::from(record.policy()?.version).into(),
            release.policy.as_str().into(),
            record.policy_hash.as_str().into(),
            record.is_loosened.into(),
            release.is_synthetic.into(),
            record.code_revision.as_str().into(),
            record.merkle_root.as_deref().unwrap_or_default().into(),
            record.manifest.as_deref().unwrap_or_default().into(),
            record.signature.as_deref().unwrap_or_default().into(),
            self.key().public_key().into(),
        ];
        execute(transaction, RELEASE, values).await?;
        Ok(())
    }

    fn refuse_too_young(&self, record: &ReleaseRecord) -> Result<(), BuilderError> {
        let days = record.policy()?.publication_age_days;
        let earliest = record.release.snapshot_at + Duration::days(days.into());
        if self.now() >= earliest {
            return Ok(());
        }
        Err(refused(format!(
            "the release {} may be published on {} (UTC), {days} days after its snapshot",
            record.release.key,
            earliest.format("%Y-%m-%d")
        )))
    }

    /// Figures that are shown again must be those of a release that can be read.
    async fn refuse_unreadable_figures(&self, record: &ReleaseRecord) -> Result<(), BuilderError> {
        let rows = self.rows(NOT_READABLE, [record.release.number.into()]).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let (key, state): (String, String) = (row.try_get("", "key")?, row.try_get("", "state")?);
        let why = if state == ReleaseState::Retracted.as_str() { "which is retracted" } else { "publish that first" };
        Err(refused(format!("the release {} shows figures of {key} again: {why}", record.release.key)))
    }

    /// The manifest that was approved must be that of the cells that are there.
    async fn refuse_changed_cells(&self, record: &ReleaseRecord) -> Result<(), BuilderError> {
        let manifest = record.manifest.as_deref().unwrap_or_default();
        let manifest: Manifest = serde_json::from_str(manifest).map_err(|_| damaged("a manifest cannot be read"))?;
        let root = self.merkle_root(record.release.number).await?;
        let is_the_same = manifest.merkle_root == root
            && record.merkle_root.as_ref() == Some(&root)
            && manifest.policy_hash == record.policy_hash
            && manifest.release.to_string() == record.release.key
            && manifest.is_synthetic == record.release.is_synthetic;
        if is_the_same { Ok(()) } else { Err(damaged("the cells are not those that the manifest was made of")) }
    }

    /// Withdraws a published release as a whole, for good.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] unless it is published and a reason is given; see [`BuilderError`].
    pub async fn retract(&self, key: &str, reason: &str) -> Result<ReleaseRecord, BuilderError> {
        let record = self.release(key).await?;
        record.expect(ReleaseState::Published, "only what is published can be retracted")?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_MAXIMUM {
            return Err(refused(format!("give a reason of 1 to {REASON_MAXIMUM} characters: readers are shown it")));
        }
        let now = self.now();
        let transaction = self.begin().await?;
        execute(&transaction, RETRACT, [key.into(), now.into(), reason.into()]).await?;
        execute(&transaction, RETRACTED, [record.release.number.into(), now.into(), reason.into()]).await?;
        transaction.commit().await?;
        self.release(key).await
    }
}

fn refuse_out_of_order(record: &ReleaseRecord, releases: &[ReleaseRecord]) -> Result<(), BuilderError> {
    let is_later = |other: &&ReleaseRecord| {
        other.release.number > record.release.number
            && matches!(other.state, ReleaseState::Published | ReleaseState::Retracted)
    };
    let Some(later) = releases.iter().find(is_later) else { return Ok(()) };
    Err(refused(format!(
        "the release {} was published before: releases are published in the order of their quarters",
        later.release.key
    )))
}

/// `(0, 'all'), (1, 'industry/AGRICULTURE'), …`: names of the program's own, without quotes in them.
fn names() -> String {
    let name = |group: PeerGroup| format!("({}, '{group}')", group.index());
    PeerGroup::ALL_129.map(name).join(", ")
}
