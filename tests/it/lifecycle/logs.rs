//! The audit log as lines of JSON.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use rolemark_tests::{Answer, Client, Result, TestServer, sign_up};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::api_key;
use super::archive::lines;
use super::people::People;
use crate::ids::{Parts, organization_of};
use crate::steps::{assert_done, create, organization};
use crate::tenant::Tenant;

fn path(organization: &str, query: &str) -> String {
    format!("/organizations/{organization}/audit-events.jsonl{query}")
}

async fn log(client: &Client, organization: &str, query: &str) -> Result<(Answer, Vec<Value>)> {
    let answer = client.get(&path(organization, query)).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "application/jsonl");
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"rolemark-audit-2"));
    let lines = lines(&answer.bytes)?;
    Ok((answer, lines))
}

pub async fn audit_logs_are_downloaded(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    for number in 0..4 {
        create(&admin, json!({ "title": format!("Role {number}") })).await;
    }
    let selection = "auditEvents { nodes { id sequenceNumber occurredAt action objectId details hash actorId } }";
    let shown = organization(&admin, selection).await;
    let shown = shown.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default();
    let (answer, found) = log(&admin.client, &admin.organization_id, "").await?;
    assert_eq!(found.len(), 5);
    for (line, node) in found.iter().zip(shown.iter().rev()) {
        for field in ["id", "action", "objectId", "hash", "actorId"] {
            assert_eq!(line[field], node[field], "{field}");
        }
        assert_eq!(line["sequenceNumber"].as_f64(), node["sequenceNumber"].as_f64());
        let details: Value = serde_json::from_str(node["details"].as_str().unwrap_or_default())?;
        assert_eq!(line["details"], details);
        assert_eq!(line["address"], "127.0.0.1", "{line}");
    }
    let newest = organization(&admin, "auditEvents(first: 1) { nodes { action requestId details } }").await;
    let entry = newest.at("organization.auditEvents.nodes.0");
    assert_eq!(entry["action"], "audit.export");
    assert_eq!(entry["requestId"], answer.header("x-request-id"));

    let middle = found[2]["occurredAt"].as_str().unwrap_or_default();
    for (query, expected) in [
        (format!("?from={middle}"), &["3", "4", "5", "6"][..]),
        (format!("?until={middle}"), &["1", "2"]),
        (format!("?from={middle}&until={middle}"), &[]),
        ("?until=2000-01-01T00:00:00%2B02:00".to_owned(), &[]),
    ] {
        let (_, found) = log(&admin.client, &admin.organization_id, &query).await?;
        let numbers: Vec<String> = found.iter().map(|line| line["sequenceNumber"].to_string()).collect();
        assert_eq!(numbers, expected, "{query}");
    }
    for query in ["?from=yesterday", "?since=2000-01-01T00:00:00Z", "?from=%00", "?from=0000-01-01T00:00:00Z"] {
        admin.client.get(&path(&admin.organization_id, query)).await.assert_refused(400, "BAD_USER_INPUT");
    }
    Ok(())
}

pub async fn only_who_may_downloads_logs(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    let here = path(people.organization(), "");
    t.anonymous().get(&here).await.assert_refused(401, "UNAUTHENTICATED");
    let unknown = path(&Parts::of(people.organization()).elsewhere().encode(), "");
    let (theirs, nobodys) = (people.stranger.client.get(&here).await, people.stranger.client.get(&unknown).await);
    theirs.assert_refused(404, "NOT_FOUND");
    assert_eq!(theirs.bytes, nobodys.bytes, "hidden and unknown differ");
    for client in [&people.reader.client, &people.writer.client, &people.consultant.client] {
        client.get(&here).await.assert_refused(403, "FORBIDDEN");
    }
    api_key(t, people.uuid(), r#"["EXPORT","READ_ROLES"]"#).await?.get(&here).await.assert_refused(403, "FORBIDDEN");
    log(&api_key(t, people.uuid(), r#"["READ_AUDIT"]"#).await?, people.organization(), "").await?;
    assert_done(&people.close("Northwind").await, "closeOrganization");
    people.admin.client.get(&here).await.assert_refused(403, "FORBIDDEN");
    Ok(())
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

fn fields(fields: &[&[u8]]) -> Vec<u8> {
    let parts = fields.iter().flat_map(|field| [&(field.len() as u64).to_be_bytes()[..], field].concat());
    sha256(&parts.collect::<Vec<u8>>())
}

fn unhexed(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).filter_map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

/// The text of a field as it stands in a line.
fn raw<'a>(line: &'a str, field: &str) -> Result<&'a str> {
    let fields: std::collections::BTreeMap<String, &'a serde_json::value::RawValue> = serde_json::from_str(line)?;
    Ok(fields[field].get())
}

/// As FORMAT.md in the archive says that anybody can, without the server.
pub async fn downloaded_chains_are_verified(t: &TestServer) -> Result<()> {
    let tenant = Tenant::create(t).await;
    let answer = tenant.admin.get(&path(tenant.get("organization"), "")).await;
    let text = answer.text();
    let org = organization_of(tenant.get("organization"));
    let mut hash = vec![0; 32];
    for text in text.lines() {
        let line: Value = serde_json::from_str(text)?;
        let of = |field: &str| line[field].as_str().unwrap_or_default();
        let uuid = |id: &str| Uuid::try_parse(id).map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let id = String::from_utf8(URL_SAFE_NO_PAD.decode(of("id"))?)?;
        let occurred_at = DateTime::parse_from_rfc3339(of("occurredAt"))?.timestamp_micros().to_be_bytes();
        let payload = fields(&[&unhexed(of("salt")), raw(text, "details")?.as_bytes(), of("address").as_bytes()]);
        assert_eq!(payload, unhexed(of("payloadDigest")), "{line}");
        let content = fields(&[
            org.as_bytes(),
            &uuid(id.rsplit(':').next().unwrap_or_default()),
            &occurred_at,
            of("actorKind").as_bytes(),
            &uuid(of("actorId")),
            of("action").as_bytes(),
            of("objectType").as_bytes(),
            of("objectId").as_bytes(),
            of("requestId").as_bytes(),
            &payload,
            &[],
            &[],
        ]);
        let number = line["sequenceNumber"].as_i64().unwrap_or_default().to_be_bytes();
        hash = sha256(&[hash.as_slice(), &number, &content].concat());
        assert_eq!(hash, unhexed(of("hash")), "{line}");
    }
    assert!(text.lines().count() > 3, "this case shows nothing");
    Ok(())
}
