use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

text_enum! {
    /// What an organization does: the 20 sectors of the North American Industry Classification System.
    Industry {
        /// Sector 11: agriculture, forestry, fishing and hunting.
        Agriculture = "AGRICULTURE",
        /// Sector 21: mining, quarrying, oil and gas.
        Mining = "MINING",
        /// Sector 22: utilities.
        Utilities = "UTILITIES",
        /// Sector 23: construction.
        Construction = "CONSTRUCTION",
        /// Sectors 31 to 33: manufacturing.
        Manufacturing = "MANUFACTURING",
        /// Sector 42: wholesale trade.
        WholesaleTrade = "WHOLESALE_TRADE",
        /// Sectors 44 and 45: retail trade.
        RetailTrade = "RETAIL_TRADE",
        /// Sectors 48 and 49: transportation and warehousing.
        Transportation = "TRANSPORTATION",
        /// Sector 51: information, which includes software.
        Information = "INFORMATION",
        /// Sector 52: finance and insurance.
        Finance = "FINANCE",
        /// Sector 53: real estate, rental and leasing.
        RealEstate = "REAL_ESTATE",
        /// Sector 54: professional, scientific and technical services.
        ProfessionalServices = "PROFESSIONAL_SERVICES",
        /// Sector 55: management of companies and enterprises.
        ManagementOfCompanies = "MANAGEMENT_OF_COMPANIES",
        /// Sector 56: administrative, support, waste management and remediation services.
        AdministrativeServices = "ADMINISTRATIVE_SERVICES",
        /// Sector 61: educational services.
        Education = "EDUCATION",
        /// Sector 62: health care and social assistance.
        HealthCare = "HEALTH_CARE",
        /// Sector 71: arts, entertainment and recreation.
        ArtsAndRecreation = "ARTS_AND_RECREATION",
        /// Sector 72: accommodation and food services.
        AccommodationAndFood = "ACCOMMODATION_AND_FOOD",
        /// Sector 81: other services.
        OtherServices = "OTHER_SERVICES",
        /// Sector 92: public administration.
        PublicAdministration = "PUBLIC_ADMINISTRATION",
    }
}

text_enum! {
    /// How many people work for an organization.
    SizeBand {
        /// 20 to 99 heads.
        From20To99 = "FROM_20_TO_99",
        /// 100 to 499 heads.
        From100To499 = "FROM_100_TO_499",
        /// 500 to 1,999 heads.
        From500To1999 = "FROM_500_TO_1999",
        /// 2,000 to 9,999 heads.
        From2000To9999 = "FROM_2000_TO_9999",
        /// 10,000 heads and more.
        From10000 = "FROM_10000",
    }
}

text_enum! {
    /// Where most of an organization's people work.
    Region {
        /// The United States, Canada and Bermuda.
        NorthAmerica = "NORTH_AMERICA",
        /// Latin America and the Caribbean.
        LatinAmerica = "LATIN_AMERICA",
        /// Western Europe.
        WesternEurope = "WESTERN_EUROPE",
        /// Central and Eastern Europe.
        EasternEurope = "EASTERN_EUROPE",
        /// The Middle East and North Africa.
        MiddleEastAndNorthAfrica = "MIDDLE_EAST_AND_NORTH_AFRICA",
        /// Africa south of the Sahara.
        SubSaharanAfrica = "SUB_SAHARAN_AFRICA",
        /// South and Central Asia.
        SouthAndCentralAsia = "SOUTH_AND_CENTRAL_ASIA",
        /// East Asia and the Pacific.
        EastAsiaAndPacific = "EAST_ASIA_AND_PACIFIC",
    }
}

impl SizeBand {
    /// The least headcount of the band.
    #[must_use]
    pub const fn from(self) -> u32 {
        match self {
            Self::From20To99 => 20,
            Self::From100To499 => 100,
            Self::From500To1999 => 500,
            Self::From2000To9999 => 2_000,
            Self::From10000 => 10_000,
        }
    }

    /// The band of a headcount; nothing below 20, which is too small to contribute.
    #[must_use]
    pub fn of(headcount: f64) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|band| headcount >= f64::from(band.from()))
    }
}

/// What kind of organization it is: what it does, how large it is, where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// What it does.
    pub industry: Industry,
    /// How many people work for it.
    pub size_band: SizeBand,
    /// Where most of them work.
    pub region: Region,
}

impl Segment {
    /// The atom that holds exactly the organizations of this segment.
    #[must_use]
    pub const fn atom(self) -> Atom {
        let industry_and_size = self.industry as u16 * SizeBand::ALL.len() as u16 + self.size_band as u16;
        Atom(industry_and_size * Region::ALL.len() as u16 + self.region as u16)
    }
}

/// One industry, size band and region: the smallest piece of which every peer group is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom(u16);

impl Atom {
    /// How many atoms there are.
    pub const COUNT: u16 = (Industry::ALL.len() * SizeBand::ALL.len() * Region::ALL.len()) as u16;

    /// The atom with this index, `(industry * 5 + size) * 8 + region`, 0 to 799; nothing beyond.
    #[must_use]
    pub const fn from_index(index: u16) -> Option<Self> {
        if index < Self::COUNT { Some(Self(index)) } else { None }
    }

    /// Its index, 0 to 799.
    #[must_use]
    pub const fn index(self) -> u16 {
        self.0
    }

    /// The segment that it holds.
    #[must_use]
    pub const fn segment(self) -> Segment {
        let regions = Region::ALL.len();
        let bands = SizeBand::ALL.len();
        let index = self.0 as usize;
        Segment {
            industry: Industry::ALL[index / regions / bands],
            size_band: SizeBand::ALL[index / regions % bands],
            region: Region::ALL[index % regions],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_and_segments_are_the_same_thing() {
        for index in 0..Atom::COUNT {
            let atom = Atom::from_index(index).unwrap();
            assert_eq!(atom.segment().atom(), atom);
        }
        assert_eq!((Atom::COUNT, Atom::from_index(800)), (800, None));
        let segment = Segment {
            industry: Industry::Information,
            size_band: SizeBand::From100To499,
            region: Region::WesternEurope,
        };
        assert_eq!(segment.atom().index(), (8 * 5 + 1) * 8 + 2);
    }

    #[test]
    fn a_headcount_has_a_band() {
        for (headcount, band) in [
            (19.9, None),
            (20.0, Some(SizeBand::From20To99)),
            (99.9, Some(SizeBand::From20To99)),
            (100.0, Some(SizeBand::From100To499)),
            (9_999.0, Some(SizeBand::From2000To9999)),
            (1e6, Some(SizeBand::From10000)),
            (f64::NAN, None),
        ] {
            assert_eq!(SizeBand::of(headcount), band, "{headcount}");
        }
    }
}
