/// How much a role definition may hold. Text lengths count Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoleLimits {
    /// The longest title, name, key or entry of a list.
    pub name_length: usize,
    /// The longest description, rationale or summary.
    pub text_length: usize,
    /// The most tasks.
    pub tasks: usize,
    /// The most skills.
    pub skills: usize,
    /// The most pathways.
    pub pathways: usize,
    /// The most skills of one pathway.
    pub pathway_skills: usize,
    /// The most entries of the technology stack.
    pub technology_stack: usize,
    /// The least and the greatest headcount. The least is far below any real one, and far enough above 0 to divide by.
    pub headcount: (f64, f64),
    /// The most months of a pathway.
    pub pathway_months: u16,
}

impl Default for RoleLimits {
    fn default() -> Self {
        Self {
            name_length: 200,
            text_length: 4_000,
            tasks: 200,
            skills: 200,
            pathways: 50,
            pathway_skills: 50,
            technology_stack: 100,
            headcount: (0.000_001, 1_000_000.0),
            pathway_months: 600,
        }
    }
}
