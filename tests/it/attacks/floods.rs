//! Much at once: guesses, aliases, batches, depth, width.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::json;

/// Ten guesses in one request would pass by a limit on requests.
pub async fn guesses_by_aliases_are_refused(t: &TestServer) -> Result<()> {
    let victim = sign_up(t, "Victim").await;
    let guess = |number: usize, password: &str| {
        format!(
            r#"g{number}: signIn(input: {{ email: "{}", password: "{password}" }}) {{ session {{ accessToken }} }}"#,
            victim.email
        )
    };
    let guesses: Vec<String> =
        (0..9).map(|number| guess(number, "guess")).chain([guess(9, &victim.password)]).collect();
    let answer = t.anonymous().query(&format!("mutation {{ {} }}", guesses.join(" "))).await;
    assert!(!answer.text().contains("accessToken\":\""), "a guess got through: {answer}");
    assert!(answer.body["data"].is_null(), "guesses ran: {answer}");
    Ok(())
}

pub async fn a_batch_of_guesses_is_refused(t: &TestServer) -> Result<()> {
    let one = json!({ "query": "{ method { version } }" });
    let answer = t.anonymous().post_raw(Some("application/json"), json!([one, one]).to_string()).await;
    assert_eq!(answer.status, 400, "{answer}");
    Ok(())
}

pub async fn many_aliases_are_refused(t: &TestServer) -> Result<()> {
    let aliases: Vec<String> = (0..1_000).map(|number| format!("a{number}: method {{ version }}")).collect();
    let answer = t.anonymous().query(&format!("{{ {} }}", aliases.join(" "))).await;
    answer.assert_refused(400, "QUERY_TOO_COMPLEX");
    Ok(())
}

pub async fn deep_and_wide_documents_are_refused(t: &TestServer) -> Result<()> {
    let attacker = sign_up(t, "Attacker").await;
    let id = &attacker.organization_id;
    let deep = "roleConfigurations(first: 1) { nodes { organization { ".repeat(10) + "name" + &" } } }".repeat(10);
    let wide = "roleConfigurations(first: 100) { nodes { versions(first: 100) { nodes { tasks { title } skills { name } } } } }";
    let bomb: String = (0..24)
        .map(|number| format!("fragment f{number} on Viewer {{ ...f{0} ...f{0} }} ", number + 1))
        .chain(["fragment f24 on Viewer { name } query { viewer { ...f0 } }".to_owned()])
        .collect();
    for document in [
        format!(r#"{{ organization(id: "{id}") {{ {deep} }} }}"#),
        format!(r#"{{ organization(id: "{id}") {{ {wide} a: {wide} b: {wide} c: {wide} }} }}"#),
        bomb,
        format!("{{ a(x: {}{}) }}", "[".repeat(2_000), "]".repeat(2_000)),
    ] {
        let started = std::time::Instant::now();
        let answer = attacker.client.query(&document).await;
        assert_eq!(answer.error_code(), "QUERY_TOO_COMPLEX", "{answer}");
        assert!(answer.body["data"].is_null(), "something ran: {answer}");
        assert!(started.elapsed().as_secs() < 2, "{:?} for {} bytes", started.elapsed(), document.len());
    }
    Ok(())
}

/// A stranger guesses at an account until the server slows the stranger down; the owner, from elsewhere, signs in.
pub async fn guessing_is_slowed_and_the_owner_is_not_locked_out(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh_with(t.backend(), |config| {
        config.throttle = Default::default();
        config.trusted_proxies = vec!["127.0.0.1".to_owned()];
    })
    .await?;
    let owner = sign_up(&server, "Owner").await;
    let sign_in = |address: &str, password: &str| {
        let body = json!({
            "query": "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }",
            "variables": { "input": { "email": owner.email, "password": password } },
        });
        let client = server.anonymous();
        let request = client.request(reqwest::Method::POST, "/graphql").header("x-forwarded-for", address).json(&body);
        async move { client.send(request).await }
    };
    let mut slowed = None;
    for guess in 0..40 {
        let answer = sign_in("203.0.113.7", &format!("guess number {guess}")).await;
        if answer.status == 429 {
            slowed = Some((guess, answer));
            break;
        }
        assert_eq!(answer.user_error_codes("signIn"), ["WRONG_CREDENTIALS"], "{answer}");
    }
    let (guesses, answer) = slowed.expect("the guesser is slowed down");
    assert!(guesses <= 10, "{guesses} guesses went through");
    assert_eq!(answer.error_code(), "RATE_LIMITED", "{answer}");
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{:?}", answer.headers);
    let right = sign_in("203.0.113.7", &owner.password).await;
    assert_eq!(right.status, 429, "even the right password tells the guesser nothing: {right}");
    let elsewhere = sign_in("198.51.100.20", &owner.password).await;
    assert!(elsewhere.payload("signIn")["session"]["accessToken"].is_string(), "the owner is locked out: {elsewhere}");
    server.stop().await;
    Ok(())
}
