//! A synthetic world of organizations over eight quarters, for the demo and for tests.
//!
//! Its organizations run roles of the library, drift towards AI, come and go, belong to holdings, and let consultants in.
//! All of it follows from a seed. It is written in bulk, as the one who made the SQLite file: no request made it, so each
//! organization's audit log begins with an entry that says what it is.

mod draw;
mod industries;
mod partners;
mod plan;
mod roles;
mod rows;
mod spec;
#[cfg(test)]
mod tests;
mod words;

use std::{collections::BTreeSet, path::PathBuf};

use chrono::{DateTime, Utc};
use domain::{ids::OrganizationId, library::CanonicalRole};
use entity::user_account;
use sea_orm::{DatabaseConnection, QueryResult, TransactionTrait};
use uuid::Uuid;

pub use spec::{QUARTERS, WorldSpec, midnight};

use crate::{
    DatabaseUrl, StoreError,
    benchmark::builder::{execute, rows as query},
    database::owner_connection,
    library::Progress,
};
use partners::{Partners, partners};
use plan::{Person, Planned, plan};
use rows::{Rows, Source, insert_missing};

/// The action of the entry with which the audit log of a synthetic organization begins.
const CREATED: &str = "synthetic.created";

/// Organizations of one transaction.
const BATCH: usize = 20;

/// How a world is made.
pub struct WorldOptions<'a> {
    /// The SQLite file, brought to this program's schema.
    pub database_url: &'a DatabaseUrl,
    /// Which world.
    pub spec: WorldSpec,
    /// E-mail of a user whose password all people of the world get.
    pub password_of: &'a str,
    /// How the audit log names an organization.
    pub audit_name: fn(OrganizationId) -> String,
    /// The instant now.
    pub now: DateTime<Utc>,
}

