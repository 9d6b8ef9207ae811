//! The roles of the golden vectors, written out so that their figures are covered wherever the tests run.

use domain::combination::{CombinationRole, CombinationTask};
use domain::library::{CanonicalRole, CanonicalTask, canonical_key};
use domain::roles::{RoleDefinition, Skill, Task, Trend};
use domain::stage::Stage::{self, AiAssisted, AtRisk, Automated, Human};

pub const BACKEND: [(&str, Stage); 10] = [
    ("system-architecture-design", Human),
    ("scalability-planning", Human),
    ("ai-model-integration", Human),
    ("incident-response", Human),
    ("performance-optimization", AiAssisted),
    ("security-implementation", AiAssisted),
    ("database-schema-design", AiAssisted),
    ("third-party-integrations", AiAssisted),
    ("api-endpoint-implementation", Automated),
    ("database-queries", Automated),
];
pub const BACKEND_SKILLS: [&str; 10] = [
    "AI/ML integration architecture",
    "AI-generated code review and validation",
    "Distributed systems design",
    "LLM orchestration and prompt engineering",
    "Cost optimization at scale",
    "Boilerplate coding",
    "Manual API documentation",
    "Routine database queries",
    "Configuration management",
    "Observability",
];
pub const DEVOPS: [(&str, Stage); 10] = [
    ("scalability-planning", Human),
    ("incident-response", Human),
    ("cloud-architecture", Human),
    ("developer-support-tickets", AtRisk),
    ("performance-optimization", AiAssisted),
    ("security-implementation", AiAssisted),
    ("monitoring-and-alerting", AiAssisted),
    ("ci-cd-pipeline-authoring", Automated),
    ("infrastructure-as-code-scaffolding", Automated),
    ("release-deployment", Automated),
];
pub const DEVOPS_SKILLS: [&str; 9] = [
    "Distributed systems design",
    "Cost optimization at scale",
    "Configuration management",
    "AI-generated code review and validation",
    "Observability",
    "CI/CD",
    "Container orchestration",
    "Infrastructure as code",
    "Identity and secrets management",
];
pub const DATA: [(&str, Stage); 10] = [
    ("data-platform-architecture", Human),
    ("data-governance", Human),
    ("stakeholder-requirements", AtRisk),
    ("performance-optimization", AiAssisted),
    ("database-schema-design", AiAssisted),
    ("data-quality-monitoring", AiAssisted),
    ("database-queries", Automated),
    ("etl-pipeline-implementation", Automated),
    ("data-documentation", Automated),
    ("pipeline-scheduling", Automated),
];
pub const DATA_SKILLS: [&str; 8] = [
    "Distributed systems design",
    "Cost optimization at scale",
    "Routine database queries",
    "AI/ML integration architecture",
    "Data modeling",
    "Stream processing",
    "Data quality",
    "Workflow orchestration",
];

/// A role with headcount 1, nothing automated today and equal shares.
pub fn combination_role(name: &str, share: f64, tasks: &[(&str, Stage)], skills: &[&str]) -> CombinationRole {
    CombinationRole {
        name: name.to_owned(),
        headcount: 1.0,
        coordination_share: share,
        coordination_share_is_assumed: false,
        current_adoption: 0.0,
        tasks: tasks.iter().map(|(key, stage)| CombinationTask::new(*key, *stage, None)).collect(),
        skills: skills.iter().map(|name| (*name).into()).collect(),
        unscored_tasks: 0,
    }
}

pub fn backend(share: f64) -> CombinationRole {
    combination_role("Backend Engineer", share, &BACKEND, &BACKEND_SKILLS)
}

pub fn devops() -> CombinationRole {
    combination_role("DevOps Engineer", 0.2, &DEVOPS, &DEVOPS_SKILLS)
}

pub fn data() -> CombinationRole {
    combination_role("Data Engineer", 0.15, &DATA, &DATA_SKILLS)
}

/// A task of which only key and stage are known.
pub fn task(key: &str, stage: Stage) -> Task {
    Task { key: key.to_owned(), title: key.replace('-', " "), stage: Some(stage), ..Task::default() }
}

pub fn tasks(list: &[(&str, Stage)]) -> Vec<Task> {
    list.iter().map(|(key, stage)| task(key, *stage)).collect()
}

/// Tasks given by how many there are of each stage.
pub fn tasks_of(counts: &[(Stage, usize)]) -> Vec<Task> {
    let stages = counts.iter().flat_map(|(stage, count)| std::iter::repeat_n(*stage, *count));
    stages.enumerate().map(|(position, stage)| task(&format!("task-{position}"), stage)).collect()
}

/// An organization's own role, linked to nothing.
pub fn definition(title: &str, list: &[(&str, Stage)], skills: &[&str]) -> RoleDefinition {
    RoleDefinition {
        title: title.to_owned(),
        coordination_share: Some(0.2),
        tasks: tasks(list),
        skills: skills.iter().map(|name| Skill::new(*name, Trend::Stable)).collect(),
        ..RoleDefinition::default()
    }
}

/// The Backend Engineer of the library.
pub fn canonical_backend() -> CanonicalRole {
    let canonical_task = |(key, stage): &(&str, Stage)| CanonicalTask {
        key: canonical_key("rolemark", key),
        title: key.replace('-', " "),
        stage: Some(*stage),
        ..CanonicalTask::default()
    };
    let trend = |position| match position {
        0..5 => Trend::Emerging,
        5..9 => Trend::Declining,
        _ => Trend::Stable,
    };
    let skill = |(position, name): (usize, &&str)| Skill {
        canonical_skill: Some(canonical_key("rolemark", &domain::roles::normalized_key(name))),
        ..Skill::new(*name, trend(position))
    };
    CanonicalRole {
        key: "rolemark:backend-engineer".to_owned(),
        title: "Backend Engineer".to_owned(),
        family: "Engineering".to_owned(),
        occupation_code: Some("15-1252.00".to_owned()),
        summary: "Builds the services behind a product.".to_owned(),
        coordination_share: Some(0.2),
        tasks: BACKEND.iter().map(canonical_task).collect(),
        skills: BACKEND_SKILLS.iter().enumerate().map(skill).collect(),
        ..CanonicalRole::default()
    }
}

#[track_caller]
pub fn assert_close(actual: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((actual - expected).abs() <= tolerance, "{what}: {actual} is not {expected} within {tolerance}");
}
