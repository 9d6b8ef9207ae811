//! The key that signed before the current one, and until when its signatures count.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, SecondsFormat, Utc};

use super::{BEGIN, PublicKey, SigningKey, SigningKeyError, files};
use crate::identity::PREVIOUS_KEY_SECONDS;

/// Name of the line above the key that says since when it is the previous one.
const ROTATED_AT: &str = "Rotated-At";

/// The key that signed before the current one.
pub(super) struct PreviousKey {
    pub(super) public: PublicKey,
    rotated_at: DateTime<Utc>,
}

/// Where the key before the one at `path` is kept: beside it.
pub(super) fn path_of_previous(path: &Path) -> PathBuf {
    path.with_extension("previous.pem")
}

/// A key as the file of the previous one holds it.
pub(super) fn dated(pem: &str, rotated_at: DateTime<Utc>) -> String {
    let key = pem.find(BEGIN).map_or(pem, |start| &pem[start..]);
    format!("{ROTATED_AT}: {}\n{key}", rotated_at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The instant above the key, if exactly one is there.
fn rotated_at(pem: &str) -> Option<DateTime<Utc>> {
    let (text, _) = pem.split_once(BEGIN)?;
    let mut values = text.lines().filter_map(|line| line.strip_prefix(ROTATED_AT)?.strip_prefix(':'));
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    Some(DateTime::parse_from_rfc3339(value.trim()).ok()?.to_utc())
}

impl PreviousKey {
    /// Reads the key before the one at `path`, if there is one.
    pub(super) fn load(path: &Path) -> Result<Option<Self>, SigningKeyError> {
        let path = path_of_previous(path);
        let Some(pem) = files::read(&path)? else { return Ok(None) };
        let key = SigningKey::from_pem(&pem).zip(rotated_at(&pem));
        let (key, rotated_at) = key.ok_or(SigningKeyError::MalformedPrevious(path))?;
        Ok(Some(Self { public: key.public, rotated_at }))
    }

    /// When its last token has expired.
    pub(super) fn verifies_until(&self) -> DateTime<Utc> {
        self.rotated_at + Duration::seconds(PREVIOUS_KEY_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

    fn read(text: &str) -> Option<String> {
        rotated_at(&format!("{text}{KEY}")).map(|at| at.to_rfc3339())
    }

    #[test]
    fn instants_above_the_key_are_read() {
        let expected = Some("2026-11-22T18:00:00+00:00".to_owned());
        for text in [
            "Rotated-At: 2026-11-22T18:00:00Z\n",
            "Rotated-At:2026-11-22T18:00:00Z\r\n",
            "Rotated-At:   2026-11-22t19:00:00+01:00  \n",
            "Kept for the tokens that it signed.\n\nRotated-At: 2026-11-22T18:00:00.000Z\nBy: nobody\n",
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_texts_date_nothing() {
        for text in [
            "",
            "\n",
            "2026-11-22T18:00:00Z\n",
            "Rotated-At 2026-11-22T18:00:00Z\n",
            "Rotated-At:\n",
            "Rotated-At: yesterday\n",
            "Rotated-At: 2026-11-22\n",
            "Rotated-At: 2026-11-22T18:00:00\n",
            "Rotated-At: 2026-13-22T18:00:00Z\n",
            "Rotated-At: +999999999-01-01T00:00:00Z\n",
            "X-Rotated-At: 2026-11-22T18:00:00Z\n",
            "rotated-at: 2026-11-22T18:00:00Z\n",
            "Rotated-At: 2026-11-22T18:00:00Z\nRotated-At: 2026-11-23T18:00:00Z\n",
            "Rotated-At: 2026-11-22T18:00:00Z Rotated-At: 2026-11-23T18:00:00Z\n",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(rotated_at("Rotated-At: 2026-11-22T18:00:00Z\n"), None, "no key below");
        assert_eq!(rotated_at(&format!("{KEY}Rotated-At: 2026-11-22T18:00:00Z\n")), None, "below the key");
    }

    #[test]
    fn what_is_written_is_read() {
        let at = DateTime::from_timestamp(1_795_370_400, 123_456_000).unwrap();
        let text = dated(KEY, at);
        assert_eq!(text, format!("Rotated-At: 2026-11-22T18:00:00Z\n{KEY}"));
        assert_eq!(rotated_at(&text), DateTime::from_timestamp(1_795_370_400, 0));
        assert_eq!(dated(&text, at), text, "an older date above the key is not kept");
    }
}
