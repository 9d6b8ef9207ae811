use super::figures::ReleasedCell;
use super::policy::Policy;
use crate::text_enum::text_enum;

/// Whether a viewer may see a version (rule V1): without the contributors that he can see anyway, at least 8 are left.
///
/// `visible` counts the control groups in the cell to which his own organization belongs, or of which he, or a colleague of
/// his firm, can read anything or could in the last 24 months.
#[must_use]
pub const fn viewer_may_see(policy: &Policy, contributors: u32, visible: u32) -> bool {
    contributors >= policy.k_min && contributors.saturating_sub(visible) >= policy.k_independent
}

text_enum! {
    /// Where an own score lies among the published ones.
    Position {
        /// Below the first quartile.
        BelowP25 = "BELOW_P25",
        /// From the first quartile to the median.
        P25ToP50 = "P25_TO_P50",
        /// Above the median, up to the third quartile.
        P50ToP75 = "P50_TO_P75",
        /// Above the third quartile.
        AboveP75 = "ABOVE_P75",
        /// Below the mean by more than its margin of error, where no quartiles are shown.
        BelowMean = "BELOW_MEAN",
        /// Within the margin of error of the mean, where no quartiles are shown.
        AboutMean = "ABOUT_MEAN",
        /// Above the mean by more than its margin of error, where no quartiles are shown.
        AboveMean = "ABOVE_MEAN",
    }
}

/// Where a score of 0 to 100 lies in a cell, from the published numbers alone; nothing if the cell shows no scores.
#[must_use]
pub fn position(cell: &ReleasedCell, own_score: f64) -> Option<Position> {
    let score = cell.score()?;
    if let (Some(p25), Some(p50), Some(p75)) = (score.p25, score.p50, score.p75) {
        return Some(match own_score {
            own if own < p25 => Position::BelowP25,
            own if own <= p50 => Position::P25ToP50,
            own if own <= p75 => Position::P50ToP75,
            _ => Position::AboveP75,
        });
    }
    Some(match own_score - score.mean {
        difference if difference < -score.margin_of_error => Position::BelowMean,
        difference if difference > score.margin_of_error => Position::AboveMean,
        _ => Position::AboutMean,
    })
}

/// A cell as one release shows it.
#[derive(Clone, Copy, Debug)]
pub struct ShownCell<'a> {
    /// What is shown.
    pub cell: &'a ReleasedCell,
    /// Whether it was computed for this release, and not carried forward from an earlier one.
    pub is_fresh: bool,
}

/// The change of the mean score between two releases: the difference of the two shown values, in points.
///
/// Nothing unless both were computed for their release from at least 100 contributors.
#[must_use]
pub fn trend(policy: &Policy, earlier: ShownCell<'_>, later: ShownCell<'_>) -> Option<f64> {
    let is_usable = |shown: ShownCell<'_>| shown.is_fresh && shown.cell.contributors().from >= policy.tails_from;
    if !is_usable(earlier) || !is_usable(later) {
        return None;
    }
    Some(later.cell.score()?.mean - earlier.cell.score()?.mean)
}
