//! Verifying an organization, as the operator.

use domain::disclosure::Segment;
use entity::{organization_segment, organization_verification};
use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use super::{Changed, LockedPart, Refusal, Verification, writes::described};
use crate::error::StoreError;

/// What the operator has found out. Two organizations with an equal text of a kind are one contributor, whatever its case,
/// spaces and marks ([`domain::disclosure::control_groups`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVerification {
    /// The legal entity, such as `LEI:529900T8BM49AURSDO55`.
    pub legal_entity: String,
    /// The group of companies that it belongs to.
    pub legal_group: Option<String>,
    /// Who holds its domain name.
    pub registrant_domain: Option<String>,
    /// What it pays with: a name of it, never its number.
    pub payment_instrument: Option<String>,
    /// Who owns it in the end.
    pub beneficial_owner: Option<String>,
    /// Whether there is a contract with it.
    pub is_by_contract: bool,
    /// Its segment; the declared one if none is given.
    pub segment: Option<Segment>,
}

impl LockedPart<'_> {
    /// Verifies the organization and its segment. A verification of before is ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(&self, new: NewVerification) -> Result<Changed, StoreError> {
        let declared = self.standing.segment.as_ref();
        let Some(segment) = new.segment.or(declared.map(|declared| declared.segment)) else {
            return Ok(Err(Refusal::NoSegment));
        };
        self.end_verification().await?;
        let before = self.standing.verification.as_ref().map(found);
        let row = self.row(new);
        let after = found(&row.clone().into());
        self.tx.insert(row).await?;
        self.verify_segment(segment).await?;
        Ok(Ok(json!({
            "verification": { "before": before, "after": after },
            "segment": { "before": self.segment_before(), "after": described(segment, true) },
        })))
    }

    /// Takes the verification back. The segment stays as it is, and with it the limit on its changes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unverify(&self) -> Result<Changed, StoreError> {
        let Some(verification) = &self.standing.verification else { return Ok(Err(Refusal::NotVerified)) };
        self.end_verification().await?;
        Ok(Ok(json!({ "verification": { "before": found(verification), "after": null } })))
    }

    async fn end_verification(&self) -> Result<(), StoreError> {
        use organization_verification::{Column, Entity};
        let Some(live) = &self.standing.verification else { return Ok(()) };
        let ended_at = self.tx.now().max(live.verified_at);
        let update = self.tx.update::<Entity>()?.col_expr(Column::EndedAt, Expr::value(ended_at));
        update.filter(Column::Id.eq(live.id)).exec(self.tx.reader().connection()).await?;
        Ok(())
    }

    /// Marks the declared segment as verified, or puts another one in its place.
    async fn verify_segment(&self, segment: Segment) -> Result<(), StoreError> {
        use organization_segment::{Column, Entity};
        let declared = self.standing.segment.as_ref().filter(|declared| declared.segment == segment);
        let Some(declared) = declared else { return self.put_segment(segment, true).await };
        if declared.verified_at.is_some() {
            return Ok(());
        }
        let update = self.tx.update::<Entity>()?.col_expr(Column::VerifiedAt, Expr::value(self.tx.now()));
        update.filter(Column::Id.eq(declared.id)).exec(self.tx.reader().connection()).await?;
        Ok(())
    }

    fn row(&self, new: NewVerification) -> organization_verification::Model {
        organization_verification::Model {
            org_id: self.tx.reader().organization().0,
            id: self.tx.next_id(),
            legal_entity: new.legal_entity,
            legal_group: new.legal_group,
            registrant_domain: new.registrant_domain,
            payment_instrument: new.payment_instrument,
            beneficial_owner: new.beneficial_owner,
            is_by_contract: new.is_by_contract,
            verified_at: self.tx.now(),
            ended_at: None,
        }
    }
}

/// A verification for the audit log.
fn found(verification: &Verification) -> Value {
    json!({
        "legalEntity": verification.legal_entity, "legalGroup": verification.legal_group,
        "registrantDomain": verification.registrant_domain, "paymentInstrument": verification.payment_instrument,
        "beneficialOwner": verification.beneficial_owner, "isByContract": verification.is_by_contract,
    })
}
