//! Joining, leaving and declaring a segment, as an admin of the organization.

use domain::{disclosure::Segment, ids::UserId};
use entity::{benchmark_participation, organization, organization_segment};
use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use super::{DeclaredSegment, Participation, Refusal, Standing, rules};
use crate::{access::Admin, error::StoreError, tenant::TenantTx};

/// The organization's part in the benchmark, which nobody else changes until the transaction ends.
pub struct LockedPart<'a> {
    pub(super) tx: &'a TenantTx<Admin>,
    pub(super) standing: Standing,
}

/// A change, and what the audit log is to know of it: what was before and what is now.
pub type Changed = Result<Value, Refusal>;

impl TenantTx<Admin> {
    /// Keeps all others from changing the organization's part in the benchmark until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError::RightsEnded`] if the actor acts as an admin and is none any more.
    pub async fn lock_benchmark_part(&self) -> Result<Result<LockedPart<'_>, Refusal>, StoreError> {
        // Whoever changes members, closes the organization or comes here holds the organization's row.
        self.lock_members().await?;
        let reader = self.reader();
        let row = reader.select::<organization::Entity>().one(reader.connection()).await?;
        if row.is_none_or(|row| row.closed_at.is_some()) {
            return Ok(Err(Refusal::Closed));
        }
        let standing = reader.benchmark_part().standing().await?;
        Ok(Ok(LockedPart { tx: self, standing }))
    }
}

impl LockedPart<'_> {
    /// Where the organization stood when it was locked.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Lets the organization contribute from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join(&self) -> Result<Changed, StoreError> {
        if self.standing.current().is_some() {
            return Ok(Err(Refusal::HasJoined));
        }
        let joined_at = self.tx.now();
        self.tx
            .insert(benchmark_participation::Model {
                org_id: self.tx.reader().organization().0,
                id: self.tx.next_id(),
                joined_at,
                joined_by: self.actor().0,
                left_at: None,
                left_by: None,
            })
            .await?;
        Ok(Ok(json!({ "isParticipating": { "before": false, "after": true } })))
    }

    /// Ends that: what is built from now on has nothing of the organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leave(&self) -> Result<Changed, StoreError> {
        use benchmark_participation::{Column, Entity};
        let Some(Participation { id, joined_at, .. }) = self.standing.current() else {
            return Ok(Err(Refusal::HasNotJoined));
        };
        self.tx
            .update::<Entity>()?
            .col_expr(Column::LeftAt, Expr::value(self.tx.now().max(*joined_at)))
            .col_expr(Column::LeftBy, Expr::value(self.actor().0))
            .filter(Column::Id.eq(*id))
            .exec(self.tx.reader().connection())
            .await?;
        Ok(Ok(json!({ "isParticipating": { "before": true, "after": false } })))
    }

    /// Says what kind of organization it is; the operator has to verify it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn declare(&self, segment: Segment) -> Result<Changed, StoreError> {
        if let Err(refusal) = rules::may_declare(&self.standing, segment, self.tx.now()) {
            return Ok(Err(refusal));
        }
        self.put_segment(segment, false).await?;
        Ok(Ok(json!({ "segment": { "before": self.segment_before(), "after": described(segment, false) } })))
    }

    /// The segment in force when the organization was locked, for the audit log.
    pub(super) fn segment_before(&self) -> Option<Value> {
        let before = self.standing.segment.as_ref()?;
        Some(described(before.segment, before.verified_at.is_some()))
    }

    /// Ends the segment in force, and adds one in its place.
    pub(super) async fn put_segment(&self, segment: Segment, is_verified: bool) -> Result<(), StoreError> {
        use organization_segment::{Column, Entity};
        let now = self.tx.now();
        if let Some(DeclaredSegment { id, .. }) = &self.standing.segment {
            let update = self.tx.update::<Entity>()?.col_expr(Column::EndedAt, Expr::value(now));
            update.filter(Column::Id.eq(*id)).exec(self.tx.reader().connection()).await?;
        }
        self.tx
            .insert(organization_segment::Model {
                org_id: self.tx.reader().organization().0,
                id: self.tx.next_id(),
                industry: segment.industry.as_str().to_owned(),
                size_band: segment.size_band.as_str().to_owned(),
                region: segment.region.as_str().to_owned(),
                declared_at: now,
                declared_by: self.actor().0,
                verified_at: is_verified.then_some(now),
                ended_at: None,
            })
            .await
    }

    fn actor(&self) -> UserId {
        UserId(self.tx.reader().scope().actor().id())
    }
}

/// A segment for the audit log.
pub(super) fn described(segment: Segment, is_verified: bool) -> Value {
    let Segment { industry, size_band, region } = segment;
    json!({ "industry": industry, "sizeBand": size_band, "region": region, "isVerified": is_verified })
}
