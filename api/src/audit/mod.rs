//! The audit log.

mod queries;
mod types;

pub(crate) use queries::{AuditEventFilter, audit_events};
pub(crate) use types::{AuditEvent, AuditEventConnection};
