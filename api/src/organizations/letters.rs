//! The letter to somebody who is invited.

use store::{
    access::{Admin, Caller, TenantScope},
    organizations::Invited,
};

use crate::mail::Letter;

/// Says who invites where, and how to accept.
pub(super) fn invitation_letter(scope: &TenantScope<Admin>, invited: &Invited) -> Letter {
    let Invited { invitation, token } = invited;
    let organization = &scope.entry().organization_name;
    let inviter = match scope.actor().caller() {
        Caller::User { name, email, .. } => format!("{name} ({email})"),
        Caller::ApiKey { name, .. } => name.clone(),
        Caller::Operator => "The operator of the server".to_owned(),
    };
    let (level, until) = (invitation.level.as_str(), invitation.expires_at.format("%Y-%m-%d at %H:%M UTC"));
    let text = format!(
        "{inviter} invites you to become a member of {organization} on Rolemark, with the access level {level}.\n\n\
         Until {until}, and once, you can accept with this token:\n\n\
         {token}\n\n\
         It is the `token` of the mutation acceptInvitation. With an account for this address, sign in first and give the\n\
         token alone; without one, give a name and a password too, and the account is made for you:\n\n\
         mutation {{\n  acceptInvitation(input: {{ token: \"...\", name: \"...\", password: \"...\" }}) {{\n    \
         organization {{ id name }}\n    session {{ accessToken refreshToken }}\n    userErrors {{ message }}\n  }}\n}}\n\n\
         Whoever has the token can accept in your place: keep it to yourself. If you did not expect this letter, do nothing."
    );
    Letter { to: invitation.email.clone(), subject: format!("Invitation to {organization} on Rolemark"), text }
}
