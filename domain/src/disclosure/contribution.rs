use super::axis::Axis;
use super::segment::Segment;
use crate::roles::{RoleDefinition, Task};
use crate::score::{StageShare, score};
use crate::stage::Stage;

/// What all stage shares of a mix add up to.
pub const MIX_TOTAL: i64 = 1_000_000;

/// What one contributor gives to a release for one axis. Whole numbers, so that sums do not depend on their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Heads in the role, in thousandths.
    pub heads_milli: i64,
    /// AI impact score in thousandths of a point, 0 to 100,000.
    pub score: i64,
    /// log2 of the role's heads over all heads of the organization, in thousandths; not positive.
    pub ratio: i64,
    /// Share of time of each stage in millionths, in the order of [`Stage::ALL`].
    pub mix: [i64; 4],
    /// A letter for each task of the axis: the stage (`H`, `R`, `A`, `U`), or `-` if the task is not run or has none.
    pub tasks: String,
    /// A digit for each skill of the axis: `1` if the role has it.
    pub skills: String,
}

impl Contribution {
    /// All values as one text, for the keyed hash that tells whether a contributor changed anything (rule C5).
    ///
    /// The heads are not in it: they are weights only, and no figure is made of them.
    #[must_use]
    pub fn values(&self) -> String {
        let [human, at_risk, assisted, automated] = self.mix;
        let Self { score, ratio, tasks, skills, .. } = self;
        format!("{score}|{ratio}|{human}|{at_risk}|{assisted}|{automated}|{tasks}|{skills}")
    }
}

/// The letter of a stage in [`Contribution::tasks`].
#[must_use]
pub const fn stage_letter(stage: Stage) -> char {
    match stage {
        Stage::Human => 'H',
        Stage::AtRisk => 'R',
        Stage::AiAssisted => 'A',
        Stage::Automated => 'U',
    }
}

/// The place of a letter's stage in [`Stage::ALL`]; nothing for `-` and anything else.
#[must_use]
pub const fn stage_place(letter: u8) -> Option<usize> {
    match letter {
        b'H' => Some(0),
        b'R' => Some(1),
        b'A' => Some(2),
        b'U' => Some(3),
        _ => None,
    }
}

/// What one role configuration says about an axis; nothing if it has no score, or no usable headcount.
///
/// `total_heads` is the headcount of the whole organization. A task or skill counts for a key of the axis only if it is
/// linked to it; of several tasks linked to one key the one with the most time counts, or the first. The skill counts
/// whatever its trend is.
#[must_use]
pub fn contribution(definition: &RoleDefinition, axis: &Axis, total_heads: f64) -> Option<Contribution> {
    let score = score(&definition.tasks)?;
    let heads_milli = milli(definition.headcount);
    if heads_milli <= 0 {
        return None;
    }
    Some(Contribution {
        heads_milli,
        score: milli(score.value).clamp(0, 100_000),
        ratio: log_ratio(heads_milli, milli(total_heads)),
        mix: mix(&score.stage_mix),
        tasks: axis.tasks.iter().map(|key| letter(&definition.tasks, key)).collect(),
        skills: axis.skills.iter().map(|key| if has_skill(definition, key) { '1' } else { '0' }).collect(),
    })
}

/// A number in thousandths, rounded; 0 for what is no number.
fn milli(value: f64) -> i64 {
    (value * 1_000.0).round() as i64
}

/// log2 of a share of heads in thousandths, never above 0.
pub(super) fn log_ratio(heads: i64, total: i64) -> i64 {
    milli((heads as f64 / total.max(heads) as f64).log2()).min(0)
}

/// Shares in millionths that add up to exactly one: rounded down, and what is missing goes to the largest remainders.
fn mix(shares: &[StageShare]) -> [i64; 4] {
    let mut exact = [0.0; 4];
    for (place, share) in exact.iter_mut().zip(shares) {
        *place = share.time_share * MIX_TOTAL as f64;
    }
    let mut mix = exact.map(|share: f64| share.floor() as i64);
    let mut order = [0, 1, 2, 3];
    let remainder = |place: usize| exact[place] - exact[place].floor();
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)));
    let missing = MIX_TOTAL - mix.iter().sum::<i64>();
    for place in order.into_iter().take(missing.clamp(0, 4) as usize) {
        mix[place] += 1;
    }
    mix
}

