//! What a snapshot found, in numbers.

use std::collections::BTreeMap;

use domain::disclosure::{Ineligible, LeftOutRole};
use serde::{Deserialize, Serialize};

use super::definitions::Fault;

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
    /// Published roles of eligible organizations that are not in their contribution, by code.
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
    /// Contributions that came, went or changed since the former build of the same release, each counted once.
    pub changes: u64,
}

impl SnapshotSummary {
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
