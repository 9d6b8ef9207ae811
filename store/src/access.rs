//! Who may do what in which organization, as values that only this crate can make.

use std::{marker::PhantomData, sync::Arc};

use chrono::{DateTime, Utc};
use domain::ids::{MemberId, OrganizationId, SessionId, UserId};

use crate::RequestOrigin;

mod sealed {
    pub trait Sealed {}
}

/// An access level in the type of a scope. Sealed: [`Read`], [`Write`] and [`Admin`] are all there are.
pub trait Access: sealed::Sealed + Send + Sync + 'static {
    /// The level that the type stands for.
    const LEVEL: Level;
}

/// `Admin: AtLeast<Write>`, `Write: AtLeast<Read>` and so on: asked for by repositories.
pub trait AtLeast<A: Access>: Access {}

/// What a member may do in an organization; each level includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// See everything but the audit log.
    Read,
    /// Change roles and scenarios.
    Write,
    /// Manage members and see the audit log.
    Admin,
}

impl Level {
    /// The level's name in the database and in the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::Admin => "ADMIN",
        }
    }

    pub(crate) fn from_database(text: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|level| level.as_str() == text)
    }
}

macro_rules! levels {
    ($($(#[$doc:meta])* $name:ident: $($at_least:ident),+;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Access for $name {
            const LEVEL: Level = Level::$name;
        }
        $(impl AtLeast<$at_least> for $name {})+
    )+};
}

levels! {
    /// The right to see.
    Read: Read;
    /// The right to change.
    Write: Read, Write;
    /// The right to administer.
    Admin: Read, Write, Admin;
}

/// A live membership of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organization.
    pub organization: OrganizationId,
    /// The organization's name.
    pub organization_name: String,
    /// When the organization was made.
    pub organization_created_at: DateTime<Utc>,
    /// The membership itself.
    pub member: MemberId,
    /// What the caller may do there.
    pub level: Level,
}

/// What the database said about the caller, at most one second ago.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) name: String,
    pub(crate) email: String,
    /// Sorted by organization.
    pub(crate) memberships: Vec<Membership>,
}

/// An authenticated caller, for one request. Only [`crate::Store::authenticate`] makes one.
#[derive(Clone, Debug)]
pub struct Actor {
    identity: Arc<Identity>,
    origin: Arc<RequestOrigin>,
}

/// Proof that the actor may act on one organization at level `A`. It has no public constructor and no `Default`.
#[derive(Debug)]
pub struct TenantScope<A: Access> {
    organization: OrganizationId,
    level: Level,
    actor: Actor,
    access: PhantomData<fn() -> A>,
}

/// Why there is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The actor may not know that the organization exists: answer as if it did not.
    Hidden,
    /// The actor may see the organization, but not do this.
    Insufficient {
        /// The level needed.
        needs: Level,
        /// The level the actor has.
        has: Level,
    },
}

impl Actor {
    pub(crate) fn new(identity: Arc<Identity>, origin: Arc<RequestOrigin>) -> Self {
        Self { identity, origin }
    }

    /// The one gate into an organization's data. *Hidden* or *insufficient* is decided here and nowhere else.
    ///
    /// # Errors
    /// See [`Denied`].
    pub fn scope<A: Access>(&self, organization: OrganizationId) -> Result<TenantScope<A>, Denied> {
        let membership = self.membership(organization).ok_or(Denied::Hidden)?;
        if membership.level < A::LEVEL {
            return Err(Denied::Insufficient { needs: A::LEVEL, has: membership.level });
        }
        Ok(TenantScope { organization, level: membership.level, actor: self.clone(), access: PhantomData })
    }

    /// The caller's membership in an organization, if there is one.
    pub fn membership(&self, organization: OrganizationId) -> Option<&Membership> {
        let memberships = &self.identity.memberships;
        let index = memberships.binary_search_by_key(&organization, |m| m.organization).ok()?;
        memberships.get(index)
    }

    /// All live memberships of the caller, sorted by organization.
    pub fn memberships(&self) -> &[Membership] {
        &self.identity.memberships
    }

    /// The user.
    pub fn user(&self) -> UserId {
        self.identity.user
    }

    /// The user's name.
    pub fn name(&self) -> &str {
        &self.identity.name
    }

    /// The user's e-mail address.
    pub fn email(&self) -> &str {
        &self.identity.email
    }

    /// The session that the caller signed in with.
    pub fn session(&self) -> SessionId {
        self.identity.session
    }

    /// The request that the actor acts in.
    pub fn origin(&self) -> &Arc<RequestOrigin> {
        &self.origin
    }
}

impl<A: Access> Clone for TenantScope<A> {
    fn clone(&self) -> Self {
        Self { organization: self.organization, level: self.level, actor: self.actor.clone(), access: PhantomData }
    }
}

impl<A: Access> TenantScope<A> {
    /// The organization that the scope is for.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The actor's level there, which may be higher than `A`.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The actor.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The same scope with fewer rights.
    pub fn narrow<B: Access>(&self) -> TenantScope<B>
    where
        A: AtLeast<B>,
    {
        TenantScope {
            organization: self.organization,
            level: self.level,
            actor: self.actor.clone(),
            access: PhantomData,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn actor(level: Level) -> Actor {
        let membership = Membership {
            organization: OrganizationId(Uuid::from_u128(1)),
            organization_name: "One".into(),
            organization_created_at: DateTime::UNIX_EPOCH,
            member: MemberId(Uuid::from_u128(2)),
            level,
        };
        let identity = Identity {
            user: UserId(Uuid::from_u128(3)),
            session: SessionId(Uuid::from_u128(4)),
            name: "A".into(),
            email: "a@example.org".into(),
            memberships: vec![membership],
        };
        Actor::new(Arc::new(identity), Arc::default())
    }

    #[test]
    fn a_scope_is_given_hidden_or_insufficient() {
        let here = OrganizationId(Uuid::from_u128(1));
        let elsewhere = OrganizationId(Uuid::from_u128(9));
        let writer = actor(Level::Write);
        assert!(writer.scope::<Read>(here).is_ok());
        assert!(writer.scope::<Write>(here).is_ok());
        assert_eq!(
            writer.scope::<Admin>(here).unwrap_err(),
            Denied::Insufficient { needs: Level::Admin, has: Level::Write }
        );
        assert_eq!(writer.scope::<Read>(elsewhere).unwrap_err(), Denied::Hidden);
    }
}
