//! A key and its successor.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::json;

use super::{Key, WHO, assert_lets_in, make, revoke_now, rotate, try_make};
use crate::steps::assert_faults;

pub async fn keys_rotate_two_at_once(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let first = make(t, &admin, "BI tool", &["READ_ROLES", "READ_AUDIT"]).await;
    let answer = rotate(&admin, &first.id, json!({ "expiresInDays": 7 })).await;
    let second = Key::of(t, &answer, "rotateApiKey");
    let made = answer.at("rotateApiKey.apiKey");
    assert_eq!(made["name"], "BI tool");
    assert_eq!(made["scopes"], json!(["READ_ROLES", "READ_AUDIT"]));
    assert_eq!(made["rotatedFrom"]["id"], json!(first.id));
    assert_ne!((&first.secret, &first.id), (&second.secret, &second.id));
    for key in [&first, &second] {
        assert_lets_in(&key.client.query(WHO).await, key);
    }
    // Two at once and no more, whichever of the two is to be rotated.
    let wrong = [("WRONG_STATE", "input.id")];
    for key in [&first, &second] {
        assert_faults(&rotate(&admin, &key.id, json!({})).await, "rotateApiKey", &wrong);
    }
    assert_faults(&try_make(&admin, json!({ "name": "BI tool" })).await, "createApiKey", &[("TAKEN", "input.name")]);
    revoke_now(&admin, &first.id).await;
    assert_faults(&rotate(&admin, &first.id, json!({})).await, "rotateApiKey", &wrong);
    let third = Key::of(t, &rotate(&admin, &second.id, json!({})).await, "rotateApiKey");
    // A successor that leaked is revoked before its predecessor, which can then have another one.
    revoke_now(&admin, &third.id).await;
    Key::of(t, &rotate(&admin, &second.id, json!({})).await, "rotateApiKey");
    second.change(t, "expires_at = created_at").await?;
    assert_faults(&rotate(&admin, &second.id, json!({})).await, "rotateApiKey", &wrong);
    let answer = rotate(&admin, &second.id, json!({ "expiresInDays": 366 })).await;
    assert_faults(&answer, "rotateApiKey", &[("OUT_OF_RANGE", "input.expiresInDays")]);
    Ok(())
}

pub async fn parallel_rotations_have_one_winner(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for round in 0..3 {
        let key = make(t, &admin, &format!("Program {round}"), &["READ_ROLES"]).await;
        let attempt = async || rotate(&admin, &key.id, json!({})).await;
        let answers = tokio::join!(attempt(), attempt(), attempt(), attempt());
        let answers = [answers.0, answers.1, answers.2, answers.3];
        let won = answers.iter().filter(|answer| answer.user_error_codes("rotateApiKey").is_empty()).count();
        assert_eq!(won, 1, "{answers:?}");
        for lost in answers.iter().filter(|answer| !answer.user_error_codes("rotateApiKey").is_empty()) {
            assert_faults(lost, "rotateApiKey", &[("WRONG_STATE", "input.id")]);
        }
    }
}

pub async fn parallel_creations_have_one_winner(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let attempt = async || try_make(&admin, json!({ "name": "The one" })).await;
    let answers = tokio::join!(attempt(), attempt(), attempt(), attempt());
    let answers = [answers.0, answers.1, answers.2, answers.3];
    let won = answers.iter().filter(|answer| answer.user_error_codes("createApiKey").is_empty()).count();
    assert_eq!(won, 1, "{answers:?}");
    for lost in answers.iter().filter(|answer| !answer.user_error_codes("createApiKey").is_empty()) {
        assert_faults(lost, "createApiKey", &[("TAKEN", "input.name")]);
    }
}
