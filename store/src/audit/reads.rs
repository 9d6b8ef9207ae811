//! Reads that leave a trace: those of consultants.

use domain::ids::OrganizationId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{AuditEntry, Author, append};
use crate::{
    Store,
    access::{Actor, Read, ReadObjects, TenantScope},
    database::Door,
    error::StoreError,
};

/// How the audit log names an object, which is how the schema does: its organization, its type, its identifier.
pub type ObjectName = fn(OrganizationId, &'static str, Uuid) -> String;

impl Store {
    /// Writes down what the actor has read as a consultant since the last call: one entry for each organization, before
    /// the answer leaves. `operation` is what the client calls its request.
    ///
    /// # Errors
    /// When the database fails; then the answer must not leave.
    pub async fn record_access(
        &self,
        actor: &Actor,
        operation: Option<&str>,
        name_of: ObjectName,
    ) -> Result<(), StoreError> {
        for reads in actor.reads().take() {
            let organization = reads.entry.organization;
            let scope = TenantScope::<Read>::new(reads.entry, actor.clone());
            let read: Vec<Value> =
                reads.objects.iter().map(|(kind, objects)| described(organization, kind, objects, name_of)).collect();
            let payload = json!({ "operation": operation, "read": read });
            self.append_reads(&scope, AuditEntry::new("organization.read", "Organization", None, payload)).await?;
        }
        Ok(())
    }

    async fn append_reads(&self, scope: &TenantScope<Read>, entry: AuditEntry) -> Result<(), StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().writer(Door::App).await?;
            match connection.begin(Some(scope.organization().0)).await {
                Ok(()) => {
                    let (now, id) = (self.clock().now(), self.ids().next());
                    append(&connection, &Author::of(scope), entry, now, id).await?;
                    connection.commit().await?;
                    return Ok(());
                }
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

fn described(organization: OrganizationId, kind: &'static str, objects: &ReadObjects, name_of: ObjectName) -> Value {
    let ids: Vec<String> = objects.ids.iter().map(|id| name_of(organization, kind, *id)).collect();
    json!({ "objectType": kind, "objectIds": ids, "count": objects.count })
}
