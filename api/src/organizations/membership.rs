//! Changing what members may do, removing them, and leaving.

use async_graphql::ID;
use serde_json::json;
use store::{
    access::{Admin, Area, Level},
    organizations::{LastAdmin, LeaveError},
    tenant::TenantTx,
};
use uuid::Uuid;

use super::{
    change::{Change, entry, finish},
    inputs::{ChangeMemberLevelInput, LeaveOrganizationInput, RemoveMemberInput},
    members::Member,
};
use crate::graphql::{
    context::RequestContext,
    error::ApiError,
    id::{Kind, object_name, organization_id},
    user_error::{Outcome, UserError, UserErrorCode},
};

type Record = store::organizations::Member;

fn last_admin(field: &str, whose: &str) -> UserError {
    let message = format!("{whose} the only admin: make another member an admin first, or close the organization");
    UserError::at(field, UserErrorCode::WrongState, message)
}

pub(super) async fn change_level(request: &RequestContext, input: ChangeMemberLevelInput) -> Outcome<Member> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::Member, Area::Members)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let tx = request.store().begin(&scope).await?;
    let change = change_level_within(&tx, id, input.access_level.into()).await?;
    let member = match finish(tx, change).await? {
        Ok(member) => member,
        Err(errors) => return Ok(Err(errors)),
    };
    request.store().forget_rights(member.user);
    // Whoever changed the own level sees the rest of the answer with it.
    let tenant = match scope.actor().user() == Some(member.user) {
        true => request.renewed_tenant(scope.organization()).await?.ok_or(ApiError::Unauthenticated)?,
        false => request.fresh_tenant(&scope),
    };
    Ok(Ok(Member::new(tenant, member)))
}

async fn change_level_within(tx: &TenantTx<Admin>, id: Uuid, level: Level) -> Change<Record> {
    let members = tx.lock_members().await?;
    let Some(member) = members.by_id(id).await? else { return Ok(Err(UserError::not_found("id"))) };
    if member.level == level {
        let message = format!("the member has the access level {} already", level.as_str());
        return Ok(Err(UserError::at("accessLevel", UserErrorCode::WrongState, message)));
    }
    let before = member.level;
    let Ok(member) = members.change_level(member, level).await? else {
        return Ok(Err(last_admin("accessLevel", "the member is")));
    };
    let payload = json!({
        "email": member.email, "accessLevel": { "before": before.as_str(), "after": level.as_str() },
    });
    let entry = entry(tx.reader().scope(), "member.changeLevel", "Member", id, payload);
    Ok(Ok((member, entry)))
}

pub(super) async fn remove(request: &RequestContext, input: RemoveMemberInput) -> Outcome<ID> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::Member, Area::Members)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let tx = request.store().begin(&scope).await?;
    let change = remove_within(&tx, id).await?;
    let removed = finish(tx, change).await?;
    Ok(removed.map(|member| {
        request.store().forget_rights(member.user);
        input.id
    }))
}

async fn remove_within(tx: &TenantTx<Admin>, id: Uuid) -> Change<Record> {
    let members = tx.lock_members().await?;
    let Some(member) = members.by_id(id).await? else { return Ok(Err(UserError::not_found("id"))) };
    let assignments = match members.remove(&member).await? {
        Ok(assignments) => assignments,
        Err(LastAdmin) => return Ok(Err(last_admin("id", "the member is"))),
    };
    let payload = json!({
        "email": member.email, "accessLevel": { "before": member.level.as_str(), "after": null },
        "endedAssignments": assignments,
    });
    let entry = entry(tx.reader().scope(), "member.remove", "Member", id, payload);
    Ok(Ok((member, entry)))
}

pub(super) async fn leave(request: &RequestContext, input: LeaveOrganizationInput) -> Outcome<ID> {
    let scope = request.actor()?.enter(organization_id(&input.organization_id)?);
    let hidden = || Ok(Err(vec![UserError::not_found("organizationId")]));
    let Some(scope) = scope else { return hidden() };
    match request.store().leave(&scope, object_name).await {
        Ok(()) => Ok(Ok(input.organization_id)),
        Err(LeaveError::NoMember) => Err(ApiError::out_of_reach(Area::Members)),
        Err(LeaveError::Ended) => hidden(),
        Err(LeaveError::LastAdmin) => Ok(Err(vec![last_admin("organizationId", "you are")])),
        Err(LeaveError::Store(error)) => Err(error.into()),
    }
}
