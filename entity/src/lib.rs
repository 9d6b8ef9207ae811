//! SeaORM entities of Rolemark, one file per table and nothing else.

pub mod access_secret;
pub mod api_key;
pub mod api_key_client;
pub mod audit_event;
pub mod audit_head;
pub mod audit_payload;
pub mod canonical_role;
pub mod consultant_grant;
pub mod firm_assignment;
pub mod invitation;
pub mod library_combination;
pub mod library_edition;
pub mod member;
pub mod organization;
pub mod password_reset;
pub mod refresh_token;
pub mod role_configuration;
pub mod role_version;
pub mod scenario;
pub mod scenario_source;
pub mod session;
pub mod user_account;
