//! The one statement that sums up a role: a column for each number, a row for each atom.
//!
//! The numbers of an atom in order: contributors, three digests, score, its square, ratio, its square, four shares of the
//! mix, twenty bins, four for each task, one for each skill. They are added up by the database; what arrives here is 800
//! rows at most, however many contribute.

use domain::disclosure::{Axis, BINS, Centre, Digest, Policy, Totals, bin};

/// The letters of the stages in the tasks of a contribution, in the order of the mix.
const STAGES: [char; 4] = ['H', 'R', 'A', 'U'];
/// The width of a bin in thousandths of a point.
const BIN_WIDTH: i64 = 100_000 / BINS as i64;
/// Where the bins begin in the numbers of an atom.
const FIRST_BIN: usize = 12;
/// Where the tasks begin.
const FIRST_TASK: usize = FIRST_BIN + BINS;

/// What is summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// All contributions of a role.
    Contributions,
    /// What has come and gone since they were summed up.
    Changes,
}

/// The statement; `$1` is the release and `$2` the role. The first column is the atom.
pub(super) fn statement(source: Source, axis: &Axis, centre: Centre, policy: &Policy) -> String {
    let columns = Columns { source, columns: vec!["CAST(atom AS bigint)".to_owned()] };
    let columns = columns.all(axis, centre, policy).join(",\n");
    let table = match source {
        Source::Contributions => "contribution WHERE NOT is_waiting AND",
        Source::Changes => "contribution_change WHERE",
    };
    format!("SELECT {columns}\nFROM {table} release_number = $1 AND role_number = $2 GROUP BY atom ORDER BY atom")
}

/// How many numbers an atom has.
pub(super) fn width(axis: &Axis) -> usize {
    FIRST_TASK + 4 * axis.tasks.len() + axis.skills.len()
}

struct Columns {
    source: Source,
    columns: Vec<String>,
}

impl Columns {
    fn all(mut self, axis: &Axis, centre: Centre, policy: &Policy) -> Vec<String> {
        self.count("");
        ["digest_1", "digest_2", "digest_3"].iter().for_each(|digest| self.sum(digest));
        for deviation in
            [deviation("score", centre.score, policy.score_clamp), deviation("ratio", centre.ratio, policy.ratio_clamp)]
        {
            self.sum(&deviation);
            self.sum(&format!("CAST({deviation} AS bigint) * ({deviation})"));
        }
        ["mix_human", "mix_at_risk", "mix_ai_assisted", "mix_automated"].iter().for_each(|share| self.sum(share));
        (0..BINS).for_each(|number| self.count(&in_bin(number, centre, policy)));
        for task in 1..=axis.tasks.len() {
            STAGES.iter().for_each(|stage| self.count(&format!("substr(tasks, {task}, 1) = '{stage}'")));
        }
        (1..=axis.skills.len()).for_each(|skill| self.count(&format!("substr(skills, {skill}, 1) = '1'")));
        self.columns
    }

    fn count(&mut self, condition: &str) {
        let filter = if condition.is_empty() { String::new() } else { format!(" FILTER (WHERE {condition})") };
        self.columns.push(match self.source {
            Source::Contributions => format!("count(*){filter}"),
            Source::Changes => format!("CAST(coalesce(sum(sign){filter}, 0) AS bigint)"),
        });
    }

    fn sum(&mut self, value: &str) {
        self.columns.push(match self.source {
            Source::Contributions => format!("CAST(sum({value}) AS bigint)"),
            Source::Changes => format!("CAST(sum(sign * ({value})) AS bigint)"),
        });
    }
}

/// How far a value is from the centre, as far as that counts.
fn deviation(column: &str, centre: i64, clamp: i64) -> String {
    let (low, high) = (centre - clamp, centre + clamp);
    format!(
        "CASE WHEN {column} < {low} THEN -{clamp} WHEN {column} > {high} THEN {clamp} ELSE {column} - ({centre}) END"
    )
}

/// Whether the clamped score is in a bin.
fn in_bin(number: usize, centre: Centre, policy: &Policy) -> String {
    let (first, last) = (bin(centre.score - policy.score_clamp), bin(centre.score + policy.score_clamp));
    if number < first || number > last {
        return "false".to_owned();
    }
    let mut conditions = Vec::new();
    if number > first {
        conditions.push(format!("score >= {}", number as i64 * BIN_WIDTH));
    }
    if number < last {
        conditions.push(format!("score < {}", (number as i64 + 1) * BIN_WIDTH));
    }
    if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") }
}

/// The numbers of an atom as the rules take them.
pub(super) fn totals(numbers: &[i64], axis: &Axis) -> Totals {
    let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
    let mut histogram = [0; BINS];
    histogram.iter_mut().enumerate().for_each(|(place, count)| *count = at(FIRST_BIN + place));
    let first_skill = FIRST_TASK + 4 * axis.tasks.len();
    Totals {
        contributors: at(0),
        digest: Digest([at(1), at(2), at(3)]),
        score: at(4),
        score_squared: at(5),
        ratio: at(6),
        ratio_squared: at(7),
        mix: [at(8), at(9), at(10), at(11)],
        histogram,
        tasks: (0..axis.tasks.len()).map(|task| [0, 1, 2, 3].map(|stage| at(FIRST_TASK + 4 * task + stage))).collect(),
        skills: (0..axis.skills.len()).map(|skill| at(first_skill + skill)).collect(),
    }
}

/// The numbers as they are stored: seven bits a byte, the lowest first, the sign in the lowest bit; most numbers are small.
pub(super) fn to_bytes(numbers: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * numbers.len());
    for number in numbers {
        let mut rest = ((number << 1) ^ (number >> 63)).cast_unsigned();
        while rest > 0x7f {
            bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

/// The opposite of [`to_bytes`]; nothing if there is a number cut off, or one too large.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<Vec<i64>> {
    let mut numbers = Vec::new();
    let (mut value, mut shift) = (0_u64, 0);
    for byte in bytes {
        if shift > 63 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            numbers.push((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
            (value, shift) = (0, 0);
        }
    }
    (shift == 0).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_follow_the_clamps() {
        let policy = Policy::default();
        let centre = Centre { score: 52_000, ratio: 0 };
        let bins: Vec<String> = (0..BINS).map(|number| in_bin(number, centre, &policy)).collect();
        assert_eq!(bins[3], "false");
        assert_eq!(bins[4], "score < 25000");
        assert_eq!(bins[5], "score >= 25000 AND score < 30000");
        assert_eq!(bins[16], "score >= 80000");
        assert_eq!(bins[17], "false");
    }

    #[test]
    fn numbers_survive_being_stored() {
        let numbers = vec![0, -1, i64::MAX, i64::MIN, 42, -64, 64, 1 << 35];
        assert_eq!(from_bytes(&to_bytes(&numbers)), Some(numbers));
        assert_eq!(to_bytes(&[0, -1, 42, -64, 64]), [0, 1, 84, 127, 0x80, 1]);
        assert_eq!(from_bytes(&[]), Some(Vec::new()));
        assert_eq!(from_bytes(&[4, 0x80]), None, "cut off");
        assert_eq!(from_bytes(&[0x80; 11]), None, "too large");
    }
}
