//! The operations that are measured: what is sent, and what must come back.

use clap::ValueEnum;
use rolemark_tests::Result;
use serde_json::{json, to_string};

use super::population::{Organization, PASSWORD, Population, Role};
use super::random::Random;
use super::shapes::{self, read, refuse};
use super::texts::{LINKED_TO, SKILLS, STAGES, TASKS, task_key};

/// Roles of a page.
const PAGE: usize = 20;

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    /// One role with its tasks, all their fields, and its skills
    Q1,
    /// A page of 20 roles with tasks and skills
    Q2,
    /// A comparison of a role with its canonical role
    Q3,
    /// A combination of a role with a canonical one
    Q4,
    /// An update of a task's stage, read back
    Q5,
    /// Who is asking: the least that a signed-in caller can ask
    Q6,
    /// Signing in
    Q7,
}

impl Operation {
    /// Its short name.
    pub(crate) fn name(self) -> &'static str {
        ["q1", "q2", "q3", "q4", "q5", "q6", "q7"][self as usize]
    }

    /// What it does.
    pub(crate) fn description(self) -> &'static str {
        ["role", "page of 20", "comparison", "combination", "update", "viewer", "sign-in"][self as usize]
    }

    /// Most microseconds of processor time that a request may take on PostgreSQL, server and database together:
    /// a quarter of PostGraphile's 2725, 2034 and 2239, and 7266 / 2.5 for the page.
    pub(crate) fn target_microseconds(self) -> Option<f64> {
        [Some(681.0), Some(2_906.0), Some(508.0), None, Some(560.0), None, None][self as usize]
    }

    fn document(self) -> &'static str {
        [
            include_str!("documents/role.graphql"),
            include_str!("documents/page.graphql"),
            include_str!("documents/comparison.graphql"),
            include_str!("documents/combination.graphql"),
            include_str!("documents/update.graphql"),
            include_str!("documents/viewer.graphql"),
            include_str!("documents/sign_in.graphql"),
        ][self as usize]
    }
}

/// A role that a request is about.
pub(crate) struct Target {
    pub(crate) organization: usize,
    pub(crate) role: usize,
    /// What a task is to become, for an update.
    task: usize,
    stage: usize,
}

/// An operation ready to be sent.
pub(crate) struct Prepared {
    operation: Operation,
    /// The body up to the variables.
    prefix: String,
}

impl Prepared {
    pub(crate) fn new(operation: Operation) -> Result<Self> {
        Ok(Self { operation, prefix: format!("{{\"query\":{},\"variables\":", to_string(operation.document())?) })
    }

