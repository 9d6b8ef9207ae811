//! All data of an organization in one archive.

use std::collections::BTreeSet;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::access::{api_key, one_of_everything};
use super::archive::{Archive, collect};
use super::people::People;
use crate::commands::run;
use crate::direct::Direct;
use crate::ids::{Parts, organization_of};
use crate::steps::{assert_done, create, organization};
use crate::tenant::Tenant;

fn path(organization: &str) -> String {
    format!("/organizations/{organization}/export")
}

async fn exported(client: &Client, organization: &str) -> Result<(Answer, Archive)> {
    let answer = client.get(&path(organization)).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "application/gzip");
    let disposition = answer.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename=\"rolemark-export-2"), "{disposition}");
    assert!(disposition.ends_with(".tar.gz\""), "{disposition}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
    let archive = Archive::read(&answer.bytes)?;
    Ok((answer, archive))
}

/// Columns of text of an organization's tables, but those with secrets, and with copies in lower case.
async fn columns(database: &mut Direct) -> Result<Vec<(String, String)>> {
    let mut columns = Vec::new();
    for table in database.tenant_tables().await? {
        let sql = match database {
            Direct::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}') WHERE lower(type) = 'text'"),
            Direct::Postgres(_) => format!(
                "SELECT column_name::text FROM information_schema.columns
                 WHERE table_name = '{table}' AND data_type = 'text'"
            ),
        };
        let names = database.texts(sql).await?;
        columns.extend(names.into_iter().filter(|_| table != "access_secret").map(|name| (table.clone(), name)));
    }
    Ok(columns)
}

/// Every text with the mark in a row, or in a document of a row, of the organization.
async fn marked_texts(database: &mut Direct, tenant: &Tenant) -> Result<BTreeSet<String>> {
    let here = format!("org_id = {}", database.uuid(tenant.uuid()));
    let mut marked = BTreeSet::new();
    for (table, column) in columns(database).await? {
        let sql = format!("SELECT {column} FROM {table} WHERE {here} AND {column} LIKE '%{}%'", tenant.mark);
        for text in database.texts(sql).await? {
            let document: Option<Value> = serde_json::from_str(&text).ok().filter(|value: &Value| !value.is_string());
            let mut texts = BTreeSet::new();
            if let Some(document) = &document {
                collect(document, &mut texts);
                marked.extend(texts.into_iter().filter(|text| text.contains(&tenant.mark)).map(str::to_owned));
            } else {
                marked.insert(text);
            }
        }
    }
    Ok(marked)
}

pub async fn every_canary_is_exported(t: &TestServer) -> Result<()> {
    let (tenant, other) = (Tenant::create(t).await, Tenant::create(t).await);
    one_of_everything(t, tenant.uuid(), &tenant.mark).await?;
    one_of_everything(t, other.uuid(), &other.mark).await?;
    let (_, archive) = exported(&tenant.admin, tenant.get("organization")).await?;
    let mut database = Direct::superuser(t).await?;
    let marked = marked_texts(&mut database, &tenant).await?;
    assert!(marked.len() > 30, "only {} texts: this case shows nothing", marked.len());
    let texts = archive.texts();
    let missing: Vec<&String> = marked.iter().filter(|text| !texts.contains(text.as_str())).collect();
    assert!(missing.is_empty(), "not in the archive: {missing:#?}");
    let has = |text: &str| archive.bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(&tenant.mark));
    assert!(!has(&other.mark), "another organization's texts are in the archive");
    let hexadecimal = |text: String| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let user = format!("SELECT password_hash FROM user_account WHERE email = '{}'", tenant.email);
    let mut secrets = database.texts(user).await?;
    secrets.extend([
        tenant.password.clone(),
        tenant.get("refreshToken").to_owned(),
        format!("{}-lookup", tenant.mark),
        hexadecimal(format!("{} digest", tenant.mark)),
        "argon2".to_owned(),
    ]);
    for secret in secrets {
        assert!(!has(&secret), "a secret is in the archive: {secret}");
    }
    rows_are_those_of_the_tables(&mut database, &tenant, &archive).await?;
    names_are_those_of_the_schema(&tenant, &archive);
    Ok(())
}

