//! The attacker's own arithmetic: the posterior of every single contributor, computed among contributors and not among
//! versions as the audit does, so that one can be held against the other.

use super::history::History;

/// R of everybody who ever contributed, in the order of [`History::everybody`], with a prior standard deviation of 0.5
/// units. `noise` gives the standard deviation of the noise on a sum of so many, in units. What is known has R = 0.
pub fn remaining(history: &History, noise: impl Fn(u32) -> f64, is_known: impl Fn(u32) -> bool) -> Vec<f64> {
    let everybody = history.everybody();
    let count = everybody.len();
    let mut precision = vec![0.0; count * count];
    for (place, id) in everybody.iter().enumerate() {
        precision[place * count + place] = if is_known(*id) { 4.0e6 } else { 4.0 };
    }
    for version in &history.versions {
        let weight = noise(version.members.len() as u32).powi(-2);
        let members: Vec<usize> = version.members.keys().filter_map(|id| everybody.binary_search(id).ok()).collect();
        for row in &members {
            for column in &members {
                precision[row * count + column] += weight;
            }
        }
    }
    let variances = inverse_diagonal(precision, count);
    variances
        .into_iter()
        .zip(&everybody)
        .map(|(variance, id)| if is_known(*id) { 0.0 } else { 2.0 * variance.sqrt() })
        .collect()
}

/// The diagonal of the inverse of a positive definite matrix, by Gauss and Jordan.
fn inverse_diagonal(mut matrix: Vec<f64>, count: usize) -> Vec<f64> {
    for pivot in 0..count {
        let scale = 1.0 / matrix[pivot * count + pivot];
        matrix[pivot * count + pivot] = 1.0;
        matrix[pivot * count..(pivot + 1) * count].iter_mut().for_each(|value| *value *= scale);
        let pivot_row = matrix[pivot * count..(pivot + 1) * count].to_vec();
        for row in (0..count).filter(|row| *row != pivot) {
            let factor = matrix[row * count + pivot];
            matrix[row * count + pivot] = 0.0;
            let values = &mut matrix[row * count..(row + 1) * count];
            values.iter_mut().zip(&pivot_row).for_each(|(value, from)| *value -= factor * from);
        }
    }
    (0..count).map(|place| matrix[place * count + place]).collect()
}
