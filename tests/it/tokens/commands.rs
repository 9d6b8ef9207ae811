//! `rolemark jwt`: what it says, and the files that it leaves.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Backend, Result, TestServer};

use crate::program::{self, Output};

pub(super) const CURRENT: &str = "signing-key.pem";
pub(super) const PREVIOUS: &str = "signing-key.previous.pem";

/// Runs `rolemark jwt` on the keys of a directory. It never shows one.
pub(super) async fn jwt(directory: &Path, arguments: &[&str]) -> Result<Output> {
    let data_directory = directory.display().to_string();
    let secrets = [secret(&directory.join(CURRENT)), secret(&directory.join(PREVIOUS))];
    let mut output = program::run(&[&["jwt"], arguments, &["--data-directory", &data_directory]].concat()).await?;
    for secret in secrets.iter().flatten() {
        assert!(!output.text.contains(secret), "a key is shown: {}", output.text);
    }
    assert!(!output.text.contains("panicked"), "{}", output.text);
    // Its name looks like that of a key.
    output.text = output.text.replace(&data_directory, "");
    Ok(output)
}

/// Runs `rolemark jwt rotate`, which must do it.
pub(super) async fn rotate(directory: &Path, arguments: &[&str]) -> Result<()> {
    let output = jwt(directory, &[&["rotate"], arguments].concat()).await?;
    if output.is_success { Ok(()) } else { Err(output.text.into()) }
}

/// The private part of a key file, if there is one.
fn secret(path: &Path) -> Option<String> {
    let pem = fs::read_to_string(path).ok()?;
    pem.lines().find(|line| line.len() >= 60 && !line.contains(' ')).map(str::to_owned)
}

/// A directory with the first key of an installation, as a server made it.
async fn installation() -> Result<ScratchDirectory> {
    let scratch = ScratchDirectory::create()?;
    let path = scratch.path().join(CURRENT);
    let server = TestServer::fresh_with(Backend::Sqlite, |config| config.signing_key_file = Some(path)).await?;
    server.stop().await;
    Ok(scratch)
}

/// What the files hold.
fn files(directory: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        files.push((path.clone(), fs::read_to_string(&path)?));
    }
    files.sort();
    Ok(files)
}

/// The words of a text that look like the name of a key.
fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit())).map(str::to_owned).collect()
}

pub async fn rotating_says_what_it_did() -> Result<()> {
    let scratch = installation().await?;
    let directory = scratch.path();
    let first = jwt(directory, &["list"]).await?;
    let [old] = &names(&first.text)[..] else { return Err(first.text.into()) };
    assert!(first.is_success && first.text.contains(CURRENT), "{}", first.text);
    let before = fs::read_to_string(directory.join(CURRENT))?;

    let output = jwt(directory, &["rotate"]).await?;
    assert!(output.is_success, "{}", output.text);
    let [new, previous] = &names(&output.text)[..] else { return Err(output.text.into()) };
    assert!(previous == old && new != old && output.text.contains("until 20"), "{}", output.text);
    for file in [CURRENT, PREVIOUS] {
        assert_eq!(fs::metadata(directory.join(file))?.permissions().mode() & 0o7777, 0o600, "mode of {file}");
    }
    let kept = fs::read_to_string(directory.join(PREVIOUS))?;
    let (date, key) = kept.split_once('\n').ok_or("one line")?;
    let date = date.strip_prefix("Rotated-At: ").ok_or("no date")?;
    let age = chrono::Utc::now() - chrono::DateTime::parse_from_rfc3339(date)?.to_utc();
    assert!((-1..60).contains(&age.num_seconds()), "{date}");
    assert_eq!(key, before, "the key before is kept as it was");
    let listed = jwt(directory, &["list"]).await?;
    assert_eq!(names(&listed.text), [new.as_str(), old.as_str()], "{}", listed.text);

    let refused = jwt(directory, &["rotate"]).await?;
    assert!(!refused.is_success && refused.text.contains("--force"), "{}", refused.text);
    assert_eq!(names(&refused.text), [old.as_str()], "{}", refused.text);
    let until = listed.text.split_whitespace().last().ok_or("no instant")?;
    assert!(refused.text.contains(until), "it does not say when: {} {until}", refused.text);

    let forced = jwt(directory, &["rotate", "--force"]).await?;
    let [newest] = &names(&forced.text)[..] else { return Err(forced.text.into()) };
    assert!(forced.is_success && newest != new && newest != old, "{}", forced.text);
    assert_eq!(names(&jwt(directory, &["list"]).await?.text), [newest.as_str()]);
    let left: Vec<_> = files(directory)?.into_iter().map(|(path, _)| path).collect();
    assert_eq!(left, [directory.join("lock"), directory.join(CURRENT)], "something was left behind");
    Ok(())
}

pub async fn refused_rotations_change_nothing() -> Result<()> {
    let scratch = installation().await?;
    let directory = scratch.path();
    let path = directory.join(CURRENT);
    let pem = fs::read_to_string(&path)?;
    for arguments in [&["rotate"][..], &["rotate", "--force"], &["list"]] {
        for damaged in ["", "not a key", &pem[..pem.len() / 2], "[server]\nlisten = \"127.0.0.1:8080\"\n"] {
            fs::write(&path, damaged)?;
            let before = files(directory)?;
            let output = jwt(directory, arguments).await?;
            assert!(!output.is_success && output.text.contains(CURRENT), "{arguments:?}: {}", output.text);
            assert_eq!(files(directory)?, before, "{arguments:?} of {damaged:?}");
        }
        fs::remove_file(&path)?;
        let output = jwt(directory, arguments).await?;
        assert!(!output.is_success && output.text.contains("no such file"), "{arguments:?}: {}", output.text);
        assert!(!path.exists(), "{arguments:?} made a key");
        fs::write(&path, &pem)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
        let output = jwt(directory, arguments).await?;
        assert!(!output.is_success && output.text.contains("chmod 600"), "{arguments:?}: {}", output.text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    }
    // What an earlier command left behind when it was killed is in nobody's way.
    fs::write(directory.join("signing-key.pem.new"), "half a k")?;
    fs::write(directory.join("signing-key.previous.pem.new"), "half a k")?;
    rotate(directory, &[]).await?;
    assert_eq!(files(directory)?.len(), 3, "the lock and two keys");
    // A previous key that cannot be read is dropped by force only.
    fs::write(directory.join(PREVIOUS), "not a key")?;
    let output = jwt(directory, &["rotate"]).await?;
    assert!(!output.is_success && output.text.contains(PREVIOUS), "{}", output.text);
    rotate(directory, &["--force"]).await
}

/// An administrator rotates; the server, which is somebody else, must be able to read the keys.
pub async fn rotated_keys_belong_to_the_same_person() -> Result<()> {
    let scratch = installation().await?;
    let path = scratch.path().join(CURRENT);
    let is_root = fs::metadata(&path)?.uid() == 0;
    let owner = if is_root { 65_534 } else { fs::metadata(&path)?.uid() };
    chown(&path, Some(owner), None)?;
    rotate(scratch.path(), &[]).await?;
    for file in [CURRENT, PREVIOUS] {
        assert_eq!(fs::metadata(scratch.path().join(file))?.uid(), owner, "owner of {file}");
    }
    Ok(())
}
