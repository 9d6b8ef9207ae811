//! Access that an organization lends to a consultant: to a user, or to a firm, whose own admins say who of its staff may
//! use it.
//!
//! Grants belong to the client, assignments to the firm. Neither sees the other's rows; the sign-in role joins them.

mod acceptance;
mod assignments;
mod firm;
mod grants;
mod order;
mod record;
mod writes;

pub use acceptance::{AcceptError, GRANT_TOKEN_DAYS};
pub use assignments::{Assignments, FirmAssignment};
pub use firm::FirmClient;
pub use grants::{ConsultantGrants, GrantFilter};
pub use order::anonymous_position;
pub use record::{ConsultantGrant, GrantState, Grantee};
pub use writes::{GrantWriter, NewGrant};
