//! What a snapshot found, in numbers.

use std::collections::BTreeMap;

use domain::disclosure::{Ineligible, LeftOutRole};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::definitions::Fault;
use crate::{
    StoreError,
    benchmark::builder::{DraftRelease, rows},
};

const COUNTS: &str = "
SELECT (SELECT count(*) FROM tenant_group WHERE release_number = $1) AS contributing_organizations,
    (SELECT count(DISTINCT group_hash) FROM tenant_group WHERE release_number = $1) AS control_groups,
    (SELECT count(*) FROM control_group WHERE first_release = $1) AS admitted,
    (SELECT count(DISTINCT partner_number) FROM partner_group WHERE release_number = $1) AS partners,
    (SELECT count(*) FROM axis WHERE release_number = $1) AS axes,
    (SELECT count(*) FROM contribution WHERE release_number = $1) AS contributions,
    (SELECT count(*) FROM contribution WHERE release_number = $1 AND is_waiting) AS waiting";

/// What a snapshot found, counted by reason. For the operator: parts of it would tell others who contributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotSummary {
    /// Organizations that have opted in.
    pub organizations: u64,
    /// Organizations that contribute.
    pub contributing_organizations: u64,
    /// Why others do not, by code; an organization counts under each of its reasons.
    pub ineligible: BTreeMap<String, u64>,
    /// Published roles of eligible organizations that are not in their contribution, by code. After an update of a draft,
    /// only of the organizations that were looked at again.
    pub left_out: BTreeMap<String, u64>,
    /// Control groups that contribute.
    pub control_groups: u64,
    /// Control groups that contribute for the first time.
    pub admitted: u64,
    /// Organizations whose changed segment has to wait, because they changed it too lately.
    pub segments_kept: u64,
    /// Different sets of contributors that one organization, owner or person can see.
    pub partners: u64,
    /// Canonical roles and combinations that somebody contributes to.
    pub axes: u64,
    /// Contributions: control group by canonical role or combination.
    pub contributions: u64,
    /// Contributions that do not count yet (rule E6).
    pub waiting: u64,
    /// After an update of a draft: contributions that were taken away, and contributions that were added; one that changed
    /// is both.
    pub changes: u64,
}

impl SnapshotSummary {
    /// Counts what was written.
    pub(super) async fn count_rows(
        &mut self,
        connection: &impl ConnectionTrait,
        release: &DraftRelease,
    ) -> Result<(), StoreError> {
        for row in rows(connection, COUNTS, [release.number.into()]).await? {
            let count = |column: &str| row.try_get::<i64>("", column).map(i64::unsigned_abs);
            self.contributing_organizations = count("contributing_organizations")?;
            self.control_groups = count("control_groups")?;
            self.admitted = count("admitted")?;
            self.partners = count("partners")?;
            self.axes = count("axes")?;
            self.contributions = count("contributions")?;
            self.waiting = count("waiting")?;
        }
        Ok(())
    }

    /// Counts an organization that is not eligible.
    pub(super) fn count_ineligible(&mut self, reasons: &[Ineligible]) {
        for reason in reasons {
            *self.ineligible.entry(reason.as_str().to_owned()).or_default() += 1;
        }
    }

    /// Counts the roles that an eligible organization does not contribute.
    pub(super) fn count_left_out(&mut self, roles: &[LeftOutRole], faults: &[Fault]) {
        let codes = roles.iter().map(|role| role.why.as_str()).chain(faults.iter().map(|fault| fault.why.as_str()));
        for code in codes {
            *self.left_out.entry(code.to_owned()).or_default() += 1;
        }
    }
}
