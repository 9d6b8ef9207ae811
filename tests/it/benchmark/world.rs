//! A server with published releases, and people who read them.

use chrono::{DateTime, Duration, Utc};
use rolemark_tests::{Backend, Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::direct::Direct;
use crate::ids::{organization_of, random_uuid};

/// A canonical role of the shipped edition.
pub(super) const ROLE: &str = "rolemark:backend-engineer";
/// Information, 100 to 499 heads, Western Europe.
pub(super) const ATOM: i64 = (8 * 5 + 1) * 8 + 2;
/// The four peer groups that the atom belongs to: text, index, and argument.
pub(super) const ALL: Group = Group("all", 0, "{ all: true }");
pub(super) const INDUSTRY: Group = Group("industry/INFORMATION", 9, "{ industry: INFORMATION }");
pub(super) const INDUSTRY_SIZE: Group = Group(
    "industry-size/INFORMATION/FROM_100_TO_499",
    62,
    "{ industryBySize: { industry: INFORMATION, sizeBand: FROM_100_TO_499 } }",
);
pub(super) const REGION: Group = Group("region/WESTERN_EUROPE", 123, "{ region: WESTERN_EUROPE }");

/// The tables that only the builder has, as its migration makes them.
const MIGRATION: &str = include_str!("../../../migration/src/benchmark_builder.rs");

/// A release without cells, for cases that ask nothing else of it.
pub(crate) const RELEASE: &str = "2001-Q1";

/// A peer group: its text, its index, and how it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Group(pub(super) &'static str, pub(super) i64, pub(super) &'static str);

/// A server of the case's own.
pub(super) struct World {
    pub(super) server: TestServer,
    pub(super) direct: Direct,
    /// Counts the roles of releases.
    roles: i64,
}

/// A tenant that contributes as a control group of its own.
#[derive(Clone, Copy)]
pub(super) struct Contributor(pub(super) Uuid);

impl World {
    pub(super) async fn new(t: &TestServer) -> Result<Self> {
        let server = TestServer::fresh(t.backend()).await?;
        let mut direct = Direct::superuser(&server).await?;
        if server.backend() == Backend::Sqlite {
            let file = server.directory().join("benchmark.sqlite");
            // A file that is there, for the connection makes none.
            drop(std::fs::File::create(&file)?);
            direct.execute(format!("ATTACH DATABASE '{}' AS builder", file.display())).await?;
            direct.execute("PRAGMA builder.journal_mode = WAL").await?;
            let (_, tables) = MIGRATION.split_once("const TABLES: &str = \"").expect("the builder's tables");
            let (tables, _) = tables.split_once("\";").expect("their end");
            for table in on_sqlite(tables).split(";\n").map(str::trim).filter(|table| !table.is_empty()) {
                direct.execute(table).await?;
            }
        }
        Ok(Self { server, direct, roles: 0 })
    }

    /// Publishes a release, which has no cells yet.
    pub(super) async fn release(&mut self, key: &str, number: i64) -> Result<()> {
        self.direct.execute(release(&self.direct, key, number)).await?;
        Ok(())
    }

    /// So many tenants that the server does not know.
    pub(super) fn strangers(number: usize) -> Vec<Contributor> {
        (0..number).map(|_| Contributor(random_uuid())).collect()
    }

    /// Lets contributors give something to a role of a release; the number of the role.
    pub(super) async fn contribute(&mut self, release: i64, contributors: &[Contributor]) -> Result<i64> {
        self.roles += 1;
        let role = self.roles;
        for Contributor(tenant) in contributors {
            let (tenant, group) = (self.direct.uuid(*tenant), self.direct.bytes(tenant.as_bytes()));
            let sql = format!(
                "INSERT INTO builder.tenant_group (release_number, tenant_id, group_hash)
                 VALUES ({release}, {tenant}, {group}) ON CONFLICT DO NOTHING"
            );
            self.direct.execute(sql).await?;
            let sql = format!(
                "INSERT INTO builder.contribution (release_number, role_number, group_hash, atom, admitted, is_exempt,
                     is_waiting, value_hash, digest_1, digest_2, digest_3)
                 VALUES ({release}, {role}, {group}, {ATOM}, 1, false, false, 1, 1, 1, 1)"
            );
            self.direct.execute(sql).await?;
        }
        Ok(role)
    }

    /// Publishes a version of a cell that so many contributed to.
    pub(super) async fn cell(
        &mut self,
        (release, number): (&str, i64),
        (key, role): (&str, i64),
        Group(group, index, _): Group,
        (contributors, figures): (usize, Value),
    ) -> Result<Uuid> {
        let version = random_uuid();
        let id = self.direct.uuid(version);
        let sql = format!(
            "INSERT INTO builder.draft_version (id, release_number, role_number, role_key, peer_group, contributors,
                 digest, needs_independent, figures)
             VALUES ({id}, {number}, {role}, '{key}', {index}, {contributors}, 'digest', 8, '{figures}')"
        );
        self.direct.execute(sql).await?;
        let sql = format!(
            "INSERT INTO benchmark_version (id, role_key, peer_group, as_of_release, figures)
             VALUES ({id}, '{key}', '{group}', '{release}', '{figures}')"
        );
        self.direct.execute(sql).await?;
        self.show((release, key, group), version).await?;
        Ok(version)
    }

    /// Shows a version in a cell of a release.
    pub(super) async fn show(&mut self, (release, key, group): (&str, &str, &str), version: Uuid) -> Result<()> {
        let id = self.direct.uuid(version);
        let sql = format!(
            "INSERT INTO benchmark_cell (release_key, role_key, peer_group, version_id)
             VALUES ('{release}', '{key}', '{group}', {id})"
        );
        self.direct.execute(sql).await?;
        Ok(())
    }

    /// Publishes release 2026-Q3 with all four levels of [`ROLE`] from these contributors.
    pub(super) async fn publish_all_levels(&mut self, contributors: &[Contributor]) -> Result<()> {
        self.release("2026-Q3", 1).await?;
        let role = self.contribute(1, contributors).await?;
        for (group, mean) in [(ALL, 50), (INDUSTRY, 55), (INDUSTRY_SIZE, 60), (REGION, 65)] {
            let figures = (contributors.len(), figures(contributors.len(), mean));
            self.cell(("2026-Q3", 1), (ROLE, role), group, figures).await?;
        }
        Ok(())
    }

    /// A person with a verified organization in the atom.
    pub(super) async fn verified(&mut self, name: &str) -> Result<SignedIn> {
        let person = sign_up(&self.server, name).await;
        self.verify(&person).await?;
        Ok(person)
    }

    pub(super) async fn verify(&mut self, person: &SignedIn) -> Result<()> {
        let organization = self.direct.uuid(organization_of(&person.organization_id));
        let (id, now) = (self.direct.uuid(random_uuid()), self.direct.instant(Utc::now()));
        let sql = format!(
            "INSERT INTO organization_verification (org_id, id, legal_entity, is_by_contract, verified_at)
             VALUES ({organization}, {id}, 'An entity', false, {now})"
        );
        self.direct.execute(sql).await?;
        let sql = format!(
            "INSERT INTO organization_segment (org_id, id, industry, size_band, region, declared_at, declared_by,
                 verified_at)
             VALUES ({organization}, {id}, 'INFORMATION', 'FROM_100_TO_499', 'WESTERN_EUROPE', {now}, {id}, {now})"
        );
        self.direct.execute(sql).await?;
        Ok(())
    }

    /// Lends a firm access to a client until an instant; it may be past.
    pub(super) async fn lend(&mut self, client: &SignedIn, firm: &SignedIn, until: DateTime<Utc>) -> Result<()> {
        let direct = &self.direct;
        let (client, id) = (direct.uuid(organization_of(&client.organization_id)), direct.uuid(random_uuid()));
        let firm = direct.uuid(organization_of(&firm.organization_id));
        let (given, until) = (direct.instant(until - Duration::days(30)), direct.instant(until));
        let sql = format!(
            "INSERT INTO consultant_grant (org_id, id, name, firm_id, level, reason, granted_by, granted_at, expires_at)
             VALUES ({client}, {id}, 'A firm', {firm}, 'READ', 'A project', {id}, {given}, {until})"
        );
        self.direct.execute(sql).await?;
        Ok(())
    }
}

