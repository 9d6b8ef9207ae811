//! The demo's world, made by the program itself.

use rolemark_tests::{Result, TestServer, scratch::ScratchDirectory};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::{commands::run as run_on, program::run};

/// A small world with one release: it is made once, every audit chain of it verifies, and the release says what it is.
pub async fn a_world_is_made_once_and_is_marked_synthetic() -> Result<()> {
    let directory = ScratchDirectory::create()?;
    let place = directory.path().display().to_string();
    let arguments = ["demo", "--prepare-only", "--organizations", "25", "--seed", "3", "--releases", "1"];
    let arguments: Vec<&str> = arguments.into_iter().chain(["--data-directory", &place]).collect();
    for _ in 0..2 {
        let made = run(&arguments).await?;
        assert!(made.is_success, "{}", made.text);
    }
    let organizations = run(&["organization", "list", "--data-directory", &place]).await?;
    assert_eq!(organizations.text.matches("(synthetic)").count(), 25, "{}", organizations.text);
    let verified = run(&["audit", "verify", "--data-directory", &place]).await?;
    assert!(verified.is_success, "{}", verified.text);
    let releases = run(&["benchmark", "list", "--data-directory", &place]).await?;
    assert!(releases.text.contains("SYNTHETIC") && releases.text.contains("PUBLISHED"), "{}", releases.text);
    let options = SqliteConnectOptions::new().filename(directory.path().join("rolemark.sqlite"));
    let receipts = "SELECT count(*), count(DISTINCT org_id) FROM benchmark_receipt";
    let (receipts, organizations): (i64, i64) =
        sqlx::query_as(receipts).fetch_one(&mut options.connect().await?).await?;
    assert!(receipts > 0 && receipts == organizations, "{receipts} receipts of {organizations} organizations");
    Ok(())
}

/// On PostgreSQL a world cannot be written around row-level security, and the program says so.
pub async fn a_world_on_postgresql_is_refused(t: &TestServer) -> Result<()> {
    let text = run_on(t, &["demo", "--prepare-only", "--organizations", "5"]).await?.failed();
    assert!(text.contains("SQLite only"), "{text}");
    Ok(())
}
