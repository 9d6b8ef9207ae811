//! Proof that somebody may act on one organization.

use std::{marker::PhantomData, sync::Arc};

use domain::ids::{MemberId, OrganizationId};
use uuid::Uuid;

use super::{Access, Actor, Area, AtLeast, Entry, Level, Rights, Via, Write};

/// Proof that the actor may act on one organization at level `A`. It has no public constructor and no `Default`.
#[derive(Debug)]
pub struct TenantScope<A: Access> {
    entry: Arc<Entry>,
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
        /// Where it is needed.
        area: Area,
        /// The level needed.
        needs: Level,
        /// The level that the actor has there.
        has: Option<Level>,
    },
}

impl<A: Access> Clone for TenantScope<A> {
    fn clone(&self) -> Self {
        Self { entry: Arc::clone(&self.entry), actor: self.actor.clone(), access: PhantomData }
    }
}

impl<A: Access> TenantScope<A> {
    pub(crate) fn new(entry: Arc<Entry>, actor: Actor) -> Self {
        Self { entry, actor, access: PhantomData }
    }

    /// The organization that the scope is for.
    pub fn organization(&self) -> OrganizationId {
        self.entry.organization
    }

    /// The organization, and by what right the actor enters it.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// What the actor may do in each area, which may be more than `A`.
    pub fn rights(&self) -> &Rights {
        &self.entry.rights
    }

    /// The actor.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether what is read is to be found in the organization's audit log: what consultants read is.
    pub fn is_recorded(&self) -> bool {
        matches!(self.entry.via, Via::Grant { .. })
    }

    /// Notes objects that were read, if reads leave a trace.
    pub(crate) fn note_reads(&self, object_type: &'static str, ids: impl IntoIterator<Item = Uuid>) {
        if self.is_recorded() {
            self.actor.reads().note(&self.entry, object_type, ids);
        }
    }

    /// The right to end the actor's own membership, which every member has; `None` for all others.
    pub(crate) fn to_leave(&self) -> Option<(TenantScope<Write>, MemberId)> {
        let Via::Membership(member) = self.entry.via else { return None };
        let entry = Entry { rights: Rights::of_leaving(), ..Entry::clone(&self.entry) };
        Some((TenantScope::new(Arc::new(entry), self.actor.clone()), member))
    }

    /// The same scope with fewer rights.
    pub fn narrow<B: Access>(&self) -> TenantScope<B>
    where
        A: AtLeast<B>,
    {
        TenantScope { entry: Arc::clone(&self.entry), actor: self.actor.clone(), access: PhantomData }
    }
}
