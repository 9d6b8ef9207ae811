//! Where a request comes from.

use std::net::IpAddr;

/// A request as the audit log, the list of sessions and throttling know it.
#[derive(Clone, Debug, Default)]
pub struct RequestOrigin {
    /// Ties the answer, the log and the audit log together.
    pub request_id: String,
    /// Address of the client; `None` for commands of the operator.
    pub address: Option<IpAddr>,
    /// What the client says it is, shortened; `None` if it says nothing.
    pub user_agent: Option<String>,
}
