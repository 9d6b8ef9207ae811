//! Keys that make a reference from one organization to another impossible, on SQLite too, which has the same
//! tables. PostgreSQL's catalogue is the easier one to read.

use rolemark_tests::{Result, TestServer};

use super::catalogue::{assert_none, names};

/// Reviewed by a person when it changes; one name a line.
const WITHOUT_ORGANIZATION: &str = include_str!("../expected/tables_without_org_id.txt");

const PLATFORM_TABLES: &str = "
    SELECT c.relname::text FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped)
    ORDER BY c.relname COLLATE \"C\"";

/// Primary keys, unique constraints and unique indexes of tenant tables that do not start with `org_id`: a
/// conflict would tell one organization about another's rows.
const UNIQUE_ACROSS: &str = "
    SELECT format('%s: %s', c.relname, i.indexrelid::regclass)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'org_id' AND NOT o.attisdropped
    WHERE i.indisunique AND i.indkey[0] <> o.attnum AND c.relnamespace = 'public'::regnamespace
    ORDER BY 1";

const WITHOUT_PRIMARY_KEY: &str = "
    SELECT c.relname::text FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
    ORDER BY 1";

/// Foreign keys between tenant tables that do not carry `org_id` to `org_id`, and those that would null it.
const CROSSING: &str = "
    SELECT format('%s: %s', k.conrelid::regclass, k.conname) FROM pg_constraint k
    JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attname = 'org_id' AND NOT f.attisdropped
    JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attname = 'org_id' AND NOT t.attisdropped
    WHERE k.contype = 'f' AND (k.confdeltype IN ('n', 'd') OR NOT EXISTS (
      SELECT FROM unnest(k.conkey, k.confkey) pair (mine, theirs)
      WHERE pair.mine = f.attnum AND pair.theirs = t.attnum))
    ORDER BY 1";

pub async fn tables_without_an_organization_are_reviewed(t: &TestServer) -> Result<()> {
    let reviewed: Vec<&str> = WITHOUT_ORGANIZATION.lines().filter(|line| !line.is_empty()).collect();
    let found = names(t, PLATFORM_TABLES).await?;
    assert_eq!(found, reviewed, "left: the tables without org_id, right: tests/it/expected/tables_without_org_id.txt");
    Ok(())
}

pub async fn keys_of_tenant_tables_start_with_the_organization(t: &TestServer) -> Result<()> {
    assert_none("tables without a primary key", &names(t, WITHOUT_PRIMARY_KEY).await?);
    assert_none("unique keys of tenant tables that do not start with org_id", &names(t, UNIQUE_ACROSS).await?);
    Ok(())
}

pub async fn references_stay_within_the_organization(t: &TestServer) -> Result<()> {
    assert_none("foreign keys that may leave the organization, or null it", &names(t, CROSSING).await?);
    Ok(())
}
