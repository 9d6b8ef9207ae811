//! What people name on the command line.

use async_graphql::ID;
use domain::ids::OrganizationId;
use store::operator::OrganizationSummary;

use crate::graphql::id::{GlobalId, Kind, tenant_id};

/// The organization with this global identifier, this UUID, or this name if no other one has it.
pub(super) fn organization<'o>(
    all: &'o [OrganizationSummary],
    flag: &str,
    text: &str,
) -> Result<&'o OrganizationSummary, String> {
    let here: Vec<&OrganizationSummary> = all.iter().filter(|summary| summary.erased_at.is_none()).collect();
    let id = match GlobalId::decode(&ID(text.to_owned())) {
        Ok(GlobalId::Organization(id)) => Some(id),
        _ => text.parse::<OrganizationId>().ok(),
    };
    let found: Vec<&&OrganizationSummary> =
        here.iter().filter(|summary| Some(summary.id) == id || summary.name == text).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(format!(
            "{flag}: none of the {} organization(s) in the database has the identifier or the name '{text}'",
            here.len()
        )),
        several => Err(format!("{flag}: {} organizations are called '{text}'; give the identifier", several.len())),
    }
}

/// The organization and the UUID of an object that a global identifier names.
pub(super) fn object(text: &str, kind: Kind, what: &str) -> Result<(OrganizationId, uuid::Uuid), String> {
    tenant_id(&ID(text.to_owned()), kind).map_err(|_| format!("'{text}' is not the identifier of {what}"))
}
