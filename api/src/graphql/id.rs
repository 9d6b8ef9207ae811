//! Global identifiers: opaque to clients, and carrying type and organization, so that a scope is asked for before any
//! row is looked up.

use std::str::FromStr;

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    disclosure::Quarter,
    ids::{OrganizationId, SessionId},
};
use uuid::Uuid;

use super::error::ApiError;

/// Kinds of objects of an organization. The words are part of every identifier given out: they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    RoleConfiguration,
    RoleVersion,
    Scenario,
    Member,
    Invitation,
    ConsultantGrant,
    FirmAssignment,
    ApiKey,
    AuditEvent,
    BenchmarkReceipt,
}

const KINDS: [(Kind, &str); 10] = [
    (Kind::RoleConfiguration, "roleconfiguration"),
    (Kind::RoleVersion, "roleversion"),
    (Kind::Scenario, "scenario"),
    (Kind::Member, "member"),
    (Kind::Invitation, "invitation"),
    (Kind::ConsultantGrant, "consultantgrant"),
    (Kind::FirmAssignment, "firmassignment"),
    (Kind::ApiKey, "apikey"),
    (Kind::AuditEvent, "auditevent"),
    (Kind::BenchmarkReceipt, "benchmarkreceipt"),
];

const ORGANIZATION: &str = "organization";
const CANONICAL_ROLE: &str = "canonicalrole";
const BENCHMARK_RELEASE: &str = "benchmarkrelease";
const USER_SESSION: &str = "usersession";

/// What an identifier names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GlobalId {
    /// An organization.
    Organization(OrganizationId),
    /// An object of an organization.
    Tenant { kind: Kind, organization: OrganizationId, id: Uuid },
    /// A canonical role, by its key.
    CanonicalRole(String),
    /// A release of the benchmark, by its key.
    BenchmarkRelease(String),
    /// A session of a user, which belongs to no organization.
    UserSession(SessionId),
}

impl GlobalId {
    /// The identifier as clients see it.
    pub(crate) fn encode(&self) -> ID {
        let text = match self {
            Self::Organization(organization) => format!("{ORGANIZATION}:{}", organization.0.simple()),
            Self::Tenant { kind, organization, id } => {
                format!("{}:{}:{}", tag(*kind), organization.0.simple(), id.simple())
            }
            Self::CanonicalRole(key) => format!("{CANONICAL_ROLE}:{key}"),
            Self::BenchmarkRelease(key) => format!("{BENCHMARK_RELEASE}:{key}"),
            Self::UserSession(session) => format!("{USER_SESSION}:{}", session.0.simple()),
        };
        ID(URL_SAFE_NO_PAD.encode(text))
    }

    /// What a client's identifier names, if it is one.
    pub(crate) fn decode(id: &ID) -> Result<Self, ApiError> {
        decode(id).ok_or_else(|| ApiError::BadUserInput("This is not an identifier of this server.".to_owned()))
    }
}

/// Longer than any identifier of this server.
const LENGTH_MAXIMUM: usize = 400;

fn decode(id: &ID) -> Option<GlobalId> {
    if id.len() > LENGTH_MAXIMUM {
        return None;
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?).ok()?;
    let (tag, rest) = text.split_once(':')?;
    if tag == ORGANIZATION {
        return Some(GlobalId::Organization(OrganizationId(simple_uuid(rest)?)));
    }
    if tag == CANONICAL_ROLE {
        return domain::roles::is_canonical_key(rest).then(|| GlobalId::CanonicalRole(rest.to_owned()));
    }
    if tag == BENCHMARK_RELEASE {
        return Quarter::from_str(rest).is_ok().then(|| GlobalId::BenchmarkRelease(rest.to_owned()));
    }
    if tag == USER_SESSION {
        return Some(GlobalId::UserSession(SessionId(simple_uuid(rest)?)));
    }
    let (kind, _) = KINDS.into_iter().find(|(_, word)| *word == tag)?;
    let (organization, id) = rest.split_once(':')?;
    Some(GlobalId::Tenant { kind, organization: OrganizationId(simple_uuid(organization)?), id: simple_uuid(id)? })
}

/// Exactly one spelling is an identifier: 32 lower-case hexadecimal digits.
fn simple_uuid(text: &str) -> Option<Uuid> {
    let is_simple = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_simple { Uuid::try_parse(text).ok() } else { None }
}

fn tag(kind: Kind) -> &'static str {
    match kind {
        Kind::RoleConfiguration => "roleconfiguration",
        Kind::RoleVersion => "roleversion",
        Kind::Scenario => "scenario",
        Kind::Member => "member",
        Kind::Invitation => "invitation",
        Kind::ConsultantGrant => "consultantgrant",
        Kind::FirmAssignment => "firmassignment",
        Kind::ApiKey => "apikey",
        Kind::AuditEvent => "auditevent",
        Kind::BenchmarkReceipt => "benchmarkreceipt",
    }
}

/// How the audit log names an object, which is how the schema does. Kinds without an identifier of their own are named
/// by their organization.
pub(crate) fn object_name(organization: OrganizationId, object_type: &'static str, id: Uuid) -> String {
    let object = KINDS.into_iter().find(|(_, word)| word.eq_ignore_ascii_case(object_type));
    let object = object.map(|(kind, _)| GlobalId::Tenant { kind, organization, id });
    object.unwrap_or(GlobalId::Organization(organization)).encode().0
}

/// The organization that an identifier names.
pub(crate) fn organization_id(id: &ID) -> Result<OrganizationId, ApiError> {
    match GlobalId::decode(id)? {
        GlobalId::Organization(organization) => Ok(organization),
        _ => Err(ApiError::BadUserInput("This is not the identifier of an organization.".to_owned())),
    }
}

/// The session that an identifier names.
pub(crate) fn session_id(id: &ID) -> Result<SessionId, ApiError> {
    match GlobalId::decode(id)? {
        GlobalId::UserSession(session) => Ok(session),
        _ => Err(ApiError::BadUserInput("This is not the identifier of a session.".to_owned())),
    }
}

/// The object of the kind that an identifier names.
pub(crate) fn tenant_id(id: &ID, wanted: Kind) -> Result<(OrganizationId, Uuid), ApiError> {
    match GlobalId::decode(id)? {
        GlobalId::Tenant { kind, organization, id } if kind == wanted => Ok((organization, id)),
        _ => Err(ApiError::BadUserInput(format!("This is not the identifier of a {}.", tag(wanted)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_survive_the_round_trip() {
        let organization = OrganizationId(Uuid::from_u128(7));
        let ids = [
            GlobalId::Organization(organization),
            GlobalId::Tenant { kind: Kind::Scenario, organization, id: Uuid::from_u128(8) },
            GlobalId::CanonicalRole("rolemark:backend-engineer".into()),
            GlobalId::BenchmarkRelease("2026-Q3".into()),
            GlobalId::UserSession(SessionId(Uuid::from_u128(9))),
        ];
        for id in ids {
            assert_eq!(GlobalId::decode(&id.encode()).unwrap(), id);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let upper = URL_SAFE_NO_PAD.encode("organization:0000000000000000000000000000000A");
        let short = URL_SAFE_NO_PAD.encode("scenario:00000000000000000000000000000001");
        for bad in ["", "nope", "0", "\0", &"A".repeat(5_000), &upper, &short, "' OR 1=1--"] {
            assert!(GlobalId::decode(&ID(bad.to_owned())).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_kind_has_its_word() {
        for (kind, word) in KINDS {
            assert_eq!(tag(kind), word);
        }
    }
}
