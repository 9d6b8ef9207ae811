//! Running a query as the serving role.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

use super::LibraryReader;
use crate::{database::Door, error::StoreError, tenant::retry_or_fail};

impl LibraryReader<'_> {
    pub(super) fn backend(&self) -> DbBackend {
        self.store.database().backend()
    }

    /// The rows of a query. A connection whose server went away since it was pooled is replaced.
    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<QueryResult>, StoreError> {
        let database = self.store.database();
        let mut attempts_left = database.retries();
        loop {
            let connection = database.reader(Door::App).await?;
            match connection.query_all_raw(statement.clone()).await {
                Ok(rows) => return Ok(rows),
                Err(error) => retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}
