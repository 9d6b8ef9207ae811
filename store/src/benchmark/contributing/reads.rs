//! Reading an organization's part in the benchmark.

use entity::{benchmark_participation, benchmark_receipt, organization_segment, organization_verification};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::{DeclaredSegment, Receipt, Standing, Verification};
use crate::{
    access::Access,
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

/// How many times of taking part are read; nobody who joins and leaves all day makes a long answer.
const HISTORY_MAXIMUM: u64 = 100;

/// An organization's part in the benchmark.
pub struct BenchmarkPart<'a, A: Access>(pub(super) &'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// The organization's part in the benchmark.
    pub fn benchmark_part(&self) -> BenchmarkPart<'_, A> {
        BenchmarkPart(self)
    }
}

impl<A: Access> BenchmarkPart<'_, A> {
    /// Where the organization stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing(&self) -> Result<Standing, StoreError> {
        let history = self.0.select::<benchmark_participation::Entity>();
        let history = history
            .order_by_desc(benchmark_participation::Column::JoinedAt)
            .order_by_desc(benchmark_participation::Column::Id)
            .limit(HISTORY_MAXIMUM);
        Ok(Standing {
            history: history.all(self.0.connection()).await?.into_iter().map(Into::into).collect(),
            segment: self.segment().await?,
            verification: self.verification().await?,
        })
    }

    /// The segment in force.
    pub(super) async fn segment(&self) -> Result<Option<DeclaredSegment>, StoreError> {
        let live = self.0.select::<organization_segment::Entity>();
        let live = live.filter(organization_segment::Column::EndedAt.is_null());
        live.one(self.0.connection()).await?.map(TryInto::try_into).transpose()
    }

    /// The verification in force.
    pub(super) async fn verification(&self) -> Result<Option<Verification>, StoreError> {
        let live = self.0.select::<organization_verification::Entity>();
        let live = live.filter(organization_verification::Column::EndedAt.is_null());
        Ok(live.one(self.0.connection()).await?.map(Into::into))
    }

    /// A page of what was sent, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn receipts(&self, request: &PageRequest) -> Result<Page<Receipt>, StoreError> {
        use benchmark_receipt::{Column, Entity};
        let (key, id): (SimpleExpr, SimpleExpr) = (Expr::col(Column::SentAt), Expr::col(Column::Id));
        let query = paged(self.0.select::<Entity>(), &key, &id, Direction::Descending, request);
        let mut rows = Vec::new();
        for row in query.all(self.0.connection()).await? {
            self.0.note::<Entity>([row.id]);
            let position = Position { value: CursorValue::Instant(row.sent_at), id: RowId::Uuid(row.id) };
            rows.push((position, row.try_into()?));
        }
        Ok(Page::from_rows(rows, request))
    }

    /// The receipt with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn receipt(&self, id: Uuid) -> Result<Option<Receipt>, StoreError> {
        use benchmark_receipt::{Column, Entity};
        let row = self.0.select::<Entity>().filter(Column::Id.eq(id)).one(self.0.connection()).await?;
        self.0.note::<Entity>(row.iter().map(|row| row.id));
        row.map(TryInto::try_into).transpose()
    }
}
