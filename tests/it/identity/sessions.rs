//! Where a person is signed in, and ending that.

use std::time::{Duration, Instant};

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_in, sign_up};
use serde_json::{Value, json};

use super::is_known;
use crate::direct::{Direct, NOTICED};
use crate::steps::{assert_done, assert_faults, mutate, node, texts};

const SESSIONS: &str = "{ viewer { sessions { nodes {
    id createdAt lastUsedAt expiresAt address userAgent isCurrent } } } }";

/// The sessions that a person sees, in their order.
pub(super) async fn sessions(client: &Client) -> Vec<Value> {
    let answer = client.query(SESSIONS).await;
    answer.at("viewer.sessions.nodes").as_array().expect("a list of sessions").clone()
}

/// The session of a client itself.
async fn current(client: &Client) -> String {
    let own: Vec<Value> = sessions(client).await.into_iter().filter(|s| s["isCurrent"] == json!(true)).collect();
    assert_eq!(own.len(), 1, "{own:?}");
    own[0]["id"].as_str().expect("an identifier").to_owned()
}

async fn refresh(client: &Client, token: &str) -> Answer {
    let input = json!({ "refreshToken": token });
    mutate(client, "refreshSession", input, "session { accessToken refreshToken }").await
}

async fn assert_ended(t: &TestServer, person: &SignedIn) {
    person.client.query("{ method { version } }").await.assert_refused(401, "UNAUTHENTICATED");
    let answer = refresh(&t.anonymous(), &person.refresh_token).await;
    assert_faults(&answer, "refreshSession", &[("WRONG_CREDENTIALS", "")]);
}

async fn another(t: &TestServer, person: &SignedIn) -> SignedIn {
    sign_in(t, &person.email, &person.password).await
}

pub async fn sessions_are_listed_newest_use_first(t: &TestServer) -> Result<()> {
    let first = sign_up(t, "Northwind").await;
    let (second, stranger) = (another(t, &first).await, sign_up(t, "Stranger").await);
    assert_eq!(sessions(&first.client).await.len(), 2);
    assert_eq!(sessions(&stranger.client).await.len(), 1);
    let laptop = t.anonymous().with_user_agent("laptop/1.0 (a test)");
    let answer = refresh(&laptop, &first.refresh_token).await;
    let client = t.anonymous().with_token(answer.text_at("refreshSession.session.accessToken"));

    let listed = sessions(&second.client).await;
    let [newest, oldest] = &listed[..] else { panic!("not two sessions: {listed:?}") };
    assert_eq!((&newest["isCurrent"], &oldest["isCurrent"]), (&json!(false), &json!(true)), "{listed:?}");
    assert_eq!((&newest["address"], &oldest["address"]), (&json!("127.0.0.1"), &json!("127.0.0.1")));
    assert_eq!((&newest["userAgent"], &oldest["userAgent"]), (&json!("laptop/1.0 (a test)"), &Value::Null));
    let instant = |session: &Value, field: &str| {
        let text = session[field].as_str().expect("an instant");
        chrono::DateTime::parse_from_rfc3339(text).expect("RFC 3339")
    };
    assert!(instant(newest, "lastUsedAt") > instant(oldest, "lastUsedAt"), "{listed:?}");
    assert!(instant(newest, "createdAt") < instant(oldest, "createdAt"), "{listed:?}");
    assert_eq!((instant(newest, "expiresAt") - instant(newest, "createdAt")).num_days(), 30);
    assert_eq!(current(&client).await, newest["id"], "the same session with other tokens");
    Ok(())
}

pub async fn sessions_are_paged(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    for _ in 0..2 {
        another(t, &person).await;
    }
    let all = texts(&sessions(&person.client).await.into(), "id");
    let mut walked = Vec::new();
    let mut after = Value::Null;
    for _ in 0..3 {
        let document = "query($after: String) { viewer { sessions(first: 1, after: $after) {
            nodes { id } pageInfo { endCursor hasNextPage } } } }";
        let answer = person.client.graphql(document, json!({ "after": after })).await;
        walked.extend(texts(answer.at("viewer.sessions.nodes"), "id"));
        after = answer.at("viewer.sessions.pageInfo.endCursor").clone();
        assert_eq!(answer.at("viewer.sessions.pageInfo.hasNextPage"), &json!(walked.len() < 3));
    }
    assert_eq!(walked, all);
}

pub async fn dead_sessions_are_not_listed(t: &TestServer) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    for end in ["ended_at = created_at", "expires_at = created_at", "last_used_at = @week"] {
        let person = sign_up(t, "Northwind").await;
        let watching = another(t, &person).await;
        let id = current(&person.client).await;
        let uuid = database.uuid(crate::ids::Parts::of(&id).organization);
        let week = match t.backend() {
            rolemark_tests::Backend::Sqlite => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-7 days')",
            rolemark_tests::Backend::Postgres => "now() - interval '7 days'",
        };
        let sql = format!("UPDATE session SET {} WHERE id = {uuid}", end.replace("@week", week));
        assert_eq!(database.execute(sql).await?, 1);
        assert_eq!(sessions(&watching.client).await.len(), 1, "{end}");
        assert!(node(&watching.client, &id, "UserSession", "id").await.is_null(), "{end}");
    }
    Ok(())
}

