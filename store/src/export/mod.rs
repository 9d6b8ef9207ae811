//! Taking an organization's data out: everything as an archive, or the audit log as lines.
//!
//! What is read is written to files without a name first, so that a slow client holds neither a connection nor a
//! snapshot, and so that the audit entry is written before the first byte leaves.

mod archive;
mod rows;
mod spool;
mod tables;

use std::{fs::File, io, path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use serde_json::{Value, json};

use self::{
    rows::Names,
    spool::{Spooled, blocking},
    tables::Tables,
};
use crate::{
    Store,
    access::{Actor, Admin, Area, Caller, Entry, Level, Rights, TenantScope},
    audit::{ActorKind, AuditEntry, AuditFilter, ObjectName},
    error::StoreError,
};

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files that it is put together in.
    #[error("the export could not be put together: {0}")]
    Io(#[from] io::Error),
}

/// A file to be sent. It has no name on the disk, and is gone when it is dropped.
pub struct Download {
    /// The file, at its beginning.
    pub file: File,
    /// How many bytes it has.
    pub bytes: u64,
    /// What the person who asked should call it.
    pub file_name: String,
}

impl Download {
    /// Keeps the file under a name that is free, for its owner only.
    ///
    /// # Errors
    /// When the name is taken, or the disk refuses.
    pub fn save(mut self, path: &Path) -> io::Result<()> {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        io::copy(&mut self.file, &mut file)?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Store {
    /// All data of an organization as of one moment, as a gzipped tar (FORMAT.md lies in it). `directory` is where it is
    /// put together, `name_of` how the schema names objects. The audit log has the export before this returns.
    ///
    /// # Errors
    /// See [`ExportError`].
    pub async fn export_organization(
        &self,
        scope: &TenantScope<Admin>,
        directory: &Path,
        name_of: ObjectName,
    ) -> Result<Download, ExportError> {
        let names = Names { organization: scope.organization(), name_of };
        let now = self.clock().now();
        let snapshot = self.snapshot(&for_export(scope, Area::Export)?).await?;
        let files = Tables { snapshot: &snapshot, names, directory }.all().await?;
        snapshot.end().await?;
        let rows: Value = files.iter().map(|file| (file.name.to_owned(), json!(file.rows))).collect();
        let manifest = manifest(scope, names, now);
        let directory = directory.to_owned();
        let archive = blocking(move || archive::pack(&directory, manifest, files, now)).await?;
        let payload = json!({ "rows": rows, "bytes": archive.bytes, "sha256": archive.sha256 });
        self.record_export(
            scope,
            AuditEntry::new("organization.export", "Organization", names.organization(), payload),
        )
        .await?;
        let file_name = format!("rolemark-export-{}.tar.gz", now.format("%Y%m%dT%H%M%SZ"));
        Ok(Download { file: archive.file, bytes: archive.bytes, file_name })
    }

    /// The audit log, or what lies between two instants of it, a line of JSON for each entry, in the order of the chain.
    /// The audit log has the export before this returns.
    ///
    /// # Errors
    /// See [`ExportError`].
    pub async fn export_audit_log(
        &self,
        scope: &TenantScope<Admin>,
        (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        directory: &Path,
        name_of: ObjectName,
    ) -> Result<Download, ExportError> {
        let names = Names { organization: scope.organization(), name_of };
        let filter = AuditFilter { from, until, ..AuditFilter::default() };
        let snapshot = self.snapshot(&for_export(scope, Area::Audit)?).await?;
        let log = Tables { snapshot: &snapshot, names, directory }.audit_events(&filter).await?;
        snapshot.end().await?;
        let Spooled { file, rows, bytes, sha256, .. } = log;
        let payload = json!({ "from": from, "until": until, "rows": rows, "bytes": bytes, "sha256": sha256 });
        self.record_export(scope, AuditEntry::new("audit.export", "Organization", names.organization(), payload))
            .await?;
        let file_name = format!("rolemark-audit-{}.jsonl", self.clock().now().format("%Y%m%dT%H%M%SZ"));
        Ok(Download { file, bytes, file_name })
    }

    async fn record_export(&self, scope: &TenantScope<Admin>, entry: AuditEntry) -> Result<(), StoreError> {
        self.begin(scope).await?.commit(entry).await
    }
}

/// An export reads what the right to it covers, whatever other rights the caller lacks: an API key for exports may read
/// nothing else, nor may the admin of a closed organization.
fn for_export(scope: &TenantScope<Admin>, area: Area) -> Result<TenantScope<Admin>, StoreError> {
    if scope.rights().level(area) < Some(Level::Admin) {
        return Err(StoreError::internal(format!("the scope does not allow an export by {area:?}")));
    }
    let entry = Entry { rights: Rights::of_member(Level::Admin), ..scope.entry().clone() };
    Ok(TenantScope::new(Arc::new(entry), scope.actor().clone()))
}

fn manifest(scope: &TenantScope<Admin>, names: Names, now: DateTime<Utc>) -> Value {
    json!({
        "format": "rolemark-organization-export",
        "formatVersion": 1,
        "program": concat!("rolemark ", env!("CARGO_PKG_VERSION")),
        "organization": { "id": names.organization(), "name": scope.entry().organization_name },
        "createdAt": now,
        "createdBy": created_by(scope.organization(), scope.actor(), names.name_of),
        "isConsistentSnapshot": true,
    })
}

fn created_by(organization: OrganizationId, actor: &Actor, name_of: ObjectName) -> Value {
    match actor.caller() {
        Caller::User { id, name, email, .. } => {
            json!({ "kind": ActorKind::User.as_str(), "userId": id.0, "name": name, "email": email })
        }
        Caller::ApiKey { id, name, .. } => {
            let id = name_of(organization, "ApiKey", id.0);
            json!({ "kind": ActorKind::ApiKey.as_str(), "id": id, "name": name })
        }
        Caller::Operator => json!({ "kind": ActorKind::Operator.as_str() }),
    }
}
