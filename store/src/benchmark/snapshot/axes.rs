//! What is counted in a release: the roles and combinations of the current editions, numbered and with their centres.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    disclosure::{Axis, AxisKind, Centre, Policy, ReleasedCell},
    library::{CanonicalRole, LibraryCombination},
    roles::RoleDefinition,
};
use sea_orm::ConnectionTrait;

use crate::{
    StoreError,
    benchmark::builder::{Builder, BuilderError, DraftRelease, execute, rows},
};

const ROLES: &str = "
SELECT r.definition FROM canonical_role r JOIN library_edition e ON e.key = r.edition_key
WHERE e.is_current ORDER BY r.key";
const COMBINATIONS: &str = "
SELECT c.definition FROM library_combination c JOIN library_edition e ON e.key = c.edition_key
WHERE e.is_current ORDER BY c.key";
/// A role keeps its number, so that releases can be compared by it.
const NUMBERS: &str = "SELECT role_key, min(role_number) AS role_number FROM axis GROUP BY role_key";
/// The `all` cell of each role in the latest earlier release that has one.
const MEANS: &str = "
SELECT v.role_key, v.figures FROM draft_version v
WHERE v.peer_group = 0 AND v.release_number < $1 AND NOT EXISTS (
    SELECT 1 FROM draft_version n WHERE n.role_key = v.role_key AND n.peer_group = 0
        AND n.release_number < $1 AND n.release_number > v.release_number)";
const FROZEN: &str = "SELECT role_key, tasks, skills FROM axis WHERE release_number = $1";
const NUMBERS_OF: &str = "SELECT role_number FROM axis WHERE release_number = $1";
/// What is there already stays, and what was summed of it, unless it means something else now.
const WRITE: &str = "
INSERT INTO axis (release_number, role_number, role_key, kind, tasks, skills, score_centre, ratio_centre, is_totalled,
    is_done)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, false)
ON CONFLICT (release_number, role_number) DO UPDATE SET tasks = excluded.tasks, skills = excluded.skills,
    score_centre = excluded.score_centre, ratio_centre = excluded.ratio_centre, is_totalled = false
WHERE axis.tasks <> excluded.tasks OR axis.skills <> excluded.skills OR axis.score_centre <> excluded.score_centre
    OR axis.ratio_centre <> excluded.ratio_centre";

/// The axes that a release may have.
pub(super) struct Axes {
    /// Roles first, then combinations; each in the order of the keys.
    all: Vec<Axis>,
    numbers: HashMap<String, i32>,
    places: HashMap<String, usize>,
    /// The combinations that a role is a component of, by the role's key.
    combinations: HashMap<String, Vec<usize>>,
}

impl Axes {
    /// Two axes of one key are one: the first stands.
    fn new(axes: Vec<Axis>, mut numbers: HashMap<String, i32>) -> Self {
        let mut seen = HashSet::new();
        let all: Vec<Axis> = axes.into_iter().filter(|axis| seen.insert(axis.key.clone())).collect();
        let mut last = numbers.values().copied().max().unwrap_or(0);
        let mut combinations: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, axis) in all.iter().enumerate() {
            numbers.entry(axis.key.clone()).or_insert_with(|| {
                last += 1;
                last
            });
            for component in &axis.components {
                combinations.entry(component.clone()).or_default().push(place);
            }
        }
        let places = all.iter().enumerate().map(|(place, axis)| (axis.key.clone(), place)).collect();
        Self { all, numbers, places, combinations }
    }

    /// The number of an axis in all releases.
    pub(super) fn number(&self, key: &str) -> Option<i32> {
        self.numbers.get(key).copied()
    }

    /// The axes that these roles can be counted on: all others say nothing about them.
    pub(super) fn of(&self, roles: &[RoleDefinition]) -> Vec<Axis> {
        let linked = roles.iter().filter_map(|role| role.canonical_role.as_deref());
        let mut places: Vec<usize> = Vec::new();
        for key in linked.collect::<HashSet<_>>() {
            let Some(place) = self.places.get(key) else { continue };
            places.push(*place);
            for combination in self.combinations.get(key).into_iter().flatten() {
                places.push(*combination);
                let components = &self.all[*combination].components;
                places.extend(components.iter().filter_map(|component| self.places.get(component)));
            }
        }
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| self.all[place].clone()).collect()
    }

    /// The axes with these numbers.
    pub(super) fn numbered<'a>(&'a self, numbers: &'a BTreeSet<i32>) -> impl Iterator<Item = (i32, &'a Axis)> + 'a {
        let numbered = self.all.iter().filter_map(|axis| self.number(&axis.key).map(|number| (number, axis)));
        numbered.filter(|(number, _)| numbers.contains(number))
    }
}

