//! The rows of releases: what there is, and how far it is.

use chrono::{DateTime, Utc};
use domain::disclosure::{Policy, ReleaseState};
use sea_orm::QueryResult;

use super::{damaged, refused};
use crate::benchmark::builder::{Builder, BuilderError, DraftRelease};

const RELEASES: &str = "
SELECT key, number, snapshot_at, state, step, policy, policy_hash, is_loosened, is_synthetic, code_revision, begun_at,
    built_at, audited_at, published_at, retracted_at, retraction, values_erased_at, merkle_root, manifest, signature
FROM draft_release ORDER BY number";

/// How far a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The contributions are being collected.
    Snapshot,
    /// Cells are being computed.
    Cells,
    /// All cells are decided.
    Done,
}

impl Step {
    /// The text that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "SNAPSHOT",
            Self::Cells => "CELLS",
            Self::Done => "DONE",
        }
    }

    fn read(text: &str) -> Result<Self, BuilderError> {
        let all = [Self::Snapshot, Self::Cells, Self::Done];
        all.into_iter().find(|step| step.as_str() == text).ok_or_else(|| damaged("a release has an unknown step"))
    }
}

/// Everything that is known of a release.
#[derive(Clone, Debug)]
pub struct ReleaseRecord {
    /// What it is.
    pub release: DraftRelease,
    /// Its state.
    pub state: ReleaseState,
    /// How far it is while it is a draft.
    pub step: Step,
    /// SHA-256 of the policy's text, in hexadecimal.
    pub policy_hash: String,
    /// Whether its policy protects less than the normative one.
    pub is_loosened: bool,
    /// The code that built it.
    pub code_revision: String,
    /// When its building began.
    pub begun_at: DateTime<Utc>,
    /// When all cells were decided.
    pub built_at: Option<DateTime<Utc>>,
    /// When it passed the audit.
    pub audited_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was retracted.
    pub retracted_at: Option<DateTime<Utc>>,
    /// Why it was retracted.
    pub retraction: Option<String>,
    /// When the contributed values were erased.
    pub values_erased_at: Option<DateTime<Utc>>,
    /// The root of the hash tree over its cells, in hexadecimal, once it is audited.
    pub merkle_root: Option<String>,
    /// The text of its manifest, once it is audited.
    pub manifest: Option<String>,
    /// The benchmark's signature under the manifest, in Base64.
    pub signature: Option<String>,
}

impl ReleaseRecord {
    /// The policy that it is built by.
    ///
    /// # Errors
    /// When what is stored is no policy.
    pub fn policy(&self) -> Result<Policy, BuilderError> {
        serde_json::from_str(&self.release.policy).map_err(|_| damaged("a policy cannot be read"))
    }

    /// The latest instant that is known of it.
    pub(super) fn latest(&self) -> DateTime<Utc> {
        let ends = [self.built_at, self.audited_at, self.published_at, self.retracted_at, self.values_erased_at];
        ends.into_iter().flatten().fold(self.begun_at, DateTime::max)
    }

    /// Refuses a release that is not in the state that a step needs; `hint` says what to do.
    pub(super) fn expect(&self, state: ReleaseState, hint: &str) -> Result<(), BuilderError> {
        if self.state == state {
            return Ok(());
        }
        let key = &self.release.key;
        Err(refused(match self.state {
            ReleaseState::Draft => format!("the release {key} is a draft still: {hint}"),
            ReleaseState::Audited => format!("the release {key} is audited and does not change any more: {hint}"),
            ReleaseState::Published => format!("the release {key} is published already"),
            ReleaseState::Retracted => format!("the release {key} is retracted, for good"),
        }))
    }
}

impl Builder {
    /// All releases, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases(&self) -> Result<Vec<ReleaseRecord>, BuilderError> {
        self.rows(RELEASES, []).await?.iter().map(record).collect()
    }

    /// One release.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] if there is none with this key.
    pub async fn release(&self, key: &str) -> Result<ReleaseRecord, BuilderError> {
        let all = self.releases().await?;
        let known: Vec<String> = all.iter().rev().take(4).map(|record| record.release.key.clone()).collect();
        all.into_iter().find(|record| record.release.key == key).ok_or_else(|| {
            let there = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
            refused(format!("there is no release {key}; there is {there}: see `rolemark benchmark list`"))
        })
    }

    /// Refuses to work with a clock that is behind what has happened already.
    pub(super) fn refuse_jumped_clock(&self, releases: &[ReleaseRecord]) -> Result<(), BuilderError> {
        let now = self.now();
        let Some(later) = releases.iter().find(|record| record.latest() > now) else { return Ok(()) };
        Err(refused(format!(
            "the clock says {}, but the release {} was worked on at {}: set the clock right",
            now.format("%Y-%m-%d %H:%M:%S"),
            later.release.key,
            later.latest().format("%Y-%m-%d %H:%M:%S")
        )))
    }
}

fn record(row: &QueryResult) -> Result<ReleaseRecord, BuilderError> {
    let state: String = row.try_get("", "state")?;
    let step: String = row.try_get("", "step")?;
    Ok(ReleaseRecord {
        release: DraftRelease {
            key: row.try_get("", "key")?,
            number: row.try_get("", "number")?,
            snapshot_at: row.try_get("", "snapshot_at")?,
            policy: row.try_get("", "policy")?,
            is_synthetic: row.try_get("", "is_synthetic")?,
        },
        state: state.parse().map_err(|_| damaged("a release has an unknown state"))?,
        step: Step::read(&step)?,
        policy_hash: row.try_get("", "policy_hash")?,
        is_loosened: row.try_get("", "is_loosened")?,
        code_revision: row.try_get("", "code_revision")?,
        begun_at: row.try_get("", "begun_at")?,
        built_at: row.try_get("", "built_at")?,
        audited_at: row.try_get("", "audited_at")?,
        published_at: row.try_get("", "published_at")?,
        retracted_at: row.try_get("", "retracted_at")?,
        retraction: row.try_get("", "retraction")?,
        values_erased_at: row.try_get("", "values_erased_at")?,
        merkle_root: row.try_get("", "merkle_root")?,
        manifest: row.try_get("", "manifest")?,
        signature: row.try_get("", "signature")?,
    })
}
