use super::alignment::PROPOSAL_THRESHOLD;
use super::outcome::{SkillComparison, SkillProposal};
use crate::roles::{Skill, Trend, normalized_key};
use crate::similarity::Prepared;

/// The skills of the own role, with their names made ready for many comparisons.
pub(super) struct OwnSkills<'a>(Vec<OwnSkill<'a>>);

struct OwnSkill<'a> {
    skill: &'a Skill,
    key: String,
    name: Prepared,
}

impl<'a> OwnSkills<'a> {
    pub(super) fn new(skills: &'a [Skill]) -> Self {
        let prepare =
            |skill: &'a Skill| OwnSkill { skill, key: normalized_key(&skill.name), name: Prepared::new(&skill.name) };
        Self(skills.iter().map(prepare).collect())
    }

    /// The canonical skills of one trend, each with the own skill that is the same: linked to it, or of the same name.
    pub(super) fn compare(&self, canonical: &[Skill], trend: Trend) -> Vec<SkillComparison> {
        let of_trend = canonical.iter().filter(|skill| skill.trend == trend);
        of_trend.map(|skill| self.compare_skill(skill)).collect()
    }

    fn compare_skill(&self, canonical: &Skill) -> SkillComparison {
        let same = self.same(canonical);
        SkillComparison {
            key: canonical.group_key(),
            name: canonical.name.clone(),
            priority: canonical.priority,
            own_name: same.map(|skill| skill.name.clone()),
            proposal: if same.is_none() { self.most_alike(&canonical.name) } else { None },
        }
    }

    /// The own skill that is linked to a canonical one, or else the one of the same name.
    fn same(&self, canonical: &Skill) -> Option<&'a Skill> {
        let link = canonical.canonical_skill.as_deref();
        let key = normalized_key(&canonical.name);
        let linked = self.0.iter().find(|own| link.is_some() && own.skill.canonical_skill.as_deref() == link);
        linked.or_else(|| self.0.iter().find(|own| own.key == key)).map(|own| own.skill)
    }

    /// The own skill whose name is most like a canonical one; of equals the first.
    fn most_alike(&self, canonical_name: &str) -> Option<SkillProposal> {
        let canonical_name = Prepared::new(canonical_name);
        let mut best: Option<SkillProposal> = None;
        for own in &self.0 {
            let confidence = own.name.similarity(&canonical_name);
            if confidence >= PROPOSAL_THRESHOLD && best.as_ref().is_none_or(|best| confidence > best.confidence) {
                best = Some(SkillProposal { own_name: own.skill.name.clone(), confidence });
            }
        }
        best
    }
}
