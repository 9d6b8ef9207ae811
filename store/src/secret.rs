//! Secrets that are shown once: API keys, and tokens of invitations and grants. Kept as digests only.
//!
//! `rolemark_key_` and 88 hexadecimal digits: 16 that name the secret, 64 that are it (256 random bits), and 8 of the
//! CRC-32 of all before, so that scanners of source code find leaked secrets without false alarms and slips are
//! told from attacks before any look-up.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use domain::ids::OrganizationId;
use entity::access_secret;
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::{
    StoreError,
    access::{AtLeast, Write},
    tenant::{TenantTx, all_set},
};

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretKind {
    Invitation,
    ConsultantGrant,
    ApiKey,
}

const LOOKUP_DIGITS: usize = 16;
const SECRET_DIGITS: usize = 64;
const CHECKSUM_DIGITS: usize = 8;

impl SecretKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "INVITATION",
            Self::ConsultantGrant => "CONSULTANT_GRANT",
            Self::ApiKey => "API_KEY",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Invitation => "rolemark_invitation_",
            Self::ConsultantGrant => "rolemark_grant_",
            Self::ApiKey => "rolemark_key_",
        }
    }

    /// Whether a text claims to be a secret of this kind.
    pub(crate) fn is_claimed_by(self, text: &str) -> bool {
        text.starts_with(self.prefix())
    }
}

/// A secret that was just made.
pub(crate) struct NewSecret {
    kind: SecretKind,
    /// The secret, to be shown once.
    pub(crate) text: String,
    lookup: String,
}

impl NewSecret {
    pub(crate) fn generate(kind: SecretKind) -> Result<Self, StoreError> {
        let mut random = [0_u8; (LOOKUP_DIGITS + SECRET_DIGITS) / 2];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| StoreError::internal("no random bytes"))?;
        let digits = hexadecimal(&random);
        let lookup = digits[..LOOKUP_DIGITS].to_owned();
        let body = format!("{}{digits}", kind.prefix());
        let text = format!("{body}{:08x}", crc32fast::hash(body.as_bytes()));
        Ok(Self { kind, text, lookup })
    }

    /// What may be shown later: it names the secret and is no part of what must not be guessed.
    pub(crate) fn prefix(&self) -> String {
        format!("{}{}", self.kind.prefix(), self.lookup)
    }

    /// The row that remembers the secret, for the object that it opens.
    pub(crate) fn row(&self, organization: OrganizationId, object: Uuid) -> access_secret::Model {
        access_secret::Model {
            org_id: organization.0,
            id: object,
            kind: self.kind.as_str().to_owned(),
            lookup: self.lookup.clone(),
            digest: digest_of(&self.text),
        }
    }
}

impl<A: AtLeast<Write>> TenantTx<A> {
    /// Keeps the digest of a secret beside the object that it opens; nobody who serves can read it back.
    pub(crate) async fn keep_secret(&self, secret: &NewSecret, object: Uuid) -> Result<(), StoreError> {
        let row = secret.row(self.reader().organization(), object);
        let row: access_secret::ActiveModel = all_set(row);
        access_secret::Entity::insert(row).exec_without_returning(self.reader().connection()).await?;
        Ok(())
    }
}

/// A secret that somebody presents, well-formed.
pub(crate) struct Presented {
    /// Names the secret among those of its kind.
    pub(crate) lookup: String,
    digest: Vec<u8>,
}

impl Presented {
    pub(crate) fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let digits = text.strip_prefix(kind.prefix())?;
        let is_hexadecimal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits.len() != LOOKUP_DIGITS + SECRET_DIGITS + CHECKSUM_DIGITS || !is_hexadecimal {
            return None;
        }
        let (body, checksum) = text.split_at(text.len() - CHECKSUM_DIGITS);
        if format!("{:08x}", crc32fast::hash(body.as_bytes())) != checksum {
            return None;
        }
        Some(Self { lookup: digits[..LOOKUP_DIGITS].to_owned(), digest: digest_of(text) })
    }

    /// Whether it is the secret with this digest; takes the same time whether it is or not.
    pub(crate) fn is(&self, digest: &[u8]) -> bool {
        verify_slices_are_equal(&self.digest, digest).is_ok()
    }
}

/// 256 random bits need no slow hash.
fn digest_of(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognized_and_nothing_else_is() {
        let secret = NewSecret::generate(SecretKind::ApiKey).unwrap();
        let row = secret.row(OrganizationId(Uuid::nil()), Uuid::nil());
        let presented = Presented::parse(SecretKind::ApiKey, &secret.text).unwrap();
        assert_eq!(presented.lookup, row.lookup);
        assert!(presented.is(&row.digest));
        assert!(!presented.is(&[0; 32]));
        assert!(secret.text.starts_with(&secret.prefix()));
        assert!(Presented::parse(SecretKind::Invitation, &secret.text).is_none());
        let other = NewSecret::generate(SecretKind::ApiKey).unwrap();
        assert_ne!(other.text, secret.text);
    }

    #[test]
    fn a_slip_is_found_by_the_checksum() {
        let text = NewSecret::generate(SecretKind::ApiKey).unwrap().text;
        let flip = |c: char| if c == '0' { '1' } else { '0' };
        for index in "rolemark_key_".len()..text.len() {
            let slip: String = text.chars().enumerate().map(|(i, c)| if i == index { flip(c) } else { c }).collect();
            assert!(Presented::parse(SecretKind::ApiKey, &slip).is_none(), "{slip}");
        }
        assert!(Presented::parse(SecretKind::ApiKey, &text[..text.len() - 1]).is_none());
        assert!(Presented::parse(SecretKind::ApiKey, &format!("{text}0")).is_none());
        assert!(Presented::parse(SecretKind::ApiKey, &text.to_uppercase()).is_none());
    }
}
