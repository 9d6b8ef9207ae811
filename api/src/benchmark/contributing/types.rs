//! An organization's part in the benchmark as the schema has it.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::ids::UserId;
use store::{
    access::{Area, Level},
    benchmark::contributing::{DeclaredSegment as SegmentRecord, NextContribution, Participation, Standing},
};

use super::{
    preview::{BenchmarkObstacle, BenchmarkPreview, obstacles},
    receipts::{BenchmarkReceiptConnection, receipts},
};
use crate::{
    benchmark::segments::{Industry, Region, SizeBand},
    graphql::{error::ApiError, page::PageArguments, tenant::Tenant},
    organizations::Member,
};

#[derive(Clone)]
pub(crate) struct BenchmarkParticipation {
    tenant: Tenant,
    standing: Arc<Standing>,
}

/// What an organization says of its industry, size and region
#[derive(SimpleObject)]
pub(crate) struct DeclaredSegment {
    /// What it does
    industry: Industry,
    /// How many people work for it
    size_band: SizeBand,
    /// Where most of them work
    region: Region,
    /// When it was declared
    declared_at: DateTime<Utc>,
    /// Whether the operator has verified it
    is_verified: bool,
    /// From when on another one can be declared: 365 days, which are four releases, after a declaration that was verified.
    /// Null as long as it is not verified: then it can be corrected at any time
    can_change_at: Option<DateTime<Utc>>,
}

impl From<&SegmentRecord> for DeclaredSegment {
    fn from(record: &SegmentRecord) -> Self {
        Self {
            industry: record.segment.industry.into(),
            size_band: record.segment.size_band.into(),
            region: record.segment.region.into(),
            declared_at: record.declared_at,
            is_verified: record.verified_at.is_some(),
            can_change_at: record.can_change_at(),
        }
    }
}

/// The operator's word on who is behind an organization
#[derive(SimpleObject)]
pub(crate) struct OrganizationVerification {
    /// Whether the operator has verified the organization. Its people see benchmarks of industries, sizes and regions only
    /// then
    is_verified: bool,
    /// When; null as long as it is not verified
    verified_at: Option<DateTime<Utc>>,
}

pub(crate) struct BenchmarkParticipationPeriod {
    tenant: Tenant,
    participation: Participation,
}

/// A time in which an organization contributes to the benchmark, or did
#[Object]
impl BenchmarkParticipationPeriod {
    /// When an admin joined
    async fn joined_at(&self) -> DateTime<Utc> {
        self.participation.joined_at
    }

    /// Who joined; null once that user is no member any more
    async fn joined_by(&self) -> Option<Result<Member, ApiError>> {
        member(&self.tenant, Some(self.participation.joined_by)).await
    }

    /// When an admin left; null as long as the organization takes part
    async fn left_at(&self) -> Option<DateTime<Utc>> {
        self.participation.left_at
    }

    /// Who left; null as long as the organization takes part, and once that user is no member any more
    async fn left_by(&self) -> Option<Result<Member, ApiError>> {
        member(&self.tenant, self.participation.left_by).await
    }
}

impl BenchmarkParticipation {
    pub(super) async fn of(tenant: Tenant) -> Result<Self, ApiError> {
        let standing = tenant.benchmark_standing().await?;
        Ok(Self { tenant, standing })
    }

    fn current(&self) -> Option<&Participation> {
        self.standing.current()
    }

    async fn next(&self) -> Result<Option<Arc<NextContribution>>, ApiError> {
        reads_contributions(&self.tenant)?;
        self.tenant.next_contribution().await
    }
}

/// An organization's part in the benchmark: whether it contributes, as what kind of organization, and with what
#[Object]
impl BenchmarkParticipation {
    /// Whether the organization takes part: then each release gets its contribution, if nothing stands against it
    async fn is_participating(&self) -> bool {
        self.current().is_some()
    }

    /// When it joined; null if it does not take part
    async fn joined_at(&self) -> Option<DateTime<Utc>> {
        self.current().map(|current| current.joined_at)
    }

    /// Who joined; null if it does not take part, and once that user is no member any more
    async fn joined_by(&self) -> Option<Result<Member, ApiError>> {
        member(&self.tenant, self.current().map(|current| current.joined_by)).await
    }

    /// The last 100 times in which it took part, the latest first
    async fn history(&self) -> Vec<BenchmarkParticipationPeriod> {
        let period = |participation: &Participation| BenchmarkParticipationPeriod {
            tenant: self.tenant.clone(),
            participation: participation.clone(),
        };
        self.standing.history.iter().map(period).collect()
    }

    /// Its industry, size and region; null as long as none is declared
    async fn segment(&self) -> Option<DeclaredSegment> {
        self.standing.segment.as_ref().map(Into::into)
    }

    /// The operator's word on who is behind it
    async fn verification(&self) -> OrganizationVerification {
        let verified_at = self.standing.verification.as_ref().map(|verification| verification.verified_at);
        OrganizationVerification { is_verified: verified_at.is_some(), verified_at }
    }

    /// Everything that stands against a contribution to the next release; empty if there will be one. It takes the right to
    /// read roles
    async fn obstacles(&self) -> Option<Result<Vec<BenchmarkObstacle>, ApiError>> {
        let made_at = self.tenant.scope().entry().organization_created_at;
        self.next().await.map(|next| next.map(|next| obstacles(&next, made_at))).transpose()
    }

    /// What the next release would get, whether the organization takes part or not. It takes the right to read roles. Null
    /// if the server's clock is wrong
    async fn preview(&self) -> Option<Result<BenchmarkPreview, ApiError>> {
        let next = self.next().await;
        next.map(|next| next.map(|next| BenchmarkPreview { tenant: self.tenant.clone(), next })).transpose()
    }

    /// What was sent to former releases, the latest first. It takes the right to read roles
    async fn receipts(
        &self,
        #[graphql(desc = "How many entries from the start, 0 to 100; 25 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Entries after this cursor only")] after: Option<String>,
        #[graphql(desc = "How many entries from the end, 0 to 100")] last: Option<i32>,
        #[graphql(desc = "Entries before this cursor only")] before: Option<String>,
    ) -> Option<Result<BenchmarkReceiptConnection, ApiError>> {
        Some(receipts(&self.tenant, &PageArguments { first, after, last, before }).await)
    }

    /// Whether the caller may join, leave and declare the segment: an admin of the organization may
    async fn viewer_can_manage(&self) -> bool {
        self.tenant.scope().rights().level(Area::Benchmark) == Some(Level::Admin)
    }
}

/// The organization's part in the benchmark; `None` for a grant that is limited to families of roles.
pub(crate) async fn benchmark_participation(tenant: &Tenant) -> Result<Option<BenchmarkParticipation>, ApiError> {
    if tenant.scope().rights().families().is_some() {
        return Ok(None);
    }
    tenant.require(Area::Benchmark)?;
    BenchmarkParticipation::of(tenant.clone()).await.map(Some)
}

/// What is sent tells about roles: whoever may not read both does not read it.
pub(super) fn reads_contributions(tenant: &Tenant) -> Result<(), ApiError> {
    tenant.require(Area::Benchmark)?;
    if tenant.scope().rights().families().is_some() {
        return Err(ApiError::out_of_reach(Area::Benchmark));
    }
    tenant.require(Area::Roles)
}

async fn member(tenant: &Tenant, user: Option<UserId>) -> Option<Result<Member, ApiError>> {
    let member = tenant.member_of_user(user?).await.transpose()?;
    Some(member.map(|member| Member::new(tenant.clone(), member)))
}
