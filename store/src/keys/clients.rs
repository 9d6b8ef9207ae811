//! Which organizations are clients of a firm: those that lend it access now.

use std::collections::HashSet;

use domain::ids::OrganizationId;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    access::{Admin, TenantScope},
};

/// A grant is the client's own row, which only the sign-in role sees from the firm's side.
const CLIENTS: &str = "
SELECT g.org_id FROM consultant_grant g
JOIN organization o ON o.org_id = g.org_id AND o.closed_at IS NULL
WHERE g.firm_id = $1 AND g.ended_at IS NULL AND g.expires_at > $2";

impl Store {
    /// The places in a list of those organizations that are no clients of the firm.
    pub(super) async fn strangers_among(
        &self,
        firm: &TenantScope<Admin>,
        clients: &[OrganizationId],
    ) -> Result<Vec<usize>, StoreError> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        let mut known = HashSet::new();
        for row in self.ask_auth(CLIENTS, [firm.organization().0.into(), self.clock().now().into()]).await? {
            known.insert(OrganizationId(row.try_get::<Uuid>("", "org_id")?));
        }
        Ok((0..).zip(clients).filter(|(_, client)| !known.contains(client)).map(|(place, _)| place).collect())
    }
}
