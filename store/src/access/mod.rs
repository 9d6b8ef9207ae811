//! Who may do what in which organization, as values that only this crate can make.

mod actor;
mod level;
mod reads;
mod rights;
mod scope;

pub(crate) use actor::Identity;
pub use actor::{Actor, Caller, Entry, Via};
pub use level::{Access, Admin, AtLeast, Level, Read, Write};
pub use reads::ReadObjects;
pub(crate) use reads::Reads;
pub use rights::{Area, KeyScope, Rights};
pub use scope::{Denied, TenantScope};
