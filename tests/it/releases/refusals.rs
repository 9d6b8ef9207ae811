use rolemark_tests::{Backend, Result, TestServer, role};

use super::{Office, QUARTER};

pub(crate) async fn release_commands_say_what_is_wrong(t: &TestServer) -> Result<()> {
    let office = Office::with_draft(t).await?;
    let directory = office.server.directory();
    std::fs::write(directory.join("loose.json"), r#"{"kMin":3}"#)?;
    std::fs::write(directory.join("odd.json"), r#"{"kMinimum":12}"#)?;
    for (arguments, code, told) in [
        (&["build", "2026-Q5"][..], 2, "write it as 2026-Q3"),
        (&["build"], 2, "<QUARTER>"),
        (&["build", "2999-Q1"], 1, "has not ended"),
        (&["build", "2025-Q1"], 1, "lies before the release 2026-Q2"),
        (&["build", "2026-Q3"], 1, "2026-Q2 is a draft still"),
        (&["build", QUARTER, "--policy", "loose.json"], 1, "kMin is 3, must be at least 10"),
        (&["build", QUARTER, "--policy", "odd.json"], 1, "unknown field `kMinimum`"),
        (&["build", QUARTER, "--policy", "none.json"], 1, "--policy: none.json"),
        (&["audit", "2024-Q1"], 1, "there is no release 2024-Q1; there is 2026-Q2"),
        (&["show", "2024-Q1"], 1, "there is no release 2024-Q1"),
        (&["show", QUARTER, "--role", "test:none"], 1, "has no cells of test:none"),
        (&["publish", QUARTER], 1, "is a draft still"),
        (&["approve", QUARTER, "--approver", "Ada", "--key", "none.pem"], 1, "--key: there is no file none.pem"),
        (&["approver", "remove", "Ada"], 1, "there is no approver Ada"),
        (&["approver", "add", " ", "--key", "ada.pem"], 1, "a name of 1 to 100 characters"),
        (&["retract", QUARTER, "--reason", "x", "--yes"], 1, "only what is published can be retracted"),
        (&["retract", QUARTER], 2, "--reason"),
    ] {
        let ran = office.run(arguments).await?;
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(told), "{arguments:?} says {}", ran.err);
        assert!(!ran.err.contains("panicked") && !ran.err.contains("postgres://"), "{}", ran.err);
    }
    office.run(&["audit", QUARTER]).await?.done();
    office.run(&["approver", "add", "Ada", "--key", "ada.pem"]).await?.done();
    std::fs::write(directory.join("text.pem"), "no key")?;
    for (arguments, told) in [
        (&["build", QUARTER][..], "is audited and does not change any more"),
        (&["audit", QUARTER], "is audited"),
        (&["publish", QUARTER], "has that of nobody"),
        (&["approve", QUARTER, "--approver", "Eve", "--key", "ada.pem"], "there is no approver Eve"),
        (&["approve", QUARTER, "--approver", "Ada", "--key", "benchmark-key.pem"], "is not the key that Ada"),
        (&["approver", "add", "Ada", "--key", "ada.pem"], "there is an approver Ada"),
        (&["approver", "add", "Eve", "--key", "ada.pem"], "this key is that of Ada"),
    ] {
        let told_is = office.run(arguments).await?.failed();
        assert!(told_is.contains(told), "{arguments:?} says {told_is}");
    }
    let help = office.run(&["--help"]).await?;
    assert!(help.done().contains("Once a quarter"), "{}", help.out);
    let policy = office.run(&["policy"]).await?;
    assert!(policy.done().contains("\"kMin\": 10"), "{}", policy.out);
    Ok(())
}

pub(crate) async fn builders_refuse_other_roles(t: &TestServer) -> Result<()> {
    let office = Office::with_draft(t).await?;
    if t.backend() == Backend::Sqlite {
        return Ok(());
    }
    let database = office.server.database();
    for (url, told) in [
        (database.superuser_url(), "does not work as a superuser"),
        (database.url(role::MIGRATE), "an owner of tables"),
        (database.url(role::APP), ""),
        (database.url(role::AUTH), ""),
        ("sqlite:rolemark.sqlite".to_owned(), "the same PostgreSQL database"),
    ] {
        let refused = office.run(&["list", "--release-database-url", &url]).await?.failed();
        assert!(refused.contains(told), "{refused}");
    }
    Ok(())
}
