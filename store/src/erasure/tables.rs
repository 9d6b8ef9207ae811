//! Which tables an organization has rows in.

/// Every table with an `org_id` but `organization` itself, in the order in which its rows are deleted: what refers to
/// others before them. A test compares the list with the catalogue.
///
/// The head of the audit chain goes before what is written without a reference to the organization: no write is kept
/// without its entry, so that once the head is gone nothing can come after it.
pub const TENANT_TABLES: [&str; 18] = [
    "api_key_client",
    "api_key",
    "invitation",
    "access_secret",
    "consultant_grant",
    "scenario_source",
    "scenario",
    "role_version",
    "role_configuration",
    "benchmark_participation",
    "benchmark_receipt",
    "organization_segment",
    "organization_verification",
    "firm_assignment",
    "member",
    HEAD,
    "audit_payload",
    "audit_event",
];

/// The head of the audit chain, which the tombstone keeps.
pub(super) const HEAD: &str = "audit_head";
