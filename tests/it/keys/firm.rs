//! Keys of a consultants' firm, in the organizations of its clients.

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Key, SCOPES, try_make};
use crate::direct::{Direct, NOTICED};
use crate::ids::{organization_of, random_uuid};
use crate::steps::{assert_faults, create};
use crate::tenant::Tenant;

/// A grant to a firm, made past the server: its identifier.
async fn lend(t: &TestServer, client: Uuid, firm: Uuid, level: &str, families: Option<&str>) -> Result<Uuid> {
    let mut database = Direct::superuser(t).await?;
    let grant = random_uuid();
    let (client, id, firm) = (database.uuid(client), database.uuid(grant), database.uuid(firm));
    let families = families.map_or("NULL".to_owned(), |families| format!("'{families}'"));
    let (now, later) = (database.seconds_from_now(0), database.seconds_from_now(3_600));
    let sql = format!(
        "INSERT INTO consultant_grant (org_id, id, name, firm_id, level, families, reason, granted_by, granted_at,
            accepted_at, expires_at)
         VALUES ({client}, {id}, 'A firm', {firm}, '{level}', {families}, 'Comparison', {id}, {now}, {now}, {later})"
    );
    assert_eq!(database.execute(sql).await?, 1);
    Ok(grant)
}

async fn change(t: &TestServer, grant: Uuid, change: &str) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let sql = format!("UPDATE consultant_grant SET {change} WHERE id = {}", database.uuid(grant));
    assert_eq!(database.execute(sql).await?, 1);
    Ok(())
}

async fn make_for(t: &TestServer, firm: &SignedIn, clients: &[&str]) -> Key {
    let input = json!({ "name": clients.concat(), "scopes": SCOPES, "clientOrganizationIds": clients });
    let name = json!({ "name": rolemark_tests::unique("firm") });
    Key::of(t, &try_make(firm, crate::steps::merged(input, name)).await, "createApiKey")
}

async fn node(client: &Client, id: &str) -> Answer {
    let document = "query($id: ID!) { node(id: $id) { id } }";
    client.graphql(document, json!({ "id": id })).await
}

fn is_seen(answer: &Answer) -> bool {
    answer.at("node").is_object()
}

pub async fn keys_of_a_firm_read_clients_within_the_grant(t: &TestServer) -> Result<()> {
    let (client, other, firm) = (Tenant::create(t).await, Tenant::create(t).await, sign_up(t, "Firm").await);
    let grant = lend(t, client.uuid(), organization_of(&firm.organization_id), "READ", None).await?;
    let key = make_for(t, &firm, &[client.get("organization")]).await;
    for word in ["organization", "role", "version", "scenario"] {
        assert!(is_seen(&node(&key.client, client.get(word)).await), "{word}");
        assert!(!is_seen(&node(&key.client, other.get(word)).await), "{word} of somebody else");
    }
    for word in ["member", "auditEvent", "apiKey"] {
        assert!(!is_seen(&node(&key.client, client.get(word)).await), "{word}");
    }
    let document =
        "query($id: ID!) { organization(id: $id) { roleConfigurations { totalCount } scenarios { totalCount }
        auditEvents { totalCount } members { totalCount } viewerPermissions { accessLevel canReadAuditLog } } }";
    let answer = key.client.graphql(document, json!({ "id": client.get("organization") })).await;
    assert_eq!(answer.error_codes(), ["FORBIDDEN", "FORBIDDEN"], "{answer}");
    let seen = &answer.body["data"]["organization"];
    assert_eq!(seen["roleConfigurations"]["totalCount"], 2, "{answer}");
    assert_eq!(seen["viewerPermissions"], json!({ "accessLevel": "READ", "canReadAuditLog": false }));
    // The key may write, and so it does at home; the grant lets nobody write.
    let add = async |organization: &str| {
        let input = json!({ "organizationId": organization, "role": { "title": "By a program" } });
        let document = "mutation($input: CreateRoleConfigurationInput!) {
            createRoleConfiguration(input: $input) { userErrors { code } } }";
        key.client.graphql(document, json!({ "input": input })).await
    };
    assert_eq!(add(client.get("organization")).await.error_code(), "FORBIDDEN");
    assert_eq!(add(other.get("organization")).await.user_error_codes("createRoleConfiguration"), ["NOT_FOUND"]);
    assert!(add(&firm.organization_id).await.user_error_codes("createRoleConfiguration").is_empty());
    let own = key.client.query("{ viewer { organizations { nodes { id } } } }").await;
    assert_eq!(own.at("viewer.organizations.nodes"), &json!([{ "id": firm.organization_id }]));
    assert_reads_are_recorded(t, &client, &key, grant, organization_of(&firm.organization_id)).await
}

/// The client finds who read what, by which grant and for which firm.
async fn assert_reads_are_recorded(t: &TestServer, client: &Tenant, key: &Key, grant: Uuid, firm: Uuid) -> Result<()> {
    let document = "query($id: ID!) { organization(id: $id) { auditEvents(filter: { action: \"organization.read\" }) {
        nodes { actorKind actorId details } } } }";
    let answer = client.admin.graphql(document, json!({ "id": client.get("organization") })).await;
    let entries = answer.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default();
    let is_by_the_key =
        |entry: &Value| entry["actorKind"] == "API_KEY" && entry["actorId"] == json!(key.uuid().to_string());
    assert!(!entries.is_empty() && entries.iter().all(is_by_the_key), "{answer}");
    let read = json!(entries).to_string();
    for word in ["role", "version", "scenario"] {
        assert!(read.contains(client.get(word)), "{word}: {read}");
    }
    let mut database = Direct::superuser(t).await?;
    let by = format!(
        "SELECT count(*) FROM audit_event WHERE org_id = {} AND grant_id = {} AND firm_id = {} AND actor_id = {}",
        database.uuid(client.uuid()),
        database.uuid(grant),
        database.uuid(firm),
        database.uuid(key.uuid()),
    );
    assert_eq!(database.number(by).await?, i64::try_from(entries.len())?);
    Ok(())
}

