//! Recomputing a chain from its rows, as an auditor does.

use entity::{audit_event, audit_payload};

use super::{
    AuditFilter, Checkpoint,
    digest::{BEGINNING, Content, FORMAT, link, of_payload},
};
use crate::{
    Store,
    access::{Admin, TenantScope},
    error::StoreError,
    library::Progress,
};

/// Entries that are read at a time.
const PAGE: u64 = 500;

/// What a chain turned out to be.
#[derive(Clone, Debug)]
pub struct ChainReport {
    /// Entries that were verified.
    pub entries: u64,
    /// How many of them have lost their details to retention.
    pub erased_payloads: u64,
    /// The last entry that was verified.
    pub head: Checkpoint,
    /// What is wrong first; `None` when nothing is.
    pub fault: Option<ChainFault>,
}

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainFault {
    /// Number of the entry.
    pub seq: i64,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What can be wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The entry is missing.
    Gap,
    /// Its details or its address are not those that it was made with.
    Payload,
    /// Something else of it, or its place, was changed.
    Hash,
    /// It was made in a way that this program does not know.
    Format,
    /// The chain does not end where its head says.
    Head,
    /// The checkpoint is not on this chain.
    Checkpoint,
}

impl FaultKind {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "the entry is missing",
            Self::Payload => "its details or its address were changed",
            Self::Hash => "the entry or its place in the chain was changed",
            Self::Format => "its format is unknown to this program",
            Self::Head => "the chain does not end where its head says",
            Self::Checkpoint => "the checkpoint is not on this chain",
        }
    }
}

impl Store {
    /// Recomputes the chain of an organization, page by page, and compares it with a checkpoint if one is given.
    ///
    /// # Errors
    /// When the database fails. A broken chain is no error: see [`ChainReport::fault`].
    pub async fn verify_chain(
        &self,
        scope: &TenantScope<Admin>,
        checkpoint: Option<&Checkpoint>,
        progress: &dyn Progress,
    ) -> Result<ChainReport, StoreError> {
        let snapshot = self.snapshot(scope).await?;
        let head = snapshot.reader().await?.audit_log().head().await?;
        let total = head.as_ref().and_then(|head| u64::try_from(head.seq).ok());
        progress.start(&scope.entry().organization_name, total);
        let mut walk = Walk::new(scope.organization().0, checkpoint);
        while walk.report.fault.is_none() {
            // From the very beginning: an entry below 1 is none of the chain.
            let seq = if walk.report.entries == 0 { i64::MIN } else { walk.report.head.seq };
            let rows = snapshot.reader().await?.audit_log().rows_after(seq, &AuditFilter::default(), PAGE).await?;
            if rows.is_empty() {
                break;
            }
            progress.advance(rows.len() as u64);
            walk.take(&rows);
        }
        snapshot.end().await?;
        progress.finish();
        Ok(walk.end(head.as_ref()))
    }
}

/// How far the chain has been followed.
struct Walk<'a> {
    organization: uuid::Uuid,
    checkpoint: Option<&'a Checkpoint>,
    report: ChainReport,
}

impl<'a> Walk<'a> {
    fn new(organization: uuid::Uuid, checkpoint: Option<&'a Checkpoint>) -> Self {
        let head = Checkpoint { seq: 0, hash: BEGINNING.to_vec() };
        let report = ChainReport { entries: 0, erased_payloads: 0, head, fault: None };
        Self { organization, checkpoint, report }
    }

    /// Follows entries until one is wrong.
    fn take(&mut self, rows: &[(audit_event::Model, Option<audit_payload::Model>)]) {
        for (event, payload) in rows {
            let seq = self.report.head.seq + 1;
            if let Some(kind) = self.fault_of(seq, event, payload.as_ref()) {
                self.report.fault = Some(ChainFault { seq, kind });
                return;
            }
            self.report.entries += 1;
            self.report.erased_payloads += u64::from(payload.is_none());
            self.report.head = Checkpoint { seq, hash: event.hash.clone() };
        }
    }

    fn fault_of(
        &self,
        seq: i64,
        event: &audit_event::Model,
        payload: Option<&audit_payload::Model>,
    ) -> Option<FaultKind> {
        let format = event.format;
        if event.seq != seq {
            return Some(FaultKind::Gap);
        }
        if !(1..=FORMAT).contains(&format) {
            return Some(FaultKind::Format);
        }
        let digest = |p: &audit_payload::Model| of_payload(format, &p.salt, &p.payload, p.address.as_deref());
        if payload.map(digest).is_some_and(|digest| digest != event.payload_digest) {
            return Some(FaultKind::Payload);
        }
        if link(&self.report.head.hash, seq, &content(self.organization, event).digest(format)) != event.hash {
            return Some(FaultKind::Hash);
        }
        let is_other = self.checkpoint.is_some_and(|known| known.seq == seq && known.hash != event.hash);
        is_other.then_some(FaultKind::Checkpoint)
    }

    /// All entries were followed, or one was wrong.
    fn end(mut self, head: Option<&Checkpoint>) -> ChainReport {
        let found = &self.report.head;
        let is_beyond = |known: &&Checkpoint| known.seq > found.seq || (known.seq == 0 && known.hash != BEGINNING);
        if self.report.fault.is_none() {
            self.report.fault = if head != Some(found) {
                Some(ChainFault { seq: found.seq, kind: FaultKind::Head })
            } else {
                let missed = self.checkpoint.filter(is_beyond);
                missed.map(|known| ChainFault { seq: known.seq, kind: FaultKind::Checkpoint })
            };
        }
        self.report
    }
}

fn content(organization: uuid::Uuid, event: &audit_event::Model) -> Content<'_> {
    Content {
        organization,
        id: event.id,
        occurred_at: event.occurred_at,
        actor_kind: &event.actor_kind,
        actor: event.actor_id,
        action: &event.action,
        object_type: &event.object_type,
        object_id: event.object_id.as_deref(),
        request_id: &event.request_id,
        payload_digest: &event.payload_digest,
        grant: event.grant_id,
        firm: event.firm_id,
    }
}
