//! What may change when.

use chrono::{DateTime, Duration, Utc};
use domain::disclosure::Segment;

use super::Standing;

/// How many days must lie between two declarations of a segment that count: four releases, as rule R3 of the disclosure
/// rules has it. An organization that moved from peer group to peer group could tell others by the differences.
pub const SEGMENT_DAYS: i64 = 365;

/// Why the organization's part in the benchmark does not change like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The organization is closed.
    #[error("the organization is closed; restore it first")]
    Closed,
    /// It contributes already.
    #[error("the organization takes part in the benchmark already")]
    HasJoined,
    /// It does not contribute.
    #[error("the organization does not take part in the benchmark")]
    HasNotJoined,
    /// The segment is the one in force.
    #[error("this is the organization's segment already")]
    SameSegment,
    /// The last one that was verified is too young.
    #[error("the segment was verified, and can be changed once in 365 days: from {} on", .0.format("%Y-%m-%d %H:%M UTC"))]
    TooEarly(DateTime<Utc>),
    /// There is no segment to be verified.
    #[error(
        "the organization has declared no segment: an admin of it declares one (declareOrganizationSegment), or give \
         --industry, --size and --region"
    )]
    NoSegment,
    /// It is not verified.
    #[error("the organization is not verified")]
    NotVerified,
}

/// When a verified declaration of this age can be changed.
pub(super) fn can_change_at(declared_at: DateTime<Utc>) -> DateTime<Utc> {
    declared_at + Duration::days(SEGMENT_DAYS)
}

/// Whether an admin may declare this segment now.
pub(super) fn may_declare(standing: &Standing, segment: Segment, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Some(current) = &standing.segment else { return Ok(()) };
    if current.segment == segment {
        return Err(Refusal::SameSegment);
    }
    match current.can_change_at() {
        Some(at) if now < at => Err(Refusal::TooEarly(at)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use domain::disclosure::{Industry, Region, SizeBand};
    use uuid::Uuid;

    use super::*;
    use crate::benchmark::contributing::DeclaredSegment;

    const HERE: Segment =
        Segment { industry: Industry::Finance, size_band: SizeBand::From20To99, region: Region::WesternEurope };
    const THERE: Segment = Segment { industry: Industry::Information, ..HERE };

    fn declared(verified: bool) -> Standing {
        let declared_at = DateTime::UNIX_EPOCH;
        let verified_at = verified.then_some(declared_at + Duration::days(20));
        let segment = DeclaredSegment { id: Uuid::nil(), segment: HERE, declared_at, verified_at };
        Standing { segment: Some(segment), ..Standing::default() }
    }

    #[test]
    fn a_verified_segment_changes_once_in_a_year() {
        let at = |days| DateTime::UNIX_EPOCH + Duration::days(days);
        let free = at(365);
        assert_eq!(may_declare(&declared(true), THERE, free - Duration::seconds(1)), Err(Refusal::TooEarly(free)));
        assert_eq!(may_declare(&declared(true), THERE, free), Ok(()));
        assert_eq!(may_declare(&declared(false), THERE, at(1)), Ok(()));
        assert_eq!(may_declare(&Standing::default(), THERE, at(0)), Ok(()));
        for verified in [false, true] {
            assert_eq!(may_declare(&declared(verified), HERE, at(1_000)), Err(Refusal::SameSegment));
        }
    }
}
