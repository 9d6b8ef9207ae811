//! T25: the database itself, under the roles of the server.

use rolemark_tests::{Backend, Result, TestServer, role};

use super::finding::Finding;
use super::gate_world::{MANY, world};
use super::reading::{ALL, is_shown};
use crate::direct::Direct;
use crate::ids::organization_of;

/// The builder's tables.
const TABLES: [&str; 16] = [
    "draft_release",
    "approver",
    "draft_approval",
    "axis",
    "control_group",
    "frozen_segment",
    "tenant_group",
    "partner_group",
    "tenant_contribution",
    "contribution",
    "contribution_change",
    "atom_total",
    "partner_total",
    "shared_noise",
    "cell_noise",
    "draft_version",
];
/// Changes of what was published.
const CHANGES: [&str; 9] = [
    "UPDATE benchmark_release SET merkle_root = 'x'",
    "UPDATE benchmark_release SET state = 'RETRACTED', retracted_at = published_at",
    "UPDATE benchmark_version SET figures = '{}'",
    "UPDATE benchmark_cell SET peer_group = 'region/NORTH_AMERICA'",
    "UPDATE benchmark_approval SET approver = 'Eve'",
    "DELETE FROM benchmark_cell",
    "DELETE FROM benchmark_version",
    "DELETE FROM benchmark_release",
    "INSERT INTO benchmark_cell (release_key, role_key, peer_group, version_id)
         SELECT release_key, 'x', peer_group, version_id FROM benchmark_cell",
];

/// On PostgreSQL: what the serving role and the sign-in role may not do.
pub(crate) async fn t25_the_roles_of_the_server(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let organization = organization_of(&world.insider.organization_id);
    let (mut tried, mut allowed) = (0, Vec::new());
    for role in [role::APP, role::AUTH, role::ERASE] {
        let mut direct = Direct::bound(world.server(), role, organization).await?;
        let erasable = ["frozen_segment", "tenant_group", "tenant_contribution"];
        let reads = TABLES.iter().chain(&["draft_cell"]).map(|table| format!("SELECT * FROM builder.{table}"));
        let counts = TABLES.iter().filter(|table| role != role::ERASE || !erasable.contains(table));
        let counts = counts.map(|table| format!("SELECT count(*) FROM builder.{table}"));
        let writes = TABLES.iter().filter(|table| role != role::ERASE || !erasable.contains(table));
        let writes = writes.map(|table| format!("DELETE FROM builder.{table}"));
        let functions = if role == role::AUTH {
            Vec::new()
        } else {
            vec![
                "SELECT builder.shows(id, ARRAY[]::uuid[]) FROM benchmark_version".to_owned(),
                "SELECT builder.includes(id, ARRAY[]::uuid[]) FROM benchmark_version".to_owned(),
            ]
        };
        let roles = ["rolemark_release", "rolemark_gate"].map(|other| format!("SET ROLE {other}"));
        let more = [
            "UPDATE builder.draft_version SET needs_independent = 0".to_owned(),
            "UPDATE builder.contribution SET is_waiting = true".to_owned(),
            "CREATE TABLE builder.mine (x integer)".to_owned(),
            "CREATE OR REPLACE FUNCTION builder.shows(version uuid, organizations uuid[]) RETURNS boolean LANGUAGE sql
                 AS 'SELECT true'"
                .to_owned(),
            "DROP TRIGGER benchmark_cell_immutable ON benchmark_cell".to_owned(),
            "ALTER TABLE benchmark_cell DISABLE TRIGGER ALL".to_owned(),
            "TRUNCATE benchmark_cell".to_owned(),
        ];
        let changes = CHANGES.map(str::to_owned);
        let all = reads.chain(counts).chain(writes).chain(functions).chain(roles).chain(more).chain(changes);
        for sql in all {
            tried += 1;
            let told = direct.execute(&*sql).await.err().map(|error| error.to_string()).unwrap_or_default();
            if !["permission denied", "must be owner", "must be able to SET ROLE"]
                .iter()
                .any(|text| told.contains(text))
            {
                allowed.push(format!("{role}: {sql}: {told}"));
            }
        }
    }
    Finding {
        number: "T25",
        attack: "SQL as the roles of the server",
        tried: format!(
            "{tried} statements as the serving, the sign-in and the erasing role: contributions, members, noise, drafts, \
             gate tables, functions, triggers, changes of releases"
        ),
        condition: "permission denied, each",
        measured: format!("{} allowed {allowed:?}", allowed.len()),
    }
    .judge(world.server(), allowed.is_empty());
    gate_says_only_yes_or_no(world.server(), organization).await
}

/// The two functions of the sign-in role answer with a truth value, whoever asks about whom.
async fn gate_says_only_yes_or_no(server: &TestServer, organization: uuid::Uuid) -> Result<()> {
    let mut direct = Direct::bound(server, role::AUTH, organization).await?;
    let sql = "SELECT DISTINCT CAST(pg_typeof(builder.shows(id, ARRAY[]::uuid[])) AS text) FROM benchmark_version";
    assert_eq!(direct.texts(sql).await?, ["boolean"]);
    let everybody = "(SELECT array_agg(org_id) FROM organization)";
    let sql = format!("SELECT DISTINCT CAST(builder.shows(id, {everybody}) AS text) FROM benchmark_version");
    let told = direct.texts(sql).await;
    // Who can see all of them is shown nothing; the sign-in role may not even be able to name them all.
    if let Ok(told) = told {
        assert!(!told.contains(&"true".to_owned()) || direct.number("SELECT count(*) FROM organization").await? < 50);
    }
    let unknown = "SELECT CAST(builder.shows('00000000-0000-0000-0000-000000000000'::uuid, ARRAY[]::uuid[]) AS text)";
    assert_eq!(direct.texts(unknown).await?, ["false"]);
    Ok(())
}

/// On both: triggers hold what was published, even against the owner; and reading leaves the builder's tables alone.
pub(crate) async fn t25_what_was_published_stands(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let mut direct = world.direct().await?;
    let refused = |told: &str| ["does not change", "can only be retracted"].iter().any(|text| told.contains(text));
    let mut allowed = Vec::new();
    for sql in CHANGES.iter().filter(|sql| !sql.starts_with("INSERT") && !sql.contains("'RETRACTED'")) {
        let told = direct.execute(*sql).await.err().map(|error| error.to_string()).unwrap_or_default();
        if !refused(&told) {
            allowed.push(format!("{sql}: {told}"));
        }
    }
    let file = world.server().directory().join("benchmark.sqlite");
    let is_sqlite = world.server().backend() == Backend::Sqlite;
    let before = if is_sqlite { std::fs::read(&file)? } else { Vec::new() };
    for (_, client) in world.attackers() {
        for _ in 0..10 {
            is_shown(client, world.key(MANY), ALL).await;
        }
    }
    let is_untouched = !is_sqlite || std::fs::read(&file)? == before;
    let tables = direct.tables().await?;
    let foreign: Vec<&String> = tables.iter().filter(|table| TABLES.contains(&table.as_str())).collect();
    Finding {
        number: "T25",
        attack: "changes of what was published",
        tried: "updates and deletes as the owner; 50 reads beside the builder's file".to_owned(),
        condition: "refused by triggers; no table of the builder in the serving database; its file untouched",
        measured: format!(
            "{} allowed {allowed:?}; foreign tables {foreign:?}; untouched: {is_untouched}",
            allowed.len()
        ),
    }
    .judge(world.server(), allowed.is_empty() && foreign.is_empty() && is_untouched);
    Ok(())
}
