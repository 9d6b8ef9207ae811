//! The digests of the audit chain.

use aws_lc_rs::digest::{Context, SHA256};

/// SHA-256 over fields, each with its length in front, so that no two lists of fields give the same bytes.
pub(super) fn of_fields<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for field in fields {
        context.update(&(field.len() as u64).to_be_bytes());
        context.update(field);
    }
    context.finish().as_ref().to_vec()
}

/// The next hash of a chain. PostgreSQL computes the same with its own `sha256`.
pub(super) fn link(previous: &[u8], seq: i64, content: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(previous);
    context.update(&seq.to_be_bytes());
    context.update(content);
    context.finish().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_border_between_fields_changes_the_digest() {
        let one = of_fields([b"ab".as_slice(), b"c"]);
        let other = of_fields([b"a".as_slice(), b"bc"]);
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
    }

    #[test]
    fn a_link_depends_on_all_that_it_covers() {
        let hash = link(&[0; 32], 1, b"content");
        assert_ne!(hash, link(&[1; 32], 1, b"content"));
        assert_ne!(hash, link(&[0; 32], 2, b"content"));
        assert_ne!(hash, link(&[0; 32], 1, b"contend"));
    }
}
