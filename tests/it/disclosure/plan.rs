//! Worlds in a few words: organizations with roles, written into the database past the server.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use rolemark_tests::{Result, unique};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::direct::Direct;
use crate::ids::random_uuid;

/// Rows of one statement.
const ROWS: usize = 60;

/// Industry, size band and region.
pub(super) type Segment = (&'static str, &'static str, &'static str);

pub(super) const SOFTWARE: Segment = ("INFORMATION", "FROM_100_TO_499", "WESTERN_EUROPE");
pub(super) const BANKS: Segment = ("FINANCE", "FROM_500_TO_1999", "NORTH_AMERICA");

/// A canonical role of the shipped edition.
#[derive(Clone, Debug)]
pub(super) struct Canonical {
    pub(super) key: String,
    pub(super) tasks: Vec<String>,
    pub(super) skills: Vec<String>,
}

/// The canonical roles of the shipped edition, in the order of their keys.
pub(super) async fn library(direct: &mut Direct) -> Result<Vec<Canonical>> {
    let sql = "SELECT CAST(r.definition AS text) FROM canonical_role r JOIN library_edition e ON e.key = r.edition_key
               WHERE e.is_current AND e.source = 'rolemark' ORDER BY r.key";
    let mut roles = Vec::new();
    for text in direct.texts(sql).await? {
        let role: Value = serde_json::from_str(&text)?;
        let keys = |list: &str, key: &str| {
            let list = role[list].as_array().cloned().unwrap_or_default();
            list.iter().filter_map(|entry| entry[key].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let (tasks, skills) = (keys("tasks", "key"), keys("skills", "canonical_skill"));
        roles.push(Canonical { key: role["key"].as_str().unwrap_or_default().to_owned(), tasks, skills });
    }
    roles.retain(|role| role.tasks.len() >= 5 && role.skills.len() >= 2);
    assert!(roles.len() >= 40, "only {} canonical roles", roles.len());
    Ok(roles)
}

/// What an organization says about a role from an instant on.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) since: DateTime<Utc>,
    /// In points; 12.5 to 100.
    pub(super) score: f64,
}

/// A role that an organization runs.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) canonical: Canonical,
    pub(super) heads: f64,
    pub(super) said: Vec<Said>,
    /// How many of the canonical skills it has, the first ones.
    pub(super) skills: usize,
}

/// An organization that takes part.
#[derive(Clone, Debug)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) segment: Segment,
    pub(super) created_at: DateTime<Utc>,
    /// The operator has not verified it.
    pub(super) is_unverified: bool,
    pub(super) is_by_contract: bool,
    pub(super) legal_group: Option<String>,
    pub(super) registrant_domain: Option<String>,
    pub(super) payment_instrument: Option<String>,
    pub(super) roles: Vec<Role>,
    /// It was made by signing up: only what it contributes is missing.
    pub(super) is_there: bool,
}

/// A world before it is written.
pub(super) struct Plan {
    pub(super) library: Vec<Canonical>,
    pub(super) organizations: Vec<Organization>,
    /// When everything began: long before the first snapshot.
    pub(super) since: DateTime<Utc>,
    /// A text that stands in everything that organizations say in their own words.
    pub(super) canary: String,
}

impl Plan {
    pub(super) async fn new(direct: &mut Direct) -> Result<Self> {
        let since = Utc::now() - Duration::days(4 * 365);
        Ok(Self { library: library(direct).await?, organizations: Vec::new(), since, canary: unique("Canary") })
    }

    /// So many organizations of a segment; their places in the plan.
    pub(super) fn add(&mut self, count: usize, segment: Segment) -> Vec<usize> {
        let first = self.organizations.len();
        for _ in 0..count {
            self.organizations.push(Organization {
                id: random_uuid(),
                segment,
                created_at: self.since,
                is_unverified: false,
                is_by_contract: true,
                legal_group: None,
                registrant_domain: None,
                payment_instrument: None,
                roles: Vec::new(),
                is_there: false,
            });
        }
        (first..first + count).collect()
    }

    /// The key of a canonical role by its place.
    pub(super) fn key(&self, role: usize) -> &str {
        &self.library[role].key
    }

    /// Lets an organization run a canonical role with a score.
    pub(super) fn run(&mut self, organization: usize, role: usize, score: f64) -> &mut Role {
        let canonical = self.library[role].clone();
        let said = vec![Said { since: self.since, score }];
        let roles = &mut self.organizations[organization].roles;
        roles.push(Role { canonical, heads: 30.0, said, skills: 1 });
        roles.last_mut().expect("a role was added")
    }

    /// Lets organizations run a role with scores that are spread around 50.
    pub(super) fn run_all(&mut self, organizations: &[usize], role: usize) {
        for (place, organization) in organizations.iter().enumerate() {
            let score = 25.0 + ((place * 37 + role * 13 + 11) % 51) as f64;
            self.run(*organization, role, score).skills = 1 + (place + role) % 2;
        }
    }

    /// Adds roles of a single head until everybody has three: they qualify, and are not sent.
    fn fill(&mut self) {
        for organization in &mut self.organizations {
            let mut fillers = self.library.iter().rev();
            while organization.roles.len() < 3 {
                let Some(canonical) = fillers.next() else { break };
                if organization.roles.iter().any(|role| role.canonical.key == canonical.key) {
                    continue;
                }
                let said = vec![Said { since: self.since, score: 50.0 }];
                organization.roles.push(Role { canonical: canonical.clone(), heads: 1.0, said, skills: 1 });
            }
        }
    }

