//! The roles of an organization, and how they change.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    library::CanonicalRole,
    roles::{RoleDefinition, Skill, Task, Trend, normalized_key},
    stage::Stage,
};
use uuid::Uuid;

use super::{
    draw::{Draw, Purpose},
    industries::ROLES,
    plan::Planned,
    spec::{Calendar, WorldSpec},
    words,
};

/// A role with all its published versions.
pub(super) struct PublishedRole {
    pub(super) id: Uuid,
    /// At least one, the oldest first.
    pub(super) versions: Vec<PublishedVersion>,
}

/// A published version.
pub(super) struct PublishedVersion {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) definition: RoleDefinition,
}

/// Chances of an organization in a quarter: it looks at its roles again, changes one that it looks at, moves people.
const REVIEWS: f64 = 0.3;
const REVISES: f64 = 0.4;
const MOVES_PEOPLE: f64 = 0.04;
/// Chances that a canonical task is not run, and that a task is run but not linked.
const LEFT_OUT: f64 = 0.12;
const UNLINKED: f64 = 0.03;
/// How far an organization is behind the library at the beginning, in stages, and how fast it moves in a quarter.
const BEHIND: f64 = -0.6;
const SPEED: f64 = 0.08;

/// All roles of an organization with their history.
pub(super) fn roles_of(
    spec: &WorldSpec,
    calendar: &Calendar,
    library: &[CanonicalRole],
    organization: &Planned,
) -> Vec<PublishedRole> {
    let draw = &mut Draw::new(spec.seed, Purpose::Roles, organization.number);
    let start = draw.normal(BEHIND + organization.profile().lead, 0.4);
    let speed = draw.normal(SPEED, 0.04).max(0.0);
    let mut roles = run_roles(draw, library, organization);
    let mut published: Vec<PublishedRole> = Vec::with_capacity(roles.len());
    let first = start + speed * organization.from as f64;
    for role in &roles {
        let at = organization.started_at;
        let version = PublishedVersion { id: draw.id(at), at, definition: role.definition(first) };
        published.push(PublishedRole { id: draw.id(at), versions: vec![version] });
    }
    for quarter in organization.from + 1..=organization.until() {
        let at = calendar.before(quarter, draw.whole(33, 80), draw.uniform());
        let maturity = start + speed * quarter as f64;
        let reviews = draw.chance(REVIEWS);
        let moved = if draw.chance(MOVES_PEOPLE) { move_people(draw, &mut roles) } else { Vec::new() };
        for (place, (role, history)) in roles.iter().zip(&mut published).enumerate() {
            let is_revised = reviews && draw.chance(REVISES);
            if !is_revised && !moved.contains(&place) {
                continue;
            }
            let definition = role.definition(maturity);
            // A review that finds nothing new publishes nothing.
            if history.versions.last().is_none_or(|last| last.definition != definition) {
                history.versions.push(PublishedVersion { id: draw.id(at), at, definition });
            }
        }
    }
    published
}

/// Some people go from one role to another; the places of both.
fn move_people(draw: &mut Draw, roles: &mut [RunRole]) -> Vec<usize> {
    let (from, to) = (draw.place(roles.len()), draw.place(roles.len()));
    let available = roles.get(from).map_or(0, |role| role.heads / 4);
    if from == to || available == 0 {
        return Vec::new();
    }
    for (place, change) in [(from, -available), (to, available)] {
        if let Some(role) = roles.get_mut(place) {
            role.heads += change;
        }
    }
    vec![from, to]
}

/// A role as it is run, as a function of how far the organization is with AI.
struct RunRole {
    head: RoleDefinition,
    heads: i64,
    /// How far the role is ahead of the organization, in stages.
    lead: f64,
    tasks: Vec<RunTask>,
    skills: Vec<RunSkill>,
}

struct RunTask {
    task: Task,
    /// Where it stands at maturity 0: whole numbers are the borders between stages.
    position: f64,
    /// How much of the organization's maturity it feels.
    slope: f64,
    /// The maturity at which it is first run.
    from: f64,
}

struct RunSkill {
    skill: Skill,
    /// The maturity from which an emerging skill is held, or up to which a declining one is.
    border: f64,
}

impl RunRole {
    fn definition(&self, maturity: f64) -> RoleDefinition {
        let maturity = maturity + self.lead;
        let tasks = self.tasks.iter().filter(|task| task.from <= maturity);
        let skills = self.skills.iter().filter(|skill| skill.is_held(maturity));
        RoleDefinition {
            headcount: self.heads.max(1) as f64,
            tasks: tasks.map(|task| task.at(maturity)).collect(),
            skills: skills.map(|skill| skill.skill.clone()).collect(),
            ..self.head.clone()
        }
    }
}

impl RunTask {
    fn at(&self, maturity: f64) -> Task {
        let stage = match self.position + self.slope * maturity {
            position if position < 1.0 => Stage::Human,
            position if position < 2.0 => Stage::AtRisk,
            position if position < 3.0 => Stage::AiAssisted,
            _ => Stage::Automated,
        };
        Task { stage: Some(stage), ..self.task.clone() }
    }
}