async fn rows_are_those_of_the_tables(database: &mut Direct, tenant: &Tenant, archive: &Archive) -> Result<()> {
    let here = format!("org_id = {}", database.uuid(tenant.uuid()));
    for (file, table) in [
        ("organization", "organization"),
        ("members", "member"),
        ("invitations", "invitation"),
        ("roles", "role_configuration"),
        ("role_versions", "role_version"),
        ("scenarios", "scenario"),
        ("consultant_grants", "consultant_grant"),
        ("firm_assignments", "firm_assignment"),
        ("api_keys", "api_key"),
        ("benchmark_participations", "benchmark_participation"),
        ("organization_segments", "organization_segment"),
        ("organization_verifications", "organization_verification"),
        ("benchmark_receipts", "benchmark_receipt"),
        ("audit_events", "audit_event"),
    ] {
        let rows = archive.files[&format!("{file}.jsonl")].len() as i64;
        let mut expected = database.number(format!("SELECT count(*) FROM {table} WHERE {here}")).await?;
        // The entry about the export itself was written afterwards.
        expected -= i64::from(file == "audit_events");
        assert!(rows > 0, "{file} has no row: this case shows nothing");
        assert_eq!(rows, expected, "{file}");
    }
    let sources = archive.files["scenarios.jsonl"].iter().filter_map(|line| line["sources"].as_array()).flatten();
    assert_eq!(
        sources.count() as i64,
        database.number(format!("SELECT count(*) FROM scenario_source WHERE {here}")).await?
    );
    Ok(())
}

fn names_are_those_of_the_schema(tenant: &Tenant, archive: &Archive) {
    assert_eq!(archive.names[0], "manifest.json");
    let manifest = &archive.manifest;
    assert_eq!(manifest["format"], "rolemark-organization-export");
    assert_eq!((&manifest["formatVersion"], &manifest["isConsistentSnapshot"]), (&json!(1), &json!(true)));
    assert_eq!(manifest["organization"]["id"], tenant.get("organization"));
    assert_eq!(manifest["organization"]["name"], tenant.name());
    assert_eq!(manifest["createdBy"]["email"], tenant.email);
    let ids = |file: &str| -> Vec<&str> { archive.files[file].iter().filter_map(|line| line["id"].as_str()).collect() };
    for (file, words) in [
        ("organization.jsonl", &["organization"][..]),
        ("members.jsonl", &["member"]),
        ("roles.jsonl", &["role", "otherRole"]),
        ("role_versions.jsonl", &["version"]),
        ("scenarios.jsonl", &["scenario"]),
        ("audit_events.jsonl", &["auditEvent"]),
    ] {
        for word in words {
            assert!(ids(file).contains(&tenant.get(word)), "{file} lacks {word}");
        }
    }
    assert!(ids("api_keys.jsonl").iter().all(|id| Parts::of(id).tag == "apikey"));
}