    /// Writes everything.
    pub(super) async fn write(&mut self, direct: &mut Direct) -> Result<()> {
        self.fill();
        let mut rows = Rows::default();
        for (number, organization) in self.organizations.iter().enumerate() {
            rows.add(self, number, organization, direct);
        }
        for (table, columns, rows) in [
            ("organization", "org_id, name, created_at", rows.organizations),
            ("audit_head", "org_id, seq, hash", rows.chains),
            (
                "organization_verification",
                "org_id, id, legal_entity, legal_group, registrant_domain, payment_instrument, is_by_contract, verified_at",
                rows.verifications,
            ),
            (
                "organization_segment",
                "org_id, id, industry, size_band, region, declared_at, declared_by, verified_at",
                rows.segments,
            ),
            ("benchmark_participation", "org_id, id, joined_at, joined_by", rows.participations),
            (
                "role_configuration",
                "org_id, id, status, revision, published_number, published_revision, title, title_key, headcount,
                 canonical_role, human_tasks, at_risk_tasks, ai_assisted_tasks, automated_tasks, definition, created_at,
                 updated_at",
                rows.roles,
            ),
            ("role_version", "org_id, id, role_id, number, definition, published_at, published_by", rows.versions),
        ] {
            for some in rows.chunks(ROWS) {
                direct.execute(format!("INSERT INTO {table} ({columns}) VALUES {}", some.join(", "))).await?;
            }
        }
        Ok(())
    }

    /// A role in an organization's own words.
    fn definition(&self, role: &Role, score: f64) -> String {
        // 12.5 for what people do and 100 for what runs by itself.
        let automated = (score - 12.5) / 87.5;
        let count = role.canonical.tasks.len();
        let task = |(place, key): (usize, &String)| {
            let is_automated = place == 0;
            let share = if is_automated { automated } else { (1.0 - automated) / (count - 1) as f64 };
            json!({
                "key": format!("task-{place}"), "title": format!("{} task {place}", self.canary),
                "description": self.canary, "stage": if is_automated { "AUTOMATED" } else { "HUMAN" },
                "time_share": share, "canonical_task": key,
            })
        };
        let skill = |key: &String| json!({ "name": self.canary, "trend": "STABLE", "canonical_skill": key });
        json!({
            "title": format!("{} role", self.canary), "family": self.canary, "summary": self.canary,
            "headcount": role.heads, "canonical_role": role.canonical.key, "technology_stack": [self.canary],
            "tasks": role.canonical.tasks.iter().enumerate().map(task).collect::<Vec<_>>(),
            "skills": role.canonical.skills.iter().take(role.skills).map(skill).collect::<Vec<_>>(),
        })
        .to_string()
    }
}

/// Rows as the values of statements.
#[derive(Default)]
struct Rows {
    organizations: Vec<String>,
    chains: Vec<String>,
    verifications: Vec<String>,
    segments: Vec<String>,
    participations: Vec<String>,
    roles: Vec<String>,
    versions: Vec<String>,
}

impl Rows {
    fn add(&mut self, plan: &Plan, number: usize, organization: &Organization, direct: &Direct) {
        let Organization { id, segment: (industry, size, region), .. } = organization;
        let (org, since) = (direct.uuid(*id), direct.instant(plan.since));
        let new = || direct.uuid(random_uuid());
        let optional = |text: &Option<String>| text.as_ref().map_or("NULL".to_owned(), |text| format!("'{text}'"));
        if !organization.is_there {
            let created = direct.instant(organization.created_at);
            self.organizations.push(format!("({org}, '{} {number}', {created})", plan.canary));
            self.chains.push(format!("({org}, 0, {})", direct.bytes(&[0; 32])));
        }
        if !organization.is_unverified {
            let (group, domain) = (optional(&organization.legal_group), optional(&organization.registrant_domain));
            let card = optional(&organization.payment_instrument);
            let contract = organization.is_by_contract;
            self.verifications.push(format!(
                "({org}, {}, 'Entity {}', {group}, {domain}, {card}, {contract}, {since})",
                new(),
                organization.id.simple()
            ));
        }
        self.segments.push(format!(
            "({org}, {}, '{industry}', '{size}', '{region}', {since}, {}, {since})",
            new(),
            new()
        ));
        self.participations.push(format!("({org}, {}, {since}, {})", new(), new()));
        for role in &organization.roles {
            self.add_role(plan, &org, role, direct);
        }
    }

    fn add_role(&mut self, plan: &Plan, org: &str, role: &Role, direct: &Direct) {
        let (id, by) = (direct.uuid(random_uuid()), direct.uuid(random_uuid()));
        let since = direct.instant(plan.since);
        let Role { heads, canonical, said, .. } = role;
        let mut last = String::new();
        for (number, said) in (1..).zip(said) {
            last = plan.definition(role, said.score);
            let (version, at) = (direct.uuid(random_uuid()), direct.instant(said.since));
            self.versions.push(format!("({org}, {version}, {id}, {number}, '{last}', {at}, {by})"));
        }
        let (count, title) = (said.len(), format!("{} role", plan.canary));
        let (key, tasks) = (title.to_lowercase(), canonical.tasks.len() - 1);
        let mut row = format!("({org}, {id}, 'PUBLISHED', {count}, {count}, {count}, '{title}', '{key}', {heads}, ");
        let _ = write!(row, "'{}', {tasks}, 0, 0, 1, '{last}', {since}, {since})", canonical.key);
        self.roles.push(row);
    }
}
