//! API keys: made, shown once, used by programs, rotated, revoked.

mod audit;
mod basic;
mod command_line;
mod firm;
mod listing;
mod making;
mod refusals;
mod rotating;
mod scopes;
mod secrets;
mod statements;

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::direct::Direct;
use crate::ids::Parts;
use crate::steps::{assert_done, merged, mutate};
use crate::tenant::{Tenant, text};

pub use audit::{changes_of_keys_are_audited, what_a_key_does_is_audited};
pub use basic::{
    challenges_ask_programs_and_not_browsers, keys_are_passwords_of_basic, keys_in_the_address_count_for_nothing,
    nothing_else_is_a_password_of_basic,
};
pub use command_line::{
    command_line_makes_and_ends_keys, command_line_says_what_is_wrong, listed_keys_are_readable,
    secret_is_alone_on_standard_output,
};
pub use firm::{
    clients_without_a_live_grant_are_not_found, keys_of_a_firm_read_clients_within_the_grant,
    revoked_grants_end_at_once,
};
pub use listing::{
    keys_are_filtered_by_state, keys_are_listed_newest_first, keys_outlive_the_membership_of_their_maker,
};
pub use making::{
    fifty_keys_may_live, key_is_made_and_used, names_of_live_keys_are_unique, new_keys_with_faults_are_refused,
};
pub use refusals::{
    expired_keys_are_refused, keys_of_closed_organizations_are_dead, other_servers_notice_within_a_second,
    revoked_keys_are_refused_at_once, slips_are_refused,
};
pub use rotating::{keys_rotate_two_at_once, parallel_creations_have_one_winner, parallel_rotations_have_one_winner};
pub use scopes::{each_scope_opens_its_part_and_no_other, keys_are_no_people, what_a_key_publishes_is_a_version};
pub use secrets::{secret_is_in_no_log_line, secret_is_in_no_table, secret_is_shown_once};
pub use statements::use_costs_one_statement_a_second;

/// All scopes.
pub(crate) const SCOPES: [&str; 7] =
    ["READ_ROLES", "READ_BENCHMARK", "READ_SCENARIOS", "READ_AUDIT", "WRITE_ROLES", "IMPORT", "EXPORT"];

const KEY: &str = "secret apiKey { id name prefix scopes state createdAt expiresAt lastUsedAt revokedAt
    clientOrganizationIds createdBy { email } rotatedFrom { id } }";

/// A key that was made.
struct Key {
    id: String,
    secret: String,
    /// A program that uses it as bearer token.
    client: Client,
}

impl Key {
    /// The key of a payload without errors.
    #[track_caller]
    fn of(t: &TestServer, answer: &Answer, mutation: &str) -> Self {
        let payload = answer.payload(mutation);
        let secret = text(&payload["secret"]).to_owned();
        Self { id: text(&payload["apiKey"]["id"]).to_owned(), client: t.anonymous().with_token(&secret), secret }
    }

    /// The secret with another digit at a place.
    fn slip(&self, place: usize) -> String {
        let digit = if &self.secret[place..=place] == "0" { "1" } else { "0" };
        format!("{}{digit}{}", &self.secret[..place], &self.secret[place + 1..])
    }

    fn uuid(&self) -> Uuid {
        Parts::of(&self.id).object.expect("the UUID of a key")
    }

    /// The identifier of the key's row as a literal.
    fn row(&self, database: &Direct) -> String {
        format!("id = {}", database.uuid(self.uuid()))
    }

    /// Changes the key past the server; on another server, or as time does.
    async fn change(&self, t: &TestServer, change: &str) -> Result<()> {
        let mut database = Direct::superuser(t).await?;
        let sql = format!("UPDATE api_key SET {change} WHERE {}", self.row(&database));
        assert_eq!(database.execute(sql).await?, 1);
        Ok(())
    }
}

/// Tries to make a key.
async fn try_make(admin: &SignedIn, more: Value) -> Answer {
    let input = json!({ "organizationId": admin.organization_id, "name": "Program", "scopes": ["READ_ROLES"] });
    mutate(&admin.client, "createApiKey", merged(input, more), KEY).await
}

/// Makes a key.
async fn make(t: &TestServer, admin: &SignedIn, name: &str, scopes: &[&str]) -> Key {
    let answer = try_make(admin, json!({ "name": name, "scopes": scopes })).await;
    Key::of(t, &answer, "createApiKey")
}

/// Makes a key of an organization; a program that uses it.
pub(crate) async fn new_key(tenant: &Tenant, t: &TestServer, name: &str, scopes: &[&str]) -> Client {
    let input = json!({ "organizationId": tenant.get("organization"), "name": name, "scopes": scopes });
    let payload = tenant.mutate("createApiKey", "CreateApiKeyInput", "secret", input).await;
    t.anonymous().with_token(text(&payload["secret"]))
}

async fn rotate(admin: &SignedIn, id: &str, more: Value) -> Answer {
    mutate(&admin.client, "rotateApiKey", merged(json!({ "id": id }), more), KEY).await
}

async fn revoke(admin: &SignedIn, id: &str) -> Answer {
    mutate(&admin.client, "revokeApiKey", json!({ "id": id }), "apiKey { id state revokedAt }").await
}

/// Revokes a key that is not revoked yet.
async fn revoke_now(admin: &SignedIn, id: &str) {
    assert_done(&revoke(admin, id).await, "revokeApiKey");
}

/// Asserts that a program is let in, and that it is this key.
#[track_caller]
fn assert_lets_in(answer: &Answer, key: &Key) {
    assert_eq!(answer.text_at("viewer.apiKey.apiKeyId"), key.id, "{answer}");
}

/// Asserts that nobody is behind the credential.
#[track_caller]
fn assert_refused(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 401, "{what}: {answer}");
    assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{what}: {answer}");
    assert!(answer.header("www-authenticate").starts_with("Bearer"), "{what}: {:?}", answer.headers);
    assert!(answer.body["data"].is_null(), "{what}: something ran: {answer}");
}

const WHO: &str = "{ viewer { name email apiKey { apiKeyId name prefix scopes expiresAt } } }";
