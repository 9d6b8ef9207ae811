//! Who acted: as a filter, and as a person.

use rolemark_tests::{Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{entries, log};
use crate::direct::{Direct, NOTICED};
use crate::ids::{Parts, organization_of, random_uuid};
use crate::lifecycle::access::{ALL_SCOPES, api_key, consultant};
use crate::steps::{create, organization, try_create};

/// An admin, a writer and an API key, each of whom has made a role.
struct Colleagues {
    admin: SignedIn,
    writer: SignedIn,
    consultant: SignedIn,
}

impl Colleagues {
    async fn at_work(t: &TestServer) -> Result<Self> {
        let admin = sign_up(t, "Northwind").await;
        let org = organization_of(&admin.organization_id);
        let (writer, helper) = (sign_up(t, "Writer's own").await, sign_up(t, "Consultant's own").await);
        Direct::superuser(t).await?.add_member(org, &writer.email, "WRITE").await?;
        consultant(t, org, &helper.email).await?;
        let key = api_key(t, org, ALL_SCOPES).await?;
        tokio::time::sleep(NOTICED).await;
        create(&admin, json!({ "title": "The admin's" })).await;
        for (client, title) in [(&writer.client, "The writer's"), (&key, "The key's"), (&helper.client, "The helper's")]
        {
            let by = SignedIn { client: client.clone(), ..admin.clone() };
            let answer = try_create(&by, json!({ "title": title })).await;
            assert!(answer.payload("createRoleConfiguration").is_object(), "{answer}");
        }
        Ok(Self { admin, writer, consultant: helper })
    }
}

pub async fn log_is_filtered_by_who(t: &TestServer) -> Result<()> {
    let Colleagues { admin, .. } = Colleagues::at_work(t).await?;
    let all = entries(&admin, "").await;
    let made: Vec<&Value> = all.iter().filter(|entry| entry["action"] == "roleConfiguration.create").collect();
    let [helper, key, writer, own] = made[..] else { panic!("{all:?}") };
    assert_eq!((&key["actorKind"], &own["actorKind"]), (&json!("API_KEY"), &json!("USER")));
    let grant = {
        let mut database = Direct::superuser(t).await?;
        let org = database.uuid(organization_of(&admin.organization_id));
        let id = match &database {
            Direct::Sqlite(_) => "lower(hex(id))",
            Direct::Postgres(_) => "replace(id::text, '-', '')",
        };
        let id = database.texts(format!("SELECT {id} FROM consultant_grant WHERE org_id = {org}")).await?.remove(0);
        let organization = organization_of(&admin.organization_id);
        Parts { tag: "consultantgrant".to_owned(), organization, object: Some(uuid::Uuid::try_parse(&id)?) }
    };
    let of = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    for (filter, expected) in [
        (format!("{{ actorId: \"{}\" }}", of(own, "actorId")), 2),
        (format!("{{ actorId: \"{}\" }}", of(writer, "actorId")), 1),
        (format!("{{ actorId: \"{}\" }}", of(key, "actorId").to_uppercase()), 1),
        (format!("{{ actorId: \"{}\", actorKind: API_KEY }}", of(writer, "actorId")), 0),
        (format!("{{ actorId: \"{}\" }}", random_uuid()), 0),
        ("{ actorKind: API_KEY, action: \"roleConfiguration.create\" }".to_owned(), 1),
        ("{ actorKind: OPERATOR }".to_owned(), 0),
        ("{ actorKind: USER, action: \"roleConfiguration.create\" }".to_owned(), 3),
        (format!("{{ requestId: \"{}\" }}", of(helper, "requestId")), 1),
        ("{ requestId: \"none\" }".to_owned(), 0),
        (format!("{{ grantId: \"{}\", objectType: \"RoleConfiguration\" }}", grant.encode()), 1),
        (format!("{{ grantId: \"{}\" }}", grant.sibling().encode()), 0),
        (format!("{{ grantId: \"{}\" }}", grant.moved_to(random_uuid()).encode()), 0),
    ] {
        let answer = log(&admin, &format!("(filter: {filter})")).await;
        let found = answer.at("organization.auditEvents.nodes").as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{filter}: {answer}");
        assert_eq!(answer.at("organization.auditEvents.totalCount"), expected, "{filter}");
    }
    for filter in ["actorId: \"nobody\"", "grantId: \"nothing\"", "requestId: \"nul\\u0000\"", "actorId: \"\""] {
        let answer = log(&admin, &format!("(filter: {{ {filter} }})")).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{filter}: {answer}");
    }
    let role = format!("grantId: \"{}\"", of(own, "objectId"));
    let answer = log(&admin, &format!("(filter: {{ {role} }})")).await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "a role is no grant: {answer}");
    Ok(())
}

