//! An order of clients that tells nothing about them.

use aws_lc_rs::digest::{SHA256, digest};
use domain::ids::OrganizationId;
use uuid::Uuid;

/// Where a client stands in an anonymized list: the same for one caller at any time, and without relation to the client's
/// name, to its age or to where it stands for another caller.
pub fn anonymous_position(caller: Uuid, client: OrganizationId) -> Vec<u8> {
    digest(&SHA256, &[caller.as_bytes().as_slice(), client.0.as_bytes()].concat()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_depends_on_both() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let position = anonymous_position(one, OrganizationId(two));
        assert_eq!(position, anonymous_position(one, OrganizationId(two)));
        assert_ne!(position, anonymous_position(two, OrganizationId(two)));
        assert_ne!(position, anonymous_position(one, OrganizationId(one)));
    }
}