pub async fn revoked_grants_end_at_once(t: &TestServer) -> Result<()> {
    let firm = sign_up(t, "Firm").await;
    let clients = [Tenant::create(t).await, Tenant::create(t).await, Tenant::create(t).await, Tenant::create(t).await];
    let firm_id = organization_of(&firm.organization_id);
    let mut grants = Vec::new();
    for client in &clients {
        grants.push(lend(t, client.uuid(), firm_id, "WRITE", None).await?);
    }
    let ids: Vec<&str> = clients.iter().map(|client| client.get("organization")).collect();
    let key = make_for(t, &firm, &ids).await;
    for client in &clients {
        assert!(is_seen(&node(&key.client, client.get("role")).await));
    }
    // One is revoked, one expires, one client closes, and one limits the grant to a family that its roles are not of.
    change(t, grants[0], "ended_at = granted_at").await?;
    change(t, grants[1], "expires_at = granted_at").await?;
    let mut database = Direct::superuser(t).await?;
    let organization = database.uuid(clients[2].uuid());
    let close = format!("UPDATE organization SET closed_at = created_at WHERE org_id = {organization}");
    assert_eq!(database.execute(close).await?, 1);
    change(t, grants[3], "families = '[\"sales\"]'").await?;
    tokio::time::sleep(NOTICED).await;
    for client in &clients {
        assert!(!is_seen(&node(&key.client, client.get("role")).await));
    }
    for client in &clients[..3] {
        assert!(!is_seen(&node(&key.client, client.get("organization")).await), "the client is hidden again");
    }
    let scenarios = "query($id: ID!) { organization(id: $id) { scenarios { totalCount } } }";
    let answer = key.client.graphql(scenarios, json!({ "id": clients[3].get("organization") })).await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "a limited grant shows no scenarios: {answer}");
    change(t, grants[3], &format!("families = '[\"{}\"]'", clients[3].get("family"))).await?;
    tokio::time::sleep(NOTICED).await;
    assert!(is_seen(&node(&key.client, clients[3].get("role")).await), "a role of the grant's family");
    let program = SignedIn { client: key.client.clone(), ..firm };
    create(&program, json!({ "title": "At home nothing has changed" })).await;
    Ok(())
}

pub async fn clients_without_a_live_grant_are_not_found(t: &TestServer) -> Result<()> {
    let (firm, rival) = (sign_up(t, "Firm").await, sign_up(t, "Rival").await);
    let firm_id = organization_of(&firm.organization_id);
    let (lending, ended) = (sign_up(t, "Lending").await, sign_up(t, "Ended").await);
    let (expired, foreign, closed) =
        (sign_up(t, "Expired").await, sign_up(t, "Foreign").await, sign_up(t, "Closed").await);
    lend(t, organization_of(&lending.organization_id), firm_id, "READ", None).await?;
    change(t, lend(t, organization_of(&ended.organization_id), firm_id, "READ", None).await?, "ended_at = granted_at")
        .await?;
    let grant = lend(t, organization_of(&expired.organization_id), firm_id, "READ", None).await?;
    change(t, grant, "expires_at = granted_at").await?;
    lend(t, organization_of(&foreign.organization_id), organization_of(&rival.organization_id), "READ", None).await?;
    lend(t, organization_of(&closed.organization_id), firm_id, "READ", None).await?;
    let mut database = Direct::superuser(t).await?;
    let organization = database.uuid(organization_of(&closed.organization_id));
    let close = format!("UPDATE organization SET closed_at = created_at WHERE org_id = {organization}");
    assert_eq!(database.execute(close).await?, 1);
    let mut unknown = crate::ids::Parts::of(&firm.organization_id);
    unknown.organization = random_uuid();
    let unknown = unknown.encode();
    let mut told = Vec::new();
    for id in [
        &unknown,
        &ended.organization_id,
        &expired.organization_id,
        &foreign.organization_id,
        &closed.organization_id,
        &firm.organization_id,
    ] {
        let clients = json!({ "clientOrganizationIds": [lending.organization_id, id] });
        let answer = try_make(&firm, clients).await;
        assert_faults(&answer, "createApiKey", &[("NOT_FOUND", "input.clientOrganizationIds.1")]);
        told.push(answer.text());
    }
    assert!(told.iter().all(|text| *text == told[0]), "unknown and foreign are told apart: {told:#?}");
    // The client's own key does not reach the firm: grants go one way.
    let clients = json!({ "clientOrganizationIds": [firm.organization_id] });
    let answer = try_make(&lending, clients).await;
    assert_faults(&answer, "createApiKey", &[("NOT_FOUND", "input.clientOrganizationIds.0")]);
    let answer = try_make(&firm, json!({ "clientOrganizationIds": [lending.organization_id] })).await;
    let made = answer.at("createApiKey.apiKey");
    assert_eq!(made["clientOrganizationIds"], json!([lending.organization_id]));
    let successor = super::rotate(&firm, made["id"].as_str().unwrap_or_default(), json!({})).await;
    let made = successor.at("rotateApiKey.apiKey");
    assert_eq!(made["clientOrganizationIds"], json!([lending.organization_id]));
    Ok(())
}
