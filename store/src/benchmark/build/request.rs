//! Beginning a release, or going on with it.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::disclosure::{Day, Policy, Quarter, ReleaseState};

use super::{
    damaged, hexadecimal,
    record::{ReleaseRecord, Step},
    refused, sha256,
    steps::Steps,
};
use crate::{
    benchmark::{
        builder::{Builder, BuilderError, DraftRelease},
        snapshot::SnapshotSummary,
    },
    library::Progress,
};

const INSERT: &str = "
INSERT INTO draft_release (key, number, snapshot_at, state, step, policy, policy_hash, is_loosened, is_synthetic,
    code_revision, begun_at)
VALUES ($1, $2, $3, 'DRAFT', 'SNAPSHOT', $4, $5, $6, $7, $8, $9)";
const RESTART: &str = "
UPDATE draft_release SET step = 'SNAPSHOT', policy = $2, policy_hash = $3, is_loosened = $4, is_synthetic = $5,
    code_revision = $6, built_at = NULL
WHERE number = $1";
const STEP: &str = "UPDATE draft_release SET step = $2 WHERE number = $1";
const BUILT: &str = "UPDATE draft_release SET step = 'DONE', built_at = $2 WHERE number = $1";

/// What is to be built.
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// The quarter; it must be over.
    pub quarter: Quarter,
    /// The rules.
    pub policy: Policy,
    /// Whether the organizations are made up; the release says so everywhere.
    pub is_synthetic: bool,
    /// The revision of this program.
    pub code_revision: String,
}

/// What was built.
#[derive(Clone, Debug)]
pub struct BuildSummary {
    /// The release.
    pub release: DraftRelease,
    /// How many roles and combinations it has.
    pub roles: u64,
    /// How many of them were computed in this run.
    pub computed: u64,
    /// How many cells are fresh, carried, the same as others, or withheld, by reason.
    pub cells: BTreeMap<String, u64>,
    /// What was collected in this run; nothing if the contributions were there.
    pub snapshot: Option<SnapshotSummary>,
    /// How long the steps took, added up over all roles.
    pub steps: Vec<(&'static str, Duration)>,
}

impl Builder {
    /// Builds the release of a quarter, or goes on with it: a draft that a killed builder left is completed, and a complete
    /// draft takes up what has changed since.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] if the quarter or the clock does not allow it, see [`BuilderError`].
    pub async fn build(&self, request: BuildRequest, progress: &dyn Progress) -> Result<BuildSummary, BuilderError> {
        let record = self.begin_release(&request).await?;
        let steps = Steps::default();
        let snapshot = self.bring_contributions(&record, &request.policy, progress);
        let snapshot = steps.of("contributions", snapshot).await?;
        let release = record.release;
        let (roles, computed) = self.build_cells(&release, &request.policy, &steps, progress).await?;
        self.execute(BUILT, [release.number.into(), self.now().into()]).await?;
        let cells = self.counts_by_reason(release.number).await?;
        Ok(BuildSummary { release, roles, computed, cells, snapshot, steps: steps.list() })
    }

    /// The release of the request: a new one, or the draft that is there.
    async fn begin_release(&self, request: &BuildRequest) -> Result<ReleaseRecord, BuilderError> {
        refuse_loosened(&request.policy)?;
        let releases = self.releases().await?;
        let key = request.quarter.to_string();
        self.refuse_jumped_clock(&releases)?;
        let snapshot_at = instant(request.quarter.snapshot())?;
        if self.now() < snapshot_at {
            let end = snapshot_at.format("%Y-%m-%d");
            return Err(refused(format!("the quarter {key} has not ended: build it on {end} (UTC) or later")));
        }
        match releases.iter().find(|record| record.release.key == key) {
            Some(record) => self.resume(record, request).await?,
            None => self.insert_release(&releases, snapshot_at, request).await?,
        }
        self.release(&key).await
    }