/// Every export leaves an entry that says what was taken, and the answer is the request of that entry.
pub async fn exports_are_audited(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    create(&admin, json!({ "title": "One" })).await;
    let key = api_key(t, organization_of(&admin.organization_id), r#"["EXPORT"]"#).await?;
    for (client, kind) in [(&admin.client, "USER"), (&key, "API_KEY")] {
        let (answer, archive) = exported(client, &admin.organization_id).await?;
        assert_eq!(archive.manifest["createdBy"]["kind"], kind);
        let selection = "auditEvents(first: 1) { nodes { action actorKind actorName objectId requestId details } }";
        let log = organization(&admin, selection).await;
        let entry = log.at("organization.auditEvents.nodes.0");
        assert_eq!((&entry["action"], &entry["actorKind"]), (&json!("organization.export"), &json!(kind)));
        assert_eq!(entry["objectId"], admin.organization_id);
        assert_eq!(entry["requestId"], answer.header("x-request-id"));
        let details: Value = serde_json::from_str(entry["details"].as_str().unwrap_or_default())?;
        assert_eq!(details["bytes"], answer.bytes.len());
        assert_eq!(details["rows"]["roles.jsonl"], 1, "{details}");
    }
    Ok(())
}

/// Who is not to know that the organization exists learns nothing.
pub async fn only_who_may_exports(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    let here = path(people.organization());
    let anonymous = t.anonymous().get(&here).await;
    anonymous.assert_refused(401, "UNAUTHENTICATED");
    assert_eq!(anonymous.header("www-authenticate"), "Bearer");
    t.anonymous().with_token("nonsense").get(&here).await.assert_refused(401, "UNAUTHENTICATED");
    let unknown = path(&Parts::of(people.organization()).elsewhere().encode());
    let foreign_key = api_key(t, organization_of(&people.stranger.organization_id), r#"["EXPORT"]"#).await?;
    for client in [&people.stranger.client, &foreign_key] {
        let (theirs, nobodys) = (client.get(&here).await, client.get(&unknown).await);
        theirs.assert_refused(404, "NOT_FOUND");
        assert_eq!((theirs.status, &theirs.bytes), (nobodys.status, &nobodys.bytes), "hidden and unknown differ");
    }
    for client in [&people.reader.client, &people.writer.client, &people.consultant.client] {
        client.get(&here).await.assert_refused(403, "FORBIDDEN");
    }
    let other_scopes = r#"["READ_ROLES","READ_BENCHMARK","READ_SCENARIOS","READ_AUDIT","WRITE_ROLES","IMPORT"]"#;
    let key = api_key(t, people.uuid(), other_scopes).await?;
    key.get(&here).await.assert_refused(403, "FORBIDDEN");
    for id in ["nonsense", "%00", &people.role] {
        people.admin.client.get(&path(id)).await.assert_refused(400, "BAD_USER_INPUT");
    }
    let posted = people.admin.client.request(reqwest::Method::POST, &here);
    assert!([404, 405].contains(&people.admin.client.send(posted).await.status));
    let entries = organization(&people.admin, "auditEvents { nodes { action } }").await;
    assert!(!entries.text().contains("organization.export"), "something was exported: {entries}");

    exported(&people.key, people.organization()).await?;
    assert_done(&people.close("Northwind").await, "closeOrganization");
    let (_, archive) = exported(&people.admin.client, people.organization()).await?;
    assert_eq!(archive.files["roles.jsonl"].len(), 1, "admins take all along when they close");
    assert!(archive.files["organization.jsonl"][0]["closedAt"].is_string());
    Ok(())
}

/// Every write leaves its entry, so that in one moment's archive they go together however many are on their way.
pub async fn archives_show_one_moment(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let write = async |name: &str| {
        let mut number = 0;
        while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
            create(&admin, json!({ "title": format!("{name} {number}") })).await;
            number += 1;
        }
        number
    };
    let read = async {
        let sizes = sizes_while_writing(&admin).await;
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        sizes
    };
    let (sizes, one, two) = tokio::join!(read, write("one"), write("two"));
    let sizes = sizes?;
    assert!(one + two > 0 && sizes.first() < sizes.last(), "nothing was written meanwhile: this case shows nothing");
    Ok(())
}

/// How many roles there are in one archive after the other, each of which must fit together.
async fn sizes_while_writing(admin: &SignedIn) -> Result<Vec<usize>> {
    let mut sizes = Vec::new();
    for _ in 0..4 {
        let (_, archive) = exported(&admin.client, &admin.organization_id).await?;
        let (roles, events) = (&archive.files["roles.jsonl"], &archive.files["audit_events.jsonl"]);
        let made = events.iter().filter(|line| line["action"] == "roleConfiguration.create");
        let made: BTreeSet<&str> = made.filter_map(|line| line["objectId"].as_str()).collect();
        let roles: BTreeSet<&str> = roles.iter().filter_map(|line| line["id"].as_str()).collect();
        assert_eq!(made, roles, "entries and roles are of different moments");
        let last = events.last().ok_or("no entry")?;
        let last = format!("{}:{}", last["sequenceNumber"], last["hash"].as_str().unwrap_or_default());
        assert_eq!(archive.files["organization.jsonl"][0]["auditHead"], last);
        sizes.push(roles.len());
    }
    Ok(sizes)
}

pub async fn program_exports(t: &TestServer) -> Result<()> {
    let tenant = Tenant::create(t).await;
    let id = tenant.get("organization");
    let list = run(t, &["organization", "list"]).await?;
    let line = list.done().lines().find(|line| line.starts_with(id)).map(str::to_owned).unwrap_or_default();
    assert!(line.contains("open") && line.ends_with(&tenant.name()), "{}", list.out);

    let directory = ScratchDirectory::create()?;
    let file = directory.path().join("export.tar.gz");
    let output = file.display().to_string();
    let arguments = ["organization", "export", "--org", id, "--output", &output];
    run(t, &arguments).await?.done();
    let archive = Archive::read(&std::fs::read(&file)?)?;
    assert_eq!(archive.manifest["createdBy"], json!({ "kind": "OPERATOR" }));
    assert_eq!(archive.files["roles.jsonl"].len(), 2);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file)?.permissions());
    assert_eq!(mode & 0o077, 0, "others may read the export");
    let admin =
        crate::steps::node(&tenant.admin, id, "Organization", "auditEvents(first: 1) { nodes { action actorKind } }");
    assert_eq!(
        admin.await["auditEvents"]["nodes"][0],
        json!({ "action": "organization.export", "actorKind": "OPERATOR" })
    );

    let before = std::fs::read(&file)?;
    run(t, &arguments).await?.failed();
    assert!(before == std::fs::read(&file)?, "a file that was there was written over");
    let unknown = Parts::of(id).elsewhere().encode();
    for org in [unknown.as_str(), "nonsense"] {
        let other = directory.path().join("other").display().to_string();
        run(t, &["organization", "export", "--org", org, "--output", &other]).await?.failed();
        assert!(!std::path::Path::new(&other).exists());
    }
    Ok(())
}
