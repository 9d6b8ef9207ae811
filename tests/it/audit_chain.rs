//! The audit log is a chain that anybody with the tables can verify, and that nobody can change unseen.

mod chain;
mod program;

use rolemark_tests::{Result, TestServer, role};
use serde_json::json;

pub(crate) use self::chain::Chain;
use self::chain::hexadecimal;
pub use self::program::{checkpoints_are_compared, program_finds_what_is_broken, program_verifies_whole_chains};
use crate::direct::Direct;
use crate::ids::random_uuid;
use crate::tenant::Tenant;

/// What PostgreSQL says to somebody without the right.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Every kind of write leaves an entry, and every hash is what the formula gives.
pub async fn hashes_are_recomputed_from_the_tables(t: &TestServer) -> Result<()> {
    let tenant = Tenant::create(t).await;
    let scenario = tenant.new_scenario().await;
    tenant.mutate("deleteScenario", "DeleteScenarioInput", "deletedScenarioId", json!({ "id": scenario })).await;
    let mut database = Direct::superuser(t).await?;
    let chain = Chain::read(&mut database, tenant.uuid()).await?;
    chain.verify()?;
    let actions: Vec<&str> = chain.links.iter().map(|link| link.action.as_str()).collect();
    let roles = ["roleConfiguration.create", "roleConfiguration.publish", "roleConfiguration.update"];
    assert_eq!((actions[0], &actions[1..4]), ("organization.create", &roles[..]));
    assert!(actions.contains(&"consultantGrant.create") && actions.contains(&"firmAssignment.create"), "{actions:?}");
    assert!(actions.ends_with(&["scenario.create", "scenario.delete"]), "{actions:?}");
    let document = "query($id: ID!) { organization(id: $id) {
        auditEvents { totalCount nodes { sequenceNumber hash action requestId details } } } }";
    let answer = tenant.admin.graphql(document, json!({ "id": tenant.get("organization") })).await;
    assert_eq!(answer.at("organization.auditEvents.totalCount"), chain.links.len());
    for (index, link) in chain.links.iter().rev().enumerate() {
        let node = answer.at(&format!("organization.auditEvents.nodes.{index}"));
        assert_eq!(node["sequenceNumber"], link.seq as f64, "{node}");
        assert_eq!(node["hash"], hexadecimal(&link.hash), "the API tells another hash: {node}");
        assert_eq!(node["requestId"], link.request_id, "{node}");
        assert_eq!(node["details"].as_str(), link.payload.as_ref().map(|(_, payload, _)| payload.as_str()), "{node}");
    }
    Ok(())
}

