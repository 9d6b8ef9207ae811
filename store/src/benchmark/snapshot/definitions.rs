//! The role versions that were in force: what an organization contributes is made of them.

use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use domain::{disclosure::Policy, roles::RoleDefinition};
use sea_orm::Value;
use uuid::Uuid;

use crate::{
    StoreError,
    benchmark::builder::{Builder, DraftRelease},
};

/// Numbers count the versions of a role, and clocks may jump: of versions in force the last one holds.
const IN_FORCE: &str = "
SELECT v.org_id, v.role_id, v.definition FROM role_version v
JOIN role_configuration r ON r.org_id = v.org_id AND r.id = v.role_id
WHERE v.published_at <= $1 AND (r.archived_at IS NULL OR r.archived_at > $1) AND NOT EXISTS (
    SELECT 1 FROM role_version n
    WHERE n.org_id = v.org_id AND n.role_id = v.role_id AND n.number > v.number AND n.published_at <= $1)
AND v.org_id IN ";

/// The most heads that the server lets a role have.
const HEADS_MAXIMUM: f64 = 1_000_000.0;

/// Why a role version cannot be counted at all. The server keeps no such version; rows written past it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Impossible {
    /// Not the JSON of a role.
    Unreadable,
    /// Not a number of heads.
    Heads,
    /// A share of time that is none.
    TimeShare,
}

impl Impossible {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "UNREADABLE",
            Self::Heads => "IMPOSSIBLE_HEADCOUNT",
            Self::TimeShare => "IMPOSSIBLE_TIME_SHARE",
        }
    }
}

/// A role version that cannot be counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) role: Uuid,
    pub(super) why: Impossible,
}

/// The roles of an organization that were in force, in the order of their identifiers.
#[derive(Default)]
pub(super) struct InForce {
    pub(super) roles: Vec<RoleDefinition>,
    /// The identifiers of the roles.
    pub(super) ids: Vec<Uuid>,
    pub(super) faults: Vec<Fault>,
}

/// The instant whose versions count: so many days before the snapshot (rule E3).
pub(super) fn values_as_of(release: &DraftRelease, policy: &Policy) -> DateTime<Utc> {
    let days = Days::new(policy.value_age_days.into());
    release.snapshot_at.checked_sub_days(days).unwrap_or(release.snapshot_at)
}

impl Builder {
    /// The roles of these organizations that were in force at an instant.
    pub(super) async fn in_force(
        &self,
        organizations: &[Uuid],
        at: DateTime<Utc>,
    ) -> Result<HashMap<Uuid, InForce>, StoreError> {
        let mut all: HashMap<Uuid, InForce> = organizations.iter().map(|id| (*id, InForce::default())).collect();
        if organizations.is_empty() {
            return Ok(all);
        }
        let places: Vec<String> = (2..organizations.len() + 2).map(|place| format!("${place}")).collect();
        let sql = format!("{IN_FORCE} ({}) ORDER BY v.org_id, v.role_id", places.join(", "));
        let values = std::iter::once(Value::from(at)).chain(organizations.iter().map(|id| Value::from(*id)));
        for row in self.rows(&sql, values).await? {
            let Some(of) = all.get_mut(&row.try_get::<Uuid>("", "org_id")?) else { continue };
            let role = row.try_get("", "role_id")?;
            match readable(&row.try_get::<String>("", "definition")?) {
                Ok(definition) => {
                    of.roles.push(definition);
                    of.ids.push(role);
                }
                Err(why) => of.faults.push(Fault { role, why }),
            }
        }
        Ok(all)
    }
}

/// The role of a stored text, if it can be one.
fn readable(text: &str) -> Result<RoleDefinition, Impossible> {
    let definition: RoleDefinition = serde_json::from_str(text).map_err(|_| Impossible::Unreadable)?;
    if !(definition.headcount > 0.0 && definition.headcount <= HEADS_MAXIMUM) {
        return Err(Impossible::Heads);
    }
    let mut shares = definition.tasks.iter().filter_map(|task| task.time_share);
    if !shares.all(|share| (0.0..=1.0).contains(&share)) {
        return Err(Impossible::TimeShare);
    }
    Ok(definition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_values_are_named() {
        let share = |share: &str| format!(r#"{{"title":"A","headcount":5,"tasks":[{{"time_share":{share}}}]}}"#);
        for (text, why) in [
            ("{", Impossible::Unreadable),
            (r#"{"headcount":null}"#, Impossible::Unreadable),
            (r#"{"headcount":"5"}"#, Impossible::Unreadable),
            (r#"{"headcount":-3}"#, Impossible::Heads),
            (r#"{"headcount":0}"#, Impossible::Heads),
            (r#"{"headcount":1e300}"#, Impossible::Heads),
            (&share("-0.1"), Impossible::TimeShare),
            (&share("1.5"), Impossible::TimeShare),
            (&share("1e999"), Impossible::Unreadable),
        ] {
            assert_eq!(readable(text).unwrap_err(), why, "{text}");
        }
        assert_eq!(readable(&share("0.5")).unwrap().headcount, 5.0);
    }
}
