//! Identifiers: one type for each kind of thing, so that the compiler keeps them apart.
//!
//! They are made elsewhere: this crate has no source of randomness.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! identifiers {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(
            /// The identifier without its kind.
            pub Uuid,
        );

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

identifiers! {
    /// Names an organization, which is a tenant.
    OrganizationId;
    /// Names a user: a person who signs in, across organizations.
    UserId;
    /// Names a member: a user with an access level in one organization.
    MemberId;
    /// Names a role configuration, through all of its versions.
    RoleConfigurationId;
    /// Names one version of a role configuration.
    RoleVersionId;
    /// Names a scenario: a saved combination of roles.
    ScenarioId;
    /// Names a session of a user who signed in.
    SessionId;
    /// Names an invitation to become a member.
    InvitationId;
    /// Names access that an organization lends to a user or a firm.
    ConsultantGrantId;
    /// Names what lets one of a firm's staff use a grant.
    FirmAssignmentId;
    /// Names an API key.
    ApiKeyId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_its_hyphenated_text_everywhere() {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057";
        let id: RoleVersionId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<RoleVersionId>(&format!("\"{text}\"")).unwrap(), id);
        assert!("nonsense".parse::<RoleVersionId>().is_err());
    }
}