/// Whoever may write the tables themselves still cannot do it unseen, as long as somebody knows the head.
pub async fn tampering_is_detected(t: &TestServer) -> Result<()> {
    let (tenant, other) = (Tenant::create(t).await, Tenant::create(t).await);
    let mut database = Direct::superuser(t).await?;
    let here = format!("org_id = {}", database.uuid(tenant.uuid()));
    let there = database.uuid(other.uuid());
    let third = format!("event_id = (SELECT id FROM audit_event WHERE {here} AND seq = 3)");
    let last = format!("seq = (SELECT max(seq) FROM audit_event WHERE {here})");
    let nobody = database.uuid(random_uuid());
    let tampering = [
        (format!("UPDATE audit_payload SET payload = payload || ' ' WHERE {here} AND {third}"), "entry 3: payload"),
        (
            format!(
                "UPDATE audit_payload SET salt = payload_digest FROM audit_event e
             WHERE audit_payload.{here} AND {third} AND e.org_id = audit_payload.org_id AND e.id = event_id"
            ),
            "entry 3: payload",
        ),
        (format!("UPDATE audit_event SET action = 'x' WHERE {here} AND seq = 2"), "entry 2: hash"),
        (format!("UPDATE audit_event SET actor_id = {nobody} WHERE {here} AND seq = 2"), "entry 2: hash"),
        (format!("UPDATE audit_event SET actor_id = NULL WHERE {here} AND seq = 2"), "entry 2: hash"),
        (format!("UPDATE audit_event SET actor_kind = 'SYSTEM' WHERE {here} AND seq = 2"), "entry 2: hash"),
        (format!("UPDATE audit_event SET object_id = 'x' WHERE {here} AND seq = 3"), "entry 3: hash"),
        (format!("UPDATE audit_event SET object_type = 'x' WHERE {here} AND seq = 3"), "entry 3: hash"),
        (format!("UPDATE audit_event SET request_id = 'x' WHERE {here} AND seq = 1"), "entry 1: hash"),
        (
            format!(
                "UPDATE audit_event SET occurred_at =
             (SELECT occurred_at FROM audit_event WHERE {here} AND seq = 1) WHERE {here} AND seq = 4"
            ),
            "entry 4: hash",
        ),
        (
            format!(
                "DELETE FROM audit_payload WHERE {here} AND event_id IN
             (SELECT id FROM audit_event WHERE {here} AND {last}); DELETE FROM audit_event WHERE {here} AND {last}"
            ),
            "head",
        ),
        (
            format!(
                "DELETE FROM audit_payload WHERE {here} AND event_id IN
             (SELECT id FROM audit_event WHERE {here} AND seq = 2); DELETE FROM audit_event WHERE {here} AND seq = 2"
            ),
            "gap",
        ),
        (
            format!(
                "UPDATE audit_event SET seq = 99 WHERE {here} AND seq = 2; UPDATE audit_event SET seq = 2
             WHERE {here} AND seq = 3; UPDATE audit_event SET seq = 3 WHERE {here} AND seq = 99"
            ),
            "entry 2: hash",
        ),
        (format!("UPDATE audit_head SET seq = seq + 1 WHERE {here}"), "head"),
        (
            format!("UPDATE audit_head SET hash = (SELECT hash FROM audit_head WHERE org_id = {there}) WHERE {here}"),
            "head",
        ),
    ];
    for (sql, found) in tampering {
        database.execute("BEGIN").await?;
        for statement in sql.split(';') {
            assert_eq!(database.execute(statement).await.map_err(|e| format!("{statement}: {e}"))?, 1, "{statement}");
        }
        let verdict = Chain::read(&mut database, tenant.uuid()).await?.verify();
        database.execute("ROLLBACK").await?;
        let verdict = verdict.expect_err(&sql).to_string();
        assert!(verdict.starts_with(found), "{sql}: found {verdict}, not {found}");
    }
    // An erased payload is none: the chain still holds.
    database.execute("BEGIN").await?;
    assert_eq!(database.execute(format!("DELETE FROM audit_payload WHERE {here} AND {third}")).await?, 1);
    let verdict = Chain::read(&mut database, tenant.uuid()).await?.verify();
    database.execute("ROLLBACK").await?;
    verdict
}

