//! Who is in which published cells: what the reconstruction audit looks at, grouped by the database.

use std::collections::BTreeMap;

use domain::disclosure::{Atom, AuditVersion, Pattern, PeerGroup, Policy};

use super::{damaged, role::Role, situation::peer_group, totals::atom_of};
use crate::benchmark::builder::{BuilderError, Transaction, rows};

/// Every version of the role that is shown by this release or an earlier one.
const SHOWN: &str = "
SELECT DISTINCT v.id, v.release_number, CAST(v.peer_group AS bigint) AS peer_group,
    CAST(v.contributors AS bigint) AS contributors
FROM axis a
JOIN draft_cell c ON c.release_number = a.release_number AND c.role_number = a.role_number
JOIN draft_version v ON v.id = c.version_id
WHERE a.role_key = $1 AND a.release_number <= $2 AND v.release_number > $3
ORDER BY v.release_number, peer_group";
const NUMBERS: &str = "
SELECT release_number, role_number FROM axis WHERE role_key = $1 AND release_number <= $2 AND release_number > $3";
const LARGEST_PARTNER: &str = "
SELECT partner_number FROM partner_total WHERE release_number = $1 AND role_number = $2
GROUP BY partner_number ORDER BY sum(groups) DESC, partner_number LIMIT 1";

/// A version that the audit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) release: i32,
    pub(super) group: PeerGroup,
    pub(super) contributors: u32,
}

/// Contributors that were in the same places in the same releases.
struct Path {
    places: Vec<(i32, Atom)>,
    is_known: bool,
    groups: u32,
}

/// The versions of a role in the last releases, and who is in them.
pub(super) struct Membership {
    pub(super) shown: Vec<Shown>,
    paths: Vec<Path>,
}

impl Membership {
    /// Loads it for a release and those before it.
    pub(super) async fn load(
        transaction: &Transaction,
        release: i32,
        role: &Role,
        policy: &Policy,
    ) -> Result<Self, BuilderError> {
        let first = release - i32::try_from(policy.window).unwrap_or(i32::MAX);
        let values = || [role.axis.key.as_str().into(), release.into(), first.into()];
        let mut shown = Vec::new();
        for row in rows(transaction, SHOWN, values()).await? {
            let contributors: i64 = row.try_get("", "contributors")?;
            let contributors = contributors.try_into().map_err(|_| damaged("a count is negative"))?;
            shown.push(Shown {
                release: row.try_get("", "release_number")?,
                group: peer_group(&row, "peer_group")?,
                contributors,
            });
        }
        let mut numbers = Vec::new();
        for row in rows(transaction, NUMBERS, values()).await? {
            let release = row.try_get("", "release_number")?;
            if shown.iter().any(|version: &Shown| version.release == release) {
                numbers.push((release, row.try_get("", "role_number")?));
            }
        }
        let paths = paths(transaction, release, role, &numbers).await?;
        Ok(Self { shown, paths })
    }

    /// The question to the audit; `shown` are the versions that are to be counted.
    pub(super) fn question(
        &self,
        policy: &Policy,
        shown: &[Shown],
        knows_partner: bool,
    ) -> (Vec<AuditVersion>, Vec<Pattern>) {
        let version = |shown: &Shown| AuditVersion {
            noise_sd_units: policy.sum_noise(shown.contributors),
            release: shown.release.unsigned_abs(),
            contributors: shown.contributors,
        };
        let mut patterns: BTreeMap<(Vec<u16>, bool), u32> = BTreeMap::new();
        for path in &self.paths {
            let key = (path.versions(shown), path.is_known && knows_partner);
            *patterns.entry(key).or_default() += path.groups;
        }
        let patterns = patterns.into_iter();
        let patterns = patterns.map(|((versions, known), contributors)| Pattern { versions, known, contributors });
        (shown.iter().map(version).collect(), patterns.collect())
    }
}

impl Path {
    fn versions(&self, shown: &[Shown]) -> Vec<u16> {
        let is_in = |version: &Shown| {
            self.places.iter().any(|(release, atom)| *release == version.release && version.group.contains(*atom))
        };
        let versions = shown.iter().zip(0_u16..).filter(|(version, _)| is_in(version));
        versions.map(|(_, place)| place).collect()
    }
}

/// Groups the contributors of a role by where they were in which release.
async fn paths(
    transaction: &Transaction,
    release: i32,
    role: &Role,
    numbers: &[(i32, i32)],
) -> Result<Vec<Path>, BuilderError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let partner = rows(transaction, LARGEST_PARTNER, [release.into(), role.number.into()]).await?;
    let partner: i32 = partner.first().map(|row| row.try_get("", "partner_number")).transpose()?.unwrap_or(-1);
    let mut found = Vec::new();
    for row in rows(transaction, &path_statement(numbers), [release.into(), partner.into()]).await? {
        let path: String = row.try_get("", "path")?;
        let groups: i64 = row.try_get("", "groups")?;
        found.push(Path {
            places: path.split(',').map(place).collect::<Result<_, _>>()?,
            is_known: row.try_get::<i32>("", "is_known")? == 1,
            groups: groups.try_into().map_err(|_| damaged("a count is negative"))?,
        });
    }
    Ok(found)
}

/// `$1` is the release and `$2` the partner whose groups are known.
fn path_statement(numbers: &[(i32, i32)]) -> String {
    let part = |(release, role): &(i32, i32)| {
        format!(
            "SELECT group_hash, '{release}:' || CAST(atom AS text) AS place FROM contribution \
             WHERE release_number = {release} AND role_number = {role} AND NOT is_waiting"
        )
    };
    let parts: Vec<String> = numbers.iter().map(part).collect();
    let of_group = match parts.as_slice() {
        [one] => one.replace("AS place", "AS path"),
        parts => format!(
            "SELECT group_hash, string_agg(place, ',' ORDER BY place) AS path FROM ({}) s GROUP BY group_hash",
            parts.join("\nUNION ALL ")
        ),
    };
    format!(
        "SELECT g.path, CASE WHEN p.group_hash IS NULL THEN 0 ELSE 1 END AS is_known, CAST(count(*) AS bigint) AS groups
         FROM ({of_group}) g
         LEFT JOIN partner_group p ON p.release_number = $1 AND p.partner_number = $2 AND p.group_hash = g.group_hash
         GROUP BY 1, 2"
    )
}

fn place(text: &str) -> Result<(i32, Atom), BuilderError> {
    let parts = text.split_once(':').and_then(|(release, atom)| Some((release.parse().ok()?, atom.parse().ok()?)));
    let (release, atom): (i32, i64) = parts.ok_or_else(|| damaged("a place cannot be read"))?;
    Ok((release, atom_of(atom)?))
}
