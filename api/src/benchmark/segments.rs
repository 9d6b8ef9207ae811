//! What kind of organization one is, as the schema has it.

use async_graphql::{Enum, SimpleObject};
use domain::disclosure::Segment;

/// What an organization does: the 20 sectors of the North American Industry Classification System
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::disclosure::Industry")]
pub(crate) enum Industry {
    /// Sector 11: agriculture, forestry, fishing and hunting
    Agriculture,
    /// Sector 21: mining, quarrying, oil and gas
    Mining,
    /// Sector 22: utilities
    Utilities,
    /// Sector 23: construction
    Construction,
    /// Sectors 31 to 33: manufacturing
    Manufacturing,
    /// Sector 42: wholesale trade
    WholesaleTrade,
    /// Sectors 44 and 45: retail trade
    RetailTrade,
    /// Sectors 48 and 49: transportation and warehousing
    Transportation,
    /// Sector 51: information, which includes software
    Information,
    /// Sector 52: finance and insurance
    Finance,
    /// Sector 53: real estate, rental and leasing
    RealEstate,
    /// Sector 54: professional, scientific and technical services
    ProfessionalServices,
    /// Sector 55: management of companies and enterprises
    ManagementOfCompanies,
    /// Sector 56: administrative, support, waste management and remediation services
    AdministrativeServices,
    /// Sector 61: educational services
    Education,
    /// Sector 62: health care and social assistance
    HealthCare,
    /// Sector 71: arts, entertainment and recreation
    ArtsAndRecreation,
    /// Sector 72: accommodation and food services
    AccommodationAndFood,
    /// Sector 81: other services
    OtherServices,
    /// Sector 92: public administration
    PublicAdministration,
}

/// How many people work for an organization
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::disclosure::SizeBand")]
pub(crate) enum SizeBand {
    /// 20 to 99
    #[graphql(name = "FROM_20_TO_99")]
    From20To99,
    /// 100 to 499
    #[graphql(name = "FROM_100_TO_499")]
    From100To499,
    /// 500 to 1,999
    #[graphql(name = "FROM_500_TO_1999")]
    From500To1999,
    /// 2,000 to 9,999
    #[graphql(name = "FROM_2000_TO_9999")]
    From2000To9999,
    /// 10,000 and more
    #[graphql(name = "FROM_10000")]
    From10000,
}

/// Where most of an organization's people work
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::disclosure::Region")]
pub(crate) enum Region {
    /// The United States, Canada and Bermuda
    NorthAmerica,
    /// Latin America and the Caribbean
    LatinAmerica,
    /// Western Europe
    WesternEurope,
    /// Central and Eastern Europe
    EasternEurope,
    /// The Middle East and North Africa
    MiddleEastAndNorthAfrica,
    /// Africa south of the Sahara
    SubSaharanAfrica,
    /// South and Central Asia
    SouthAndCentralAsia,
    /// East Asia and the Pacific
    EastAsiaAndPacific,
}

/// What kind of organization one is: what it does, how large it is, where it is
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub(crate) struct OrganizationSegment {
    /// What it does
    industry: Industry,
    /// How many people work for it
    size_band: SizeBand,
    /// Where most of them work
    region: Region,
}

impl From<Segment> for OrganizationSegment {
    fn from(segment: Segment) -> Self {
        let Segment { industry, size_band, region } = segment;
        Self { industry: industry.into(), size_band: size_band.into(), region: region.into() }
    }
}
