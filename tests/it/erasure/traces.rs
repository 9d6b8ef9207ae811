//! What is left, in rows and in bytes.

use std::path::Path;

use rolemark_tests::server::Database;
use rolemark_tests::{Result, TestServer, sign_in};
use serde_json::json;

use super::{closed_for, content, full_tenant, is_erased, rows};
use crate::commands::run;
use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;
use crate::tenant::Tenant;

/// What of a tenant stays, because it is the user's and not the organization's: address and name of the account. The mark of
/// another organization, a client, begins with this one's.
fn is_of_the_account(after_mark: &[u8]) -> bool {
    after_mark.starts_with(b"@example.com") || after_mark.starts_with(b" person") || after_mark.starts_with(b"cnry")
}

/// Places with the mark in the files of a directory, but those of an account.
fn traces(directory: &Path, mark: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        // Letters that were sent are the operator's, as `organization erase --help` says.
        if path.is_dir() {
            continue;
        }
        let content = content(&path)?;
        let places = content.windows(mark.len()).enumerate().filter(|(_, bytes)| *bytes == mark.as_bytes());
        for (at, _) in places.filter(|(at, _)| !is_of_the_account(&content[at + mark.len()..])) {
            let end = content.len().min(at + mark.len() + 40);
            found.push(format!("{} at {at}: {}", path.display(), content[at..end].escape_ascii()));
        }
    }
    Ok(found)
}

/// The same on either database: all rows of all tables, and the bytes of the file where it is one.
async fn all_traces(t: &TestServer, mark: &str) -> Result<Vec<String>> {
    let mut database = Direct::superuser(t).await?;
    let mut found = Vec::new();
    for line in database.dump_everything().await? {
        let places = line.match_indices(mark).filter(|(at, _)| !is_of_the_account(&line.as_bytes()[at + mark.len()..]));
        found.extend(places.map(|_| line.clone()));
    }
    if let Database::Sqlite(path) = t.database() {
        found.extend(traces(path.parent().unwrap_or(path), mark)?);
    }
    Ok(found)
}

pub async fn nothing_is_left_of_erased_organizations(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (gone, kept, in_grace) =
        (full_tenant(&server).await?, full_tenant(&server).await?, full_tenant(&server).await?);
    let mut database = Direct::superuser(&server).await?;
    let tables = database.tenant_tables().await?;
    let full = rows(&mut database, gone.uuid()).await?;
    let empty: Vec<&String> = tables.iter().filter(|table| !full.iter().any(|(full, _)| full == *table)).collect();
    assert!(empty.is_empty(), "without a row in {empty:?} this case shows nothing of them");
    // What was there and is not any more, in places that nothing was written over.
    gone.new_scenario().await;
    gone.mutate(
        "deleteScenario",
        "DeleteScenarioInput",
        "deletedScenarioId",
        json!({ "id": gone.new_scenario().await }),
    )
    .await;
    closed_for(&mut database, gone.uuid(), 31).await?;
    closed_for(&mut database, in_grace.uuid(), 29).await?;
    // What a session says of its client is the user's too.
    database.execute("UPDATE session SET user_agent = NULL").await?;
    assert!(all_traces(&server, &gone.mark).await?.len() > 40, "this case shows nothing");
    let before = [database.dump(kept.uuid()).await?, database.dump(in_grace.uuid()).await?];

    let output = run(&server, &["organization", "erase"]).await?;
    assert!(output.done().contains(gone.get("organization")), "{}", output.out);
    assert_eq!(output.done().lines().count(), 1, "{}", output.out);
    let left = rows(&mut database, gone.uuid()).await?;
    assert!(is_erased(&mut database, gone.uuid()).await?, "{left:?} {}{}", output.out, output.err);
    assert_eq!(before, [database.dump(kept.uuid()).await?, database.dump(in_grace.uuid()).await?]);
    let found = all_traces(&server, &gone.mark).await?;
    assert!(found.is_empty(), "{} traces:\n{}", found.len(), found.join("\n"));
    assert!(!output.out.contains(&gone.mark) && !output.err.contains(&gone.mark), "the program tells its name");

    assert!(run(&server, &["organization", "erase"]).await?.done().contains("nothing to erase"));
    let list = run(&server, &["organization", "list"]).await?;
    let line = list.done().lines().find(|line| line.starts_with(gone.get("organization"))).unwrap_or_default();
    assert!(line.contains("erased"), "{line}");
    kept.new_role().await;
    server.stop().await;
    Ok(())
}

/// A user is nobody's but the user's own: who loses one organization still has the others.
pub async fn accounts_of_users_stay(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (gone, other) = (Tenant::create(&server).await, Tenant::create(&server).await);
    let mut database = Direct::superuser(&server).await?;
    database.add_member(other.uuid(), &gone.email, "WRITE").await?;
    closed_for(&mut database, gone.uuid(), 31).await?;
    run(&server, &["organization", "erase"]).await?.done();
    let back = sign_in(&server, &gone.email, &gone.password).await;
    let answer = back.client.query("{ viewer { email organizations { totalCount nodes { id } } } }").await;
    assert_eq!(answer.text_at("viewer.email"), gone.email);
    assert_eq!(answer.at("viewer.organizations.totalCount"), 1);
    assert_eq!(organization_of(answer.text_at("viewer.organizations.nodes.0.id")), other.uuid());
    tokio::time::sleep(NOTICED).await;
    let nodes = "query($id: ID!, $role: ID!) { organization(id: $id) { id } node(id: $role) { id } }";
    let variables = json!({ "id": gone.get("organization"), "role": gone.get("role") });
    for client in [&gone.admin, &back.client] {
        let answer = client.graphql(nodes, variables.clone()).await;
        assert!(answer.data()["organization"].is_null() && answer.data()["node"].is_null(), "{answer}");
        let answer = client.get(&format!("/organizations/{}/export", gone.get("organization"))).await;
        answer.assert_refused(404, "NOT_FOUND");
    }
    server.stop().await;
    Ok(())
}
