//! The segments of organizations, frozen: who changes the segment too often keeps the former one (rule R3).

use std::collections::HashMap;

use domain::disclosure::{Atom, Policy};
use uuid::Uuid;

use super::candidates::segment_of;
use crate::{
    StoreError,
    benchmark::builder::{Builder, DraftRelease},
};

/// The segment verified last, of every organization; an ended one counts until another one is verified.
const VERIFIED: &str = "
SELECT s.org_id, s.industry, s.size_band, s.region FROM organization_segment s
WHERE s.verified_at <= $1 AND s.org_id > $2 AND NOT EXISTS (
    SELECT 1 FROM organization_segment n WHERE n.org_id = s.org_id AND n.verified_at <= $1
        AND (n.verified_at > s.verified_at OR n.verified_at = s.verified_at AND n.id > s.id))
ORDER BY s.org_id LIMIT $3";
const FROZEN: &str = "SELECT tenant_id, atom, since_release FROM frozen_segment";
const PAGE: i32 = 5_000;

/// Where an organization stands in a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frozen {
    pub(super) atom: Atom,
    pub(super) since_release: i32,
    /// Whether another segment was verified, too soon after the last change.
    pub(super) has_to_wait: bool,
    /// Whether it is not the one that was frozen before.
    pub(super) is_new: bool,
}

/// The segments that hold for a release.
pub(super) struct Segments(HashMap<Uuid, Frozen>);

impl Segments {
    pub(super) fn of(&self, organization: Uuid) -> Option<Frozen> {
        self.0.get(&organization).copied()
    }
}

impl Builder {
    /// The segments that hold for a release: those verified until its snapshot, unless they were changed too soon.
    pub(super) async fn segments(&self, release: &DraftRelease, policy: &Policy) -> Result<Segments, StoreError> {
        let mut frozen = HashMap::new();
        for row in self.rows(FROZEN, []).await? {
            let atom = u16::try_from(row.try_get::<i16>("", "atom")?).ok().and_then(Atom::from_index);
            if let Some(atom) = atom {
                frozen.insert(row.try_get::<Uuid>("", "tenant_id")?, (atom, row.try_get("", "since_release")?));
            }
        }
        let mut segments = HashMap::new();
        let mut after = Uuid::nil();
        loop {
            let rows = self.rows(VERIFIED, [release.snapshot_at.into(), after.into(), PAGE.into()]).await?;
            for row in &rows {
                after = row.try_get("", "org_id")?;
                if let Some(segment) = segment_of(row)? {
                    let former = frozen.get(&after).copied();
                    segments.insert(after, hold(segment.atom(), former, release.number, policy));
                }
            }
            if rows.len() < PAGE as usize {
                return Ok(Segments(segments));
            }
        }
    }
}

/// The segment that counts: the verified one, or the former one while the last change is too recent.
fn hold(verified: Atom, former: Option<(Atom, i32)>, release: i32, policy: &Policy) -> Frozen {
    let taken_over = Frozen { atom: verified, since_release: release, has_to_wait: false, is_new: true };
    match former {
        Some((atom, since_release)) if atom == verified => Frozen { since_release, is_new: false, ..taken_over },
        // A draft that is built again may decide again.
        Some((_, since_release)) if since_release == release => taken_over,
        Some((atom, since_release)) if i64::from(release) - i64::from(since_release) < limit(policy) => {
            Frozen { atom, since_release, has_to_wait: true, is_new: false }
        }
        _ => taken_over,
    }
}

fn limit(policy: &Policy) -> i64 {
    i64::from(policy.segment_change_releases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_changes_once_in_four_releases() {
        let policy = Policy::default();
        let atom = |index| Atom::from_index(index).unwrap();
        // Another industry is verified in each quarter.
        let (mut former, mut held) = (None, Vec::new());
        for release in 1..=9 {
            let verified = atom(40 * (release as u16));
            let frozen = hold(verified, former, release, &policy);
            former = Some((frozen.atom, frozen.since_release));
            held.push(frozen.since_release);
        }
        assert_eq!(held, [1, 1, 1, 1, 5, 5, 5, 5, 9]);
    }

    #[test]
    fn a_draft_built_again_decides_alike() {
        let policy = Policy::default();
        let (one, two) = (Atom::from_index(1).unwrap(), Atom::from_index(2).unwrap());
        let first = hold(two, Some((one, 1)), 5, &policy);
        assert_eq!((first.atom, first.since_release), (two, 5));
        let again = hold(two, Some((first.atom, first.since_release)), 5, &policy);
        assert_eq!((first.is_new, again), (true, Frozen { is_new: false, ..first }));
        let early = hold(two, Some((one, 3)), 5, &policy);
        assert_eq!((early.atom, early.since_release, early.has_to_wait), (one, 3, true));
    }
}
