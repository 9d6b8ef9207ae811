//! A server of the case's own with organizations that contribute, written past it.

use std::ops::RangeInclusive;

use chrono::{DateTime, Duration, Months, Utc};
use rolemark_tests::{Backend, Result, TestServer, role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::Output;
use crate::direct::Direct;

const QUARTER: &str = "2026-Q3";

/// The end of [`QUARTER`].
pub(super) fn snapshot_at() -> DateTime<Utc> {
    "2026-10-01T00:00:00Z".parse().expect("an instant")
}

/// Who owns an organization.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    None,
    /// The owner of the first organization.
    OfFirst,
}

pub(super) struct World {
    server: TestServer,
    pub(super) direct: Direct,
    /// Three canonical roles, with their tasks.
    roles: Vec<(String, Vec<String>)>,
    is_attached: bool,
}

impl World {
    pub(super) async fn new(t: &TestServer) -> Result<Self> {
        let server = TestServer::fresh(t.backend()).await?;
        let mut direct = Direct::superuser(&server).await?;
        let mut roles = Vec::new();
        for definition in direct.texts("SELECT definition FROM canonical_role ORDER BY key LIMIT 3").await? {
            let role: Value = serde_json::from_str(&definition)?;
            let tasks = role["tasks"].as_array().into_iter().flatten();
            let tasks: Vec<String> = tasks.filter_map(|task| Some(task["key"].as_str()?.to_owned())).collect();
            assert!(tasks.len() >= 5, "a role of the library with few tasks shows nothing here");
            roles.push((role["key"].as_str().unwrap_or_default().to_owned(), tasks));
        }
        Ok(Self { server, direct, roles, is_attached: false })
    }

    /// The organization of a number, as a literal.
    pub(super) fn organization(&self, number: u128) -> String {
        self.direct.uuid(Uuid::from_u128(number))
    }

