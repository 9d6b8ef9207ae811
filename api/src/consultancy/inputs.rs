//! Inputs and answers of the mutations of consultancy.

use async_graphql::{ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{firm::FirmAssignment, types::ConsultantGrant};
use crate::{graphql::user_error::UserError, identity::AccessLevel};

/// Input of grantConsultantAccess
#[derive(InputObject)]
pub(crate) struct GrantConsultantAccessInput {
    /// The organization that lends access
    pub(super) organization_id: ID,
    /// E-mail address of the user who gets access, by accepting; give this or firmId
    pub(super) email: Option<String>,
    /// The firm, an organization, that gets access, at once; give this or email. It is not looked up
    pub(super) firm_id: Option<ID>,
    /// What the organization calls the consultant or the firm, up to 200 characters
    pub(super) name: String,
    /// READ or WRITE
    pub(super) access_level: AccessLevel,
    /// Families of roles that the grant is limited to, 1 to 50; all roles, and scenarios, when left out
    pub(super) families: Option<Vec<String>>,
    /// When the grant ends by itself, at most 366 days from now
    pub(super) expires_at: DateTime<Utc>,
    /// Why access is lent, up to 500 characters
    pub(super) reason: String,
}

/// Answer of grantConsultantAccess
#[derive(Default, SimpleObject)]
pub(crate) struct GrantConsultantAccessPayload {
    /// The grant; null when there are errors
    pub(super) consultant_grant: Option<ConsultantGrant>,
    /// For a user: the token to accept with, once, within 7 days. Shown here only, and sent to the address
    pub(super) token: Option<String>,
    /// What is wrong with the input; nothing was granted then
    pub(super) user_errors: Vec<UserError>,
}

/// Input of renewConsultantGrant
#[derive(InputObject)]
pub(crate) struct RenewConsultantGrantInput {
    /// The grant, in force, pending or expired
    pub(super) id: ID,
    /// When the new grant ends by itself, at most 366 days from now
    pub(super) expires_at: DateTime<Utc>,
    /// Why access is lent, up to 500 characters; the reason of before when left out
    pub(super) reason: Option<String>,
}

/// Answer of renewConsultantGrant
#[derive(Default, SimpleObject)]
pub(crate) struct RenewConsultantGrantPayload {
    /// The new grant, which takes the place of the old one; null when there are errors
    pub(super) consultant_grant: Option<ConsultantGrant>,
    /// A new token, if the user has not accepted yet; the old one works no more
    pub(super) token: Option<String>,
    /// What is wrong with the input; nothing was changed then
    pub(super) user_errors: Vec<UserError>,
}

/// Input of revokeConsultantGrant
#[derive(InputObject)]
pub(crate) struct RevokeConsultantGrantInput {
    /// The grant, in force or pending
    pub(super) id: ID,
}

/// Answer of revokeConsultantGrant
#[derive(Default, SimpleObject)]
pub(crate) struct RevokeConsultantGrantPayload {
    /// The grant, which has ended; null when there are errors
    pub(super) consultant_grant: Option<ConsultantGrant>,
    /// What is wrong with the input; nothing was changed then
    pub(super) user_errors: Vec<UserError>,
}

/// Input of acceptConsultantGrant
#[derive(InputObject)]
pub(crate) struct AcceptConsultantGrantInput {
    /// The token of the grant, from the letter
    #[graphql(secret)]
    pub(super) token: String,
}

/// Answer of acceptConsultantGrant
#[derive(Default, SimpleObject)]
pub(crate) struct AcceptConsultantGrantPayload {
    /// Global identifier of the client, an organization that the caller can enter now; null when there are errors
    pub(super) organization_id: Option<ID>,
    /// Why nothing was accepted: the same for every token that does not work for the caller
    pub(super) user_errors: Vec<UserError>,
}

/// Input of declineConsultantGrant
#[derive(InputObject)]
pub(crate) struct DeclineConsultantGrantInput {
    /// The grant, one of the caller's own or of a firm that the caller administers
    pub(super) id: ID,
}

/// Answer of declineConsultantGrant
#[derive(Default, SimpleObject)]
pub(crate) struct DeclineConsultantGrantPayload {
    /// The grant that was given back; null when there are errors
    pub(super) declined_consultant_grant_id: Option<ID>,
    /// What is wrong with the input; nothing was changed then
    pub(super) user_errors: Vec<UserError>,
}

/// Input of assignConsultant
#[derive(InputObject)]
pub(crate) struct AssignConsultantInput {
    /// The firm
    pub(super) organization_id: ID,
    /// The client, which has let the firm in
    pub(super) client_organization_id: ID,
    /// The member of the firm who may enter the client from now on
    pub(super) member_id: ID,
}

/// Answer of assignConsultant
#[derive(Default, SimpleObject)]
pub(crate) struct AssignConsultantPayload {
    /// The assignment; null when there are errors
    pub(super) firm_assignment: Option<FirmAssignment>,
    /// What is wrong with the input; nobody was assigned then
    pub(super) user_errors: Vec<UserError>,
}

/// Input of unassignConsultant
#[derive(InputObject)]
pub(crate) struct UnassignConsultantInput {
    /// The assignment
    pub(super) id: ID,
}

/// Answer of unassignConsultant
#[derive(Default, SimpleObject)]
pub(crate) struct UnassignConsultantPayload {
    /// The assignment, which has ended; null when there are errors
    pub(super) firm_assignment: Option<FirmAssignment>,
    /// What is wrong with the input; nothing was changed then
    pub(super) user_errors: Vec<UserError>,
}
