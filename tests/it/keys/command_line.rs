//! `rolemark key`.

use std::process::{Command, Output};

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Result, SignedIn, TestServer, role, sign_up, unique};
use serde_json::json;

use super::{Key, WHO, assert_lets_in, assert_refused, make};
use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;
use crate::steps::{PROGRAM, organization};

/// What a command did.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs `rolemark key …` on the database of a server.
async fn key_command(t: &TestServer, arguments: &[&str]) -> Result<Ran> {
    let scratch = ScratchDirectory::create()?;
    let mut command = Command::new(PROGRAM);
    command.arg("key").args(arguments).arg("--data-directory").arg(scratch.path()).current_dir(scratch.path());
    command.args([
        "--database-url",
        &t.database().url(role::APP),
        "--auth-database-url",
        &t.database().url(role::AUTH),
    ]);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = tokio::task::spawn_blocking(move || command.output()).await??;
    Ok(Ran { code: status.code(), stdout: String::from_utf8(stdout)?, stderr: String::from_utf8(stderr)? })
}

/// Runs a command that must succeed, and make a key.
async fn make_by_command(t: &TestServer, arguments: &[&str]) -> Result<Key> {
    let ran = key_command(t, arguments).await?;
    assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
    let secret = ran.stdout.strip_suffix('\n').unwrap_or_default().to_owned();
    assert_eq!(secret.len(), 101, "{arguments:?} gave {}", ran.stdout);
    let client = t.anonymous().with_token(&secret);
    let id = client.query(WHO).await.text_at("viewer.apiKey.apiKeyId").to_owned();
    assert!(ran.stderr.contains(&id), "the identifier is told: {}", ran.stderr);
    Ok(Key { id, secret, client })
}

async fn named(t: &TestServer) -> (SignedIn, String) {
    let name = unique("Northwind");
    (sign_up(t, &name).await, name)
}

pub async fn secret_is_alone_on_standard_output(t: &TestServer) -> Result<()> {
    let (admin, name) = named(t).await;
    let arguments = ["create", "--org", &name, "--name", "BI tool", "--scope", "read-roles", "--scope", "read-audit"];
    let ran = key_command(t, &arguments).await?;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let secret = ran.stdout.trim_end();
    assert_eq!(ran.stdout, format!("{secret}\n"));
    assert!(!ran.stderr.contains(&secret[29..93]), "the secret is told twice: {}", ran.stderr);
    for told in ["BI tool", name.as_str(), &secret[..29], "READ_ROLES,READ_AUDIT", "not shown again"] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    let who = t.anonymous().with_token(secret).query(WHO).await;
    assert_eq!(who.at("viewer.apiKey.scopes"), &json!(["READ_ROLES", "READ_AUDIT"]));
    let list = organization(
        &admin,
        "apiKeys { nodes { name createdBy { id } } } auditEvents(first: 1) { nodes {
        action actorKind actorId details } }",
    )
    .await;
    assert_eq!(list.at("organization.apiKeys.nodes"), &json!([{ "name": "BI tool", "createdBy": null }]));
    let entry = list.at("organization.auditEvents.nodes.0");
    assert_eq!(entry["action"], "apiKey.create");
    assert_eq!((&entry["actorKind"], &entry["actorId"]), (&json!("OPERATOR"), &json!(null)));
    assert!(!list.text().contains(&secret[29..93]));
    Ok(())
}

pub async fn command_line_makes_and_ends_keys(t: &TestServer) -> Result<()> {
    let (admin, _) = named(t).await;
    let uuid = organization_of(&admin.organization_id).to_string();
    for (number, by) in [admin.organization_id.as_str(), &uuid, &uuid.to_uppercase()].into_iter().enumerate() {
        let name = format!("Program {number}");
        let arguments = ["create", "--org", by, "--name", &name, "--scope", "import", "--expires", "7d"];
        make_by_command(t, &arguments).await?;
    }
    let first = make(t, &admin, "Rotated", &["READ_ROLES"]).await;
    let second = make_by_command(t, &["rotate", &first.id, "--expires", "30d"]).await?;
    for key in [&first, &second] {
        assert_lets_in(&key.client.query(WHO).await, key);
    }
    let again = key_command(t, &["rotate", &first.id]).await?;
    assert_eq!((again.code, again.stdout.as_str()), (Some(1), ""), "{}", again.stderr);
    assert!(again.stderr.contains("revoke the old one"), "{}", again.stderr);
    let ran = key_command(t, &["revoke", &first.id]).await?;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    tokio::time::sleep(NOTICED).await;
    assert_refused("a key that the command line revoked", &first.client.query(WHO).await);
    assert_lets_in(&second.client.query(WHO).await, &second);
    let ran = key_command(t, &["revoke", &first.id]).await?;
    assert!(ran.code == Some(1) && ran.stderr.contains("already"), "{}", ran.stderr);
    Ok(())
}

