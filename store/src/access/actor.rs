//! The caller of a request, and the organizations that it can enter.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::{ApiKeyId, ConsultantGrantId, MemberId, OrganizationId, SessionId, UserId};

use super::{Access, Area, Denied, KeyScope, Read, Reads, Rights, TenantScope};
use crate::RequestOrigin;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A person who signed in.
    User {
        /// The user.
        id: UserId,
        /// The session that the user signed in with.
        session: SessionId,
        /// The user's name.
        name: String,
        /// The user's e-mail address.
        email: String,
    },
    /// A program.
    ApiKey {
        /// The key.
        id: ApiKeyId,
        /// The organization that the key belongs to.
        organization: OrganizationId,
        /// What the organization calls it.
        name: String,
        /// How its secret begins.
        prefix: String,
        /// What it may be used for.
        scopes: Vec<KeyScope>,
        /// When its time is over.
        expires_at: DateTime<Utc>,
    },
    /// Somebody at the command line.
    Operator,
}

/// By what right somebody enters an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A membership.
    Membership(MemberId),
    /// A consultant grant, given to the user, or to the firm that lets the caller use it.
    Grant {
        /// The grant.
        grant: ConsultantGrantId,
        /// The firm on whose behalf the caller acts.
        firm: Option<OrganizationId>,
    },
    /// An API key of the organization itself.
    ApiKey,
    /// The command line.
    Operator,
}

/// An organization that the caller can enter, and what it may do there.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The organization.
    pub organization: OrganizationId,
    /// The organization's name.
    pub organization_name: String,
    /// When the organization was made.
    pub organization_created_at: DateTime<Utc>,
    /// When it was closed; only admins still enter it then.
    pub organization_closed_at: Option<DateTime<Utc>>,
    /// By what right.
    pub via: Via,
    /// What is allowed.
    pub rights: Rights,
    /// When the right ends by itself.
    pub until: Option<DateTime<Utc>>,
}

impl Entry {
    /// Memberships come first, then what is not limited to families, then the higher level.
    fn rank(&self) -> impl Ord + use<> {
        let is_grant = matches!(self.via, Via::Grant { .. });
        (self.organization, is_grant, self.rights.families().is_some(), std::cmp::Reverse(self.rights.highest()))
    }
}

/// What the database said about the caller, at most one second ago.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) caller: Caller,
    /// Sorted by organization, the widest first.
    entries: Vec<Arc<Entry>>,
}

impl Identity {
    pub(crate) fn new(caller: Caller, mut entries: Vec<Entry>) -> Self {
        entries.retain(|entry| !entry.rights.is_empty());
        entries.sort_by_key(Entry::rank);
        Self { caller, entries: entries.into_iter().map(Arc::new).collect() }
    }

    /// Whether the caller can enter the organization, or is a key of it.
    pub(crate) fn concerns(&self, organization: OrganizationId) -> bool {
        self.entries.iter().any(|entry| entry.organization == organization)
    }
}

/// An authenticated caller, for one request. Only [`crate::Store::authenticate`] makes one.
#[derive(Clone, Debug)]
pub struct Actor {
    identity: Arc<Identity>,
    origin: Arc<RequestOrigin>,
    /// When the request began: what ends, ends by this instant.
    at: DateTime<Utc>,
    reads: Arc<Reads>,
}

impl Actor {
    pub(crate) fn new(identity: Arc<Identity>, origin: Arc<RequestOrigin>, at: DateTime<Utc>) -> Self {
        Self { identity, origin, at, reads: Arc::default() }
    }

    /// The same caller in the same request, with what the database says now.
    pub(crate) fn renewed(&self, identity: Arc<Identity>, at: DateTime<Utc>) -> Self {
        Self { identity, origin: Arc::clone(&self.origin), at, reads: Arc::clone(&self.reads) }
    }

    /// Lets the caller into an organization, whatever it may do there; `None` if it may not know that it exists.
    pub fn enter(&self, organization: OrganizationId) -> Option<TenantScope<Read>> {
        let entry = self.entries_of(organization).next()?;
        Some(TenantScope::new(Arc::clone(entry), self.clone()))
    }

    /// The one gate to rights in an organization. *Hidden* or *insufficient* is decided here and nowhere else.
    ///
    /// # Errors
    /// See [`Denied`].
    pub fn scope<A: Access>(&self, organization: OrganizationId, area: Area) -> Result<TenantScope<A>, Denied> {
        let mut best = Err(Denied::Hidden);
        for entry in self.entries_of(organization) {
            let has = entry.rights.level(area);
            if has >= Some(A::LEVEL) {
                return Ok(TenantScope::new(Arc::clone(entry), self.clone()));
            }
            let known = if let Err(Denied::Insufficient { has, .. }) = best { has } else { None };
            best = Err(Denied::Insufficient { area, needs: A::LEVEL, has: known.max(has) });
        }
        best
    }

