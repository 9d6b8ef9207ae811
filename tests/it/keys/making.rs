//! Making keys.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{Key, SCOPES, WHO, assert_lets_in, make, revoke, try_make};
use crate::direct::Direct;
use crate::steps::assert_faults;
use crate::tenant::text;

/// What scanners of source code look for: `rolemark_key_[0-9a-f]{88}`.
fn is_found_by_scanners(secret: &str) -> bool {
    let digits = secret.strip_prefix("rolemark_key_").unwrap_or_default();
    digits.len() == 88 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Days between two instants of an answer, rounded.
fn days(from: &Value, to: &Value) -> i64 {
    let instant = |value| chrono::DateTime::parse_from_rfc3339(text(value)).expect("an instant");
    (instant(to) - instant(from) + chrono::Duration::hours(12)).num_days()
}

pub async fn key_is_made_and_used(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let answer = try_make(&admin, json!({ "name": "  BI tool ", "scopes": ["READ_BENCHMARK", "READ_ROLES"] })).await;
    let key = Key::of(t, &answer, "createApiKey");
    assert!(is_found_by_scanners(&key.secret), "{}", key.secret);
    let made = answer.at("createApiKey.apiKey");
    assert_eq!(made["name"], "BI tool");
    assert_eq!(made["prefix"], key.secret[..29], "the prefix names the key, and says nothing of its 256 random bits");
    assert_eq!(made["scopes"], json!(["READ_BENCHMARK", "READ_ROLES"]));
    assert_eq!(made["state"], "LIVE");
    assert_eq!(made["createdBy"]["email"], admin.email.as_str());
    assert_eq!(days(&made["createdAt"], &made["expiresAt"]), 90);
    for field in ["lastUsedAt", "revokedAt", "rotatedFrom"] {
        assert!(made[field].is_null(), "{field}: {made}");
    }
    let who = key.client.query(WHO).await;
    assert_lets_in(&who, &key);
    let viewer = who.at("viewer");
    assert_eq!((&viewer["name"], &viewer["email"]), (&json!("BI tool"), &Value::Null));
    for field in ["name", "prefix", "scopes", "expiresAt"] {
        assert_eq!(viewer["apiKey"][field], made[field], "{field}");
    }
    let own = key.client.query("{ viewer { organizations { totalCount nodes { id name } } } }").await;
    assert_eq!(own.at("viewer.organizations.nodes.0.id"), &json!(admin.organization_id));
    assert_eq!(own.at("viewer.organizations.totalCount"), 1);
    let person = admin.client.query(WHO).await;
    assert!(person.at("viewer.apiKey").is_null(), "{person}");

    let longest = try_make(&admin, json!({ "name": "a".repeat(100), "scopes": SCOPES, "expiresInDays": 365 })).await;
    let made = longest.at("createApiKey.apiKey");
    assert_eq!(days(&made["createdAt"], &made["expiresAt"]), 365, "{longest}");
    assert_eq!(made["scopes"], json!(SCOPES));
    let shortest = try_make(&admin, json!({ "name": "b", "expiresInDays": 1 })).await;
    let made = shortest.at("createApiKey.apiKey");
    assert_eq!(days(&made["createdAt"], &made["expiresAt"]), 1, "{shortest}");
}

pub async fn new_keys_with_faults_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let own = admin.organization_id.as_str();
    for (more, faults) in [
        (json!({ "name": "" }), &[("REQUIRED", "input.name")][..]),
        (json!({ "name": " \t" }), &[("REQUIRED", "input.name"), ("CONTROL_CHARACTER", "input.name")]),
        (json!({ "name": "a".repeat(101) }), &[("TOO_LONG", "input.name")]),
        (json!({ "name": "a\u{0}" }), &[("CONTROL_CHARACTER", "input.name")]),
        (json!({ "scopes": [] }), &[("TOO_FEW", "input.scopes")]),
        (
            json!({ "scopes": ["IMPORT", "EXPORT", "IMPORT", "IMPORT"] }),
            &[("DUPLICATE_KEY", "input.scopes.2"), ("DUPLICATE_KEY", "input.scopes.3")],
        ),
        (json!({ "expiresInDays": 0 }), &[("OUT_OF_RANGE", "input.expiresInDays")]),
        (json!({ "expiresInDays": -1 }), &[("OUT_OF_RANGE", "input.expiresInDays")]),
        (json!({ "expiresInDays": 366 }), &[("OUT_OF_RANGE", "input.expiresInDays")]),
        (
            json!({ "expiresInDays": i32::MAX, "name": "" }),
            &[("OUT_OF_RANGE", "input.expiresInDays"), ("REQUIRED", "input.name")],
        ),
        (json!({ "clientOrganizationIds": [own] }), &[("NOT_FOUND", "input.clientOrganizationIds.0")]),
        (json!({ "clientOrganizationIds": [own, own] }), &[("DUPLICATE_KEY", "input.clientOrganizationIds.1")]),
    ] {
        assert_faults(&try_make(&admin, more).await, "createApiKey", faults);
    }
    for more in [
        json!({ "scopes": ["ALL"] }),
        json!({ "scopes": ["READ_MEMBERS"] }),
        json!({ "scopes": [null] }),
        json!({ "expiresInDays": 1.5 }),
        json!({ "organizationId": "nope" }),
        json!({ "clientOrganizationIds": ["nope"] }),
        json!({ "expiresAt": "2999-01-01T00:00:00Z" }),
    ] {
        let answer = try_make(&admin, more.clone()).await;
        assert!(!answer.error_codes().is_empty() && !answer.text().contains("rolemark_key_"), "{more}: {answer}");
    }
    let document = "query($id: ID!) { organization(id: $id) { apiKeys { totalCount } } }";
    let answer = admin.client.graphql(document, json!({ "id": own })).await;
    assert_eq!(answer.at("organization.apiKeys.totalCount"), 0, "something was made");
}

