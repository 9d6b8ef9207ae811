//! Pools and connections. Nothing of this module is public: the ways in are [`crate::Store`]'s.

mod connection;
mod managers;
mod owner;
mod pools;
mod url;

pub(crate) use connection::Connection;
pub(crate) use managers::REFUSED_ROLE;
pub(crate) use owner::owner_connection;
pub(crate) use pools::{Database, Door, PoolOptions, sqlite_options};
pub use url::DatabaseUrl;
