use std::fmt;
use std::ops::AddAssign;

use super::contribution::{Contribution, stage_place};
use super::policy::Policy;

/// The bins of the histogram, of 5 points each.
pub const BINS: usize = 20;
/// The width of a bin in thousandths of a point.
const BIN_WIDTH: i64 = 100_000 / BINS as i64;

/// The sum of three keyed 40-bit numbers over the contributors of a cell: equal sets have equal digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [i64; 3]);

impl AddAssign for Digest {
    fn add_assign(&mut self, other: Self) {
        for (sum, part) in self.0.iter_mut().zip(other.0) {
            *sum = sum.wrapping_add(part);
        }
    }
}

/// What scores and ratios are measured from: the mean of all contributors as it was last published (rule E5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Centre {
    /// A score, in thousandths of a point.
    pub score: i64,
    /// A headcount ratio, in thousandths of log2.
    pub ratio: i64,
}

impl Centre {
    /// The centre while nothing is published.
    #[must_use]
    pub const fn first(policy: &Policy) -> Self {
        Self { score: policy.first_score_centre, ratio: policy.first_ratio_centre }
    }
}

/// Exact sums over the contributors of an atom or of a cell. They never leave the builder: there is no text and no
/// serialized form of them, and only [`super::release_figures`] makes something of them that may be shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many contributors.
    pub contributors: i64,
    /// Which ones.
    pub digest: Digest,
    /// Sum of the clamped deviations of the score from the centre, in thousandths of a point.
    pub score: i64,
    /// Sum of their squares, in millionths of a squared point.
    pub score_squared: i64,
    /// Sum of the clamped deviations of the ratio from the centre, in thousandths of log2.
    pub ratio: i64,
    /// Sum of their squares, in millionths.
    pub ratio_squared: i64,
    /// Sum of the shares of each stage, in millionths.
    pub mix: [i64; 4],
    /// How many contributors have their clamped score in each bin of 5 points.
    pub histogram: [i64; BINS],
    /// For each task, how many contributors run it in each stage.
    pub tasks: Vec<[i64; 4]>,
    /// For each skill, how many contributors have it.
    pub skills: Vec<i64>,
}

/// Figures computed from the rows of organizations, which nobody outside of the builder may see.
pub type RawFigure = Totals;

/// Says nothing about the values, so that none gets into a log.
impl fmt::Debug for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Totals(..)")
    }
}

impl Totals {
    /// The sums over one contributor.
    #[must_use]
    pub fn of(contribution: &Contribution, digest: Digest, centre: Centre, policy: &Policy) -> Self {
        let score = (contribution.score - centre.score).clamp(-policy.score_clamp, policy.score_clamp);
        let ratio = (contribution.ratio - centre.ratio).clamp(-policy.ratio_clamp, policy.ratio_clamp);
        let mut histogram = [0; BINS];
        histogram[bin(centre.score + score)] = 1;
        Self {
            contributors: 1,
            digest,
            score,
            score_squared: score * score,
            ratio,
            ratio_squared: ratio * ratio,
            mix: contribution.mix,
            histogram,
            tasks: contribution.tasks.bytes().map(stage_flags).collect(),
            skills: contribution.skills.bytes().map(|digit| i64::from(digit == b'1')).collect(),
        }
    }

    /// Takes away what was added with `+=`.
    pub fn subtract(&mut self, other: &Self) {
        self.combine(other, |a, b| a.wrapping_sub(b));
    }

    /// Applies an operation to every pair of numbers. What one of them lacks is 0.
    fn combine(&mut self, other: &Self, operation: impl Fn(i64, i64) -> i64 + Copy) {
        let scalars = |totals: &Self| {
            [totals.contributors, totals.score, totals.score_squared, totals.ratio, totals.ratio_squared]
        };
        let [contributors, score, score_squared, ratio, ratio_squared] = {
            let (mut own, others) = (scalars(self), scalars(other));
            each(&mut own, &others, operation);
            own
        };
        (self.contributors, self.score, self.score_squared) = (contributors, score, score_squared);
        (self.ratio, self.ratio_squared) = (ratio, ratio_squared);
        each(&mut self.digest.0, &other.digest.0, operation);
        each(&mut self.mix, &other.mix, operation);
        each(&mut self.histogram, &other.histogram, operation);
        self.tasks.resize(self.tasks.len().max(other.tasks.len()), [0; 4]);
        for (task, others) in self.tasks.iter_mut().zip(&other.tasks) {
            each(task, others, operation);
        }
        self.skills.resize(self.skills.len().max(other.skills.len()), 0);
        each(&mut self.skills, &other.skills, operation);
    }
}

impl AddAssign<&Self> for Totals {
    fn add_assign(&mut self, other: &Self) {
        self.combine(other, i64::wrapping_add);
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        *self += &other;
    }
}

fn each(own: &mut [i64], others: &[i64], operation: impl Fn(i64, i64) -> i64) {
    for (value, other) in own.iter_mut().zip(others) {
        *value = operation(*value, *other);
    }
}

/// The bin of a score in thousandths of a point; the last one holds 100 too.
#[must_use]
pub fn bin(score: i64) -> usize {
    score.div_euclid(BIN_WIDTH).clamp(0, BINS as i64 - 1) as usize
}

fn stage_flags(letter: u8) -> [i64; 4] {
    let mut flags = [0; 4];
    if let Some(place) = stage_place(letter) {
        flags[place] = 1;
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(score: i64) -> Totals {
        let contribution = Contribution {
            heads_milli: 5_000,
            score,
            ratio: -9_000,
            mix: [400_000, 0, 600_000, 0],
            tasks: "H-U".to_owned(),
            skills: "10".to_owned(),
        };
        Totals::of(&contribution, Digest([1, 2, 3]), Centre { score: 45_000, ratio: -5_000 }, &Policy::default())
    }

    #[test]
    fn values_are_clamped_around_the_centre() {
        let totals = one(99_000);
        assert!((totals.score, totals.score_squared) == (30_000, 900_000_000));
        assert!((totals.ratio, totals.ratio_squared) == (-2_000, 4_000_000));
        assert!(totals.histogram[15] == 1 && totals.histogram.iter().sum::<i64>() == 1);
        assert!(totals.tasks == [[1, 0, 0, 0], [0; 4], [0, 0, 0, 1]] && totals.skills == [1, 0]);
        assert!(one(0).score == -30_000 && one(0).histogram[3] == 1);
    }

    #[test]
    fn what_was_added_can_be_taken_away() {
        let mut sum = one(20_000);
        sum += one(60_000);
        assert!(sum.contributors == 2 && sum.digest == Digest([2, 4, 6]) && sum.score == -10_000);
        sum.subtract(&one(60_000));
        assert!(sum == one(20_000));
        let mut empty = Totals::default();
        empty += &sum;
        assert!(empty == sum);
    }

    #[test]
    fn bins_have_five_points() {
        assert_eq!([0, 4_999, 5_000, 99_999, 100_000, -1, 200_000].map(bin), [0, 0, 1, 19, 19, 0, 19]);
    }

    #[test]
    fn debug_output_holds_no_value() {
        assert_eq!(format!("{:?}", one(20_000)), "Totals(..)");
    }
}
