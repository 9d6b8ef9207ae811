//! What the rules are told about a role: contributors, partners, and what changed since earlier releases.

use std::collections::{BTreeSet, HashSet};

use domain::disclosure::{Digest, EarlierVersion, PartnerCount, PeerGroup, Policy, RoleSituation};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{
    damaged, differences,
    role::Role,
    totals::{AtomTotals, Basis, Seen, atom_of},
};
use crate::benchmark::builder::{BuilderError, Transaction, rows};

/// All cells of the role that earlier releases show. A release that is audited counts: it may be published any day. A
/// retracted one does: its figures have been seen.
const EARLIER: &str = "
SELECT c.version_id AS id, CAST(v.peer_group AS bigint) AS peer_group, CAST(c.peer_group AS bigint) AS shown_by,
    v.release_number, v.digest, r.state
FROM axis a
JOIN draft_release r ON r.number = a.release_number AND r.state <> 'DRAFT'
JOIN draft_cell c ON c.release_number = a.release_number AND c.role_number = a.role_number
JOIN draft_version v ON v.id = c.version_id
WHERE a.role_key = $1 AND a.release_number < $2 AND a.release_number >= $3
ORDER BY c.release_number, c.peer_group";
/// The versions of a role that earlier releases show.
pub(super) struct Earlier {
    /// One entry for each version and peer group that showed it.
    pub(super) versions: Vec<EarlierVersion>,
    /// Those that a release shows which was not retracted: only these may be shown again.
    pub(super) showable: HashSet<Uuid>,
}

/// The text of a digest.
pub(super) fn digest_text(digest: Digest) -> String {
    digest.0.map(|part| format!("{part:x}")).join("-")
}

fn digest_of(text: &str) -> Result<Digest, BuilderError> {
    let parts: Result<Vec<i64>, _> = text.split('-').map(|part| i64::from_str_radix(part, 16)).collect();
    let digest = parts.ok().and_then(|parts| <[i64; 3]>::try_from(parts).ok());
    digest.map(Digest).ok_or_else(|| damaged("a digest cannot be read"))
}

impl Earlier {
    /// The versions of the last releases, those of `policy.window`.
    pub(super) async fn load(
        transaction: &Transaction,
        release: i32,
        role: &Role,
        policy: &Policy,
    ) -> Result<Self, BuilderError> {
        let first = release - i32::try_from(policy.window).unwrap_or(i32::MAX);
        let mut found = Self { versions: Vec::new(), showable: HashSet::new() };
        let mut known = HashSet::new();
        for row in rows(transaction, EARLIER, [role.axis.key.as_str().into(), release.into(), first.into()]).await? {
            let version = earlier_version(&row)?;
            if row.try_get::<String>("", "state")? != "RETRACTED" {
                found.showable.insert(version.id);
            }
            if known.insert((version.id, version.shown_by)) {
                found.versions.push(version);
            }
        }
        Ok(found)
    }
}

fn earlier_version(row: &QueryResult) -> Result<EarlierVersion, BuilderError> {
    let digest: String = row.try_get("", "digest")?;
    let release: i32 = row.try_get("", "release_number")?;
    Ok(EarlierVersion {
        id: row.try_get("", "id")?,
        peer_group: peer_group(row, "peer_group")?,
        shown_by: peer_group(row, "shown_by")?,
        release: release.try_into().map_err(|_| damaged("the number of a release is negative"))?,
        digest: digest_of(&digest)?,
    })
}

/// The peer group in a column of a row.
pub(super) fn peer_group(row: &QueryResult, column: &str) -> Result<PeerGroup, BuilderError> {
    let index: i64 = row.try_get("", column)?;
    let group = usize::try_from(index).ok().and_then(PeerGroup::from_index);
    group.ok_or_else(|| damaged("a peer group is none"))
}

/// Everything that the rules ask for.
pub(super) async fn situation(
    transaction: &Transaction,
    basis: Basis,
    release: i32,
    role: &Role,
    totals: &AtomTotals,
    seen: &[Seen],
    earlier: &Earlier,
) -> Result<RoleSituation, BuilderError> {
    let mut differences = Vec::new();
    let releases: BTreeSet<u32> = earlier.versions.iter().map(|version| version.release).collect();
    for before in releases {
        differences.extend(differences::differences(transaction, basis, before, release, role).await?);
    }
    let count = |(partner, atom, groups): &Seen| -> Result<PartnerCount, BuilderError> {
        let number = |value: i64| u32::try_from(value).map_err(|_| damaged("a count is negative"));
        Ok(PartnerCount { partner: number((*partner).into())?, atom: atom_of(*atom)?, groups: number(*groups)? })
    };
    Ok(RoleSituation {
        release: release.try_into().map_err(|_| damaged("the number of a release is negative"))?,
        kind: role.axis.kind,
        atoms: totals.counts(role)?,
        partners: seen.iter().map(count).collect::<Result<_, _>>()?,
        differences,
        earlier: earlier.versions.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_text() {
        let digest = Digest([0, 0xff, 1 << 60]);
        assert_eq!(digest_text(digest), "0-ff-1000000000000000");
        assert_eq!(digest_of(&digest_text(digest)).ok(), Some(digest));
        assert!(digest_of("1-2").is_err() && digest_of("").is_err());
    }
}
