use serde::{Deserialize, Serialize};

use crate::roles::RoleDefinition;
use crate::score::{Score, StageShare, score};
use crate::stage::Stage;

/// The roles of one client that are linked to one canonical role, taken together and set next to the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientFigures {
    /// How many roles they are, at least 1.
    pub role_count: usize,
    /// How many of them have a score: the others count in `headcount` only.
    pub scored_role_count: usize,
    /// Full-time equivalents in all of them.
    pub headcount: f64,
    /// Mean of the scores, each weighted by the role's headcount, 0 to 100; nothing if no role has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Number of tasks by stage in all roles with a score, and the mean of the shares of time, weighted by headcount: all
    /// four in the order of [`Stage::ALL`]; empty if no role has a score.
    pub stage_mix: Vec<StageShare>,
    /// The client's score minus the library's, in points from -100 to 100; nothing if either is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_distance: Option<f64>,
    /// Total variation distance between the stage mixes, 0 (the same) to 1 (nothing in common): the share of time that
    /// would have to move to another stage; nothing if either mix is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_mix_distance: Option<f64>,
}

/// Takes the roles of a client that are linked to the same canonical role together; nothing if there are none.
///
/// `library` is the score of the canonical role. With `h` the headcount of a role that has a score and `H` the sum of
/// these, score and stage shares are `sum(h / H * value)`, so that the mean score is the score of the mean mix.
#[must_use]
pub fn client_figures<'a>(
    roles: impl IntoIterator<Item = &'a RoleDefinition>,
    library: Option<&Score>,
) -> Option<ClientFigures> {
    let roles: Vec<&RoleDefinition> = roles.into_iter().collect();
    if roles.is_empty() {
        return None;
    }
    let scored = Weighted::new(&roles);
    let value = (!scored.0.is_empty()).then(|| scored.mean(|score| score.value).clamp(0.0, 100.0));
    let stage_mix = value.map_or_else(Vec::new, |_| scored.stage_mix());
    let score_distance = value.zip(library).map(|(value, library)| value - library.value);
    let stage_mix_distance = value.zip(library).map(|(_, library)| distance(&stage_mix, &library.stage_mix));
    Some(ClientFigures {
        role_count: roles.len(),
        scored_role_count: scored.0.len(),
        headcount: roles.iter().map(|role| role.headcount).sum(),
        score: value,
        stage_mix,
        score_distance,
        stage_mix_distance,
    })
}

/// The scores of roles, each with its role's part of the headcount; the parts add up to 1.
struct Weighted(Vec<(f64, Score)>);

impl Weighted {
    fn new(roles: &[&RoleDefinition]) -> Self {
        let mut scored: Vec<(f64, Score)> = roles
            .iter()
            .filter(|role| role.headcount > 0.0)
            .filter_map(|role| Some((role.headcount, score(&role.tasks)?)))
            .collect();
        let total: f64 = scored.iter().map(|(headcount, _)| headcount).sum();
        scored.iter_mut().for_each(|(headcount, _)| *headcount /= total);
        Self(scored)
    }

    fn mean(&self, value: impl Fn(&Score) -> f64) -> f64 {
        self.0.iter().map(|(weight, score)| weight * value(score)).sum()
    }

    fn stage_mix(&self) -> Vec<StageShare> {
        let of_stage = |stage| StageShare {
            stage,
            count: self.0.iter().map(|(_, score)| share_of(&score.stage_mix, stage).0).sum(),
            time_share: self.mean(|score| share_of(&score.stage_mix, stage).1),
        };
        Stage::ALL.into_iter().map(of_stage).collect()
    }
}

/// Number of tasks and share of time in a stage.
fn share_of(mix: &[StageShare], stage: Stage) -> (usize, f64) {
    mix.iter().find(|share| share.stage == stage).map_or((0, 0.0), |share| (share.count, share.time_share))
}

/// Half of the sum of the differences.
fn distance(one: &[StageShare], other: &[StageShare]) -> f64 {
    let difference = |stage| (share_of(one, stage).1 - share_of(other, stage).1).abs();
    (Stage::ALL.into_iter().map(difference).sum::<f64>() / 2.0).clamp(0.0, 1.0)
}
