//! Role configurations and their versions.

mod filter;
mod reads;
mod record;
mod writes;

pub use filter::{RoleFilter, RoleOrder, RoleOrderField};
pub use reads::Roles;
pub(crate) use record::row_of;
pub use record::{RoleConfiguration, RoleStatus, RoleVersion};
pub use writes::{NewRole, RoleWriter};
