//! The roles and combinations of a release.

use domain::disclosure::{Axis, Centre};
use sea_orm::QueryResult;

use super::damaged;
use crate::benchmark::builder::{Builder, BuilderError};

const ROLES: &str = "
SELECT role_number, role_key, kind, tasks, skills, score_centre, ratio_centre, is_totalled, is_done
FROM axis WHERE release_number = $1 ORDER BY role_number";

/// A role or a combination in a release.
#[derive(Clone, Debug)]
pub(super) struct Role {
    /// Its number in the release.
    pub(super) number: i32,
    /// What is counted for it.
    pub(super) axis: Axis,
    /// What its values are measured from.
    pub(super) centre: Centre,
    /// Whether its sums are stored.
    pub(super) is_totalled: bool,
    /// Whether its cells are decided.
    pub(super) is_done: bool,
}

impl Builder {
    /// All roles of a release, in the order of their numbers.
    pub(super) async fn roles(&self, release: i32) -> Result<Vec<Role>, BuilderError> {
        self.rows(ROLES, [release.into()]).await?.iter().map(role).collect()
    }
}

fn role(row: &QueryResult) -> Result<Role, BuilderError> {
    let (kind, tasks, skills): (String, String, String) =
        (row.try_get("", "kind")?, row.try_get("", "tasks")?, row.try_get("", "skills")?);
    let keys = |text: &str| serde_json::from_str(text).map_err(|_| damaged("the axis of a role cannot be read"));
    Ok(Role {
        number: row.try_get("", "role_number")?,
        axis: Axis {
            key: row.try_get("", "role_key")?,
            kind: kind.parse().map_err(|_| damaged("the axis of a role has an unknown kind"))?,
            tasks: keys(&tasks)?,
            skills: keys(&skills)?,
            components: Vec::new(),
        },
        centre: Centre { score: row.try_get("", "score_centre")?, ratio: row.try_get("", "ratio_centre")? },
        is_totalled: row.try_get("", "is_totalled")?,
        is_done: row.try_get("", "is_done")?,
    })
}
