//! The digests of the audit chain: what adds to it and what verifies it compute them here.

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// How entries are made now. Format 1 covered neither grant, firm nor address.
pub(super) const FORMAT: i32 = 2;

/// Hash before the first entry.
pub(super) const BEGINNING: [u8; 32] = [0; 32];

/// Everything about an entry but its place in the chain.
pub(super) struct Content<'a> {
    pub(super) organization: Uuid,
    pub(super) id: Uuid,
    pub(super) occurred_at: DateTime<Utc>,
    pub(super) actor_kind: &'a str,
    pub(super) actor: Option<Uuid>,
    pub(super) action: &'a str,
    pub(super) object_type: &'a str,
    pub(super) object_id: Option<&'a str>,
    pub(super) request_id: &'a str,
    pub(super) payload_digest: &'a [u8],
    pub(super) grant: Option<Uuid>,
    pub(super) firm: Option<Uuid>,
}

impl Content<'_> {
    /// The digest in a format.
    pub(super) fn digest(&self, format: i32) -> Vec<u8> {
        let occurred_at = self.occurred_at.timestamp_micros().to_be_bytes();
        let old = [
            self.organization.as_bytes().as_slice(),
            self.id.as_bytes(),
            &occurred_at,
            self.actor_kind.as_bytes(),
            optional(self.actor.as_ref()),
            self.action.as_bytes(),
            self.object_type.as_bytes(),
            self.object_id.unwrap_or_default().as_bytes(),
            self.request_id.as_bytes(),
            self.payload_digest,
        ];
        let new = [optional(self.grant.as_ref()), optional(self.firm.as_ref())];
        if format == 1 { of_fields(old) } else { of_fields(old.into_iter().chain(new)) }
    }
}

/// The salted digest of what may be erased, in a format.
pub(super) fn of_payload(format: i32, salt: &[u8], payload: &str, address: Option<&str>) -> Vec<u8> {
    let old = [salt, payload.as_bytes()];
    let new = [address.unwrap_or_default().as_bytes()];
    if format == 1 { of_fields(old) } else { of_fields(old.into_iter().chain(new)) }
}

fn optional(id: Option<&Uuid>) -> &[u8] {
    id.map_or(&[][..], |id| id.as_bytes())
}

/// SHA-256 over fields, each with its length in front, so that no two lists of fields give the same bytes.
fn of_fields<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
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
