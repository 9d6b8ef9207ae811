use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::segment::{Atom, Industry, Region, SizeBand};

/// How many peer groups there are.
const COUNT: usize = 129;
/// The index of the first industry and size band.
const FIRST_INDUSTRY_SIZE: usize = 21;
/// The index of the first region.
const FIRST_REGION: usize = 121;

/// The organizations that a role is compared with. There are these 129 and no others: a filter that anybody could choose
/// would let two answers be subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum PeerGroup {
    /// All contributors.
    All,
    /// Those of an industry.
    Industry(Industry),
    /// Those of an industry and a size band.
    IndustrySize(Industry, SizeBand),
    /// Those of a region.
    Region(Region),
}

/// A text that names no peer group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no peer group; write all, industry/<INDUSTRY>, industry-size/<INDUSTRY>/<SIZE_BAND> or region/<REGION>"
)]
pub struct UnknownPeerGroup(pub String);

impl PeerGroup {
    /// Every peer group, in the order of the index: all, 20 industries, 100 industries by size band, 8 regions.
    pub const ALL_129: [Self; COUNT] = table();

    /// Its place in [`PeerGroup::ALL_129`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::All => 0,
            Self::Industry(industry) => 1 + industry as usize,
            Self::IndustrySize(industry, size) => {
                FIRST_INDUSTRY_SIZE + industry as usize * SizeBand::ALL.len() + size as usize
            }
            Self::Region(region) => FIRST_REGION + region as usize,
        }
    }

    /// The peer group with this index, 0 to 128; nothing beyond.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        Self::ALL_129.get(index).copied()
    }

    /// Whether the organizations of an atom belong to it.
    #[must_use]
    pub fn contains(self, atom: Atom) -> bool {
        let segment = atom.segment();
        match self {
            Self::All => true,
            Self::Industry(industry) => industry == segment.industry,
            Self::IndustrySize(industry, size) => industry == segment.industry && size == segment.size_band,
            Self::Region(region) => region == segment.region,
        }
    }

    /// The four peer groups that an atom belongs to, coarser ones first.
    #[must_use]
    pub const fn of_atom(atom: Atom) -> [Self; 4] {
        let segment = atom.segment();
        [
            Self::All,
            Self::Industry(segment.industry),
            Self::Region(segment.region),
            Self::IndustrySize(segment.industry, segment.size_band),
        ]
    }

    /// The next coarser peer group; nothing for all.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::All => None,
            Self::Industry(_) | Self::Region(_) => Some(Self::All),
            Self::IndustrySize(industry, _) => Some(Self::Industry(industry)),
        }
    }

    /// Where to look, in order, when this one is withheld.
    #[must_use]
    pub fn fallbacks(self) -> Vec<Self> {
        std::iter::successors(self.parent(), |group| group.parent()).collect()
    }

    /// How many steps it is below all: 0 to 2.
    #[must_use]
    pub const fn depth(self) -> u8 {
        match self {
            Self::All => 0,
            Self::Industry(_) | Self::Region(_) => 1,
            Self::IndustrySize(..) => 2,
        }
    }
}

const fn table() -> [PeerGroup; COUNT] {
    let mut table = [PeerGroup::All; COUNT];
    let mut industry = 0;
    while industry < Industry::ALL.len() {
        let mut size = 0;
        table[1 + industry] = PeerGroup::Industry(Industry::ALL[industry]);
        while size < SizeBand::ALL.len() {
            let index = FIRST_INDUSTRY_SIZE + industry * SizeBand::ALL.len() + size;
            table[index] = PeerGroup::IndustrySize(Industry::ALL[industry], SizeBand::ALL[size]);
            size += 1;
        }
        industry += 1;
    }
    let mut region = 0;
    while region < Region::ALL.len() {
        table[FIRST_REGION + region] = PeerGroup::Region(Region::ALL[region]);
        region += 1;
    }
    table
}

impl fmt::Display for PeerGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all"),
            Self::Industry(industry) => write!(formatter, "industry/{industry}"),
            Self::IndustrySize(industry, size) => write!(formatter, "industry-size/{industry}/{size}"),
            Self::Region(region) => write!(formatter, "region/{region}"),
        }
    }
}

impl FromStr for PeerGroup {
    type Err = UnknownPeerGroup;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        let group = match parts.as_slice() {
            ["all"] => Some(Self::All),
            ["industry", industry] => industry.parse().ok().map(Self::Industry),
            ["industry-size", industry, size] => {
                industry.parse().ok().zip(size.parse().ok()).map(|(industry, size)| Self::IndustrySize(industry, size))
            }
            ["region", region] => region.parse().ok().map(Self::Region),
            _ => None,
        };
        group.ok_or_else(|| UnknownPeerGroup(text.to_owned()))
    }
}

impl From<PeerGroup> for String {
    fn from(group: PeerGroup) -> Self {
        group.to_string()
    }
}

impl TryFrom<String> for PeerGroup {
    type Error = UnknownPeerGroup;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_and_a_text_name_one_peer_group() {
        for (index, group) in PeerGroup::ALL_129.into_iter().enumerate() {
            assert_eq!((group.index(), PeerGroup::from_index(index)), (index, Some(group)));
            assert_eq!(group.to_string().parse(), Ok(group));
            assert_eq!(serde_json::to_string(&group).unwrap(), format!("\"{group}\""));
        }
        assert_eq!(PeerGroup::from_index(129), None);
        for (index, text) in [
            (0, "all"),
            (9, "industry/INFORMATION"),
            (21 + 5 * 8 + 1, "industry-size/INFORMATION/FROM_100_TO_499"),
            (123, "region/WESTERN_EUROPE"),
        ] {
            assert_eq!(PeerGroup::ALL_129[index].to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "All", "all/", "industry", "industry/NONE", "industry-size/INFORMATION", "region/all", "a/b/c/d"]
        {
            assert_eq!(text.parse::<PeerGroup>(), Err(UnknownPeerGroup(text.to_owned())));
        }
    }

    #[test]
    fn an_atom_belongs_to_four_peer_groups() {
        for index in 0..Atom::COUNT {
            let atom = Atom::from_index(index).unwrap();
            let mut expected: Vec<_> = PeerGroup::ALL_129.into_iter().filter(|group| group.contains(atom)).collect();
            let mut groups = PeerGroup::of_atom(atom).to_vec();
            expected.sort();
            groups.sort();
            assert_eq!(groups, expected);
        }
    }

    #[test]
    fn the_fallbacks_are_the_coarser_ones() {
        let group = PeerGroup::IndustrySize(Industry::Finance, SizeBand::From20To99);
        assert_eq!(group.fallbacks(), [PeerGroup::Industry(Industry::Finance), PeerGroup::All]);
        assert_eq!(PeerGroup::Region(Region::NorthAmerica).fallbacks(), [PeerGroup::All]);
        assert_eq!(PeerGroup::All.fallbacks(), []);
    }
}
