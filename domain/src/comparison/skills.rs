use super::alignment::PROPOSAL_THRESHOLD;
use super::outcome::{SkillComparison, SkillProposal};
use crate::roles::{Skill, Trend, normalized_key};
use crate::similarity::Prepared;

/// The canonical skills of one trend, each with the own skill that is the same: the one linked to it, or of the same name.
pub(super) fn compare_skills(own: &[Skill], canonical: &[Skill], trend: Trend) -> Vec<SkillComparison> {
    let of_trend = canonical.iter().filter(|skill| skill.trend == trend);
    of_trend.map(|skill| compare_skill(own, skill)).collect()
}

fn compare_skill(own: &[Skill], canonical: &Skill) -> SkillComparison {
    let same = own.iter().find(|skill| is_same(skill, canonical));
    SkillComparison {
        key: canonical.group_key(),
        name: canonical.name.clone(),
        priority: canonical.priority,
        own_name: same.map(|skill| skill.name.clone()),
        proposal: if same.is_none() { most_alike(own, canonical) } else { None },
    }
}

/// A link says which skill it is; without one of the same kind the name does.
fn is_same(own: &Skill, canonical: &Skill) -> bool {
    let is_linked = own.canonical_skill.is_some() && own.canonical_skill == canonical.canonical_skill;
    is_linked || normalized_key(&own.name) == normalized_key(&canonical.name)
}

/// The own skill whose name is most like that of a canonical one; of equals the first.
fn most_alike(own: &[Skill], canonical: &Skill) -> Option<SkillProposal> {
    let name = Prepared::new(&canonical.name);
    let mut best: Option<SkillProposal> = None;
    for skill in own {
        let confidence = Prepared::new(&skill.name).similarity(&name);
        if confidence >= PROPOSAL_THRESHOLD && best.as_ref().is_none_or(|best| confidence > best.confidence) {
            best = Some(SkillProposal { own_name: skill.name.clone(), confidence });
        }
    }
    best
}