pub async fn actors_are_members_as_long_as_they_are(t: &TestServer) -> Result<()> {
    let Colleagues { admin, writer, consultant } = Colleagues::at_work(t).await?;
    let people = async || {
        let filter = "(filter: { action: \"roleConfiguration.create\" })";
        let selection = format!("auditEvents{filter} {{ nodes {{ actorName actor {{ email accessLevel }} }} }}");
        organization(&admin, &selection).await.at("organization.auditEvents.nodes").clone()
    };
    let member = |of: &SignedIn, level: &str| json!({ "email": of.email, "accessLevel": level });
    let expected = json!([
        { "actorName": null, "actor": null },
        { "actorName": "A key", "actor": null },
        { "actorName": "Test Person", "actor": member(&writer, "WRITE") },
        { "actorName": "Test Person", "actor": member(&admin, "ADMIN") },
    ]);
    assert_eq!(people().await, expected, "a consultant is no member");
    let mut database = Direct::superuser(t).await?;
    let org = database.uuid(organization_of(&admin.organization_id));
    let ended = format!("UPDATE member SET ended_at = joined_at WHERE org_id = {org} AND email = '{}'", writer.email);
    assert_eq!(database.execute(ended).await?, 1);
    assert_eq!(people().await[2], json!({ "actorName": "Test Person", "actor": null }), "the writer has left");
    database.add_member(organization_of(&admin.organization_id), &writer.email, "READ").await?;
    assert_eq!(people().await[2]["actor"], member(&writer, "READ"), "the writer is back");
    let log = organization(&admin, "auditEvents { nodes { details } }").await;
    assert!(!log.text().contains(&consultant.password));

    // A key that reads the log only sees no people.
    let key = api_key(t, organization_of(&admin.organization_id), r#"["READ_AUDIT"]"#).await?;
    let key = SignedIn { client: key, ..admin };
    let shown = organization(&key, "auditEvents { nodes { actorName actor { email } } }").await;
    let shown = shown.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default();
    assert!(!shown.is_empty() && shown.iter().all(|entry| entry["actor"].is_null() && entry["actorName"].is_null()));
    Ok(())
}

/// However many entries a page has, the people on it are asked for once.
pub async fn actors_cost_the_same_however_many(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let Colleagues { admin, .. } = Colleagues::at_work(&server).await?;
    for number in 0..20 {
        create(&admin, json!({ "title": format!("Role {number}") })).await;
    }
    let mut costs = Vec::new();
    for first in [4, 24] {
        let selection = format!("auditEvents(first: {first}) {{ nodes {{ actorName actor {{ email }} }} }}");
        let mut least = u64::MAX;
        let mut answer = organization(&admin, &selection).await;
        // The least of several: who asks is looked up anew once a second.
        for _ in 0..4 {
            let before = server.statements().await;
            answer = organization(&admin, &selection).await;
            least = least.min(server.statements().await - before);
        }
        costs.push(least);
        let nodes = answer.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default();
        assert_eq!(nodes.len(), first);
    }
    // Of the newest four nobody is a key.
    assert!(costs[1] <= costs[0] + 1, "{costs:?}");
    server.stop().await;
    Ok(())
}
