//! Who can see several contributors (rule C2): firms, owners of several organizations, and persons.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Months, Utc};
use domain::disclosure::Policy;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::candidates::GroupHash;
use crate::{
    StoreError,
    benchmark::builder::{Builder, Cell, Column, DraftRelease, execute, insert},
};

/// Members of more than one organization, and members who were let in elsewhere: all others see their own one only.
const MEMBERSHIPS: &str = "
WITH recent AS (
    SELECT user_id, org_id FROM member WHERE joined_at <= $1 AND (ended_at IS NULL OR ended_at > $2)
), several AS (
    SELECT user_id FROM recent GROUP BY user_id HAVING count(DISTINCT org_id) > 1
    UNION
    SELECT user_id FROM consultant_grant
    WHERE user_id IS NOT NULL AND accepted_at <= $1 AND expires_at > $2 AND (ended_at IS NULL OR ended_at > $2)
)
SELECT DISTINCT r.user_id AS viewer, r.org_id AS seen FROM recent r JOIN several s ON s.user_id = r.user_id";
const PERSONAL_GRANTS: &str = "
SELECT DISTINCT user_id AS viewer, org_id AS seen FROM consultant_grant
WHERE user_id IS NOT NULL AND accepted_at <= $1 AND expires_at > $2 AND (ended_at IS NULL OR ended_at > $2)";
/// A firm may let its staff in as soon as the grant is made.
const FIRM_GRANTS: &str = "
SELECT DISTINCT firm_id AS viewer, org_id AS seen FROM consultant_grant
WHERE firm_id IS NOT NULL AND granted_at <= $1 AND expires_at > $2 AND (ended_at IS NULL OR ended_at > $2)";
const DELETE: &str = "DELETE FROM partner_group WHERE release_number = $1";
const COLUMNS: [Column; 3] =
    [Column::Integer("release_number"), Column::Integer("partner_number"), Column::Bytes("group_hash")];

/// What users or firms can see or could see, as the identifiers of organizations.
type Seen = HashMap<Uuid, Vec<Uuid>>;

/// The sets of control groups that somebody can see, each once and in order.
pub(super) type Partners = BTreeSet<Vec<GroupHash>>;

/// Who can enter what at the snapshot, or could so lately.
struct Entrances {
    /// Of users, only those of them that see more than one organization.
    memberships: Seen,
    /// Of users.
    grants: Seen,
    /// Of organizations, as firms.
    clients: Seen,
}

impl Builder {
    /// Who can see two or more of these contributors, with what they see.
    pub(super) async fn partners(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        owners: &HashMap<Uuid, GroupHash>,
        groups: &HashMap<Uuid, GroupHash>,
    ) -> Result<Partners, StoreError> {
        let at = release.snapshot_at;
        let since = at.checked_sub_months(Months::new(policy.memory_months)).unwrap_or(DateTime::UNIX_EPOCH);
        let entrances = Entrances {
            memberships: self.seen(MEMBERSHIPS, at, since).await?,
            grants: self.seen(PERSONAL_GRANTS, at, since).await?,
            clients: self.seen(FIRM_GRANTS, at, since).await?,
        };
        Ok(entrances.partners(owners, groups))
    }

    async fn seen(&self, sql: &str, at: DateTime<Utc>, since: DateTime<Utc>) -> Result<Seen, StoreError> {
        let mut seen = Seen::new();
        for row in self.rows(sql, [at.into(), since.into()]).await? {
            seen.entry(row.try_get("", "viewer")?).or_default().push(row.try_get("", "seen")?);
        }
        Ok(seen)
    }
}

impl Entrances {
    fn partners(&self, owners: &HashMap<Uuid, GroupHash>, groups: &HashMap<Uuid, GroupHash>) -> Partners {
        let mut staff: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (user, organizations) in &self.memberships {
            for organization in organizations {
                staff.entry(*organization).or_default().push(*user);
            }
        }
        let organizations: HashSet<Uuid> = staff.keys().chain(self.clients.keys()).copied().collect();
        // What one owner's organizations see, that owner sees.
        let mut by_owner: HashMap<Result<GroupHash, Uuid>, Vec<Uuid>> = HashMap::new();
        for organization in organizations {
            by_owner.entry(owners.get(&organization).copied().ok_or(organization)).or_default().push(organization);
        }
        let mut partners = Partners::new();
        let mut add = |organizations: &mut dyn Iterator<Item = Uuid>| {
            let seen: BTreeSet<GroupHash> = organizations.filter_map(|id| groups.get(&id).copied()).collect();
            if seen.len() >= 2 {
                partners.insert(seen.into_iter().collect());
            }
        };
        for organizations in by_owner.values() {
            add(&mut organizations.iter().flat_map(|organization| self.visible(*organization, &staff)));
        }
        for user in self.memberships.keys().chain(self.grants.keys()) {
            let own = self.memberships.get(user).into_iter().flatten();
            let granted = self.grants.get(user).into_iter().flatten().copied();
            add(&mut own.flat_map(|organization| self.visible(*organization, &staff)).chain(granted));
        }
        partners
    }

    /// What an organization and its members can see: itself, its clients, and where its members are at home or let in.
    fn visible(&self, organization: Uuid, staff: &HashMap<Uuid, Vec<Uuid>>) -> impl Iterator<Item = Uuid> {
        let clients = self.clients.get(&organization).into_iter().flatten();
        let members = staff.get(&organization).into_iter().flatten();
        let theirs = members.flat_map(|user| {
            let homes = self.memberships.get(user).into_iter().flatten();
            homes.chain(self.grants.get(user).into_iter().flatten())
        });
        std::iter::once(organization).chain(clients.chain(theirs).copied())
    }
}

/// Writes who sees what, numbered from 1, in the place of what was there.
pub(super) async fn write_partners(
    connection: &impl ConnectionTrait,
    release: i32,
    partners: &Partners,
) -> Result<(), StoreError> {
    execute(connection, DELETE, [release.into()]).await?;
    let numbered = (1..).zip(partners);
    let seen = numbered.flat_map(|(partner, groups)| {
        groups.iter().map(move |group| [Cell::Integer(release.into()), Cell::Integer(partner), Cell::Bytes(group)])
    });
    insert(connection, "partner_group", COLUMNS, seen, "").await?;
    Ok(())
}
