//! How access ends: by its time, by either side, with a membership, with an organization; everywhere within a second.

use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_up};
use serde_json::json;

use super::{Grant, assign, clients, consultant, grant, lend, let_in, revoke, sees};
use crate::direct::{Direct, NOTICED};
use crate::ids::{Parts, organization_of};
use crate::steps::{assert_done, create, mutate, node};

/// Brings a grant to the end of its time, past the server.
pub(super) async fn expire(database: &mut Direct, grant: &Grant) -> Result<()> {
    let id = database.uuid(Parts::of(&grant.id).object.unwrap_or_default());
    let sql = format!("UPDATE consultant_grant SET expires_at = granted_at WHERE id = {id}");
    assert_eq!(database.execute(sql).await?, 1);
    Ok(())
}

/// Closes an organization, past the server.
pub(super) async fn close(database: &mut Direct, organization: &SignedIn) -> Result<()> {
    let id = database.uuid(organization_of(&organization.organization_id));
    let sql = format!("UPDATE organization SET closed_at = created_at WHERE org_id = {id}");
    assert_eq!(database.execute(sql).await?, 1);
    Ok(())
}

/// Asserts that nothing of a client is left: no entry in the list, no object, no organization, and no write.
async fn assert_gone(person: &Client, client: &SignedIn, role: &str) {
    assert!(!clients(person).await.iter().any(|entry| entry["organization"]["id"] == client.organization_id.as_str()));
    assert!(!sees(person, role).await && !sees(person, &client.organization_id).await);
    let input = json!({ "organizationId": client.organization_id, "role": { "title": "Late" } });
    let answer = mutate(person, "createRoleConfiguration", input, "roleConfiguration { id }").await;
    assert_eq!(answer.user_error_codes("createRoleConfiguration"), ["NOT_FOUND"], "{answer}");
}

pub async fn a_grant_ends_with_its_time(t: &TestServer) -> Result<()> {
    let client = sign_up(t, "Northwind").await;
    let role = create(&client, json!({ "title": "A role" })).await;
    let person = sign_up(t, "Person's own").await;
    let given = lend(&client, &person, json!({ "accessLevel": "WRITE" })).await;
    assert!(sees(&person.client, &role.id).await);
    expire(&mut Direct::superuser(t).await?, &given).await?;
    tokio::time::sleep(NOTICED).await;
    assert_gone(&person.client, &client, &role.id).await;
    assert_eq!(node(&client.client, &given.id, "ConsultantGrant", "state").await["state"], "EXPIRED");
    // By the clock of the server, too: nothing in the database changes when the instant comes.
    let soon = (chrono::Utc::now() + chrono::Duration::milliseconds(1_500)).to_rfc3339();
    lend(&client, &person, json!({ "expiresAt": soon })).await;
    assert!(sees(&person.client, &role.id).await);
    tokio::time::sleep(std::time::Duration::from_millis(1_600)).await;
    assert_gone(&person.client, &client, &role.id).await;
    Ok(())
}

/// Two servers over one database: what ends on one has ended on the other a second later, and on itself at once.
pub async fn ends_are_felt_on_every_replica(t: &TestServer) -> Result<()> {
    let replica = t.replica().await?;
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let person = sign_up(t, "Person's own").await;
    let (here, there) = (person.client.clone(), replica.anonymous().with_token(&person.token));
    let firm_there = replica.anonymous().with_token(&firm.token);

    let given = lend(&client, &person, json!({})).await;
    assert!(sees(&here, &role.id).await && sees(&there, &role.id).await);
    revoke(&client, &given).await;
    assert!(!sees(&here, &role.id).await, "at once on the server that was told");
    tokio::time::sleep(NOTICED).await;
    assert!(!sees(&there, &role.id).await, "a second later on the other");

    let given = let_in(&client, &firm, json!({})).await;
    let assignment = assign(&firm, &client, &firm.email).await;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&firm.client, &role.id).await && sees(&firm_there, &role.id).await);
    let answer = mutate(&firm.client, "unassignConsultant", json!({ "id": assignment }), "").await;
    assert_done(&answer, "unassignConsultant");
    assert!(!sees(&firm.client, &role.id).await, "at once on the server that was told");
    tokio::time::sleep(NOTICED).await;
    assert!(!sees(&firm_there, &role.id).await, "a second later on the other");

    assign(&firm, &client, &firm.email).await;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&firm_there, &role.id).await);
    revoke(&client, &given).await;
    assert!(!sees(&firm.client, &role.id).await);
    tokio::time::sleep(NOTICED).await;
    assert_gone(&firm_there, &client, &role.id).await;
    replica.stop().await;
    Ok(())
}

