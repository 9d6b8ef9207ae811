//! What answers must look like. What is not named here is skipped, but must still be JSON.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use rolemark_tests::Result;

use super::http::shown;

/// The data of an answer; an answer with errors, or of another shape, is an error with the answer in it.
pub(crate) fn read<'a, D: Deserialize<'a>>(body: &'a [u8]) -> Result<D> {
    let answer: Answer<'a, D> = serde_json::from_slice(body).map_err(|e| refuse(&e.to_string(), body))?;
    match answer {
        Answer { data: Some(data), errors: None } => Ok(data),
        Answer { errors, .. } => Err(refuse(errors.map_or("no data", RawValue::get), body)),
    }
}

/// An error that shows the answer.
pub(crate) fn refuse(why: &str, body: &[u8]) -> rolemark_tests::Error {
    format!("not the expected answer ({why}): {}", shown(body)).into()
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "D: Deserialize<'de>"))]
struct Answer<'a, D> {
    data: Option<D>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
}

/// `node(id:)`.
#[derive(Deserialize)]
pub(crate) struct Node<T> {
    pub(crate) node: T,
}

/// A role.
#[derive(Deserialize)]
pub(crate) struct Role<'a> {
    pub(crate) id: &'a str,
    #[serde(borrow)]
    pub(crate) tasks: Vec<Task<'a>>,
    pub(crate) skills: Vec<IgnoredAny>,
}

/// A task.
#[derive(Deserialize)]
pub(crate) struct Task<'a> {
    pub(crate) key: &'a str,
    pub(crate) stage: &'a str,
}

/// `organization(id:)`.
#[derive(Deserialize)]
pub(crate) struct OrganizationPage<'a> {
    #[serde(borrow)]
    pub(crate) organization: RolePage<'a>,
}

/// Its roles.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RolePage<'a> {
    #[serde(borrow)]
    pub(crate) role_configurations: Nodes<Role<'a>>,
}

/// A connection.
#[derive(Deserialize)]
pub(crate) struct Nodes<T> {
    pub(crate) nodes: Vec<T>,
}

/// A role with its comparison.
#[derive(Deserialize)]
pub(crate) struct Compared<'a> {
    pub(crate) id: &'a str,
    #[serde(borrow)]
    pub(crate) comparison: Comparison<'a>,
}

/// A comparison.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comparison<'a> {
    #[serde(borrow)]
    pub(crate) canonical_role: Key<'a>,
    pub(crate) own_score: Value,
    pub(crate) canonical_score: Value,
    pub(crate) score_difference: f64,
    pub(crate) stage_mix_difference: Vec<IgnoredAny>,
    pub(crate) alignments: Vec<IgnoredAny>,
    pub(crate) missing_tasks: Vec<IgnoredAny>,
    pub(crate) additional_tasks: Vec<IgnoredAny>,
}

/// Something with a key.
#[derive(Deserialize)]
pub(crate) struct Key<'a> {
    pub(crate) key: &'a str,
}

/// Something with a value.
#[derive(Deserialize)]
pub(crate) struct Value {
    pub(crate) value: f64,
}

/// `simulateRoleCombination`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Simulation {
    pub(crate) simulate_role_combination: Combined,
}

/// What came of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Combined {
    pub(crate) outcome: Outcome,
    pub(crate) user_errors: Vec<IgnoredAny>,
}

/// A combination's figures.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    pub(crate) gain: f64,
    pub(crate) gain_from_ai: f64,
    pub(crate) gain_from_merging: f64,
    pub(crate) interval: Interval,
    pub(crate) tornado: Vec<IgnoredAny>,
}

/// An interval.
#[derive(Deserialize)]
pub(crate) struct Interval {
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

/// `updateRoleTask`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Update<'a> {
    #[serde(borrow)]
    pub(crate) update_role_task: Updated<'a>,
}

/// What came of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Updated<'a> {
    #[serde(borrow)]
    pub(crate) role_configuration: Option<UpdatedRole<'a>>,
    pub(crate) user_errors: Vec<IgnoredAny>,
}

/// The role as it is read back.
#[derive(Deserialize)]
pub(crate) struct UpdatedRole<'a> {
    pub(crate) id: &'a str,
    pub(crate) revision: i32,
    #[serde(borrow)]
    pub(crate) tasks: Vec<Task<'a>>,
}

/// `viewer`.
#[derive(Deserialize)]
pub(crate) struct Viewer<'a> {
    #[serde(borrow)]
    pub(crate) viewer: Named<'a>,
}

/// Somebody with a name.
#[derive(Deserialize)]
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
}

/// `signIn`.
#[derive(Deserialize)]
pub(crate) struct SignIn<'a> {
    #[serde(borrow, rename = "signIn")]
    pub(crate) sign_in: SignedIn<'a>,
}

/// Its payload.
#[derive(Deserialize)]
pub(crate) struct SignedIn<'a> {
    #[serde(borrow)]
    pub(crate) session: Session<'a>,
}

/// A new session.
#[derive(Deserialize)]
pub(crate) struct Session<'a> {
    #[serde(rename = "accessToken")]
    pub(crate) access_token: &'a str,
}
