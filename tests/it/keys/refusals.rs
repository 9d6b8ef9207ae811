//! Keys that open nothing any more, or never did.

use rolemark::Server;
use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Client, Result, TestServer, sign_up};
use serde_json::json;

use super::{WHO, assert_lets_in, assert_refused, make, revoke, revoke_now};
use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;
use crate::steps::assert_faults;

/// Answered without credentials, so that a bad key that counted as none would show.
const OPEN: &str = "{ method { version } }";

pub async fn revoked_keys_are_refused_at_once(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "Program", &["READ_ROLES"]).await;
    let other = make(t, &admin, "Other program", &["READ_ROLES"]).await;
    assert_lets_in(&key.client.query(WHO).await, &key);
    // While others use it too: what they were told before must not be remembered.
    let uses = async || {
        for _ in 0..20 {
            key.client.query(OPEN).await;
        }
    };
    let (answer, ..) = tokio::join!(revoke(&admin, &key.id), uses(), uses(), uses());
    let revoked = answer.payload("revokeApiKey");
    assert_eq!(revoked["apiKey"]["state"], "REVOKED");
    assert!(revoked["apiKey"]["revokedAt"].is_string(), "{answer}");
    for document in [OPEN, WHO] {
        assert_refused("a revoked key", &key.client.query(document).await);
    }
    assert_lets_in(&other.client.query(WHO).await, &other);
    assert_faults(&revoke(&admin, &key.id).await, "revokeApiKey", &[("WRONG_STATE", "input.id")]);
}

pub async fn expired_keys_are_refused(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "Program", &["READ_ROLES"]).await;
    assert_lets_in(&key.client.query(WHO).await, &key);
    key.change(t, "expires_at = created_at").await?;
    tokio::time::sleep(NOTICED).await;
    assert_refused("an expired key", &key.client.query(OPEN).await);
    // Revoking it says so for good.
    assert_eq!(revoke(&admin, &key.id).await.payload("revokeApiKey")["apiKey"]["state"], "REVOKED");
    Ok(())
}

pub async fn keys_of_closed_organizations_are_dead(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "Program", &["READ_ROLES"]).await;
    assert_lets_in(&key.client.query(WHO).await, &key);
    let mut database = Direct::superuser(t).await?;
    let organization = database.uuid(organization_of(&admin.organization_id));
    let close = |at: &str| format!("UPDATE organization SET closed_at = {at} WHERE org_id = {organization}");
    assert_eq!(database.execute(close("created_at")).await?, 1);
    tokio::time::sleep(NOTICED).await;
    assert_refused("a key of a closed organization", &key.client.query(OPEN).await);
    assert_eq!(database.execute(close("NULL")).await?, 1);
    assert_lets_in(&key.client.query(WHO).await, &key);
    Ok(())
}

/// Two servers over one database.
pub async fn other_servers_notice_within_a_second(t: &TestServer) -> Result<()> {
    let scratch = ScratchDirectory::create()?;
    let second = Server::start(t.database().config(scratch.path().to_owned())).await?;
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "Program", &["READ_ROLES"]).await;
    let there = Client::anonymous(&second.url()).with_token(&key.secret);
    assert_lets_in(&there.query(WHO).await, &key);
    revoke_now(&admin, &key.id).await;
    tokio::time::sleep(NOTICED).await;
    assert_refused("a key that was revoked on another server", &there.query(OPEN).await);
    second.stop().await;
    Ok(())
}

/// Whatever is wrong with a key, the answer is the same, and it is never taken for no key at all.
pub async fn slips_are_refused(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let (key, other) =
        (make(t, &admin, "Program", &["READ_ROLES"]).await, make(t, &admin, "Other", &["READ_ROLES"]).await);
    let secret = key.secret.as_str();
    // Right in form and checksum, and nobody's.
    let unknown = "rolemark_key_00000000000000000000000000000000000000000000000000000000000000000000000000000000";
    let wrongs = [
        ("a slip in the name of the key", key.slip(14)),
        ("a slip in the secret", key.slip(40)),
        ("a slip in the checksum", key.slip(100)),
        ("upper case", secret.to_uppercase()),
        ("one digit less", secret[..100].to_owned()),
        ("one digit more", format!("{secret}0")),
        ("another prefix", secret.replace("rolemark_key_", "rolemark_grant_")),
        ("no prefix", secret.replace("rolemark_key_", "")),
        ("the prefix alone", secret[..29].to_owned()),
        ("an unknown key", format!("{unknown}{:08x}", crc32(unknown.as_bytes()))),
        ("the name of one and the secret of another", format!("{}{}", &secret[..29], &other.secret[29..])),
        ("a quote", format!("{secret}' OR '1'='1")),
    ];
    let mut told = Vec::new();
    for (what, wrong) in wrongs {
        for document in [OPEN, WHO] {
            let answer = t.anonymous().with_token(&wrong).query(document).await;
            assert_refused(what, &answer);
            told.push(answer.text());
        }
    }
    assert!(told.iter().all(|text| *text == told[0]), "the answers tell what is wrong with a key: {told:#?}");
    // A key is no token of another kind.
    let document = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { userErrors { code } } }";
    let answer = t.anonymous().graphql(document, json!({ "input": { "refreshToken": secret } })).await;
    assert_eq!(answer.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"], "{answer}");
    Ok(())
}

/// The checksum of the keys' form (CRC-32 of IEEE 802.3), bit by bit: what a scanner of one's own would compute.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