    async fn resume(&self, record: &ReleaseRecord, request: &BuildRequest) -> Result<(), BuilderError> {
        record.expect(ReleaseState::Draft, "approve and publish it, or build the next quarter")?;
        let policy = request.policy.to_json();
        let is_same = record.release.policy == policy
            && record.release.is_synthetic == request.is_synthetic
            && record.code_revision == request.code_revision;
        if is_same {
            return Ok(());
        }
        tracing::info!(release = record.release.key, "the policy or the program is another one: starting over");
        let values = [
            record.release.number.into(),
            policy.as_str().into(),
            hexadecimal(&sha256(policy.as_bytes())).into(),
            is_loosened(&request.policy).into(),
            request.is_synthetic.into(),
            request.code_revision.as_str().into(),
        ];
        self.execute(RESTART, values).await?;
        Ok(())
    }

    async fn insert_release(
        &self,
        releases: &[ReleaseRecord],
        snapshot_at: DateTime<Utc>,
        request: &BuildRequest,
    ) -> Result<(), BuilderError> {
        let key = request.quarter.to_string();
        if let Some(later) = releases.iter().find(|record| record.release.snapshot_at >= snapshot_at) {
            let later = &later.release.key;
            return Err(refused(format!("the quarter {key} lies before the release {later}: build a later one")));
        }
        if let Some(draft) = releases.iter().find(|record| record.state == ReleaseState::Draft) {
            // Its figures would not count among those that this one must differ from.
            let draft = &draft.release.key;
            return Err(refused(format!("the release {draft} is a draft still: audit it first")));
        }
        let number = releases.last().map_or(0, |record| record.release.number) + 1;
        let policy = request.policy.to_json();
        let values = [
            key.into(),
            number.into(),
            snapshot_at.into(),
            policy.as_str().into(),
            hexadecimal(&sha256(policy.as_bytes())).into(),
            is_loosened(&request.policy).into(),
            request.is_synthetic.into(),
            request.code_revision.as_str().into(),
            self.now().into(),
        ];
        self.execute(INSERT, values).await?;
        Ok(())
    }

    /// Collects the contributions, or what has changed of them since the draft was complete.
    async fn bring_contributions(
        &self,
        record: &ReleaseRecord,
        policy: &Policy,
        progress: &dyn Progress,
    ) -> Result<Option<SnapshotSummary>, BuilderError> {
        let summary = match record.step {
            Step::Snapshot => self.collect(&record.release, policy, progress).await?,
            Step::Done => self.collect_changes(&record.release, policy, progress).await?,
            Step::Cells => return Ok(None),
        };
        self.execute(STEP, [record.release.number.into(), Step::Cells.as_str().into()]).await?;
        Ok(Some(summary))
    }
}

/// Whether a release protects less than the normative policy does.
fn is_loosened(policy: &Policy) -> bool {
    !policy.check().is_empty() || super::zero_noise::is_on()
}

fn refuse_loosened(policy: &Policy) -> Result<(), BuilderError> {
    if policy.is_without_noise() {
        return Err(refused(format!(
            "the policy draws no noise to speak of (commonNoise is {}, ownNoise is {}): figures would be exact, and that is \
             not built, unsafePolicy or not",
            policy.common_noise, policy.own_noise
        )));
    }
    let loosened = policy.check();
    if loosened.is_empty() || policy.unsafe_policy {
        return Ok(());
    }
    let list: Vec<String> = loosened
        .iter()
        .map(|found| format!("{} is {}, must be {}", found.field, found.value, found.normative))
        .collect();
    Err(refused(format!(
        "the policy protects less than the normative one ({}); if this is meant, set unsafePolicy to true: the release is \
         marked then",
        list.join("; ")
    )))
}

/// The first moment of a day, UTC.
pub(super) fn instant(day: Day) -> Result<DateTime<Utc>, BuilderError> {
    let date = NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into());
    date.map(|date| date.and_time(NaiveTime::MIN).and_utc()).ok_or_else(|| damaged("a day is not in the calendar"))
}
