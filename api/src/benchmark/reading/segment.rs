//! Peer groups as the schema has them.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};
use domain::disclosure::PeerGroup;

use crate::{
    benchmark::segments::{Industry, Region, SizeBand},
    graphql::error::ApiError,
};

/// Organizations to compare with: there are these and no others. Give exactly one field
#[derive(Clone, Copy, Debug, OneofObject)]
pub(crate) enum BenchmarkSegmentInput {
    /// All contributors; write true
    All(bool),
    /// Those of an industry
    Industry(Industry),
    /// Those of an industry and a size
    IndustryBySize(IndustryBySizeInput),
    /// Those of a region
    Region(Region),
}

/// An industry and a size
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct IndustryBySizeInput {
    /// What the organizations do
    industry: Industry,
    /// How many people work for them
    size_band: SizeBand,
}

impl BenchmarkSegmentInput {
    pub(crate) fn peer_group(self) -> Result<PeerGroup, ApiError> {
        Ok(match self {
            Self::All(true) => PeerGroup::All,
            Self::All(false) => {
                return Err(ApiError::BadUserInput("all is false: write true, or give another field.".to_owned()));
            }
            Self::Industry(industry) => PeerGroup::Industry(industry.into()),
            Self::IndustryBySize(input) => PeerGroup::IndustrySize(input.industry.into(), input.size_band.into()),
            Self::Region(region) => PeerGroup::Region(region.into()),
        })
    }
}

/// The peer group of an argument; of all contributors when it was left out.
pub(crate) fn peer_group(segment: Option<BenchmarkSegmentInput>) -> Result<PeerGroup, ApiError> {
    segment.map_or(Ok(PeerGroup::All), BenchmarkSegmentInput::peer_group)
}

/// By what the organizations of a segment are alike
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum BenchmarkLevel {
    /// All contributors
    All,
    /// By industry
    Industry,
    /// By industry and size
    IndustryBySize,
    /// By region
    Region,
}

/// Organizations that a role is compared with
#[derive(Clone, Copy, Debug, SimpleObject)]
pub(crate) struct BenchmarkSegment {
    /// By what they are alike
    level: BenchmarkLevel,
    /// What they do; null if that does not matter
    industry: Option<Industry>,
    /// How many people work for them; null if that does not matter
    size_band: Option<SizeBand>,
    /// Where most of their people work; null if that does not matter
    region: Option<Region>,
}

impl From<PeerGroup> for BenchmarkSegment {
    fn from(group: PeerGroup) -> Self {
        let (level, industry, size_band, region) = match group {
            PeerGroup::All => (BenchmarkLevel::All, None, None, None),
            PeerGroup::Industry(industry) => (BenchmarkLevel::Industry, Some(industry), None, None),
            PeerGroup::IndustrySize(industry, size) => {
                (BenchmarkLevel::IndustryBySize, Some(industry), Some(size), None)
            }
            PeerGroup::Region(region) => (BenchmarkLevel::Region, None, None, Some(region)),
        };
        Self {
            level,
            industry: industry.map(Into::into),
            size_band: size_band.map(Into::into),
            region: region.map(Into::into),
        }
    }
}