    /// Every organization that the caller can enter now, the widest right of each, sorted by organization.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let mut last = None;
        self.live().filter(move |entry| last.replace(entry.organization) != Some(entry.organization)).map(Arc::as_ref)
    }

    fn live(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.identity.entries.iter().filter(|entry| entry.until.is_none_or(|until| self.at < until))
    }

    fn entries_of(&self, organization: OrganizationId) -> impl Iterator<Item = &Arc<Entry>> {
        self.live().filter(move |entry| entry.organization == organization)
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.identity.caller
    }

    /// The user; `None` for an API key and for the command line.
    pub fn user(&self) -> Option<UserId> {
        match self.caller() {
            Caller::User { id, .. } => Some(*id),
            Caller::ApiKey { .. } | Caller::Operator => None,
        }
    }

    /// The session; `None` for an API key and for the command line.
    pub fn session(&self) -> Option<SessionId> {
        match self.caller() {
            Caller::User { session, .. } => Some(*session),
            Caller::ApiKey { .. } | Caller::Operator => None,
        }
    }

    /// What names the caller in versions and in limits: the user or the key; nobody for the command line.
    pub fn id(&self) -> uuid::Uuid {
        match self.caller() {
            Caller::User { id, .. } => id.0,
            Caller::ApiKey { id, .. } => id.0,
            Caller::Operator => uuid::Uuid::nil(),
        }
    }

    /// The request that the actor acts in.
    pub fn origin(&self) -> &Arc<RequestOrigin> {
        &self.origin
    }

    /// When the request began.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    pub(crate) fn reads(&self) -> &Reads {
        &self.reads
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use uuid::Uuid;

    use super::*;
    use crate::access::{Admin, Level, Write};

    const HERE: OrganizationId = OrganizationId(Uuid::from_u128(1));
    const ELSEWHERE: OrganizationId = OrganizationId(Uuid::from_u128(9));

    fn entry(via: Via, rights: Rights, until: Option<DateTime<Utc>>) -> Entry {
        Entry {
            organization: HERE,
            organization_name: "One".into(),
            organization_created_at: DateTime::UNIX_EPOCH,
            organization_closed_at: None,
            via,
            rights,
            until,
        }
    }

    fn actor(entries: Vec<Entry>) -> Actor {
        let caller = Caller::User {
            id: UserId(Uuid::from_u128(3)),
            session: SessionId(Uuid::from_u128(4)),
            name: "A".into(),
            email: "a@example.org".into(),
        };
        Actor::new(Arc::new(Identity::new(caller, entries)), Arc::default(), DateTime::UNIX_EPOCH)
    }

    fn member(level: Level) -> Entry {
        entry(Via::Membership(MemberId(Uuid::from_u128(2))), Rights::of_member(level), None)
    }

    fn grant(number: u128, rights: Rights, until: DateTime<Utc>) -> Entry {
        entry(Via::Grant { grant: ConsultantGrantId(Uuid::from_u128(number)), firm: None }, rights, Some(until))
    }

    #[test]
    fn a_scope_is_given_hidden_or_insufficient() {
        let writer = actor(vec![member(Level::Write)]);
        assert!(writer.enter(HERE).is_some());
        assert!(writer.scope::<Read>(HERE, Area::Roles).is_ok());
        assert!(writer.scope::<Write>(HERE, Area::Roles).is_ok());
        let denied = Denied::Insufficient { area: Area::Roles, needs: Level::Admin, has: Some(Level::Write) };
        assert_eq!(writer.scope::<Admin>(HERE, Area::Roles).unwrap_err(), denied);
        assert_eq!(writer.scope::<Read>(ELSEWHERE, Area::Roles).unwrap_err(), Denied::Hidden);
        assert!(writer.enter(ELSEWHERE).is_none());
    }

    #[test]
    fn a_grant_ends_at_its_instant() {
        let now = DateTime::UNIX_EPOCH;
        let rights = Rights::of_grant(Level::Read, None);
        let live = actor(vec![grant(1, rights.clone(), now + Duration::microseconds(1))]);
        assert!(live.enter(HERE).is_some());
        let ended = actor(vec![grant(1, rights, now)]);
        assert!(ended.enter(HERE).is_none());
        assert_eq!(ended.scope::<Read>(HERE, Area::Roles).unwrap_err(), Denied::Hidden);
        assert_eq!(ended.entries().count(), 0);
    }

    #[test]
    fn the_widest_right_that_suffices_is_used() {
        let later = DateTime::UNIX_EPOCH + Duration::days(1);
        let limited = grant(1, Rights::of_grant(Level::Write, Some(vec!["engineering".into()])), later);
        let wide = grant(2, Rights::of_grant(Level::Read, None), later);
        let consultant = actor(vec![limited, wide]);
        assert!(consultant.enter(HERE).unwrap().rights().families().is_none());
        assert!(consultant.scope::<Write>(HERE, Area::Roles).unwrap().rights().families().is_some());
        assert_eq!(consultant.entries().count(), 1);
    }
}
