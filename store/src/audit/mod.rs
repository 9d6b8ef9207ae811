//! The audit log of an organization: append-only, and a chain of digests.
//!
//! `hash(n) = SHA-256(hash(n-1) || n as 8 bytes || content digest)`, the chain begins with 32 zero bytes. The content
//! digest covers who, what, on which object, when, the request, and a salted digest of the payload; the
//! payload itself lies in a table of its own, so that it can be erased and the chain still be verified.

mod append;
mod checkpoint;
mod digest;
mod first;
mod log;
mod reads;
mod verify;

pub(crate) use append::{Author, append, begin_chain};
pub use checkpoint::{Checkpoint, CheckpointError};
pub(crate) use first::FirstEntry;
pub use log::{AuditEvent, AuditFilter, AuditLog};
pub use reads::ObjectName;
pub use verify::{ChainFault, ChainReport, FaultKind};

use serde_json::Value;

/// What kind of caller acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A person who signed in.
    User,
    /// A program with an API key.
    ApiKey,
    /// Somebody at the command line.
    Operator,
}

impl ActorKind {
    /// The kind's name in the database and in the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::ApiKey => "API_KEY",
            Self::Operator => "OPERATOR",
        }
    }
}

/// What a committed write leaves behind.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub(crate) action: &'static str,
    pub(crate) object_type: &'static str,
    pub(crate) object_id: Option<String>,
    pub(crate) payload: Value,
}

impl AuditEntry {
    /// An entry for `action` (such as `roleConfiguration.publish`) on an object, with what there is to know about it.
    /// The payload must hold no secret.
    pub fn new(
        action: &'static str,
        object_type: &'static str,
        object_id: impl Into<Option<String>>,
        payload: Value,
    ) -> Self {
        Self { action, object_type, object_id: object_id.into(), payload }
    }
}