    /// Adds an organization that contributes three roles: one of these heads, two of ten.
    pub(super) async fn add(&mut self, number: u128, holding: Holding, heads: f64) -> Result<()> {
        let org = self.organization(number);
        let long_ago = self.direct.instant(snapshot_at() - Months::new(6));
        let entity = if holding == Holding::OfFirst { 1 } else { number };
        let nothing = self.direct.bytes(&[0; 32]);
        let id = self.direct.uuid(Uuid::from_u128(1));
        for sql in [
            format!("INSERT INTO organization (org_id, name, created_at) VALUES ({org}, 'Organization', {long_ago})"),
            format!("INSERT INTO audit_head (org_id, seq, hash) VALUES ({org}, 0, {nothing})"),
            format!(
                "INSERT INTO benchmark_participation (org_id, id, joined_at, joined_by)
                 VALUES ({org}, {id}, {long_ago}, {id})"
            ),
            format!(
                "INSERT INTO organization_verification (org_id, id, legal_entity, is_by_contract, verified_at)
                 VALUES ({org}, {id}, 'entity {entity}', true, {long_ago})"
            ),
            format!(
                "INSERT INTO organization_segment (org_id, id, industry, size_band, region, declared_at, declared_by,
                     verified_at)
                 VALUES ({org}, {id}, 'INFORMATION', 'FROM_20_TO_99', 'WESTERN_EUROPE', {long_ago}, {id}, {long_ago})"
            ),
        ] {
            self.direct.execute(sql).await?;
        }
        for (place, (key, tasks)) in self.roles.clone().into_iter().enumerate() {
            self.add_role(&org, place, (&key, &tasks), if place == 0 { heads } else { 10.0 }).await?;
        }
        Ok(())
    }

    async fn add_role(&mut self, org: &str, place: usize, (key, tasks): (&str, &[String]), heads: f64) -> Result<()> {
        let id = self.direct.uuid(Uuid::from_u128(100 + place as u128));
        let long_ago = self.direct.instant(snapshot_at() - Months::new(6));
        let task = |task: &String| json!({ "key": task, "title": "T", "stage": "HUMAN", "canonical_task": task });
        let tasks: Vec<Value> = tasks.iter().map(task).collect();
        let definition = json!({ "title": "R", "headcount": heads, "canonical_role": key, "tasks": tasks });
        self.direct
            .execute(format!(
                "INSERT INTO role_configuration (org_id, id, status, revision, published_number, published_revision, title,
                     title_key, headcount, canonical_role, human_tasks, at_risk_tasks, ai_assisted_tasks, automated_tasks,
                     definition, created_at, updated_at)
                 VALUES ({org}, {id}, 'PUBLISHED', 1, 1, 1, 'R', 'r', {heads}, '{key}', 0, 0, 0, 0, '{definition}',
                     {long_ago}, {long_ago})"
            ))
            .await?;
        self.direct
            .execute(format!(
                "INSERT INTO role_version (org_id, id, role_id, number, definition, published_at, published_by)
                 VALUES ({org}, {id}, {id}, 1, '{definition}', {long_ago}, {id})"
            ))
            .await?;
        Ok(())
    }

    /// Lets an organization, as a firm, into others until an instant.
    pub(super) async fn grant_to_firm(
        &mut self,
        firm: u128,
        clients: RangeInclusive<u128>,
        until: DateTime<Utc>,
    ) -> Result<()> {
        let id = self.direct.uuid(Uuid::from_u128(1));
        let (firm, until) = (self.organization(firm), self.direct.instant(until));
        let granted_at = self.direct.instant(snapshot_at() - Months::new(30));
        for client in clients {
            let org = self.organization(client);
            let sql = format!(
                "INSERT INTO consultant_grant (org_id, id, name, firm_id, level, reason, granted_by, granted_at, expires_at,
                     ended_at)
                 VALUES ({org}, {id}, 'F', {firm}, 'READ', 'r', {id}, {granted_at}, {until}, {until})"
            );
            self.direct.execute(sql).await?;
        }
        Ok(())
    }

    /// Takes an organization out of the benchmark.
    pub(super) async fn leave(&mut self, number: u128) -> Result<()> {
        let (org, now) = (self.organization(number), self.direct.instant(Utc::now()));
        let sql = format!("UPDATE benchmark_participation SET left_at = {now} WHERE org_id = {org}");
        assert_eq!(self.direct.execute(sql).await?, 1);
        Ok(())
    }

    /// Closes an organization so long ago that it is due to be erased.
    pub(super) async fn close(&mut self, number: u128) -> Result<()> {
        let (org, at) = (self.organization(number), self.direct.instant(Utc::now() - Duration::days(31)));
        let sql = format!("UPDATE organization SET closed_at = {at} WHERE org_id = {org}");
        assert_eq!(self.direct.execute(sql).await?, 1);
        Ok(())
    }

    /// Builds the release of the quarter, or brings its draft up to date.
    pub(super) async fn build(&mut self) -> Result<()> {
        self.run(&["benchmark", "build", QUARTER]).await?.done();
        if self.server.backend() == Backend::Sqlite && !self.is_attached {
            let file = self.server.directory().join("benchmark.sqlite");
            self.direct.execute(format!("ATTACH DATABASE '{}' AS builder", file.display())).await?;
            self.is_attached = true;
        }
        Ok(())
    }

    /// Erases organizations that are due.
    pub(super) async fn erase(&mut self) -> Result<()> {
        self.run(&["organization", "erase"]).await?.done();
        Ok(())
    }

    async fn run(&self, arguments: &[&str]) -> Result<Output> {
        let directory = self.server.directory();
        let mut command = crate::commands::command_in(&self.server, directory, arguments);
        if self.server.backend() == Backend::Postgres {
            command.args(["--release-database-url", &self.server.database().url(role::RELEASE)]);
        }
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) })
    }

    /// All contributions, without their release.
    pub(super) async fn contributions(&mut self) -> Result<Vec<String>> {
        let sql = "SELECT concat_ws(' ', role_number, atom, admitted, score, ratio, tasks, skills, value_hash, digest_1, digest_2,
            digest_3) FROM builder.contribution ORDER BY role_number, value_hash";
        Ok(self.direct.texts(sql).await?)
    }
}
