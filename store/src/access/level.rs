//! Access levels, as values and as types.

use crate::StoreError;

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

    pub(crate) fn from_database(text: &str) -> Result<Self, StoreError> {
        let level = [Self::Read, Self::Write, Self::Admin].into_iter().find(|level| level.as_str() == text);
        level.ok_or_else(|| StoreError::internal("unknown access level"))
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
