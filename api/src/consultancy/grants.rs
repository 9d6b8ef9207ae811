//! Giving, renewing and revoking grants, as an admin of the client.

use async_graphql::ID;
use chrono::SubsecRound;
use domain::ids::{ConsultantGrantId, OrganizationId};
use serde_json::json;
use store::{
    StoreError,
    access::{Admin, Area, Caller, TenantScope},
    audit::AuditEntry,
    consultancy::{ConsultantGrant as Record, GRANT_TOKEN_DAYS, Grantee},
};

use super::{
    checks::{checked, renewal_faults},
    inputs::{GrantConsultantAccessInput, RenewConsultantGrantInput},
    types::{ConsultantGrant, grant_id},
};
use crate::{
    graphql::{
        context::RequestContext,
        id::{GlobalId, Kind},
        user_error::{Outcome, UserError, UserErrorCode},
    },
    mail::Letter,
};

/// Most live grants of an organization. Two at the same moment may go beyond it, which does no harm.
const GRANTS_MAXIMUM: u64 = 200;

/// A grant, and the token to accept it with if somebody has to.
type Granted = (ConsultantGrant, Option<String>);

pub(super) async fn give(request: &RequestContext, input: GrantConsultantAccessInput) -> Outcome<Granted> {
    let Some(scope) = request.organization_scope::<Admin>(&input.organization_id, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let new = match checked(scope.organization(), input, request.store().clock().now())? {
        Ok(new) => new,
        Err(errors) => return Ok(Err(errors)),
    };
    let field = if matches!(new.grantee, Grantee::Email(_)) { "email" } else { "firmId" };
    let tx = request.store().begin(&scope).await?;
    if tx.grant_writer().count_live().await? >= GRANTS_MAXIMUM {
        tx.rollback().await?;
        return Ok(Err(vec![too_many("organizationId")]));
    }
    match tx.grant_writer().create(new).await {
        Ok((grant, token)) => {
            tx.commit(entry("consultantGrant.create", scope.organization(), &grant)).await?;
            Ok(Ok(granted(request, &scope, grant, token)))
        }
        Err(StoreError::Taken(_)) => {
            tx.rollback().await?;
            let message = format!("{field} has a grant of this organization already; renew or revoke that one");
            Ok(Err(vec![UserError::at(field, UserErrorCode::Taken, message)]))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn renew(request: &RequestContext, input: RenewConsultantGrantInput) -> Outcome<Granted> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::ConsultantGrant, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let reason = input.reason.map(|reason| reason.trim().to_owned());
    let errors = renewal_faults(input.expires_at, reason.as_deref(), request.store().clock().now());
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let tx = request.store().begin(&scope).await?;
    let Some(grant) = tx.reader().consultant_grants().by_id(ConsultantGrantId(id)).await? else {
        tx.rollback().await?;
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    // One that has expired is not among those that are live.
    let is_new = request.store().clock().now() >= grant.expires_at;
    if is_new && tx.grant_writer().count_live().await? >= GRANTS_MAXIMUM {
        tx.rollback().await?;
        return Ok(Err(vec![too_many("id")]));
    }
    let Some((grant, token)) = tx.grant_writer().renew(grant, input.expires_at.trunc_subsecs(6), reason).await? else {
        tx.rollback().await?;
        return Ok(Err(vec![ended()]));
    };
    tx.commit(entry("consultantGrant.renew", scope.organization(), &grant)).await?;
    Ok(Ok(granted(request, &scope, grant, token)))
}

pub(super) async fn revoke(request: &RequestContext, id: &ID) -> Outcome<ConsultantGrant> {
    let Some((scope, id)) = request.object_scope::<Admin>(id, Kind::ConsultantGrant, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let id = ConsultantGrantId(id);
    let tx = request.store().begin(&scope).await?;
    let Some(grant) = tx.reader().consultant_grants().by_id(id).await? else {
        tx.rollback().await?;
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    if !tx.grant_writer().revoke(&grant).await? {
        tx.rollback().await?;
        return Ok(Err(vec![ended()]));
    }
    let grant = tx.reader().consultant_grants().by_id(id).await?.unwrap_or(grant);
    tx.commit(entry("consultantGrant.revoke", scope.organization(), &grant)).await?;
    request.store().forget_callers(scope.organization());
    let at = request.store().clock().now();
    Ok(Ok(ConsultantGrant { organization: scope.organization(), grant, at }))
}

fn too_many(field: &str) -> UserError {
    let message = format!("the organization has {GRANTS_MAXIMUM} live grants; revoke one first");
    UserError::at(field, UserErrorCode::TooMany, message)
}

fn ended() -> UserError {
    UserError::at("id", UserErrorCode::WrongState, "the grant has ended already; give a new one")
}

/// What is left to do once a grant is kept.
fn granted(
    request: &RequestContext,
    scope: &TenantScope<Admin>,
    grant: Record,
    token: Option<String>,
) -> (ConsultantGrant, Option<String>) {
    request.store().forget_callers(scope.organization());
    if let (Grantee::Email(email), Some(token)) = (&grant.grantee, &token) {
        request.post().send_later(letter(scope, email, &grant, token));
    }
    let at = request.store().clock().now();
    (ConsultantGrant { organization: scope.organization(), grant, at }, token)
}

/// The letter to the grantee. It holds no text of the giver's but names, so that nobody can use it to write to strangers.
fn letter(scope: &TenantScope<Admin>, email: &str, grant: &Record, token: &str) -> Letter {
    let organization = &scope.entry().organization_name;
    let sender = match scope.actor().caller() {
        Caller::User { name, .. } | Caller::ApiKey { name, .. } => name,
        Caller::Operator => "The operator",
    };
    let (level, expires_at) = (grant.level.as_str(), grant.expires_at.format("%Y-%m-%d %H:%M UTC"));
    let text = format!(
        "{sender} of {organization} lends you access to {organization} on Rolemark.\n\n\
         Access level: {level}\nUntil: {expires_at}\n\n\
         To accept, sign in with this e-mail address (sign up first if you have no account) and call the mutation \
         acceptConsultantGrant with this token. It works once, within {GRANT_TOKEN_DAYS} days:\n\n{token}\n\n\
         If you did not expect this, ignore this letter: without the token nobody gets in."
    );
    Letter { to: email.to_owned(), subject: format!("{organization} lends you access"), text }
}

fn entry(action: &'static str, organization: OrganizationId, grant: &Record) -> AuditEntry {
    let (email, firm) = match &grant.grantee {
        Grantee::Email(email) => (Some(email), None),
        Grantee::Firm(firm) => (None, Some(GlobalId::Organization(*firm).encode().0)),
    };
    let payload = json!({
        "name": grant.name, "email": email, "firmId": firm, "accessLevel": grant.level.as_str(),
        "families": grant.families, "reason": grant.reason, "expiresAt": grant.expires_at,
        "renewedFromId": grant.renewed_from.map(|id| grant_id(organization, id).0),
    });
    AuditEntry::new(action, "ConsultantGrant", Some(grant_id(organization, grant.id).0), payload)
}
