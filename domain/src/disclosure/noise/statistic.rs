use super::GRID;
use super::gaussian::DiscreteGaussian;
use crate::disclosure::axis::{Axis, AxisKind};
use crate::disclosure::policy::Policy;
use crate::disclosure::totals::BINS;
use crate::stage::Stage;

/// A sum that is published with noise. Tasks and skills are named by their place in the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// The deviations of the scores from the centre.
    Mean,
    /// The squares of these.
    SecondMoment,
    /// The deviations of the headcount ratios from the centre.
    Ratio,
    /// The squares of these.
    RatioSecondMoment,
    /// The shares of a stage.
    Mix(Stage),
    /// The contributors in a bin of 5 points.
    Histogram(u8),
    /// The contributors that run a task in a stage.
    Task(u16, Stage),
    /// The contributors that have a skill.
    Skill(u16),
}

impl Statistic {
    /// The name under which draws are kept, the same in every release and for every role that has the task or skill:
    /// `mean`, `second_moment`, `ratio`, `ratio_second_moment`, `mix/HUMAN`, `histogram/0`, `task/<key>/HUMAN`, `skill/<key>`.
    #[must_use]
    pub fn text(self, axis: &Axis) -> String {
        let key = |keys: &[String], place: u16| keys.get(usize::from(place)).cloned().unwrap_or_default();
        match self {
            Self::Mean => "mean".to_owned(),
            Self::SecondMoment => "second_moment".to_owned(),
            Self::Ratio => "ratio".to_owned(),
            Self::RatioSecondMoment => "ratio_second_moment".to_owned(),
            Self::Mix(stage) => format!("mix/{stage}"),
            Self::Histogram(bin) => format!("histogram/{bin}"),
            Self::Task(place, stage) => format!("task/{}/{stage}", key(&axis.tasks, place)),
            Self::Skill(place) => format!("skill/{}", key(&axis.skills, place)),
        }
    }

    /// The distribution of the draws that all roles of a peer group share, in steps of 1/1000 unit.
    #[must_use]
    pub fn common_noise(self, policy: &Policy) -> DiscreteGaussian {
        self.distribution(policy.common_noise)
    }

    /// The distribution of a cell's own draws, in steps of 1/1000 unit.
    #[must_use]
    pub fn own_noise(self, policy: &Policy) -> DiscreteGaussian {
        self.distribution(policy.own_noise)
    }

    /// A contributor moves a second moment by half as much as other sums, so that both its parts together have the noise
    /// that others have in each.
    fn distribution(self, sd: f64) -> DiscreteGaussian {
        let variance = (sd * f64::from(GRID)).powi(2);
        match self {
            Self::SecondMoment | Self::RatioSecondMoment => DiscreteGaussian::new((variance / 2.0).round() as u64),
            _ => DiscreteGaussian::new(variance.round() as u64),
        }
    }
}

/// The statistics that a cell with so many contributors publishes, in the order in which draws are kept.
#[must_use]
pub fn statistics(policy: &Policy, axis: &Axis, contributors: u32) -> Vec<Statistic> {
    let mut list = Vec::new();
    let is_role = axis.kind == AxisKind::Role;
    let has_details = contributors >= policy.details_from;
    if is_role && contributors >= policy.k_min {
        list.push(Statistic::Mean);
    }
    if is_role && contributors >= policy.quartiles_from {
        list.push(Statistic::SecondMoment);
        list.extend(Stage::ALL.map(Statistic::Mix));
    }
    if is_role && has_details {
        list.extend([Statistic::Ratio, Statistic::RatioSecondMoment]);
    }
    if is_role && contributors >= policy.histogram_from {
        list.extend((0..BINS as u8).map(Statistic::Histogram));
    }
    if has_details {
        let tasks =
            (0..axis.tasks.len() as u16).flat_map(|place| Stage::ALL.map(|stage| Statistic::Task(place, stage)));
        list.extend(tasks);
        list.extend((0..axis.skills.len() as u16).map(Statistic::Skill));
    }
    list.sort_unstable();
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(kind: AxisKind, tasks: &[&str], skills: &[&str]) -> Axis {
        let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        Axis { key: "r:a".to_owned(), kind, tasks: owned(tasks), skills: owned(skills), components: Vec::new() }
    }

    #[test]
    fn a_count_has_its_statistics_in_a_fixed_order() {
        let axis = axis(AxisKind::Role, &["r:t", "r:u"], &["r:s"]);
        let texts = |count| {
            let list = statistics(&Policy::default(), &axis, count);
            list.into_iter().map(|statistic| statistic.text(&axis)).collect::<Vec<_>>()
        };
        assert_eq!(texts(9), Vec::<String>::new());
        assert_eq!(texts(10), ["mean"]);
        let twenty = ["mean", "second_moment", "mix/HUMAN", "mix/AT_RISK", "mix/AI_ASSISTED", "mix/AUTOMATED"];
        assert_eq!(texts(20), twenty);
        assert_eq!(texts(30).len(), 6 + 2 + 2 * 4 + 1);
        assert_eq!(texts(30)[2..4], ["ratio", "ratio_second_moment"]);
        assert_eq!(texts(30)[8..10], ["task/r:t/HUMAN", "task/r:t/AT_RISK"]);
        assert_eq!(texts(30).last().unwrap(), "skill/r:s");
        assert_eq!(texts(249), texts(30));
        assert_eq!((texts(250).len(), texts(250)[8].as_str()), (6 + 2 + 20 + 8 + 1, "histogram/0"));
    }

    #[test]
    fn a_combination_publishes_one_share() {
        let axis = axis(AxisKind::Combination, &[], &["combined"]);
        assert_eq!(statistics(&Policy::default(), &axis, 29), []);
        assert_eq!(statistics(&Policy::default(), &axis, 400), [Statistic::Skill(0)]);
    }

    #[test]
    fn a_second_moment_has_half_the_variance() {
        let policy = Policy::default();
        assert_eq!(Statistic::Mean.common_noise(&policy).variance(), 1_000_000);
        assert_eq!(Statistic::Skill(3).own_noise(&policy).variance(), 1_000_000);
        assert_eq!(Statistic::SecondMoment.own_noise(&policy).variance(), 500_000);
        assert_eq!(Statistic::RatioSecondMoment.common_noise(&policy).variance(), 500_000);
    }
}