    /// Chooses a role and writes a request about it.
    pub(crate) fn write(&self, population: &mut Population, random: &mut Random, body: &mut Vec<u8>) -> Result<Target> {
        let mut target = self.choose(population, random)?;
        let organization = &mut population.organizations[target.organization];
        let role = &mut organization.roles[target.role];
        let variables = match self.operation {
            Operation::Q1 | Operation::Q3 => format!(r#"{{"id":"{}"}}"#, role.id),
            Operation::Q2 => {
                let after = if random.below(2) == 0 { "null" } else { &organization.second_page };
                format!(r#"{{"id":"{}","after":{after}}}"#, organization.id)
            }
            Operation::Q4 => format!(r#"{{"organization":"{}","role":"{}"}}"#, organization.id, role.id),
            Operation::Q6 => "{}".to_owned(),
            Operation::Q7 => json!({ "input": { "email": organization.email, "password": PASSWORD } }).to_string(),
            Operation::Q5 => {
                role.is_busy = true;
                target.task = random.below(TASKS);
                // Another stage than the present one.
                target.stage = (role.stages[target.task] + 1 + random.below(STAGES.len() - 1)) % STAGES.len();
                let key = task_key(role.is_linked, target.task);
                let stage = STAGES[target.stage];
                json!({ "id": role.id, "revision": role.revision, "key": key, "stage": stage }).to_string()
            }
        };
        body.clear();
        for part in [self.prefix.as_str(), &variables, "}"] {
            body.extend_from_slice(part.as_bytes());
        }
        Ok(target)
    }

    fn choose(&self, population: &Population, random: &mut Random) -> Result<Target> {
        const ATTEMPTS: usize = 10_000;
        for _ in 0..ATTEMPTS {
            let organization = random.below(population.organizations.len());
            let roles = &population.organizations[organization].roles;
            let role = random.below(roles.len());
            let fits = match self.operation {
                Operation::Q3 => roles[role].is_linked,
                Operation::Q5 => !roles[role].is_busy,
                _ => true,
            };
            if fits {
                return Ok(Target { organization, role, task: 0, stage: 0 });
            }
        }
        Err("no role is free: there are more connections than roles".into())
    }

    /// Checks an answer, and notes what it says about the role.
    pub(crate) fn check(&self, target: &Target, population: &mut Population, body: &[u8]) -> Result<()> {
        let organization = &mut population.organizations[target.organization];
        let is_right = match self.operation {
            Operation::Q1 => check_role(&organization.roles[target.role], body),
            Operation::Q2 => check_page(organization, body),
            Operation::Q3 => check_comparison(&organization.roles[target.role], body),
            Operation::Q4 => check_combination(body),
            Operation::Q6 => read::<shapes::Viewer<'_>>(body).map(|data| data.viewer.name.starts_with("Admin ")),
            Operation::Q7 => read::<shapes::SignIn<'_>>(body).map(|data| !data.sign_in.session.access_token.is_empty()),
            Operation::Q5 => check_update(&mut organization.roles[target.role], target, body),
        }?;
        if is_right { Ok(()) } else { Err(refuse("it says something else", body)) }
    }
}

fn check_role(role: &Role, body: &[u8]) -> Result<bool> {
    let shapes::Node { node } = read::<shapes::Node<shapes::Role<'_>>>(body)?;
    Ok(node.id == role.id && is_whole(&node))
}

fn is_whole(role: &shapes::Role<'_>) -> bool {
    role.tasks.len() == TASKS
        && role.skills.len() == SKILLS
        && role.tasks.iter().all(|task| !task.key.is_empty() && STAGES.contains(&task.stage))
}

fn check_page(organization: &Organization, body: &[u8]) -> Result<bool> {
    let roles = read::<shapes::OrganizationPage<'_>>(body)?.organization.role_configurations.nodes;
    let is_own = |role: &shapes::Role<'_>| organization.roles.iter().any(|own| own.id == role.id);
    Ok(roles.len() == PAGE && roles.iter().all(|role| is_whole(role) && is_own(role)))
}

fn check_comparison(role: &Role, body: &[u8]) -> Result<bool> {
    let shapes::Node { node } = read::<shapes::Node<shapes::Compared<'_>>>(body)?;
    let comparison = node.comparison;
    let difference = comparison.own_score.value - comparison.canonical_score.value;
    Ok(node.id == role.id
        && comparison.canonical_role.key == LINKED_TO
        && (difference - comparison.score_difference).abs() < 1e-6
        && comparison.stage_mix_difference.len() == STAGES.len()
        && comparison.alignments.len() >= TASKS
        && !comparison.missing_tasks.is_empty()
        && !comparison.additional_tasks.is_empty())
}

fn check_combination(body: &[u8]) -> Result<bool> {
    let combined = read::<shapes::Simulation>(body)?.simulate_role_combination;
    let outcome = combined.outcome;
    let product = (1.0 + outcome.gain_from_ai) * (1.0 + outcome.gain_from_merging);
    Ok(combined.user_errors.is_empty()
        && (product - 1.0 - outcome.gain).abs() < 1e-6
        && (outcome.interval.lower..=outcome.interval.upper).contains(&outcome.gain)
        && !outcome.tornado.is_empty())
}

fn check_update(role: &mut Role, target: &Target, body: &[u8]) -> Result<bool> {
    let updated = read::<shapes::Update<'_>>(body)?.update_role_task;
    let Some(read_back) = updated.role_configuration else { return Ok(false) };
    let key = task_key(role.is_linked, target.task);
    let is_changed = |task: &shapes::Task<'_>| task.key == key && task.stage == STAGES[target.stage];
    let is_right = updated.user_errors.is_empty()
        && read_back.id == role.id
        && read_back.revision == role.revision + 1
        && read_back.tasks.iter().any(is_changed);
    role.revision = read_back.revision;
    role.stages[target.task] = target.stage;
    role.is_busy = false;
    Ok(is_right)
}
