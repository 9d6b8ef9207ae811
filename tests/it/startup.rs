//! The server refuses to serve with more power over the database than it needs.

use rolemark::{Config, Server};
use rolemark_tests::server::Database;
use rolemark_tests::{Error, Result, TestServer, role, unique};

pub async fn superuser_is_refused(t: &TestServer) -> Result<()> {
    let superuser = t.database().superuser_url();
    assert_names(&refusal(t, |c| c.database_url = Some(superuser.clone())).await?, "superuser");
    assert_names(&refusal(t, |c| c.auth_database_url = Some(superuser.clone())).await?, "superuser");
    assert_names(&refusal(t, |c| c.erase_database_url = Some(superuser)).await?, "superuser");
    Ok(())
}

pub async fn owner_is_refused(t: &TestServer) -> Result<()> {
    let owner = t.database().url(role::MIGRATE);
    assert_names(&refusal(t, |c| c.database_url = Some(owner.clone())).await?, "own");
    assert_names(&refusal(t, |c| c.auth_database_url = Some(owner.clone())).await?, "own");
    assert_names(&refusal(t, |c| c.erase_database_url = Some(owner)).await?, "own");
    Ok(())
}

pub async fn role_that_bypasses_security_is_refused(t: &TestServer) -> Result<()> {
    let Database::Postgres { host, .. } = t.database() else {
        return Err("this case is PostgreSQL's".into());
    };
    let bypasser = unique("rolemark_bypass");
    host.cluster().create_role(&bypasser, "BYPASSRLS", role::APP).await?;
    let url = t.database().url(&bypasser);
    assert_names(&refusal(t, |c| c.database_url = Some(url)).await?, "bypass");
    Ok(())
}

/// What the server says when it refuses a configuration that is right but for one change.
async fn refusal(t: &TestServer, change: impl FnOnce(&mut Config)) -> Result<String> {
    let mut config = t.database().config(std::env::temp_dir());
    change(&mut config);
    match Server::start(config).await {
        Err(refusal) => Ok(refusal.to_string()),
        Ok(server) => {
            server.stop().await;
            Err(Error::from("the server started"))
        }
    }
}

#[track_caller]
fn assert_names(message: &str, reason: &str) {
    assert!(message.to_lowercase().contains(reason), "the refusal does not name the reason ({reason}): {message}");
    assert!(!message.contains("postgres://"), "the refusal shows a URL, and with it a password: {message}");
}