/// Publishes [`RELEASE`], if that has not been done.
pub(crate) async fn publish_empty_release(direct: &mut Direct) -> Result<()> {
    direct.execute(format!("{} ON CONFLICT DO NOTHING", release(direct, RELEASE, 2_001))).await?;
    Ok(())
}

/// Puts a release into the table.
fn release(direct: &Direct, key: &str, number: i64) -> String {
    let published = direct.instant(Utc::now());
    format!(
        "INSERT INTO benchmark_release (key, number, snapshot_at, published_at, state, policy_version, policy,
             policy_hash, is_loosened, is_synthetic, code_revision, merkle_root, manifest, signature, public_key)
         VALUES ('{key}', {number}, {published}, {published}, 'PUBLISHED', 1,
             '{{\"kMin\":10,\"bands\":[10,25],\"unsafePolicy\":false}}', 'hash of the policy', false, true,
             'revision', 'root', 'manifest', 'signature', 'public key')"
    )
}

/// The words that SQLite has for its columns.
fn on_sqlite(tables: &str) -> String {
    let words = [
        ("{uuid}", "blob"),
        ("{timestamp}", "text"),
        ("{bytes}", "blob"),
        ("{text_c}", "text"),
        ("{document}", "text"),
    ];
    words.into_iter().fold(tables.to_owned(), |sql, (word, text)| sql.replace(word, text))
}

