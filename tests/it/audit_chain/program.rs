//! `rolemark audit verify`.

use rolemark_tests::{Result, TestServer};

use super::chain::{Chain, hexadecimal};
use crate::commands::{Output, run};
use crate::direct::Direct;
use crate::ids::Parts;
use crate::tenant::Tenant;

async fn verify(t: &TestServer, tenant: &Tenant, more: &[&str]) -> Result<Output> {
    run(t, &[&["audit", "verify", "--org", tenant.get("organization")], more].concat()).await
}

/// The head as the program prints it.
fn head(chain: &Chain) -> String {
    let last = chain.links.last().expect("an entry");
    format!("{}:{}", last.seq, hexadecimal(&last.hash))
}

pub async fn program_verifies_whole_chains(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (tenant, other) = (Tenant::create(&server).await, Tenant::create(&server).await);
    let mut database = Direct::superuser(&server).await?;
    let first = head(&Chain::read(&mut database, tenant.uuid()).await?);
    let output = run(&server, &["audit", "verify"]).await?;
    assert_eq!(output.done().lines().count(), 4, "{}", output.out);
    for tenant in [&tenant, &other] {
        let chain = Chain::read(&mut database, tenant.uuid()).await?;
        let line = output.out.lines().find(|line| line.contains(tenant.get("organization"))).unwrap_or_default();
        assert!(line.starts_with("whole") && line.contains(&head(&chain)), "{line}");
        assert!(line.contains(&format!("entries {}, without details 0", chain.links.len())), "{line}");
    }
    // More than a page of entries, some of them of the old format and without details.
    for _ in 0..3 {
        tenant.new_role().await;
    }
    let org = database.uuid(tenant.uuid());
    let erased = format!(
        "DELETE FROM audit_payload WHERE org_id = {org} AND event_id IN
         (SELECT id FROM audit_event WHERE org_id = {org} AND seq <= 2)"
    );
    assert_eq!(database.execute(erased).await?, 2);
    let old = format!("UPDATE audit_event SET format = 1 WHERE org_id = {org} AND seq <= 2");
    assert_eq!(database.execute(old).await?, 2);
    Chain::read(&mut database, tenant.uuid()).await?.rewrite(&mut database).await?;
    let output = verify(&server, &tenant, &[]).await?;
    assert!(output.done().contains("without details 2"), "{}", output.out);
    let last = head(&Chain::read(&mut database, tenant.uuid()).await?);
    verify(&server, &tenant, &["--checkpoint", &last]).await?.done();
    verify(&server, &tenant, &["--checkpoint", &last.to_uppercase()]).await?.done();
    // The chain was written anew by who may write all: only who kept a place of the old one notices.
    let said = verify(&server, &tenant, &["--checkpoint", &first]).await?.failed();
    assert!(said.contains("checkpoint"), "{said}");
    server.stop().await;
    Ok(())
}

