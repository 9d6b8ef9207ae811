//! What the operator sees of a release. Of the number of contributors only bands, here too.

use std::collections::BTreeMap;

use domain::disclosure::{ContributorBand, PeerGroup, Policy, ReleasedCell};
use sea_orm::QueryResult;

use super::{damaged, record::ReleaseRecord, refused, situation::peer_group};
use crate::benchmark::builder::{Builder, BuilderError};

const CELLS: &str = "
SELECT CAST(c.peer_group AS bigint) AS peer_group, CAST(c.contributors AS bigint) AS contributors, c.reason,
    r.key AS as_of, v.figures
FROM axis a
JOIN draft_cell c ON c.release_number = a.release_number AND c.role_number = a.role_number
LEFT JOIN draft_version v ON v.id = c.version_id
LEFT JOIN draft_release r ON r.number = v.release_number
WHERE a.release_number = $1 AND a.role_key = $2
ORDER BY c.peer_group";
const ROLES: &str = "SELECT role_key FROM axis WHERE release_number = $1 ORDER BY role_key";

/// A release for the operator.
#[derive(Clone, Debug)]
pub struct ReleaseView {
    /// The release.
    pub record: ReleaseRecord,
    /// How many cells are fresh, carried, the same as others, or withheld, by reason.
    pub cells: BTreeMap<String, u64>,
    /// The keys of its roles and combinations.
    pub roles: Vec<String>,
    /// The names of those whose approval holds.
    pub approved_by: Vec<String>,
}

/// A cell for the operator.
#[derive(Clone, Debug)]
pub struct CellView {
    /// Which one.
    pub group: PeerGroup,
    /// Between which counts its contributors lie; nothing below the least count that is published.
    pub band: Option<ContributorBand>,
    /// Why it is withheld.
    pub reason: Option<String>,
    /// The release for which its figures were computed.
    pub as_of: Option<String>,
    /// Its figures.
    pub figures: Option<ReleasedCell>,
}

impl Builder {
    /// A release with what became of its cells.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] if there is none with this key.
    pub async fn show(&self, key: &str) -> Result<ReleaseView, BuilderError> {
        let record = self.release(key).await?;
        let mut roles = Vec::new();
        for row in self.rows(ROLES, [record.release.number.into()]).await? {
            roles.push(row.try_get("", "role_key")?);
        }
        let approvals = if record.manifest.is_some() { self.valid_approvals(&record).await? } else { Vec::new() };
        Ok(ReleaseView {
            cells: self.counts_by_reason(record.release.number).await?,
            approved_by: approvals.into_iter().map(|approval| approval.approver).collect(),
            roles,
            record,
        })
    }

    /// The cells of a role, those without contributors left out.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] if there is no such release or role.
    pub async fn show_role(&self, key: &str, role: &str) -> Result<Vec<CellView>, BuilderError> {
        let record = self.release(key).await?;
        let policy = record.policy()?;
        let rows = self.rows(CELLS, [record.release.number.into(), role.into()]).await?;
        if rows.is_empty() {
            return Err(refused(format!(
                "the release {key} has no cells of {role}: see `rolemark benchmark show {key}`"
            )));
        }
        rows.iter().filter_map(|row| cell(row, &policy).transpose()).collect()
    }
}

fn cell(row: &QueryResult, policy: &Policy) -> Result<Option<CellView>, BuilderError> {
    let contributors: i64 = row.try_get("", "contributors")?;
    let contributors = u32::try_from(contributors).map_err(|_| damaged("a count is negative"))?;
    if contributors == 0 {
        return Ok(None);
    }
    let figures: Option<String> = row.try_get("", "figures")?;
    let figures = figures.map(|text| ReleasedCell::from_published_json(&text)).transpose();
    Ok(Some(CellView {
        group: peer_group(row, "peer_group")?,
        band: (contributors >= policy.k_min).then(|| ContributorBand::of(policy, contributors)),
        reason: row.try_get("", "reason")?,
        as_of: row.try_get("", "as_of")?,
        figures: figures.map_err(|_| damaged("figures cannot be read"))?,
    }))
}
