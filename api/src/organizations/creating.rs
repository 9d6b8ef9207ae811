//! Founding organizations.

use store::organizations::{CreateOrganizationError, ORGANIZATIONS_MAXIMUM};

use super::{inputs::CreateOrganizationInput, types::Organization};
use crate::{
    graphql::{
        context::RequestContext,
        error::ApiError,
        user_error::{Outcome, UserError, UserErrorCode},
    },
    identity::{audit_name, from_faults},
};

pub(super) async fn create(request: &RequestContext, input: CreateOrganizationInput) -> Outcome<Organization> {
    let created = request.store().create_organization(request.actor()?, &input.name, audit_name).await;
    let organization = match created {
        Ok(organization) => organization,
        Err(CreateOrganizationError::NoUser) => return Err(for_people()),
        Err(CreateOrganizationError::Invalid(faults)) => return Ok(Err(from_faults(&faults))),
        Err(CreateOrganizationError::TooMany) => {
            let message = format!(
                "you are an admin of {ORGANIZATIONS_MAXIMUM} organizations, and more cannot be made; \
                 leave or close one first"
            );
            return Ok(Err(vec![UserError::at("name", UserErrorCode::TooMany, message)]));
        }
        Err(CreateOrganizationError::Store(error)) => return Err(error.into()),
    };
    // The session may have ended meanwhile.
    let tenant = request.renewed_tenant(organization).await?.ok_or(ApiError::Unauthenticated)?;
    Ok(Ok(Organization::new(tenant)))
}

/// What no program does, whatever its key.
pub(super) fn for_people() -> ApiError {
    ApiError::Forbidden("This is for people who signed in; an API key cannot do it.".to_owned())
}
