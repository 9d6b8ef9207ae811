//! What is sent, as a document: a receipt keeps it word for word, and the preview shows the same.

use domain::{
    disclosure::{Axis, AxisKind, Contribution, Segment, stage_place},
    stage::Stage,
};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// Everything that an organization gives to a release. It holds canonical keys, stages and numbers; no text of the
/// organization's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentContribution {
    /// What kind of organization it is; none in a preview without a declared segment.
    pub segment: Option<Segment>,
    /// One for each canonical role and each combination.
    pub rows: Vec<SentRow>,
}

/// What is given for one canonical role or one combination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentRow {
    /// Key of the canonical role or of the combination.
    pub key: String,
    /// Which of both.
    pub kind: AxisKind,
    /// Heads in the role, in thousandths.
    pub heads_milli: i64,
    /// AI impact score in thousandths of a point, 0 to 100,000; 0 for a combination.
    pub score: i64,
    /// log2 of the role's heads over all heads of the organization, in thousandths, not positive; 0 for a combination.
    pub ratio: i64,
    /// Share of time of each stage in millionths, in the order of the stages; 0 for a combination.
    pub mix: [i64; 4],
    /// The canonical tasks, in their order.
    pub tasks: Vec<SentTask>,
    /// The canonical skills, in their order; of a combination the one skill that says whether it is run.
    pub skills: Vec<SentSkill>,
}

/// How far along a canonical task is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentTask {
    /// Key of the canonical task.
    pub key: String,
    /// Its stage; none if the role does not run it.
    pub stage: Option<Stage>,
}

/// Whether a canonical skill is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentSkill {
    /// Key of the canonical skill.
    pub key: String,
    /// Whether the role has it.
    pub is_held: bool,
}

impl SentContribution {
    /// The document as it is stored.
    ///
    /// # Errors
    /// Never, in practice: there is nothing in it that JSON cannot say.
    pub fn to_json(&self) -> Result<String, StoreError> {
        Ok(serde_json::to_string(self)?)
    }
}

impl SentRow {
    /// What a contribution says, with the keys that give its letters their meaning.
    #[must_use]
    pub fn of(axis: &Axis, contribution: &Contribution) -> Self {
        let letters = contribution.tasks.bytes().map(|letter| stage_place(letter).map(|place| Stage::ALL[place]));
        let tasks = axis.tasks.iter().zip(letters).map(|(key, stage)| SentTask { key: key.clone(), stage });
        let digits = contribution.skills.bytes().map(|digit| digit == b'1');
        let skills = axis.skills.iter().zip(digits).map(|(key, is_held)| SentSkill { key: key.clone(), is_held });
        Self {
            key: axis.key.clone(),
            kind: axis.kind,
            heads_milli: contribution.heads_milli,
            score: contribution.score,
            ratio: contribution.ratio,
            mix: contribution.mix,
            tasks: tasks.collect(),
            skills: skills.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_words_and_come_back() {
        let axis = Axis {
            key: "rolemark:a".into(),
            kind: AxisKind::Role,
            tasks: ["one", "two", "three"].map(str::to_owned).to_vec(),
            skills: ["x", "y"].map(str::to_owned).to_vec(),
            components: Vec::new(),
        };
        let contribution = Contribution {
            heads_milli: 4_500,
            score: 55_000,
            ratio: -2_000,
            mix: [250_000, 250_000, 500_000, 0],
            tasks: "H-U".into(),
            skills: "01".into(),
        };
        let row = SentRow::of(&axis, &contribution);
        let stages: Vec<_> = row.tasks.iter().map(|task| (task.key.as_str(), task.stage)).collect();
        assert_eq!(stages, [("one", Some(Stage::Human)), ("two", None), ("three", Some(Stage::Automated))]);
        assert_eq!(row.skills.iter().map(|skill| skill.is_held).collect::<Vec<_>>(), [false, true]);
        let sent = SentContribution { segment: None, rows: vec![row] };
        assert_eq!(serde_json::from_str::<SentContribution>(&sent.to_json().unwrap()).unwrap(), sent);
    }
}
