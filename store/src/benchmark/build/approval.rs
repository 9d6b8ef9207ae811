//! Two people approve a release: each signs the hash of its manifest with a key of their own.

use chrono::{DateTime, Utc};
use domain::disclosure::ReleaseState;
use sea_orm::QueryResult;

use super::{hexadecimal, record::ReleaseRecord, refused, sha256};
use crate::benchmark::builder::{BenchmarkKey, Builder, BuilderError, is_signed};

/// How many approvers a release needs.
pub const REQUIRED_APPROVALS: usize = 2;
/// Characters of an approver's name.
const NAME_MAXIMUM: usize = 100;

const APPROVERS: &str = "SELECT name, public_key, added_at, removed_at FROM approver ORDER BY name";
const ADD: &str = "INSERT INTO approver (name, public_key, added_at) VALUES ($1, $2, $3)";
const REMOVE: &str = "UPDATE approver SET removed_at = $2 WHERE name = $1 AND removed_at IS NULL";
const APPROVE: &str = "
INSERT INTO draft_approval (release_number, approver, public_key, manifest_hash, signature, approved_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (release_number, approver) DO UPDATE SET public_key = excluded.public_key,
    manifest_hash = excluded.manifest_hash, signature = excluded.signature, approved_at = excluded.approved_at";
const APPROVALS: &str = "
SELECT approver, public_key, manifest_hash, signature, approved_at FROM draft_approval
WHERE release_number = $1 ORDER BY approver";

/// Somebody who may approve releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// The name.
    pub name: String,
    /// The public half of the key, in Base64.
    pub public_key: String,
    /// Since when.
    pub added_at: DateTime<Utc>,
    /// Until when.
    pub removed_at: Option<DateTime<Utc>>,
}

/// A signature under a manifest.
#[derive(Clone, Debug)]
pub(super) struct Approval {
    pub(super) approver: String,
    pub(super) public_key: String,
    pub(super) manifest_hash: String,
    pub(super) signature: String,
    pub(super) approved_at: DateTime<Utc>,
}

/// The hash of a manifest: what approvers sign, in hexadecimal.
pub(super) fn manifest_hash(manifest: &str) -> String {
    hexadecimal(&sha256(manifest.as_bytes()))
}

impl Builder {
    /// Everybody who may approve or could once, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approvers(&self) -> Result<Vec<Approver>, BuilderError> {
        self.rows(APPROVERS, []).await?.iter().map(approver).collect()
    }

    /// Lets somebody approve releases, by the public half of a key.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] if the name or the key is taken.
    pub async fn add_approver(&self, name: &str, key: &BenchmarkKey) -> Result<Approver, BuilderError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAXIMUM || name.chars().any(char::is_control) {
            return Err(refused(format!("an approver has a name of 1 to {NAME_MAXIMUM} characters")));
        }
        let public_key = key.public_key();
        if public_key == self.key().public_key() {
            return Err(refused("this is the benchmark's own key: an approver has one of their own"));
        }
        for known in self.approvers().await? {
            if known.name == name {
                let is_same = known.public_key == public_key && known.removed_at.is_none();
                let why = if is_same { "with this key already" } else { "once and for all: take another name" };
                return Err(refused(format!("there is an approver {name} {why}")));
            }
            if known.public_key == public_key {
                return Err(refused(format!(
                    "this key is that of {}: every approver has one of their own",
                    known.name
                )));
            }
        }
        let added_at = self.now();
        self.execute(ADD, [name.into(), public_key.as_str().into(), added_at.into()]).await?;
        Ok(Approver { name: name.to_owned(), public_key, added_at, removed_at: None })
    }

    /// Lets somebody approve no more; what they approved and is not published does not count any more.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] if there is no such approver.
    pub async fn remove_approver(&self, name: &str) -> Result<(), BuilderError> {
        match self.execute(REMOVE, [name.into(), self.now().into()]).await? {
            0 => Err(refused(format!("there is no approver {name}"))),
            _ => Ok(()),
        }
    }

    /// Signs the manifest of an audited release as an approver; the hash that was signed.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] for a release that is not audited, an unknown approver, or another key than theirs.
    pub async fn approve(&self, key: &str, name: &str, approver_key: &BenchmarkKey) -> Result<String, BuilderError> {
        let record = self.release(key).await?;
        record.expect(ReleaseState::Audited, "audit it first")?;
        let public_key = approver_key.public_key();
        let known = self.approvers().await?.into_iter().find(|known| known.name == name && known.removed_at.is_none());
        let known = known
            .ok_or_else(|| refused(format!("there is no approver {name}: see `rolemark benchmark approver list`")))?;
        if known.public_key != public_key {
            return Err(refused(format!("this is not the key that {name} was registered with")));
        }
        let hash = self.manifest_to_sign(&record)?;
        let signature = approver_key.sign(hash.as_bytes());
        let values = [
            record.release.number.into(),
            name.into(),
            public_key.into(),
            hash.as_str().into(),
            signature.into(),
            self.now().into(),
        ];
        self.execute(APPROVE, values).await?;
        Ok(hash)
    }

    /// The hash of a manifest that is whole: signed with the benchmark's key, over what the release says of itself.
    pub(super) fn manifest_to_sign(&self, record: &ReleaseRecord) -> Result<String, BuilderError> {
        let (Some(manifest), Some(signature)) = (&record.manifest, &record.signature) else {
            return Err(super::damaged("an audited release has no manifest"));
        };
        if !is_signed(&self.key().public_key(), manifest.as_bytes(), signature) {
            return Err(refused(format!(
                "the manifest of {} is not signed with the benchmark's key of this data directory",
                record.release.key
            )));
        }
        Ok(manifest_hash(manifest))
    }

    /// The approvals of a release that hold: of approvers that are registered still, with their key, under this manifest.
    pub(super) async fn valid_approvals(&self, record: &ReleaseRecord) -> Result<Vec<Approval>, BuilderError> {
        let hash = self.manifest_to_sign(record)?;
        let approvers = self.approvers().await?;
        let mut approvals = Vec::new();
        for row in self.rows(APPROVALS, [record.release.number.into()]).await? {
            let approval = approval(&row)?;
            let is_registered = approvers.iter().any(|known| {
                known.name == approval.approver && known.public_key == approval.public_key && known.removed_at.is_none()
            });
            let is_valid =
                approval.manifest_hash == hash && is_signed(&approval.public_key, hash.as_bytes(), &approval.signature);
            if is_registered && is_valid {
                approvals.push(approval);
            }
        }
        Ok(approvals)
    }
}

fn approver(row: &QueryResult) -> Result<Approver, BuilderError> {
    Ok(Approver {
        name: row.try_get("", "name")?,
        public_key: row.try_get("", "public_key")?,
        added_at: row.try_get("", "added_at")?,
        removed_at: row.try_get("", "removed_at")?,
    })
}

fn approval(row: &QueryResult) -> Result<Approval, BuilderError> {
    Ok(Approval {
        approver: row.try_get("", "approver")?,
        public_key: row.try_get("", "public_key")?,
        manifest_hash: row.try_get("", "manifest_hash")?,
        signature: row.try_get("", "signature")?,
        approved_at: row.try_get("", "approved_at")?,
    })
}