/// A world that is there.
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// What it was made from: not what was asked for, if another world was found.
    pub spec: WorldSpec,
    /// How many of its organizations were written now.
    pub added: usize,
}

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The database is PostgreSQL.
    #[error(
        "a synthetic world is written to SQLite only: on PostgreSQL row-level security binds the owner of the tables too"
    )]
    Postgres,
    /// The file could not be opened.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: sqlx::Error,
    },
    /// The database lacks what the world refers to.
    #[error("{0}")]
    Missing(&'static str),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for WorldError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Makes a world, or completes it, or finds it. A world of another seed or size that was found is left as it is.
///
/// # Errors
/// See [`WorldError`]. What was written before an error stays, and the next time goes on from there.
pub async fn prepare_world(options: WorldOptions<'_>, progress: &dyn Progress) -> Result<World, WorldError> {
    let connection = open(options.database_url).await?;
    let world = write(&connection, &options, progress).await;
    connection.close().await?;
    world
}

/// Makes known who has left by the end of a quarter of the world, counted from 0. Until then nobody has: a release is
/// built without those that have left when it is built.
///
/// # Errors
/// See [`WorldError`].
pub async fn enter_quarter(database_url: &DatabaseUrl, spec: &WorldSpec, quarter: usize) -> Result<usize, WorldError> {
    const LEAVE: &str = "
UPDATE benchmark_participation SET left_at = $1, left_by = $2 WHERE org_id = $3 AND left_at IS NULL";
    let connection = open(database_url).await?;
    let transaction = connection.begin().await?;
    let mut left = 0;
    for organization in plan(spec) {
        let Some((_, at)) = organization.leaves.filter(|(when, _)| *when <= quarter) else { continue };
        let values = [at.into(), organization.admin.id.into(), organization.id.into()];
        left += execute(&transaction, LEAVE, values).await?;
    }
    transaction.commit().await?;
    connection.close().await?;
    Ok(usize::try_from(left).unwrap_or(usize::MAX))
}

async fn open(url: &DatabaseUrl) -> Result<DatabaseConnection, WorldError> {
    let DatabaseUrl::Sqlite(path) = url else { return Err(WorldError::Postgres) };
    owner_connection(url, false).await.map_err(|error| WorldError::File { path: path.clone(), error })
}

async fn write(
    connection: &DatabaseConnection,
    options: &WorldOptions<'_>,
    progress: &dyn Progress,
) -> Result<World, WorldError> {
    let found = found(connection).await?;
    let spec = match &found {
        Found { organizations, .. } if organizations.is_empty() => options.spec,
        Found { spec: Some(spec), .. } => *spec,
        // Retention has taken the details away: nothing is known about the world but that it is there.
        Found { spec: None, .. } => return Ok(World { spec: options.spec, added: 0 }),
    };
    let organizations = plan(&spec);
    let missing = organizations.iter().filter(|planned| !found.organizations.contains(&planned.id));
    let missing: Vec<&Planned> = missing.collect();
    if missing.is_empty() {
        return Ok(World { spec, added: 0 });
    }
    let library = library(connection).await?;
    let source = Source { spec, library: &library, audit_name: options.audit_name, now: options.now };
    let Partners { people, mut access, .. } = partners(&spec, &organizations);
    let admins = organizations.iter().map(|planned| planned.admin.clone());
    add_people(connection, options.password_of, people.into_iter().chain(admins)).await?;
    progress.start("Synthetic organizations", Some(missing.len() as u64));
    for some in missing.chunks(BATCH) {
        let mut rows = Rows::default();
        for planned in some {
            rows.add(&source, planned, access.remove(&planned.number))?;
        }
        let transaction = connection.begin().await?;
        rows.insert(&transaction).await?;
        transaction.commit().await?;
        progress.advance(some.len() as u64);
    }
    progress.finish();
    Ok(World { spec, added: missing.len() })
}

/// What is there of a world.
struct Found {
    organizations: BTreeSet<Uuid>,
    spec: Option<WorldSpec>,
}

async fn found(connection: &DatabaseConnection) -> Result<Found, WorldError> {
    const ORGANIZATIONS: &str = "
SELECT e.org_id, p.payload FROM audit_event e
LEFT JOIN audit_payload p ON p.org_id = e.org_id AND p.event_id = e.id WHERE e.action = $1";
    let mut found = Found { organizations: BTreeSet::new(), spec: None };
    for row in query(connection, ORGANIZATIONS, [CREATED.into()]).await? {
        found.organizations.insert(row.try_get("", "org_id")?);
        if found.spec.is_none() {
            found.spec = spec_of(&row)?;
        }
    }
    Ok(found)
}

fn spec_of(row: &QueryResult) -> Result<Option<WorldSpec>, sea_orm::DbErr> {
    let payload: Option<String> = row.try_get("", "payload")?;
    let payload = payload.and_then(|payload| serde_json::from_str::<serde_json::Value>(&payload).ok());
    Ok(payload.and_then(|payload| serde_json::from_value(payload.get("world")?.clone()).ok()))
}

/// The roles of the shipped edition, in the order of their keys.
async fn library(connection: &DatabaseConnection) -> Result<Vec<CanonicalRole>, WorldError> {
    const ROLES: &str = "
SELECT r.definition FROM canonical_role r JOIN library_edition e ON e.key = r.edition_key
WHERE e.is_current AND e.source = 'rolemark' ORDER BY r.key";
    let mut roles = Vec::new();
    for row in query(connection, ROLES, []).await? {
        let role: CanonicalRole =
            serde_json::from_str(&row.try_get::<String>("", "definition")?).map_err(StoreError::from)?;
        roles.push(role);
    }
    if roles.is_empty() {
        Err(WorldError::Missing("the shipped edition of the library is not loaded"))
    } else {
        Ok(roles)
    }
}

/// Adds the accounts that are not there.
async fn add_people(
    connection: &DatabaseConnection,
    password_of: &str,
    people: impl Iterator<Item = Person>,
) -> Result<(), WorldError> {
    const HASH: &str = "SELECT password_hash FROM user_account WHERE email = $1";
    let found = query(connection, HASH, [password_of.into()]).await?;
    let hash = found.first().map(|row| row.try_get::<String>("", "password_hash")).transpose()?;
    let hash = hash.ok_or(WorldError::Missing("there is no user whose password the world's people could have"))?;
    let account = |person: Person| user_account::Model {
        id: person.id,
        email: person.email,
        name: person.name,
        password_hash: hash.clone(),
        created_at: person.since,
    };
    let transaction = connection.begin().await?;
    insert_missing(&transaction, people.map(account).collect()).await?;
    transaction.commit().await?;
    Ok(())
}
