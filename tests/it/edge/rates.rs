//! Points for a minute: who pays, what it costs, and what a caller is told.

use rolemark::RateLimitSettings;
use rolemark_tests::client::GRAPHQL_RESPONSE;
use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up};
use serde_json::json;

use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;

/// Points that a limited payer has: one comes back in 12 seconds, longer than a case looks at the last one.
const QUOTA: u32 = 5;

const HELLO: &str = "{ method { version } }";

/// A server with limits of the case's own.
async fn limited(t: &TestServer, change: impl FnOnce(&mut RateLimitSettings)) -> Result<TestServer> {
    TestServer::fresh_with(t.backend(), |config| change(&mut config.rate_limits)).await
}

/// The one number of a structured field's item: `number("r", "\"caller\";r=5;t=1", "caller")`.
fn number(parameter: &str, field: &str, policy: &str) -> Option<u64> {
    let item = field.split(", ").find_map(|item| item.strip_prefix(&format!("\"{policy}\";")))?;
    item.split(';').find_map(|pair| pair.strip_prefix(&format!("{parameter}=")))?.parse().ok()
}

#[track_caller]
fn remaining(answer: &Answer, policy: &str) -> u64 {
    let field = answer.header("ratelimit");
    number("r", field, policy).unwrap_or_else(|| panic!("no {policy} in {field:?}: {answer}"))
}

#[track_caller]
fn assert_limited(answer: &Answer) {
    assert_eq!(answer.status, 429, "{answer}");
    assert!(answer.error_codes().iter().all(|code| *code == "RATE_LIMITED"), "{answer}");
    let seconds: u64 = answer.header("retry-after").parse().expect("seconds in Retry-After");
    assert!((1..=60).contains(&seconds), "{:?}", answer.headers);
    assert_eq!(answer.body["errors"][0]["extensions"]["retryAfterSeconds"], seconds, "{answer}");
}

/// Sends a query until it is refused for its rate; how often it was answered.
async fn flood(client: &Client, query: &str, at_most: usize) -> usize {
    for sent in 0..=at_most {
        let answer = client.query(query).await;
        if answer.status != 200 {
            assert_limited(&answer);
            return sent;
        }
    }
    panic!("{at_most} requests are answered and more");
}

fn roles_of(person: &SignedIn) -> String {
    format!("{{ organization(id: \"{}\") {{ roleConfigurations {{ totalCount }} }} }}", person.organization_id)
}

pub async fn a_limited_caller_leaves_others_alone(t: &TestServer) -> Result<()> {
    let server = limited(t, |limits| limits.caller_points_per_minute = QUOTA).await?;
    let (first, second) = (sign_up(&server, "First").await, sign_up(&server, "Second").await);
    let answer = first.client.query(HELLO).await;
    assert_eq!(answer.header("ratelimit-policy"), "\"caller\";q=5;w=60");
    assert_eq!(answer.header("ratelimit"), "\"caller\";r=4;t=12");
    let sent = flood(&first.client, HELLO, 40).await;
    assert!(sent >= 4, "only {sent} of 4 further points could be used");
    let refused = first.client.query(HELLO).await;
    assert_eq!(remaining(&refused, "caller"), 0, "{:?}", refused.headers);
    assert!(refused.body["data"].is_null(), "{refused}");
    // As a status for every media type, and for requests that are refused for something else too.
    let body = json!({ "query": HELLO });
    for accept in ["application/json", GRAPHQL_RESPONSE] {
        assert_limited(&first.client.post_graphql(accept, &body).await);
    }
    assert_limited(&first.client.query("{ nothing").await);
    assert_eq!(second.client.query(HELLO).await.status, 200);
    assert_eq!(server.anonymous().query(HELLO).await.status, 200);
    assert_eq!(first.client.get("/livez").await.status, 200);
    server.stop().await;
    Ok(())
}

/// The organization's points are gone, whoever used them; those of another are not.
pub async fn a_limited_organization_leaves_others_alone(t: &TestServer) -> Result<()> {
    let server = limited(t, |limits| limits.organization_points_per_minute = QUOTA).await?;
    let (busy, other) = (sign_up(&server, "Busy").await, sign_up(&server, "Other").await);
    let mut database = Direct::superuser(&server).await?;
    database.add_member(organization_of(&busy.organization_id), &other.email, "WRITE").await?;
    tokio::time::sleep(NOTICED).await;
    let sent = flood(&busy.client, &roles_of(&busy), 40).await;
    assert!(sent >= 5, "only {sent} of 5 points could be used");

    let create = "mutation($input: CreateRoleConfigurationInput!) {
        createRoleConfiguration(input: $input) { userErrors { code } } }";
    let role = json!({ "input": { "organizationId": busy.organization_id, "role": { "title": "Late" } } });
    for client in [&busy.client, &other.client] {
        assert_limited(&client.query(&roles_of(&busy)).await);
        assert_limited(&client.graphql(create, role.clone()).await);
    }
    let answer = other.client.query(&roles_of(&other)).await;
    assert_eq!(answer.at("organization.roleConfigurations.totalCount"), 0);
    assert_eq!(answer.header("ratelimit-policy"), "\"organization\";q=5;w=60");
    assert_eq!(remaining(&answer, "organization"), 4);

    let both = "{ viewer { organizations { nodes { name roleConfigurations { totalCount } } } } }";
    let answer = other.client.query(both).await;
    assert_eq!(answer.error_codes(), ["RATE_LIMITED"], "{answer}");
    let nodes = &answer.body["data"]["viewer"]["organizations"]["nodes"];
    assert_eq!(nodes[0], json!({ "name": "Busy", "roleConfigurations": null }), "{answer}");
    assert_eq!(nodes[1], json!({ "name": "Other", "roleConfigurations": { "totalCount": 0 } }), "{answer}");
    assert_eq!(busy.client.query(HELLO).await.status, 200, "what enters no organization goes on");
    server.stop().await;
    Ok(())
}

