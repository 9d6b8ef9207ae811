//! Signing up, signing in, staying signed in and signing out.

mod keys;
mod mail;
mod passwords;
mod refreshing;
pub(crate) mod resets;
mod secrets;
mod security_log;
mod sessions;

use rolemark_tests::{Answer, Client, TestServer, sign_in, sign_up, unique};
use serde_json::{Value, json};

use crate::steps::{assert_done, assert_faults, mutate};

pub use keys::tokens_are_signed_by_the_published_key;
pub use mail::{
    a_mail_server_may_be_away, bad_mail_settings_end_the_start, letters_go_through_a_mail_server,
    letters_without_a_mail_server_are_private_files,
};
pub use passwords::{
    changing_a_password_ends_other_sessions, keyboards_make_no_difference, parallel_changes_have_one_winner,
    passwords_are_stored_as_hashes, refused_changes_change_nothing, unknown_addresses_cost_what_known_ones_do,
    weak_passwords_are_refused_with_a_reason, weaker_hashes_are_replaced_at_sign_in,
    what_is_known_of_a_person_is_no_password,
};
pub use refreshing::{
    parallel_refreshes_have_one_winner, refresh_rotates_the_tokens, sign_out_ends_the_session,
    used_refresh_token_ends_the_family,
};
pub use resets::{
    a_reset_token_works_once, a_weak_password_leaves_the_token_alone, an_account_is_sent_few_letters,
    changing_the_password_voids_the_token, invalid_tokens_are_not_told_apart, parallel_resets_have_one_winner,
    requests_answer_alike, tokens_are_stored_as_digests,
};
pub use secrets::{malformed_secrets_are_in_no_answer, secrets_are_in_no_answer};
pub use security_log::security_events_are_logged;
pub use sessions::{
    all_sessions_are_ended_and_counted, dead_sessions_are_not_listed, ended_sessions_end_on_other_servers_too,
    one_session_is_ended, other_sessions_are_ended_and_counted, sessions_are_listed_newest_use_first,
    sessions_are_paged, sessions_have_an_absolute_and_an_idle_life, sessions_of_others_are_nothing,
};

const SESSION: &str = "session { accessToken refreshToken expiresAt }";
const SIGNED_UP: &str = "session { accessToken } organization { id }";
const ME: &str = "{ viewer { name email organizations { totalCount nodes {
    id name viewerPermissions { accessLevel canEdit canReadAuditLog } members { nodes { name email accessLevel } } } } } }";

/// What a right sign-up sends, with changes.
fn sign_up_input(changes: Value) -> Value {
    let right = json!({
        "email": format!("{}@example.com", unique("ada")), "password": "correct horse battery",
        "name": "Ada", "organizationName": "Northwind",
    });
    crate::steps::merged(right, changes)
}

async fn try_sign_up(t: &TestServer, changes: Value) -> Answer {
    mutate(&t.anonymous(), "signUp", sign_up_input(changes), SIGNED_UP).await
}

async fn try_sign_in(t: &TestServer, email: &str, password: &str) -> Answer {
    mutate(&t.anonymous(), "signIn", json!({ "email": email, "password": password }), SESSION).await
}

/// Whether the server knows the caller.
async fn is_known(client: &Client) -> bool {
    let answer = client.query("{ viewer { email } }").await;
    assert!(matches!(answer.status, 200 | 401), "{answer}");
    answer.status == 200 && answer.at("viewer").is_object()
}

pub async fn sign_up_makes_a_user_and_an_organization(t: &TestServer) {
    let email = format!("{}@example.com", unique("Grace.Hopper"));
    let input = json!({ "email": email, "name": "  Grace ", "organizationName": "  Contoso Ltd " });
    let answer = mutate(
        &t.anonymous(),
        "signUp",
        sign_up_input(input),
        "session { accessToken } organization { id name createdAt viewerPermissions { accessLevel } }",
    )
    .await;
    let organization = answer.payload("signUp")["organization"].clone();
    assert_eq!(organization["name"], "Contoso Ltd");
    assert_eq!(organization["viewerPermissions"]["accessLevel"], "ADMIN");
    let client = t.anonymous().with_token(answer.text_at("signUp.session.accessToken"));
    let me = client.query(ME).await;
    let email = email.to_lowercase();
    assert_eq!(
        me.at("viewer"),
        &json!({ "name": "Grace", "email": email, "organizations": { "totalCount": 1, "nodes": [{
            "id": organization["id"], "name": "Contoso Ltd",
            "viewerPermissions": { "accessLevel": "ADMIN", "canEdit": true, "canReadAuditLog": true },
            "members": { "nodes": [{ "name": "Grace", "email": email, "accessLevel": "ADMIN" }] },
        }] } })
    );
    let again = sign_in(t, &email.to_uppercase(), "correct horse battery").await;
    assert_eq!(again.client.query(ME).await.at("viewer"), me.at("viewer"), "the same person by another session");
}

