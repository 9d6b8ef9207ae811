//! The synthetic world of the demo, and the releases of the benchmark that are made from it.

use std::{path::PathBuf, str::FromStr, sync::Arc};

use chrono::{DateTime, Duration, Utc};
use domain::disclosure::{Policy, Quarter, ReleaseState};
use store::{
    DatabaseUrl,
    benchmark::{
        build::BuildRequest,
        builder::{BenchmarkKey, Builder, BuilderOptions},
        world::{World, WorldError, WorldOptions, WorldSpec, enter_quarter, midnight, prepare_world},
    },
    clock::{Clock, SystemClock},
    operator::Operator,
};

use super::{DemoArguments, seed::ADA};
use crate::{
    Config,
    cli::progress::TerminalProgress,
    identity::audit_name,
    server::{builder_options, prepared_options},
};

/// Organizations of the world unless something else is said.
const ORGANIZATIONS: usize = 600;

type WorldResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A clock that stands still.
struct StoppedClock(DateTime<Utc>);

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// Which world is to be made; nothing if none is. It is asked before anything is made.
pub(super) fn wanted(config: &Config, arguments: &DemoArguments) -> WorldResult<Option<WorldSpec>> {
    let organizations = match (DatabaseUrl::from_str(&config.database())?, arguments.organizations) {
        (_, Some(0)) => return Ok(None),
        (DatabaseUrl::Sqlite(_), given) => given.unwrap_or(ORGANIZATIONS),
        (DatabaseUrl::Postgres(_), Some(_)) => return Err(WorldError::Postgres.into()),
        (DatabaseUrl::Postgres(_), None) => {
            println!("No synthetic world: it is made on SQLite only, and this is PostgreSQL.");
            return Ok(None);
        }
    };
    let spec = WorldSpec::ending_before(SystemClock.now(), arguments.seed, organizations);
    Ok(Some(spec.ok_or("the clock of this machine is wrong")?))
}

/// Makes the world and its releases, or what is missing of them.
pub(super) async fn prepare(config: &Config, spec: WorldSpec, releases: usize) -> WorldResult<World> {
    let database_url = DatabaseUrl::from_str(&config.database())?;
    let now = SystemClock.now();
    let options = WorldOptions { database_url: &database_url, spec, password_of: ADA, audit_name, now };
    let world = prepare_world(options, &TerminalProgress::default()).await?;
    let operator = Operator::open(prepared_options(config).await?).await?;
    let released = build_releases(config, &operator, &world, releases).await;
    operator.store().close();
    released?;
    Ok(world)
}

/// Builds the first so many releases of a world, as far as they are not published.
async fn build_releases(config: &Config, operator: &Operator, world: &World, releases: usize) -> WorldResult<()> {
    let database_url = DatabaseUrl::from_str(&config.database())?;
    for (place, quarter) in world.spec.quarters().into_iter().enumerate().take(releases) {
        if !is_published(config, quarter).await? {
            enter_quarter(&database_url, &world.spec, place).await?;
            release(config, operator, quarter).await?;
        }
    }
    Ok(())
}

async fn is_published(config: &Config, quarter: Quarter) -> WorldResult<bool> {
    let builder = Builder::open(builder_options(config)?).await?;
    let releases = builder.releases().await?;
    builder.close().await;
    let key = quarter.to_string();
    let is_done = |state| matches!(state, ReleaseState::Published | ReleaseState::Retracted);
    Ok(releases.iter().any(|record| record.release.key == key && is_done(record.state)))
}

/// Builds, audits, approves and publishes the release of a quarter, on the first day on which it may be published.
async fn release(config: &Config, operator: &Operator, quarter: Quarter) -> WorldResult<()> {
    let policy = Policy::default();
    let now = midnight(quarter.earliest_publication(&policy)) + Duration::hours(9);
    let options = BuilderOptions { clock: Arc::new(StoppedClock(now)), ..builder_options(config)? };
    let builder = Builder::open(options).await?;
    let published = publish(&builder, operator, config, (quarter, policy)).await;
    builder.close().await;
    published
}

async fn publish(
    builder: &Builder,
    operator: &Operator,
    config: &Config,
    (quarter, policy): (Quarter, Policy),
) -> WorldResult<()> {
    let (key, progress) = (quarter.to_string(), TerminalProgress::default());
    let known = builder.releases().await?.into_iter().find(|record| record.release.key == key);
    let audited = match known.filter(|record| record.state != ReleaseState::Draft) {
        Some(record) => record,
        None => {
            let code_revision = env!("CARGO_PKG_VERSION").to_owned();
            builder.build(BuildRequest { quarter, policy, is_synthetic: true, code_revision }, &progress).await?;
            builder.audit(&key, &progress).await?.record
        }
    };
    builder.send_receipts(operator, &audited.release, &progress).await?;
    for number in 1..=2 {
        let approver_key = BenchmarkKey::open(&approver_file(config, number))?;
        let name = format!("Demo approver {number}");
        if builder.approvers().await?.iter().all(|approver| approver.name != name) {
            builder.add_approver(&name, &approver_key).await?;
        }
        builder.approve(&key, &name, &approver_key).await?;
    }
    builder.publish(&key).await?;
    Ok(())
}

fn approver_file(config: &Config, number: usize) -> PathBuf {
    config.data_directory.join(format!("demo-approver-{number}.pem"))
}