/// The contributor that an organization is.
pub(super) fn contributor(person: &SignedIn) -> Contributor {
    Contributor(organization_of(&person.organization_id))
}

/// What is published of so many contributors with a mean score.
pub(super) fn figures(contributors: usize, mean: u32) -> Value {
    let bands = [(10, Some(24)), (25, Some(49)), (50, Some(99)), (100, Some(249)), (250, Some(999)), (1_000, None)];
    let (from, to) = bands.into_iter().rev().find(|(from, _)| *from <= contributors).unwrap_or((10, Some(24)));
    let mean = f64::from(mean);
    let from_count = |least: usize, value: f64| if contributors >= least { json!(value) } else { Value::Null };
    let stages = ["HUMAN", "AT_RISK", "AI_ASSISTED", "AUTOMATED"];
    let mix: Value =
        stages.iter().map(|stage| json!({ "stage": stage, "share": 0.25, "marginOfError": 0.1 })).collect();
    let detail = |least: usize, value: Value| if contributors >= least { value } else { json!([]) };
    let ratio = json!({ "geometricMean": 0.03, "p25": 0.02, "p50": 0.03, "p75": 0.04, "marginOfError": 0.005 });
    json!({
        "contributors": { "from": from, "to": to },
        "score": {
            "mean": mean, "marginOfError": 6.2, "p10": from_count(100, mean - 20.0), "p25": from_count(20, mean - 10.0),
            "p50": from_count(20, mean), "p75": from_count(20, mean + 10.0), "p90": from_count(100, mean + 20.0),
            "isModelled": true,
        },
        "stageMix": detail(20, mix.clone()),
        "tasks": detail(30, json!([{ "key": "rolemark:incident-response", "mix": mix }])),
        "skills": detail(30, json!([{ "key": "rolemark:prompting", "share": 0.4, "marginOfError": 0.15 }])),
        "headcountRatio": if contributors >= 30 { ratio } else { Value::Null },
        "rounding": { "scorePoints": 5, "sharePercent": 5 },
        "shape": null,
    })
}

/// Everything that an answer has to say about a cell, but which role it is.
pub(super) const CELL: &str = "release { key isSynthetic } requestedSegment { level industry sizeBand region }
    servedSegment { level industry sizeBand region } isFallback withheld asOf contributors { from to } includesYou
    source isSynthetic aiImpactScore { mean marginOfError p10 p25 p50 p75 p90 isModelled }
    stageMix { stage share marginOfError } tasks { key stageMix { stage share marginOfError } }
    skills { key share marginOfError } headcountRatio { geometricMean marginOfError p25 p50 p75 }
    rounding { scorePoints sharePercent }";

/// Asks for the benchmark of a role in a peer group.
pub(super) fn question(role: &str, Group(_, _, segment): Group) -> String {
    format!("{{ roleBenchmark(role: \"{role}\", segment: {segment}) {{ {CELL} }} }}")
}

/// What a client is told of [`ROLE`].
pub(super) async fn read(client: &Client, group: Group) -> Value {
    client.query(&question(ROLE, group)).await.data()["roleBenchmark"].clone()
}

/// Whether a client is shown the cell that it asks for.
pub(super) async fn is_shown(client: &Client, group: Group) -> bool {
    read(client, group).await["withheld"].is_null()
}