/// And the organization is charged as the caller is, once for each request.
pub async fn a_hundred_pages_get_through_by_default(t: &TestServer) -> Result<()> {
    let server = limited(t, |limits| *limits = RateLimitSettings::default()).await?;
    let person = sign_up(&server, "Pages").await;
    let page =
        "id title family status headcount score { value low high } tasks { key title stage timeShare consequence }
        skills { name trend }";
    let query = format!(
        "{{ organization(id: \"{}\") {{ roleConfigurations(first: 100) {{ nodes {{ {page} }} pageInfo {{ hasNextPage }} }} }} }}",
        person.organization_id
    );
    for sent in 0..100 {
        let answer = person.client.query(&query).await;
        assert_eq!(answer.status, 200, "after {sent} pages: {answer}");
        if sent == 0 {
            let used = |policy| {
                let quota = number("q", answer.header("ratelimit-policy"), policy).expect("a quota");
                quota - remaining(&answer, policy)
            };
            let points = used("organization");
            assert!((10..=60).contains(&points), "a page of 100 rows costs {points} points");
            // What came back meanwhile: 100 points a second.
            assert!((points - 5..=points).contains(&used("caller")), "{} and {points}", used("caller"));
        }
    }
    server.stop().await;
    Ok(())
}

pub async fn addresses_pay_without_credentials(t: &TestServer) -> Result<()> {
    let server = limited(t, |limits| limits.anonymous_points_per_minute = QUOTA).await?;
    let person = sign_up(&server, "Anonymous").await;
    let client = server.anonymous();
    let answer = client.query(HELLO).await;
    assert_eq!(answer.header("ratelimit-policy"), "\"caller\";q=5;w=60");
    // What is refused before anything runs costs a point as well, and says so.
    let wrong = client.post_raw(Some("text/plain"), "x").await;
    assert_eq!(wrong.status, 415);
    assert!(remaining(&wrong, "caller") < remaining(&answer, "caller"), "{:?}", wrong.headers);
    flood(&client, HELLO, 40).await;
    assert_limited(&client.post_raw(Some("text/plain"), "x").await);
    let sign_in = "mutation { signIn(input: { email: \"a@example.com\", password: \"b\" }) { userErrors { code } } }";
    assert_limited(&client.query(sign_in).await);
    assert_eq!(person.client.query(HELLO).await.status, 200, "who is signed in pays for herself");
    assert!(!person.client.query(HELLO).await.headers.contains_key("ratelimit"), "no limit, no header");
    server.stop().await;
    Ok(())
}

pub async fn addresses_pay_for_wrong_credentials(t: &TestServer) -> Result<()> {
    let server = limited(t, |limits| limits.anonymous_points_per_minute = QUOTA).await?;
    let person = sign_up(&server, "Wrong").await;
    let wrong = server.anonymous().with_token("wrong");
    let mut refused = 0;
    loop {
        let answer = wrong.query(HELLO).await;
        if answer.status == 429 {
            assert_limited(&answer);
            break;
        }
        answer.assert_refused(401, "UNAUTHENTICATED");
        refused += 1;
        assert!(refused < 40, "guessing costs nothing");
    }
    assert!(refused >= 4, "only {refused}");
    assert_limited(&server.anonymous().query(HELLO).await);
    assert_eq!(person.client.query(HELLO).await.status, 200);
    server.stop().await;
    Ok(())
}

/// What the client says itself counts for nothing.
pub async fn proxies_tell_who_pays(t: &TestServer) -> Result<()> {
    let ask = async |server: &TestServer, forwarded: &str| {
        let client = server.anonymous();
        let request = client.request(reqwest::Method::POST, "/graphql").header("x-forwarded-for", forwarded);
        remaining(&client.send(request.json(&json!({ "query": HELLO }))).await, "caller")
    };
    let server = TestServer::fresh_with(t.backend(), |config| {
        config.rate_limits.anonymous_points_per_minute = QUOTA;
        config.trusted_proxies = vec!["127.0.0.0/8".to_owned(), "10.1.1.1".to_owned()];
    })
    .await?;
    for (forwarded, left) in [
        ("203.0.113.1", 4),
        ("203.0.113.2", 4),
        ("198.51.100.7, 203.0.113.1", 3),
        ("203.0.113.1, 10.1.1.1", 2),
        ("2001:db8:1:2::3", 4),
        ("2001:db8:1:2:ffff::", 3),
        ("2001:db8:1:3::", 4),
        ("nonsense", 4),
        ("203.0.113.9, nonsense", 3),
    ] {
        assert_eq!(ask(&server, forwarded).await, left, "{forwarded}");
    }
    server.stop().await;
    let server = limited(t, |limits| limits.anonymous_points_per_minute = QUOTA).await?;
    assert_eq!(ask(&server, "203.0.113.1").await, 4);
    assert_eq!(ask(&server, "203.0.113.2").await, 3, "no proxy is trusted by default");
    server.stop().await;
    Ok(())
}

pub async fn limits_are_off_by_configuration(t: &TestServer) -> Result<()> {
    let server = limited(t, |limits| *limits = RateLimitSettings::OFF).await?;
    for _ in 0..700 {
        let answer = server.anonymous().query(HELLO).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert!(!answer.headers.contains_key("ratelimit-policy"), "{:?}", answer.headers);
    }
    server.stop().await;
    Ok(())
}
