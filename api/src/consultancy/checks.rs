//! What is wrong with a grant, before anything is looked up.

use chrono::{DateTime, Duration, SubsecRound, Utc};
use domain::{
    consultancy::{GrantTexts, validate_reason},
    ids::OrganizationId,
};
use store::{
    access::Level,
    consultancy::{Grantee, NewGrant},
    identity::checked_email,
};

use super::inputs::GrantConsultantAccessInput;
use crate::graphql::{
    error::ApiError,
    id::organization_id,
    user_error::{Outcome, UserError, UserErrorCode, from_violations},
};

/// How long a grant lasts at most, in days.
const DAYS_MAXIMUM: i64 = 366;

/// A grant that may be given by the organization.
pub(super) fn checked(
    organization: OrganizationId,
    input: GrantConsultantAccessInput,
    now: DateTime<Utc>,
) -> Outcome<NewGrant> {
    let (name, reason) = (input.name.trim().to_owned(), input.reason.trim().to_owned());
    let mut errors = Vec::new();
    let grantee = grantee(organization, &input)?.map_err(|error| errors.push(error));
    let level: Level = input.access_level.into();
    if level == Level::Admin {
        let message = "accessLevel is ADMIN; a consultant gets READ or WRITE, or becomes a member";
        errors.push(UserError::at("accessLevel", UserErrorCode::OutOfRange, message));
    }
    let texts = GrantTexts { name: &name, families: input.families.as_deref(), reason: &reason };
    if let Err(violations) = texts.validate() {
        errors.extend(from_violations(&[], &violations));
    }
    errors.extend(expiry_fault(input.expires_at, now));
    match grantee {
        Ok(grantee) if errors.is_empty() => {
            let expires_at = input.expires_at.trunc_subsecs(6);
            Ok(Ok(NewGrant { name, grantee, level, families: input.families, reason, expires_at }))
        }
        _ => Ok(Err(errors)),
    }
}

/// What is wrong with a renewal.
pub(super) fn renewal_faults(expires_at: DateTime<Utc>, reason: Option<&str>, now: DateTime<Utc>) -> Vec<UserError> {
    let mut errors: Vec<UserError> = expiry_fault(expires_at, now).into_iter().collect();
    if let Some(Err(violations)) = reason.map(validate_reason) {
        errors.extend(from_violations(&[], &violations));
    }
    errors
}

/// Whom access is lent to: exactly one of the two. A firm is not looked up, so that nobody learns which there are.
fn grantee(
    organization: OrganizationId,
    input: &GrantConsultantAccessInput,
) -> Result<Result<Grantee, UserError>, ApiError> {
    Ok(match (&input.email, &input.firm_id) {
        (Some(email), None) => checked_email(email)
            .map(Grantee::Email)
            .map_err(|fault| UserError::at("email", UserErrorCode::Malformed, fault.message)),
        (None, Some(firm)) => match organization_id(firm)? {
            firm if firm == organization => {
                let message = "firmId is the organization itself; its members have access already";
                Err(UserError::at("firmId", UserErrorCode::WrongState, message))
            }
            firm => Ok(Grantee::Firm(firm)),
        },
        _ => Err(UserError::at("email", UserErrorCode::Malformed, "give exactly one of email and firmId")),
    })
}

fn expiry_fault(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<UserError> {
    let is_in_range = now < expires_at && expires_at <= now + Duration::days(DAYS_MAXIMUM);
    (!is_in_range).then(|| {
        let message = format!("expiresAt must be after now, and at most {DAYS_MAXIMUM} days ahead");
        UserError::at("expiresAt", UserErrorCode::OutOfRange, message)
    })
}
