//! What kinds of organizations there are, and which roles they run.

use domain::disclosure::Industry;

/// The job families of the library, in the order of the digits below.
pub(super) const FAMILIES: [&str; 13] = [
    "Engineering",
    "Data",
    "IT",
    "Security",
    "Product",
    "Design",
    "Finance",
    "HR",
    "Legal",
    "Marketing",
    "Sales",
    "Support",
    "Operations",
];

/// An industry of the synthetic world.
pub(super) struct Profile {
    /// The industry.
    pub(super) industry: Industry,
    /// The last word of an organization's name.
    pub(super) words: [&'static str; 3],
    /// How usual the roles of each family are, a digit each, in the order of [`FAMILIES`].
    families: &'static str,
    /// How far its organizations are with AI at the beginning, in stages, beside the others.
    pub(super) lead: f64,
    /// The share of its people in the roles of the library.
    pub(super) share: f64,
}

impl Profile {
    /// How usual the roles of a family are, 0 to 9; 3 for a family that is not known.
    pub(super) fn affinity(&self, family: &str) -> f64 {
        let place = FAMILIES.iter().position(|known| *known == family);
        let digit = place.and_then(|place| self.families.as_bytes().get(place));
        digit.map_or(3.0, |digit| f64::from(digit.saturating_sub(b'0')))
    }
}

const fn profile(
    industry: Industry,
    words: [&'static str; 3],
    families: &'static str,
    lead: f64,
    share: f64,
) -> Profile {
    Profile { industry, words, families, lead, share }
}

/// All industries, the one with the most organizations first.
pub(super) const PROFILES: [Profile; 20] = [
    profile(Industry::Information, ["Software", "Media", "Networks"], "9978998758994", 0.35, 0.85),
    profile(Industry::ProfessionalServices, ["Advisory", "Partners", "Labs"], "5653448976756", 0.25, 0.7),
    profile(Industry::Finance, ["Bank", "Insurance", "Capital"], "7888659796775", 0.2, 0.6),
    profile(Industry::Manufacturing, ["Works", "Industries", "Components"], "4575438855759", -0.1, 0.4),
    profile(Industry::HealthCare, ["Health", "Clinics", "Care"], "3475336974388", -0.15, 0.35),
    profile(Industry::RetailTrade, ["Stores", "Market", "Retail"], "5655557849699", 0.0, 0.35),
    profile(Industry::WholesaleTrade, ["Supply", "Trading", "Wholesale"], "2463328746969", -0.1, 0.45),
    profile(Industry::Transportation, ["Logistics", "Freight", "Lines"], "4575428844589", -0.1, 0.35),
    profile(Industry::Education, ["College", "Academy", "Learning"], "3474445864378", -0.05, 0.4),
    profile(Industry::AdministrativeServices, ["Services", "Staffing", "Solutions"], "2353227955787", 0.0, 0.45),
    profile(Industry::Construction, ["Builders", "Construction", "Homes"], "1242228763539", -0.3, 0.35),
    profile(Industry::PublicAdministration, ["Agency", "Council", "Authority"], "3486348894286", -0.25, 0.5),
    profile(Industry::RealEstate, ["Properties", "Estates", "Realty"], "2353328686766", -0.1, 0.45),
    profile(Industry::Utilities, ["Energy", "Water", "Grid"], "3577228863388", -0.15, 0.45),
    profile(Industry::OtherServices, ["Association", "Foundation", "Repair"], "1242328756566", -0.15, 0.45),
    profile(Industry::AccommodationAndFood, ["Hotels", "Kitchens", "Resorts"], "1242337838688", -0.2, 0.3),
    profile(Industry::ArtsAndRecreation, ["Arts", "Parks", "Theatre"], "2342466758575", -0.1, 0.4),
    profile(Industry::Mining, ["Minerals", "Quarries", "Resources"], "2454118752329", -0.2, 0.35),
    profile(Industry::ManagementOfCompanies, ["Holdings", "Group", "Ventures"], "3564339985445", 0.05, 0.7),
    profile(Industry::Agriculture, ["Farms", "Harvest", "Growers"], "1231117624539", -0.35, 0.3),
];

/// How often an industry occurs by its place in [`PROFILES`], after Zipf.
pub(super) fn frequency(place: usize) -> f64 {
    1.0 / (place as f64 + 1.0)
}

/// How often the size bands occur, the smallest first.
pub(super) const SIZES: [f64; 5] = [0.16, 0.36, 0.27, 0.15, 0.06];

/// The fewest and the most roles of the library that an organization of a size band runs.
pub(super) const ROLES: [(i64, i64); 5] = [(10, 14), (13, 20), (17, 25), (20, 28), (23, 30)];

/// How often the regions occur, in the order of `Region::ALL`.
pub(super) const REGIONS: [f64; 8] = [0.38, 0.06, 0.27, 0.06, 0.04, 0.02, 0.07, 0.10];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_industry_has_a_profile_and_every_profile_all_families() {
        let industries: HashSet<Industry> = PROFILES.iter().map(|profile| profile.industry).collect();
        assert_eq!(industries.len(), Industry::ALL.len());
        for profile in &PROFILES {
            let digits = profile.families.bytes().filter(u8::is_ascii_digit).count();
            assert_eq!((digits, profile.families.len()), (FAMILIES.len(), FAMILIES.len()), "{}", profile.industry);
        }
    }
}
