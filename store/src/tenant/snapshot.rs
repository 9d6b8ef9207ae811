//! Long reads: many statements that see an organization as it was at one moment.

use std::time::Duration;

use super::{TenantReader, retry_or_fail};
use crate::{
    Store,
    access::{Access, TenantScope},
    database::Door,
    error::StoreError,
};

/// A transaction that reads, and sees nothing of what happens meanwhile.
pub(crate) struct Snapshot<A: Access> {
    reader: TenantReader<A>,
    statement_timeout: Duration,
}

impl Store {
    /// Opens a snapshot. It holds a connection, so it is for work that nobody can slow down from outside.
    pub(crate) async fn snapshot<A: Access>(&self, scope: &TenantScope<A>) -> Result<Snapshot<A>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::App).await?;
            match connection.begin_snapshot(scope.organization().0).await {
                Ok(()) => {
                    let reader = TenantReader { scope: scope.clone(), connection };
                    return Ok(Snapshot { reader, statement_timeout: self.database().statement_timeout() });
                }
                Err(error) => retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

impl<A: Access> Snapshot<A> {
    /// For the next statement, which may take its full time.
    pub(crate) async fn reader(&self) -> Result<&TenantReader<A>, StoreError> {
        self.reader.connection.renew_deadline(self.statement_timeout).await?;
        Ok(&self.reader)
    }

    /// Hands the connection back.
    pub(crate) async fn end(self) -> Result<(), StoreError> {
        Ok(self.reader.connection.rollback().await?)
    }
}
