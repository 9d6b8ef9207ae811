use super::policy::Policy;

/// A published version, as the audit sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuditVersion {
    /// Standard deviation of the noise on its sum, in units of one contributor's effect ([`Policy::sum_noise`]).
    pub noise_sd_units: f64,
    /// The number of the release for which it was computed.
    pub release: u32,
    /// How many contributors it has.
    pub contributors: u32,
}

/// Contributors that are in the same versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The places of these versions in the list of versions.
    pub versions: Vec<u16>,
    /// Whether the attacker knows their values.
    pub known: bool,
    /// How many contributors.
    pub contributors: u32,
}

/// A pattern whose contributors keep too little of their uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailingPattern {
    /// Its place in the list of patterns.
    pub pattern: usize,
    /// What is left: the standard deviation after over that before, 0 to 1.
    pub r: f64,
}

/// What an attacker with all published versions can tell about single contributors.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconstruction {
    /// The least R of any contributor; 1 if there is none to find out about.
    pub worst: f64,
    /// How many contributors were looked at: those that the attacker does not know.
    pub contributors: u64,
    /// Share of them with R below 0.1: as good as read off.
    pub share_below_tenth: f64,
    /// Share of them with R below 0.5.
    pub share_below_half: f64,
    /// Share of them with R below 0.9, or what the policy says.
    pub share_below_090: f64,
    /// What has to be mended for the gate to open, the worst first: patterns below 0.80, and below 0.90 too if more than 2 %
    /// of the contributors are there.
    pub failing: Vec<FailingPattern>,
    /// The R of every pattern, in their order; 0 for what the attacker knows.
    pub r: Vec<f64>,
}

impl Reconstruction {
    /// Whether the gate of the policy opens (rule C8).
    #[must_use]
    pub const fn has_passed(&self) -> bool {
        self.failing.is_empty()
    }
}

/// How well the best linear attacker can reconstruct values who knows the members of every version (section 3.7).
///
/// Values are independent with standard deviation s, a version is the sum of its contributors' values and noise of variance
/// N. With `G = s^2 |Vi and Vj| + N` over pairs of versions and `a` the versions of a contributor,
/// `R^2 = 1 - s^2 a' G^-1 a`: the posterior of the design, computed among versions and not among contributors.
#[must_use]
pub fn reconstruct(policy: &Policy, versions: &[AuditVersion], patterns: &[Pattern]) -> Reconstruction {
    let prior = policy.prior_sd * policy.prior_sd;
    let factor = Factor::new(covariance(prior, versions, patterns), versions.len());
    let remaining = |pattern: &Pattern| {
        let explained = prior * factor.quadratic_form(&pattern.versions);
        if pattern.known { 0.0 } else { (1.0 - explained).clamp(0.0, 1.0).sqrt() }
    };
    let r: Vec<f64> = patterns.iter().map(remaining).collect();
    judge(policy, patterns, r)
}

fn judge(policy: &Policy, patterns: &[Pattern], r: Vec<f64>) -> Reconstruction {
    let unknown = || patterns.iter().zip(&r).enumerate().filter(|(_, (pattern, _))| !pattern.known);
    let counted = |limit: f64| -> u64 {
        unknown().filter(|(_, (_, r))| **r < limit).map(|(_, (pattern, _))| u64::from(pattern.contributors)).sum()
    };
    let contributors = counted(f64::INFINITY);
    let share = |limit| counted(limit) as f64 / contributors.max(1) as f64;
    let share_below_090 = share(policy.audit_usual);
    let has_too_many = share_below_090 > 1.0 - policy.audit_usual_share + 1e-12;
    let limit = if has_too_many { policy.audit_usual } else { policy.audit_worst };
    let failing = unknown().filter(|(_, (pattern, r))| pattern.contributors > 0 && **r < limit);
    let mut failing: Vec<_> = failing.map(|(pattern, (_, r))| FailingPattern { pattern, r: *r }).collect();
    failing.sort_by(|a, b| a.r.total_cmp(&b.r));
    let present = unknown().filter(|(_, (pattern, _))| pattern.contributors > 0);
    Reconstruction {
        worst: present.map(|(_, (_, r))| *r).fold(1.0, f64::min),
        contributors,
        share_below_tenth: share(0.1),
        share_below_half: share(0.5),
        share_below_090,
        failing,
        r,
    }
}