impl RunSkill {
    fn is_held(&self, maturity: f64) -> bool {
        match self.skill.trend {
            Trend::Emerging => maturity >= self.border,
            Trend::Declining => maturity <= self.border,
            Trend::Stable => true,
        }
    }
}

fn run_roles(draw: &mut Draw, library: &[CanonicalRole], organization: &Planned) -> Vec<RunRole> {
    let profile = organization.profile();
    let band = organization.segment.size_band as usize;
    let (low, high) = ROLES.get(band).copied().unwrap_or((10, 20));
    let affinity: Vec<f64> = library.iter().map(|role| profile.affinity(&role.family).powi(2)).collect();
    let number = draw.whole(low, high);
    let chosen = draw.sample(&affinity, usize::try_from(number).unwrap_or(10));
    let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
    for place in &chosen {
        let usual = affinity.get(*place).copied().unwrap_or(1.0).sqrt();
        shares.insert(*place, usual * draw.normal(0.0, 0.7).exp());
    }
    let total: f64 = shares.values().sum();
    let heads = organization.heads as f64 * profile.share;
    let mut roles = Vec::with_capacity(chosen.len() + 1);
    for (place, share) in shares {
        if let Some(canonical) = library.get(place) {
            roles.push(canonical_role(draw, canonical, ((heads * share / total).round() as i64).max(1)));
        }
    }
    let placed: i64 = roles.iter().map(|role| role.heads).sum();
    roles.push(own_role(draw, (organization.heads - placed).max(1)));
    roles
}

fn canonical_role(draw: &mut Draw, canonical: &CanonicalRole, heads: i64) -> RunRole {
    let level = draw.chance(0.15).then(|| draw.word(&["Senior", "Junior", "Lead"]).to_owned());
    let head = RoleDefinition {
        title: canonical.title.clone(),
        family: Some(canonical.family.clone()),
        level,
        coordination_share: canonical.coordination_share,
        canonical_role: Some(canonical.key.clone()),
        ..RoleDefinition::default()
    };
    let mut tasks = Vec::with_capacity(canonical.tasks.len() + 2);
    for task in &canonical.tasks {
        let (is_left_out, is_unlinked) = (draw.chance(LEFT_OUT), draw.chance(UNLINKED));
        let task = Task { description: None, rationale: None, time_share: None, ..task.to_task() };
        let task = run_task(draw, task);
        if !is_left_out {
            let canonical_task = task.task.canonical_task.clone().filter(|_| !is_unlinked);
            tasks.push(RunTask { task: Task { canonical_task, ..task.task }, ..task });
        }
    }
    let own = draw.whole(0, 2);
    add_own_tasks(draw, &mut tasks, own, true);
    let skills = canonical.skills.iter().map(|skill| run_skill(draw, skill)).collect();
    RunRole { head, heads, lead: draw.normal(0.0, 0.25), tasks, skills }
}

/// The rest of the people, in a role that the library does not know.
fn own_role(draw: &mut Draw, heads: i64) -> RunRole {
    let title = draw.word(&words::OWN_ROLES).to_owned();
    let head = RoleDefinition { title, family: Some("Operations".to_owned()), ..RoleDefinition::default() };
    let mut tasks = Vec::new();
    add_own_tasks(draw, &mut tasks, 4, false);
    RunRole { head, heads, lead: 0.0, tasks, skills: Vec::new() }
}

fn add_own_tasks(draw: &mut Draw, tasks: &mut Vec<RunTask>, number: i64, may_emerge: bool) {
    for _ in 0..number {
        let title = draw.word(&words::OWN_TASKS).to_owned();
        let task = Task { key: normalized_key(&title), title, stage: Some(Stage::Human), ..Task::default() };
        let emerges = may_emerge && draw.chance(0.3);
        let from = if emerges { draw.normal(-0.2, 0.3) } else { f64::NEG_INFINITY };
        let task = RunTask { from, ..run_task(draw, task) };
        if tasks.iter().all(|other| other.task.key != task.task.key) {
            tasks.push(task);
        }
    }
}

fn run_task(draw: &mut Draw, task: Task) -> RunTask {
    // What only people do today follows the others slowly.
    let (usual, slope) = match task.stage {
        Some(Stage::Human) | None => (0.5, 0.5),
        Some(Stage::AtRisk) => (1.5, 0.9),
        Some(Stage::AiAssisted) => (2.55, 1.0),
        Some(Stage::Automated) => (3.5, 1.0),
    };
    RunTask { task, position: draw.normal(usual, 0.35), slope, from: f64::NEG_INFINITY }
}

fn run_skill(draw: &mut Draw, skill: &Skill) -> RunSkill {
    let usual = match skill.trend {
        Trend::Emerging => -0.3,
        Trend::Declining => 0.1,
        Trend::Stable => 0.0,
    };
    let canonical_skill = skill.canonical_skill.clone();
    let skill = Skill { canonical_skill, ..Skill::new(skill.name.clone(), skill.trend) };
    RunSkill { skill, border: draw.normal(usual, 0.45) }
}