pub async fn a_member_who_leaves_has_no_clients(t: &TestServer) -> Result<()> {
    let (client, firm, staff) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await, sign_up(t, "Own").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let mut database = Direct::superuser(t).await?;
    let of_firm = organization_of(&firm.organization_id);
    database.add_member(of_firm, &staff.email, "READ").await?;
    let_in(&client, &firm, json!({ "accessLevel": "WRITE" })).await;
    let assignment = assign(&firm, &client, &staff.email).await;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&staff.client, &role.id).await);
    let here = database.uuid(of_firm);
    let sql = format!("UPDATE member SET ended_at = joined_at WHERE org_id = {here} AND email = '{}'", staff.email);
    assert_eq!(database.execute(sql).await?, 1);
    tokio::time::sleep(NOTICED).await;
    assert_gone(&staff.client, &client, &role.id).await;
    let left = node(&firm.client, &assignment, "FirmAssignment", "member { email }").await;
    assert!(left["member"].is_null(), "{left}");
    // Whoever comes back is assigned anew.
    database.add_member(of_firm, &staff.email, "ADMIN").await?;
    tokio::time::sleep(NOTICED).await;
    assert_gone(&staff.client, &client, &role.id).await;
    assign(&firm, &client, &staff.email).await;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&staff.client, &role.id).await);
    Ok(())
}

pub async fn a_closed_firm_has_no_clients(t: &TestServer) -> Result<()> {
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let_in(&client, &firm, json!({})).await;
    assign(&firm, &client, &firm.email).await;
    assert!(sees(&firm.client, &role.id).await);
    close(&mut Direct::superuser(t).await?, &firm).await?;
    tokio::time::sleep(NOTICED).await;
    assert_gone(&firm.client, &client, &role.id).await;
    Ok(())
}

pub async fn a_closed_client_lets_nobody_in(t: &TestServer) -> Result<()> {
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let person = consultant(t, &client, json!({ "accessLevel": "WRITE" })).await;
    let_in(&client, &firm, json!({})).await;
    assign(&firm, &client, &firm.email).await;
    close(&mut Direct::superuser(t).await?, &client).await?;
    tokio::time::sleep(NOTICED).await;
    assert_gone(&person.client, &client, &role.id).await;
    assert_gone(&firm.client, &client, &role.id).await;
    let answer = crate::steps::organization(&firm, "firmClients { totalCount nodes { name } }").await;
    assert_eq!(answer.at("organization.firmClients"), &json!({ "totalCount": 0, "nodes": [] }));
    Ok(())
}

pub async fn grants_are_given_back(t: &TestServer) -> Result<()> {
    let (client, firm, staff) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await, sign_up(t, "Own").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let decline = async |person: &SignedIn, grant: &Grant| {
        let selection = "declinedConsultantGrantId";
        mutate(&person.client, "declineConsultantGrant", json!({ "id": grant.id }), selection).await
    };
    let own = lend(&client, &staff, json!({})).await;
    for stranger in [&firm, &client] {
        let answer = decline(stranger, &own).await;
        assert_eq!(answer.user_error_codes("declineConsultantGrant"), ["NOT_FOUND"], "{answer}");
    }
    let answer = decline(&staff, &own).await;
    assert_eq!(answer.payload("declineConsultantGrant")["declinedConsultantGrantId"], own.id.as_str());
    assert_gone(&staff.client, &client, &role.id).await;
    let again = decline(&staff, &own).await;
    assert_eq!(again.user_error_codes("declineConsultantGrant"), ["NOT_FOUND"], "{again}");

    let of_firm = let_in(&client, &firm, json!({})).await;
    let mut database = Direct::superuser(t).await?;
    database.add_member(organization_of(&firm.organization_id), &staff.email, "WRITE").await?;
    assign(&firm, &client, &staff.email).await;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&staff.client, &role.id).await);
    let answer = decline(&staff, &of_firm).await;
    assert_eq!(answer.user_error_codes("declineConsultantGrant"), ["NOT_FOUND"], "staff is no admin: {answer}");
    assert_done(&decline(&firm, &of_firm).await, "declineConsultantGrant");
    assert_gone(&staff.client, &client, &role.id).await;
    let log =
        "auditEvents(filter: { action: \"consultantGrant.decline\" }) { nodes { grantId onBehalfOfId objectId } }";
    let answer = crate::steps::organization(&client, log).await;
    let entry =
        |grant: &Grant, firm: Option<&str>| json!({ "grantId": grant.id, "onBehalfOfId": firm, "objectId": grant.id });
    let expected = json!([entry(&of_firm, Some(&firm.organization_id)), entry(&own, None)]);
    assert_eq!(answer.at("organization.auditEvents.nodes"), &expected);
    // One that nobody has accepted is nobody's to give back.
    let pending = grant(&client, json!({ "email": staff.email })).await;
    let answer = decline(&staff, &pending).await;
    assert_eq!(answer.user_error_codes("declineConsultantGrant"), ["NOT_FOUND"], "{answer}");
    Ok(())
}