/// The covariance of the published sums, row by row, its upper part unused. Known contributors add nothing to it.
fn covariance(prior: f64, versions: &[AuditVersion], patterns: &[Pattern]) -> Vec<f64> {
    let count = versions.len();
    let mut matrix = vec![0.0; count * count];
    for pattern in patterns.iter().filter(|pattern| !pattern.known) {
        let weight = prior * f64::from(pattern.contributors);
        for row in places(pattern, count) {
            for column in places(pattern, count).filter(|column| *column <= row) {
                matrix[row * count + column] += weight;
            }
        }
    }
    for (place, version) in versions.iter().enumerate() {
        // Exact figures would leave the matrix singular; so little noise hides nothing.
        matrix[place * count + place] += version.noise_sd_units.powi(2).max(1e-9);
    }
    matrix
}

fn places(pattern: &Pattern, count: usize) -> impl Iterator<Item = usize> + '_ {
    pattern.versions.iter().map(|place| usize::from(*place)).filter(move |place| *place < count)
}

/// The inverse W of the Cholesky factor of a matrix G, so that `a' G^-1 a = |W a|^2`.
struct Factor {
    count: usize,
    /// Column by column: the columns of a pattern are added up.
    inverse: Vec<f64>,
}

impl Factor {
    fn new(mut matrix: Vec<f64>, count: usize) -> Self {
        cholesky(&mut matrix, count);
        Self { count, inverse: inverse_columns(&matrix, count) }
    }

    fn quadratic_form(&self, versions: &[u16]) -> f64 {
        let mut sum = vec![0.0; self.count];
        for place in versions.iter().map(|place| usize::from(*place)).filter(|place| *place < self.count) {
            // A column is zero above its place.
            let column = &self.inverse[place * self.count + place..(place + 1) * self.count];
            for (sum, value) in sum[place..].iter_mut().zip(column) {
                *sum += value;
            }
        }
        dot(&sum, &sum)
    }
}

/// Replaces the lower part of a positive definite matrix by its Cholesky factor, row by row.
fn cholesky(matrix: &mut [f64], count: usize) {
    for row in 0..count {
        let (done, rest) = matrix.split_at_mut(row * count);
        let current = &mut rest[..count];
        for column in 0..row {
            let other = &done[column * count..=column * count + column];
            let value = current[column] - dot(&current[..column], &other[..column]);
            current[column] = value / other[column];
        }
        let square = current[row] - dot(&current[..row], &current[..row]);
        current[row] = square.max(f64::MIN_POSITIVE).sqrt();
    }
}

/// The columns of the inverse of a lower triangular matrix.
fn inverse_columns(factor: &[f64], count: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; count * count];
    for (column, values) in inverse.chunks_exact_mut(count.max(1)).enumerate() {
        values[column] = 1.0 / factor[column * count + column];
        for row in column + 1..count {
            let sum = dot(&factor[row * count + column..row * count + row], &values[column..row]);
            values[row] = -sum / factor[row * count + row];
        }
    }
    inverse
}

/// A scalar product in eight parts: one sum alone would wait for each addition.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut parts = [0.0; 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for (part, (a, b)) in parts.iter_mut().zip(a.iter().zip(b)) {
            *part += a * b;
        }
    }
    parts.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_of_the_factor_inverts() {
        let count = 20;
        let entry = |row: usize, column: usize| {
            if row == column { 30.0 + row as f64 } else { ((row * 7 + column * 7) % 5) as f64 }
        };
        let matrix: Vec<f64> = (0..count * count).map(|place| entry(place / count, place % count)).collect();
        let factor = Factor::new(matrix, count);
        // G x = e_0 solved through the quadratic forms of e_0, e_i and e_0 + e_i.
        let form = |places: &[u16]| factor.quadratic_form(places);
        let solution = |i: u16| if i == 0 { form(&[0]) } else { (form(&[0, i]) - form(&[0]) - form(&[i])) / 2.0 };
        for row in 0..count {
            let product: f64 = (0..count).map(|column| entry(row, column) * solution(column as u16)).sum();
            let expected = if row == 0 { 1.0 } else { 0.0 };
            assert!((product - expected).abs() < 1e-9, "{row}: {product}");
        }
    }
}