pub async fn listed_keys_are_readable(t: &TestServer) -> Result<()> {
    let (admin, name) = named(t).await;
    let ran = key_command(t, &["list", "--org", &name]).await?;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    let (one, two) = (make(t, &admin, "One", &["READ_ROLES"]).await, make(t, &admin, "Two", &["EXPORT"]).await);
    super::revoke_now(&admin, &one.id).await;
    two.client.query(WHO).await;
    let ran = key_command(t, &["list", "--org", &name]).await?;
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.stdout);
    for (line, told) in [
        (lines[0], [two.id.as_str(), &two.secret[..29], "LIVE", "  used ", "EXPORT", "Two"]),
        (lines[1], [one.id.as_str(), &one.secret[..29], "REVOKED", "never used", "READ_ROLES", "One"]),
    ] {
        assert!(told.iter().all(|told| line.contains(told)), "{told:?}: {line}");
    }
    assert!(!ran.stdout.contains(&one.secret[29..93]) && !ran.stdout.contains(&two.secret[29..93]));
    Ok(())
}

pub async fn command_line_says_what_is_wrong(t: &TestServer) -> Result<()> {
    let ((admin, name), (other, other_name)) = (named(t).await, named(t).await);
    let key = make(t, &admin, "Taken", &["READ_ROLES"]).await;
    let twice = unique("Twice");
    sign_up(t, &twice).await;
    sign_up(t, &twice).await;
    let create = |org: &'static str| ["create", "--org", org, "--name", "A", "--scope", "import"];
    let with = |more: &[&str]| -> Vec<String> {
        let base = ["create", "--org", &name, "--name", "A", "--scope", "import"];
        base.iter().chain(more).map(|argument| (*argument).to_owned()).collect()
    };
    let mut wrong: Vec<(Vec<String>, i32, &str)> = vec![
        (create("Nobody").map(str::to_owned).to_vec(), 1, "--org: none of the"),
        (create("").map(str::to_owned).to_vec(), 1, "--org: none of the"),
        (with(&["--scope", "import"]), 1, "--scope: IMPORT is there twice"),
        (with(&["--scope", "everything"]), 2, "read-benchmark"),
        (with(&["--expires", "366d"]), 1, "--expires: a key lives 365 days at most"),
        (with(&["--expires", "0d"]), 1, "--expires: this is over"),
        (with(&["--expires", "2020-01-31"]), 1, "--expires: this is over"),
        (with(&["--expires", "soon"]), 2, "give days, such as 90d"),
        (with(&["--client", "Nobody"]), 1, "--client: none of the"),
        (with(&["--client", &other_name]), 1, "--client: these organizations lend"),
        (with(&["--client", &other.organization_id]), 1, other_name.as_str()),
    ];
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    for (arguments, code, told) in [
        (&["create", "--org", &twice, "--name", "A", "--scope", "import"][..], 1, "--org: 2 organizations are called"),
        (&["create", "--org", &name, "--name", "taken", "--scope", "import"], 1, "--name: a live API key"),
        (&["create", "--org", &name, "--name", " ", "--scope", "import"], 1, "--name: name is empty"),
        (&["create", "--org", &name, "--name", "A"], 2, "--scope"),
        (&["create", "--org", &name, "--scope", "import"], 2, "--name"),
        (&["create", "--name", "A", "--scope", "import"], 2, "--org"),
        (&["list"], 2, "--org"),
        (&["revoke", "nope"], 1, "is not the identifier of an API key"),
        (&["revoke", &admin.organization_id], 1, "is not the identifier of an API key"),
        (&["rotate", &crate::ids::Parts::of(&key.id).sibling().encode()], 1, "there is no API key"),
        (&["rotate", &crate::ids::Parts::of(&key.id).elsewhere().encode()], 1, "there is no API key"),
        (&["rotate", &crate::ids::Parts::of(&key.id).moved_to(crate::ids::random_uuid()).encode()], 1, "no API key"),
    ] {
        wrong.push((words(arguments), code, told));
    }
    for (arguments, code, told) in wrong {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = key_command(t, &arguments).await?;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(told), "{arguments:?} says {}", ran.stderr);
        assert!(!ran.stderr.contains("postgres://") && !ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
    let list = organization(&admin, "apiKeys { totalCount }").await;
    assert_eq!(list.at("organization.apiKeys.totalCount"), 1, "something was made");
    let help = key_command(t, &["create", "--help"]).await?;
    assert!(help.code == Some(0) && help.stdout.contains("Example:"), "{}", help.stdout);
    closed_organizations_get_no_keys(t, &admin, &name).await
}

async fn closed_organizations_get_no_keys(t: &TestServer, admin: &SignedIn, name: &str) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let organization = database.uuid(organization_of(&admin.organization_id));
    let close = format!("UPDATE organization SET closed_at = created_at WHERE org_id = {organization}");
    assert_eq!(database.execute(close).await?, 1);
    let ran = key_command(t, &["create", "--org", name, "--name", "A", "--scope", "import"]).await?;
    assert!(ran.code == Some(1) && ran.stderr.contains("is closed"), "{}", ran.stderr);
    Ok(())
}
