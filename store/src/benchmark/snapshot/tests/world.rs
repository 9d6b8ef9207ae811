//! A database with organizations, and a builder on it.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Duration, Months, Utc};
use domain::disclosure::Policy;
use sea_orm::{DatabaseConnection, Value};
use serde_json::json;
use uuid::Uuid;

use crate::{
    DatabaseUrl,
    benchmark::{
        builder::{Builder, BuilderOptions, DraftRelease, execute},
        snapshot::SnapshotSummary,
    },
    clock::SystemClock,
    database::owner_connection,
    library::NoProgress,
    migrate,
};

/// The canonical roles of the tests, of six tasks and two skills each.
pub(super) const ROLES: [&str; 4] = ["test:a", "test:b", "test:c", "test:d"];

/// What an organization is like.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) segment: [&'static str; 3],
    pub(super) legal_entity: String,
    pub(super) is_by_contract: bool,
    pub(super) is_verified: bool,
    pub(super) created_at: DateTime<Utc>,
    /// Canonical role, heads, stage of all tasks.
    pub(super) roles: Vec<(&'static str, f64, &'static str)>,
}

/// The end of a quarter.
pub(super) fn snapshot_at() -> DateTime<Utc> {
    "2026-10-01T00:00:00Z".parse().unwrap()
}

/// So many months before the snapshot.
pub(super) fn months_ago(months: u32) -> DateTime<Utc> {
    snapshot_at() - Months::new(months)
}

/// An organization that is eligible and alone in its control group.
pub(super) fn sample(number: u128) -> Sample {
    Sample {
        segment: ["INFORMATION", "FROM_20_TO_99", "WESTERN_EUROPE"],
        legal_entity: format!("entity {number}"),
        is_by_contract: true,
        is_verified: true,
        created_at: months_ago(12),
        roles: ROLES.map(|role| (role, 10.0, "HUMAN")).to_vec(),
    }
}

