//! What the benchmark's builder keeps from one build to the next: differences between releases, and noise by cell.

use sea_orm_migration::prelude::*;

use crate::dialect::{is_postgres, run_plain, words};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The differences to earlier releases are kept, and brought up to date. Sums are stored otherwise: a draft is summed up
/// anew by its next build, and not audited before that. A cell's own draws become one row.
pub(crate) const KEPT: &str = "
UPDATE builder.draft_release SET step = 'CELLS', built_at = NULL WHERE state = 'DRAFT' AND step = 'DONE';
UPDATE builder.axis SET is_totalled = false;
DELETE FROM builder.atom_total;
DELETE FROM builder.contribution_change;
ALTER TABLE builder.contribution_change ADD COLUMN value_hash bigint NOT NULL DEFAULT 0;
CREATE TABLE builder.difference_total (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    earlier_release integer NOT NULL,
    groups {document} NOT NULL,
    PRIMARY KEY (release_number, role_number, earlier_release)
);
CREATE TABLE builder.cell_noise (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    peer_group smallint NOT NULL,
    digest text NOT NULL,
    draws {document} NOT NULL,
    PRIMARY KEY (release_number, role_number, peer_group, digest)
);
INSERT INTO builder.cell_noise (release_number, role_number, peer_group, digest, draws)
SELECT release_number, role_number, peer_group, digest, CAST({object_of}(statistic, draw) AS text)
FROM builder.own_noise GROUP BY release_number, role_number, peer_group, digest;
DROP TABLE builder.own_noise;
";

const RIGHTS: &str =
    "GRANT SELECT, INSERT, UPDATE, DELETE ON builder.difference_total, builder.cell_noise TO rolemark_release";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_postgres(manager) {
            // The builder changes its own file when it opens it.
            return Ok(());
        }
        run_plain(manager, &words(KEPT, true)).await?;
        run_plain(manager, RIGHTS).await
    }
}