impl Builder {
    /// The axes of the current editions.
    pub(super) async fn axes(&self, policy: &Policy) -> Result<Axes, BuilderError> {
        let mut axes = BTreeMap::new();
        for row in self.rows(ROLES, []).await? {
            let role: CanonicalRole = definition(&row)?;
            axes.insert((false, role.key.clone()), Axis::of_role(&role, policy));
        }
        for row in self.rows(COMBINATIONS, []).await? {
            let combination: LibraryCombination = definition(&row)?;
            axes.insert((true, combination.key.clone()), Axis::of_combination(&combination));
        }
        let mut numbers = HashMap::new();
        for row in self.rows(NUMBERS, []).await? {
            let number = row.try_get("", "role_number").map_err(StoreError::from)?;
            numbers.insert(row.try_get("", "role_key").map_err(StoreError::from)?, number);
        }
        Ok(Axes::new(axes.into_values().collect(), numbers))
    }

    /// The axes as they are frozen for a release; those that it has no row of as the current editions have them.
    pub(super) async fn axes_of(&self, release: &DraftRelease, policy: &Policy) -> Result<Axes, BuilderError> {
        let mut axes = self.axes(policy).await?;
        for row in self.rows(FROZEN, [release.number.into()]).await? {
            let text = |column: &str| row.try_get::<String>("", column).map_err(StoreError::from);
            let Some(place) = axes.places.get(&text("role_key")?) else { continue };
            axes.all[*place].tasks = serde_json::from_str(&text("tasks")?).map_err(StoreError::from)?;
            axes.all[*place].skills = serde_json::from_str(&text("skills")?).map_err(StoreError::from)?;
        }
        Ok(axes)
    }

    /// What scores and ratios of each role are measured from in this release (rule E5).
    pub(super) async fn centres(&self, release: &DraftRelease, policy: &Policy) -> Result<Centres, BuilderError> {
        let mut known = HashMap::new();
        for row in self.rows(MEANS, [release.number.into()]).await? {
            let key: String = row.try_get("", "role_key").map_err(StoreError::from)?;
            let figures: String = row.try_get("", "figures").map_err(StoreError::from)?;
            let cell = ReleasedCell::from_published_json(&figures)
                .map_err(|error| StoreError::internal(format!("the figures of {key}: {error}")))?;
            known.insert(key, Centre::after(policy, Some(&cell)));
        }
        Ok(Centres { first: Centre::first(policy), known })
    }
}

/// The centres of a release.
pub(super) struct Centres {
    first: Centre,
    known: HashMap<String, Centre>,
}

/// The axes that a release has rows of.
pub(super) async fn axis_numbers(
    connection: &impl ConnectionTrait,
    release: &DraftRelease,
) -> Result<BTreeSet<i32>, StoreError> {
    let found = rows(connection, NUMBERS_OF, [release.number.into()]).await?;
    found.iter().map(|row| Ok(row.try_get("", "role_number")?)).collect()
}

/// Writes the rows of these axes. Those that are new or mean something else now have no sums yet.
pub(super) async fn write_axes(
    connection: &impl ConnectionTrait,
    release: &DraftRelease,
    (axes, numbers): (&Axes, &BTreeSet<i32>),
    centres: &Centres,
) -> Result<(), StoreError> {
    for (number, axis) in axes.numbered(numbers) {
        let centre = match axis.kind {
            AxisKind::Role => centres.known.get(&axis.key).copied().unwrap_or(centres.first),
            AxisKind::Combination => centres.first,
        };
        let values = [
            release.number.into(),
            number.into(),
            axis.key.as_str().into(),
            axis.kind.as_str().into(),
            serde_json::to_string(&axis.tasks)?.into(),
            serde_json::to_string(&axis.skills)?.into(),
            centre.score.into(),
            centre.ratio.into(),
        ];
        execute(connection, WRITE, values).await?;
    }
    Ok(())
}

fn definition<T: serde::de::DeserializeOwned>(row: &sea_orm::QueryResult) -> Result<T, StoreError> {
    Ok(serde_json::from_str(&row.try_get::<String>("", "definition")?)?)
}