/// Append-only for both roles that the server signs in as, and each organization's chain its own.
pub async fn serving_roles_can_only_append(t: &TestServer) -> Result<()> {
    let (tenant, other) = (Tenant::create(t).await, Tenant::create(t).await);
    let mut superuser = Direct::superuser(t).await?;
    let before = [superuser.dump(tenant.uuid()).await?, superuser.dump(other.uuid()).await?];
    let (mine, theirs) = (superuser.uuid(tenant.uuid()), superuser.uuid(other.uuid()));
    let event = "seq + 1000, occurred_at, actor_id, actor_kind, action, object_type, object_id, request_id,
        payload_digest, hash FROM audit_event LIMIT 1";
    let columns = "org_id, id, seq, occurred_at, actor_id, actor_kind, action, object_type, object_id, request_id,
        payload_digest, hash";
    let refused = [
        "UPDATE audit_event SET action = 'x'".to_owned(),
        format!("UPDATE audit_event SET org_id = {theirs} WHERE org_id = {mine}"),
        "DELETE FROM audit_event".to_owned(),
        "TRUNCATE audit_event CASCADE".to_owned(),
        "UPDATE audit_payload SET payload = '{}'".to_owned(),
        "DELETE FROM audit_payload".to_owned(),
        "TRUNCATE audit_payload".to_owned(),
        "DELETE FROM audit_head".to_owned(),
        "TRUNCATE audit_head CASCADE".to_owned(),
        format!("UPDATE audit_head SET org_id = {theirs} WHERE org_id = {mine}"),
        format!("INSERT INTO audit_event ({columns}) SELECT {theirs}, gen_random_uuid(), {event}"),
        format!(
            "INSERT INTO audit_payload (org_id, event_id, salt, payload) VALUES ({theirs}, gen_random_uuid(), '', '')"
        ),
        format!("INSERT INTO audit_head (org_id, seq, hash) VALUES ({theirs}, 0, '')"),
        "ALTER TABLE audit_event DISABLE TRIGGER ALL".to_owned(),
        "ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY".to_owned(),
        "DROP POLICY tenant ON audit_event".to_owned(),
        "SET session_replication_role = replica".to_owned(),
        "SET ROLE rolemark_migrate".to_owned(),
    ];
    for role in [role::APP, role::AUTH] {
        let mut serving = Direct::bound(t, role, tenant.uuid()).await?;
        for sql in &refused {
            let error = serving.execute(sql.clone()).await.expect_err(&format!("{role}: {sql}"));
            let code = error.as_database_error().and_then(|e| e.code().map(|code| code.into_owned()));
            assert_eq!(code.as_deref(), Some(INSUFFICIENT_PRIVILEGE), "{role}: {sql}: {error}");
        }
        let advance = format!("UPDATE audit_head SET seq = seq + 1 WHERE org_id = {theirs}");
        assert_eq!(serving.execute(advance).await?, 0, "{role} advanced the head of another organization");
    }
    let after = [superuser.dump(tenant.uuid()).await?, superuser.dump(other.uuid()).await?];
    assert_eq!(before, after, "an organization has changed");
    Ok(())
}

/// Twenty at once on one organization: every one is kept with its entry, in one chain without a gap.
pub async fn parallel_writes_make_one_chain(t: &TestServer) -> Result<()> {
    const WRITES: usize = 20;
    let tenant = Tenant::create(t).await;
    let mut database = Direct::superuser(t).await?;
    let before = Chain::read(&mut database, tenant.uuid()).await?.links.len();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..WRITES {
        let tenant = tenant.clone();
        running.spawn(async move { tenant.new_role().await });
    }
    let mut made = running.join_all().await;
    made.sort();
    made.dedup();
    assert_eq!(made.len(), WRITES);
    let chain = Chain::read(&mut database, tenant.uuid()).await?;
    chain.verify()?;
    assert_eq!(chain.links.len(), before + WRITES);
    let mut noted: Vec<&str> = chain.links[before..].iter().filter_map(|link| link.object_id.as_deref()).collect();
    noted.sort_unstable();
    assert_eq!(noted, made, "the entries name what was made");
    Ok(())
}

/// A write that is refused leaves no entry, and no gap.
pub async fn refused_writes_leave_no_entry(t: &TestServer) -> Result<()> {
    let tenant = Tenant::create(t).await;
    let mut database = Direct::superuser(t).await?;
    let before = database.dump(tenant.uuid()).await?;
    let document = "mutation($input: UpdateRoleConfigurationInput!) { updateRoleConfiguration(input: $input) {
        userErrors { code } } }";
    for (change, code) in [
        (json!({ "expectedRevision": 1, "title": "Stale" }), "STALE_REVISION"),
        (json!({ "expectedRevision": 2, "headcount": -1 }), "OUT_OF_RANGE"),
        (json!({ "expectedRevision": 2, "canonicalRoleKey": "rolemark:no-such-role" }), "NOT_FOUND"),
    ] {
        let mut input = change;
        input["id"] = tenant.get("role").into();
        let answer = tenant.admin.graphql(document, json!({ "input": input })).await;
        assert_eq!(answer.user_error_codes("updateRoleConfiguration"), [code], "{answer}");
    }
    assert_eq!(before, database.dump(tenant.uuid()).await?);
    Chain::read(&mut database, tenant.uuid()).await?.verify()
}