/// A name is free again when its key is revoked or has expired.
pub async fn names_of_live_keys_are_unique(t: &TestServer) -> rolemark_tests::Result<()> {
    let (admin, other) = (sign_up(t, "Northwind").await, sign_up(t, "Contoso").await);
    let key = make(t, &admin, "BI tool", &["READ_ROLES"]).await;
    for name in ["BI tool", " bi TOOL "] {
        let answer = try_make(&admin, json!({ "name": name })).await;
        assert_faults(&answer, "createApiKey", &[("TAKEN", "input.name")]);
    }
    make(t, &other, "BI tool", &["READ_ROLES"]).await;
    assert!(revoke(&admin, &key.id).await.user_error_codes("revokeApiKey").is_empty());
    let key = make(t, &admin, "BI tool", &["READ_ROLES"]).await;
    key.change(t, "expires_at = created_at").await?;
    make(t, &admin, "bi tool", &["READ_ROLES"]).await;
    Ok(())
}

pub async fn fifty_keys_may_live(t: &TestServer) -> rolemark_tests::Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let mut keys = Vec::new();
    for number in 0..50 {
        keys.push(make(t, &admin, &format!("Program {number}"), &["READ_ROLES"]).await);
    }
    let one_more = async || try_make(&admin, json!({ "name": "One more" })).await;
    assert_faults(&one_more().await, "createApiKey", &[("TOO_MANY", "input.organizationId")]);
    let answer = super::rotate(&admin, &keys[0].id, json!({})).await;
    assert_faults(&answer, "rotateApiKey", &[("TOO_MANY", "input.id")]);
    assert!(revoke(&admin, &keys[1].id).await.user_error_codes("revokeApiKey").is_empty());
    Key::of(t, &one_more().await, "createApiKey");
    let mut database = Direct::superuser(t).await?;
    let expired = format!("UPDATE api_key SET expires_at = created_at WHERE {}", keys[2].row(&database));
    assert_eq!(database.execute(expired).await?, 1);
    Key::of(t, &super::rotate(&admin, &keys[0].id, json!({})).await, "rotateApiKey");
    Ok(())
}