/// Idle for a week or 30 days old: whatever was used meanwhile.
pub async fn sessions_have_an_absolute_and_an_idle_life(t: &TestServer) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let ago = |days: i64, seconds: i64| match t.backend() {
        rolemark_tests::Backend::Sqlite => {
            format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-{days} days', '{seconds} seconds')")
        }
        rolemark_tests::Backend::Postgres => format!("now() - interval '{days} days' + interval '{seconds} seconds'"),
    };
    let of = |person: &SignedIn| format!("(SELECT id FROM user_account WHERE email = '{}')", person.email);
    // A minute before the end it is refreshed, at the end not.
    for (seconds, is_alive) in [(60, true), (0, false)] {
        let person = sign_up(t, "Idle").await;
        let sql = format!(
            "UPDATE refresh_token SET issued_at = {} WHERE session_id IN (SELECT id FROM session WHERE user_id = {})",
            ago(7, seconds),
            of(&person)
        );
        assert_eq!(database.execute(sql).await?, 1);
        let answer = refresh(&t.anonymous(), &person.refresh_token).await;
        assert_eq!(answer.user_error_codes("refreshSession").is_empty(), is_alive, "idle: {answer}");

        let person = sign_up(t, "Old").await;
        let sql = format!("UPDATE session SET expires_at = {} WHERE user_id = {}", ago(0, seconds), of(&person));
        assert_eq!(database.execute(sql).await?, 1);
        let answer = refresh(&t.anonymous(), &person.refresh_token).await;
        assert_eq!(answer.user_error_codes("refreshSession").is_empty(), is_alive, "absolute: {answer}");
    }
    Ok(())
}

pub async fn one_session_is_ended(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let (other, third) = (another(t, &person).await, another(t, &person).await);
    let id = current(&other.client).await;
    assert!(is_known(&other.client).await);
    let answer = mutate(&person.client, "endSession", json!({ "id": id }), "endedSessionId").await;
    assert_eq!(answer.payload("endSession")["endedSessionId"], id);
    // At once: no pause.
    assert_ended(t, &other).await;
    assert!(is_known(&person.client).await && is_known(&third.client).await, "the others go on");
    let again = mutate(&person.client, "endSession", json!({ "id": id }), "endedSessionId").await;
    assert_faults(&again, "endSession", &[("NOT_FOUND", "input.id")]);
    let own = current(&person.client).await;
    assert_done(&mutate(&person.client, "endSession", json!({ "id": own }), "endedSessionId").await, "endSession");
    assert_ended(t, &person).await;
}

pub async fn sessions_of_others_are_nothing(t: &TestServer) {
    let (person, spy) = (sign_up(t, "Northwind").await, sign_up(t, "Spy").await);
    let id = current(&person.client).await;
    let unknown = crate::ids::Parts::of(&id).elsewhere().encode();
    let mut told = Vec::new();
    for id in [&id, &unknown] {
        assert!(node(&spy.client, id, "UserSession", "id userAgent").await.is_null());
        let answer = mutate(&spy.client, "endSession", json!({ "id": id }), "endedSessionId").await;
        assert_faults(&answer, "endSession", &[("NOT_FOUND", "input.id")]);
        told.push(answer.bytes);
    }
    assert_eq!(told[0], told[1], "an unknown session and somebody else's are told apart");
    assert_eq!(node(&person.client, &id, "UserSession", "id isCurrent").await["isCurrent"], json!(true));
    let organization = json!({ "id": spy.organization_id });
    let answer = mutate(&spy.client, "endSession", organization, "endedSessionId").await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
}

pub async fn other_sessions_are_ended_and_counted(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let (one, two) = (another(t, &person).await, another(t, &person).await);
    let stranger = sign_up(t, "Stranger").await;
    let input = json!({ "clientMutationId": "others" });
    let answer = mutate(&person.client, "endOtherSessions", input, "clientMutationId endedCount").await;
    assert_eq!(answer.payload("endOtherSessions")["endedCount"], 2, "{answer}");
    assert_eq!(answer.text_at("endOtherSessions.clientMutationId"), "others");
    assert_ended(t, &one).await;
    assert_ended(t, &two).await;
    assert!(is_known(&person.client).await && is_known(&stranger.client).await);
    let again = mutate(&person.client, "endOtherSessions", json!({}), "endedCount").await;
    assert_eq!(again.payload("endOtherSessions")["endedCount"], 0, "{again}");
}

pub async fn all_sessions_are_ended_and_counted(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let (other, stranger) = (another(t, &person).await, sign_up(t, "Stranger").await);
    let answer = mutate(&person.client, "endAllSessions", json!({}), "endedCount").await;
    assert_eq!(answer.payload("endAllSessions")["endedCount"], 2, "{answer}");
    assert_ended(t, &person).await;
    assert_ended(t, &other).await;
    assert!(is_known(&stranger.client).await);
    assert!(is_known(&another(t, &person).await.client).await, "the person can sign in again");
}

/// A second server over the same database learns of it within a second.
pub async fn ended_sessions_end_on_other_servers_too(t: &TestServer) -> Result<()> {
    let here = TestServer::fresh(t.backend()).await?;
    let config = here.database().config(here.data_directory().to_owned());
    let there = rolemark::Server::start(config).await.map_err(|error| error.to_string())?;
    let person = sign_up(&here, "Northwind").await;
    let other = sign_in(&here, &person.email, &person.password).await;
    let elsewhere = Client::anonymous(&there.url()).with_token(&other.token);
    assert!(is_known(&elsewhere).await, "both servers have the same key");
    assert_done(&mutate(&person.client, "endOtherSessions", json!({}), "endedCount").await, "endOtherSessions");
    let ended_at = Instant::now();
    while is_known(&elsewhere).await {
        assert!(ended_at.elapsed() < NOTICED, "the access token still works after {:?}", ended_at.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    there.stop().await;
    here.stop().await;
    Ok(())
}
