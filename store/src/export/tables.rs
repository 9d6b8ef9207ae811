//! Reading what an organization has, page by page, all of one moment.

use std::{collections::HashMap, hash::Hash, path::Path};

use entity::{
    api_key, api_key_client, benchmark_participation, benchmark_receipt, consultant_grant, firm_assignment, invitation,
    member, organization, organization_segment, organization_verification, role_configuration, role_version, scenario,
    scenario_source,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    ExportError,
    rows::{Line, Names},
    spool::{Spool, Spooled},
};
use crate::{
    access::Admin,
    audit::AuditFilter,
    error::StoreError,
    tenant::{Snapshot, TenantEntity},
};

/// Rows that are in memory at a time.
const PAGE: u64 = 100;

/// Name of the file of the audit log.
pub(super) const AUDIT_EVENTS: &str = "audit_events.jsonl";

/// Reads and writes the files of an archive.
pub(super) struct Tables<'a> {
    pub(super) snapshot: &'a Snapshot<Admin>,
    pub(super) names: Names,
    pub(super) directory: &'a Path,
}

impl Tables<'_> {
    /// All files, in the order of the archive.
    pub(super) async fn all(&self) -> Result<Vec<Spooled>, ExportError> {
        let mut files = vec![
            self.organization().await?,
            self.plain::<member::Entity>("members.jsonl", member::Column::Id, |row| row.id).await?,
            self.plain::<invitation::Entity>("invitations.jsonl", invitation::Column::Id, |row| row.id).await?,
            self.plain::<role_configuration::Entity>("roles.jsonl", role_configuration::Column::Id, |row| row.id)
                .await?,
            self.plain::<role_version::Entity>("role_versions.jsonl", role_version::Column::Id, |row| row.id).await?,
            self.scenarios().await?,
            self.plain::<consultant_grant::Entity>("consultant_grants.jsonl", consultant_grant::Column::Id, |row| {
                row.id
            })
            .await?,
            self.plain::<firm_assignment::Entity>("firm_assignments.jsonl", firm_assignment::Column::Id, |row| row.id)
                .await?,
            self.api_keys().await?,
        ];
        files.extend(self.benchmark().await?);
        files.push(self.audit_events(&AuditFilter::default()).await?);
        Ok(files)
    }

    /// The organization's part in the benchmark.
    async fn benchmark(&self) -> Result<[Spooled; 4], ExportError> {
        use benchmark_participation as participation;
        use organization_segment as segment;
        use organization_verification as verification;
        Ok([
            self.plain::<participation::Entity>("benchmark_participations.jsonl", participation::Column::Id, |row| {
                row.id
            })
            .await?,
            self.plain::<segment::Entity>("organization_segments.jsonl", segment::Column::Id, |row| row.id).await?,
            self.plain::<verification::Entity>("organization_verifications.jsonl", verification::Column::Id, |row| {
                row.id
            })
            .await?,
            self.plain::<benchmark_receipt::Entity>("benchmark_receipts.jsonl", benchmark_receipt::Column::Id, |row| {
                row.id
            })
            .await?,
        ])
    }

    /// The audit log, or what a filter leaves of it, in the order of the chain.
    pub(super) async fn audit_events(&self, filter: &AuditFilter) -> Result<Spooled, ExportError> {
        let mut spool = Spool::new(AUDIT_EVENTS, self.directory)?;
        let mut seq = i64::MIN;
        loop {
            let rows = self.snapshot.reader().await?.audit_log().rows_after(seq, filter, PAGE).await?;
            let Some((last, _)) = rows.last() else { return spool.finish().await };
            seq = last.seq;
            spool = spool.add(self.lines(&rows)?).await?;
        }
    }

    async fn organization(&self) -> Result<Spooled, ExportError> {
        let reader = self.snapshot.reader().await?;
        let row = reader.select::<organization::Entity>().one(reader.connection()).await.map_err(StoreError::from)?;
        let row = row.ok_or_else(|| StoreError::internal("the organization is gone"))?;
        let head = reader.audit_log().head().await?;
        let spool = Spool::new("organization.jsonl", self.directory)?;
        spool.add(self.lines(&[(row, head)])?).await?.finish().await
    }

    /// A table whose rows stand for themselves.
    async fn plain<E>(
        &self,
        name: &'static str,
        id: E::Column,
        id_of: fn(&E::Model) -> Uuid,
    ) -> Result<Spooled, ExportError>
    where
        E: TenantEntity,
        E::Model: Line,
    {
        let mut spool = Spool::new(name, self.directory)?;
        let mut after = None;
        loop {
            let rows = self.page::<E>(id, after).await?;
            let Some(last) = rows.last() else { return spool.finish().await };
            after = Some(id_of(last));
            spool = spool.add(self.lines(&rows)?).await?;
        }
    }

    async fn scenarios(&self) -> Result<Spooled, ExportError> {
        let mut spool = Spool::new("scenarios.jsonl", self.directory)?;
        let mut after = None;
        loop {
            let rows = self.page::<scenario::Entity>(scenario::Column::Id, after).await?;
            let Some(last) = rows.last() else { return spool.finish().await };
            after = Some(last.id);
            let reader = self.snapshot.reader().await?;
            let sources = reader
                .select::<scenario_source::Entity>()
                .filter(scenario_source::Column::ScenarioId.is_in(rows.iter().map(|row| row.id)))
                .order_by_asc(scenario_source::Column::ScenarioId)
                .order_by_asc(scenario_source::Column::Position)
                .all(reader.connection());
            let sources = sources.await.map_err(StoreError::from)?;
            let mut sources = grouped(sources, |source| source.scenario_id);
            let rows = rows.into_iter().map(|row| {
                let sources = sources.remove(&row.id).unwrap_or_default();
                (row, sources)
            });
            spool = spool.add(self.lines(&rows.collect::<Vec<_>>())?).await?;
        }
    }

    async fn api_keys(&self) -> Result<Spooled, ExportError> {
        let mut spool = Spool::new("api_keys.jsonl", self.directory)?;
        let mut after = None;
        loop {
            let rows = self.page::<api_key::Entity>(api_key::Column::Id, after).await?;
            let Some(last) = rows.last() else { return spool.finish().await };
            after = Some(last.id);
            let reader = self.snapshot.reader().await?;
            let clients = reader
                .select::<api_key_client::Entity>()
                .filter(api_key_client::Column::ApiKeyId.is_in(rows.iter().map(|row| row.id)))
                .order_by_asc(api_key_client::Column::ClientOrgId)
                .all(reader.connection());
            let clients = clients.await.map_err(StoreError::from)?;
            let mut clients = grouped(clients, |client| client.api_key_id);
            let rows = rows.into_iter().map(|row| {
                let clients = clients.remove(&row.id).unwrap_or_default();
                (row, clients)
            });
            spool = spool.add(self.lines(&rows.collect::<Vec<_>>())?).await?;
        }
    }

    async fn page<E: TenantEntity>(&self, id: E::Column, after: Option<Uuid>) -> Result<Vec<E::Model>, StoreError> {
        let reader = self.snapshot.reader().await?;
        let query = reader.select::<E>().apply_if(after, |query, after| query.filter(id.gt(after)));
        Ok(query.order_by_asc(id).limit(PAGE).all(reader.connection()).await?)
    }

    fn lines<R: Line>(&self, rows: &[R]) -> Result<Vec<Vec<u8>>, StoreError> {
        rows.iter().map(|row| row.line(self.names)).collect()
    }
}

fn grouped<K: Eq + Hash, T>(items: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    groups
}
