//! Releases that were published.

use std::{sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use domain::disclosure::Policy;
use entity::benchmark_release;
use sea_orm::{FromQueryResult, QueryResult};

use super::{BenchmarkReader, cache::Releases};
use crate::{StoreError, database::Door};

const RELEASES: &str = "
SELECT key, number, snapshot_at, published_at, state, retracted_at, retraction, policy_version, policy, policy_hash,
    is_loosened, is_synthetic, code_revision, merkle_root, manifest, signature, public_key
FROM benchmark_release ORDER BY number DESC";
const APPROVALS: &str = "
SELECT release_key, approver, public_key, signature, approved_at
FROM benchmark_approval ORDER BY release_key, approved_at, approver";

/// A release that was published, and perhaps retracted since.
#[derive(Clone, Debug)]
pub struct PublishedRelease {
    /// Key, such as `2026-Q3`.
    pub key: Arc<str>,
    /// Counts the releases, from 1.
    pub number: i32,
    /// The instant as of which its contributions were read.
    pub snapshot_at: DateTime<Utc>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Its retraction; `None` while it stands.
    pub retraction: Option<Retraction>,
    /// Version of its policy.
    pub policy_version: i32,
    /// Its policy, as the JSON text that was hashed.
    pub policy_text: String,
    /// The same, read; `None` if this program does not know all of it.
    pub policy: Option<Policy>,
    /// SHA-256 of the policy's text.
    pub policy_hash: String,
    /// Whether a number of the policy is laxer than the normative one.
    pub is_loosened: bool,
    /// Whether it was made from a synthetic world.
    pub is_synthetic: bool,
    /// Which program made it.
    pub code_revision: String,
    /// Root of the Merkle tree over its cells.
    pub merkle_root: String,
    /// Its manifest, as the text that was signed.
    pub manifest: String,
    /// The benchmark's signature of the manifest.
    pub signature: String,
    /// The public half of the key that signed.
    pub public_key: String,
    /// Who approved it.
    pub approvals: Vec<Approval>,
}

/// The end of a release.
#[derive(Clone, Debug)]
pub struct Retraction {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// A person's signature under the manifest of a release.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Approval {
    /// The release.
    release_key: String,
    /// Who.
    pub approver: String,
    /// The public half of the key that signed.
    pub public_key: String,
    /// The signature.
    pub signature: String,
    /// When.
    pub approved_at: DateTime<Utc>,
}

impl BenchmarkReader<'_> {
    /// The releases that were published, at most two seconds old: the newest first, those that were retracted among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases(&self) -> Result<Arc<[Arc<PublishedRelease>]>, StoreError> {
        let cache = self.store.benchmark_cache();
        if let Some(releases) = cache.releases() {
            return Ok(releases);
        }
        let read_at = Instant::now();
        let rows = self.store.ask(Door::App, RELEASES, []).await?;
        let approvals = self.store.ask(Door::App, APPROVALS, []).await?;
        let approvals: Result<Vec<Approval>, _> =
            approvals.iter().map(|row| Approval::from_query_result(row, "")).collect();
        let approvals = approvals?;
        let releases: Result<Releases, StoreError> = rows.iter().map(|row| release(row, &approvals)).collect();
        let releases = releases?;
        cache.put_releases(read_at, &releases);
        Ok(releases)
    }
}

fn release(row: &QueryResult, approvals: &[Approval]) -> Result<Arc<PublishedRelease>, StoreError> {
    let row = benchmark_release::Model::from_query_result(row, "")?;
    let approvals = approvals.iter().filter(|approval| approval.release_key == row.key).cloned().collect();
    let retraction = (row.state != "PUBLISHED").then(|| Retraction {
        at: row.retracted_at.unwrap_or(row.published_at),
        reason: row.retraction.unwrap_or_default(),
    });
    Ok(Arc::new(PublishedRelease {
        key: row.key.into(),
        number: row.number,
        snapshot_at: row.snapshot_at,
        published_at: row.published_at,
        retraction,
        policy_version: row.policy_version,
        policy: serde_json::from_str(&row.policy).ok(),
        policy_text: row.policy,
        policy_hash: row.policy_hash,
        is_loosened: row.is_loosened,
        is_synthetic: row.is_synthetic,
        code_revision: row.code_revision,
        merkle_root: row.merkle_root,
        manifest: row.manifest,
        signature: row.signature,
        public_key: row.public_key,
        approvals,
    }))
}
