//! What tells that an edition is already there.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256, digest};
use domain::method::METHOD_VERSION;

/// Counts up when the same files would give other rows, so that they are imported again.
const IMPORT_FORMAT: u32 = 1;

/// SHA-256 over named contents, in the order in which they are added, and over what makes rows of them: the import and
/// the method that computes the scores.
pub(in crate::library) struct ContentDigest(Context);

impl ContentDigest {
    /// A digest of nothing yet; `kind` keeps the digests of different layouts apart.
    pub(in crate::library) fn new(kind: &str) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(format!("{kind}\n{IMPORT_FORMAT}\n{METHOD_VERSION}\n").as_bytes());
        Self(context)
    }

    /// Adds a content.
    pub(in crate::library) fn add(&mut self, name: &str, content: &[u8]) {
        self.add_hashed(name, digest(&SHA256, content).as_ref());
    }

    /// Adds a content whose SHA-256 is known.
    pub(in crate::library) fn add_hashed(&mut self, name: &str, hash: &[u8]) {
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        self.0.update(format!("{}\n{name}\n", name.len()).as_bytes());
        self.0.update(hash);
    }

    /// The digest in hexadecimal.
    pub(in crate::library) fn finish(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0.finish().as_ref() {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, contents: &[(&str, &[u8])]) -> String {
        let mut digest = ContentDigest::new(kind);
        for (name, content) in contents {
            digest.add(name, content);
        }
        digest.finish()
    }

    #[test]
    fn the_digest_changes_with_names_contents_and_kind() {
        let base = of("toml", &[("a", b"1"), ("b", b"2")]);
        assert_eq!(base.len(), 64);
        assert_eq!(base, of("toml", &[("a", b"1"), ("b", b"2")]));
        for other in [
            of("onet", &[("a", b"1"), ("b", b"2")]),
            of("toml", &[("a", b"1"), ("b", b"3")]),
            of("toml", &[("a", b"1"), ("c", b"2")]),
            of("toml", &[("a", b"1")]),
        ] {
            assert_ne!(base, other);
        }
    }
}
