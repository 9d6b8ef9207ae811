//! The words of the synthetic world. No name is meant to be anybody's.

/// First words of organizations.
pub(super) const FIRST: [&str; 48] = [
    "Alder", "Amber", "Ashgrove", "Aurora", "Basalt", "Birch", "Blue", "Bright", "Cedar", "Clear", "Cobalt", "Copper",
    "Coral", "Crescent", "Delta", "Drift", "Eastern", "Elm", "Ember", "Fern", "Flint", "Garnet", "Golden", "Granite",
    "Green", "Harbour", "Hazel", "High", "Indigo", "Iron", "Ivory", "Juniper", "Lake", "Larch", "Linden", "Maple",
    "Meadow", "North", "Oak", "Opal", "Orchard", "Pine", "River", "Silver", "Slate", "Stone", "Summit", "Willow",
];

/// Second words of organizations.
pub(super) const SECOND: [&str; 40] = [
    "Anchor", "Arch", "Bank", "Bay", "Beacon", "Bridge", "Brook", "Canyon", "Cliff", "Coast", "Cove", "Crest", "Dale",
    "Field", "Ford", "Forge", "Gate", "Glen", "Grove", "Haven", "Hill", "Hollow", "Isle", "Landing", "Ledge", "Light",
    "Mark", "Mill", "Path", "Peak", "Point", "Quay", "Ridge", "Rock", "Shore", "Span", "Spring", "Vale", "View", "Way",
];

/// Given names of people.
pub(super) const GIVEN: [&str; 24] = [
    "Amina", "Anders", "Bea", "Carlos", "Chen", "Dara", "Elif", "Emeka", "Farah", "Grace", "Hana", "Ivo", "Jonas",
    "Kavya", "Leila", "Mateo", "Nadia", "Oskar", "Priya", "Rosa", "Sami", "Tomas", "Wei", "Yuki",
];

/// Family names of people.
pub(super) const FAMILY: [&str; 24] = [
    "Abara",
    "Bergen",
    "Castell",
    "Dalgaard",
    "Eriksen",
    "Fontaine",
    "Galvez",
    "Haddad",
    "Ibarra",
    "Jensen",
    "Kowal",
    "Lindqvist",
    "Moreau",
    "Nakano",
    "Okoye",
    "Petrov",
    "Quispe",
    "Rahman",
    "Silva",
    "Tanaka",
    "Ueda",
    "Varga",
    "Weiss",
    "Zhao",
];

/// Tasks in an organization's own words, which no release may ever hold.
pub(super) const OWN_TASKS: [&str; 24] = [
    "Weekly numbers for the Monday round",
    "Board pack, our pages",
    "Looking after the old system",
    "Handover to the night shift",
    "Works council questions",
    "Showing new colleagues around",
    "Audit binder upkeep",
    "Our customers' portal",
    "Branch visits",
    "Answering the group mailbox",
    "Keeping the wiki in order",
    "Licence renewals",
    "Site safety round",
    "Quarterly vendor call",
    "Translating for the other offices",
    "Budget line upkeep",
    "Running the test bench",
    "Customer escalation support",
    "Preparing the steering meeting",
    "Data clean-up before the move",
    "Tool training for the team",
    "Reporting to the parent company",
    "Change requests of the region",
    "Year-end stocktaking",
];

/// Roles in an organization's own words, linked to nothing.
pub(super) const OWN_ROLES: [&str; 12] = [
    "Field crew",
    "Shift team",
    "Branch staff",
    "House services",
    "Regional office",
    "Workshop",
    "Service desk floor",
    "Delivery team",
    "Site staff",
    "Programme office",
    "Front line",
    "Plant team",
];

/// Why access is lent.
pub(super) const REASONS: [&str; 6] = [
    "Review of our roles",
    "Redesign of work around AI",
    "Yearly workforce plan",
    "Merger of two departments",
    "Second opinion on the roadmap",
    "Support of the works council talks",
];