fn letter(tasks: &[Task], key: &str) -> char {
    let mut best: Option<(&Task, f64)> = None;
    for task in tasks.iter().filter(|task| task.canonical_task.as_deref() == Some(key) && task.stage.is_some()) {
        let share = task.time_share.unwrap_or(0.0);
        if best.is_none_or(|(_, most)| share > most) {
            best = Some((task, share));
        }
    }
    best.and_then(|(task, _)| task.stage).map_or('-', stage_letter)
}

fn has_skill(definition: &RoleDefinition, key: &str) -> bool {
    definition.skills.iter().any(|skill| skill.canonical_skill.as_deref() == Some(key))
}

/// What one organization of a control group gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember<Id> {
    /// The organization.
    pub id: Id,
    /// Its segment.
    pub segment: Segment,
    /// What it gives for the axis.
    pub contribution: Contribution,
}

/// What a control group gives for one axis (rule E4); nothing without members.
///
/// The scalars are the mean of its organizations weighted by their heads in the role, rounded half up. Segment, tasks and
/// skills are those of the organization with the most heads in the role; of equal ones, the one with the smaller identifier.
#[must_use]
pub fn group_contribution<Id: Ord>(members: &[GroupMember<Id>]) -> Option<(Segment, Contribution)> {
    let heads = |member: &GroupMember<Id>| member.contribution.heads_milli;
    let first = members.iter().min_by(|a, b| heads(b).cmp(&heads(a)).then_with(|| a.id.cmp(&b.id)))?;
    let parts: Vec<&Contribution> = members.iter().map(|member| &member.contribution).collect();
    Some((first.segment, averaged(&parts, &first.contribution)))
}

/// The mean by heads of the scalars, with the letters of `first`.
pub(super) fn averaged(parts: &[&Contribution], first: &Contribution) -> Contribution {
    let heads = parts.iter().map(|part| part.heads_milli).sum();
    let mean = |value: &dyn Fn(&Contribution) -> i64| {
        let weighted = parts.iter().map(|part| i128::from(value(part)) * i128::from(part.heads_milli)).sum();
        rounded_quotient(weighted, heads)
    };
    Contribution {
        heads_milli: heads,
        score: mean(&|part| part.score),
        ratio: mean(&|part| part.ratio),
        mix: [0, 1, 2, 3].map(|place| mean(&|part| part.mix[place])),
        tasks: first.tasks.clone(),
        skills: first.skills.clone(),
    }
}

/// A quotient rounded half up; 0 if there is nothing to divide by.
fn rounded_quotient(dividend: i128, divisor: i64) -> i64 {
    let divisor = i128::from(divisor);
    if divisor <= 0 { 0 } else { (2 * dividend + divisor).div_euclid(2 * divisor) as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!([3, 5, -3, -5, 4].map(|value| rounded_quotient(value, 2)), [2, 3, -1, -2, 2]);
        assert_eq!(rounded_quotient(7, 0), 0);
    }

    #[test]
    fn shares_add_up_to_one() {
        let share = |time_share| StageShare { stage: Stage::Human, count: 1, time_share };
        let third = 1.0 / 3.0;
        assert_eq!(mix(&[share(third), share(third), share(third), share(0.0)]), [333_334, 333_333, 333_333, 0]);
        let seventh = |count: f64| share(count / 7.0);
        let seventh = mix(&[seventh(1.0), seventh(2.0), seventh(3.0), seventh(1.0)]);
        // 142,857.14 and 285,714.29 and 428,571.43: the last remainder is the largest.
        assert_eq!(seventh, [142_857, 285_714, 428_572, 142_857]);
    }

    #[test]
    fn a_ratio_is_a_logarithm() {
        assert_eq!([1_000, 500, 250, 8].map(|heads| log_ratio(heads, 1_000)), [0, -1_000, -2_000, -6_966]);
        assert_eq!(log_ratio(2_000, 1_000), 0);
    }
}
