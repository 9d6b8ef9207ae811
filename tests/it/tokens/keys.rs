//! The file of the signing key.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Backend, Result, TestServer};

use super::forge::server_with_directory;

fn mode(path: &Path) -> Result<u32> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o7777)
}

pub async fn key_file_is_its_owners_only(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let path = directory.join("signing-key.pem");
    assert_eq!(mode(&path)?, 0o600, "mode of {}", path.display());
    // The public half is for everybody; the private one is nowhere in it.
    let pem = fs::read_to_string(&path)?;
    let secret: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let set = server.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(set.body["keys"][0]["kty"], "OKP", "{set}");
    assert!(set.body["keys"][0]["d"].is_null() && !set.text().contains(&secret), "{set}");
    server.stop().await;
    Ok(())
}

/// What the server says of a key file when it refuses to start.
async fn refusal(backend: Backend, path: &Path) -> Result<String> {
    let started = TestServer::fresh_with(backend, |config| config.signing_key_file = Some(path.to_owned())).await;
    match started {
        Err(refusal) => Ok(refusal.to_string()),
        Ok(server) => {
            server.stop().await;
            Err(format!("the server started with {}", path.display()).into())
        }
    }
}

pub async fn exposed_key_file_is_refused(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let scratch = ScratchDirectory::create()?;
    let path = scratch.path().join("given-key.pem");
    fs::copy(directory.join("signing-key.pem"), &path)?;
    server.stop().await;
    for exposed in [0o640, 0o604, 0o644, 0o620, 0o660, 0o602, 0o601] {
        fs::set_permissions(&path, Permissions::from_mode(exposed))?;
        let refusal = refusal(t.backend(), &path).await?;
        let names_it = refusal.contains("given-key.pem") && refusal.contains("chmod 600");
        assert!(names_it, "mode {exposed:o}: the refusal says neither which file nor what to do: {refusal}");
    }
    fs::set_permissions(&path, Permissions::from_mode(0o400))?;
    let server = TestServer::fresh_with(t.backend(), |config| config.signing_key_file = Some(path.clone())).await?;
    server.stop().await;
    Ok(())
}

pub async fn malformed_key_file_is_refused(t: &TestServer) -> Result<()> {
    let scratch = ScratchDirectory::create()?;
    let path = scratch.path().join("given-key.pem");
    let secret = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtdG9sZA==";
    for content in ["", "not a key", &format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n")] {
        fs::write(&path, content)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        let refusal = refusal(t.backend(), &path).await?;
        assert!(refusal.contains("given-key.pem") && refusal.contains("Ed25519"), "{refusal}");
        assert!(!refusal.contains(secret), "the refusal shows the key: {refusal}");
        assert_eq!(fs::read_to_string(&path)?, content, "the file was changed");
    }
    Ok(())
}

pub async fn malformed_file_of_the_previous_key_is_refused(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let scratch = ScratchDirectory::create()?;
    let (path, previous) = (scratch.path().join("given.pem"), scratch.path().join("given.previous.pem"));
    fs::copy(directory.join("signing-key.pem"), &path)?;
    server.stop().await;
    let pem = fs::read_to_string(&path)?;
    let dated = |date: &str| format!("Rotated-At: {date}\n{pem}");
    for content in [String::new(), "not a key".to_owned(), pem.clone(), dated("yesterday"), dated("2026-11-22")] {
        fs::write(&previous, &content)?;
        fs::set_permissions(&previous, Permissions::from_mode(0o600))?;
        let refusal = refusal(t.backend(), &path).await?;
        assert!(refusal.contains("given.previous.pem") && refusal.contains("Rotated-At"), "{refusal}");
        assert!(pem.lines().all(|line| !refusal.contains(line)), "the refusal shows the key: {refusal}");
    }
    fs::write(&previous, dated("2026-11-22T18:00:00Z"))?;
    fs::set_permissions(&previous, Permissions::from_mode(0o644))?;
    let refusal = refusal(t.backend(), &path).await?;
    assert!(refusal.contains("given.previous.pem") && refusal.contains("chmod 600"), "{refusal}");
    fs::set_permissions(&previous, Permissions::from_mode(0o600))?;
    let server = TestServer::fresh_with(t.backend(), |config| config.signing_key_file = Some(path.clone())).await?;
    server.stop().await;
    Ok(())
}