/// The organization of a number.
pub(super) fn organization(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Of several kinds of rows of one organization, another identifier for each.
fn id(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128(kind << 64 | number)
}

pub(super) struct World {
    pub(super) builder: Builder,
    pub(super) owner: DatabaseConnection,
    directory: tempfile::TempDir,
}

impl World {
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(directory.path().join("rolemark.sqlite"));
        migrate(&url, &SystemClock).await.unwrap();
        let builder = Builder::open(BuilderOptions {
            database_url: url.clone(),
            data_directory: directory.path().to_owned(),
            clock: Arc::new(SystemClock),
        });
        let world =
            Self { builder: builder.await.unwrap(), owner: owner_connection(&url, false).await.unwrap(), directory };
        world.add_library().await;
        world
    }

    pub(super) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// A world with organizations 1 to `count`.
    pub(super) async fn with(count: u128) -> Self {
        let world = Self::new().await;
        for number in 1..=count {
            world.add(number, &sample(number)).await;
        }
        world
    }

    pub(super) async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        execute(&self.owner, sql, values).await.unwrap()
    }

    async fn add_library(&self) {
        let now = snapshot_at();
        let edition = "INSERT INTO library_edition (key, source, title, published_on, license, attribution, digest, role_count,
            task_count, is_current, imported_at) VALUES ('test-1', 'test', 'Test', '2026-01-01', '', '', '0', 4, 24, true, $1)";
        self.run(edition, [now.into()]).await;
        for key in ROLES {
            let tasks: Vec<_> = (1..=6).map(|task| json!({ "key": format!("{key}-{task}"), "title": "T" })).collect();
            let skills = json!([
                { "name": "One", "canonical_skill": "test:one", "trend": "STABLE" }, { "name": "Two", "canonical_skill": "test:two", "trend": "STABLE" }
            ]);
            let definition = json!({ "key": key, "title": key, "tasks": tasks, "skills": skills });
            let sql = "INSERT INTO canonical_role (edition_key, key, title, family, task_count, definition)
                VALUES ('test-1', $1, $1, 'F', 6, $2)";
            self.run(sql, [key.into(), definition.to_string().into()]).await;
        }
        let roles = ["test:a", "test:b"];
        let definition =
            json!({ "key": "test:a-and-b", "title": "AB", "roles": roles, "coordination_share": 0.1, "summary": "" });
        let sql = "INSERT INTO library_combination (edition_key, key, position, definition)
            VALUES ('test-1', 'test:a-and-b', 0, $1)";
        self.run(sql, [definition.to_string().into()]).await;
    }

    /// Adds an organization that has joined.
    pub(super) async fn add(&self, number: u128, sample: &Sample) {
        let org = organization(number);
        let (joined_at, nobody) = (months_ago(6), Uuid::nil());
        let sql = "INSERT INTO organization (org_id, name, created_at) VALUES ($1, $2, $3)";
        self.run(sql, [org.into(), format!("Organization {number}").into(), sample.created_at.into()]).await;
        let sql = "INSERT INTO audit_head (org_id, seq, hash) VALUES ($1, 0, $2)";
        self.run(sql, [org.into(), vec![0_u8; 32].into()]).await;
        let sql = "INSERT INTO benchmark_participation (org_id, id, joined_at, joined_by) VALUES ($1, $2, $3, $4)";
        self.run(sql, [org.into(), id(1, number).into(), joined_at.into(), nobody.into()]).await;
        if sample.is_verified {
            let sql = "INSERT INTO organization_verification (org_id, id, legal_entity, is_by_contract, verified_at)
                VALUES ($1, $2, $3, $4, $5)";
            let values: [Value; 5] = [
                org.into(),
                id(2, number).into(),
                sample.legal_entity.as_str().into(),
                sample.is_by_contract.into(),
                joined_at.into(),
            ];
            self.run(sql, values).await;
            self.add_segment(number, 0, sample.segment, joined_at).await;
        }
        for (place, (canonical, heads, stage)) in sample.roles.iter().enumerate() {
            self.add_role(number, place as u128, canonical, &role(canonical, *heads, stage)).await;
        }
    }

    /// Adds a verified segment; the one before is ended.
    pub(super) async fn add_segment(&self, number: u128, change: u128, segment: [&str; 3], at: DateTime<Utc>) {
        let sql = "UPDATE organization_segment SET ended_at = $2 WHERE org_id = $1 AND ended_at IS NULL";
        self.run(sql, [organization(number).into(), at.into()]).await;
        let [industry, size_band, region] = segment.map(Value::from);
        let sql = "INSERT INTO organization_segment (org_id, id, industry, size_band, region, declared_at, declared_by,
            verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $6)";
        let values = [
            organization(number).into(),
            id(3 + (change << 8), number).into(),
            industry,
            size_band,
            region,
            at.into(),
            Uuid::nil().into(),
        ];
        self.run(sql, values).await;
    }

    /// Adds a role with one version, published long ago.
    pub(super) async fn add_role(&self, number: u128, place: u128, canonical: &str, definition: &str) {
        let sql = "INSERT INTO role_configuration (org_id, id, status, revision, published_number, published_revision, title,
            title_key, headcount, canonical_role, human_tasks, at_risk_tasks, ai_assisted_tasks, automated_tasks, definition,
            created_at, updated_at) VALUES ($1, $2, 'PUBLISHED', 1, 1, 1, 'R', 'r', 1, $3, 0, 0, 0, 0, $4, $5, $5)";
        let (org, at) = (organization(number), months_ago(6));
        let values: [Value; 5] = [org.into(), id(4, place).into(), canonical.into(), definition.into(), at.into()];
        self.run(sql, values).await;
        self.add_version(number, place, 1, definition, at).await;
    }

    pub(super) async fn add_version(
        &self,
        number: u128,
        place: u128,
        version: i32,
        definition: &str,
        at: DateTime<Utc>,
    ) {
        let sql = "INSERT INTO role_version (org_id, id, role_id, number, definition, published_at, published_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values: [Value; 7] = [
            organization(number).into(),
            id(5 + ((version as u128) << 16), place).into(),
            id(4, place).into(),
            version.into(),
            definition.into(),
            at.into(),
            Uuid::nil().into(),
        ];
        self.run(sql, values).await;
    }

    /// A user who is a member of these organizations.
    pub(super) async fn add_user(&self, user: u128, organizations: &[u128]) {
        let sql = "INSERT INTO user_account (id, email, name, password_hash, created_at)
            VALUES ($1, $2, 'N', '', $3)";
        let at = months_ago(30);
        self.run(sql, [id(6, user).into(), format!("{user}@example.com").into(), at.into()]).await;
        for number in organizations {
            let sql = "INSERT INTO organization (org_id, name, created_at) VALUES ($1, 'O', $2) ON CONFLICT DO NOTHING";
            self.run(sql, [organization(*number).into(), at.into()]).await;
            let sql = "INSERT INTO member (org_id, id, user_id, name, email, level, joined_at, name_key)
                VALUES ($1, $2, $3, 'N', 'e', 'READ', $4, 'n')";
            let ids = [organization(*number).into(), id(7, user).into(), id(6, user).into(), at.into()];
            self.run(sql, ids).await;
        }
    }

    /// Access of a user, or of an organization as a firm, to these organizations.
    pub(super) async fn grant(
        &self,
        (user, firm): (Option<u128>, Option<u128>),
        clients: impl IntoIterator<Item = u128>,
        ended_at: Option<DateTime<Utc>>,
    ) {
        for client in clients {
            let sql =
                "INSERT INTO consultant_grant (org_id, id, name, email, user_id, firm_id, level, reason, granted_by,
                granted_at, accepted_at, expires_at, ended_at)
                VALUES ($1, $2, 'N', $3, $4, $5, 'READ', '', $6, $7, $8, $9, $10)";
            let at = months_ago(30);
            let kind = if user.is_some() { 8 } else { 9 };
            let values: [Value; 10] = [
                organization(client).into(),
                id(kind, user.or(firm).unwrap()).into(),
                user.map(|user| format!("{user}@example.com")).into(),
                user.map(|user| id(6, user)).into(),
                firm.map(organization).into(),
                Uuid::nil().into(),
                at.into(),
                user.map(|_| at).into(),
                (snapshot_at() + Duration::days(30)).into(),
                ended_at.into(),
            ];
            self.run(sql, values).await;
        }
    }

    /// Takes the snapshot of the first release.
    pub(super) async fn take(&self) -> SnapshotSummary {
        self.take_number(1).await
    }

    pub(super) async fn take_number(&self, number: i32) -> SnapshotSummary {
        let (release, policy) = (release(number), Policy::default());
        self.builder.take_snapshot(&release, &policy, &NoProgress).await.unwrap()
    }

    /// One number.
    pub(super) async fn count(&self, sql: &str) -> i64 {
        self.builder.rows(sql, []).await.unwrap()[0].try_get_by_index(0).unwrap()
    }

    /// Rows as texts.
    pub(super) async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.builder.rows(sql, []).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Everything that a snapshot has filled, a line for each row.
    pub(super) async fn dump(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let columns = [
            ("axis", "role_number, role_key, kind, tasks, skills, score_centre, ratio_centre"),
            ("control_group", "hex(group_hash), first_release, is_by_contract"),
            ("frozen_segment", "hex(tenant_id), atom, since_release"),
            ("tenant_group", "release_number, hex(tenant_id), hex(group_hash)"),
            ("partner_group", "release_number, partner_number, hex(group_hash)"),
            (
                "contribution",
                "release_number, role_number, hex(group_hash), atom, admitted, is_exempt, is_waiting, score, ratio, mix_human, \
                 mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills, value_hash, digest_1, digest_2, digest_3",
            ),
        ];
        for (table, columns) in columns {
            let sql = format!("SELECT concat_ws(' ', {columns}) FROM {table} ORDER BY 1");
            lines.extend(self.texts(&sql).await.into_iter().map(|line| format!("{table}: {line}")));
        }
        lines
    }
}

/// A release of that number, each a quarter after the other.
pub(super) fn release(number: i32) -> DraftRelease {
    DraftRelease {
        key: format!("release {number}"),
        number,
        snapshot_at: snapshot_at() + Months::new(3 * (number as u32 - 1)),
        policy: Policy::default().to_json(),
        is_synthetic: false,
    }
}

/// A role as the database has it, with all tasks of a canonical role in one stage.
pub(super) fn role(canonical: &str, heads: f64, stage: &str) -> String {
    let task = |task: usize| json!({ "key": format!("t{task}"), "title": "T", "stage": stage, "canonical_task": format!("{canonical}-{task}") });
    let tasks: Vec<_> = (1..=6).map(task).collect();
    let skills = json!([{ "name": "One", "canonical_skill": "test:one", "trend": "STABLE" }]);
    json!({ "title": "R", "headcount": heads, "canonical_role": canonical, "tasks": tasks, "skills": skills })
        .to_string()
}
