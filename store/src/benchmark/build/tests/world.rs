//! A builder on a database of its own, with a clock that the case sets.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};
use domain::disclosure::{Policy, Quarter};
use tempfile::TempDir;

use crate::{
    DatabaseUrl,
    benchmark::{
        build::{BuildRequest, BuildSummary},
        builder::{BenchmarkKey, Builder, BuilderError, BuilderOptions},
    },
    clock::{Clock, SystemClock},
    library::NoProgress,
    migrate,
};

/// A clock that stands still until it is set.
#[derive(Default)]
pub(super) struct SetClock(AtomicI64);

impl SetClock {
    pub(super) fn set(&self, text: &str) {
        let instant: DateTime<Utc> = format!("{text}T00:00:00Z").parse().unwrap();
        self.0.store(instant.timestamp(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

pub(super) struct World {
    pub(super) builder: Builder,
    pub(super) clock: Arc<SetClock>,
    pub(super) directory: TempDir,
}

/// A contribution to be put in.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) group: u32,
    pub(super) atom: i32,
    pub(super) score: i32,
}

pub(super) const TASKS: &str = r#"["r:t1","r:t2"]"#;

impl World {
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rolemark.sqlite");
        migrate(&DatabaseUrl::Sqlite(path), &SystemClock).await.unwrap();
        let clock = Arc::new(SetClock::default());
        clock.set("2026-10-02");
        let builder = open(directory.path(), Arc::clone(&clock)).await.unwrap();
        Self { builder, clock, directory }
    }

    pub(super) fn request(&self, quarter: &str) -> BuildRequest {
        request(quarter, Policy::default())
    }

    /// A draft whose contributions are collected.
    pub(super) async fn collected(&self, number: i32, quarter: &str) {
        let quarter: Quarter = quarter.parse().unwrap();
        let policy = Policy::default().to_json();
        let values = [
            quarter.to_string().into(),
            number.into(),
            crate::benchmark::build::request::instant(quarter.snapshot()).unwrap().into(),
            policy.as_str().into(),
            crate::benchmark::build::hexadecimal(&crate::benchmark::build::sha256(policy.as_bytes())).into(),
            self.builder.now().into(),
        ];
        let sql = "INSERT INTO draft_release (key, number, snapshot_at, state, step, policy, policy_hash, is_loosened,
            is_synthetic, code_revision, begun_at) VALUES ($1, $2, $3, 'DRAFT', 'CELLS', $4, $5, false, false, 'test', $6)";
        self.builder.execute(sql, values).await.unwrap();
    }

    pub(super) async fn role(&self, release: i32, number: i32) {
        let sql =
            "INSERT INTO axis (release_number, role_number, role_key, kind, tasks, skills, score_centre, ratio_centre,
            is_totalled, is_done) VALUES ($1, $2, $3, 'ROLE', $4, '[\"r:s1\"]', 50000, -5000, false, false)";
        let values = [release.into(), number.into(), format!("r:role-{number}").into(), TASKS.into()];
        self.builder.execute(sql, values).await.unwrap();
    }

