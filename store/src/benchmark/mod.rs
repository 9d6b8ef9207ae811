//! The benchmark: what organizations contribute, how releases are built from it, and how they are read.
//!
//! ```text
//! contributing   an organization joins, leaves, declares its segment; the operator verifies it      as the tenant
//! snapshot       who contributes, as which control group, seen by whom; their contributions         as the builder
//! build          cells, rules, noise, audit; approving, publishing, retracting                      as the builder
//! reading        published figures, and whether the viewer may see them                             as the server
//! ```

pub mod build;
pub mod builder;
pub mod contributing;
pub mod reading;
pub mod snapshot;
pub mod world;
