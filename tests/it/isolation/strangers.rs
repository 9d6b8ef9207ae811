//! Values that look like an organization's and name nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::unique;
use serde_json::Value;
use uuid::Uuid;

use crate::ids::{Parts, random_uuid};
use crate::tenant::{Tenant, Values};

/// The words whose values are global identifiers.
const IDS: [&str; 15] = [
    "organization",
    "role",
    "otherRole",
    "version",
    "scenario",
    "member",
    "invitation",
    "apiKey",
    "auditEvent",
    "userSession",
    "auditGrant",
    "grant",
    "firmGrant",
    "assignment",
    "clientOrganization",
];

/// What to put in the place of a tenant's values.
pub(super) struct Unknown {
    /// For messages.
    pub(super) name: &'static str,
    /// In the place of the tenant's mark.
    pub(super) mark: String,
    pub(super) values: Values,
}

/// Four ways to name nothing, with values of the same types as those of `tenant`.
pub(super) fn unknown(tenant: &Tenant, spy: &Tenant) -> Vec<Unknown> {
    let own = spy.uuid();
    let of = |name, id: fn(&Parts, Uuid) -> Parts| with_ids(name, tenant, own, id);
    vec![
        of("of an unknown organization", |parts, _| parts.elsewhere()),
        of("unknown, of the other organization", |parts, _| parts.sibling()),
        of("unknown, of the own organization", |parts, own| match parts.object {
            Some(_) => parts.moved_to(own).sibling(),
            None => parts.elsewhere(),
        }),
        of("of the other organization, but named as an own one", |parts, own| match parts.object {
            Some(_) => parts.moved_to(own),
            None => parts.elsewhere(),
        }),
    ]
}

fn with_ids(name: &'static str, tenant: &Tenant, own: Uuid, id: fn(&Parts, Uuid) -> Parts) -> Unknown {
    let mark = unique("none").replace('_', "");
    let replaced = |word: &str, value: &str| {
        if IDS.contains(&word) {
            return id(&Parts::of(value), own).encode();
        }
        if word.starts_with("cursor") {
            return unknown_cursor(value, &tenant.mark, &mark);
        }
        if ["actorId", "requestId"].contains(&word) {
            return random_uuid().to_string();
        }
        if word == "refreshToken" || word == "grantToken" {
            return unknown_secret(value);
        }
        if word == "invitationToken" {
            return unknown_token(value);
        }
        value.replace(&tenant.mark, &mark)
    };
    let values = tenant.values.iter().map(|(word, value)| (*word, replaced(word, value))).collect();
    Unknown { name, mark, values }
}

/// A cursor of the same form that the server has not given out.
fn unknown_cursor(cursor: &str, mark: &str, other_mark: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).expect("a cursor in base64");
    let text = String::from_utf8(bytes).expect("a cursor in JSON").replace(mark, other_mark);
    let mut parts: Value = serde_json::from_str(&text).expect("a cursor in JSON");
    parts[0] = (parts[0].as_u64().expect("the list that it belongs to") ^ 1).into();
    parts[2]["U"] = random_uuid().to_string().into();
    URL_SAFE_NO_PAD.encode(parts.to_string())
}

fn unknown_secret(secret: &str) -> String {
    secret.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect()
}

/// A token of the right form, down to the checksum at its end.
fn unknown_token(token: &str) -> String {
    let body = &token[..token.len() - 8];
    let body = body.rsplit_once('_').map_or(body, |(kind, _)| kind);
    let digits = format!("{}{}", random_uuid().simple(), random_uuid().simple());
    crate::secrets::with_checksum(&format!("{body}_{}{digits}", &random_uuid().simple().to_string()[..16]))
}