pub async fn viewer_lists_the_organizations(t: &TestServer) {
    let (ada, bob) = (sign_up(t, "Ada's").await, sign_up(t, "Bob's").await);
    for (person, other, name) in [(&ada, &bob, "Ada's"), (&bob, &ada, "Bob's")] {
        let answer = person.client.query(ME).await;
        assert_eq!(answer.text_at("viewer.email"), person.email);
        assert_eq!(answer.at("viewer.organizations.totalCount"), 1);
        assert_eq!(answer.text_at("viewer.organizations.nodes.0.id"), person.organization_id);
        assert_eq!(answer.text_at("viewer.organizations.nodes.0.name"), name);
        assert!(!answer.text().contains(&other.organization_id), "{answer}");
    }
    let answer = t.anonymous().query("{ viewer { email } }").await;
    assert!(answer.data()["viewer"].is_null(), "nobody is signed in: {answer}");
}

/// Whoever guesses must not learn which addresses have an account.
pub async fn wrong_credentials_answer_alike(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let wrong = try_sign_in(t, &person.email, "not the password").await;
    assert_eq!(wrong.status, 200, "{wrong}");
    assert_eq!(wrong.user_error_codes("signIn"), ["WRONG_CREDENTIALS"]);
    assert!(wrong.at("signIn.session").is_null());
    let too_long = "x".repeat(5_000);
    let unknown = format!("{}@example.com", unique("nobody"));
    for (email, password) in [
        (unknown.as_str(), "not the password"),
        (&unknown, &person.password),
        (&person.email, ""),
        (&person.email, &too_long),
        ("no address", "not the password"),
        ("", ""),
        ("nul\0@example.com", "not the password"),
    ] {
        let answer = try_sign_in(t, email, password).await;
        assert_eq!(answer.bytes, wrong.bytes, "{email:?}: {answer}");
        assert_eq!(answer.status, wrong.status);
        assert_eq!(plain_headers(&answer), plain_headers(&wrong), "{email:?}");
    }
    sign_in(t, &person.email, &person.password).await;
}

/// The headers that may tell something: all but the request's own identifier and the time.
fn plain_headers(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
    let mut headers: Vec<_> = headers.filter(|(name, _)| name != "x-request-id" && name != "date").collect();
    headers.sort();
    headers
}

pub async fn taken_email_is_a_user_error(t: &TestServer) {
    let person = sign_up(t, "First").await;
    for email in [person.email.clone(), person.email.to_uppercase(), format!("  {} ", person.email)] {
        let answer = try_sign_up(t, json!({ "email": email, "organizationName": "Second" })).await;
        assert_faults(&answer, "signUp", &[("TAKEN", "input.email")]);
    }
    assert!(!try_sign_in(t, &person.email, "correct horse battery").await.user_error_codes("signIn").is_empty());
    let answer = sign_in(t, &person.email, &person.password).await.client.query(ME).await;
    assert_eq!(answer.at("viewer.organizations.totalCount"), 1, "the first sign-up is as it was: {answer}");
    assert_eq!(answer.text_at("viewer.organizations.nodes.0.name"), "First");
}

/// Two sign-ups at the same moment: the database decides, and the loser leaves nothing behind.
pub async fn parallel_sign_ups_have_one_winner(t: &TestServer) {
    let email = format!("{}@example.com", unique("twin"));
    let changes = json!({ "email": email });
    let (one, two) = tokio::join!(try_sign_up(t, changes.clone()), try_sign_up(t, changes.clone()));
    let codes = [one.user_error_codes("signUp"), two.user_error_codes("signUp")];
    assert!(codes == [vec![], vec!["TAKEN"]] || codes == [vec!["TAKEN"], vec![]], "{one}\n{two}");
}

pub async fn faults_of_sign_up_name_their_fields(t: &TestServer) {
    let long_name = "n".repeat(201);
    let long_email = format!("{}@example.com", "e".repeat(250));
    let cases = [
        ("email", json!("nobody")),
        ("email", json!("")),
        ("email", json!("two@at@example.com")),
        ("email", json!("with space@example.com")),
        ("email", json!("nul\0@example.com")),
        ("email", json!(long_email)),
        ("password", json!("elevenchars")),
        ("password", json!("p".repeat(129))),
        ("organizationName", json!("")),
        ("organizationName", json!(" \t ")),
        ("organizationName", json!("bell\u{7}")),
        ("organizationName", json!("nul\0")),
        ("organizationName", json!(long_name)),
        ("name", json!("")),
        ("name", json!("escape\u{1b}[31m")),
        ("name", json!(long_name)),
    ];
    for (field, value) in cases {
        let answer = try_sign_up(t, json!({ field: value })).await;
        let path = format!("input.{field}");
        let code = answer.text_at("signUp.userErrors.0.code").to_owned();
        assert_faults(&answer, "signUp", &[(&code, &path)]);
    }
    let everything = json!({ "email": "x", "password": "short", "name": "", "organizationName": "\u{7}" });
    let answer = try_sign_up(t, everything).await;
    let fields = answer.at("signUp.userErrors").as_array().map(Vec::len);
    assert_eq!(fields, Some(4), "every fault is named at once: {answer}");
}

/// The shortest and the longest that are allowed, counted in characters and not in bytes.
pub async fn limits_of_sign_up_are_inclusive(t: &TestServer) {
    for changes in [
        json!({ "password": "twelve chars" }),
        json!({ "password": format!("plum läntern översees geese{}", "é".repeat(101)) }),
        json!({ "name": "ü".repeat(200), "organizationName": "名".repeat(200) }),
    ] {
        assert_done(&try_sign_up(t, changes).await, "signUp");
    }
}
