//! What stays of organizations that have left: nothing but keyed hashes.

use crate::{
    StoreError,
    benchmark::builder::{Builder, BuilderError},
};

/// Values of control groups of which no organization takes part any more. A draft is brought up to date by its next build
/// instead, which needs the values to take them out of its sums.
const ERASE: &str = "
UPDATE contribution SET score = NULL, ratio = NULL, mix_human = NULL, mix_at_risk = NULL, mix_ai_assisted = NULL,
    mix_automated = NULL, tasks = NULL, skills = NULL
WHERE score IS NOT NULL AND release_number IN (SELECT number FROM draft_release WHERE state <> 'DRAFT')
AND (release_number, group_hash) NOT IN (
    SELECT t.release_number, t.group_hash FROM tenant_group t
    JOIN benchmark_participation p ON p.org_id = t.tenant_id WHERE p.left_at IS NULL)";

impl Builder {
    /// Erases the values that organizations gave which have left or were erased since. Of what they gave only the keyed
    /// hashes stay, which later releases are compared by. How many contributions lost their values.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erase_withdrawn(&self) -> Result<u64, BuilderError> {
        if self.is_postgres() {
            return Ok(self.execute(ERASE, []).await?);
        }
        // What is erased is overwritten, and does not stay in the log.
        self.rows("PRAGMA builder.secure_delete = ON", []).await?;
        let erased = self.execute(ERASE, []).await?;
        if erased > 0 {
            self.truncate_log().await?;
        }
        Ok(erased)
    }

    async fn truncate_log(&self) -> Result<(), StoreError> {
        let rows = self.rows("PRAGMA builder.wal_checkpoint(TRUNCATE)", []).await?;
        if rows.first().map(|row| row.try_get::<i64>("", "busy")).transpose()? != Some(0) {
            tracing::warn!("somebody reads the benchmark's file for long: erased values stay in its log until later");
        }
        Ok(())
    }
}
