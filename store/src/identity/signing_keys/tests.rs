use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::Instant,
};

use chrono::{DateTime, Utc};
use domain::ids::{SessionId, UserId};
use uuid::Uuid;

use super::{ring::LOOK_EVERY, *};
use crate::{
    clock::Clock,
    identity::{AccessTokens, PREVIOUS_KEY_SECONDS},
};

/// A clock that is set by hand.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::Relaxed), 0).unwrap()
    }
}

const START: i64 = 1_795_370_400;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(START + seconds, 0).unwrap()
}

/// A folder with the keys of an installation, removed when dropped.
struct Keys(PathBuf);

impl Keys {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rolemark-keys-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> PathBuf {
        self.0.join("signing-key.pem")
    }

    fn ring(&self) -> KeyRing {
        KeyRing::open(self.path()).unwrap()
    }

    fn tokens(&self) -> AccessTokens {
        AccessTokens::new(self.ring(), "issuer".into(), "audience".into())
    }

    fn rotate(&self, is_forced: bool, seconds: i64) -> Result<SigningKeyIds, RotationError> {
        rotate_signing_key(&self.path(), is_forced, &Hand(AtomicI64::new(START + seconds)))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn token(tokens: &AccessTokens, seconds: i64) -> String {
    let (user, session) = (UserId(Uuid::nil()), SessionId(Uuid::nil()));
    tokens.issue(user, session, Uuid::nil(), at(seconds)).unwrap().0
}

#[test]
fn previous_key_verifies_until_its_tokens_have_expired() {
    let keys = Keys::new("until");
    let old = keys.tokens();
    // Made with the old key long after it was replaced, as by somebody who stole it.
    let (before, late) = (token(&old, -1), token(&old, 15 * 60 + 30));
    keys.rotate(false, 0).unwrap();
    let tokens = keys.tokens();

    assert_eq!(tokens.verify(&before, at(0)).unwrap().expires_at, at(15 * 60 - 1));
    assert_eq!(tokens.verify(&before, at(15 * 60 - 1)), None, "the token itself has expired");
    let end = at(PREVIOUS_KEY_SECONDS);
    let verified = tokens.verify(&late, at(PREVIOUS_KEY_SECONDS - 1)).unwrap();
    assert_eq!(verified.expires_at, end, "what is remembered of it ends with the key");
    assert_eq!(tokens.verify(&late, end), None, "the key has ended");
    let names = |seconds| tokens.key_set(at(seconds))["keys"].as_array().unwrap().len();
    assert_eq!((names(0), names(PREVIOUS_KEY_SECONDS - 1), names(PREVIOUS_KEY_SECONDS)), (2, 2, 1));
}

#[test]
fn next_rotation_waits_for_the_previous_key() {
    let keys = Keys::new("next");
    keys.ring();
    let first = signing_key_ids(&keys.path(), &Hand(AtomicI64::new(START))).unwrap();
    assert_eq!(first.previous, None);
    let second = keys.rotate(false, 0).unwrap();
    let previous = PreviousKeyId { id: first.current, verifies_until: at(PREVIOUS_KEY_SECONDS) };
    assert_eq!(second.previous.as_ref(), Some(&previous));
    let refusal = keys.rotate(false, PREVIOUS_KEY_SECONDS - 1).unwrap_err();
    assert!(matches!(refusal, RotationError::TooSoon(key) if key == previous));
    let third = keys.rotate(false, PREVIOUS_KEY_SECONDS).unwrap();
    assert_eq!(third.previous.map(|key| key.id), Some(second.current));
    let fourth = keys.rotate(true, PREVIOUS_KEY_SECONDS + 1).unwrap();
    assert_eq!(fourth.previous, None);
    keys.rotate(false, PREVIOUS_KEY_SECONDS + 2).unwrap();
}

#[test]
fn unknown_names_cost_one_look_a_second() {
    let keys = Keys::new("looks");
    let ring = keys.ring();
    let id = keys.rotate(true, 0).unwrap().current;
    let now = Instant::now();
    ring.set_looks(now, Some(now));
    assert_eq!(ring.keys_to_find(&id).generation, 0, "one look a second");
    ring.set_looks(now, None);
    assert_eq!(ring.keys_to_find(&id).generation, 1, "an unknown name is worth a look");
    ring.set_looks(now, None);
    assert_eq!(ring.keys_to_find(&id).generation, 1);
    keys.rotate(true, 1).unwrap();
    let Some(before) = now.checked_sub(LOOK_EVERY) else { return };
    ring.set_looks(before, Some(Instant::now()));
    assert_eq!(ring.keys().generation, 2, "and each second there is one");
}

#[test]
fn what_was_verified_by_a_dropped_key_is_of_another_generation() {
    let keys = Keys::new("generation");
    let tokens = keys.tokens();
    let token = token(&tokens, 0);
    let verified = tokens.verify(&token, at(0)).unwrap();
    assert_eq!(verified.generation, tokens.generation());
    keys.rotate(true, 0).unwrap();
    std::thread::sleep(LOOK_EVERY);
    assert_ne!(verified.generation, tokens.generation());
    assert_eq!(tokens.verify(&token, at(0)), None);
}

#[test]
fn no_text_of_an_error_shows_a_key() {
    let keys = Keys::new("errors");
    keys.ring();
    let pem = fs::read_to_string(keys.path()).unwrap();
    let secret = pem.lines().nth(1).unwrap().to_owned();
    let previous = keys.path().with_extension("previous.pem");
    for content in [pem.clone(), pem.replace("-----END", "-----EN"), format!("Rotated-At: {secret}\n{pem}")] {
        fs::write(&previous, &content).unwrap();
        make_private(&previous);
        let error = KeyRing::open(keys.path()).err().unwrap().to_string();
        assert!(error.contains("signing-key.previous.pem") && error.contains("Rotated-At"), "{error}");
        assert!(!error.contains(&secret), "{error}");
        let error = keys.rotate(false, 0).unwrap_err().to_string();
        assert!(!error.contains(&secret), "{error}");
    }
    keys.rotate(true, 0).unwrap();
    assert!(!previous.exists());
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn make_private(_: &Path) {}