    pub(super) async fn give(&self, release: i32, role: i32, given: &[Given]) {
        for one in given {
            let sql = format!(
                "INSERT INTO contribution (release_number, role_number, group_hash, atom, admitted, is_exempt, is_waiting,
                 score, ratio, mix_human, mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills, value_hash,
                 digest_1, digest_2, digest_3) VALUES ($1, $2, $3, $4, 1, true, false, {})",
                values(one)
            );
            let values = [release.into(), role.into(), hash(one.group).into(), one.atom.into()];
            self.builder.execute(&sql, values).await.unwrap();
        }
    }

    /// Puts a contribution in the place of another, as the snapshot does when a draft is brought up to date.
    pub(super) async fn replace(&self, (release, role): (i32, i32), old: Option<Given>, new: Option<Given>) {
        if let Some(old) = old {
            self.change(release, role, -1, &old).await;
            let gone = "DELETE FROM contribution WHERE release_number = $1 AND role_number = $2 AND group_hash = $3";
            self.builder.execute(gone, [release.into(), role.into(), hash(old.group).into()]).await.unwrap();
        }
        if let Some(new) = new {
            self.change(release, role, 1, &new).await;
            self.give(release, role, &[new]).await;
        }
    }

    async fn change(&self, release: i32, role: i32, sign: i32, one: &Given) {
        let sql = format!(
            "INSERT INTO contribution_change (sign, release_number, role_number, group_hash, atom, score, ratio, mix_human,
             mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills, value_hash, digest_1, digest_2, digest_3)
             VALUES ($1, $2, $3, $4, $5, {})",
            values(one)
        );
        let values = [sign.into(), release.into(), role.into(), hash(one.group).into(), one.atom.into()];
        self.builder.execute(&sql, values).await.unwrap();
    }

    pub(super) async fn build(&self, quarter: &str) -> BuildSummary {
        self.builder.build(self.request(quarter), &NoProgress).await.unwrap()
    }

    pub(super) async fn audit(&self, quarter: &str) -> String {
        self.builder.audit(quarter, &NoProgress).await.unwrap().record.merkle_root.unwrap()
    }

    pub(super) fn key(&self, name: &str) -> BenchmarkKey {
        BenchmarkKey::open(&self.directory.path().join(format!("{name}.pem"))).unwrap()
    }

    /// Registers two approvers and lets them approve.
    pub(super) async fn approved(&self, quarter: &str) {
        for name in ["Ada", "Ben"] {
            let key = self.key(name);
            if !self.builder.approvers().await.unwrap().iter().any(|known| known.name == name) {
                self.builder.add_approver(name, &key).await.unwrap();
            }
            self.builder.approve(quarter, name, &key).await.unwrap();
        }
    }

    /// Whether the cell of all contributors shows figures, and why not.
    pub(super) async fn all_cell(&self, release: i32, role: i32) -> (bool, Option<String>) {
        let sql = "SELECT version_id, reason FROM draft_cell WHERE release_number = $1 AND role_number = $2
            AND peer_group = 0";
        let rows = self.builder.rows(sql, [release.into(), role.into()]).await.unwrap();
        let version: Option<uuid::Uuid> = rows[0].try_get("", "version_id").unwrap();
        (version.is_some(), rows[0].try_get("", "reason").unwrap())
    }

    pub(super) async fn number(&self, sql: &str) -> i64 {
        self.builder.rows(sql, []).await.unwrap()[0].try_get_by_index(0).unwrap()
    }
}

pub(super) fn request(quarter: &str, policy: Policy) -> BuildRequest {
    BuildRequest { quarter: quarter.parse().unwrap(), policy, is_synthetic: false, code_revision: "test".to_owned() }
}

pub(super) async fn open(directory: &std::path::Path, clock: Arc<SetClock>) -> Result<Builder, BuilderError> {
    Builder::open(options(directory, clock)).await
}

pub(super) fn options(directory: &std::path::Path, clock: Arc<SetClock>) -> BuilderOptions {
    BuilderOptions {
        database_url: DatabaseUrl::Sqlite(directory.join("rolemark.sqlite")),
        data_directory: directory.to_owned(),
        clock,
    }
}

/// `number` groups from `first` on in an atom, with scores that differ.
pub(super) fn groups(first: u32, number: u32, atom: i32) -> Vec<Given> {
    (first..first + number)
        .map(|group| Given { group, atom, score: 30_000 + (group as i32 * 7_919) % 40_000 })
        .collect()
}

fn hash(group: u32) -> Vec<u8> {
    crate::benchmark::build::sha256(&group.to_be_bytes()).to_vec()
}

/// Everything of a contribution from the score on.
fn values(one: &Given) -> String {
    let digest = |salt: i64| (i64::from(one.group) * 1_000_003 + i64::from(one.score)) * salt % 1_099_511_627_776;
    let tasks = ["HA", "AU", "R-"][one.group as usize % 3];
    let numbers = [digest(1), digest(7), digest(31), digest(127)].map(|number| number.to_string()).join(", ");
    format!("{}, {}, 250000, 250000, 250000, 250000, '{tasks}', '{}', {numbers}", one.score, -4_000, one.group % 2)
}
