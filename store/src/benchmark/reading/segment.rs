//! The peer group that an organization is compared with unless it says otherwise.

use domain::disclosure::PeerGroup;
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    StoreError,
    access::{Access, Area},
    tenant::TenantReader,
};

/// The verified segment of a verified organization.
const SEGMENT: &str = "
SELECT s.industry, s.size_band FROM organization_segment s
WHERE s.org_id = $1 AND s.ended_at IS NULL AND s.verified_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM organization_verification v WHERE v.org_id = s.org_id AND v.ended_at IS NULL)";

impl<A: Access> TenantReader<A> {
    /// The finest peer group of the organization: its industry and size if both it and its segment are verified, else all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_peer_group(&self) -> Result<PeerGroup, StoreError> {
        // A grant that is limited to families of roles does not learn what kind of organization it is.
        let rights = self.scope().rights();
        if rights.level(Area::Benchmark).is_none() || rights.families().is_some() {
            return Ok(PeerGroup::All);
        }
        let connection = self.connection();
        let backend = connection.get_database_backend();
        let query = Statement::from_sql_and_values(backend, SEGMENT, [self.organization().0.into()]);
        let Some(row) = connection.query_one_raw(query).await? else { return Ok(PeerGroup::All) };
        let text = |column| row.try_get::<String>("", column);
        let (Ok(industry), Ok(size)) = (text("industry")?.parse(), text("size_band")?.parse()) else {
            return Err(StoreError::internal("unknown segment"));
        };
        Ok(PeerGroup::IndustrySize(industry, size))
    }
}
