//! One run for each number of organizations.

use std::time::{Duration, Instant};

use rolemark_tests::{Backend, Result};

use super::builder::{Ran, run};
use super::generate;
use super::options::Options;
use super::site::Site;

/// Two quarters that are long over.
const FIRST: &str = "2025-Q4";
const SECOND: &str = "2026-Q1";
const LOOK_UPS: u32 = 2_000;
const BUDGET: Duration = Duration::from_secs(600);

/// All runs, with a line for each step.
pub(crate) async fn all(options: &Options) -> Result<()> {
    println!("| database | organizations | step | seconds | contributions a second | peak memory of the builder, MB |");
    println!("|---|---|---|---|---|---|");
    if options.sqlite > 0 {
        one(options, Backend::Sqlite, options.sqlite).await?;
    }
    for organizations in &options.organizations {
        one(options, Backend::Postgres, *organizations).await?;
    }
    Ok(())
}

struct Table {
    backend: Backend,
    organizations: u32,
    rows: u64,
}

impl Table {
    fn line(&self, step: &str, ran: &Ran) {
        self.timed(step, ran.time, &format!("{:.0}", ran.memory as f64 / 1e6));
        for line in ran.said.lines().filter(|line| line.starts_with("Time: ")) {
            eprintln!("  {} {} {step}: {line}", self.backend, self.organizations);
        }
    }

    fn timed(&self, step: &str, time: Duration, memory: &str) {
        let (backend, organizations, seconds) = (self.backend, self.organizations, time.as_secs_f64());
        let rate = self.rows as f64 / seconds.max(1e-9);
        println!("| {backend} | {organizations} | {step} | {seconds:.2} | {rate:.0} | {memory} |");
    }
}

async fn one(options: &Options, backend: Backend, organizations: u32) -> Result<()> {
    let site = Site::open(backend).await?;
    let rows = u64::from(organizations) * u64::from(options.roles);
    let table = Table { backend, organizations, rows };
    run(&site, &["build", FIRST])?;
    let begun = Instant::now();
    generate::contributions(&site, options, organizations, 1).await?;
    table.timed("(making contributions)", begun.elapsed(), "-");

    let first = run(&site, &["build", FIRST])?;
    table.line("build", &first);
    let audit = run(&site, &["audit", FIRST])?;
    table.line("audit", &audit);
    let whole = first.time + audit.time;
    if whole > BUDGET {
        eprintln!("  {backend} {organizations}: build and audit took {whole:?}, more than {BUDGET:?}");
    }
    publish(&site, FIRST, &table)?;
    look_up(&site, &table).await?;

    run(&site, &["build", SECOND])?;
    generate::next_release(&site, options, 2).await?;
    table.line("build, with a release before it", &run(&site, &["build", SECOND])?);
    let changed = generate::one_percent(&site, 2).await?;
    let again = run(&site, &["build", SECOND])?;
    Table { rows: changed, ..table }.line("build again after 1 % changed", &again);
    table.line("audit, with a release before it", &run(&site, &["audit", SECOND])?);
    Ok(())
}

fn publish(site: &Site, release: &str, table: &Table) -> Result<()> {
    for name in ["Ada", "Ben"] {
        let file = format!("{name}.pem");
        run(site, &["approver", "add", name, "--key", &file])?;
        run(site, &["approve", release, "--approver", name, "--key", &file])?;
    }
    table.line("publish", &run(site, &["publish", release])?);
    Ok(())
}

/// Reads published cells by their key.
async fn look_up(site: &Site, table: &Table) -> Result<()> {
    let mut direct = site.serving().await?;
    let begun = Instant::now();
    for number in 0..LOOK_UPS {
        let role = 1 + number % 3;
        let sql = format!(
            "SELECT v.figures FROM benchmark_cell c JOIN benchmark_version v ON v.id = c.version_id
             WHERE c.release_key = '{FIRST}' AND c.role_key = 'bench:role-{role}' AND c.peer_group = 'all'"
        );
        if direct.texts(&sql).await?.len() != 1 {
            return Err("a cell is missing".into());
        }
    }
    let each = begun.elapsed() / LOOK_UPS;
    let cells = direct.number("SELECT count(*) FROM benchmark_cell").await?;
    eprintln!("  {} {}: a cell of {cells} is looked up in {each:?}", table.backend, table.organizations);
    println!("| {} | {} | look-up of a cell | {:.6} | - | - |", table.backend, table.organizations, each.as_secs_f64());
    Ok(())
}