pub async fn program_finds_what_is_broken(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (tenant, other) = (Tenant::create(&server).await, Tenant::create(&server).await);
    let mut database = Direct::superuser(&server).await?;
    let org = database.uuid(tenant.uuid());
    let of = |seq: i64| format!("org_id = {org} AND seq = {seq}");
    let payload_of = |seq: i64| format!("org_id = {org} AND event_id = (SELECT id FROM audit_event WHERE {})", of(seq));
    let cut = format!("DELETE FROM audit_payload WHERE {}; DELETE FROM audit_event WHERE {}", payload_of(3), of(3));
    let whole = head(&Chain::read(&mut database, tenant.uuid()).await?);
    for (tampering, repair, expected) in [
        (
            format!("UPDATE audit_payload SET payload = payload || ' ' WHERE {}", payload_of(3)),
            format!("UPDATE audit_payload SET payload = rtrim(payload) WHERE {}", payload_of(3)),
            "entry 3: its details",
        ),
        (
            format!("UPDATE audit_payload SET address = '203.0.113.9' WHERE {}", payload_of(2)),
            format!("UPDATE audit_payload SET address = '127.0.0.1' WHERE {}", payload_of(2)),
            "entry 2: its details",
        ),
        (
            format!("UPDATE audit_event SET action = action || 'x' WHERE {}", of(4)),
            format!("UPDATE audit_event SET action = rtrim(action, 'x') WHERE {}", of(4)),
            "entry 4: the entry or its place",
        ),
        (
            format!("UPDATE audit_event SET grant_id = org_id WHERE {}", of(1)),
            format!("UPDATE audit_event SET grant_id = NULL WHERE {}", of(1)),
            "entry 1: the entry or its place",
        ),
        (
            format!("UPDATE audit_event SET format = 3 WHERE {}", of(2)),
            format!("UPDATE audit_event SET format = 2 WHERE {}", of(2)),
            "entry 2: its format",
        ),
        (
            format!("UPDATE audit_event SET seq = 0 WHERE {}", of(1)),
            format!("UPDATE audit_event SET seq = 1 WHERE {}", of(0)),
            "entry 1: the entry is missing",
        ),
        (
            format!("UPDATE audit_head SET seq = seq + 1 WHERE org_id = {org}"),
            format!("UPDATE audit_head SET seq = seq - 1 WHERE org_id = {org}"),
            "does not end where its head says",
        ),
        (cut, String::new(), "entry 3: the entry is missing"),
    ] {
        for statement in tampering.split("; ") {
            assert_eq!(database.execute(statement).await?, 1, "{statement}");
        }
        let said = verify(&server, &tenant, &[]).await?.failed();
        assert!(said.contains("BROKEN") && said.contains(expected), "{tampering}: {said}");
        let output = run(&server, &["audit", "verify"]).await?;
        assert!(output.failed().contains("1 of 4 audit logs are broken"), "{}", output.err);
        let others = output.out.lines().find(|line| line.contains(other.get("organization")));
        assert!(others.is_some_and(|line| line.starts_with("whole")), "{}", output.out);
        if !repair.is_empty() {
            assert_eq!(database.execute(repair).await?, 1);
            verify(&server, &tenant, &["--checkpoint", &whole]).await?.done();
        }
    }
    server.stop().await;
    Ok(())
}

pub async fn checkpoints_are_compared(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let tenant = Tenant::create(&server).await;
    let mut database = Direct::superuser(&server).await?;
    let chain = Chain::read(&mut database, tenant.uuid()).await?;
    let place = |seq: i64, hash: &[u8]| format!("{seq}:{}", hexadecimal(hash));
    for link in &chain.links {
        verify(&server, &tenant, &["--checkpoint", &place(link.seq, &link.hash)]).await?.done();
    }
    let beyond = place(chain.links.len() as i64 + 1, &chain.links[0].hash);
    let other = place(2, &chain.links[0].hash);
    for wrong in [beyond, other, place(0, &chain.links[0].hash)] {
        let said = verify(&server, &tenant, &["--checkpoint", &wrong]).await?.failed();
        assert!(said.contains("BROKEN") && said.contains("checkpoint"), "{wrong}: {said}");
    }
    assert_eq!(verify(&server, &tenant, &["--checkpoint", "2:abc"]).await?.code, Some(2));
    let alone = run(&server, &["audit", "verify", "--checkpoint", &head(&chain)]).await?;
    assert_eq!(alone.code, Some(2), "a checkpoint is one organization's");
    let unknown = Parts::of(tenant.get("organization")).elsewhere().encode();
    run(&server, &["audit", "verify", "--org", &unknown]).await?.failed();

    let name = tenant.name();
    let erase = ["organization", "erase", "--org", tenant.get("organization"), "--now", "--confirm", &name];
    run(&server, &erase).await?.done();
    let output = run(&server, &["audit", "verify"]).await?;
    assert!(output.done().starts_with("erased") && output.out.contains(&head(&chain)), "{}", output.out);
    verify(&server, &tenant, &["--checkpoint", &head(&chain)]).await?.done();
    verify(&server, &tenant, &["--checkpoint", &place(chain.links.len() as i64, &[7; 32])]).await?.failed();
    server.stop().await;
    Ok(())
}
