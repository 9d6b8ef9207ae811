//! Which organizations are erased, and by whom.

use std::time::Duration;

use rolemark_tests::{Result, TestServer};
use serde_json::{Value, json};

use super::{closed_for, is_erased};
use crate::commands::run;
use crate::direct::{Direct, NOTICED};
use crate::ids::Parts;
use crate::steps::{assert_done, mutate};
use crate::tenant::Tenant;

/// How long a sweep may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn open_organizations_and_those_in_grace_stay(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let tenant = Tenant::create(&server).await;
    let mut database = Direct::superuser(&server).await?;
    let before = database.dump(tenant.uuid()).await?;
    let erase = ["organization", "erase", "--org", tenant.get("organization")];
    assert!(run(&server, &["organization", "erase"]).await?.done().contains("nothing to erase"));
    assert!(run(&server, &erase).await?.failed().contains("open"));
    let unknown = Parts::of(tenant.get("organization")).elsewhere().encode();
    assert!(run(&server, &["organization", "erase", "--org", &unknown]).await?.failed().contains("no such"));
    assert_eq!(before, database.dump(tenant.uuid()).await?);
    let name = tenant.name();
    let input = json!({ "organizationId": tenant.get("organization"), "name": name });
    let answer = mutate(&tenant.admin, "closeOrganization", input, "organization { erasedAfter }").await;
    let after = answer.text_at("closeOrganization.organization.erasedAfter");
    let said = run(&server, &erase).await?.failed();
    assert!(said.contains("brought back until") && said.contains(&after[..10]), "{said}");
    assert!(run(&server, &["organization", "erase"]).await?.done().contains("nothing to erase"));
    closed_for(&mut database, tenant.uuid(), 31).await?;
    let input = json!({ "organizationId": tenant.get("organization") });
    assert_done(&mutate(&tenant.admin, "restoreOrganization", input, "").await, "restoreOrganization");
    assert!(run(&server, &["organization", "erase"]).await?.done().contains("nothing to erase"), "it was brought back");
    tokio::time::sleep(NOTICED).await;
    tenant.new_role().await;
    server.stop().await;
    Ok(())
}

pub async fn erasing_now_asks_for_the_name(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (tenant, other) = (Tenant::create(&server).await, Tenant::create(&server).await);
    let mut database = Direct::superuser(&server).await?;
    let (before, others) = (database.dump(tenant.uuid()).await?, database.dump(other.uuid()).await?);
    let now = ["organization", "erase", "--org", tenant.get("organization"), "--now"];
    assert_eq!(run(&server, &now).await?.code, Some(2), "the name is missing");
    let without = ["organization", "erase", "--now", "--confirm", "Northwind"];
    assert_eq!(run(&server, &without).await?.code, Some(2), "the organization is missing");
    let (name, others_name) = (tenant.name(), other.name());
    for wrong in ["", "organization", &name.to_uppercase(), &others_name] {
        let said = run(&server, &[&now[..], &["--confirm", wrong]].concat()).await?.failed();
        assert!(said.contains("name"), "{said}");
        assert!(!said.contains(&name), "the name is told to who does not know it: {said}");
    }
    assert_eq!(before, database.dump(tenant.uuid()).await?);
    let right = [&now[..], &["--confirm", &name]].concat();
    run(&server, &right).await?.done();
    assert!(is_erased(&mut database, tenant.uuid()).await?);
    assert!(run(&server, &right).await?.failed().contains("no such"), "a tombstone has no name to confirm");
    assert!(run(&server, &[&now[..], &["--confirm", ""]].concat()).await?.failed().contains("no such"));
    assert_eq!(others, database.dump(other.uuid()).await?);
    tokio::time::sleep(NOTICED).await;
    let answer = tenant.admin.query("{ viewer { organizations { totalCount } } }").await;
    assert_eq!(answer.at("viewer.organizations.totalCount"), &json!(0));
    let input = json!({ "organizationId": tenant.get("organization"), "role": { "title": "Too late" } });
    let answer = mutate(&tenant.admin, "createRoleConfiguration", input, "").await;
    assert_eq!(answer.user_error_codes("createRoleConfiguration"), ["NOT_FOUND"], "{answer}");
    server.stop().await;
    Ok(())
}

/// The server does it by itself, and prunes too.
pub async fn servers_sweep_by_themselves(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (gone, kept) = (Tenant::create(&server).await, Tenant::create(&server).await);
    let mut database = Direct::superuser(&server).await?;
    super::retention::make_older(&mut database, kept.uuid(), 3, 100).await?;
    closed_for(&mut database, gone.uuid(), 31).await?;
    let server = server.restart_with(|config| config.audit_retention_days = 90).await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_erased(&mut database, gone.uuid()).await? {
        assert!(tokio::time::Instant::now() < deadline, "nothing was erased");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let admin = rolemark_tests::sign_in(&server, &kept.email, &kept.password).await.client;
    let selection = "auditEvents(first: 1) { nodes { action actorKind details } }";
    loop {
        let shown = crate::steps::node(&admin, kept.get("organization"), "Organization", selection).await;
        let newest = &shown["auditEvents"]["nodes"][0];
        if newest["action"] == "audit.prune" {
            let details: Value = serde_json::from_str(newest["details"].as_str().unwrap_or_default())?;
            assert_eq!((&details["payloads"], &newest["actorKind"]), (&json!(3), &json!("OPERATOR")), "{newest}");
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "nothing was pruned: {newest}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.stop().await;
    Ok(())
}
