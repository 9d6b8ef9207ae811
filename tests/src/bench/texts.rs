//! The roles that the databases are filled with: 12 tasks, 10 skills and 2 pathways each, 5 to 6 KB of JSON as sent.
//! The texts are a little shorter than those of the shipped library.

use serde_json::{Value, json};

use super::random::Random;

/// Roles of an organization; half of them are linked to [`LINKED_TO`].
pub(crate) const ROLES: usize = 40;
/// Tasks of a role.
pub(crate) const TASKS: usize = 12;
/// Skills of a role.
pub(crate) const SKILLS: usize = 10;
/// The canonical role of the linked ones.
pub(crate) const LINKED_TO: &str = "rolemark:backend-engineer";
/// All stages.
pub(crate) const STAGES: [&str; 4] = ["HUMAN", "AT_RISK", "AI_ASSISTED", "AUTOMATED"];

/// Adds up to 1.
const SHARES: [f64; TASKS] = [0.15, 0.12, 0.10, 0.10, 0.08, 0.08, 0.08, 0.07, 0.07, 0.05, 0.05, 0.05];

/// Tasks that the canonical role has. The first six are linked by key, the others only have the same key.
const CANONICAL_TASKS: [&str; 8] = [
    "System architecture design",
    "Scalability planning",
    "Incident response",
    "Performance optimization",
    "Security implementation",
    "Database schema design",
    "Third-party integrations",
    "Database queries",
];
const LINKED_TASKS: usize = 6;

const OWN_TASKS: [&str; TASKS] = [
    "Weekly capacity review",
    "Vendor contract follow-up",
    "Service cost allocation",
    "Customer escalation handling",
    "Release note drafting",
    "Onboarding of new colleagues",
    "Quarterly risk assessment",
    "Dashboard maintenance",
    "Runbook upkeep",
    "Interviewing candidates",
    "Budget forecasting",
    "Access rights review",
];

const SKILL_NAMES: [(&str, &str); 14] = [
    ("AI/ML integration architecture", "EMERGING"),
    ("Distributed systems design", "EMERGING"),
    ("Observability", "EMERGING"),
    ("Boilerplate coding", "DECLINING"),
    ("Routine database queries", "DECLINING"),
    ("Stakeholder communication", "STABLE"),
    ("Incident coordination", "STABLE"),
    ("Data protection law", "EMERGING"),
    ("Technical writing", "STABLE"),
    ("Spreadsheet modelling", "DECLINING"),
    ("Process automation", "EMERGING"),
    ("Project planning", "STABLE"),
    ("Vendor management", "STABLE"),
    ("Supervising AI agents", "EMERGING"),
];

const DESCRIPTIONS: [&str; 4] = [
    "Collects the open points and agrees the order of work with all teams.",
    "Checks what the tools propose and decides what goes to production.",
    "Keeps figures, owners and deadlines in one place and up to date.",
    "Prepares the decision with two options and their costs and risks.",
];
const RATIONALES: [&str; 4] = [
    "Most of what is needed is written down nowhere, and people answer for the result.",
    "Models draft this well; somebody still has to weigh cost, delay and wrong answers.",
    "Done from a template with little help; a sample of the output is reviewed weekly.",
    "The tools are new here and few patterns are proven, so progress is watched closely.",
];
const TITLES: [&str; 5] =
    ["Payments Platform Engineer", "Claims Operations Lead", "Data Steward", "Service Manager", "Solutions Engineer"];
const FAMILIES: [&str; 4] = ["Engineering", "Operations", "Data", "Customer Success"];
const LEVELS: [&str; 3] = ["Junior", "Senior", "Lead"];

/// The role at `position` of an organization, as createRoleConfigurations takes it.
pub(crate) fn role(position: usize, random: &mut Random) -> Value {
    let is_linked = position.is_multiple_of(2);
    let tasks: Vec<Value> = (0..TASKS).map(|task| self::task(is_linked, task, random)).collect();
    json!({
        "externalId": format!("HR-{:04}", position + 1),
        "title": format!("{} {:02}", random.one_of(&TITLES), position + 1),
        "family": random.one_of(&FAMILIES),
        "level": random.one_of(&LEVELS),
        "summary": random.one_of(&RATIONALES),
        "headcount": 1 + random.below(20),
        "coordinationShare": random.below(8) as f64 / 20.0,
        "currentAiAdoption": random.below(8) as f64 / 20.0,
        "technologyStack": ["PostgreSQL", "Kubernetes", "Grafana"],
        "canonicalRoleKey": is_linked.then_some(LINKED_TO),
        "tasks": tasks,
        "skills": skills(random),
        "careerPathways": [pathway("Staff Engineer", random), pathway("Engineering Manager", random)],
    })
}

fn task(is_linked: bool, position: usize, random: &mut Random) -> Value {
    let title = title(is_linked, position);
    let key = task_key(is_linked, position);
    let canonical = (is_linked && position < LINKED_TASKS).then(|| format!("rolemark:{key}"));
    json!({
        "key": key,
        "title": title,
        "description": random.one_of(&DESCRIPTIONS),
        "rationale": random.one_of(&RATIONALES),
        "stage": random.one_of(&STAGES),
        "timeShare": SHARES[position],
        "consequence": (1 + random.below(9)) as f64 / 10.0,
        "canonicalTaskKey": canonical,
    })
}

fn title(is_linked: bool, position: usize) -> &'static str {
    match is_linked {
        true => CANONICAL_TASKS.get(position).unwrap_or(&OWN_TASKS[position]),
        false => OWN_TASKS[position],
    }
}

/// The key of a task, by which it is updated.
pub(crate) fn task_key(is_linked: bool, position: usize) -> String {
    title(is_linked, position).to_lowercase().replace(' ', "-")
}

fn skills(random: &mut Random) -> Vec<Value> {
    let first = random.below(SKILL_NAMES.len());
    let taken = SKILL_NAMES.iter().cycle().skip(first).take(SKILLS);
    let skill = |(name, trend): &(&str, &str)| {
        json!({
            "name": name,
            "trend": trend,
            "priority": random.one_of(&["LOW", "MEDIUM", "HIGH"]),
            "automationRisk": random.below(10) as f64 / 10.0,
            "proficiency": 1 + random.below(5),
        })
    };
    taken.map(skill).collect()
}

fn pathway(target: &str, random: &mut Random) -> Value {
    json!({
        "target": target,
        "monthsFrom": 12,
        "monthsTo": 24 + random.below(12),
        "description": random.one_of(&DESCRIPTIONS),
        "skills": ["Technical writing", "Observability"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_the_size_that_is_claimed_and_fit_into_one_request() {
        let mut random = Random::new(1);
        let roles: Vec<String> = (0..ROLES).map(|position| role(position, &mut random).to_string()).collect();
        assert!(roles.iter().all(|role| (5_000..6_100).contains(&role.len())), "{}", roles[0].len());
        assert!(roles.iter().map(String::len).sum::<usize>() < 250_000);
        assert!((SHARES.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
