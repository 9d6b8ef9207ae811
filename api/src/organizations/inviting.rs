//! Inviting people, taking invitations back, and sending them once more.

use chrono::Duration;
use domain::ids::UserId;
use serde_json::json;
use store::{
    access::{Admin, Area, Level, TenantScope},
    identity::checked_email,
    organizations::{InvitationState, InviteError, Invited, LockedMembers, OPEN_INVITATIONS_MAXIMUM},
    tenant::TenantTx,
};
use uuid::Uuid;

use super::{
    change::{Change, entry, finish},
    creating::for_people,
    inputs::{InviteMemberInput, ResendInvitationInput, RevokeInvitationInput},
    invitations::Invitation,
    letters::invitation_letter,
};
use crate::{
    graphql::{
        context::RequestContext,
        error::ApiError,
        id::Kind,
        user_error::{Outcome, UserError, UserErrorCode},
    },
    identity::from_faults,
};

type Record = store::organizations::Invitation;

/// Days that an invitation is open when nobody says how many.
const DAYS: i32 = 7;
/// Most days that it can be.
const DAYS_MAXIMUM: i32 = 30;

pub(super) async fn invite(request: &RequestContext, input: InviteMemberInput) -> Outcome<(Invitation, String)> {
    let Some(scope) = request.organization_scope::<Admin>(&input.organization_id, Area::Members)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let by = scope.actor().user().ok_or_else(for_people)?;
    let (email, valid_for) = match (checked_email(&input.email), valid_for(input.expires_in_days)) {
        (Ok(email), Ok(valid_for)) => (email, valid_for),
        (email, valid_for) => {
            let mut errors = email.err().map(|fault| from_faults(&[fault])).unwrap_or_default();
            errors.extend(valid_for.err());
            return Ok(Err(errors));
        }
    };
    let tx = request.store().begin(&scope).await?;
    let change = invite_within(&tx, by, email, input.access_level.into(), valid_for).await?;
    Ok(finish(tx, change).await?.map(|invited| send(request, &scope, invited)))
}

async fn invite_within(
    tx: &TenantTx<Admin>,
    by: UserId,
    email: String,
    level: Level,
    valid_for: Duration,
) -> Change<Invited> {
    let invited = match tx.lock_members().await?.invite(by, email, level, valid_for).await {
        Ok(invited) => invited,
        Err(error) => return invite_fault(error, "email").map(Err),
    };
    let Record { id, email, expires_at, .. } = &invited.invitation;
    let payload = json!({ "email": email, "accessLevel": level.as_str(), "expiresAt": expires_at });
    let entry = entry(tx.reader().scope(), "member.invite", "Invitation", id.0, payload);
    Ok(Ok((invited, entry)))
}

pub(super) async fn revoke(request: &RequestContext, input: RevokeInvitationInput) -> Outcome<Invitation> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::Invitation, Area::Members)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let tx = request.store().begin(&scope).await?;
    let change = revoke_within(&tx, id).await?;
    let revoked = finish(tx, change).await?;
    Ok(revoked.map(|invitation| Invitation::new(request.fresh_tenant(&scope), invitation)))
}

async fn revoke_within(tx: &TenantTx<Admin>, id: Uuid) -> Change<Record> {
    let members = tx.lock_members().await?;
    let before = match in_state(&members, id, &[InvitationState::Open]).await? {
        Ok(invitation) => invitation,
        Err(fault) => return Ok(Err(fault)),
    };
    let state = before.state;
    let after = members.revoke(before).await?;
    let state = json!({ "before": state.as_str(), "after": after.state.as_str() });
    let payload = json!({ "email": after.email, "state": state });
    let entry = entry(tx.reader().scope(), "invitation.revoke", "Invitation", id, payload);
    Ok(Ok((after, entry)))
}

pub(super) async fn resend(request: &RequestContext, input: ResendInvitationInput) -> Outcome<(Invitation, String)> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::Invitation, Area::Members)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let valid_for = match valid_for(input.expires_in_days) {
        Ok(valid_for) => valid_for,
        Err(fault) => return Ok(Err(vec![fault])),
    };
    let tx = request.store().begin(&scope).await?;
    let change = resend_within(&tx, id, valid_for).await?;
    Ok(finish(tx, change).await?.map(|invited| send(request, &scope, invited)))
}

async fn resend_within(tx: &TenantTx<Admin>, id: Uuid, valid_for: Duration) -> Change<Invited> {
    let members = tx.lock_members().await?;
    let before = match in_state(&members, id, &[InvitationState::Open, InvitationState::Expired]).await? {
        Ok(invitation) => invitation,
        Err(fault) => return Ok(Err(fault)),
    };
    let until = before.expires_at;
    let invited = match members.resend(before, valid_for).await {
        Ok(invited) => invited,
        Err(error) => return invite_fault(error, "id").map(Err),
    };
    let expires_at = json!({ "before": until, "after": invited.invitation.expires_at });
    let payload = json!({ "email": invited.invitation.email, "expiresAt": expires_at });
    let entry = entry(tx.reader().scope(), "invitation.resend", "Invitation", id, payload);
    Ok(Ok((invited, entry)))
}

fn valid_for(days: Option<i32>) -> Result<Duration, UserError> {
    let days = days.unwrap_or(DAYS);
    if (1..=DAYS_MAXIMUM).contains(&days) {
        return Ok(Duration::days(days.into()));
    }
    let message = format!("expiresInDays is {days}; give 1 to {DAYS_MAXIMUM}");
    Err(UserError::at("expiresInDays", UserErrorCode::OutOfRange, message))
}

/// The invitation, if it is in one of these states.
async fn in_state(
    members: &LockedMembers<'_, Admin>,
    id: Uuid,
    states: &[InvitationState],
) -> Result<Result<Record, UserError>, ApiError> {
    let Some(invitation) = members.invitation(id).await? else { return Ok(Err(UserError::not_found("id"))) };
    if states.contains(&invitation.state) {
        return Ok(Ok(invitation));
    }
    let message = match invitation.state {
        InvitationState::Open => "the invitation is open",
        InvitationState::Accepted => "the invitation was accepted; remove the member instead",
        InvitationState::Ended => "the invitation was taken back; invite the person again",
        InvitationState::Expired => "the invitation has expired: there is nothing to take back",
    };
    Ok(Err(UserError::at("id", UserErrorCode::WrongState, message)))
}

fn invite_fault(error: InviteError, field: &str) -> Result<UserError, ApiError> {
    let (code, message) = match error {
        InviteError::IsMember => (UserErrorCode::Taken, "a member has this address already".to_owned()),
        InviteError::IsInvited => {
            let message = "there is an open invitation to this address; resend it, or revoke it first";
            (UserErrorCode::Taken, message.to_owned())
        }
        InviteError::TooMany => {
            let message = format!("{OPEN_INVITATIONS_MAXIMUM} invitations are open; revoke some, or wait");
            (UserErrorCode::TooMany, message)
        }
        InviteError::Store(error) => return Err(error.into()),
    };
    Ok(UserError::at(field, code, message))
}

/// Sends the letter, and gives the token out this once.
fn send(request: &RequestContext, scope: &TenantScope<Admin>, invited: Invited) -> (Invitation, String) {
    request.post().send_later(invitation_letter(scope, &invited));
    (Invitation::new(request.fresh_tenant(scope), invited.invitation), invited.token)
}
